// Tokens as people really get them wrong, made here and now with new keys.

import { HERE, encryptCompact, fromBase64url, signCompact, toBase64url } from "./handstamp.js";
import { newEncryptionKey, newSigningKey } from "./keys.js";

/** @import { TokenSettings } from "../../pkg/dist/index.js" */
/** @typedef {{ token: string, settings: TokenSettings, campaignId: string }} Example */

const CAMPAIGN = "100001";

/** @param {Record<string, unknown>} [changed] */
function claims(changed) {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: "shop.example", sub: "4711", campaignId: CAMPAIGN, iat: now - 120, exp: now + 3600,
    limit: { nb: 3 }, form: { firstname: "Lea", email: "lea@example.com" }, ...changed,
  };
}

/** @param {unknown} key @param {"base64url" | "base64"} encoding @returns {TokenSettings} */
const shared = (key, encoding = "base64url") => ({ verify: { method: "symmetricKey", key: /** @type {string} */ (key), encoding, alg: "HS256" } });

/** Signed with a shared secret. @param {Record<string, unknown>} content */
async function signed(content) {
  const { secret } = /** @type {{ secret: string }} */ (await newSigningKey("HS256"));
  const token = await signCompact(content, { key: secret, encoding: "base64url" }, { alg: "HS256", typ: "JWT", ...HERE });
  return { token, settings: shared(secret), campaignId: CAMPAIGN };
}

const ago = (/** @type {number} */ seconds) => Math.floor(Date.now() / 1000) - seconds;

/** By the name on the button. @type {Record<string, () => Promise<Example>>} */
export const EXAMPLES = {
  "Expired": () => signed(claims({ iat: ago(5400), exp: ago(1800) })),
  "Secret as text": async () => {
    const secret = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    // The issuer has signed with the text, where the settings say that it is base64.
    const token = await signCompact(claims(), { key: secret, encoding: "utf8" }, { alg: "HS256", typ: "JWT", ...HERE });
    return { token, settings: shared(secret, "base64"), campaignId: CAMPAIGN };
  },
  "Milliseconds": () => signed(claims({ iat: ago(60) * 1000, exp: ago(-3600) * 1000 })),
  "exp before iat": () => signed(claims({ iat: ago(60), exp: ago(60) - 1500 })),
  "DER signature": async () => {
    const key = /** @type {{ private: any, public: any }} */ (await newSigningKey("ES256"));
    const token = await signCompact(claims(), key.private, { alg: "ES256", typ: "JWT", ...HERE });
    const settings = /** @type {TokenSettings} */ ({ verify: { method: "publicKey", key: key.public, alg: "ES256" } });
    return { token: inDer(token), settings, campaignId: CAMPAIGN };
  },
  "Encrypted": async () => {
    const { token, settings } = await signed(claims({ custom: { member: "gold" } }));
    const { secret } = /** @type {{ secret: string }} */ (await newEncryptionKey("A256KW", "A256GCM"));
    const decrypt = /** @type {const} */ ({ key: secret, encoding: "base64url", alg: "A256KW", enc: "A256GCM" });
    return {
      token: await encryptCompact(token, decrypt, { alg: "A256KW", enc: "A256GCM", cty: "JWT", ...HERE }),
      settings: { ...settings, decrypt, encryption: "require" },
      campaignId: CAMPAIGN,
    };
  },
  "A good one": () => signed(claims()),
};

/** The same token with its signature as most crypto libraries give it: a DER sequence of r and s. @param {string} token */
function inDer(token) {
  const [header, payload, signature = ""] = token.split(".");
  const bytes = /** @type {Uint8Array} */ (fromBase64url(signature));
  const half = bytes.length / 2;
  const content = [...integer(bytes.slice(0, half)), ...integer(bytes.slice(half))];
  return `${header}.${payload}.${toBase64url(Uint8Array.of(0x30, content.length, ...content))}`;
}

/** A DER integer: as short as it may be, and never negative. @param {Uint8Array} bytes */
function integer(bytes) {
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = [...bytes.slice(start === -1 ? bytes.length - 1 : start)];
  const content = /** @type {number} */ (short[0]) > 0x7f ? [0, ...short] : short;
  return [0x02, content.length, ...content];
}
