// Base64url as the module decodes it, sixteen symbols at a time: every length, and every character at every place of
// such a group and of what is left, against Node's own reading.

import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { fromBase64url, toBase64url } from "../../../pkg/dist/base64.js";
import { verifyCompact } from "../../../pkg/dist/node.js";
import { refusal } from "../support/mint.mjs";

const SECRET = "an HMAC secret of 32 bytes, as ok";
const key = { method: /** @type {const} */ ("symmetricKey"), key: SECRET, encoding: /** @type {const} */ ("utf8"), alg: /** @type {const} */ ("HS256") };
const header = Buffer.from('{"alg":"HS256"}').toString("base64url");

/** @param {string} payload base64url */
function signed(payload) {
  const input = `${header}.${payload}`;
  return `${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}`;
}

test("every length decodes to what it was", async () => {
  for (let length = 0; length < 260; length += 1) {
    for (const bytes of [randomBytes(length), Buffer.alloc(length), Buffer.alloc(length, 255)]) {
      const { payload } = await verifyCompact(signed(bytes.toString("base64url")), key);
      assert.deepEqual(Buffer.from(payload), bytes, `${length} bytes`);
    }
  }
});

test("every symbol at every place, and every other character is refused there", async () => {
  const [own, around] = [/^[\w-]$/, randomBytes(36).toString("base64url")];
  let refused = 0;
  for (let place = 0; place < around.length; place += 1) {
    for (let code = 0; code < 256; code += 1) {
      const character = String.fromCharCode(code);
      if (character === ".") continue;
      const text = around.slice(0, place) + character + around.slice(place + 1);
      if (own.test(character)) {
        assert.deepEqual(Buffer.from((await verifyCompact(signed(text), key)).payload), Buffer.from(text, "base64url"), text);
      } else {
        const { code: why } = await refusal(() => verifyCompact(signed(text), key));
        assert.match(why, /^token_(characters|whitespace|padding)$/, `${code} at ${place}`);
        refused += 1;
      }
    }
  }
  assert.equal(refused, around.length * (256 - 65));
});

test("what JavaScript reads and writes beside the module is the same", () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = randomBytes(length);
    const text = bytes.toString("base64url");
    assert.equal(toBase64url(bytes), text);
    assert.equal(toBase64url(new Uint8Array(bytes).buffer), text);
    assert.deepEqual(Buffer.from(fromBase64url(text) ?? "no"), bytes);
  }
  for (let one = 0; one < 128; one += 1) {
    for (const before of ["", "A", "AA", "AAA", "AAAA"]) {
      const text = before + String.fromCharCode(one);
      const bytes = Buffer.from(text, "base64url");
      const isTheSpelling = bytes.toString("base64url") === text;
      assert.deepEqual(fromBase64url(text) && Buffer.from(/** @type {Uint8Array} */ (fromBase64url(text))), isTheSpelling ? bytes : undefined, JSON.stringify(text));
    }
  }
});
