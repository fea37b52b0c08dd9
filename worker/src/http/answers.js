// Answers that are not refusals.

/**
 * JSON that belongs to one caller and is never kept on the way.
 * @param {unknown} value
 * @param {{ status?: number, headers?: Record<string, string> }} [init]
 */
export function json(value, { status = 200, headers = {} } = {}) {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}

/** Done, with nothing to tell. */
export const noContent = () => new Response(null, { status: 204, headers: { "cache-control": "no-store" } });

/**
 * JSON that is the same for everybody.
 * @param {unknown} value
 * @param {number} seconds
 * @param {string} [mediaType]
 */
export function publicJson(value, seconds, mediaType = "application/json") {
  return new Response(JSON.stringify(value), {
    headers: {
      "content-type": mediaType,
      "cache-control": `public, max-age=${seconds}`,
      "access-control-allow-origin": "*",
    },
  });
}

/**
 * A redirect of a navigation. `Headers` refuses line breaks, so no value can begin a header of its own.
 * @param {302 | 303} status
 * @param {string} location
 * @param {string[]} [setCookies]
 */
export function redirect(status, location, setCookies = []) {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const cookie of setCookies) headers.append("set-cookie", cookie);
  return new Response(null, { status, headers });
}

/** A moment as answers write it (RFC 3339). @param {number} ms */
export const timeOf = (ms) => new Date(ms).toISOString();
