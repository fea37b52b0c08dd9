// The API over any host. Each function checks its arguments, calls the module, and gives its answer the shape
// that index.d.ts documents.

import { encrypt } from "./encrypt.js";
import { refusing } from "../loading/error.js";
import { bytes, count, json, object, options as optional, optionalText, text, token } from "../refusals/input.js";
import { refuseInWindow, refusePrivateInWindow } from "../refusals/secrets.js";
import { rehearseFirstCalls } from "./rehearsal.js";
import { sign } from "./sign.js";
import { prepare } from "./verifier.js";
import { readable, readableDecryptKey, readableSource } from "../shared/key-material.js";
import { ask, part, text as said, through } from "../host/exchange.js";
import { Operations } from "../host/operations.js";
import { running } from "../loading/revival.js";

/** @import * as Types from "../index.js" */
/** @typedef {typeof import("../handstamp_accounts.js")} AccountsModule the module of accounts: all of the other, and more */

/**
 * @typedef {object} Host how an entry gives the API its module
 * @property {() => import("../loading/instance.js").Module} module the running module, now
 * @property {typeof Types.init} init
 * @property {() => Promise<void>} ready makes `module()` work, where that takes time
 * @property {boolean} [rehearses] whether what imports the package has time: workers start before their first request
 */

/**
 * Header and content of a token, by the module or by the host.
 * @param {import("../loading/instance.js").Module} module
 * @param {string} compact
 * @param {(length: number, host: number) => number} run
 */
async function opened(module, compact, run) {
  const read = () => ({ header: JSON.parse(said()), content: part(1).slice() });
  const operations = new Operations();
  return through(module, { token: token(compact), run, read, still: running }, () => operations);
}

/** A part of a token with the members of its JSON, where the module could read that. @param {Types.Part} part */
function withMembers(part) {
  return part.json === undefined || part.fault ? part : { ...part, members: JSON.parse(part.json) };
}

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

  /** @type {typeof Types.inspect} */
  const inspect = (compact) => {
    const module = host.module();
    const given = compact === "" ? compact : token(compact);
    const call = { token: given, run: module.inspect, read: () => JSON.parse(said()), still: running };
    const { parts, ...rest } = ask(module, call);
    return { ...rest, parts: parts.map(withMembers) };
  };

  /** @type {typeof Types.verifyCompact} */
  const verifyCompact = async (compact, key, options) => {
    refuseInWindow({ verify: object(key, "key") }, optional(options));
    const source = json(await readableSource(key, ""), "key");
    const module = await ready();
    const { header, content } = await opened(module, compact, (length, by) => module.verifyCompact(length, by, source));
    return { header, payload: content };
  };

  /** @type {typeof Types.decryptCompact} */
  const decryptCompact = async (compact, key, options) => {
    refusePrivateInWindow(optional(options));
    const source = json(await readableDecryptKey(object(key, "key"), ""), "key");
    const module = await ready();
    const { header, content } = await opened(module, compact, (length, by) => module.decryptCompact(length, by, source));
    return { header, plaintext: content };
  };

  /** @type {typeof Types.encryptCompact} */
  const encryptCompact = async (plaintext, key, options) => {
    const { alg, enc, kid, cty, ...rest } = object(options, "options");
    /** @type {Record<string, any>} */
    const named = { ...object(key, "key"), alg: text(alg, "options.alg"), enc: text(enc, "options.enc") };
    const content = bytes(plaintext, "plaintext");
    const names = [optionalText(kid, "options.kid"), optionalText(cty, "options.cty")];
    refusePrivateInWindow(rest);
    // A recipient's key is a public one; of another kind, it is a secret.
    const held = await readable(named.key, "/key", /^(RSA|ECDH)/.test(named.alg) ? "public" : "secret");
    const source = json({ ...named, key: held }, "key");
    const module = await ready();
    return encrypt(module, content, source, { kid: names[0], cty: names[1] });
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

  if (host.rehearses) void rehearseFirstCalls(createVerifier);
  const { init } = host;
  return {
    init, createVerifier, decide, mapProfile, inspect, verifyCompact, decryptCompact, encryptCompact, signCompact,
  };
}
