// What was refused, in the reader's language: a fault by its reason, a refusal by its code. Where there are no words for it, the
// service's own sentence, which is English and marked as such.

import { Refused } from "./api.js";
import { html } from "./html.js";
import { passkeyFault } from "./passkeys.js";
import { language, refusal, say, sayOr, sayWith } from "./words/speech.js";

/** @import { Fault } from "./api.js" */

/** Values of reasons that are written as numbers. */
const NUMBERS = ["least", "most", "ratio"];
/** Refusals of a call, which say more by what would have been right. */
const OF_THE_CALL = /^(?:body|query)_/;

/** Marks a sentence of the service as English on a page in another language. @param {string} sentence */
export const english = (sentence) => (language() === "en" ? sentence : html`<span lang="en">${sentence}</span>`);

/** @param {Fault} fault @param {string} [setting] the place of the fault, such as `brand.logo`, which may have words of its own */
export function inWords({ code, message, reason, values = {} }, setting = "") {
  const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, NUMBERS.includes(name) ? Number(value) : value]));
  const names = reason ? [setting, ...Object.values(values), ""].map((more) => [reason, more].filter(Boolean).join(".")) : [];
  return names.map((name) => sayOr("why", name, "", given)).find(Boolean) ?? refusal(code) ?? english(message);
}

/** A fault of any kind in a sentence. @param {unknown} fault */
export function sentenceOf(fault) {
  if (!(fault instanceof Refused)) return passkeyFault(fault) ?? say("fault.page");
  const { at, code, expected, message } = fault;
  if (message === "") return say("fault.lost");
  const more = expected && !at && OF_THE_CALL.test(code) && sayWith("fault.expected", { expected: english(expected) });
  return html`${refusal(code) ?? english(message)} ${more}`;
}

/** @typedef {{ path: string, code: string, says: unknown }} Found what is wrong at a place, in words */
/** @typedef {Found | ReturnType<typeof sentenceOf>} Said */

/** What is wrong at a place of the document, or of the body that was sent. @param {unknown} fault @param {string} place @returns {Found | undefined} */
export function faultAt(fault, place) {
  if (!(fault instanceof Refused)) return undefined;
  const { at, code, expected, faults, message } = fault;
  const isThere = (/** @type {string} */ path) => path === place || path.startsWith(`${place}/`);
  const found = faults.find(({ path }) => isThere(path));
  if (found) return { path: found.path, code: found.code, says: inWords(found) };
  return at && isThere(String(at)) ? { path: String(at), code, says: expected ? sayWith("fault.expected", { expected: english(expected) }) : (refusal(code) ?? english(message)) } : undefined;
}
