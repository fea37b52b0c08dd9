// Sends the participation. One idempotency key is kept until there is an answer, so that a retry after a dead
// network, a double click or a reload can never record twice.

import { mayPass, persist, post } from "./api.js";
import { kindOf } from "./refusal_kind.js";
import { sayings } from "./sayings.js";

/** @typedef {{ text: string, fields?: { name: string, path: string }[] }} Refused what the form shows */

/**
 * @param {() => import("./play.js").Play} playing
 * @param {import("./session.js").Session} session
 * @param {import("./host/host.js").Host} host
 */
export function submitter(playing, session, host) {
  /** With the proof that a script holds, so that the draft of the sign-in ends too. @returns {Record<string, string>} */
  const headers = () => ({ "idempotency-key": session.kept.key, ...(session.proof && { "handstamp-proof": session.proof }) });

  /** @param {any} body */
  const send = (body) => persist(() => post("/v1/participations", body, headers()));

  /**
   * @param {Record<string, string>} form @param {Record<string, boolean>} optin
   * @param {string} [challenge] answer of the challenge's widget
   * @returns {Promise<Refused | undefined>} undefined when the form has left the screen
   */
  return async function submit(form, optin, challenge) {
    const play = playing();
    const body = { pass: session.kept.pass, form, optin, answers: session.kept.answers, lang: play.campaign.lang, ...(await sayings(play.campaign, host, session.kept)), ...(session.kept.preview && { preview: true }), ...(challenge && { challenge }) };
    const before = session.kept.sent;
    play.keep({ key: session.kept.key || crypto.randomUUID(), sent: body });

    let { status, body: answer } = await send(body);
    // An earlier attempt had reached the service after all, with other values: learn what it was answered.
    if (answer.code === "idempotency_conflict" && before) ({ status, body: answer } = await send(before));

    // No answer, or none that says what became of it: the key stays, the next attempt is the same one.
    if (mayPass({ status, body: answer })) {
      host.event("error", { code: answer.reason, ref: answer.ref });
      return { text: play.say("form.again") };
    }
    play.keep({ key: "", sent: null });

    if (status === 200 || status === 201) {
      host.event("submitted", { participationId: answer.participationId, receipt: answer.receipt, preview: answer.preview });
      play.thank(answer.recordedAt ?? new Date().toISOString(), answer.score ?? null);
      return undefined;
    }
    if (answer.code === "challenge_missing" || answer.code === "challenge_failed") return { text: play.say("form.challenge.again") };
    if (status === 422) return { text: play.say("form.again"), fields: answer.fields };
    const kind = kindOf(answer.reason);
    // Nothing that is sent again is taken.
    if (kind === "limit" || kind === "campaign") {
      play.refuse({ kind, reason: answer.reason, ref: answer.ref });
      return undefined;
    }
    if (status === 401 || status === 403) {
      play.expire(answer.ref);
      return undefined;
    }
    host.event("error", { code: answer.reason, ref: answer.ref });
    return { text: play.say("form.again") };
  };
}
