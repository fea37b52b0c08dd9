// Statistics follow the record within a moment; a check waits for what it expects, and a little longer for more.

const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * The participations counted, once they have settled.
 * @param {import("../operator.mjs").Operator} operator
 * @param {string} account @param {string} campaignId @param {number} expected
 * @returns {Promise<number>}
 */
export async function statisticsOnce(operator, account, campaignId, expected) {
  const count = async () => (await operator.statistics(account, campaignId)).participations;
  for (const end = Date.now() + 60_000; Date.now() < end && (await count()) < expected; ) await pause(100);
  await pause(600);
  return count();
}
