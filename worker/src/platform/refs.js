// The number on a refusal: 8 characters of Crockford's base32, 40 random bits. It can be said on the phone, as
// there is no I, L, O or U in it.

import { random } from "./bytes.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function newRef() {
  // 256 is a multiple of 32, so five bits of a random byte are as random as the byte.
  return Array.from(random(8), (byte) => ALPHABET[byte & 31]).join("");
}

/**
 * A number as it was said or typed: case does not matter, O is 0, I and L are 1, dashes are air.
 * @param {string} text
 */
export function readRef(text) {
  return text.toUpperCase().replaceAll("-", "").replaceAll("O", "0").replace(/[IL]/g, "1");
}
