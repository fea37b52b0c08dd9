// What can be said of a token: with its keys everything, without them whatever needs none.

import { HERE, HandstampError, createVerifier, toBase64url } from "./handstamp.js";
import { layersOf } from "./layers.js";

/** @import { Report, TokenSettings, Verifier } from "../../pkg/dist/index.js" */
/** @import { Layer } from "./layers.js" */
/** @typedef {{ settings?: TokenSettings, campaignId?: string, sets: Map<string, string> }} Given sets: pasted key sets by their URLs */
/**
 * @typedef {object} Judgement
 * @property {Given} given
 * @property {Layer[]} layers
 * @property {Report} [report]
 * @property {boolean} keyless whether there is no key yet: the report then says nothing about the signature
 * @property {HandstampError} [fault] why the settings are no settings
 * @property {{ index: number, url: string }[]} urls key sets that the page cannot fetch
 */

/** Checks that say nothing without the right key. */
const OF_KEYS = new Set(["keys", "kid", "key", "signature", "probes", "encryption", "decryption", "inner", "inner_header", "inner_alg", "copies"]);

/** The verifier of the settings that were judged by last. @type {{ text: string, verifier: Verifier } | null} */
let prepared = null;

/**
 * @param {object} given
 * @param {string} given.token
 * @param {TokenSettings} [given.settings]
 * @param {HandstampError} [given.fault]
 * @param {string} [given.campaignId]
 * @param {number} given.now
 * @param {Map<string, string>} given.sets pasted key sets by address
 * @returns {Promise<Judgement>}
 */
export async function judge({ token, settings, fault, campaignId, now, sets }) {
  const layers = token === "" ? [] : await layersOf(token, settings);
  const keyless = !settings;
  const about = { given: { settings, campaignId, sets }, layers, keyless };
  if (fault) return { ...about, fault, urls: [] };
  try {
    const verifier = await verifierOf(settings ?? stranger(layers));
    const urls = verifier.keySetUrls();
    for (const { index, url } of urls) {
      const set = sets.get(url);
      if (set) verifier.installKeySet(index, set);
    }
    if (token === "") return { ...about, urls };
    const report = await verifier.explain(token, { campaignId, now });
    return { ...about, urls, report: keyless ? withoutKeys(report) : withoutBlame(report, urls) };
  } catch (thrown) {
    if (thrown instanceof HandstampError) return { ...about, fault: thrown, urls: [] };
    throw thrown;
  }
}

/** @param {TokenSettings} settings */
async function verifierOf(settings) {
  const text = JSON.stringify(settings);
  if (prepared?.text === text) return prepared.verifier;
  const verifier = await createVerifier(settings, { ...HERE, fetch: false });
  prepared?.verifier.close();
  prepared = { text, verifier };
  return verifier;
}

/** A secret that nobody has signed with, kept while the page is open. */
const NOBODY = toBase64url(crypto.getRandomValues(new Uint8Array(64)));

/** Settings for a token whose key is not known yet. @param {Layer[]} layers @returns {TokenSettings} */
function stranger([first]) {
  const alg = String(first?.members.alg ?? "");
  const hash = alg === "HS384" || alg === "HS512" ? alg : "HS256";
  return { verify: { method: "symmetricKey", key: NOBODY, encoding: "base64url", alg: hash } };
}

/**
 * A report in which a key set that nobody has pasted is not a failed check: nobody is to blame for it.
 * @param {Report} report @param {{ url: string }[]} urls @returns {Report}
 */
function withoutBlame({ checks, ...report }, urls) {
  const isWaiting = (/** @type {import("../../pkg/dist/index.js").Check} */ { code }) => code === "key_set_not_loaded" && urls.length > 0;
  return { ...report, checks: checks.map((check) => (isWaiting(check) ? { check: check.check, code: check.code, status: "skip", got: "its key set is not here yet" } : check)) };
}

/** A report without what was found out about a key that is not the right one. @param {Report} report @returns {Report} */
function withoutKeys({ checks }) {
  const left = checks.filter(({ check, code }) => !OF_KEYS.has(check) && code !== "alg_not_allowed");
  const worst = left.find(({ status }) => status === "fail") ?? left.find(({ status }) => status === "warn");
  return {
    verdict: left.some(({ status }) => status === "fail") ? "rejected" : "accepted",
    ...(worst && { code: worst.code }),
    checks: left,
  };
}
