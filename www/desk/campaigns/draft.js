// The draft of a campaign as the editor holds it: kept by the service a moment after each change, joined with what others make
// of it meanwhile, and kept in the browser as long as the service does not have it.

import { under } from "../../shared/under.js";
import { Refused, account, call, own } from "../api.js";
import { isSame, merge, withAt } from "./merge.js";

/** @import { Conflict } from "./merge.js" */
/** @typedef {{ kind: string, id: string, name?: string }} Author */
/** @typedef {import("../api.js").Fault} Fault */
/**
 * @typedef {object} State
 * @property {Record<string, any>} campaign as it stands in the editor
 * @property {Record<string, any>} base as the service had it last
 * @property {number} tag version of the draft there, 0 where there is none
 * @property {number} from version of the document that it was made from
 * @property {Record<string, any>} mapping of the account, or of its tokens: what counts where the campaign has none of its own
 * @property {any} published as it can be played, undefined for a campaign that is not published
 * @property {Fault[]} faults
 * @property {"kept" | "waiting" | "keeping" | "failed"} status
 * @property {unknown} [fault] why it could not be kept
 * @property {{ author?: Author, conflicts: Conflict[], theirs: Record<string, any>, tag: number, from: number }} [clash] what two people changed
 * @property {Author} [joined] whose changes were taken in
 * @property {{ version: number, warnings: { message: string }[] }} [done] what was published last, until something is changed
 */

const TYPING_MS = 600;
const AGAIN_MS = 4000;

/** @param {number} tag */
const quoted = (tag) => `"${tag}"`;

export class Draft {
  /** @type {State | undefined} */
  state;
  #id;
  #timer = 0;
  #isSending = false;
  #isOver = false;
  /** @type {(state: State) => void} */
  #tell;

  /** @param {string} campaignId @param {(state: State) => void} tell */
  constructor(campaignId, tell) {
    this.#id = campaignId;
    this.#tell = tell;
  }

  get #path() {
    return own(`/campaigns/${this.#id}/draft`);
  }

  get #stashName() {
    return `handstamp:console:${account}:${this.#id}`;
  }

  /** The campaign in a document; it may be called like a member of every object. @param {Record<string, any>} document */
  #in({ campaigns = {} }) {
    return under(campaigns, this.#id);
  }

  /** What the service has: the draft, else the campaign as it is published. */
  async #fetch() {
    const [{ document, version }, draft] = await Promise.all([
      call("GET", own()),
      call("GET", this.#path).catch((fault) => {
        if (fault instanceof Refused && fault.code === "draft_unknown") return undefined;
        throw fault;
      }),
    ]);
    const published = this.#in(document);
    const { signIn = ["token"] } = draft?.campaign ?? published ?? {};
    const ofToken = Array.isArray(signIn) && signIn.includes("token") ? document.secureToken?.mapping : undefined;
    const about = { published, mapping: ofToken ?? document.mapping ?? {} };
    if (!draft) return { ...about, campaign: published, tag: 0, from: published ? version : 0, faults: [] };
    return { ...about, campaign: draft.campaign, tag: Date.parse(draft.at), from: draft.from, faults: draft.faults };
  }

  /** Reads what there is, with what this browser kept of an earlier visit. @returns {Promise<boolean>} false where there is no such campaign */
  async open() {
    const there = await this.#fetch();
    const stash = this.#stash();
    if (!there.campaign && !stash) return false;
    const base = there.campaign ?? {};
    this.#set({ ...there, campaign: base, base, status: "kept", faults: this.#own(there.faults) });
    if (stash && !isSame(stash.campaign, base)) this.#join(stash, { ...there, campaign: base });
    return true;
  }

  #stash() {
    try {
      return JSON.parse(sessionStorage.getItem(this.#stashName) ?? "null");
    } catch {
      return null;
    }
  }

  /** Faults by their place in the campaign. @param {Fault[]} faults */
  #own(faults) {
    const start = `/campaigns/${this.#id}`;
    return faults.map((fault) => ({ ...fault, path: fault.path.slice(start.length) }));
  }

  /** @param {Partial<State>} change */
  #set(change) {
    this.state = { .../** @type {State} */ (this.state), ...change };
    if (!this.#isOver) this.#tell(this.state);
  }

  /** @param {Record<string, any>} campaign */
  change(campaign) {
    this.#set({ campaign, status: "waiting", joined: undefined, done: undefined });
    this.#keepHere();
    this.#later(TYPING_MS);
  }

  #keepHere() {
    const { campaign, base, tag, from } = /** @type {State} */ (this.state);
    try {
      sessionStorage.setItem(this.#stashName, JSON.stringify({ campaign, base, tag, from }));
    } catch {
      // Too large or not allowed: then the service alone keeps it.
    }
  }

  /** @param {number} ms */
  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), ms);
  }

  /** Keeps what was changed, at the service. @returns {Promise<boolean>} whether it has all of it */
  async keep() {
    clearTimeout(this.#timer);
    const state = /** @type {State} */ (this.state);
    if (state.clash) return false;
    if (state.status === "kept") return true;
    if (this.#isSending) {
      this.#later(TYPING_MS / 2);
      return false;
    }
    this.#isSending = true;
    const { campaign, from, tag } = state;
    this.#set({ status: "keeping" });
    try {
      /** @type {Record<string, string>} */
      const over = tag === 0 ? { "if-none-match": "*" } : { "if-match": quoted(tag) };
      const kept = await call("PUT", this.#path, { campaign, from }, over);
      this.#isSending = false;
      this.#taken(campaign, Date.parse(kept.at), kept.faults);
      return this.state?.status === "kept";
    } catch (fault) {
      this.#isSending = false;
      return this.#failed(fault);
    }
  }

  /** @param {Record<string, any>} sent @param {number} tag @param {Fault[]} faults */
  #taken(sent, tag, faults) {
    const isAll = /** @type {State} */ (this.state).campaign === sent;
    this.#set({ base: sent, tag, faults: this.#own(faults), status: isAll ? "kept" : "waiting", fault: undefined });
    if (isAll) sessionStorage.removeItem(this.#stashName);
    else this.#later(TYPING_MS);
  }

  /** @param {unknown} fault */
  async #failed(fault) {
    if (fault instanceof Refused && fault.code === "edit_conflict") {
      try {
        const there = await this.#fetch();
        const { campaign, base } = /** @type {State} */ (this.state);
        this.#join({ campaign, base }, there, fault.current?.author);
        return this.keep();
      } catch (problem) {
        fault = problem;
      }
    }
    this.#set({ status: "failed", fault });
    // What may pass is tried again; what was typed is in the browser.
    const mayPass = fault instanceof Refused && (fault.status === 0 || fault.status === 429 || fault.status >= 500);
    if (mayPass && !this.#isOver) this.#later(AGAIN_MS);
    return false;
  }

  /**
   * Joins what was typed here with what is there now.
   * @param {{ campaign: any, base: any }} mine
   * @param {{ campaign: any, tag: number, from: number, published: any }} there
   * @param {Author} [author] of what is there
   */
  #join(mine, there, author) {
    const { tag, from, published } = there;
    const theirs = there.campaign ?? mine.base;
    const { value, conflicts } = merge(mine.base, mine.campaign, theirs);
    const clash = conflicts.length > 0 ? { author, conflicts, theirs, tag, from } : undefined;
    this.#set({ campaign: value, published, status: "waiting", clash, ...(clash ? {} : { base: theirs, tag, from, joined: isSame(theirs, mine.base) ? undefined : (author ?? { kind: "", id: "" }) }) });
    this.#keepHere();
    if (!clash) this.#later(0);
  }

  /** Settles a clash: for each place, whether theirs is taken. @param {boolean[]} theirsAt */
  settle(theirsAt) {
    const { campaign, clash } = /** @type {State} */ (this.state);
    if (!clash) return;
    const settled = clash.conflicts.reduce((value, { path, theirs }, place) => (theirsAt[place] ? withAt(value, path, theirs) : value), campaign);
    this.#set({ campaign: settled, base: clash.theirs, tag: clash.tag, from: clash.from, clash: undefined, status: "waiting" });
    this.#keepHere();
    void this.keep();
  }

  /** Makes the draft part of the account's document; where something else was published since, that is joined with it first. @param {string} reason */
  async publish(reason) {
    if (!(await this.keep())) return;
    const { tag } = /** @type {State} */ (this.state);
    const query = reason ? `?${new URLSearchParams({ reason })}` : "";
    try {
      const done = await call("POST", own(`/campaigns/${this.#id}/publication${query}`), undefined, { "if-match": quoted(tag) });
      await this.#reread(done);
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.code !== "edit_conflict") throw fault;
      await this.#rebase(fault.current?.author);
    }
  }

  /** Takes in what was published since the draft was begun. @param {Author} [author] */
  async #rebase(author) {
    const { campaign } = /** @type {State} */ (this.state);
    const [{ document, version }, begun] = await Promise.all([call("GET", own()), this.#begun()]);
    const published = this.#in(document);
    const { tag } = await this.#fetch();
    this.#join({ campaign, base: begun }, { campaign: published, tag, from: version, published }, author);
  }

  /** The campaign as it was when the draft was begun; nothing where that version is not kept any more. */
  async #begun() {
    const { from } = /** @type {State} */ (this.state);
    if (from === 0) return undefined;
    return call("GET", `${own()}?version=${from}`).then(({ document }) => this.#in(document), () => undefined);
  }

  /** Discards the draft; what is published stays. */
  async discard() {
    clearTimeout(this.#timer);
    const { tag } = /** @type {State} */ (this.state);
    if (tag > 0) await call("DELETE", this.#path, undefined, { "if-match": quoted(tag) });
    sessionStorage.removeItem(this.#stashName);
    await this.#reread();
  }

  /** @param {State["done"]} [done] */
  async #reread(done) {
    sessionStorage.removeItem(this.#stashName);
    const there = await this.#fetch();
    if (there.campaign) this.#set({ ...there, base: there.campaign, faults: this.#own(there.faults), status: "kept", fault: undefined, done });
  }

  /** Nobody looks any more; what waits is sent. */
  close() {
    this.#isOver = true;
    if (this.state && this.state.status !== "kept") void this.keep();
  }
}
