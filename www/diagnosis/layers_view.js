// The token as it stands: each layer with its header, its claims and its lengths; dates with the difference in words.

import { element } from "../shared/element.js";
import { date, fromNow } from "./moments.js";
import { says } from "./words.js";

/** @import { Part } from "../../pkg/dist/index.js" */
/** @import { Layer } from "./layers.js" */

const TIMES = new Set(["exp", "nbf", "iat", "auth_time", "updated_at"]);
/** What the registered names stand for (RFC 7515, 7516, 7519 and the campaign's own). @type {Record<string, string>} */
const MEANING = {
  alg: "algorithm", enc: "content encryption", kid: "key id", typ: "type", cty: "content type", epk: "ephemeral public key", zip: "compression", crit: "critical extensions",
  sub: "person", iss: "issuer", aud: "audience", jti: "token id", exp: "expiry", nbf: "not before", iat: "issued at",
  campaignId: "campaign", limit: "participations", form: "form values", optin: "consents given", gift: "prize", custom: "custom data", profile: "profile", access_token: "for the profile API",
};
const PARTS = { header: "Header", payload: "Claims", signature: "Signature", encrypted_key: "Encrypted key", iv: "Initialisation vector", ciphertext: "Ciphertext", tag: "Authentication tag" };

/** @param {Layer[]} layers @param {number} now */
export function layerViews(layers, now) {
  return layers.map(({ inspection: { form, parts, repaired }, lock, members }, index) => {
    const kind = { jws: "Signed token (JWS)", jwe: "Encrypted token (JWE)", other: "A string that is not a token" }[form];
    const where = index > 0 ? "Inside: " : "";
    return element("section", { className: "layer" },
      element("h3", {}, element("span", {}, where + (index > 0 ? kind.toLowerCase().replace(/jw[se]/, (name) => name.toUpperCase()) : kind)), element("span", { className: "count" }, [members.alg, members.enc].filter(Boolean).join(" · "))),
      repaired && element("p", { className: "note" }, "Shown after a correction; the original string is refused."),
      coloured(parts),
      ...parts.filter(({ json, fault }) => json !== undefined || fault).map((part) => block(part, now)),
      element("ul", { className: "lengths" }, ...parts.map(({ name, bytes, text }) => element("li", { className: `of-${name}` }, `${PARTS[name]}: ${bytes === undefined ? `${text.length} characters` : `${bytes} bytes`}`))),
      lock !== "none" && element("p", { className: "lock" }, lock === "missing" ? "Add the decryption key to see the content." : "None of the keys decrypts the token, so its content is unknown."));
  });
}

/** The string itself, each part in the colour of its heading. @param {Part[]} parts */
function coloured(parts) {
  const between = parts.flatMap(({ name, text }, index) => [index > 0 && ".", element("span", { className: `of-${name}`, title: PARTS[name] }, text)]);
  return element("p", { className: "token", tabIndex: 0, "aria-label": "The token, its parts in colour", role: "group" }, ...between);
}

/** @param {Part} part @param {number} now */
function block({ name, json, members, fault }, now) {
  return element("div", { className: "part" },
    element("h4", { className: `of-${name}` }, PARTS[name]),
    fault && element("p", { className: "fault" }, `${says(fault.code)} ${fault.got ? `Got ${fault.got}.` : ""}`),
    members ? element("dl", { className: "members" }, ...Object.entries(members).map(([key, value]) => member(key, value, now))) : json !== undefined && element("pre", { className: "raw", tabIndex: 0, "aria-label": PARTS[name] }, json));
}

/** @param {string} name @param {unknown} value @param {number} now */
function member(name, value, now) {
  const short = JSON.stringify(value);
  return element("div", {},
    element("dt", {}, element("code", {}, name), Object.hasOwn(MEANING, name) && element("span", {}, MEANING[name])),
    element("dd", {}, element("span", { className: "value" }, short.length > 56 ? JSON.stringify(value, null, 2) : short), ...(TIMES.has(name) ? moment(value, now) : [])));
}

/** A time in words; one in milliseconds as what was meant, said so. @param {unknown} value @param {number} now */
function moment(value, now) {
  if (typeof value !== "number") return [element("span", { className: "when" }, "no number, so no time")];
  const meant = value > 1e11 ? value / 1000 : value;
  const words = `${date(meant)}, ${fromNow(meant, now)}`;
  return [element("span", { className: "when" }, meant === value ? words : `in milliseconds; meant is ${words}`)];
}
