// The worker with a gate around each batch of statements that a request sends to the database, and before each place of a
// campaign that is taken: the test is asked, and the request waits for it.

import worker, { Counter as Places } from "../../../../worker/src/index.js";

export * from "../../../../worker/src/index.js";

/** @param {any} env @param {string} moment */
const asked = (env, moment) => env.GATE.fetch(`http://gate/${moment}`);

export class Counter extends Places {
  /** @param {Parameters<Places["reserve"]>[0]} place */
  async reserve(place) {
    await asked(this.env, "reserve");
    return super.reserve(place);
  }
}

/** @param {any} env */
function gated(env) {
  const ask = (/** @type {string} */ moment) => asked(env, moment);
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
