// handstamp/verify over any host: a verifier by the small module.

import { catalogue } from "../catalogue.js";
import { fromBase64url } from "../loading/base64.js";
import { count, invalid, json, object, options as optional, seconds, text } from "../refusals/input.js";
import { HandstampError } from "../refusals/refusal.js";
import { refuseInWindow } from "../refusals/secrets.js";
import { ask, exports, generation, load } from "./verify-module.js";

/** @import * as Types from "../verify.js" */

/** Longer than any token may be: the rest would only be copied. */
const LONGEST = 16 * 1024 + 1;

const decoder = new TextDecoder();
const warnings = /** @type {Types.WarningCode[]} */ (Object.keys(catalogue.warnings));

/**
 * @param {() => Types.ModuleSource | Promise<Types.ModuleSource>} source where the host has the module
 * @returns {{ init: typeof Types.init, createVerifier: typeof Types.createVerifier }}
 */
export function createApi(source) {
  /** @type {typeof Types.init} */
  const init = (given) => load(() => given ?? source());

  /** @type {typeof Types.createVerifier} */
  const createVerifier = async (settings, given) => {
    const options = optional(given);
    refuseInWindow(object(settings, "settings"), options);
    const plain = json(settings, "settings");
    await init();
    return new Verifier(plain);
  };
  return { init, createVerifier };
}

/** @implements {Types.Verifier} */
class Verifier {
  /** What the handle is made of: after a trap it is made again. @type {string} */ #settings;
  /** @type {Map<number, string>} */ #installed = new Map();
  #handle = -1;
  #generation = 0;

  /** @param {string} settings */
  constructor(settings) {
    this.#settings = settings;
    this.#open();
    registry.register(this, { handle: this.#handle, generation: this.#generation }, this);
  }

  /** @param {string} compact @param {{ now?: Types.Moment }} [options] */
  async verify(compact, options) {
    return this.verifySync(compact, options);
  }

  /** @param {string} compact @param {{ now?: Types.Moment }} [options] @returns {Types.Verified} */
  verifySync(compact, options) {
    const now = seconds(optional(options).now);
    if (compact === undefined || compact === null || compact === "") throw new HandstampError("token_missing");
    const token = text(compact, "token").slice(0, LONGEST);
    const handle = this.#open();
    return verified(token, ask(token, (module, bytes) => module.verify(handle, bytes, now)));
  }

  keySetUrls() {
    const handle = this.#open();
    const lines = ask("", (module) => module.addresses(handle)).split("\n");
    return lines.slice(0, -1).map((line) => {
      const end = line.indexOf(" ");
      return { index: Number(line.slice(0, end)), url: line.slice(end + 1) };
    });
  }

  /** @param {number} index @param {string} set */
  installKeySet(index, set) {
    const place = count(index, "index");
    if (place === undefined) throw invalid("index", "a place in verify", index);
    const handle = this.#open();
    const found = remarks(ask(text(set, "text"), (module, bytes) => module.install(handle, place, bytes)));
    this.#installed.set(place, set);
    return found;
  }

  close() {
    if (this.#generation === generation()) exports().release(this.#handle);
    registry.unregister(this);
    this.#settings = "";
    this.#installed.clear();
    this.#generation = -1;
  }

  [Symbol.dispose]() {
    this.close();
  }

  /** The handle in the instance that is running. */
  #open() {
    if (this.#generation === generation()) return this.#handle;
    if (this.#generation < 0) {
      throw new HandstampError("settings_invalid", { at: "verifier", expected: "an open verifier", got: "a closed one" });
    }
    ask(this.#settings, (module, bytes) => module.prepare(bytes));
    this.#generation = generation();
    const handle = exports().handle();
    this.#handle = handle;
    for (const [place, set] of this.#installed) ask(set, (module, bytes) => module.install(handle, place, bytes));
    return handle;
  }
}

// Frees the keys of verifiers that nobody closed.
const registry = new FinalizationRegistry((/** @type {{ handle: number, generation: number }} */ held) => {
  if (held.generation === generation()) exports().release(held.handle);
});

/**
 * A verified token; what was signed becomes objects when it is first looked at.
 * @param {string} token
 * @param {string} answer
 * @returns {Types.Verified}
 */
function verified(token, answer) {
  const end = answer.indexOf("\n");
  const line = answer.slice(0, end);
  /** @type {Record<string, unknown> | undefined} */
  let header;
  /** @type {Record<string, unknown> | undefined} */
  let claims;
  return {
    get header() {
      return (header ??= JSON.parse(decoder.decode(fromBase64url(token.slice(0, token.indexOf("."))))));
    },
    get claims() {
      return (claims ??= JSON.parse(answer.slice(end + 1)));
    },
    source: Number.parseInt(line, 10),
    warnings: remarks(line),
  };
}

/** @param {string} line `…,<number> <place>,…` @returns {Types.Warning[]} */
function remarks(line) {
  return line.split(",").slice(1).map((remark) => {
    const end = remark.indexOf(" ");
    const code = /** @type {Types.WarningCode} */ (warnings[Number(remark.slice(0, end))]);
    const at = remark.slice(end + 1);
    const { says } = catalogue.warnings[code];
    return { code, message: at === "" ? says : `${says} At ${at}.`, ...(at !== "" && { at }) };
  });
}
