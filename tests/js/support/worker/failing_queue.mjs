// A queue that can be told to fail. The worker's binding OUTBOX leads to a worker in front of the real queue, which asks
// what to do with each batch: let it through, refuse it, take it and not say so, or lose it.

import { setting } from "./whole.mjs";

/** @typedef {"well" | "refuse" | "unanswered" | "lose"} Mode */

/** As what stands in front of the queue runs. */
const FRONT = `
import { WorkerEntrypoint } from "cloudflare:workers";
export class Front extends WorkerEntrypoint {
  async sendBatch(messages) {
    const mode = await (await this.env.MODE.fetch("http://mode/", { method: "POST", body: String(messages.length) })).text();
    if (mode === "refuse") throw new Error("the queue takes nothing");
    if (mode !== "lose") await this.env.QUEUE.sendBatch(messages);
    if (mode === "unanswered") throw new Error("the queue took it and did not say so");
  }
}
export default { fetch: () => new Response(null, { status: 404 }) };`;

export class FailingQueue {
  /** @type {Mode} */
  mode = "well";
  /** Messages that came while each was told. @type {Record<Mode, number>} */
  came = { well: 0, refuse: 0, unanswered: 0, lose: 0 };

  /**
   * The options of a worker with this in front of its queue.
   * @param {import("miniflare").MiniflareOptions} options
   * @returns {import("miniflare").MiniflareOptions}
   */
  before(options) {
    const { whole, worker: { queueProducers, ...worker } } = setting(options);
    const mode = async (/** @type {{ text(): Promise<string> }} */ request) => {
      const messages = Number(await request.text());
      this.came[this.mode] += messages;
      return new Response(this.mode);
    };
    const front = {
      name: "front",
      modules: [{ type: "ESModule", path: "front.mjs", contents: FRONT }],
      compatibilityDate: worker.compatibilityDate,
      queueProducers: { QUEUE: queueProducers.OUTBOX },
      serviceBindings: { MODE: mode },
    };
    return /** @type {any} */ ({ ...whole, workers: [{ ...worker, serviceBindings: { OUTBOX: { name: "front", entrypoint: "Front" } } }, front] });
  }
}
