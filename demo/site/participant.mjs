// A participant without a browser: plain HTTP and a cookie jar. The demo plays with it, and `dev --check` too.

import { randomUUID } from "node:crypto";
import { request as send } from "node:http";

/** @typedef {{ status: number, body: any }} Answer */
/** @typedef {{ method?: string, headers?: Record<string, string>, body?: string }} Sending */

/**
 * A plain request. Not `fetch`, which says "sec-fetch-mode: cors" of every request: this one may go to a page.
 * @param {string} address @param {Sending} sending
 * @returns {Promise<Response>}
 */
function exchange(address, { method = "GET", headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const outgoing = send(address, { method, headers, agent: false }, (incoming) => {
      /** @type {Buffer[]} */
      const chunks = [];
      incoming.on("data", (chunk) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const received = new Headers();
        for (let at = 0; at < incoming.rawHeaders.length; at += 2) received.append(incoming.rawHeaders[at], incoming.rawHeaders[at + 1]);
        resolve(new Response(chunks.length > 0 ? Buffer.concat(chunks) : null, { status: incoming.statusCode, headers: received }));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

export class Participant {
  #worker;
  /** @type {Map<string, Map<string, string>>} by origin */
  #cookies = new Map();

  /** @param {string} worker */
  constructor(worker) {
    this.#worker = worker;
  }

  /**
   * A request with the cookies of its origin; redirects are not followed.
   * @param {string} address @param {Sending} [sending]
   */
  async request(address, sending = {}) {
    const { origin } = new URL(address);
    const jar = this.#cookies.get(origin) ?? new Map();
    this.#cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await exchange(address, { ...sending, headers: { ...sending.headers, ...(cookie && { cookie }) } });
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(";");
      const at = pair.indexOf("=");
      const name = pair.slice(0, at);
      if (attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute) || /^\s*expires=thu, 01 jan 1970/i.test(attribute))) jar.delete(name);
      else jar.set(name, pair.slice(at + 1));
    }
    return response;
  }

  /** @param {string} path @param {unknown} body @param {Record<string, string>} [headers] @returns {Promise<Answer>} */
  async post(path, body, headers = {}) {
    const response = await this.request(this.#worker + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Opens the campaign frame, which gives the proof cookie. @param {string} account @param {string} campaignId */
  async open(account, campaignId) {
    const response = await this.request(`${this.#worker}/campaign/${account}/${campaignId}`);
    const page = await response.text();
    return { status: response.status, campaign: JSON.parse(/id="campaign">(.*?)<\/script>/s.exec(page)?.[1] ?? "null") };
  }

  /** @param {string} account @param {string} campaignId @param {string} token */
  admit(account, campaignId, token) {
    return this.post("/v1/token/admit", { account, campaignId, token });
  }

  /** @param {Record<string, unknown>} submission pass, form, optin, answers @param {string} [key] */
  submit(submission, key = randomUUID()) {
    return this.post("/v1/participations", submission, { "idempotency-key": key });
  }
}
