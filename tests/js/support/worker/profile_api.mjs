// A customer's profile API, and what came to it.

import { once } from "node:events";
import { createServer } from "node:http";

/** @typedef {{ status?: number, body?: unknown }} Answer */

/** @type {Answer} */
const GOOD = { body: { id: "77", mail: "an@example.org", given_name: "An" } };

export class ProfileApi {
  /** The Authorization header of each request. @type {(string | undefined)[]} */
  seen = [];
  /** @type {Answer} */
  answer = GOOD;
  server = createServer((request, response) => {
    const { status = 200, body = {} } = this.answer;
    this.seen.push(request.headers.authorization);
    response.writeHead(status, { "content-type": "application/json" }).end(typeof body === "string" ? body : JSON.stringify(body));
  });

  static async start() {
    const api = new ProfileApi();
    await once(api.server.listen(0, "127.0.0.1"), "listening");
    return api;
  }

  /** For an account document. */
  get settings() {
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.server.address());
    return { url: `http://127.0.0.1:${port}/me`, subject: "/id" };
  }

  /**
   * Answers otherwise while something is done.
   * @param {Answer} answer
   * @param {() => Promise<unknown>} work
   */
  async answering(answer, work) {
    this.answer = answer;
    try {
      await work();
    } finally {
      this.answer = GOOD;
    }
  }

  stop() {
    this.server.close();
  }
}
