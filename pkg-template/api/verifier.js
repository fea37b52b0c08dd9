// A verifier: settings and keys prepared once, then asked for any number of tokens.

import { HandstampError, refusing } from "../loading/error.js";
import { ask, text as said, through } from "../host/exchange.js";
import { Operations } from "../host/operations.js";
import { CHECKS, count, invalid, json, object, options as optional, optionalText, plainSettings, seconds, text, token } from "../refusals/input.js";
import { inWords, withFailure } from "./report.js";
import { admission as shape, verified } from "./results.js";
import { refuseInWindow } from "../refusals/secrets.js";
import { listenerOf, told, watched } from "../shared/calls.js";
import { readableKeys } from "../shared/key-material.js";
import { KeySets, hooksOf } from "../shared/key-sets.js";
import { running } from "../loading/revival.js";

/** @import * as Types from "../index.js" */
/** @typedef {import("../loading/instance.js").Module} Module */
/**
 * @template T
 * @typedef {import("../host/exchange.js").Call<T>} Call
 */
/** @typedef {{ campaignId: string, now: number, fields: string | undefined }} Wanted */

const encoder = new TextEncoder();

/**
 * @param {Module} module
 * @param {unknown} settings
 * @param {unknown} given
 * @returns {Types.Verifier | Promise<Types.Verifier>}
 */
export function prepare(module, settings, given) {
  const options = optional(given);
  const [hooks, tell] = [hooksOf(options), listenerOf(options.onEvent)];
  const named = object(settings, "settings");
  refuseInWindow(named, options);
  const made = (/** @type {Record<string, unknown>} */ readable) => {
    const plain = plainSettings(readable);
    // Each look of the module at a value is a crossing, so it looks only where there is something to judge.
    const bytes = plain === undefined ? refusing(() => module.settingsText(readable, CHECKS)) : encoder.encode(plain);
    return new Verifier(module, bytes, { ...hooks, ...(tell && { tell }) });
  };
  const readable = readableKeys(named);
  return readable instanceof Promise ? readable.then(made) : made(readable);
}

/** What is remembered of a key set, by the whole module. @param {Module} module @returns {import("../shared/key-sets.js").Machine} */
function machineOf(module) {
  /** @type {{ freshUntil: number } | null} */
  let cache = null;
  return {
    step(event, now) {
      const told = typeof event === "string" ? { type: event } : { type: "fetched", purpose: "keySet", ...event };
      const next = JSON.parse(refusing(() => module.keySetNext(JSON.stringify(cache), JSON.stringify(told), now)));
      cache = next.cache;
      return next.decision;
    },
    freshUntil: () => cache?.freshUntil || undefined,
  };
}

const admissionSaid = () => shape(said());
const jsonSaid = () => JSON.parse(said());

/** @implements {Types.Verifier} */
class Verifier {
  /** @type {Module} */ #module;
  /** @type {import("../handstamp.js").Verifier | null} */ #handle;
  /** What the handle is made of: after a trap it is made again. */
  #settings;
  /** @type {Map<number, Uint8Array>} */ #installed = new Map();
  #instance = running();
  /** @type {readonly { index: number, url: string }[]} */ #urls;
  /** @type {KeySets | null} */ #sets;
  #operations = new Operations();
  /** @type {import("../shared/calls.js").Tell | undefined} */ #tell;

  /**
   * @param {Module} module
   * @param {Uint8Array} settings
   * @param {ReturnType<typeof hooksOf>} hooks
   */
  constructor(module, settings, hooks) {
    this.#module = module;
    this.#settings = settings;
    const handle = refusing(() => new module.Verifier(settings));
    this.#handle = handle;
    this.#urls = JSON.parse(refusing(() => handle.keySetUrls()) ?? "[]");
    this.#sets = this.#urls.length === 0 || !hooks.fetches ? null : new KeySets([...this.#urls], () => machineOf(module), this, hooks);
    this.#tell = hooks.tell;
  }

  /** @param {string} compact @param {Types.AdmitOptions} options */
  async admit(compact, options) {
    const wanted = this.#wanted(options);
    const { participations, signal } = options;
    return watched(this.#tell, signal, () => this.#admit(compact, wanted, participations));
  }

  /** @param {string} compact @param {Wanted} wanted @param {Types.AdmitOptions["participations"]} participations */
  async #admit(compact, wanted, participations) {
    const known = typeof participations === "function" ? undefined : count(participations, "options.participations");
    const admit = async () => this.#through(this.#admission(compact, wanted, known));
    const newerKeys = (/** @type {string} */ code) => this.newerKeys(compact, code, { campaignId: wanted.campaignId, now: wanted.now });
    const admission = await this.#withKeys(admit, newerKeys);
    if (typeof participations !== "function" || admission.decision !== "limit_unchecked") return admission;
    const who = { subject: admission.subject, campaignId: admission.campaignId };
    return this.#judge(admission, count(await participations(who), "options.participations()"));
  }

  /** @param {string} compact @param {Types.AdmitSyncOptions} options */
  admitSync(compact, options) {
    const wanted = this.#wanted(options);
    const known = count(options.participations, "options.participations");
    return told(this.#tell, () => this.#atOnce(this.#admission(compact, wanted, known)));
  }

  /**
   * @param {Types.Admission} admission
   * @param {object} profile
   * @param {{ fields?: Types.Fields }} [options]
   */
  complete(admission, profile, options) {
    const { fields } = optional(options);
    const given = object(admission, "admission");
    // The hidden members go along: the module takes the access token out of what it returns.
    const { needsProfile, profileBinds, provenance } = given;
    const whole = json({ ...given, needsProfile, profileBinds, provenance }, "admission");
    const data = json(object(profile, "profile"), "profile");
    const form = fields === undefined ? undefined : json(object(fields, "options.fields"), "options.fields");
    return shape(refusing(() => this.#open().complete(whole, data, form)));
  }

  /** @param {string} compact @param {{ now?: Types.Moment, signal?: AbortSignal }} [options] @returns {Promise<any>} */
  verify(compact, options) {
    // Not async: that would put a promise around each.
    try {
      const { now: moment, signal } = optional(options);
      const now = seconds(moment);
      const found = watched(this.#tell, signal, () => {
        const verify = () => this.#through(this.#verification(compact, now));
        if (!this.#sets) return verify();
        return this.#sets.during(async () => verify(), (code) => this.newerKeys(compact, code, { now }));
      });
      return found instanceof Promise ? found : Promise.resolve(found);
    } catch (fault) {
      return Promise.reject(fault);
    }
  }

  /** @param {string} compact @param {{ now?: Types.Moment }} [options] @returns {any} */
  verifySync(compact, options) {
    const now = seconds(optional(options).now);
    return told(this.#tell, () => this.#atOnce(this.#verification(compact, now)));
  }

  /** @param {string} compact @param {{ campaignId?: string, now?: Types.Moment }} [options] */
  async explain(compact, options) {
    const { campaignId, now } = optional(options);
    const campaign = optionalText(campaignId, "options.campaignId");
    const moment = seconds(now);
    const given = compact === undefined || compact === null ? "" : text(compact, "token");
    // Fetches what the token needs; whatever comes of it, the report says so.
    if (given !== "") {
      const verify = async () => this.#through(this.#verification(given, moment));
      const newerKeys = (/** @type {string} */ code) => this.newerKeys(given, code, { now: moment });
      await this.#withKeys(verify, newerKeys).catch(() => {});
    }
    const run = (/** @type {number} */ length, /** @type {number} */ host) => this.#open().explain(length, host, campaign, moment);
    const worded = inWords(await this.#through(this.#question(given, run)));
    return this.#sets?.failure ? withFailure(worded, this.#sets.failure) : worded;
  }

  /**
   * @param {string} compact @param {string} code @param {{ campaignId?: string, now?: Types.Moment }} [options]
   * @returns {ReturnType<Types.Verifier["newerKeys"]>}
   */
  async newerKeys(compact, code, options) {
    const { campaignId, now } = optional(options);
    const [refusal, campaign, moment] = [text(code, "code"), optionalText(campaignId, "options.campaignId"), seconds(now)];
    const run = (/** @type {number} */ length, /** @type {number} */ host) => this.#open().newerKeys(length, host, refusal, campaign, moment);
    return this.#through(this.#question(compact, run));
  }

  /** @returns {object | null} */
  firstLook() {
    return JSON.parse(refusing(() => this.#open().firstLook()));
  }

  /** @returns {{ index: number, url: string }[]} */
  keySetUrls() {
    this.#open();
    return this.#urls.map(({ index, url }) => ({ index, url }));
  }

  /** @param {number} index @param {string} set @returns {Types.Warning[]} */
  installKeySet(index, set) {
    const place = count(index, "index");
    if (place === undefined) throw invalid("index", "a place in verify", index);
    const bytes = encoder.encode(text(set, "text"));
    const warnings = JSON.parse(refusing(() => this.#open().installKeySet(place, bytes)));
    this.#installed.set(place, bytes);
    this.#sets?.given(place);
    this.#operations = new Operations();
    return warnings;
  }

  /** @param {number} index */
  forgetKeySet(index) {
    const handle = this.#open();
    if (!this.#urls.some((one) => one.index === index)) throw invalid("index", "a place in verify with a `url`", index);
    if (!this.#installed.delete(index)) return;
    refusing(() => handle.forgetKeySet(index));
    this.#operations = new Operations();
  }

  close() {
    if (this.#instance === running()) this.#handle?.free();
    this.#handle = null;
    this.#settings.fill(0);
    this.#installed.clear();
    this.#sets = null;
    this.#operations = new Operations();
  }

  [Symbol.dispose]() {
    this.close();
  }

  #open() {
    if (!this.#handle) throw new HandstampError("settings_invalid", { at: "verifier", expected: "an open verifier", got: "a closed one" });
    if (this.#instance !== running()) {
      const handle = refusing(() => new this.#module.Verifier(this.#settings));
      for (const [place, set] of this.#installed) refusing(() => handle.installKeySet(place, set));
      this.#handle = handle;
      this.#instance = running();
    }
    return this.#handle;
  }

  /** @param {unknown} given @returns {Wanted} */
  #wanted(given) {
    const { campaignId, now, fields } = object(given, "options");
    const form = fields === undefined ? undefined : json(object(fields, "options.fields"), "options.fields");
    return { campaignId: text(campaignId, "options.campaignId"), now: seconds(now), fields: form };
  }

  /**
   * @param {string} compact
   * @param {Wanted} wanted
   * @param {number | undefined} known
   * @returns {Call<Types.Admission>}
   */
  #admission(compact, { campaignId, now, fields }, known) {
    this.#open();
    return {
      token: token(compact),
      run: (length, host) => this.#open().admit(length, host, campaignId, now, known, fields),
      read: admissionSaid,
      still: this.#still,
    };
  }

  /** @param {string} compact @param {number} now @returns {Call<Types.Verified>} */
  #verification(compact, now) {
    this.#open();
    return {
      token: token(compact),
      run: (length, host) => this.#open().verify(length, host, now),
      read: verified,
      still: this.#still,
    };
  }

  /** A call that says JSON. @param {string} compact @param {Call<any>["run"]} run @returns {Call<any>} */
  #question(compact, run) {
    this.#open();
    return { token: compact && token(compact), run, read: jsonSaid, still: this.#still };
  }

  #keys = () => this.#operations;

  /** What the calls that wait belong to. */
  #still = () => (this.#instance === running() ? this.#handle : undefined);

  /**
   * Runs a call that may neither fetch nor wait.
   * @template T
   * @param {Call<T>} call
   * @returns {T}
   */
  #atOnce(call) {
    this.#sets?.age();
    return ask(this.#module, call);
  }

  /**
   * Runs a call that may need the host; at once, where the module needs nobody else.
   * @template T
   * @param {Call<T>} call
   * @returns {T | Promise<T>}
   */
  #through(call) {
    return through(this.#module, call, this.#keys);
  }

  /** @param {Types.Admission} admission @param {number | undefined} known @returns {Types.Admission} */
  #judge(admission, known) {
    const limit = JSON.stringify(admission.limit ?? {});
    Object.assign(admission, JSON.parse(refusing(() => this.#module.decide(limit, known))));
    if (known !== undefined) admission.warnings = admission.warnings.filter(({ code }) => code !== "limit_unchecked");
    return admission;
  }

  /**
   * Runs a verification with the key sets that it needs.
   * @template T
   * @param {() => Promise<T>} verification
   * @param {(code: string) => ReturnType<Types.Verifier["newerKeys"]>} newerKeys
   * @returns {Promise<T>}
   */
  async #withKeys(verification, newerKeys) {
    return this.#sets ? this.#sets.during(verification, newerKeys) : verification();
  }
}

// Older hosts do not know Symbol.dispose; there the method above has a meaningless name and close() serves.
