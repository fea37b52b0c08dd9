// One object per account: its document in all kept versions, sealed, its wrapped secrets, its API clients, and what
// was refused on its behalf. Isolates hold copies of the document for a few seconds; a call that must see a
// revocation at once asks here.

import { DurableObject } from "cloudflare:workers";
import { OPERATORS } from "../../accounts/access.js";
import { accountObject } from "../../accounts/held.js";
import { sha256, toBase64url } from "../../platform/bytes.js";
import { configuration } from "../../platform/configuration.js";
import { AccountEnd } from "./account_end.js";
import { answerBy } from "./answers.js";
import { upgradeAccount } from "./documents/account_upgrade.js";
import { ApiClients } from "./people/api_clients.js";
import { Audit } from "./audit.js";
import { Changes } from "./changes.js";
import { CampaignDrafts } from "./documents/campaign_drafts.js";
import { DeadLetters } from "./seen/dead_letters.js";
import { Connections } from "./people/connections.js";
import { ConsolePeople } from "./people/console_people.js";
import { Endings } from "./endings.js";
import { KeyRounds } from "./keys/key_rounds.js";
import { KeySetBounds } from "./keys/key_set_bounds.js";
import { KeySightings } from "./keys/key_sightings.js";
import { KeyWarnings } from "./keys/key_warnings.js";
import { Refusals } from "./seen/refusals.js";
import { Revocations } from "./keys/revocations.js";
import { SecretHolders } from "./documents/secret_holders.js";
import { Signers } from "./keys/signers.js";
import { StoredSecrets } from "./documents/stored_secrets.js";
import { hasTable } from "../tables.js";
import { Tallies } from "./seen/tallies.js";
import { Trails } from "./seen/trails.js";
import { Trials } from "./people/trials.js";
import { Versions } from "./documents/versions.js";

/** @import { AccountDocument, AccountRecord, Env } from "../../types.d.ts" */
/** @import { Change } from "./audit.js" */
/** @import { Authorship } from "./documents/versions.js" */

const HOUR_MS = 3_600_000;

/** @extends {DurableObject<Env>} */
export class Account extends DurableObject {
  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.refusals = new Refusals(this.sql);
    this.clientele = new ApiClients(this.sql);
    this.ending = new AccountEnd(this.sql);
    this.revocations = new Revocations(this.sql);
    this.secrets = new StoredSecrets(this.sql);
    this.audit = new Audit(this.sql);
    this.changes = new Changes(ctx.storage, this.audit);
    this.letters = new DeadLetters(this.sql);
    this.connections = new Connections(this.sql);
    this.people = new ConsolePeople(this.sql);
    this.keySets = new KeySetBounds(this.sql);
    this.sightings = new KeySightings(this.sql);
    this.warnings = new KeyWarnings(this.sql);
    this.rounds = new KeyRounds(this.sql);
    this.tallies = new Tallies(this.sql);
    this.trails = new Trails();
    this.trials = new Trials(this.sql);
    this.holders = new SecretHolders(this.sql);
    this.endings = new Endings(this.sql);
    this.signers = new Signers(this.sql, (work) => ctx.storage.transactionSync(work));
    const config = configuration(env);
    this.documents = new Versions(this.sql, config);
    this.drafts = new CampaignDrafts(this.sql, config);
    if (hasTable(this.sql, "version")) {
      const note = async (/** @type {string} */ account) => (await accountObject(env, config, OPERATORS)).noteSecretHolder(account);
      void ctx.blockConcurrencyWhile(() => upgradeAccount(ctx.storage, config, this.documents, note));
    }
  }

  /**
   * The document and secrets, unless the caller already holds them.
   * @param {number} [held] revision of the caller's copy
   * @returns {AccountRecord | "unchanged" | null} null when there is no document, or the account is to end
   */
  read(held) {
    const revision = this.changes.revision();
    if (this.endsAt() !== null) return null;
    if (held !== undefined && held === revision) return "unchanged";
    const current = this.documents.read();
    if (!current) return null;
    const { version, document } = current;
    const { wrapped: secrets, revoked } = this.keeping();
    return { revision, version, document, secrets, revoked };
  }

  /**
   * Takes a document that has been checked. The same text again makes no new version.
   * @param {string} source with what it keeps written into it
   * @param {AccountDocument} document with defaults filled in
   * @param {{ revoked: string[], used: string[] }} marks of the document's keys
   * @param {number} now milliseconds
   * @param {{ over?: number, sent?: string, publishes?: { campaignId: string, at: number }, change?: Change }} [options] over: the
   *   version that it was judged against; sent: the text as it was sent; publishes: the draft that it takes in, which ends
   * @returns {Promise<{ version: number, changed: boolean } | null>} null where another came in between
   */
  async write(source, document, marks, now, { over, sent = source, publishes, change } = {}) {
    this.changes.begin();
    if (over !== undefined && over !== (this.documents.newest()?.version ?? 0)) return null;
    if (publishes && this.drafts.read(publishes.campaignId)?.at !== publishes.at) return null;
    const current = this.documents.current();
    if (current && [source, sent].includes(current.source)) {
      if (publishes) this.drafts.drop(publishes.campaignId);
      return { version: current.version, changed: false };
    }
    const version = (this.documents.newest()?.version ?? 0) + 1;
    await this.changes.advanced(change && { ...change, about: `version ${version}` }, now, () => {
      this.documents.add({ version, at: now, source, document, author: change?.actor, reason: change?.reason });
      if (publishes) this.drafts.drop(publishes.campaignId);
      this.revocations.note(marks, now);
    });
    return { version, changed: true };
  }

  /** The document that a new one takes the place of. @returns {AccountDocument | null} */
  inForce() {
    return this.documents.current()?.document ?? null;
  }

  /** @returns {({ version: number, at: number } & Authorship)[]} newest first, with the names of people who are still there */
  versions() {
    return this.documents.list().map(({ author, ...version }) => ({ ...version, ...(author && { author: this.#named(author) }) }));
  }

  /** @param {import("./audit.js").Actor} actor @returns {import("./audit.js").Actor & { name?: string }} */
  #named(actor) {
    const name = actor.kind === "person" ? this.people.nameOf(actor.id) : undefined;
    return { ...actor, ...(name !== undefined && { name }) };
  }

  /** @param {string} campaignId @returns {object | null} a draft: what a campaign may hold is more than the types of a call can follow */
  campaignDraft(campaignId) {
    const draft = this.drafts.read(campaignId);
    return draft && { ...draft, author: this.#named(draft.author) };
  }

  /** @returns {object[]} all of them, by campaign */
  campaignDrafts() {
    return this.drafts.list().map((draft) => ({ ...draft, author: this.#named(draft.author) }));
  }

  /**
   * Keeps a draft. That it was begun is noted, and not each of its states.
   * @param {string} account
   * @param {string} campaignId
   * @param {Omit<import("./documents/campaign_drafts.js").Content, "author">} content
   * @param {import("../../http/precondition.js").Precondition} over
   * @param {number} now
   * @param {Change} change
   * @returns {Promise<{ at: number } | "conflict" | "full">}
   */
  putCampaignDraft(account, campaignId, content, over, now, change) {
    return this.changes.told(now, () => {
      const put = this.drafts.put(account, campaignId, { ...content, author: change.actor }, over, now);
      if (typeof put === "object" && put.isNew) this.changes.tell(change, now);
      return put;
    });
  }

  /** @param {string} campaignId @param {import("../../http/precondition.js").Precondition} over @param {number} now @param {Change} change */
  dropCampaignDraft(campaignId, over, now, change) {
    return this.changes.told(now, () => {
      const dropped = this.drafts.drop(campaignId, over);
      if (dropped === "dropped") this.changes.tell(change, now);
      return dropped;
    });
  }

  /**
   * @param {string} name
   * @param {string} wrapped sealed by the worker: the plain value never reaches this object
   * @param {number} now
   * @param {Change} [change]
   * @returns {Promise<boolean>} false when the account has too many
   */
  async putSecret(name, wrapped, now, change) {
    this.changes.begin();
    if (!this.secrets.hasRoom(name)) return false;
    await this.changes.advanced(change, now, () => this.secrets.put(name, wrapped, now));
    return true;
  }

  /**
   * Stores a secret under a name that none has.
   * @param {string} name
   * @param {string} wrapped
   * @param {number} now
   * @param {Change} change
   * @returns {Promise<"added" | "taken" | "full">}
   */
  async addSecret(name, wrapped, now, change) {
    if (this.secrets.has(name)) return "taken";
    return (await this.putSecret(name, wrapped, now, change)) ? "added" : "full";
  }

  /**
   * @param {string} name
   * @param {number} now
   * @param {Change} change
   * @returns {Promise<boolean>} false when there is none of that name
   */
  async dropSecret(name, now, change) {
    if (!this.secrets.has(name)) return false;
    await this.changes.advanced(change, now, () => this.secrets.drop(name));
    return true;
  }

  /** Seals the versions of the document and the drafts anew. @returns {Promise<number>} how many */
  resealVersions() {
    return this.changes.stored(() => this.documents.reseal() + this.drafts.reseal());
  }

  /** When the account ends, milliseconds; null as long as nobody wants it to. @returns {number | null} */
  endsAt() {
    return this.ending.read()?.at ?? null;
  }

  /** @returns {{ version: number, at?: number, endsAt: number | null } | null} null where there is nothing; version 0 where there is no document */
  summary() {
    return this.changes.exists() ? { version: 0, ...this.documents.newest(), endsAt: this.endsAt() } : null;
  }

  /**
   * Takes nothing from now on. Said again, nothing changes.
   * @param {number} until milliseconds
   * @param {number} now
   * @param {Change} change
   */
  async beginEnd(until, now, change) {
    if (this.endsAt() !== null) return;
    await this.changes.advanced(change, now, () => this.ending.begin(until, change.actor.kind));
  }

  /**
   * An end that operators began is theirs to take back.
   * @param {number} now
   * @param {Change} change
   * @returns {Promise<"restored" | "refused" | "nothing">} nothing: it was not to end
   */
  async restore(now, change) {
    const begun = this.ending.read();
    if (!begun) return "nothing";
    if (begun.kind === "operator" && change.actor.kind !== "operator") return "refused";
    await this.changes.advanced(change, now, () => this.ending.takeBack());
    return "restored";
  }

  /** Nothing is left but the audit list, which ends by itself. @param {number} now milliseconds */
  async end(now) {
    const until = this.endsAt();
    if (until === null || until > now) return;
    await this.changes.told(now, () => this.ending.end());
  }

  /** @param {string} account that has ended @param {number} now */
  forgetEnded(account, now) {
    return this.changes.stored(() => {
      this.holders.drop(account);
      this.signers.drop(account);
      this.rounds.drop(account);
      this.endings.end(account, now);
    });
  }

  /** What every new version is checked against. @returns {{ wrapped: Record<string, string>, revoked: string[] }} */
  keeping() {
    return { wrapped: this.secrets.wrapped(), revoked: this.revocations.marks() };
  }

  /** @param {string} hash @param {number} now @param {Change} [change] */
  openConnection(hash, now, change) {
    return this.changes.told(now, () => {
      this.connections.open(hash, now);
      this.changes.tell(change, now);
    });
  }

  /**
   * @param {string} hash
   * @param {Parameters<ConsolePeople["invite"]>[1]} invitation
   * @param {number} now
   * @param {Change} change
   * @param {string[]} [roles] that the caller may take from somebody
   * @returns {Promise<number | null | { beyond: string }>} until when; null when there are too many people; a role of the person that is
   *   not the caller's to take
   */
  invite(hash, invitation, now, change, roles = []) {
    return this.changes.told(now, () => {
      const beyond = this.#roleBeyond(invitation.person, roles);
      if (beyond) return { beyond };
      const end = this.people.invite(hash, invitation, now);
      if (end !== null) this.changes.tell(change, now);
      return end;
    });
  }

  /** @param {string} id of a person or an invitation @param {string[]} roles */
  #roleBeyond(id, roles) {
    return this.people.rolesOf(id).find((role) => !roles.includes(role));
  }

  /** @param {string} hash @param {Parameters<ConsolePeople["enrol"]>[1]} passkey @param {Parameters<ConsolePeople["enrol"]>[2]} spent @param {string} session @param {number} now */
  enrol(hash, passkey, spent, session, now) {
    return this.changes.told(now, () => {
      const made = this.people.enrol(hash, passkey, spent, session, now);
      if (made) this.changes.tell({ actor: { kind: "person", id: made.id }, action: "enrolPerson", about: made.role }, now);
      return made;
    });
  }

  /**
   * @param {string} id of a person or an invitation
   * @param {number} now
   * @param {Change} change
   * @param {string[]} [roles] that the caller may take from somebody
   * @returns {Promise<boolean | { beyond: string }>} false where there is neither; a role that is not the caller's to take
   */
  removeFromConsole(id, now, change, roles = []) {
    return this.changes.told(now, () => {
      const beyond = this.#roleBeyond(id, roles);
      if (beyond) return { beyond };
      const done = this.people.remove(id);
      if (done) this.changes.tell(change, now);
      return done;
    });
  }

  /** @param {string} object its id @param {number} now @returns {Promise<boolean>} false when the account has begun too many */
  async openKeySet(object, now) {
    return this.keySets.open(toBase64url(await sha256(object)), now);
  }

  /** @param {string} mark @param {string} kid @param {number} now */
  noteKeyUse(mark, kid, now) {
    if (this.changes.exists()) this.sightings.use(mark, kid, now);
  }

  /** @param {string} mark @param {string[]} kids @param {number} now */
  noteKeySet(mark, kids, now) {
    if (this.changes.exists()) this.sightings.see(mark, kids, now);
  }

  /** @param {import("./keys/key_warnings.js").Found[]} found @param {number} now @returns {import("./keys/key_warnings.js").Warned[]} */
  warn(found, now) {
    if (!this.changes.exists()) return [];
    this.ctx.storage.transactionSync(() => this.warnings.replace(found, now));
    return this.warnings.list();
  }

  /**
   * @param {{ id: string, hash: string, scope: string }} client
   * @param {number} now
   * @param {Change} [change]
   * @returns {Promise<boolean>} false when the account has too many
   */
  putClient(client, now, change) {
    this.changes.begin();
    return this.changes.told(now, () => {
      const isAdded = this.clientele.add(client, now);
      if (isAdded) this.changes.tell(change, now);
      return isAdded;
    });
  }

  /** @param {string} id @param {number} now @param {Change} [change] */
  dropClient(id, now, change) {
    return this.changes.told(now, () => {
      const isDropped = this.clientele.drop(id);
      if (isDropped) this.changes.tell(change, now);
      return isDropped;
    });
  }

  /**
   * Notes what was done elsewhere on the account's behalf.
   * @param {Change} change
   * @param {number} now milliseconds
   */
  async note(change, now) {
    if (!this.changes.exists()) return;
    await this.changes.told(now, () => this.changes.tell(change, now));
  }

  /** @param {{ limit: number, before?: number, own?: boolean }} page own: without an earlier customer's of this name @param {number} now */
  audited({ own, ...page }, now) {
    const after = own ? this.audit.lastEnd({ isEnding: this.endsAt() !== null }) : 0;
    return this.audit.list({ ...page, after }, now);
  }

  /** @param {import("./seen/refusals.js").Report} report */
  async refuse(report) {
    const ref = this.refusals.write(report);
    const { campaignId, code, reason } = report;
    if (!report.preview) this.tallies.add([{ campaignId, kind: "refused", name: reason, n: 1 }, { campaignId, kind: "cause", name: code, n: 1 }], report.at);
    await this.changes.wakeBy(report.at + HOUR_MS);
    return ref;
  }

  /** Old refusals go, and old entries of the audit list. */
  async alarm() {
    const now = Date.now();
    if (this.refusals.purge(now)) await this.changes.wakeBy(now + HOUR_MS);
    const next = this.audit.purge(now);
    await this.changes.wakeBy(next);
    // Of an account that has ended, the audit list was the last that was kept.
    if (next === undefined && hasTable(this.sql, "audit") && !this.changes.exists()) await this.ctx.storage.deleteAll();
  }

}

answerBy(Account.prototype);
