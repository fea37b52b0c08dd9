// How a participant gets in: by the token that the host passed, by the ticket of a login, or by what was kept
// before a reload. The token is sent once and forgotten; what stays is the pass.

import { persist, post } from "./api.js";

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

  /** @param {any} admission @param {string | null} pass @param {string} source */
  function take(admission, pass, source) {
    const { subject, decision, prefill, custom, gift } = admission;
    playing().keep({ admission: { subject, decision, prefill, custom, gift }, pass, source });
  }

  /**
   * @param {string} token "" lets the service count and number the refusal
   * @param {boolean} [renewed] whether this is the token that the host gave when asked for a new one
   */
  async function admit(token, renewed) {
    const play = playing();
    const { status, body } = await persist(() => post("/v1/token/admit", { account, campaignId, token }));
    if (status === 200) return admitted(token, body);
    if (body.reason === "token_expired") {
      host.event("expired", { ref: body.ref });
      const other = renewed ? null : await host.renew();
      if (other && other !== token) return admit(other, true);
    }
    const again = status === 0 || body.reason === "try_again" ? () => admit(token, renewed) : undefined;
    play.refuse({ kind: again ? "error" : "token", reason: body.reason ?? "try_again", ref: body.ref, again });
  }

  /** @param {string} token @param {any} body */
  async function admitted(token, { admission, pass, ref }) {
    const play = playing();
    const source = await fingerprint(token);
    const { kept } = session;
    const samePerson = kept.admission?.subject === admission.subject;
    // Somebody else's answers, or a participation that is over: begin again.
    if (kept.admission && (!samePerson || (kept.step === "exit" && kept.source !== source))) session.clear();
    take(admission, pass, source);
    if (session.kept.step === "exit") return play.draw();
    if (!pass) return play.refuse({ kind: "limit", reason: admission.reason ?? "not_allowed", ref });
    host.event("admitted", { technique: "token", decision: admission.decision });
    play.draw();
  }

  /** @param {string} ticket */
  async function redeem(ticket) {
    const play = playing();
    const { status, body } = await persist(() => post("/v1/oauth/redeem", { ticket, proof: session.proof }));
    if (body.draft) session.restore(body.draft);
    session.kept.step = "identityset";
    host.restore(body.draft?.host);
    if (status === 200) {
      take(body.admission, body.pass, "oauth");
      if (!body.pass) return play.refuse({ kind: "limit", reason: body.admission.reason ?? "not_allowed", ref: body.ref });
      host.event("admitted", { technique: "oauth", decision: body.admission.decision });
      return play.draw();
    }
    const again = status === 0 ? () => redeem(ticket) : undefined;
    play.refuse({ kind: "login", reason: body.reason ?? "login_failed", ref: body.ref, again });
  }

  /** The first step, once it is known what the visitor came with. */
  async function arrive() {
    const { token, ticket } = await host.arrival();
    host.onToken((later) => admit(later));
    if (ticket && campaign.signIn.includes("oauth")) return redeem(ticket);
    const byToken = campaign.signIn.includes("token");
    if (token && byToken) return admit(token);
    if (session.kept.pass || session.kept.step === "exit" || !byToken || campaign.signIn.length > 1) return playing().draw();
    return admit("");
  }

  /** After the pass has ended: a new token if the host has one, else the login. */
  async function readmit() {
    const token = campaign.signIn.includes("token") ? await host.renew() : null;
    if (token) return admit(token, true);
    if (campaign.signIn.includes("oauth")) return playing().signIn();
    return admit("");
  }

  return { arrive, readmit };
}
