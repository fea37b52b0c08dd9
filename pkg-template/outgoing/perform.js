// Performs the requests that the core asks for. https only, no redirects, no private or literal address, at most so long
// and so many bytes. Where the platform resolves names, its own rule against private addresses must stand behind this one.

import { RESPONSE_BYTES, TIMEOUT_SECONDS } from "../bounds.js";
import { invalid, object, options as optional } from "../refusals/input.js";
import { isAllowedAddress } from "./addresses.js";
import { readCapped } from "./capped.js";

/** @import * as Types from "../oauth.js" */

/** A byte order mark is taken off, as RFC 8259 section 8.1 allows. */
const READING = { fatal: true };
const UTF8 = new TextDecoder("utf-8", READING);

/**
 * @param {Omit<Types.Request, "purpose" | "refresh" | "timeout" | "bytes"> & { timeout?: number, bytes?: number }} request
 * @param {Types.PerformOptions} [given]
 * @returns {Promise<Types.Performed>}
 */
export async function perform(request, given) {
  const { development, fetch, headers, holds } = /** @type {Types.PerformOptions} */ (optional(given));
  object(request, "request");
  if (fetch !== undefined && typeof fetch !== "function") throw invalid("options.fetch", "a function", fetch);
  if (holds !== undefined && typeof holds !== "function") throw invalid("options.holds", "a function", holds);
  if (!isAllowedAddress(request.url, development === true)) return { failed: "refused" };
  let isBusy = false;
  const hasRoom = (/** @type {number} */ bytes) => holds === undefined || holds(bytes) || !(isBusy = true);
  if (!hasRoom(0)) return { failed: "busy" };
  const signal = AbortSignal.timeout((request.timeout ?? TIMEOUT_SECONDS) * 1000);
  const { method, body } = request;
  /** @type {RequestInit} */
  const init = { method, headers: { ...headers, ...request.headers }, ...(body !== undefined && { body }), redirect: "manual", signal };
  // Not `fetch` of an object: browsers demand that it is called as a plain function.
  const send = () => (fetch ?? globalThis.fetch)(request.url, init);
  try {
    const response = await send().catch((/** @type {unknown} */ fault) => {
      // The server may just have closed the connection that was kept for it. Who only reads asks once more, within the
      // same time; a code is never sent twice.
      if (method !== "GET" || signal.aborted) throw fault;
      return send();
    });
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel();
      return { failed: "redirected" };
    }
    const bytes = await beforeTimeout(readCapped(response.body, request.bytes ?? RESPONSE_BYTES, hasRoom), signal);
    if (!bytes) return { failed: isBusy ? "busy" : "too_large" };
    const contentType = response.headers.get("content-type") ?? "";
    const text = textOf(bytes, contentType);
    if (text === undefined) return { failed: "encoding" };
    return {
      status: response.status,
      contentType,
      body: text,
      cacheControl: response.headers.get("cache-control") ?? "",
      ...(response.status === 401 && { authenticate: response.headers.get("www-authenticate") ?? "" }),
    };
  } catch {
    return { failed: signal.aborted ? "timeout" : "network" };
  }
}

/**
 * Reads a body by the charset that it declares, where that is one of the WHATWG's labels, else as UTF-8.
 * @param {Uint8Array} bytes
 * @param {string} contentType
 * @returns {string | undefined} nothing where it is not in that encoding
 */
function textOf(bytes, contentType) {
  const [, label = "utf-8"] = /;\s*charset\s*=\s*["']?([^\s;"']+)/i.exec(contentType) ?? [];
  try {
    return (decoderOf(label) ?? UTF8).decode(bytes);
  } catch {
    return undefined;
  }
}

/** @param {string} label */
function decoderOf(label) {
  try {
    return new TextDecoder(label, READING);
  } catch {
    return undefined;
  }
}

/**
 * The signal ends a body that drips as well as one that never begins.
 * @template T
 * @param {Promise<T>} work
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function beforeTimeout(work, signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
