// The common case of what the module leaves to the host: one token, one signature, one key. The token waits in the
// module under a number, the host gets the bytes, and the claims are judged while it computes. Nothing comes out of the
// module before the answer, and an answer counts for that number alone.

import { here, prepare } from "./openssl.js";
import { lacking, testing } from "./webcrypto.js";

/** @typedef {import("./handstamp.js").Verifier} Handle */
/** @typedef {{ algorithm: { name: string, namedCurve?: string, hash?: string, saltLength?: number }, key: JsonWebKey }} HostKey */
/** @typedef {boolean | undefined} Answer nothing where the host cannot */
/** @typedef {(signature: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>) => Answer | Promise<Answer>} Verify */

/** Imported keys that are kept. */
const KEPT = 64;

export class Signatures {
  /** The keys by their places. @type {Map<number, Verify>} */ #keys = new Map();

  /** Forgets the keys: other ones may stand in their places. */
  forget() {
    this.#keys = new Map();
  }

  /**
   * Asks the host for the signature of the token that has just begun to wait.
   * @param {Handle} handle
   * @param {Uint8Array} token its bytes, which are read at once
   * @returns {Answer | Promise<Answer>}
   */
  ask(handle, token) {
    const [place, signature] = [handle.place(), /** @type {Uint8Array<ArrayBuffer>} */ (handle.signature())];
    // A copy: whoever comes next writes over the token before a host that takes its time has read it.
    const data = token.slice(0, handle.signedBytes());
    const known = this.#keys.get(place);
    if (known) return known(signature, data);
    const keys = this.#keys;
    const keep = (/** @type {Verify} */ verify) => {
      if (keys.size >= KEPT) keys.clear();
      keys.set(place, verify);
      return verify(signature, data);
    };
    const wanted = JSON.parse(handle.hostKey(place));
    // The tests of WebCrypto ask for it by name.
    if (here && testing.way !== "host") return keep(byOpenSsl(wanted));
    return byWebCrypto(wanted).then((verify) => verify && keep(verify));
  }
}

/** @param {HostKey} wanted @returns {Verify} */
function byOpenSsl({ algorithm, key }) {
  /** @type {import("./openssl.js").Verify | undefined} */
  let verify;
  return (signature, data) => {
    try {
      return (verify ??= prepare(key, algorithm))(signature, data);
    } catch {
      // The long way asks WebCrypto.
      return undefined;
    }
  };
}

/** @param {HostKey} wanted @returns {Promise<Verify | undefined>} */
async function byWebCrypto({ algorithm, key: jwk }) {
  const cannot = (/** @type {any} */ fault) => {
    const { name, namedCurve } = algorithm;
    if (fault?.name === "NotSupportedError") lacking(namedCurve ? `${name} ${namedCurve}` : name);
    return undefined;
  };
  try {
    const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
    return (signature, data) => crypto.subtle.verify(algorithm, key, signature, data).catch(cannot);
  } catch (fault) {
    return cannot(fault);
  }
}
