// The profile of a person who came with a token that carries no data, or whose sign-in left it for later: asked for when they reach
// the form, which opens without it after a moment. What comes later fills what is still empty; a failure is an empty form and a line about it.

import { post } from "./api.js";

/** How long the form waits. */
export const PATIENCE_MS = 1500;

/** @typedef {"filled" | "failed" | "gone"} Outcome gone: the form is not to be shown any more */

/**
 * @param {() => import("./play.js").Play} playing
 * @param {import("./session.js").Session} session
 * @param {import("./host/host.js").Host} host
 * @returns {() => Promise<Outcome> | null} asks, once at a time; null where nothing is owed
 */
export function profileAsker(playing, session, host) {
  /** @type {Promise<Outcome> | null} */
  let asking = null;

  /** @returns {Promise<Outcome>} */
  async function ask() {
    const play = playing();
    const { pass } = session.kept;
    const { status, body } = await post("/v1/profile", { pass });
    // Another person came in meanwhile, or took part.
    if (session.kept.pass !== pass) return "gone";
    if (status === 200 && body.pass) {
      play.keep({ profile: false, pass: body.pass, admission: { ...session.kept.admission, custom: body.custom ?? session.kept.admission.custom, prefill: joined(session.kept.admission.prefill, body.prefill) } });
      return "filled";
    }
    if (status === 200) play.refuse({ kind: "limit", reason: body.reason ?? "not_allowed", ref: body.ref, until: body.again });
    else if (status === 401 || status === 403) play.expire(body.ref);
    else {
      host.event("warning", { code: "profile_unavailable", ref: body.ref });
      return "failed";
    }
    return "gone";
  }

  return () => {
    if (!session.kept.profile) return null;
    asking ??= ask().finally(() => (asking = null));
    return asking;
  };
}

/** What the token said stands, and the profile fills the rest. @param {any} first @param {any} later */
function joined(first, later) {
  return {
    form: { ...later.form, ...first.form },
    optin: { ...later.optin, ...first.optin },
    locked: [...new Set([...first.locked, ...later.locked])],
    ignored: [...first.ignored, ...later.ignored],
  };
}
