// The campaign's calls to the service. Every answer is { status, body }; a request that got none has status 0.

/** @typedef {{ status: number, body: any }} Answer */

const TIMEOUT = 15_000;

/**
 * @param {string} path @param {RequestInit} [options]
 * @returns {Promise<Answer>}
 */
export async function ask(path, options) {
  try {
    const response = await fetch(path, { ...options, signal: AbortSignal.timeout(TIMEOUT) });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: { reason: "try_again" } };
  }
}

/**
 * Sent to its end even when the page is left at the same moment.
 * @param {string} path @param {unknown} body @param {Record<string, string>} [headers]
 */
export const post = (path, body, headers = {}) =>
  ask(path, { method: "POST", keepalive: true, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });

/** Whether asking again may help: no answer, or a service that is not able to answer now. @param {Answer} answer */
export const mayPass = ({ status }) => status === 0 || status === 429 || status >= 500;

/** Waits. @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Asks up to four times, so that a dead moment of a mobile network is not noticed. Only for calls that may be
 * repeated: those with an idempotency key, or that change nothing.
 * @param {() => Promise<Answer>} call
 */
export async function persist(call) {
  let answer = await call();
  for (const wait of [500, 1500, 3500]) {
    if (!mayPass(answer)) break;
    await pause(wait);
    answer = await call();
  }
  return answer;
}
