// The worker twice on the same objects and statistics, as a platform runs it: each has an isolate of its own, with its own
// copies of accounts.

import { setting } from "./whole.mjs";

export class SecondIsolate {
  /**
   * The options of a worker and of a second one beside it.
   * @param {import("miniflare").MiniflareOptions} options
   * @returns {import("miniflare").MiniflareOptions}
   */
  before(options) {
    const { whole, worker } = setting(options);
    const { durableObjects, queueConsumers: _one, routes: _routes, ...rest } = worker;
    const shared = Object.fromEntries(
      Object.entries(durableObjects).map(([name, object]) => [name, { .../** @type {object} */ (object), scriptName: worker.name }]),
    );
    return /** @type {any} */ ({ ...whole, workers: [worker, { ...rest, name: "second", durableObjects: shared }] });
  }
}
