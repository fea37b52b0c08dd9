// The API over any host. Each function checks its arguments, calls the module, and gives its answer the shape
// that index.d.ts documents.

import { refusing } from "./error.js";
import { bytes, count, json, object, options as optional, optionalText, text, token } from "./input.js";
import { refuseInWindow, refusePrivateInWindow } from "./secrets.js";
import { sign } from "./sign.js";
import { prepare } from "./verifier.js";

/** @import * as Types from "./index.js" */

/**
 * @typedef {object} Host how an entry gives the API its module
 * @property {() => import("./instance.js").Module} module the running module, now
 * @property {typeof Types.init} init
 * @property {() => Promise<void>} ready makes `module()` work, where that takes time
 */

/** @param {Host} host */
export function createApi(host) {
  const ready = async () => {
    await host.ready();
    return host.module();
  };

  /** @type {typeof Types.createVerifier} */
  const createVerifier = async (settings, options) => prepare(await ready(), settings, options);

  /** @type {typeof Types.decide} */
  const decide = (limit, participations) => {
    const given = limit === undefined ? "" : json(object(limit, "limit"), "limit");
    return JSON.parse(refusing(() => host.module().decide(given, count(participations, "participations"))));
  };

  /** @type {typeof Types.mapProfile} */
  const mapProfile = (profile, mapping, fields) => {
    const given = json(object(profile, "profile"), "profile");
    const rules = json(object(mapping, "mapping"), "mapping");
    const form = fields === undefined ? undefined : json(object(fields, "fields"), "fields");
    return JSON.parse(refusing(() => host.module().mapProfile(given, rules, form)));
  };

  /** @type {typeof Types.parseAccount} */
  const parseAccount = (document, options) => {
    const given = typeof document === "string" ? document : json(object(document, "document"), "document");
    return JSON.parse(refusing(() => host.module().parseAccount(bytes(given, "document"), optional(options).development === true)));
  };

  /** @type {typeof Types.verifyCompact} */
  const verifyCompact = async (compact, key, options) => {
    const source = json(object(key, "key"), "key");
    refuseInWindow({ verify: key }, optional(options));
    const module = await ready();
    const [header, payload] = refusing(() => module.verifyCompact(token(compact), source));
    return { header: JSON.parse(header), payload };
  };

  /** @type {typeof Types.decryptCompact} */
  const decryptCompact = async (compact, key, options) => {
    const source = json(object(key, "key"), "key");
    refusePrivateInWindow(optional(options));
    const module = await ready();
    const [header, plaintext] = refusing(() => module.decryptCompact(token(compact), source));
    return { header: JSON.parse(header), plaintext };
  };

  /** @type {typeof Types.encryptCompact} */
  const encryptCompact = async (plaintext, key, options) => {
    const { alg, enc, kid, cty, ...rest } = object(options, "options");
    const source = json({ ...object(key, "key"), alg: text(alg, "options.alg"), enc: text(enc, "options.enc") }, "key");
    const content = bytes(plaintext, "plaintext");
    const names = [optionalText(kid, "options.kid"), optionalText(cty, "options.cty")];
    refusePrivateInWindow(rest);
    const module = await ready();
    // Fresh for each call: under one key an IV must never repeat (RFC 7518 section 5.3).
    const entropy = crypto.getRandomValues(new Uint8Array(refusing(() => module.entropyBytes(source))));
    return refusing(() => module.encryptCompact(content, source, entropy, names[0], names[1]));
  };

  /** @type {typeof Types.signCompact} */
  const signCompact = async (payload, key, options) => {
    const { alg, kid, typ, ...rest } = object(options, "options");
    const header = {
      alg: text(alg, "options.alg"),
      typ: optionalText(typ, "options.typ"),
      kid: optionalText(kid, "options.kid"),
    };
    const content = bytes(payload, "payload");
    refusePrivateInWindow(rest);
    return sign(await ready(), header, content, key);
  };

  const { init } = host;
  return {
    init, createVerifier, decide, mapProfile, parseAccount,
    verifyCompact, decryptCompact, encryptCompact, signCompact,
  };
}
