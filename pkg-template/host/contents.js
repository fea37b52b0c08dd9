// Contents of encrypted tokens that the module leaves to the host: AES-GCM, which has instructions of its own in most
// processors, and none in WebAssembly. A configured secret is imported once, and cannot be exported again; the bytes that
// it was imported from are wiped. What comes out goes back into the module, which verifies the signature inside.

import { isAsked, prepareContent } from "./openssl.js";
import { lacking } from "./webcrypto.js";

/** @typedef {import("../handstamp.js").Verifier} Handle */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {Uint8Array | null | undefined} Plaintext null where the key or the token is wrong, nothing where the host cannot */
/** @typedef {(iv: Bytes, sealed: Bytes, covered: Bytes) => Plaintext | Promise<Plaintext>} Open */

/** Places from here on are those of contents; from the second on, of contents that have keys of their own. */
export const CONTENT = 1 << 24;
const OWN_KEY = 1 << 25;

export class Contents {
  /** The keys by their places. @type {Map<number, Open>} */ #keys = new Map();

  /** Forgets the keys. */
  forget() {
    this.#keys = new Map();
  }

  /**
   * Asks the host for the content of the token that has just begun to wait.
   * @param {Handle} handle
   * @param {number} place of the key
   * @param {Bytes} covered what the tag covers too
   * @returns {Plaintext | Promise<Plaintext>}
   */
  ask(handle, place, covered) {
    const [iv, sealed] = /** @type {[Bytes, Bytes]} */ ([handle.signature(), handle.sealed()]);
    const known = this.#keys.get(place);
    if (known) return known(iv, sealed, covered);
    const keys = this.#keys;
    const keep = (/** @type {Open | undefined} */ open) => {
      if (open && place < OWN_KEY) keys.set(place, open);
      return open?.(iv, sealed, covered);
    };
    const secret = /** @type {Bytes} */ (handle.secret());
    return isAsked() ? keep(byOpenSsl(secret)) : byWebCrypto(secret).then(keep);
  }
}

/** @param {Bytes} secret which is wiped @returns {Open | undefined} */
function byOpenSsl(secret) {
  try {
    const open = prepareContent(secret);
    return (iv, sealed, covered) => {
      try {
        return open(iv, sealed, covered);
      } catch {
        return undefined;
      }
    };
  } catch {
    return undefined;
  } finally {
    secret.fill(0);
  }
}

/** @param {Bytes} secret which is wiped @returns {Promise<Open | undefined>} */
async function byWebCrypto(secret) {
  const cannot = (/** @type {any} */ fault) => {
    // A tag that does not fit; everything else is a host that cannot.
    if (fault?.name === "OperationError") return null;
    if (fault?.name === "NotSupportedError") lacking("AES-GCM");
    return undefined;
  };
  const { subtle } = crypto;
  try {
    const key = await subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
    return (iv, sealed, additionalData) =>
      subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed).then((plaintext) => new Uint8Array(plaintext), cannot);
  } catch (fault) {
    cannot(fault);
    return undefined;
  } finally {
    secret.fill(0);
  }
}
