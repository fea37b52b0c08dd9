// A verifier: settings and keys prepared once, then asked for any number of tokens.

import { catalogue } from "./catalogue.js";
import { HandstampError, refusing } from "./error.js";
import { count, invalid, json, object, options as optional, optionalText, seconds, text, token } from "./input.js";
import { refuseInWindow } from "./secrets.js";
import { KeySets } from "./key-sets.js";
import { running } from "./revival.js";
import { WebCrypto } from "./webcrypto.js";

/** @import * as Types from "./index.js" */
/** @typedef {import("./instance.js").Module} Module */
/** @typedef {{ campaignId: string, now: number, fields: string | undefined }} Wanted */

const encoder = new TextEncoder();

/**
 * @param {Module} module
 * @param {unknown} settings
 * @param {unknown} given
 * @returns {Types.Verifier}
 */
export function prepare(module, settings, given) {
  const options = optional(given);
  if (options.fetch !== undefined && options.fetch !== false && typeof options.fetch !== "function")
    throw invalid("options.fetch", "a function, or false", options.fetch);
  refuseInWindow(object(settings, "settings"), options);
  const bytes = encoder.encode(json(settings, "settings"));
  return new Verifier(module, bytes, /** @type {Types.VerifierOptions["fetch"]} */ (options.fetch));
}

/** @implements {Types.Verifier} */
class Verifier {
  /** @type {Module} */ #module;
  /** @type {import("./handstamp.js").Verifier | null} */ #handle;
  /** What the handle is made of: after a trap it is made again. */
  #settings;
  /** @type {Map<number, Uint8Array>} */ #installed = new Map();
  #instance = running();
  /** @type {readonly { index: number, url: string }[]} */ #urls;
  /** @type {KeySets | null} */ #sets;
  #webCrypto = new WebCrypto();

  /**
   * @param {Module} module
   * @param {Uint8Array} settings
   * @param {Types.VerifierOptions["fetch"]} fetch
   */
  constructor(module, settings, fetch) {
    this.#module = module;
    this.#settings = settings;
    const handle = refusing(() => new module.Verifier(settings));
    this.#handle = handle;
    this.#urls = JSON.parse(refusing(() => handle.keySetUrls()));
    const install = (/** @type {number} */ index, /** @type {string} */ set) => this.installKeySet(index, set);
    this.#sets = this.#urls.length === 0 || fetch === false ? null : new KeySets(module, [...this.#urls], install, fetch);
  }

  /** @param {string} compact @param {Types.AdmitOptions} options */
  async admit(compact, options) {
    const wanted = this.#wanted(options);
    const { participations } = options;
    const known = typeof participations === "function" ? undefined : count(participations, "options.participations");
    const admit = () => this.#by((host) => this.#admit(compact, wanted, known, host));
    const wouldPass = () => this.wouldPass(compact, { campaignId: wanted.campaignId, now: wanted.now });
    const admission = await this.#withKeys(admit, (found) => found.provenance?.source, wouldPass);
    if (typeof participations !== "function" || admission.decision !== "limit_unchecked") return admission;
    const who = { subject: admission.subject, campaignId: admission.campaignId };
    return this.#judge(admission, count(await participations(who), "options.participations()"));
  }

  /** @param {string} compact @param {Types.AdmitSyncOptions} options */
  admitSync(compact, options) {
    const wanted = this.#wanted(options);
    return this.#admit(compact, wanted, count(options.participations, "options.participations"));
  }

  /**
   * @param {Types.Admission} admission
   * @param {object} profile
   * @param {{ fields?: Types.Fields }} [options]
   */
  complete(admission, profile, options) {
    const { fields } = optional(options);
    const given = object(admission, "admission");
    // The two hidden members go along: the module takes the access token out of what it returns.
    const whole = json({ ...given, needsProfile: given.needsProfile, provenance: given.provenance }, "admission");
    const data = json(object(profile, "profile"), "profile");
    const form = fields === undefined ? undefined : json(object(fields, "options.fields"), "options.fields");
    return shape(refusing(() => this.#open().complete(whole, data, form)));
  }

  /** @param {string} compact @param {{ now?: Types.Moment }} [options] */
  async verify(compact, options) {
    const now = seconds(optional(options).now);
    const verify = () => this.#by((host) => this.#verify(compact, now, host));
    return this.#withKeys(verify, (found) => found.source, () => this.wouldPass(compact, { now }));
  }

  /** @param {string} compact @param {{ now?: Types.Moment }} [options] */
  verifySync(compact, options) {
    return this.#verify(compact, seconds(optional(options).now));
  }

  /** @param {string} compact @param {{ campaignId?: string, now?: Types.Moment }} [options] */
  async explain(compact, options) {
    const { campaignId, now } = optional(options);
    const campaign = optionalText(campaignId, "options.campaignId");
    const moment = seconds(now);
    const given = compact === undefined || compact === null ? "" : text(compact, "token");
    // Fetches what the token needs; whatever comes of it, the report says so.
    if (given !== "") {
      const verify = () => this.#by((host) => this.#verify(given, moment, host));
      const wouldPass = () => this.wouldPass(given, { now: moment });
      await this.#withKeys(verify, () => undefined, wouldPass).catch(() => {});
    }
    const report = await this.#by((host) => {
      const bytes = given === "" ? new Uint8Array() : token(given);
      return JSON.parse(refusing(() => this.#open().explain(bytes, campaign, moment, host)));
    });
    const worded = inWords(report);
    return this.#sets?.failure ? withFailure(worded, this.#sets.failure) : worded;
  }

  /** @param {string} compact @param {{ campaignId?: string, now?: Types.Moment }} [options] @returns {Promise<boolean>} */
  async wouldPass(compact, options) {
    const { campaignId, now } = optional(options);
    const [campaign, moment] = [optionalText(campaignId, "options.campaignId"), seconds(now)];
    return this.#by((host) => JSON.parse(refusing(() => this.#open().wouldPass(token(compact), campaign, moment, host))));
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
    return warnings;
  }

  close() {
    if (this.#instance === running()) this.#handle?.free();
    this.#handle = null;
    this.#settings.fill(0);
    this.#installed.clear();
    this.#sets = null;
    this.#webCrypto = new WebCrypto();
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
   * @param {string} [host] what the host can; without, the call is synchronous
   * @returns {Types.Admission}
   */
  #admit(compact, { campaignId, now, fields }, known, host) {
    return shape(refusing(() => this.#open().admit(token(compact), campaignId, now, known, fields, host)));
  }

  /** @param {string} compact @param {number} now @param {string} [host] @returns {Types.Verified} */
  #verify(compact, now, host) {
    return verified(refusing(() => this.#open().verify(token(compact), now, host)));
  }

  /**
   * Runs a call that may need the host's WebCrypto.
   * @template T
   * @param {(host: string) => T} call
   * @returns {Promise<T>}
   */
  #by(call) {
    return this.#webCrypto.during(call);
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
   * @param {(result: T) => number | undefined} sourceOf
   * @param {() => Promise<boolean>} wouldPass
   * @returns {Promise<T>}
   */
  async #withKeys(verification, sourceOf, wouldPass) {
    return this.#sets ? this.#sets.during(verification, sourceOf, wouldPass) : verification();
  }
}

// Older hosts do not know Symbol.dispose; there the method above has a meaningless name and close() serves.

/** For every value that is left out of the form. */
const LEFT_OUT = "The value, or this part of it, is left out of the form; nobody is refused for it.";

/**
 * A report with the words of the catalogue: the module has only their codes.
 * @param {Types.Report} report
 * @returns {Types.Report}
 */
function inWords({ checks, ...rest }) {
  const { codes, warnings, clues, ignored } = catalogue;
  /** @type {Record<string, { how: string, fix: Types.Check["fix"] }>} */
  const rows = { ...codes, ...warnings, ...clues };
  const words = (/** @type {string} */ code) => {
    if (Object.hasOwn(rows, code)) return { hint: rows[code].how, fix: rows[code].fix };
    return Object.hasOwn(ignored, code) ? { hint: LEFT_OUT, fix: /** @type {const} */ ("issuer") } : {};
  };
  const found = (/** @type {Types.Check} */ { status }) => status === "fail" || status === "warn";
  return { ...rest, checks: checks.map((check) => (found(check) ? { ...check, ...words(check.code) } : check)) };
}

/**
 * A report in which a key set that is not there says why not.
 * @param {Types.Report} report
 * @param {HandstampError} failure
 * @returns {Types.Report}
 */
function withFailure({ verdict, code, checks }, { code: cause, details: { expected, got, how, fix } }) {
  const why = { code: cause, ...(expected && { expected }), ...(got && { got }), hint: how, fix };
  const missing = "key_set_not_loaded";
  return {
    verdict,
    ...(code !== undefined && { code: code === missing ? cause : code }),
    checks: checks.map((check) => (check.code === missing ? { ...check, ...why } : check)),
  };
}

/**
 * A verified token, whose claims become an object when they are first looked at; or what the module asks for.
 * @param {string} text
 * @returns {Types.Verified}
 */
function verified(text) {
  const end = text.indexOf("\n");
  if (end < 0) return JSON.parse(text);
  const { header, source, warnings } = JSON.parse(text.slice(0, end));
  /** @type {Record<string, unknown> | undefined} */
  let claims;
  return {
    header,
    get claims() {
      return (claims ??= JSON.parse(text.slice(end + 1)));
    },
    set claims(others) {
      claims = others;
    },
    source,
    warnings,
  };
}

/** An admission, with what must not be serialised hidden. @param {string} text @returns {Types.Admission} */
function shape(text) {
  const admission = JSON.parse(text);
  for (const name of ["needsProfile", "provenance"]) {
    if (name in admission) Object.defineProperty(admission, name, { enumerable: false });
  }
  return admission;
}
