// A passkey in software (Web Authentication Level 3): ES256, without attestation. It answers as navigator.credentials does, for
// an origin that it is told.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const sha256 = (/** @type {string | Buffer} */ data) => createHash("sha256").update(data).digest();
const base64url = (/** @type {string | Buffer} */ data) => Buffer.from(data).toString("base64url");
/** User present and verified; the third is that key data follows. */
const [PRESENT_AND_VERIFIED, WITH_KEY] = [0x05, 0x40];

/** Byte and text strings, small integers and maps of CBOR (RFC 8949). @param {any} value @returns {Buffer} */
function cbor(value) {
  const head = (/** @type {number} */ major, /** @type {number} */ n) => Buffer.from(n < 24 ? [(major << 5) | n] : n < 256 ? [(major << 5) | 24, n] : [(major << 5) | 25, n >> 8, n & 255]);
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, member]) => [cbor(key), cbor(member)])]);
}

export class Authenticator {
  #key = generateKeyPairSync("ec", { namedCurve: "P-256" });
  id = randomBytes(16);
  counter = 0;

  /** @param {string} type @param {any} options @param {string} origin */
  #clientData(type, { challenge }, origin) {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  /** @param {string} rpId @param {number} flags @param {Buffer[]} rest */
  #data(rpId, flags, ...rest) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE((this.counter += 1));
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter, ...rest]);
  }

  /** @param {object} response */
  #credential(response) {
    return { id: base64url(this.id), rawId: base64url(this.id), type: "public-key", authenticatorAttachment: "platform", clientExtensionResults: {}, response };
  }

  /** Answers navigator.credentials.create. @param {any} options @param {string} origin */
  create(options, origin) {
    const { x = "", y = "" } = this.#key.publicKey.export({ format: "jwk" });
    const key = cbor(new Map(/** @type {[number, any][]} */ ([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, "base64url")], [-3, Buffer.from(y, "base64url")]])));
    const length = Buffer.from([0, this.id.length]);
    const data = this.#data(options.rp.id, PRESENT_AND_VERIFIED | WITH_KEY, Buffer.alloc(16), length, this.id, key);
    const attestation = cbor(new Map(/** @type {[string, any][]} */ ([["fmt", "none"], ["attStmt", new Map()], ["authData", data]])));
    return this.#credential({ clientDataJSON: base64url(this.#clientData("webauthn.create", options, origin)), attestationObject: base64url(attestation), transports: ["internal"] });
  }

  /** Answers navigator.credentials.get. @param {any} options @param {string} origin */
  get(options, origin, flags = PRESENT_AND_VERIFIED) {
    const client = this.#clientData("webauthn.get", options, origin);
    const data = this.#data(options.rpId, flags);
    const signature = sign("sha256", Buffer.concat([data, sha256(client)]), this.#key.privateKey);
    return this.#credential({ clientDataJSON: base64url(client), authenticatorData: base64url(data), signature: base64url(signature), userHandle: null });
  }
}
