// Reading a request's body: the media type first, then at most so many bytes, then JSON or a form.

import { Refusal } from "./problem.js";

/** Bytes of an ordinary body, and of one that carries a token (16 KiB) with its surroundings. */
export const BODY_BYTES = 64 * 1024;
export const TOKEN_BODY_BYTES = 20 * 1024;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Levels of a JSON body, as for every other JSON text. */
const DEPTH = 16;

/**
 * @param {ReadableStream<Uint8Array> | null} stream
 * @param {number} limit
 * @returns {Promise<Uint8Array | undefined>} nothing when there is more
 */
export async function readCapped(stream, limit) {
  if (!stream) return new Uint8Array();
  const reader = stream.getReader();
  /** @type {Uint8Array[]} */
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > limit) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/**
 * @param {Request} request
 * @param {number} limit
 * @param {string} mediaType
 */
async function readText(request, limit, mediaType) {
  const given = (request.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
  if (given !== mediaType) throw new Refusal("media_type_unsupported", { expected: mediaType });
  const bytes = await readBody(request, limit);
  if (!bytes) throw new Refusal("body_too_large", { expected: `at most ${limit} bytes` });
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
 * The text of a JSON body, for a reader of its own.
 * @param {Request} request
 * @param {number} [limit]
 */
export function readJsonText(request, limit = BODY_BYTES) {
  return readText(request, limit, "application/json");
}

/**
 * A JSON body that must be an object.
 * @param {Request} request
 * @param {number} [limit]
 * @returns {Promise<Record<string, unknown>>}
 */
export async function readJson(request, limit = BODY_BYTES) {
  const text = await readJsonText(request, limit);
  if (depthOf(text) > DEPTH) throw new Refusal("body_invalid", { expected: `at most ${DEPTH} levels` });
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal("body_invalid", { expected: "JSON" });
  }
  if (!isObject(value)) throw new Refusal("body_invalid", { expected: "a JSON object" });
  return value;
}

/**
 * How deep a JSON text is nested at most, without reading it: deeper ones overflow the stack of whoever copies them.
 * @param {string} text
 */
function depthOf(text) {
  // Nearly every body opens fewer than it may nest.
  const opened = text.split(/[[{]/, DEPTH + 2).length - 1;
  if (opened <= DEPTH) return opened;
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
 * @param {Request} request
 * @param {number} [limit]
 */
export async function readForm(request, limit = 8 * 1024) {
  return new URLSearchParams(await readText(request, limit, "application/x-www-form-urlencoded"));
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A member that must be a text which fits a pattern.
 * @param {Record<string, unknown>} body
 * @param {string} name
 * @param {RegExp} pattern
 * @returns {string}
 */
export function textMember(body, name, pattern) {
  const value = body[name];
  if (typeof value !== "string" || !pattern.test(value)) {
    throw new Refusal("body_invalid", { at: `/${name}`, expected: `text like ${pattern.source}`, got: typeof value });
  }
  return value;
}

/**
 * A query parameter that comes at most once.
 * @param {URL} url
 * @param {string} name
 * @param {RegExp} pattern
 * @returns {string | undefined}
 */
export function queryMember(url, name, pattern) {
  const values = url.searchParams.getAll(name);
  if (values.length > 1) throw new Refusal("query_invalid", { at: name, expected: "the parameter once" });
  if (values.length === 0 || values[0] === "") return undefined;
  if (!pattern.test(values[0]))
    throw new Refusal("query_invalid", { at: name, expected: `text like ${pattern.source}` });
  return values[0];
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
