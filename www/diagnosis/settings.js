// The settings, step by step or as JSON: from the form to TokenSettings, and back as far as the form can show them.

import { CONTENT, ENCODINGS, MANAGEMENT, PUBLIC, SECRET, isShared, offer } from "./algorithms.js";
import { HandstampError } from "./handstamp.js";
import { choose, chosen, part } from "./page.js";

/** @import { DecryptKey, KeySource, TokenSettings } from "../../pkg/dist/index.js" */
/** @typedef {{ settings?: TokenSettings, fault?: HandstampError, campaignId?: string }} Given no settings where there is no key yet */

const KEY_LABELS = { symmetricKey: "Shared secret", publicKey: "Public key: PEM, certificate or JWK", jwks: "Key set: the JSON at the JWKS URL" };
/** Texts of the form that are members of the settings as they are. */
const TEXTS = /** @type {const} */ (["issuer", "audience", "typ"]);
const NUMBERS = /** @type {const} */ ({ leeway: "leewaySeconds", lifetime: "maxLifetimeSeconds" });
const TICKS = /** @type {const} */ ({ short: "allowShortSecret", "in-clear": "accessTokenInClear" });

/** @param {() => void} changed */
export function prepareSettings(changed) {
  offer(part("encoding"), ENCODINGS);
  offer(part("decrypt-encoding"), ENCODINGS);
  offer(part("key-alg"), Object.keys(MANAGEMENT));
  offer(part("enc"), Object.keys(CONTENT));
  part("key-alg").value = "A256KW";
  show();
  const section = /** @type {HTMLElement} */ (part("guided").closest("section"));
  section.addEventListener("input", (event) => {
    const { name, id } = /** @type {HTMLInputElement} */ (event.target);
    if (name === "mode") switchMode();
    if (name === "mode" || name === "method" || id === "encrypted" || id === "key-alg") show();
    changed();
  });
}

/** Shows the fields that the choices ask for. */
function show() {
  const [method, json] = [/** @type {keyof typeof KEY_LABELS} */ (chosen("method")), chosen("mode") === "json"];
  offer(part("alg"), method === "symmetricKey" ? SECRET : PUBLIC);
  part("alg-field").hidden = method === "jwks";
  part("encoding-field").hidden = method !== "symmetricKey";
  part("key-label").textContent = KEY_LABELS[method];
  part("decryption").hidden = !part("encrypted").checked;
  const shared = isShared(part("key-alg").value);
  part("decrypt-encoding-field").hidden = !shared;
  part("decrypt-label").textContent = shared ? "Shared secret to decrypt" : "Private key to decrypt: JWK or PKCS#8 PEM";
  part("guided").hidden = json;
  part("by-json").hidden = !json;
}

/** What is on one side goes to the other, where the other can show it. */
function switchMode() {
  if (chosen("mode") === "json") {
    const { settings } = guided();
    if (settings) part("json").value = JSON.stringify(settings, null, 2);
    return;
  }
  const { settings } = written();
  if (settings && fits(settings)) fill(settings);
}

/** @returns {Given} */
export function readSettings() {
  const campaignId = part("campaign").value.trim();
  return { ...(chosen("mode") === "json" ? written() : guided()), ...(campaignId && { campaignId }) };
}

/** @returns {Given} */
function written() {
  const text = part("json").value.trim();
  return text === "" ? {} : { ...parsed(text, "settings") };
}

/** JSON as it was pasted. The browser's own message may quote what it could not read, so it is not shown. @param {string} text @param {string} at */
function parsed(text, at) {
  try {
    return { settings: JSON.parse(text) };
  } catch (thrown) {
    const position = /position (\d+)/.exec(String(thrown))?.[1];
    return { fault: new HandstampError("json_syntax", { at, ...(position && { got: `a fault at character ${position}` }) }) };
  }
}

/** A key as it was pasted: JSON, or text. @param {string} text @param {string} at */
function key(text, at) {
  if (!/^\s*[[{]/.test(text)) return { key: text };
  const { settings, fault } = parsed(text, at);
  return { key: settings, fault };
}

/** @returns {Given} */
function guided() {
  const method = chosen("method");
  const given = part("key").value;
  if (given.trim() === "") return {};
  const verify = method === "jwks" ? keySet(given) : oneKey(method, given);
  if (verify instanceof HandstampError) return { fault: verify };
  /** @type {Record<string, unknown>} */
  const settings = { verify };
  if (part("encrypted").checked) {
    const decrypt = decryption();
    if (decrypt instanceof HandstampError) return { fault: decrypt };
    if (decrypt) Object.assign(settings, { decrypt, encryption: part("readable").checked ? "accept" : "require" });
  }
  for (const name of TEXTS) if (part(name).value) settings[name] = part(name).value;
  for (const [id, name] of Object.entries(NUMBERS)) if (part(id).value !== "") settings[name] = Number(part(id).value);
  for (const [id, name] of Object.entries(TICKS)) if (part(id).checked) settings[name] = true;
  if (part("endless").checked) settings.expiry = "optional";
  return { settings: /** @type {TokenSettings} */ (/** @type {unknown} */ (settings)) };
}

/** @param {string} method @param {string} given @returns {KeySource | HandstampError} */
function oneKey(method, given) {
  const alg = part("alg").value;
  // A secret is what was pasted, to the last blank: that is one of the mistakes to be found.
  const found = method === "symmetricKey" && !/^\s*\{[^]*"kty"/.test(given) ? { key: given } : key(given, "key");
  if (found.fault) return found.fault;
  const encoding = method === "symmetricKey" && typeof found.key === "string" && { encoding: part("encoding").value };
  return /** @type {KeySource} */ ({ method, key: found.key, ...encoding, alg });
}

/** @param {string} given @returns {KeySource | HandstampError} */
function keySet(given) {
  if (/^\s*https?:/.test(given)) return { method: "jwks", url: given.trim() };
  const { settings, fault } = parsed(given, "key");
  if (fault) return fault;
  // One key of a set is a set of one.
  return { method: "jwks", keys: settings?.kty ? { keys: [settings] } : settings };
}

/** @returns {DecryptKey | HandstampError | undefined} */
function decryption() {
  const [alg, enc, given] = [part("key-alg").value, part("enc").value, part("decrypt-key").value];
  if (given.trim() === "") return undefined;
  const found = key(given, "decrypt");
  if (found.fault) return found.fault;
  const encoding = isShared(alg) && typeof found.key === "string" && { encoding: part("decrypt-encoding").value };
  return /** @type {DecryptKey} */ ({ key: found.key, ...encoding, alg, enc });
}

/** Shows settings: step by step where the form has a place for everything, else as JSON. @param {TokenSettings} settings @param {string} [campaignId] */
export function writeSettings(settings, campaignId) {
  if (campaignId !== undefined) part("campaign").value = campaignId;
  if (fits(settings)) {
    choose("mode", "guided");
    fill(settings);
  } else {
    choose("mode", "json");
    part("json").value = JSON.stringify(settings, null, 2);
  }
  show();
}

/** Empties everything. */
export function clearSettings() {
  part("json").value = "";
  part("campaign").value = "";
  choose("mode", "guided");
  fill(/** @type {any} */ ({ verify: { method: "symmetricKey", key: "", encoding: "utf8", alg: "HS256" } }));
}

/** Whether the form has a place for everything. @param {any} settings */
function fits(settings) {
  const { verify, decrypt, encryption, expiry, issuer, audience, typ, leewaySeconds, maxLifetimeSeconds, allowShortSecret, accessTokenInClear, ...rest } = settings ?? {};
  const one = typeof verify === "object" && verify !== null && !Array.isArray(verify) && Object.hasOwn(KEY_LABELS, verify.method);
  return one && verify.algs === undefined && verify.status === undefined && !Array.isArray(decrypt) && Object.keys(rest).length === 0;
}

/** @param {TokenSettings} settings */
function fill(settings) {
  const verify = /** @type {any} */ (settings.verify);
  const { decrypt, encryption } = /** @type {{ decrypt?: DecryptKey, encryption?: string }} */ (settings);
  const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
  choose("method", verify.method);
  show();
  part("key").value = text(verify.method === "jwks" ? (verify.url ?? verify.keys) : verify.key);
  if (verify.alg) part("alg").value = verify.alg;
  part("encoding").value = verify.encoding ?? "utf8";
  part("encrypted").checked = decrypt !== undefined;
  part("decrypt-key").value = decrypt ? text(decrypt.key) : "";
  if (decrypt) {
    part("key-alg").value = decrypt.alg;
    part("enc").value = decrypt.enc;
    part("decrypt-encoding").value = decrypt.encoding ?? "utf8";
  }
  part("readable").checked = encryption === "accept";
  for (const name of TEXTS) part(name).value = settings[name] ?? "";
  for (const [id, name] of Object.entries(NUMBERS)) part(id).value = settings[name] ?? "";
  for (const [id, name] of Object.entries(TICKS)) part(id).checked = settings[name] === true;
  part("endless").checked = settings.expiry === "optional";
  show();
}
