// Reports of refusals to the account they concern, under the ref that the participant sees.

import { OPERATORS } from "../accounts/access.js";
import { accountObject } from "../accounts/held.js";
import { fromBase64url } from "../platform/bytes.js";
import { logFault } from "../platform/log.js";
import { Refusal, asRefusal, entry } from "../http/problem.js";
import { newRef } from "../platform/refs.js";

/** @import { Cause, Context } from "../types.d.ts" */

/**
 * What a refusal is about, once that is known.
 * @typedef {object} About
 * @property {string} account of a document that exists
 * @property {string} campaignId
 * @property {"admit" | "start" | "callback" | "redeem" | "profile" | "submit" | "page"} stage
 * @property {string} [ref] that is told already
 * @property {string} [token] read for kid and alg only
 * @property {boolean} [preview] it can be looked up, and is not counted
 */

/**
 * Runs a stage and reports its refusal.
 * @template T
 * @param {Context} context
 * @param {About} about
 * @param {() => Promise<T>} stage
 * @returns {Promise<T>}
 */
export async function reporting(context, about, stage) {
  try {
    return await stage();
  } catch (fault) {
    const refusal = asRefusal(fault);
    if (refusal.answer.ref || !concernsAccount(refusal.code)) throw refusal;
    const ref = await report(context, about, { code: refusal.code, ...refusal.detail });
    throw new Refusal(refusal.code, refusal.detail, { ...refusal.answer, ref });
  }
}

/**
 * @param {Context} context
 * @param {About} about
 * @param {Cause} cause
 * @returns {Promise<string>} the ref
 */
export async function report(context, about, { code, ...detail }) {
  const { env, config, now } = context;
  const { account, campaignId, stage, preview = false } = about;
  const row = { ref: about.ref ?? newRef(), at: now, code, reason: entry(code).public, stage, preview };
  Object.assign(context.facts, { code, ref: row.ref });
  try {
    const object = await accountObject(env, config, account);
    const ref = await object.refuse({ ...row, campaignId, detail: { ...detail, ...signing(about.token) } });
    context.facts.ref = ref;
    if (account === OPERATORS) return ref;
    // The operators' own list says which account a ref belongs to, and nothing more. The answer does not wait.
    const operators = await accountObject(env, config, OPERATORS);
    const listed = operators.refuse({ ...row, ref, campaignId: account, detail: {} });
    context.waitUntil(Promise.resolve(listed).catch((fault) => logFault("report", fault, ref)));
    return ref;
  } catch (fault) {
    logFault("report", fault, row.ref);
    return row.ref;
  }
}

/** Faults of the call itself concern the caller, not the account. @param {string} code */
function concernsAccount(code) {
  return entry(code).fix !== "service" && code !== "form_invalid" && code !== "rate_limited";
}

/** What the headers said that came by last: signers write few of them. @type {Map<string, Record<string, string>>} */
const signings = new Map();
const SIGNINGS = 64;

/**
 * `kid` and `alg` of a token that may be anything at all.
 * @param {string | undefined} token
 * @returns {Record<string, string>}
 */
export function signing(token) {
  const header = String(token).split(".", 1)[0];
  const known = signings.get(header);
  if (known) return known;
  const read = readSigning(header);
  if (header.length <= 512) {
    if (signings.size >= SIGNINGS) signings.clear();
    signings.set(header, read);
  }
  return read;
}

/** @param {string} text the first part of a token @returns {Record<string, string>} */
function readSigning(text) {
  try {
    const header = JSON.parse(new TextDecoder().decode(fromBase64url(text.slice(0, 4096))));
    const fit = (/** @type {unknown} */ value) => typeof value === "string" && /^[\w.:/+=-]{1,64}$/.test(value);
    return { ...(fit(header?.kid) && { kid: header.kid }), ...(fit(header?.alg) && { alg: header.alg }) };
  } catch {
    return {};
  }
}
