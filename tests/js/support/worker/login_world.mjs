// What tests of the login's way share: a worker, a login server, an account, and visitors who have answered a question.

import assert from "node:assert/strict";
import { Browser } from "./browser.mjs";
import { acme, secrets } from "./customer.mjs";
import { Deployment } from "./deployment.mjs";
import { oauth } from "./package.mjs";
import { Provider } from "./provider.mjs";

export const [account, campaignId] = ["acme", "100001"];
export const draft = { account, campaignId, step: "identityset", lang: "en", answers: { colour: "red" }, host: { path: "/play", scroll: 420 } };
/** Where a login of a visitor leads back to. */
export const HOME = "http://localhost:8788/play";

export class LoginWorld {
  /** @param {Deployment} worker @param {Provider} provider */
  constructor(worker, provider) {
    this.worker = worker;
    this.provider = provider;
  }

  static async start() {
    const [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
    const world = new LoginWorld(worker, provider);
    await world.account();
    return world;
  }

  /** Stores such an account. @param {string} [name] @param {Record<string, unknown>} [oauthSettings] */
  async account(name = account, oauthSettings = {}) {
    await this.worker.account(this.document(name, oauthSettings), secrets);
  }

  /**
   * An account with a campaign that signs people in, and another that does not. It has no keys for tokens, which no two
   * accounts may share, and no limit: one person signs in many times.
   * @param {string} name @param {Record<string, unknown>} oauthSettings
   */
  document(name, oauthSettings) {
    const { secureToken: _, ...document } = acme({ account: name, oauth: { ...this.provider.settings(), ...oauthSettings } });
    const { [campaignId]: first, 100002: second } = document.campaigns;
    return { ...document, account: name, campaigns: { [campaignId]: { ...first, signIn: ["oauth"], limit: {} }, 100002: { ...second, signIn: ["anonymous"] } } };
  }

  async stop() {
    this.provider.stop();
    await this.worker.stop();
  }

  /** A browser whose frame has kept a draft, and what it starts a login with. */
  async visitor() {
    const browser = new Browser(this.worker.url);
    const { bind } = (await browser.post("/v1/drafts", draft)).body;
    return { browser, parameters: { account, campaignId, bind, return: "0:/play", lang: "en" } };
  }

  /** The state with other members inside, sealed as ours. @param {string} state @param {(member: any, place: number) => unknown} change */
  resealed(state, change) {
    const { ring } = this.worker.secrets;
    return oauth.sealState(ring, oauth.openState(ring, state).map(change));
  }
}

/** Up to the login page and back to the address of the callback. @param {Browser} browser @param {Record<string, string>} parameters */
export async function signedIn(browser, parameters) {
  const { location, status, text } = await browser.go(`/oauth/start?${new URLSearchParams(parameters)}`);
  assert.equal(status, 302, text);
  return (await browser.go(location)).location;
}

/** From the address of the callback to the answer of redeem. @param {Browser} browser @param {string} address */
export async function comeBack(browser, address) {
  const { status, location, text } = await browser.go(address);
  assert.equal(status, 303, text);
  const [place, ticket] = location.split("#handstamp=");
  assert.equal(place, HOME, "whatever came of it, the way back is the same");
  return browser.post("/v1/oauth/redeem", { ticket });
}

/**
 * Comes to the address of the callback without the cookie of its sign-in: a page that leads on to where the sign-in began, and
 * nothing is changed. @param {Browser} browser @param {string} address @param {string} [home]
 */
export async function stray(browser, address, home = HOME) {
  const before = [...browser.cookies];
  const { status, headers, text } = await browser.go(address);
  assert.deepEqual([status, headers.get("location"), [...browser.cookies]], [403, null, before], text);
  assert.equal(wayOn(text), home);
  return text;
}

/** Where a page of a refusal leads on to. @param {string} html */
export const wayOn = (html) => /<a href="([^"]*)" target="_top" rel="noreferrer">/.exec(html)?.[1];

/** The flow cookies of a browser. @param {Browser} browser */
export const flows = (browser) => [...browser.cookies.keys()].filter((name) => name.startsWith("__Host-hs_flow_"));
