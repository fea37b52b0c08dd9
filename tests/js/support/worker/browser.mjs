// As much of a browser as a login needs: cookies by name, and navigations that stop where they are told to.

import { call } from "./deployment.mjs";

export class Browser {
  /** @type {Map<string, string>} */
  cookies = new Map();
  /** Where its sign-ins begin: a page of the customer's; "" says nothing of it. */
  page = "http://localhost:8788/play";

  /** @param {string} url of the worker */
  constructor(url) {
    this.url = url;
  }

  get cookieHeader() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** @param {Headers} headers */
  #keep(headers) {
    for (const cookie of headers.getSetCookie()) {
      const [pair, ...attributes] = cookie.split("; ");
      const at = pair.indexOf("=");
      if (attributes.includes("Max-Age=0")) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }

  /**
   * A navigation of the top window.
   * @param {string} path of the worker, or an address
   */
  async go(path) {
    const url = new URL(path, this.url);
    const own = url.origin === this.url;
    const begins = own && url.pathname === "/oauth/start" && this.page !== "";
    const headers = {
      accept: "text/html,application/xhtml+xml",
      "sec-fetch-dest": "document",
      ...(own && { cookie: this.cookieHeader }),
      ...(begins && { referer: this.page }),
    };
    const answer = await call(url, { headers });
    if (own) this.#keep(answer.headers);
    return { ...answer, location: answer.headers.get("location") ?? "" };
  }

  /**
   * A call of the campaign's own page.
   * @param {string} path
   * @param {unknown} body
   * @param {Record<string, string>} [headers]
   */
  async post(path, body, headers = {}) {
    const own = { "content-type": "application/json", cookie: this.cookieHeader, origin: this.url, "sec-fetch-site": "same-origin" };
    const answer = await call(this.url + path, { method: "POST", headers: { ...own, ...headers }, body: JSON.stringify(body) });
    this.#keep(answer.headers);
    return answer;
  }

  /**
   * From the campaign to the login page and back: the ticket, and where it came.
   * @param {Record<string, string>} parameters of the start
   */
  async login(parameters) {
    const start = await this.go(`/oauth/start?${new URLSearchParams(parameters)}`);
    if (start.status !== 302) throw new Error(`start: ${start.status} ${start.text}`);
    const provider = await this.go(start.location);
    const back = await this.go(provider.location);
    const [place, ticket = ""] = back.location.split("#handstamp=");
    return { start, callback: provider.location, back, place, ticket };
  }
}
