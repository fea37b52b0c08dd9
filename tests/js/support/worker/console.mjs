// A person at the console without a browser: their passkey, their session, and requests as the console's own page sends them.

import assert from "node:assert/strict";
import { Authenticator } from "./authenticator.mjs";
import { call } from "./deployment.mjs";

/** @import { Deployment } from "./deployment.mjs" */

export class ConsolePerson {
  authenticator = new Authenticator();
  cookie = "";

  /** @param {Deployment} worker @param {string} account */
  constructor(worker, account) {
    this.account = account;
    this.origin = worker.url.replace("127.0.0.1", "localhost");
  }

  /**
   * Invites somebody, who makes a passkey and is signed in.
   * @param {Deployment} worker @param {string} account @param {string} role
   */
  static async invited(worker, account, role, name = `A ${role}`) {
    const person = new ConsolePerson(worker, account);
    const { status, body, text } = await worker.post(`/v1/accounts/${account}/invitations`, { role, name }, await worker.bearer());
    assert.equal(status, 201, text);
    const enrolled = await person.enrol(new URL(body.link).hash.split("=")[1]);
    assert.equal(enrolled.status, 201, enrolled.text);
    return person;
  }

  /** Headers of the console's own page. @param {Record<string, string>} [changed] */
  headers(changed = {}) {
    return { origin: this.origin, "sec-fetch-site": "same-origin", ...(this.cookie && { cookie: this.cookie }), ...changed };
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] */
  async ask(method, path, body, headers = {}) {
    const init = { method, headers: { ...this.headers(), ...(body !== undefined && { "content-type": "application/json" }), ...headers }, ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }) };
    const answer = await call(this.origin + path, init);
    const set = answer.headers.getSetCookie()[0];
    if (set) this.cookie = set.split(";")[0];
    return answer;
  }

  /** @param {string} invitation */
  async enrol(invitation) {
    const opened = await this.ask("POST", "/v1/console/invitation", { account: this.account, invitation });
    assert.equal(opened.status, 200, opened.text);
    const credential = this.authenticator.create(opened.body.options, this.origin);
    return this.ask("POST", "/v1/console/passkeys", { account: this.account, invitation, credential });
  }

  async challenge() {
    return (await this.ask("POST", "/v1/console/challenge", { account: this.account })).body.options;
  }

  /** Uses the passkey: to sign in, or once more. */
  async usePasskey() {
    return this.ask("POST", "/v1/console/session", { account: this.account, credential: this.authenticator.get(await this.challenge(), this.origin) });
  }
}
