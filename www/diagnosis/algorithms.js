// The names that people choose from, and how long a new secret is for each.

/** @import { Alg } from "../../pkg/dist/index.js" */

/** @type {Record<"HS256" | "HS384" | "HS512", number>} bytes of the hash */
export const HASH_BYTES = { HS256: 32, HS384: 48, HS512: 64 };

/** @type {Alg[]} */
export const PUBLIC = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"];
/** @type {Alg[]} */
export const SECRET = ["HS256", "HS384", "HS512"];

/** Content encryption, and the bytes of its key (RFC 7518 section 5.1). @type {Record<string, number>} */
export const CONTENT = {
  A256GCM: 32, A192GCM: 24, A128GCM: 16, "A256CBC-HS512": 64, "A192CBC-HS384": 48, "A128CBC-HS256": 32,
};

/** Key management (RFC 7518 section 4.1): the bytes of its secret, or the kind of its key pair. @type {Record<string, number | "content" | "EC" | "RSA">} */
export const MANAGEMENT = {
  dir: "content",
  A256KW: 32, A192KW: 24, A128KW: 16,
  A256GCMKW: 32, A192GCMKW: 24, A128GCMKW: 16,
  "ECDH-ES": "EC", "ECDH-ES+A256KW": "EC", "ECDH-ES+A192KW": "EC", "ECDH-ES+A128KW": "EC",
  "RSA-OAEP-256": "RSA", "RSA-OAEP": "RSA",
};

/** Encodings of a secret, in words. @type {[string, string][]} */
export const ENCODINGS = [["utf8", "plain text"], ["base64", "base64"], ["base64url", "base64url"], ["hex", "hexadecimal"]];

/** Whether the key of a way to encrypt is a secret that both sides know. @param {string} alg */
export const isShared = (alg) => typeof MANAGEMENT[alg] === "number" || MANAGEMENT[alg] === "content";

/** Fills a choice. @param {HTMLSelectElement} select @param {(string | [string, string])[]} names value, or value and text */
export function offer(select, names) {
  const before = select.value;
  select.replaceChildren(...names.map((name) => (typeof name === "string" ? new Option(name) : new Option(name[1], name[0]))));
  if (names.some((name) => (typeof name === "string" ? name : name[0]) === before)) select.value = before;
}
