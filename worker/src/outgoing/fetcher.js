// Performs the requests that the core asks for. https only, no redirects, no private or literal address,
// at most so long (three seconds unless the account says otherwise) and so many bytes. The platform's `global_fetch_strictly_public` stands behind the
// address check: a public name that resolves to a private address does not get through either.

import { isAllowedAddress } from "../platform/addresses.js";
import { readCapped } from "../http/body.js";
import { version } from "../platform/handstamp.js";
import { newTrace, traceparent } from "../platform/trace.js";

/** @import { Share } from "./share.js" */
/** @import { Trace } from "../platform/trace.js" */
/** @import { CoreAnswer, CoreRequest } from "../types.d.ts" */

/** Unless the account says otherwise. */
export const TIMEOUT_SECONDS = 3;
const RESPONSE_BYTES = 64 * 1024;
/** Of a profile, as the core allows it at a sign-in. */
export const PROFILE_BYTES = 512 * 1024;
const READING = { fatal: true, ignoreBOM: true };
const UTF8 = new TextDecoder("utf-8", READING);

/**
 * @param {Omit<CoreRequest, "purpose" | "refresh">} request
 * @param {{ development: boolean }} config
 * @param {{ share?: Share, trace?: Trace }} [of] share: what the answer counts to, unless it is bounded elsewhere; trace: of the
 *   request that needs it, a new one where several do
 * @returns {Promise<CoreAnswer>}
 */
export async function perform(request, config, { share, trace = newTrace() } = {}) {
  if (!isAllowedAddress(request.url, config.development)) return { failed: "refused" };
  let isBusy = false;
  const holds = (/** @type {number} */ bytes) => share === undefined || share.take(bytes) || !(isBusy = true);
  if (!holds(0)) return { failed: "busy" };
  const signal = AbortSignal.timeout((request.timeout ?? TIMEOUT_SECONDS) * 1000);
  const send = () =>
    fetch(request.url, {
      method: request.method,
      headers: { "user-agent": `handstamp/${version}`, traceparent: traceparent(trace), ...request.headers },
      body: request.body,
      redirect: "manual",
      signal,
    });
  try {
    const response = await send().catch((fault) => {
      // The server may just have closed the connection that was kept for it. Who only reads asks once more, within the
      // same time; a code is never sent twice.
      if (request.method !== "GET" || signal.aborted) throw fault;
      return send();
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      return { failed: "redirected" };
    }
    const bytes = await beforeTimeout(readCapped(response.body, request.bytes ?? RESPONSE_BYTES, holds), signal);
    if (!bytes) return { failed: isBusy ? "busy" : "too_large" };
    const contentType = response.headers.get("content-type") ?? "";
    const body = textOf(bytes, contentType);
    if (body === undefined) return { failed: "encoding" };
    return {
      status: response.status,
      contentType,
      body,
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
