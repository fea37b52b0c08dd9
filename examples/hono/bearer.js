// Hono: lets a request through with a valid token in `Authorization: Bearer`, and gives the token to the handlers.

import { createMiddleware } from "hono/factory";
import { HandstampError, createVerifier } from "handstamp/verify";

/**
 * @param {import("handstamp/verify").VerifySettings} settings
 * @param {import("handstamp/verify").VerifierOptions} [options]
 */
export function bearer(settings, options) {
  const ready = createVerifier(settings, options);
  return createMiddleware(async (context, next) => {
    const [, token = ""] = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "") ?? [];
    try {
      context.set("token", await (await ready).verify(token, { signal: context.req.raw.signal }));
    } catch (error) {
      if (!HandstampError.is(error)) throw error;
      // The cause, error.code, is for your log.
      const status = error.public === "try_again" ? 503 : 401;
      return context.json({ reason: error.public }, status, { "www-authenticate": "Bearer" });
    }
    await next();
  });
}
