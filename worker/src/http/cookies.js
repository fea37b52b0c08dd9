// The cookies: the proof of a campaign frame, one per login under way, and a person's session at the console.

import { fromBase64url, random, sha256, toBase64url } from "../platform/bytes.js";
import { DIGEST } from "../platform/names.js";

const PROOF = "__Host-hs_proof";
const FLOW = "__Host-hs_flow_";
const CONSOLE = "__Host-hs_console_";
/** More logins at once than a person starts; older ones are taken away before headers grow too long. */
const FLOWS = 4;
const text = new TextEncoder();

/**
 * Every cookie of a request, in the order in which they came; names may repeat.
 * @param {Request} request
 * @returns {[string, string][]}
 */
export function cookies(request) {
  return (request.headers.get("cookie") ?? "").split(";").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? [] : [/** @type {[string, string]} */ ([trimmed(pair.slice(0, at)), trimmed(pair.slice(at + 1))])];
  });
}

/**
 * Without the spaces and tabs around it, and no other blanks: a browser takes a name that begins with one of those from a
 * sibling domain, past the rules of `__Host-`.
 * @param {string} text
 */
const trimmed = (text) => text.replace(/^[ \t]+|[ \t]+$/g, "");

/**
 * The proofs that came with a request: by cookie, or held by a script where the browser keeps no cookie.
 * @param {Request} request
 * @param {unknown} [scriptHeld]
 * @returns {string[]}
 */
export function proofs(request, scriptHeld) {
  const held = [
    ...cookies(request)
      .filter(([name]) => name === PROOF)
      .map(([, value]) => value),
  ];
  const header = request.headers.get("handstamp-proof");
  if (header) held.push(header);
  if (typeof scriptHeld === "string") held.push(scriptHeld);
  return held.filter((value) => DIGEST.test(value));
}

/** @param {string} proof */
export async function bindOf(proof) {
  return toBase64url(await sha256(proof));
}

export function newProof() {
  return toBase64url(random(32));
}

/**
 * Partitioned: without it browsers do not send a frame's cookie back (measured in Chromium 156).
 * @param {string} proof
 */
export function proofCookie(proof) {
  return `${PROOF}=${proof}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=86400`;
}

/** What we add to the value of a flow cookie, which is the core's: no part of it begins like this. */
const CAMPAIGN = /\.-([\w-]*)$/;

/**
 * Whether it is Lax or not is the core's to say: a login page that posts its answer is another site, and browsers send no Lax
 * cookie with such a form.
 * @param {{ name: string, value: string, maxAge: number, sameSite?: "None" | "Lax" }} cookie
 * @param {{ account: string, campaignId: string }} where the campaign, for the page of an answer whose state cannot be read
 */
export function flowCookie({ name, value, maxAge, sameSite = "Lax" }, { account, campaignId }) {
  const campaign = toBase64url(text.encode(`${account}/${campaignId}`));
  return `${name}=${value}.-${campaign}; Path=/; Secure; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAge}`;
}

/** @param {string} name */
export function dropCookie(name) {
  return `${name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;
}

/**
 * The flow cookies of a request, with the core's values.
 * @param {Request} request
 * @returns {[string, string][]}
 */
export function flows(request) {
  const own = cookies(request).filter(([name]) => name.startsWith(FLOW));
  return own.map(([name, value]) => [name, value.replace(CAMPAIGN, "")]);
}

/**
 * The campaigns that this browser signs in to, the newest first, as its own cookies say: good for a link and nothing more. A
 * browser has no more of them than we let it have.
 * @param {Request} request
 */
export function campaignsUnderWay(request) {
  const campaigns = cookies(request).flatMap(([name, value]) => (name.startsWith(FLOW) && CAMPAIGN.exec(value)?.[1]) || []);
  const names = campaigns.map((campaign) => new TextDecoder().decode(fromBase64url(campaign) ?? new Uint8Array()).split("/"));
  return names.reverse().slice(0, FLOWS).map(([account, campaignId]) => ({ account, campaignId }));
}

/**
 * Names of the flow cookies to take away before another is set: the oldest come first in a request.
 * @param {Request} request
 */
export function staleFlows(request) {
  const names = [...new Set(flows(request).map(([name]) => name))].filter((name) => /^[\w-]{1,64}$/.test(name));
  return names.slice(0, Math.max(0, names.length - (FLOWS - 1)));
}

/**
 * What a flow of the top-level campaign is bound to instead of a proof.
 * @param {string} value of a flow cookie
 */
export async function flowHash(value) {
  return toBase64url(await sha256(value));
}

/** @param {string} sid */
export function flowName(sid) {
  return FLOW + sid.slice(0, 8);
}

/** @param {Request} request @param {string} account */
export function sessionOf(request, account) {
  return cookies(request).find(([name, value]) => name === CONSOLE + account && DIGEST.test(value))?.[1];
}

/**
 * A session of the console; an empty one takes it away.
 * @param {string} account
 * @param {string} session
 * @param {number} maxAge seconds
 */
export function sessionCookie(account, session, maxAge) {
  return `${CONSOLE}${account}=${session}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${maxAge}`;
}
