// What one participant has done so far: step, answers, pass, prefill, typed values. Never the token.
// Kept in memory and in sessionStorage; a third-party frame, which is denied storage, keeps it as a draft at the
// service under its proof cookie. So a reload resumes where it was.

import { ask, persist, post } from "./api.js";

/** @typedef {import("./campaign.js").Campaign} Campaign */
/** @typedef {import("./campaign.js").Place} Place */

/**
 * @typedef {object} Kept
 * @property {import("./campaign.js").Step} step
 * @property {number} question the one on the screen, from 0
 * @property {Record<string, string>} answers choice by question
 * @property {string | null} pass the sealed proof of the admission
 * @property {any} admission subject, prefill and custom data
 * @property {boolean} profile the service has more to say of the person at the form step
 * @property {"token" | "oauth" | "anonymous" | ""} technique how the pass was earned
 * @property {string} source hash of the token that the pass came from, or the id of the sign-in
 * @property {Record<string, string>} form typed values
 * @property {Record<string, boolean>} optin ticked boxes
 * @property {string} key idempotency key of the submission
 * @property {any} sent the submission that has no answer yet
 * @property {boolean} gesture the way to the form began with a click or a key in this frame
 * @property {boolean} again signed in where no answers are: they stayed on the page where the sign-in was begun
 * @property {string | null} recordedAt
 * @property {Score | null} score where questions have right answers
 * @property {number} since when it began, in milliseconds
 * @property {string} lang the one that the participant chose; "" leaves it to the page
 * @property {{ title: string, text: string } | null} thanks the last words, as they stood
 * @property {boolean} turned the participant has chosen another language, and the page is being opened in it
 * @property {boolean} preview tried out: nothing is recorded or counted
 */

/** @typedef {{ right: number, count: number, answers: Record<string, string> }} Score answers: the right choice by question */

/** How long nobody types before what was typed is sent. */
const TYPING_MS = 400;

/** @returns {Kept} */
const fresh = () => ({
  step: "intro", question: 0, answers: {}, pass: null, admission: null, profile: false, technique: "", source: "", score: null,
  form: {}, optin: {}, key: "", sent: null, gesture: false, again: false, recordedAt: null, thanks: null, lang: "", turned: false, preview: false, since: Date.now(),
});

/**
 * Tells technique and source apart, which the previous release kept in one text.
 * @param {Partial<Kept>} [kept]
 * @returns {Partial<Kept>}
 */
function origin({ technique, source } = {}) {
  if (technique !== undefined || !source) return {};
  if (source.startsWith("oauth ")) return { technique: "oauth", source: source.slice(6) };
  return { technique: source === "anonymous" ? source : "token", source };
}

/** The frame's own storage, if the browser allows any. */
function storage() {
  try {
    const name = "handstamp:probe";
    sessionStorage.setItem(name, name);
    sessionStorage.removeItem(name);
    return sessionStorage;
  } catch {
    return null;
  }
}

export class Session {
  #campaign;
  #store = storage();
  #name;
  #saving = Promise.resolve();
  #waiting = false;
  /** What keeps the state at the service a moment after a key was pressed. */
  #typing = 0;
  /** @type {string | undefined} */
  #bind;
  /** Whether everything is only tried out where the campaign stands. */
  tested = false;
  /** Whether the last two drafts came under the same proof. */
  bindHolds = false;
  /** @type {Kept} */
  kept;

  /** @param {Campaign} campaign */
  constructor(campaign) {
    this.#campaign = campaign;
    // At once: whatever is on its way to the service, nobody is there any more to wait for it.
    addEventListener("pagehide", () => (this.#typing || this.#waiting) && (this.#store ? this.keep() : this.#send(null)));
    this.#name = `handstamp:${campaign.account}:${campaign.campaignId}`;
    this.kept = fresh();
  }

  /** Finds what was kept before: in the browser, or at the service. */
  async open() {
    const stored = this.#stored();
    if (stored) this.kept = { ...this.kept, ...stored, ...origin(stored) };
    if (this.#store || this.#campaign.draft) return;
    const { account, campaignId } = this.#campaign;
    const answer = await ask(`/v1/drafts?${new URLSearchParams({ account, campaignId })}`);
    if (answer.body.draft) this.restore(answer.body.draft);
  }

  /** What the browser kept; anything unreadable counts as nothing. */
  #stored() {
    try {
      return JSON.parse(this.#store?.getItem(this.#name) ?? "null");
    } catch {
      return null;
    }
  }

  /** Takes over what the service kept. @param {import("./campaign.js").Draft} draft */
  restore({ step, answers, pass, admission, session }) {
    this.kept = { ...this.kept, ...session, ...origin(session), step, answers: answers ?? {}, pass: pass ?? null, admission: admission ?? null };
  }

  /** Begins again, with nothing kept. */
  clear() {
    this.kept = { ...fresh(), lang: this.kept.lang, preview: this.tested };
  }

  /** Resolves when everything is kept. */
  settled() {
    return this.#saving;
  }

  /** What is sent now holds what was typed, too. */
  #overtakeTyping() {
    clearTimeout(this.#typing);
    this.#typing = 0;
  }

  /** Keeps what is being typed: at the service once for several letters. */
  keepSoon() {
    if (this.#store) return this.keep();
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.keep(), TYPING_MS);
  }

  /** Keeps the present state: at once in storage, else at the service, the latest state winning. */
  keep() {
    this.#overtakeTyping();
    if (this.#store) {
      this.#store.setItem(this.#name, JSON.stringify(this.kept));
    } else if (!this.#waiting && !this.#campaign.draft) {
      // The service knows no draft of the campaign by its name; a preview of one is as short as its page.
      this.#waiting = true;
      this.#saving = this.#saving.then(() => {
        this.#waiting = false;
        return this.#send(null).then(() => {});
      });
    }
  }

  /**
   * Keeps the state at the service once what is on its way there has arrived: nothing older may come after it.
   * @param {Place | null} host where the visitor is on the host page
   * @param {boolean} [scriptProof] asks for a proof that a script may hold
   */
  draft(host, scriptProof) {
    this.#overtakeTyping();
    const sent = this.#saving.then(() => this.#send(host, scriptProof));
    this.#saving = sent.then(() => {});
    return sent;
  }

  /** @param {Place | null} host @param {boolean} [scriptProof] */
  async #send(host, scriptProof) {
    const { account, campaignId, lang } = this.#campaign;
    const { step, answers, pass, admission, ...session } = this.kept;
    const place = host && { path: host.path, fragment: host.fragment, scroll: host.scroll };
    const body = {
      account, campaignId, lang, step, answers, session, proof: this.proof, scriptProof,
      pass: pass ?? undefined, admission: admission ?? undefined, host: place ?? undefined,
    };
    let answer = await persist(() => post("/v1/drafts", body));
    // Too much typed for a draft: the answers are what must not be lost.
    if (answer.status === 413) answer = await post("/v1/drafts", { ...body, session: undefined });
    // The same bind twice: the proof cookie comes back. A service that sees none makes a new one each time.
    this.bindHolds = answer.body.bind === this.#bind;
    this.#bind = answer.body.bind;
    return answer;
  }

  /** The proof held by script, where the cookie does not come back. */
  get proof() {
    return this.#store?.getItem("handstamp:proof") ?? undefined;
  }

  /** @param {string | undefined} proof @returns {boolean} whether it could be kept */
  keepProof(proof) {
    if (!this.#store || !proof) return false;
    this.#store.setItem("handstamp:proof", proof);
    return true;
  }
}
