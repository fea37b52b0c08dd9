// Key sets of a verifier, read through the object that holds each one. The isolate keeps the text for a few
// seconds in front of it.

import { readKept } from "./follow.js";

/** @import { Verifier } from "../platform/handstamp.js" */
/** @import { Context } from "../types.d.ts" */

const COPY_MS = 9000;
const COPIES = 200;

/** @typedef {{ at: number, text: string, fetchedAt: number }} Copy fetched at the customer's at that second */

/** @type {Map<string, Copy>} */
const copies = new Map();

/** The request for a key set (RFC 7517 section 8.5). @param {string} url */
export const keySetRequest = (url) => ({
  purpose: /** @type {const} */ ("keySet"),
  method: /** @type {const} */ ("GET"),
  url,
  headers: { accept: "application/jwk-set+json, application/json" },
  refresh: false,
});

/**
 * @param {Context} context
 * @param {string} account
 * @param {string} url
 * @param {"need" | "refresh" | "doubt"} event why: what is known may not be good enough
 * @returns {Promise<Copy | undefined>} nothing when it cannot be had
 */
async function readKeySet(context, account, url, event) {
  const copy = copies.get(url);
  if (copy && event === "need" && context.now - copy.at < COPY_MS) return copy;
  const { answer, fetchedAt } = await readKept(context.env, context.config, account, {
    ...keySetRequest(url),
    refresh: event === "refresh",
    doubt: event === "doubt",
  });
  if ("failed" in answer || answer.status !== 200) return undefined;
  copies.delete(url);
  const news = { at: context.now, text: answer.body, fetchedAt };
  copies.set(url, news);
  const oldest = copies.keys().next().value;
  if (copies.size > COPIES && oldest !== undefined) copies.delete(oldest);
  return news;
}

/** What each verifier has installed, so that the same set is not prepared twice. @type {WeakMap<Verifier, Map<number, string>>} */
const installed = new WeakMap();

/**
 * Puts the key sets in place that a verifier names by address. One that cannot be had is left out: the
 * verification then says so.
 * @param {Context} context
 * @param {string} account whose verifier it is
 * @param {Verifier} verifier
 * @param {"need" | "refresh" | "doubt"} event
 * @returns {Promise<boolean>} whether anything is new
 */
export async function installKeySets(context, account, verifier, event) {
  const known = installed.get(verifier) ?? new Map();
  installed.set(verifier, known);
  let news = false;
  for (const { index, url } of verifier.keySetUrls()) {
    const copy = await readKeySet(context, account, url, event);
    if (!copy) {
      // No copy may be used, so an earlier one vouches for no token either.
      if (known.delete(index)) verifier.forgetKeySet(index);
      continue;
    }
    const age = Math.max(0, Math.floor(context.now / 1000) - copy.fetchedAt);
    context.facts.jwksAge = Math.max(age, Number(context.facts.jwksAge ?? 0));
    if (known.get(index) === copy.text) continue;
    verifier.installKeySet(index, copy.text);
    known.set(index, copy.text);
    news = true;
  }
  return news;
}
