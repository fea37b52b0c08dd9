// The worker with a gate around each batch of statements that a request sends to the database: the test is asked before
// and after, and the request waits for it.

import worker from "../../../../worker/src/index.js";

export * from "../../../../worker/src/index.js";

/** @param {any} env */
function gated(env) {
  const ask = (/** @type {string} */ moment) => env.GATE.fetch(`http://gate/${moment}`);
  const statistics = {
    prepare: (/** @type {string} */ query) => env.STATISTICS.prepare(query),
    async batch(/** @type {unknown[]} */ statements) {
      await ask("before");
      const results = await env.STATISTICS.batch(statements);
      await ask("after");
      return results;
    },
  };
  return { ...env, STATISTICS: statistics };
}

export default {
  ...worker,
  fetch: (/** @type {any} */ request, /** @type {any} */ env, /** @type {any} */ execution) => worker.fetch(request, gated(env), execution),
};
