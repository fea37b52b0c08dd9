// URLs that a request may be sent to: a purely textual check. What a name resolves to is the platform's business (on
// Cloudflare Workers, `global_fetch_strictly_public`).

/** @param {string} host */
export function isLoopback(host) {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Names that never stand for a host on the public internet (RFC 6761, RFC 6762, RFC 8375 and habit). */
const PRIVATE_SUFFIXES = [
  ".local",
  ".localdomain",
  ".localhost",
  ".internal",
  ".intranet",
  ".lan",
  ".home",
  ".arpa",
  ".corp",
  ".private",
  ".test",
  ".invalid",
  ".onion",
];

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
  if (!/^[\w-]+(?:\.[\w-]+)+$/.test(host) || PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix)))
    return false;
  // A service with TLS lives on 443 or high up; low ports belong to other protocols.
  return url.port === "" || Number(url.port) >= 1024;
}
