// handstamp/verify over any host: a verifier by the small module.

import { TOKEN_BYTES } from "../bounds.js";
import { codes, warnings } from "../codes.js";
import { count, invalid, object, options as optional, seconds, settings as settingsText, text, token } from "../refusals/input.js";
import { HandstampError, saying } from "../refusals/refusal.js";
import { refuseInWindow } from "../refusals/secrets.js";
import { listenerOf, told, watched } from "../shared/calls.js";
import { headerOf } from "../shared/headers.js";
import { readableKeys } from "../shared/key-material.js";
import { KeySets, hooksOf } from "../shared/key-sets.js";
import { ask, exports, generation, load, write } from "./verify-module.js";

/** @import * as Types from "../verify.js" */
/** @import { Ask, Machine } from "../shared/key-sets.js" */

/** Longer than any token may be: the rest would only be copied. */
const LONGEST = TOKEN_BYTES + 1;

/** The events of the module's machine, and its answers, by their places. */
const EVENTS = ["need", "refresh", "doubt", "fetched", "failed", "use"];
const DECISIONS = /** @type {const} */ (["use", "fetch", "refuse"]);

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
    const [hooks, tell] = [hooksOf(options), listenerOf(options.onEvent)];
    refuseInWindow(object(settings, "settings"), options);
    const plain = settingsText(await readableKeys(object(settings, "settings")));
    await init();
    return new Verifier(plain, { ...hooks, ...(tell && { tell }) });
  };
  return { init, createVerifier };
}

/** @implements {Types.Verifier} */
class Verifier {
  /** What the handle is made of: after a trap it is made again. @type {string} */ #settings;
  /** @type {Map<number, string>} */ #installed = new Map();
  /** @type {KeySets | null} */ #sets = null;
  /** @type {import("../shared/calls.js").Tell | undefined} */ #tell;
  #handle = -1;
  #generation = 0;

  /** @param {string} settings @param {ReturnType<typeof hooksOf>} hooks */
  constructor(settings, hooks) {
    this.#settings = settings;
    this.#open();
    this.#tell = hooks.tell;
    const urls = this.keySetUrls();
    if (urls.length > 0 && hooks.fetches) this.#sets = new KeySets(urls, (index) => this.#machine(index), this, hooks);
    registry?.register(this, { handle: this.#handle, generation: this.#generation }, this);
  }

  /** @param {string} compact @param {{ now?: Types.Moment, signal?: AbortSignal }} [options] @returns {Promise<any>} */
  async verify(compact, options) {
    const { now: moment, signal } = optional(options);
    const now = seconds(moment);
    const [sets, given] = [this.#sets, token(compact).slice(0, LONGEST)];
    const verify = () => this.#verify(given, now);
    const newerKeys = async (/** @type {string} */ code) => this.#newerKeys(given, code, now);
    const call = sets ? () => sets.during(async () => verify(), newerKeys) : verify;
    return watched(this.#tell, signal, call);
  }

  /** @param {string} compact @param {{ now?: Types.Moment }} [options] @returns {any} */
  verifySync(compact, options) {
    const now = seconds(optional(options).now);
    const given = token(compact).slice(0, LONGEST);
    return told(this.#tell, () => {
      this.#sets?.age();
      return this.#verify(given, now);
    });
  }

  /** @param {string} compact @param {number} now @returns {Types.Verified} */
  #verify(compact, now) {
    const handle = this.#open();
    return verified(compact, ask(compact, (module, bytes) => module.verify(handle, bytes, now)));
  }

  /** @param {string} compact @param {string} code @param {number} now */
  #newerKeys(compact, code, now) {
    const handle = this.#open();
    const event = ask(compact, (module, bytes) => module.event(handle, codes.indexOf(/** @type {any} */ (code)), bytes, now));
    return event === "" ? null : /** @type {Ask} */ (event);
  }

  /** What is remembered of a key set, by the small module. @param {number} index @returns {Machine} */
  #machine(index) {
    return {
      step: (event, now) => {
        const handle = this.#open();
        const [name, told] = typeof event === "string" ? [event, ""] : ["fetched", event.cacheControl ?? ""];
        const module = exports();
        return DECISIONS[module.step(handle, index, EVENTS.indexOf(name), write(module, told), now)] ?? "refuse";
      },
      freshUntil: () => exports().fresh(this.#open(), index) || undefined,
    };
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
    this.#sets?.given(place);
    return found;
  }

  /** @param {number} index */
  forgetKeySet(index) {
    const handle = this.#open();
    if (!this.keySetUrls().some((one) => one.index === index)) throw invalid("index", "a place in verify with a `url`", index);
    if (this.#installed.delete(index)) exports().forget(handle, index);
  }

  close() {
    if (this.#generation === generation()) exports().release(this.#handle);
    registry?.unregister(this);
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

// Frees the keys of verifiers that nobody closed, where the host tells.
const registry = typeof FinalizationRegistry === "function" ? new FinalizationRegistry(freed) : undefined;

/** @param {{ handle: number, generation: number }} held */
function freed(held) {
  if (held.generation === generation()) exports().release(held.handle);
}

/**
 * A verified token.
 * @param {string} token
 * @param {string} answer
 * @returns {Types.Verified}
 */
function verified(token, answer) {
  const end = answer.indexOf("\n");
  const line = answer.slice(0, end);
  return { header: headerOf(token), claims: JSON.parse(answer.slice(end + 1)), source: Number.parseInt(line, 10), warnings: remarks(line) };
}

/** @param {string} line `…,<number> <place>,…` @returns {Types.Warning[]} */
function remarks(line) {
  return line.split(",").slice(1).map((remark) => {
    const end = remark.indexOf(" ");
    const code = /** @type {Types.WarningCode} */ (warnings[Number(remark.slice(0, end))]);
    const at = remark.slice(end + 1);
    const says = saying(code);
    return { code, message: at === "" ? says : `${says} At ${at}.`, ...(at !== "" && { at }) };
  });
}
