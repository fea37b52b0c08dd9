// What the attacks share: a customer and a victim of it, and an attacker with a browser, an account and an identity
// provider of their own. Each attack is a file beside this one and says in its test what must not happen.

import { Browser } from "../../support/worker/browser.mjs";
import { secrets } from "../../support/worker/customer.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";
import { LoginWorld } from "../../support/worker/login_world.mjs";
import { Provider } from "../../support/worker/provider.mjs";

export const [CUSTOMER, ATTACKER, CAMPAIGN] = ["acme", "evil", "100001"];

export class AttackWorld extends LoginWorld {
  /** @param {Deployment} worker @param {Provider} provider of the customer @param {Provider} evil */
  constructor(worker, provider, evil) {
    super(worker, provider);
    this.evil = evil;
  }

  static async start() {
    const [worker, provider, evil] = await Promise.all([Deployment.start(), Provider.start(), Provider.start()]);
    return new AttackWorld(worker, provider, evil);
  }

  async stop() {
    this.evil.stop();
    await super.stop();
  }

  /** The customer's account, on the shared callback unless told otherwise, registered at its provider as such. @param {Record<string, unknown>} [oauth] */
  async customer(oauth = {}) {
    const settings = { redirectUri: "shared", ...oauth };
    const shared = `${this.worker.url}/oauth/callback`;
    this.provider.redirectUris = [settings.redirectUri === "shared" ? shared : `${shared}/${CUSTOMER}`];
    await this.account(CUSTOMER, settings);
  }

  /** A document of the attacker's account. @param {Record<string, unknown>} oauth @returns {ReturnType<LoginWorld["document"]> & { oauth: object }} */
  evilDocument(oauth) {
    return /** @type {any} */ (this.document(ATTACKER, { ...this.evil.settings(), ...oauth }));
  }

  /** Stores a document as an earlier release did: past every check of today. @param {any} document */
  async storedBefore(document) {
    await this.worker.account({ ...document, oauth: { ...document.oauth, ...this.evil.settings(), endpoints: undefined, discovery: undefined, redirectUri: "account" } }, secrets);
    const object = await this.worker.accountObject(document.account);
    const { document: normal } = await object.read();
    const stored = { ...normal, oauth: { ...normal.oauth, ...document.oauth } };
    await object.write(JSON.stringify(document), stored, { revoked: [], used: [] }, Date.now());
    // Copies of an isolate live for seconds: a new one sees it at once.
    await this.worker.deploy({});
  }

  /** A browser on a page, or on none. @param {string} [page] */
  browser(page = "") {
    const browser = new Browser(this.worker.url);
    browser.page = page;
    return browser;
  }

  /** The codes that the attacker's token endpoint was sent. */
  get stolenCodes() {
    return this.evil.exchanges.map((form) => form.get("code"));
  }

  /** Why somebody was refused, as the account reads it. @param {string} account @param {string} ref */
  async cause(account, ref) {
    return (await this.worker.read(`/v1/refusals/${ref}?account=${account}`)).body;
  }
}
