// The network that a caller comes from.

/**
 * Returns what a caller counts by: an IPv4 address, or the first 64 bits of an IPv6 one, as whoever has one address of such
 * a network has them all (RFC 6177).
 * @param {string} address
 */
export function networkOf(address) {
  if (!address.includes(":") || !URL.canParse(`http://[${address}]/`)) return address;
  const [head, tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::");
  const parts = (/** @type {string | undefined} */ text) => (text ? text.split(":") : []);
  const known = [parts(head), parts(tail)];
  const groups = tail === undefined ? known[0] : [...known[0], ...Array(8 - known[0].length - known[1].length).fill("0"), ...known[1]];
  // An IPv4 address in the clothes of an IPv6 one (RFC 4291 section 2.5.5.2).
  if (groups.slice(0, 6).join() === "0,0,0,0,0,ffff") return groups.slice(6).map((group) => parseInt(group, 16)).map((pair) => `${pair >> 8}.${pair & 255}`).join(".");
  return groups.slice(0, 4).join(":");
}
