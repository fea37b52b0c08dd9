// Whether the campaign stands on a page of a test origin, where it is only tried out. The page asks for a preview, and there is
// no way back from one: a sign-in that began on such a page brings a preview whatever this page says.

/**
 * @param {import("./campaign.js").Campaign} campaign
 * @param {import("./host/host.js").Host} host
 */
export function isTested({ preview, testOrigins }, { origin }) {
  // Every page around this one, as far as the browser names them.
  const around = Array.from(location.ancestorOrigins ?? []);
  return preview || [origin, ...around].some((one) => testOrigins.includes(one));
}
