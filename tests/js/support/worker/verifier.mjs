// A verifier on this machine that answers as Cloudflare Turnstile does: its `siteverify`, and the script of a widget, whose
// button makes an answer. An answer is good once, and again only under the same idempotency key.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

const WIDGET = `globalThis.turnstile = {
  shown: new Map(),
  render(node, options) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "I am a person";
    const id = String(this.shown.size);
    this.shown.set(id, button);
    button.onclick = async () => {
      button.disabled = true;
      options.callback(document.querySelector("meta[name=answer]")?.content ?? "answer-of-" + options.sitekey + "-" + crypto.randomUUID());
    };
    node.append(button);
    return id;
  },
  reset(id) { this.shown.get(id).disabled = false; },
};`;

export class Verifier {
  /** What was asked, with its parameters. @type {Record<string, string>[]} */
  asked = [];
  /** Another answer than the usual one. @type {{ status: number, body: string } | undefined} */
  instead;
  /** Whether the widget's script is there. */
  hasWidget = true;
  /** Answers that were used, and under which key. @type {Map<string, string>} */
  #used = new Map();

  /** @param {string} secret @param {string} siteKey */
  constructor(secret, siteKey) {
    this.secret = secret;
    this.siteKey = siteKey;
    this.server = createServer((request, response) => this.#answer(request, response));
    this.url = "";
  }

  /** @param {string} secret @param {string} siteKey */
  static async start(secret, siteKey) {
    const verifier = new Verifier(secret, siteKey);
    verifier.server.listen(0, "127.0.0.1");
    await once(verifier.server, "listening");
    verifier.url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (verifier.server.address()).port}`;
    return verifier;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** An answer as the widget gives one. */
  answer() {
    return `answer-of-${this.siteKey}-${randomUUID()}`;
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #answer(request, response) {
    if (request.method === "GET" && request.url === "/turnstile/v0/api.js?render=explicit" && this.hasWidget)
      return void response.writeHead(200, { "content-type": "text/javascript" }).end(WIDGET);
    if (request.method !== "POST" || request.url !== "/turnstile/v0/siteverify") return void response.writeHead(404).end();
    let text = "";
    for await (const chunk of request) text += chunk;
    const asked = Object.fromEntries(new URLSearchParams(text));
    this.asked.push(asked);
    const { status, body } = this.instead ?? { status: 200, body: JSON.stringify(this.#verdict(asked)) };
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  }

  /** @param {Record<string, string>} asked */
  #verdict({ secret, response, idempotency_key: key = "" }) {
    const refused = (/** @type {string} */ code) => ({ success: false, "error-codes": [code] });
    if (secret !== this.secret) return refused("invalid-input-secret");
    if (!response.startsWith(`answer-of-${this.siteKey}-`)) return refused("invalid-input-response");
    if (this.#used.has(response) && this.#used.get(response) !== key) return refused("timeout-or-duplicate");
    this.#used.set(response, key);
    return { success: true, "error-codes": [], hostname: "127.0.0.1", challenge_ts: new Date().toISOString() };
  }
}
