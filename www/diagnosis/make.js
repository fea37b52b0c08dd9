// Claims from a form, keys made here or pasted, and a token of both: signed, and encrypted where that is wished.

import { CONTENT, MANAGEMENT, PUBLIC, SECRET, isShared, offer } from "./algorithms.js";
import { HERE, HandstampError, encryptCompact, signCompact } from "./handstamp.js";
import { newEncryptionKey, newSigningKey, publicOfPem, shown } from "./keys.js";
import { part } from "./page.js";

/** @import { TokenSettings } from "../../pkg/dist/index.js" */
/** @typedef {{ token: string, settings: TokenSettings, campaignId: string }} Made */

/** @param {(made: Made) => void} take gets what was made */
export function prepareMaking(take) {
  offer(part("sign-alg"), [...SECRET, ...PUBLIC]);
  offer(part("wrap-alg"), [["", "nothing"], ...Object.keys(MANAGEMENT).map((name) => /** @type {[string, string]} */ ([name, name]))]);
  offer(part("wrap-enc"), Object.keys(CONTENT));
  const section = /** @type {HTMLElement} */ (part("mint").closest("section"));
  section.addEventListener("input", preview);
  part("sign-new").addEventListener("click", () => saying(newSignature));
  part("wrap-new").addEventListener("click", () => saying(newWrapping));
  part("wrap-alg").addEventListener("change", showWrapping);
  part("mint").addEventListener("click", () => saying(async () => take(await make())));
  showWrapping();
  preview();
}

function showWrapping() {
  const off = part("wrap-alg").value === "";
  for (const id of ["wrap-enc", "wrap-new"]) part(id).disabled = off;
  part("wrap-field").hidden = off;
}

/** Does something and says what came of it. @param {() => Promise<unknown>} work */
async function saying(work) {
  try {
    const said = await work();
    part("minted").textContent = typeof said === "string" ? said : "";
  } catch (thrown) {
    if (!(thrown instanceof HandstampError)) throw thrown;
    part("minted").textContent = `${thrown.details.says} ${thrown.details.how}`;
  }
}

async function newSignature() {
  const key = await newSigningKey(part("sign-alg").value);
  part("sign-key").value = shown(key);
  part("sign-kid").value = "private" in key ? key.private.kid : "";
  return "A new key to sign with. It exists in this page only.";
}

async function newWrapping() {
  part("wrap-key").value = shown(await newEncryptionKey(part("wrap-alg").value, part("wrap-enc").value));
  return "A new key to encrypt with. It exists in this page only.";
}

/** The claims as the form says. @param {number} now */
function claims(now) {
  const [life, nb] = [part("claim-life").value, part("claim-nb").value];
  const form = Object.fromEntries(["firstname", "email"].map((name) => [name, part(`claim-${name}`).value]).filter(([, value]) => value));
  const more = part("claim-more").value.trim();
  return {
    sub: part("claim-sub").value,
    campaignId: part("claim-campaign").value,
    iat: now,
    ...(life !== "" && { exp: now + Math.round(Number(life) * 60) }),
    ...(nb !== "" && { limit: { nb: Number(nb) } }),
    ...(Object.keys(form).length > 0 && { form }),
    ...(more && object(more, "More claims")),
  };
}

/** @param {string} text @param {string} at @returns {any} */
function object(text, at) {
  try {
    return JSON.parse(text);
  } catch {
    // What the browser says may quote the text.
    throw new HandstampError("json_syntax", { at });
  }
}

const now = () => Math.floor(Date.now() / 1000);

function preview() {
  try {
    part("claims-preview").textContent = JSON.stringify(claims(now()), null, 2);
  } catch {
    part("claims-preview").textContent = "More claims are not JSON yet.";
  }
}

/** @returns {Promise<Made>} */
async function make() {
  const content = claims(now());
  const alg = part("sign-alg").value;
  if (part("sign-key").value.trim() === "") await newSignature();
  const signing = given(part("sign-key").value, alg in { HS256: 1, HS384: 1, HS512: 1 });
  const kid = part("sign-kid").value.trim() || undefined;
  let token = await signCompact(content, signing, { alg, kid, typ: "JWT", ...HERE });
  /** @type {any} */
  const settings = { verify: await checkedWith(signing, alg, kid) };
  if (part("wrap-alg").value !== "") {
    const [management, enc] = [part("wrap-alg").value, part("wrap-enc").value];
    if (part("wrap-key").value.trim() === "") await newWrapping();
    const wrapping = given(part("wrap-key").value, isShared(management));
    const target = "encoding" in wrapping ? wrapping : { key: publicHalf(wrapping.key) };
    token = await encryptCompact(token, target, { alg: management, enc, cty: "JWT", ...HERE });
    // Who encrypts for somebody else cannot open it again.
    if (wrapping.encoding || wrapping.key.kty === "oct" || wrapping.key.d) settings.decrypt = { ...wrapping, alg: management, enc };
  }
  if (content.exp === undefined) settings.expiry = "optional";
  return { token, settings, campaignId: String(content.campaignId) };
}

/** A key as it stands in a field. @param {string} text @param {boolean} isSecret @returns {{ key: any, encoding?: "base64url" }} */
function given(text, isSecret) {
  if (/^\s*\{/.test(text)) return { key: object(text, "key") };
  return isSecret ? { key: text.trim(), encoding: "base64url" } : { key: text };
}

/** A JWK without what must stay with its owner. @param {any} key @returns {any} */
function publicHalf(key) {
  if (typeof key !== "object" || key.kty === "oct") return key;
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...open } = key;
  return open;
}

/** How the token is checked: by the same secret, or by the public half of the key. @param {{ key: any, encoding?: string }} signing @param {string} alg @param {string | undefined} kid */
async function checkedWith({ key, encoding }, alg, kid) {
  if (encoding || key?.kty === "oct") return { method: "symmetricKey", key, ...(encoding && { encoding }), alg };
  const open = typeof key === "object" ? publicHalf(key) : await publicOfPem(key, alg);
  // With a kid, as a published key set.
  return kid ? { method: "jwks", keys: { keys: [{ ...open, kid }] } } : { method: "publicKey", key: open, alg };
}
