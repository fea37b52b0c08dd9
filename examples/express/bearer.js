// Express: lets a request through with a valid token in `Authorization: Bearer`, and puts the token on the request.

import { HandstampError, createVerifier } from "handstamp/verify";

/**
 * @param {import("handstamp/verify").VerifySettings} settings
 * @param {import("handstamp/verify").VerifierOptions} [options]
 */
export function bearer(settings, options) {
  const ready = createVerifier(settings, options);
  return async (/** @type {any} */ request, /** @type {any} */ response, /** @type {(error?: unknown) => void} */ next) => {
    const [, token = ""] = /^Bearer +(\S+)$/i.exec(request.get("authorization") ?? "") ?? [];
    try {
      request.token = await (await ready).verify(token);
    } catch (error) {
      if (!HandstampError.is(error)) return next(error);
      // The cause, error.code, is for your log.
      const status = error.public === "try_again" ? 503 : 401;
      return response.status(status).set("www-authenticate", "Bearer").json({ reason: error.public });
    }
    next();
  };
}
