// How a participant gets in: by the token that the host passed, by the ticket of a login, by the link of a preview, or by what
// was kept before a reload. The token is sent once and forgotten; what stays is the pass.

import { persist, post } from "./api.js";
import { openFirstLook } from "./first_look.js";
import { kindOf } from "./refusal_kind.js";

/** @typedef {import("./session.js").Kept} Kept */

/**
 * A token is recognised after a reload by its hash, never by itself.
 * @param {string} token
 */
async function fingerprint(token) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return btoa(String.fromCharCode(...new Uint8Array(hash)));
}

/**
 * @param {() => import("./play.js").Play} playing
 * @param {import("./campaign.js").Campaign} campaign
 * @param {import("./session.js").Session} session
 * @param {import("./host/host.js").Host} host
 */
export function admitter(playing, campaign, session, host) {
  const { account, campaignId } = campaign;
  const look = openFirstLook(campaign.look, campaignId);
  const tried = () => (session.kept.preview ? { preview: true } : {});

  /** @param {any} answer of the service @param {Pick<Kept, "technique" | "source">} origin */
  function take({ admission, pass, profile = false }, origin) {
    const { subject, decision, reason, prefill, custom, gift } = admission;
    playing().keep({ admission: { subject, decision, reason, prefill, custom, gift }, pass, profile, ...origin });
  }

  /**
   * Looks at a token that the host can renew, beside the service, and asks for another one at once if it will not do.
   * @param {string} token
   * @param {Promise<unknown>} decided the service's answer
   * @param {() => Promise<string | null>} renew
   * @returns {Promise<string>} another token; without one, it never comes to anything
   */
  async function renewedEarly(token, decided, renew) {
    const start = performance.now();
    const since = () => Math.round(performance.now() - start);
    let isDecided = false;
    const there = decided.then(() => ((isDecided = true), since()));
    const seen = await look(token);
    const here = since();
    there.then((there) => host.event("looked", { seen, here, there }));
    const other = seen === "renew" && !isDecided ? await renew() : null;
    return other && other !== token ? other : new Promise(() => {});
  }

  /**
   * @param {string} token "" enters without one where the campaign allows that, and is a numbered refusal elsewhere
   * @param {boolean} [renewed] whether this is the token that the host gave when asked for a new one
   * @param {() => Promise<boolean>} [otherwise] enters with the token of before, should the service have taken that one
   */
  async function admit(token, renewed, otherwise) {
    const play = playing();
    const decided = persist(() => post("/v1/token/admit", { account, campaignId, token, ...tried() }));
    /** @type {Promise<string | null> | undefined} */
    let renewal;
    const renew = () => (renewal ??= host.renew());
    const looks = token && !renewed && host.renews() && campaign.signIn.includes("token");
    const early = looks ? [renewedEarly(token, decided, renew)] : [];
    const first = await Promise.race([decided, ...early]);
    if (typeof first === "string") {
      host.event("expired");
      return admit(first, true, async () => {
        const { status, body } = await decided;
        if (status === 200) admitted({ technique: "token", source: await fingerprint(token) }, body);
        return status === 200;
      });
    }
    const { status, body } = first;
    if (status === 200) return admitted(token ? { technique: "token", source: await fingerprint(token) } : { technique: "anonymous", source: "" }, body);
    if (body.reason === "token_expired" || renewal) {
      host.event("expired", { ref: body.ref });
      const other = renewed ? null : await renew();
      if (other && other !== token) return admit(other, true);
    }
    if (await otherwise?.()) return;
    const again = status === 0 || body.reason === "try_again" ? () => admit(token, renewed) : undefined;
    play.refuse({ kind: again ? "error" : kindOf(body.reason), reason: body.reason ?? "try_again", ref: body.ref, again });
  }

  /** @param {Pick<Kept, "technique" | "source">} origin @param {any} body */
  function admitted(origin, body) {
    const { admission, pass, ref } = body;
    const { technique, source } = origin;
    const play = playing();
    const { kept } = session;
    const sameSource = kept.technique === technique && (technique === "anonymous" || kept.source === source);
    const samePerson = technique === "anonymous" ? sameSource : kept.admission?.subject === admission.subject;
    // Somebody else's answers, or a new visit after a participation: begin again. A reload shows the thanks, also where the
    // page makes a token for each view.
    if (kept.admission && (!samePerson || (kept.step === "exit" && !sameSource && host.isNewVisit))) session.clear();
    take(body, origin);
    if (session.kept.step === "exit") return play.draw();
    if (!pass) return play.refuse({ kind: "limit", reason: admission.reason ?? "not_allowed", ref, until: admission.again });
    host.event("admitted", { technique, decision: admission.decision });
    play.draw();
  }

  /**
   * A ticket may have been put into the address by anybody: step and gesture change only when the service takes it.
   * @param {string} ticket
   * @param {string | null} token what the visitor came with besides
   * @param {boolean} gesture whether the way to the login began with one in this frame
   */
  async function redeem(ticket, token, gesture) {
    const play = playing();
    const [source] = ticket.split(".");
    // A sign-in that has been played to its end, delivered once more.
    if (session.kept.step === "exit" && session.kept.technique === "oauth" && session.kept.source === source) return play.draw();
    const proven = { ticket, account, campaignId, proof: session.proof, ...tried() };
    const { status, body } = await persist(() => post("/v1/oauth/redeem", proven));
    // Another campaign of this page was left for the login: here everything goes on as it was.
    if (body.elsewhere) return enter(token);
    if (body.draft) session.restore(body.draft);
    host.restore(body.draft?.host);
    if (status === 200) {
      session.kept.gesture ||= gesture;
      // A sign-in that ends where nothing was answered yet, as when the browser did not say where it began, begins at the
      // first question: the form would be sent without answers.
      const isAnswered = campaign.questions.length === 0 || Object.keys(session.kept.answers).length > 0;
      if (isAnswered) session.kept.step = "identityset";
      session.kept.again = !isAnswered;
      take(body, { technique: "oauth", source });
      if (!body.pass) return play.refuse({ kind: "limit", reason: body.admission.reason ?? "not_allowed", ref: body.ref, until: body.admission.again });
      host.event("admitted", { technique: "oauth", decision: body.admission.decision });
      return play.draw();
    }
    session.kept.gesture = false;
    // A ticket that has served, opened again by the back button or a reload, or one that somebody else put here: a
    // participant who is known already goes on where they were.
    if (status !== 0 && (session.kept.step === "exit" || play.isIn())) return play.draw();
    // Nothing was heard, or too much was asked at once: the ticket is as good as before.
    const again = status === 0 || status === 429 ? () => redeem(ticket, token, gesture) : undefined;
    play.refuse({ kind: "login", reason: body.reason ?? "login_failed", ref: body.ref, again });
  }

  /** Whether somebody tries the campaign out by a link. */
  const byLink = () => session.kept.source === "preview";

  /**
   * The pass stands in the fragment of a link. What it is stays with it: no answer, token or sign-in makes it count.
   * @param {string} pass @param {string | null} token what the visitor came with besides
   */
  async function tryOut(pass, token) {
    const play = playing();
    const { status, body } = await persist(() => post("/v1/token/admit", { account, campaignId, lang: campaign.lang, pass }));
    // The link is for another campaign of this page.
    if (body.elsewhere) return enter(token);
    session.clear();
    session.kept.preview = true;
    if (status !== 200) {
      const again = status === 0 || status === 429 ? () => tryOut(pass, token) : undefined;
      if (status === 409) play.keep({ source: "preview", admission: { reason: body.reason } });
      return play.refuse({ kind: status === 409 ? kindOf(body.reason) : "error", reason: body.code === "pass_expired" ? body.code : body.reason, ref: body.ref, again });
    }
    // Somebody without a name comes by the sign-in, as a participant does, and may sign in there or go past it.
    const signsIn = body.technique === "anonymous" && campaign.signIn.includes("oauth");
    take(body, { technique: signsIn ? "" : body.technique, source: "preview" });
    if (!body.pass) return play.refuse({ kind: "limit", reason: body.admission.reason, ref: body.ref });
    host.event("admitted", { technique: "preview", decision: body.admission.decision });
    play.draw();
  }

  /** Goes on with a preview after a reload, also with one that shows a refusal. */
  function goOnTrying() {
    const { pass, step, admission } = session.kept;
    if (pass || step === "exit") return playing().draw();
    return admission?.reason ? playing().refuse({ kind: kindOf(admission.reason), reason: admission.reason }) : readmit();
  }

  /** Why nobody may come now, if so. A play that was begun goes on, as long as the service takes it; the thanks stay. */
  function closedNow() {
    const { step, pass } = session.kept;
    const phase = campaign.period?.phase ?? "open";
    if (phase === "not_yet") return "campaign_not_yet";
    if (step === "exit" && !host.isNewVisit) return undefined;
    const begun = pass !== null || step !== "intro";
    if (phase === "over" || (phase === "closing" && !begun)) return "campaign_over";
    return campaign.full && !begun ? "campaign_full" : undefined;
  }

  /** The first step, once it is known what the visitor came with. */
  async function arrive() {
    const { token, ticket, preview } = await host.arrival();
    host.onToken((later) => (later && !byLink() ? admit(later) : playing().draw()));
    const { turned, pass } = session.kept;
    if (turned) playing().keep({ turned: false });
    // A preview ends with its visit; the next one is a participant's.
    if (session.kept.preview && host.isNewVisit && !ticket && !turned) session.clear();
    // The tag says its link once more to a frame that was opened in another language.
    const goesOn = turned && byLink() && (pass === null || pass === preview);
    if (preview && !goesOn) return tryOut(preview, token);
    const closed = session.kept.preview ? undefined : closedNow();
    if (closed) return playing().refuse({ kind: "campaign", reason: closed });
    // A gesture of before this arrival sends nothing by itself. It is not written down: the draft may be what comes back.
    const { gesture } = session.kept;
    session.kept.gesture = false;
    if (ticket && campaign.signIn.includes("oauth")) return redeem(ticket, token, gesture);
    return enter(token);
  }

  /** Without a login. @param {string | null} token */
  async function enter(token) {
    if (byLink()) return goOnTrying();
    if (token && campaign.signIn.includes("token")) return admit(token);
    // Whoever comes anew after a participation may sign in and play again; a reload still shows the thanks.
    if (session.kept.step === "exit" && host.isNewVisit) session.clear();
    // Without a token: whoever can sign in does so at the form; else it is a guest, or a refusal with a number.
    const { pass, step } = session.kept;
    if (pass || step === "exit" || campaign.signIn.includes("oauth")) return playing().draw();
    return admit("");
  }

  /** After the pass has ended: a new token if the host has one, else the login, else as a guest. */
  async function readmit() {
    if (byLink()) return playing().refuse({ kind: "error", reason: "pass_expired" });
    const token = campaign.signIn.includes("token") ? await host.renew() : null;
    if (token) return admit(token, true);
    if (campaign.signIn.includes("oauth")) return playing().signIn();
    return admit("");
  }

  /** Goes on without an account, where the campaign allows that; a preview goes past the sign-in of any. */
  async function enterAsGuest() {
    if (!byLink() || !session.kept.pass) return admit("");
    playing().keep({ technique: campaign.signIn.includes("anonymous") ? "anonymous" : "oauth" });
    playing().draw();
  }

  return { arrive, readmit, enterAsGuest, redeem: (/** @type {string} */ ticket) => redeem(ticket, null, true) };
}
