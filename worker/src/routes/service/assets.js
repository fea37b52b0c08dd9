// Everything else: the static files of our own origin. The tag and what belongs to it are loaded by pages of other
// origins, with a digest or as a module, so they say that they may be.

import { Refusal } from "../../http/problem.js";

/** @import { Handler } from "../../types.d.ts" */

const PAGES =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
const SHARED = /^\/(?:tag(?:-trail|-shim)?(?:@[\w.-]+)?\.js|kit\/qualp\.2\.min\.js|integrity\.json)$/;
/** The diagnosis page is one file with its own policy; asked for without its slash, it is the same. */
const DIAGNOSIS = /^\/diagnosis(?:\/(?:index\.html)?)?$/;
/** What a page can say of itself only in a header: it stands in no frame, and opens no window. */
const ALONE = "frame-ancestors 'none'; sandbox allow-scripts allow-same-origin allow-downloads";
/** A tag that names its exact version never changes. */
const EXACT = /@\d+\.\d+\.\d+\.js$/;
/** Nor does a module whose name holds its digest. */
const DIGEST = /^\/pkg\/[\w.-]+@[\da-f]{12}\.wasm$/;
const FOR_EVER = "public, max-age=31536000, immutable";

/** @type {Handler} */
export async function asset({ env, request, url }) {
  const diagnosis = DIAGNOSIS.test(url.pathname);
  const address = diagnosis ? new URL("/diagnosis/", url) : url;
  const response = await env.ASSETS.fetch(new Request(address, { headers: request.headers }));
  if (response.status === 404) throw new Refusal("not_found");
  const headers = new Headers(response.headers);
  headers.set("content-security-policy", diagnosis ? `${await policyOf(env, url)}; ${ALONE}` : PAGES);
  if (SHARED.test(url.pathname)) {
    headers.set("access-control-allow-origin", "*");
    headers.set("cross-origin-resource-policy", "cross-origin");
    headers.set("cache-control", EXACT.test(url.pathname) ? FOR_EVER : "public, max-age=300");
  }
  if (DIGEST.test(url.pathname)) headers.set("cache-control", FOR_EVER);
  return new Response(response.body, { status: response.status, headers });
}

/**
 * The policy of the diagnosis page, made with it: it names the digests of what is in the file.
 * @param {import("../../types.d.ts").Env} env
 * @param {URL} url
 */
async function policyOf(env, url) {
  const response = await env.ASSETS.fetch(new Request(new URL("/diagnosis/policy.json", url)));
  const { policy } = /** @type {{ policy: string }} */ (await response.json());
  return policy;
}
