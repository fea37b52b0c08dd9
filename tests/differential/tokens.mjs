// Good and broken tokens: every known fault of headers, claims, signatures and encryption on its own, properly
// signed around it, and faults at random places of the text.

import { randomBytes } from "node:crypto";
import { CONTENT, compact, encode, sealed, signers } from "./signers.mjs";
import { Random } from "./random.mjs";

/**
 * @typedef {object} Item
 * @property {string} fault what is wrong; "good" if nothing is
 * @property {string} alg the algorithm the key is configured for
 * @property {Record<string, unknown>} key the verification key as JWK
 * @property {{ enc: string, k: string }} [decrypt] the decryption key, of an encrypted token
 * @property {string} token
 */

/** @param {number} now */
const good = (now) => `"sub":"participant","campaignId":"123456","iat":${now},"exp":${now + 3600}`;

/** Members of the header besides `alg`, and what is wrong with each. @type {[fault: string, header: (alg: string) => string | Buffer][]} */
const HEADERS = [
  ["header: duplicate alg", (alg) => `{"alg":"${alg}","alg":"${alg}"}`],
  ["header: duplicate member", (alg) => `{"alg":"${alg}","x":1,"x":1}`],
  ["header: duplicate nested member", (alg) => `{"alg":"${alg}","x":{"a":1,"a":1}}`],
  ["header: unknown crit", (alg) => `{"alg":"${alg}","crit":["x"],"x":1}`],
  ["header: empty crit", (alg) => `{"alg":"${alg}","crit":[]}`],
  ["header: crit is no array", (alg) => `{"alg":"${alg}","crit":"x","x":1}`],
  ["header: crit names alg", (alg) => `{"alg":"${alg}","crit":["alg"]}`],
  ["header: crit names an absent member", (alg) => `{"alg":"${alg}","crit":["x"]}`],
  ["header: b64 false with crit", (alg) => `{"alg":"${alg}","crit":["b64"],"b64":false}`],
  ["header: b64 true with crit", (alg) => `{"alg":"${alg}","crit":["b64"],"b64":true}`],
  ["header: b64 without crit", (alg) => `{"alg":"${alg}","b64":false}`],
  ["header: zip", (alg) => `{"alg":"${alg}","zip":"DEF"}`],
  ["header: kid is a number", (alg) => `{"alg":"${alg}","kid":7}`],
  ["header: kid is empty", (alg) => `{"alg":"${alg}","kid":""}`],
  ["header: kid is null", (alg) => `{"alg":"${alg}","kid":null}`],
  ["header: kid of 300 characters", (alg) => `{"alg":"${alg}","kid":"${"k".repeat(300)}"}`],
  ["header: kid with a line break", (alg) => `{"alg":"${alg}","kid":"a\\nb"}`],
  ["header: typ is a number", (alg) => `{"alg":"${alg}","typ":1}`],
  ["header: cty is an array", (alg) => `{"alg":"${alg}","cty":["JWT"]}`],
  ["header: alg in small letters", (alg) => `{"alg":"${alg.toLowerCase()}"}`],
  ["header: alg none", () => `{"alg":"none"}`],
  ["header: alg nOnE", () => `{"alg":"nOnE"}`],
  ["header: alg missing", () => `{"typ":"JWT"}`],
  ["header: alg is an array", (alg) => `{"alg":["${alg}"]}`],
  ["header: alg of another", (alg) => `{"alg":"${alg === "HS256" ? "RS256" : "HS256"}"}`],
  ["header: byte order mark", (alg) => `\u{feff}{"alg":"${alg}"}`],
  ["header: not UTF-8", (alg) => Buffer.concat([Buffer.from(`{"alg":"${alg}","x":"`), Buffer.from([0xff]), Buffer.from('"}')])],
  ["header: text behind", (alg) => `{"alg":"${alg}"}x`],
  ["header: single quotes", (alg) => `{'alg':'${alg}'}`],
  ["header: an array", (alg) => `["${alg}"]`],
  ["header: 3 KiB", (alg) => `{"alg":"${alg}","x":"${"x".repeat(3072)}"}`],
  ["header: 20 levels", (alg) => `{"alg":"${alg}","x":${"[".repeat(20)}${"]".repeat(20)}}`],
  ["header: lone surrogate", (alg) => `{"alg":"${alg}","x":"\\ud800"}`],
  ["good: white space in the header", (alg) => ` {\n "alg" : "${alg}" ,\t"typ":"JWT"} `],
  ["good: escapes in the header", (alg) => `{"\\u0061lg":"${alg}","typ":"JW\\u0054"}`],
  ["good: keys that a token brings along", (alg) => `{"alg":"${alg}","jku":"https://127.0.0.1/","x5u":"https://127.0.0.1/"}`],
];

/** Whole payloads, and what is wrong with each. @type {[fault: string, payload: (now: number) => string | Buffer][]} */
const PAYLOADS = [
  ["good: other claims", (now) => `{${good(now)},"custom":{"a":[1,-2.5e3,true,null,"é"]},"form":{"email":"a@example.org"}}`],
  ["good: white space", (now) => ` {\r\n\t${good(now)} } `],
  ["good: __proto__", (now) => `{${good(now)},"__proto__":{"a":1}}`],
  ["good: no times", () => `{"sub":"participant"}`],
  ["good: exp with a fraction", (now) => `{"sub":"participant","exp":${now + 60}.5}`],
  ["good: exp with an exponent", () => `{"sub":"participant","exp":4.1e9}`],
  ["claims: exp past", (now) => `{"sub":"participant","exp":${now - 7200}}`],
  ["claims: exp zero", () => `{"sub":"participant","exp":0}`],
  ["claims: exp negative", () => `{"sub":"participant","exp":-1}`],
  ["claims: exp as a string", (now) => `{"sub":"participant","exp":"${now + 60}"}`],
  ["claims: exp null", () => `{"sub":"participant","exp":null}`],
  ["claims: exp true", () => `{"sub":"participant","exp":true}`],
  ["claims: exp in milliseconds", (now) => `{"sub":"participant","exp":${(now + 60) * 1000}}`],
  ["claims: exp of 1e300", () => `{"sub":"participant","exp":1e300}`],
  ["claims: exp of 1e400", () => `{"sub":"participant","exp":1e400}`],
  ["claims: exp is NaN", () => `{"sub":"participant","exp":NaN}`],
  ["claims: nbf ahead", (now) => `{${good(now)},"nbf":${now + 3000}}`],
  ["claims: nbf as a string", (now) => `{${good(now)},"nbf":"${now - 60}"}`],
  ["claims: nbf null", (now) => `{${good(now)},"nbf":null}`],
  ["claims: iat ahead", (now) => `{"sub":"participant","iat":${now + 86400},"exp":${now + 90000}}`],
  ["claims: iat after exp", (now) => `{"sub":"participant","iat":${now + 7200},"exp":${now + 3600}}`],
  ["claims: iat as a string", (now) => `{"sub":"participant","iat":"${now}","exp":${now + 60}}`],
  ["claims: duplicate sub", (now) => `{${good(now)},"sub":"other"}`],
  ["claims: duplicate exp", (now) => `{${good(now)},"exp":${now + 9999}}`],
  ["claims: duplicate in form", (now) => `{${good(now)},"form":{"email":"a","email":"b"}}`],
  ["claims: duplicate by escape", (now) => `{${good(now)},"s\\u0075b":"other"}`],
  ["claims: byte order mark", (now) => `\u{feff}{${good(now)}}`],
  ["claims: not UTF-8", (now) => Buffer.concat([Buffer.from(`{${good(now)},"x":"`), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
  ["claims: UTF-16", (now) => Buffer.from(`{${good(now)}}`, "utf16le")],
  ["claims: lone surrogate", (now) => `{${good(now)},"x":"\\ud800"}`],
  ["claims: control character", (now) => `{${good(now)},"x":"a\u0001b"}`],
  ["claims: text behind", (now) => `{${good(now)}}x`],
  ["claims: trailing comma", (now) => `{${good(now)},}`],
  ["claims: comment", (now) => `{${good(now)}/**/}`],
  ["claims: number with a leading zero", (now) => `{${good(now)},"x":01}`],
  ["claims: number with a plus", (now) => `{${good(now)},"x":+1}`],
  ["claims: Infinity", (now) => `{${good(now)},"x":Infinity}`],
  ["claims: 1e400 anywhere", (now) => `{${good(now)},"x":1e400}`],
  ["claims: number of 5,000 digits", (now) => `{${good(now)},"x":${"7".repeat(5000)}}`],
  ["claims: number of 100 digits", (now) => `{${good(now)},"x":${"7".repeat(100)}}`],
  ["claims: an array", (now) => `[{${good(now)}}]`],
  ["claims: a string", () => `"participant"`],
  ["claims: null", () => "null"],
  ["claims: nothing", () => ""],
  ["claims: 17 levels", (now) => `{${good(now)},"x":${"[".repeat(16)}${"]".repeat(16)}}`],
  ["claims: 2,000 levels", (now) => `{${good(now)},"x":${"[".repeat(2000)}${"]".repeat(2000)}}`],
  ["claims: 300 members", (now) => `{${good(now)},${Array.from({ length: 300 }, (_, index) => `"m${index}":0`).join(",")}}`],
  ["claims: 20 KiB", (now) => `{${good(now)},"x":"${"x".repeat(20480)}"}`],
  ["claims: iss is a number", (now) => `{${good(now)},"iss":7}`],
  ["claims: sub is a number", (now) => `{"sub":7,"exp":${now + 60}}`],
  ["claims: aud is a number", (now) => `{${good(now)},"aud":7}`],
  ["claims: aud unasked", (now) => `{${good(now)},"aud":"somebody else"}`],
  ["claims: jti is a number", (now) => `{${good(now)},"jti":7}`],
];

/** Changes of the text itself. @type {[fault: string, change: (token: string, random: Random) => string][]} */
const TEXTS = [
  ["text: byte changed", (token, random) => at(token, random, (_, byte) => String.fromCharCode(byte ^ (1 << random.below(7))))],
  ["text: symbol changed", (token, random) => at(token, random, () => random.of([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]))],
  ["text: symbol left out", (token, random) => at(token, random, () => "")],
  ["text: symbol twice", (token, random) => at(token, random, (symbol) => symbol + symbol)],
  ["text: two exchanged", (token, random) => exchange(token, random.below(token.length - 1))],
  ["text: cut", (token, random) => token.slice(0, random.below(token.length))],
  ["text: something inserted", (token, random) => at(token, random, (symbol) => random.of([" ", "=", "+", "/", "\n", "\t", "\r\n", "%", "é", "\0", "\"", ".", "~", "\u{200b}"]) + symbol)],
  ["text: beginning cut", (token, random) => token.slice(1 + random.below(20))],
  ["text: line break behind", (token) => `${token}\n`],
  ["text: space in front", (token) => ` ${token}`],
  ["text: padding behind", (token) => `${token}${"=".repeat((4 - (token.slice(token.lastIndexOf(".") + 1).length % 4)) % 4 || 1)}`],
  ["text: padding of each part", (token) => token.split(".").map((part) => part + "=".repeat((4 - (part.length % 4)) % 4)).join(".")],
  ["text: Bearer in front", (token) => `Bearer ${token}`],
  ["text: a part more", (token) => `${token}.`],
  ["text: parts exchanged", (token) => { const [a = "", b = "", ...rest] = token.split("."); return [b, a, ...rest].join("."); }],
  ["text: without signature", (token) => token.slice(0, token.lastIndexOf(".") + 1)],
  ["text: standard alphabet", (token) => token.replaceAll("-", "+").replaceAll("_", "/")],
  ["text: trailing bits", (token, random) => trailing(token, random)],
];

/** @param {string} token @param {Random} random @param {(symbol: string, byte: number) => string} change */
function at(token, random, change) {
  const place = random.below(token.length);
  return token.slice(0, place) + change(token.charAt(place), token.charCodeAt(place)) + token.slice(place + 1);
}

/** @param {string} token @param {number} place */
function exchange(token, place) {
  return token.slice(0, place) + token.charAt(place + 1) + token.charAt(place) + token.slice(place + 2);
}

/** Sets unused bits of the last symbol of one part. @param {string} token @param {Random} random */
function trailing(token, random) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const parts = token.split(".");
  const uneven = parts.map((_, index) => index).filter((index) => (parts[index] ?? "").length % 4 > 1);
  if (uneven.length === 0) return `${token}A`;
  const index = random.of(uneven);
  const part = parts[index] ?? "";
  const symbol = alphabet.indexOf(part.charAt(part.length - 1));
  parts[index] = part.slice(0, -1) + alphabet.charAt(symbol ^ 1);
  return parts.join(".");
}

/** Changes of the signature's bytes. @type {[fault: string, change: (bytes: Buffer) => Uint8Array][]} */
const SIGNATURES = [
  ["signature: zeros", (bytes) => Buffer.alloc(bytes.length)],
  ["signature: ones", (bytes) => Buffer.alloc(bytes.length, 0xff)],
  ["signature: a zero in front", (bytes) => Buffer.concat([Buffer.alloc(1), bytes])],
  ["signature: a zero behind", (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
  ["signature: half", (bytes) => bytes.subarray(0, bytes.length / 2)],
  ["signature: last byte missing", (bytes) => bytes.subarray(0, -1)],
  ["signature: halves exchanged", (bytes) => Buffer.concat([bytes.subarray(bytes.length / 2), bytes.subarray(0, bytes.length / 2)])],
];

/** Faults of the encryption. @type {[fault: string, header: (enc: string) => string, change: object][]} */
const SEALS = [
  ["good: encrypted", (enc) => `{"alg":"dir","enc":"${enc}","cty":"JWT"}`, {}],
  ["good: encrypted without cty", (enc) => `{"alg":"dir","enc":"${enc}"}`, {}],
  ["good: encrypted, cty in small letters", (enc) => `{"alg":"dir","enc":"${enc}","cty":"jwt"}`, {}],
  ["jwe: IV of 8 bytes", (enc) => `{"alg":"dir","enc":"${enc}"}`, { iv: 8 }],
  ["jwe: IV of 16 bytes", (enc) => `{"alg":"dir","enc":"${enc}"}`, { iv: 16 }],
  ["jwe: tag of 12 bytes", (enc) => `{"alg":"dir","enc":"${enc}"}`, { tag: 12 }],
  ["jwe: tag of 4 bytes", (enc) => `{"alg":"dir","enc":"${enc}"}`, { tag: 4 }],
  ["jwe: dir with an encrypted key", (enc) => `{"alg":"dir","enc":"${enc}"}`, { key: "sixteen bytes ok" }],
  ["jwe: zip", (enc) => `{"alg":"dir","enc":"${enc}","zip":"DEF"}`, {}],
  ["jwe: crit", (enc) => `{"alg":"dir","enc":"${enc}","crit":["x"],"x":1}`, {}],
  ["jwe: empty crit", (enc) => `{"alg":"dir","enc":"${enc}","crit":[]}`, {}],
  ["jwe: duplicate enc", (enc) => `{"alg":"dir","enc":"${enc}","enc":"${enc}"}`, {}],
  ["jwe: enc missing", () => `{"alg":"dir"}`, {}],
  ["jwe: enc in small letters", (enc) => `{"alg":"dir","enc":"${enc.toLowerCase()}"}`, {}],
  ["jwe: alg none", (enc) => `{"alg":"none","enc":"${enc}"}`, {}],
  ["jwe: alg RSA1_5", (enc) => `{"alg":"RSA1_5","enc":"${enc}"}`, {}],
];

/**
 * About `count` tokens, the same kinds in the same order for the same seed. A tenth are good, as many as there is
 * room for hold one of the named faults, the rest are changed at random places.
 * @param {number} count @param {number} now seconds @param {number} seed
 * @returns {Item[]}
 */
export function tokens(count, now, seed) {
  const random = new Random(seed);
  const keys = [...signers().values()];
  /** @type {Item[]} */
  const items = [];
  const header = (/** @type {string} */ alg) => `{"alg":"${alg}","typ":"JWT"}`;
  const payload = `{${good(now)}}`;
  const secrets = Object.entries(CONTENT).map(([enc, bytes]) => ({ enc, secret: randomBytes(bytes) }));

  /** @param {string} fault @param {import("./signers.mjs").Signer} signer @param {string} token @param {{ enc: string, secret: Uint8Array }} [box] */
  const add = (fault, signer, token, box) => {
    const decrypt = box && { enc: box.enc, k: encode(box.secret) };
    items.push({ fault, alg: signer.alg, key: signer.publicJwk, token, ...(decrypt && { decrypt }) });
  };
  /** @type {(() => void)[]} */
  const named = [];
  for (const signer of keys) {
    const other = /** @type {import("./signers.mjs").Signer} */ (keys.find((key) => key.alg !== signer.alg));
    for (const [fault, write] of HEADERS) named.push(() => add(fault, signer, compact(signer, write(signer.alg), payload)));
    for (const [fault, write] of PAYLOADS) named.push(() => add(fault, signer, compact(signer, header(signer.alg), write(now))));
    for (const [fault, change] of SIGNATURES) {
      named.push(() => {
        const input = `${encode(header(signer.alg))}.${encode(payload)}`;
        add(fault, signer, `${input}.${encode(change(signer.sign(input)))}`);
      });
    }
    named.push(() => add("key: token of another algorithm", signer, compact(other, header(other.alg), payload)));
    named.push(() => add("key: another algorithm's signature", signer, compact(other, header(signer.alg), payload)));
  }
  for (const box of secrets) {
    const signer = random.of(keys);
    const inner = compact(signer, header(signer.alg), payload);
    const outer = `{"alg":"dir","enc":"${box.enc}","cty":"JWT"}`;
    for (const [fault, write, change] of SEALS) named.push(() => add(fault, signer, sealed(box.secret, write(box.enc), inner, change), box));
    for (const [fault, plaintext] of /** @type {const} */ ([
      ["jwe: claims without signature", payload],
      ["jwe: unsigned token inside", `${encode('{"alg":"none"}')}.${encode(payload)}.`],
      ["jwe: another JWE inside", sealed(box.secret, outer, inner)],
      ["jwe: nothing inside", ""],
      ["jwe: words inside", "hello"],
      ["jwe: signature of another key inside", compact(/** @type {import("./signers.mjs").Signer} */ (keys.find((key) => key.alg !== signer.alg)), header(signer.alg), payload)],
    ])) named.push(() => add(fault, signer, sealed(box.secret, outer, plaintext), box));
    named.push(() => add("jwe: other key", signer, sealed(randomBytes(box.secret.length), outer, inner), box));
    named.push(() => add("jwe: JWS in its place", signer, inner, box));
    named.push(() => add("jwe: in the place of a JWS", signer, sealed(box.secret, outer, inner)));
  }
  // Each named fault once; of a short run, every so many.
  const room = Math.floor(count / 2);
  const step = Math.max(1, named.length / room);
  for (let index = 0; index < named.length; index += step) named[Math.floor(index)]?.();

  while (items.length < count) {
    const signer = random.of(keys);
    const claims = `{${good(now)},"custom":{"n":${random.below(1e6)},"text":"${encode(String(random.below(1e9)))}"}}`;
    const token = compact(signer, header(signer.alg), claims);
    const box = random.below(5) === 0 ? random.of(secrets) : undefined;
    const whole = box ? sealed(box.secret, `{"alg":"dir","enc":"${box.enc}","cty":"JWT"}`, token) : token;
    if (random.below(8) === 0) {
      add(box ? "good: encrypted" : "good", signer, whole, box);
    } else {
      const [fault, change] = random.of(TEXTS);
      add(fault, signer, change(whole, random), box);
    }
  }
  return items;
}
