// Performs the requests that the core asks for. https only, no redirects, no private or literal address,
// at most so long and so many bytes. The platform's `global_fetch_strictly_public` stands behind the
// address check: a public name that resolves to a private address does not get through either.

import { readCapped } from "./body.js";
import { isLoopback } from "./configuration.js";
import { version } from "./handstamp.js";

/** @import { CoreAnswer, CoreRequest } from "./types.d.ts" */

const TIMEOUT_MS = 3000;
const RESPONSE_BYTES = 64 * 1024;

/** Names that never stand for a host on the public internet (RFC 6761, RFC 6762, RFC 8375 and habit). */
const PRIVATE_SUFFIXES = [".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa", ".corp", ".private", ".test", ".invalid", ".onion"];

/**
 * Whether an address may be asked at all.
 * @param {string} address
 * @param {boolean} development where loopback may be asked too, over http
 */
export function isAllowedAddress(address, development) {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username || url.password) return false;
  const host = url.hostname;
  if (isLoopback(host)) return development && (url.protocol === "http:" || url.protocol === "https:");
  if (url.protocol !== "https:") return false;
  // The parser has already turned octal, hexadecimal and short spellings into four numbers.
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return false;
  if (!host.includes(".") || host.endsWith(".") || PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix))) return false;
  // A service with TLS lives on 443 or high up; low ports belong to other protocols.
  return url.port === "" || Number(url.port) >= 1024;
}

/**
 * @param {CoreRequest} request
 * @param {{ development: boolean }} config
 * @returns {Promise<CoreAnswer>}
 */
export async function perform(request, config) {
  if (!isAllowedAddress(request.url, config.development)) return { failed: "refused" };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { "user-agent": `handstamp/${version}`, ...request.headers },
      body: request.body,
      redirect: "manual",
      signal,
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      return { failed: "redirected" };
    }
    const bytes = await beforeTimeout(readCapped(response.body, RESPONSE_BYTES), signal);
    if (!bytes) return { failed: "too_large" };
    return {
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      body: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
      cacheControl: response.headers.get("cache-control") ?? "",
    };
  } catch {
    return { failed: signal.aborted ? "timeout" : "network" };
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
