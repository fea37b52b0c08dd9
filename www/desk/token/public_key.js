// What a pasted public key says of itself: its algorithm, and the key as the document has it.

import { under } from "../../shared/under.js";
import { PUBLIC_ALGS } from "./algorithms.js";
import { bytesOf } from "../document.js";

/** The algorithm of a key by the identifier of its kind in DER (RFC 5480, RFC 8410, RFC 4055), the longest first. */
const IDENTIFIERS = [["2a8648ce3d030107", "ES256"], ["2a864886f70d010101", "RS256"], ["2a864886f70d01010a", "PS256"], ["2b81040022", "ES384"], ["2b81040023", "ES512"], ["2b6570", "EdDSA"]];
const CURVES = { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512", Ed25519: "EdDSA" };

/** The algorithm that a PEM key, a certificate or a JWK is likely for; nothing where it does not say. @param {string} key @returns {string | undefined} */
export function algOf(key) {
  try {
    if (key.trim().startsWith("{")) {
      const { alg, crv, kty } = JSON.parse(key);
      const found = alg ?? under(CURVES, crv) ?? (kty === "RSA" ? "RS256" : undefined);
      return PUBLIC_ALGS.includes(found) ? found : undefined;
    }
    // PKCS #1 names no kind: it is RSA by its label.
    if (/BEGIN RSA PUBLIC KEY/.test(key)) return "RS256";
    const der = [...bytesOf(key.replace(/-----[^-]+-----|\s/g, ""))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return IDENTIFIERS.find(([identifier]) => der.includes(identifier))?.[1];
  } catch {
    return undefined;
  }
}

/** A key as the document has it: a JWK as an object, any other as a string. @param {string} text @returns {unknown} */
export function asSetting(text) {
  const key = text.trim();
  try {
    return key.startsWith("{") ? JSON.parse(key) : key;
  } catch {
    // The service says what is wrong with it, at the field.
    return key;
  }
}
