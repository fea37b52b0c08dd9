// A deployment whose requests wait at the database and at the counter of places, so that a test can do something in between.

import { modulesOf } from "../../../../worker/dev.js";

export class GatedDatabase {
  /** What is done before and after a batch, and before a place is taken. @type {Partial<Record<string, () => Promise<unknown>>>} */
  at = {};

  /**
   * The options of a worker with this gate.
   * @param {import("miniflare").MiniflareOptions} options
   * @returns {import("miniflare").MiniflareOptions}
   */
  before(options) {
    const gate = async (/** @type {{ url: string }} */ { url }) => {
      const moment = new URL(url).pathname.slice(1);
      const work = this.at[moment];
      // Once: what is done in between may come by the gate itself.
      delete this.at[moment];
      await work?.();
      return new Response(null, { status: 204 });
    };
    const modules = modulesOf(String(/** @type {any} */ (options).rootPath), "tests/js/support/entries/gated.js");
    return /** @type {any} */ ({ ...options, modules, serviceBindings: { GATE: gate } });
  }
}
