// Reading a request's body: the media type first, then at most so many bytes, then JSON or a form.

import { readCapped } from "../platform/bytes.js";
import { bounds } from "../platform/handstamp.js";
import { fitting } from "./asked.js";
import { Refusal } from "./problem.js";

/** Bytes of an ordinary body, and of one that carries a token (16 KiB) with its surroundings. */
export const BODY_BYTES = 64 * 1024;
/** Of an answer that a login page posts: as much as a query may have. */
export const POSTED_BYTES = 16 * 1024;
export const TOKEN_BODY_BYTES = 20 * 1024;
const STRAY_BYTES = 16 * 1024;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param {Request} request
 * @param {number} limit
 * @param {string} mediaType
 * @param {string} [tooLarge] code
 */
async function readText(request, limit, mediaType, tooLarge = "body_too_large") {
  const given = (request.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
  if (given !== mediaType) throw new Refusal("media_type_unsupported", { expected: mediaType });
  const bytes = await readBody(request, limit);
  if (!bytes) throw new Refusal(tooLarge, { expected: `at most ${limit} bytes` });
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Refusal("body_invalid", { expected: "UTF-8" });
  }
}

/**
 * @param {Request} request
 * @param {number} limit
 * @returns {Promise<Uint8Array | undefined>} nothing when there is more
 */
async function readBody(request, limit) {
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > limit) return undefined;
  if (!(declared >= 0) || request.headers.has("transfer-encoding")) return readCapped(request.body, limit);
  // No more than was declared arrives, so it is read at once: piece by piece takes several times as long.
  const bytes = new Uint8Array(await request.arrayBuffer());
  return bytes.byteLength > limit ? undefined : bytes;
}

/**
 * The body that a route reads.
 * @typedef {object} Body
 * @property {"application/json" | "application/x-www-form-urlencoded"} type
 * @property {import("../platform/valibot.js").GenericSchema} schema
 * @property {number} bytes at most
 * @property {string} [tooLarge] the code of a larger one, where it has one of its own
 * @property {true} [unread] its text is for a reader of its own, so the schema is only shown
 */

/** @template {Body["schema"]} T @param {T} schema @param {number} [bytes] @param {string} [tooLarge] @returns {Body & { schema: T }} */
export const jsonBody = (schema, bytes = 1024, tooLarge) => ({ type: "application/json", schema, bytes, ...(tooLarge && { tooLarge }) });
/** @template {Body["schema"]} T @param {T} schema @returns {Body & { schema: T }} */
export const unreadBody = (schema) => ({ type: "application/json", schema, bytes: BODY_BYTES, unread: true });
/** @template {Body["schema"]} T @param {T} schema @param {number} bytes @returns {Body & { schema: T }} */
export const formBody = (schema, bytes) => ({ type: "application/x-www-form-urlencoded", schema, bytes });
/** A form whose text is for a reader of its own. @template {Body["schema"]} T @param {T} schema @param {number} bytes @returns {Body & { schema: T }} */
export const unreadForm = (schema, bytes) => ({ type: "application/x-www-form-urlencoded", schema, bytes, unread: true });

/**
 * Reads the body of a request as its route says.
 * @param {Request} request
 * @param {Body} body
 * @returns {Promise<unknown>}
 */
export async function readAsked(request, { type, schema, bytes, tooLarge, unread }) {
  const text = await readText(request, bytes, type, tooLarge);
  if (unread) return text;
  if (type === "application/json") return fitting(schema, parseJson(text), "body_invalid");
  try {
    return fitting(schema, parseForm(text), "body_invalid");
  } catch (fault) {
    // RFC 6749 section 5.2 names the error in a member of its own.
    throw fault instanceof Refusal ? new Refusal(fault.code, fault.detail, { members: { error: "invalid_request" } }) : fault;
  }
}

/**
 * Reads the form of a navigation that no route takes, as far as it says where the person belongs.
 * @param {Request} request
 */
export async function readStrayForm(request) {
  if (request.method !== "POST" || request.bodyUsed) return undefined;
  const bytes = await readCapped(request.body, STRAY_BYTES);
  return bytes && new TextDecoder().decode(bytes);
}

/** @param {string} text @returns {Record<string, unknown>} */
function parseJson(text) {
  if (depthOf(text) > bounds.JSON_DEPTH) throw new Refusal("body_invalid", { expected: `at most ${bounds.JSON_DEPTH} levels` });
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal("body_invalid", { expected: "JSON" });
  }
  if (!isObject(value)) throw new Refusal("body_invalid", { expected: "a JSON object" });
  return value;
}

/** Reads a form by RFC 6749 section 3.2: each parameter once, and one without a value counts as left out. @param {string} text */
function parseForm(text) {
  const pairs = [...new URLSearchParams(text)];
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Refusal("body_invalid", { expected: "each parameter once" });
  return Object.fromEntries(pairs.filter(([, value]) => value !== ""));
}

/**
 * How deep a JSON text is nested at most, without reading it: deeper ones overflow the stack of whoever copies them.
 * @param {string} text
 */
function depthOf(text) {
  // Nearly every body opens fewer than it may nest.
  const opened = text.split(/[[{]/, bounds.JSON_DEPTH + 2).length - 1;
  if (opened <= bounds.JSON_DEPTH) return opened;
  let [depth, deepest, inString] = [0, 0, false];
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (sign === '"') inString = !inString;
    else if (inString && sign === "\\") i += 1;
    else if (!inString && (sign === "[" || sign === "{")) deepest = Math.max(deepest, (depth += 1));
    else if (!inString && (sign === "]" || sign === "}")) depth -= 1;
  }
  return deepest;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Refuses a browser's request that does not come from our own pages: the cookies of a frame are
 * `SameSite=None`. A caller that is no browser sends neither header.
 * @param {Request} request
 * @param {string} publicUrl
 */
export function requireOwnPage(request, publicUrl) {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  if (site === "same-origin") return;
  if ((site && site !== "none") || (origin && origin !== publicUrl)) {
    throw new Refusal("origin_refused", {}, { status: 403 });
  }
}

/**
 * Refuses whatever does not come from the console's own page at its own origin. A session goes with every request of a
 * browser, so a caller that does not say where it comes from is refused too.
 * @param {Request} request
 * @param {string} consoleUrl
 */
export function requireConsole(request, consoleUrl) {
  const { headers, method, url } = request;
  const isRead = method === "GET" || method === "HEAD";
  const origin = headers.get("origin");
  const isOwn = headers.get("sec-fetch-site") === "same-origin" && (origin === consoleUrl || (isRead && origin === null));
  if (!isOwn || new URL(url).host !== new URL(consoleUrl).host) throw new Refusal("origin_refused", {}, { status: 403 });
}
