// The account document as the views change it: each changes its own places, and what others changed meanwhile stays.

import { fromBase64, toBase64url } from "../../pkg/dist/base64.js";
import { Refused, call, own } from "./api.js";
import { merge, withAt } from "./campaigns/merge.js";
import { say } from "./words/speech.js";

/** @typedef {Record<string, any>} Document */
/** @typedef {{ document: Document, version: number, redirectUri: string, secrets: { name: string, purposes: string[], at: string }[] }} Read */

/** @returns {Promise<Read>} */
export async function load() {
  const [{ document, version, redirectUri }, { secrets }] = await Promise.all([call("GET", own()), call("GET", own("/secrets"))]);
  return { document, version, redirectUri, secrets };
}

/** @typedef {{ conflicts: import("./campaigns/merge.js").Conflict[], author?: { kind: string, name?: string }, states: Document[] }} Clash */

/** @type {(clash: Clash, fault: unknown) => Promise<boolean[]>} */
let settle = async ({ conflicts }) => conflicts.map(() => false);
/** Sets how places are settled that somebody else has changed meanwhile. @param {(clash: Clash, fault: unknown) => Promise<boolean[]>} done resolves with, for each, whether theirs is taken; rejects with the fault where nobody says */
export const whenClashing = (done) => void (settle = done);

/**
 * Changes the document that a form was made from, joins that with what others made of it since, and writes it over the version
 * that it was joined with. Where both changed one place, the person is asked.
 * @param {(document: Document) => void} change
 * @param {Document} [shown] the document that the form was made from; default: as it is stored
 * @returns {Promise<{ version: number, warnings: { code: string, message: string, at?: string }[] }>}
 */
export async function save(change, shown) {
  for (;;) {
    const { document: theirs, version } = await call("GET", own());
    const base = shown ?? theirs;
    const mine = structuredClone(base);
    change(mine);
    const { value: joined, conflicts } = merge(base, mine, theirs);
    const taken = conflicts.length > 0 ? await settle({ conflicts, author: await lastAuthor(), states: [joined, theirs, base] }, new Refused(412, { code: "edit_conflict", detail: say("clash.title") })) : [];
    const document = conflicts.reduce((value, { path, theirs: other }, place) => (taken[place] ? withAt(value, path, other) : value), joined);
    try {
      return await call("PUT", own(), document, { "if-match": `"${version}"` });
    } catch (fault) {
      if (!(fault instanceof Refused && fault.code === "edit_conflict")) throw fault;
    }
  }
}

/** Who wrote the version in force. */
const lastAuthor = async () => (await call("GET", own("/versions"))).versions[0]?.author;

/** Sets a member, or takes it out where there is nothing to say. @param {Document} at @param {string} name @param {unknown} value */
export function set(at, name, value) {
  const isNothing = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (isNothing) delete at[name];
  else at[name] = value;
}

/** One or several as a list. @param {any} value @returns {any[]} */
export const list = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);

/** A name for a secret that is not taken, such as TOKEN_2026_11. @param {string} kind @param {{ name: string }[]} taken */
export function freeName(kind, taken) {
  const base = `${kind}_${new Date().toISOString().slice(0, 7).replace("-", "_")}`;
  const names = new Set(taken.map(({ name }) => name));
  return [base, ...Array.from({ length: 100 }, (_, index) => `${base}_${index + 2}`)].find((name) => !names.has(name)) ?? base;
}

/** 32 random bytes in base64url, or another number of them. */
export const newSecret = (bytes = 32) => toBase64url(crypto.getRandomValues(new Uint8Array(bytes)));

/** The bytes of base64. @param {string} text */
export const bytesOf = (text) => fromBase64(text);

/**
 * Says for each campaign whether participants come by a technique. One that nobody had to sign in to is no longer open to all.
 * @param {Document} document
 * @param {"token" | "oauth"} technique
 * @param {string[]} chosen
 */
export function setTechnique(document, technique, chosen) {
  for (const [id, campaign] of Object.entries(document.campaigns ?? {})) {
    const now = /** @type {string[]} */ (campaign.signIn ?? ["token"]);
    if (chosen.includes(id)) campaign.signIn = [...now.filter((one) => one !== "anonymous" && one !== technique), technique];
    else if (now.includes(technique)) campaign.signIn = now.length > 1 ? now.filter((one) => one !== technique) : ["anonymous"];
  }
}

/** @param {Document} document @param {"token" | "oauth"} technique */
export const campaignsOf = (document, technique) => Object.entries(document.campaigns ?? {}).flatMap(([id, { signIn = ["token"] }]) => (signIn.includes(technique) ? [id] : []));
