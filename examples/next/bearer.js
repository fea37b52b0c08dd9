// Next: lets a request through with a valid token in `Authorization: Bearer`. The whole proxy.js of a project:
//
//   import { bearer } from "./bearer.js";
//   export const proxy = bearer({ verify: { method: "jwks", url: "https://www.customer.example/jwks.json" } });
//   export const config = { matcher: "/api/:path*" };

import { NextResponse } from "next/server";
import { HandstampError, createVerifier } from "handstamp/verify";

/**
 * @param {import("handstamp/verify").VerifySettings} settings
 * @param {import("handstamp/verify").VerifierOptions} [options]
 */
export function bearer(settings, options) {
  const ready = createVerifier(settings, options);
  return async (/** @type {import("next/server").NextRequest} */ request) => {
    const [, token = ""] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    try {
      await (await ready).verify(token, { signal: request.signal });
    } catch (error) {
      if (!HandstampError.is(error)) throw error;
      // The cause, error.code, is for your log.
      const status = error.public === "try_again" ? 503 : 401;
      return Response.json({ reason: error.public }, { status, headers: { "www-authenticate": "Bearer" } });
    }
    return NextResponse.next();
  };
}
