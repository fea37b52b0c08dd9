// The names of the checks, and the sentence that the catalogue has for a code.

import { element } from "../shared/element.js";
import { catalogue } from "./handstamp.js";

/** @import { CheckCode, CheckName } from "../../pkg/dist/index.js" */

/** Every check in words. @type {Record<CheckName, string>} */
export const NAMES = {
  keys: "Keys as given", size: "Length", characters: "Characters", segments: "Parts", encoding: "Base64url",
  header: "Header", alg: "Algorithm (alg)", enc: "Content encryption (enc)", kid: "Key ID (kid)", copies: "Claims copied to the header",
  encryption: "Encryption, as configured", decryption: "Decryption", iv: "Initialisation vector", tag: "Authentication tag",
  inner: "Signed token inside", inner_header: "Header inside", inner_alg: "Algorithm inside (alg)",
  key: "Key", signature: "Signature", probes: "Common mistakes", payload: "Claims",
  exp: "Expiry (exp)", nbf: "Not before (nbf)", iat: "Issued at (iat)", lifetime: "Lifetime",
  iss: "Issuer (iss)", aud: "Audience (aud)", typ: "Type (typ)", sub: "Person (sub)", campaign_id: "Campaign (campaignId)",
  limit: "Limit", gift: "Gift", form: "Form values", optin: "Opt-ins", profile: "Profile", custom: "Custom data",
  jti: "Token ID (jti)", access_token: "Access token",
};

/** The checks by what they are about. @type {[string, CheckName[]][]} */
export const GROUPS = [
  ["Form of the token", ["size", "characters", "segments", "encoding", "header"]],
  ["Encryption", ["encryption", "enc", "decryption", "iv", "tag", "inner", "inner_header", "inner_alg", "copies"]],
  ["Signature", ["keys", "alg", "kid", "key", "signature", "probes"]],
  ["Time", ["exp", "nbf", "iat", "lifetime"]],
  ["Person, campaign and recipient", ["iss", "aud", "typ", "sub", "campaign_id", "limit"]],
  ["Data", ["payload", "form", "optin", "profile", "gift", "custom", "jti", "access_token"]],
];

/** A code, which leads to its entry on the page of codes; from the disk there is nowhere to go. @param {string} code */
export const codeOf = (code) => (location.protocol === "file:" ? element("code", {}, code) : element("a", { href: `/codes/#${code}` }, element("code", {}, code)));

/** The sentence of the catalogue. @param {CheckCode} code */
export function says(code) {
  const rows = /** @type {Record<string, { says: string }>} */ ({ ...catalogue.ignored, ...catalogue.warnings, ...catalogue.clues, ...catalogue.codes });
  return rows[code]?.says ?? NAMES[/** @type {CheckName} */ (code)] ?? code;
}
