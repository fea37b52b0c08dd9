// One object per account: its document in all kept versions, sealed, its wrapped secrets, its API clients, and what
// was refused on its behalf. Isolates hold copies of the document for a few seconds; whoever must see a
// revocation at once asks here.

import { DurableObject } from "cloudflare:workers";
import { OPERATORS } from "../../accounts/access.js";
import { accountObject } from "../../accounts/held.js";
import { sha256, toBase64url } from "../../platform/bytes.js";
import { configuration } from "../../platform/configuration.js";
import { AccountEnd } from "./account_end.js";
import { upgradeAccount } from "./documents/account_upgrade.js";
import { ApiClients } from "./people/api_clients.js";
import { Audit } from "./audit.js";
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

/** Whether the object is an account's; the first write makes it. */
const REVISION = "CREATE TABLE IF NOT EXISTS revision (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL)";

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
    const revision = this.#revision();
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
    this.sql.exec(REVISION);
    if (over !== undefined && over !== (this.documents.newest()?.version ?? 0)) return null;
    if (publishes && this.drafts.read(publishes.campaignId)?.at !== publishes.at) return null;
    const current = this.documents.current();
    if (current && [source, sent].includes(current.source)) {
      if (publishes) this.drafts.drop(publishes.campaignId);
      return { version: current.version, changed: false };
    }
    const version = (this.documents.newest()?.version ?? 0) + 1;
    this.ctx.storage.transactionSync(() => {
      this.documents.add({ version, at: now, source, document, author: change?.actor, reason: change?.reason });
      if (publishes) this.drafts.drop(publishes.campaignId);
      this.revocations.note(marks, now);
      this.#advance();
      this.#tell(change && { ...change, about: `version ${version}` }, now);
    });
    await this.#settle(now);
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
  async putCampaignDraft(account, campaignId, content, over, now, change) {
    const kept = this.ctx.storage.transactionSync(() => {
      const put = this.drafts.put(account, campaignId, { ...content, author: change.actor }, over, now);
      if (typeof put === "object" && put.isNew) this.#tell(change, now);
      return put;
    });
    await this.#settle(now);
    return kept;
  }

  /** @param {string} campaignId @param {import("../../http/precondition.js").Precondition} over @param {number} now @param {Change} change */
  async dropCampaignDraft(campaignId, over, now, change) {
    const outcome = this.ctx.storage.transactionSync(() => {
      const dropped = this.drafts.drop(campaignId, over);
      if (dropped === "dropped") this.#tell(change, now);
      return dropped;
    });
    await this.#settle(now);
    return outcome;
  }

  /**
   * A document as it was sent, and with its defaults filled in.
   * @param {number} [version] the current one without
   */
  source(version) {
    return this.documents.read(version);
  }

  /**
   * @param {string} name
   * @param {string} wrapped sealed by the worker: the plain value never reaches this object
   * @param {number} now
   * @param {Change} [change]
   * @returns {Promise<boolean>} false when the account has too many
   */
  async putSecret(name, wrapped, now, change) {
    this.sql.exec(REVISION);
    if (!this.secrets.hasRoom(name)) return false;
    this.ctx.storage.transactionSync(() => {
      this.secrets.put(name, wrapped, now);
      this.#advance();
      this.#tell(change, now);
    });
    await this.#settle(now);
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
    this.ctx.storage.transactionSync(() => {
      this.secrets.drop(name);
      this.#advance();
      this.#tell(change, now);
    });
    await this.#settle(now);
    return true;
  }

  /**
   * Puts secrets in the place of the same ones in an older seal; whatever was written since stays.
   * @param {import("../../accounts/secrets.js").Resealed[]} news
   * @returns {Promise<number>} how many were in their place
   */
  async reseal(news) {
    const count = this.secrets.reseal(news);
    await this.ctx.storage.sync();
    return count;
  }

  /** The same for the versions of the document. @returns {Promise<number>} how many */
  async resealVersions() {
    const count = this.documents.reseal() + this.drafts.reseal();
    await this.ctx.storage.sync();
    return count;
  }

  /** @param {string} account only asked of the operators' object, as is the next */
  async noteSecretHolder(account) {
    this.holders.note(account);
    await this.ctx.storage.sync();
  }

  /** @param {string} after @param {number} limit */
  secretHolders(after, limit) {
    return this.holders.list(after, limit);
  }

  /** When the account ends, milliseconds; null as long as nobody wants it to. @returns {number | null} */
  endsAt() {
    return this.ending.read()?.at ?? null;
  }

  /** @returns {{ version: number, at?: number, endsAt: number | null } | null} null where there is nothing; version 0 where there is no document */
  summary() {
    return this.#exists() ? { version: 0, ...this.documents.newest(), endsAt: this.endsAt() } : null;
  }

  /** The campaigns of every version that is kept: each may have a counter. @returns {string[]} */
  campaignIds() {
    const documents = this.documents.list().map(({ version }) => this.documents.read(version)?.document);
    return [...new Set(documents.flatMap((document) => Object.keys(document?.campaigns ?? {})))];
  }

  /**
   * Takes nothing from now on. Said again, nothing changes.
   * @param {number} until milliseconds
   * @param {number} now
   * @param {Change} change
   */
  async beginEnd(until, now, change) {
    if (this.endsAt() !== null) return;
    this.ctx.storage.transactionSync(() => {
      this.ending.begin(until, change.actor.kind);
      this.#advance();
      this.#tell(change, now);
    });
    await this.#settle(now);
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
    this.ctx.storage.transactionSync(() => {
      this.ending.takeBack();
      this.#advance();
      this.#tell(change, now);
    });
    await this.#settle(now);
    return "restored";
  }

  /** Nothing is left but the audit list, which ends by itself. @param {number} now milliseconds */
  async end(now) {
    const until = this.endsAt();
    if (until === null || until > now) return;
    this.ctx.storage.transactionSync(() => this.ending.end());
    await this.#settle(now);
  }

  /** @param {string} account only asked of the operators' object, as are the next four @param {number} due */
  async noteEnding(account, due) {
    this.endings.note(account, due);
    await this.ctx.storage.sync();
  }

  /** @param {string} account */
  async dropEnding(account) {
    this.endings.drop(account);
    await this.ctx.storage.sync();
  }

  /** @param {number} now */
  dueEndings(now) {
    return this.endings.due(now);
  }

  /** @param {string} account @param {number} now */
  isNameTaken(account, now) {
    return this.endings.isTaken(account, now);
  }

  /** @param {string} account that has ended @param {number} now */
  async forgetEnded(account, now) {
    this.ctx.storage.transactionSync(() => {
      this.holders.drop(account);
      this.signers.drop(account);
      this.rounds.drop(account);
      this.endings.end(account, now);
    });
    await this.ctx.storage.sync();
  }

  /** Wrapped, for checking a new document against. @returns {Record<string, string>} */
  wrappedSecrets() {
    return this.secrets.wrapped();
  }

  /** What every new version is checked against. @returns {{ wrapped: Record<string, string>, revoked: string[] }} */
  keeping() {
    return { wrapped: this.wrappedSecrets(), revoked: this.revocations.marks() };
  }

  /** @param {string} hash @param {number} now @param {Change} [change] */
  async openConnection(hash, now, change) {
    this.connections.open(hash, now);
    this.#tell(change, now);
    await this.#settle(now);
  }

  /** @param {string} link @param {string} session @param {number} now */
  tradeConnection(link, session, now) {
    return this.connections.trade(link, session, now);
  }

  /** @param {string} session @param {number} now */
  inConnection(session, now) {
    return this.connections.holds(session, "session", now);
  }

  /** @param {object} body @param {number} now */
  keepTrial(body, now) {
    this.trials.keep(body, now);
  }

  /** @param {number} now */
  trial(now) {
    return this.trials.read(now);
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
  async invite(hash, invitation, now, change, roles = []) {
    const until = this.ctx.storage.transactionSync(() => {
      const beyond = this.#roleBeyond(invitation.person, roles);
      if (beyond) return { beyond };
      const end = this.people.invite(hash, invitation, now);
      if (end !== null) this.#tell(change, now);
      return end;
    });
    await this.#settle(now);
    return until;
  }

  /** @param {string} id of a person or an invitation @param {string[]} roles */
  #roleBeyond(id, roles) {
    return this.people.rolesOf(id).find((role) => !roles.includes(role));
  }

  /** @param {string} hash @param {number} now */
  invited(hash, now) {
    return this.people.invited(hash, now);
  }

  /** @param {string} hash @param {Parameters<ConsolePeople["enrol"]>[1]} passkey @param {Parameters<ConsolePeople["enrol"]>[2]} spent @param {string} session @param {number} now */
  async enrol(hash, passkey, spent, session, now) {
    const person = this.ctx.storage.transactionSync(() => {
      const made = this.people.enrol(hash, passkey, spent, session, now);
      if (made) this.#tell({ actor: { kind: "person", id: made.id }, action: "enrolPerson", about: made.role }, now);
      return made;
    });
    await this.#settle(now);
    return person;
  }

  /** @param {string} id */
  passkey(id) {
    return this.people.passkey(id);
  }

  /** @param {Parameters<ConsolePeople["signIn"]>} of */
  async signInPerson(...of) {
    const person = this.ctx.storage.transactionSync(() => this.people.signIn(...of));
    await this.ctx.storage.sync();
    return person;
  }

  /** @param {string} hash @param {number} now */
  session(hash, now) {
    return this.people.session(hash, now);
  }

  /** @param {string} hash */
  signOutPerson(hash) {
    this.people.signOut(hash);
  }

  /** @param {number} now */
  consolePeople(now) {
    return this.people.list(now);
  }

  /**
   * @param {string} id of a person or an invitation
   * @param {number} now
   * @param {Change} change
   * @param {string[]} [roles] that the caller may take from somebody
   * @returns {Promise<boolean | { beyond: string }>} false where there is neither; a role that is not the caller's to take
   */
  async removeFromConsole(id, now, change, roles = []) {
    const isGone = this.ctx.storage.transactionSync(() => {
      const beyond = this.#roleBeyond(id, roles);
      if (beyond) return { beyond };
      const done = this.people.remove(id);
      if (done) this.#tell(change, now);
      return done;
    });
    await this.#settle(now);
    return isGone;
  }

  /** @param {string} object its id @param {number} now @returns {Promise<boolean>} false when the account has begun too many */
  async openKeySet(object, now) {
    return this.keySets.open(toBase64url(await sha256(object)), now);
  }

  /** @param {string} mark @param {string} kid @param {number} now */
  noteKeyUse(mark, kid, now) {
    if (this.#exists()) this.sightings.use(mark, kid, now);
  }

  /** @param {string} mark @param {string[]} kids @param {number} now */
  noteKeySet(mark, kids, now) {
    if (this.#exists()) this.sightings.see(mark, kids, now);
  }

  keySightings() {
    return this.sightings.list();
  }

  /** @param {import("./keys/key_warnings.js").Found[]} found @param {number} now @returns {import("./keys/key_warnings.js").Warned[]} */
  warn(found, now) {
    if (!this.#exists()) return [];
    this.ctx.storage.transactionSync(() => this.warnings.replace(found, now));
    return this.warnings.list();
  }

  /** @param {import("./keys/key_warnings.js").Found} warning */
  toldWarning(warning) {
    this.warnings.tell(warning);
  }

  keyWarnings() {
    return this.warnings.list();
  }

  /** Only asked of the operators' object, as are the next two. */
  keyRound() {
    return this.rounds.place();
  }

  /** @param {Parameters<KeyRounds["go"]>} of */
  async goRound(...of) {
    this.ctx.storage.transactionSync(() => this.rounds.go(...of));
    await this.ctx.storage.sync();
  }

  /** @param {number} limit */
  warnedAccounts(limit) {
    return this.rounds.warned(limit);
  }

  /** @param {import("./keys/signers.js").Claim} claim only asked of the operators' object */
  claimKeys(claim) {
    return this.signers.claim(claim);
  }

  /** Names and dates, never values. @returns {{ name: string, at: number }[]} */
  secretNames() {
    return this.secrets.list();
  }

  /**
   * @param {{ id: string, hash: string, scope: string }} client
   * @param {number} now
   * @param {Change} [change]
   * @returns {Promise<boolean>} false when the account has too many
   */
  async putClient(client, now, change) {
    this.sql.exec(REVISION);
    if (!this.clientele.add(client, now)) return false;
    this.#tell(change, now);
    await this.#settle(now);
    return true;
  }

  /** What may be shown of them: no hash. @returns {{ clientId: string, scope: string, at: number }[]} oldest first */
  clients() {
    return this.clientele.list();
  }

  /** @param {string} id @returns {{ hash: string, scope: string } | null} */
  client(id) {
    return this.clientele.read(id);
  }

  /** @param {string} id @param {number} now @param {Change} [change] */
  async dropClient(id, now, change) {
    if (!this.client(id)) return false;
    this.clientele.drop(id);
    this.#tell(change, now);
    await this.#settle(now);
    return true;
  }

  /**
   * Notes what was done elsewhere on the account's behalf.
   * @param {Change} change
   * @param {number} now milliseconds
   */
  async note(change, now) {
    if (!this.#exists()) return;
    this.#tell(change, now);
    await this.#settle(now);
  }

  /** @param {{ limit: number, before?: number, own?: boolean }} page own: without an earlier customer's of this name @param {number} now */
  audited({ own, ...page }, now) {
    const after = own ? this.audit.lastEnd({ isEnding: this.endsAt() !== null }) : 0;
    return this.audit.list({ ...page, after }, now);
  }

  /** @param {Change | undefined} change nothing where an upgrade or a test writes @param {number} now */
  #tell(change, now) {
    if (change) this.audit.add(change, now);
  }

  /** Waits until what was written is on disk, with an alarm for its end. @param {number} now */
  async #settle(now) {
    await this.#wakeBy(this.audit.purge(now));
    await this.ctx.storage.sync();
  }

  /** Wakes then at the latest. @param {number | undefined} at */
  async #wakeBy(at) {
    const booked = await this.ctx.storage.getAlarm();
    if (at !== undefined && (booked === null || booked > at)) await this.ctx.storage.setAlarm(at);
  }

  /** @param {import("./seen/refusals.js").Report} report */
  async refuse(report) {
    const ref = this.refusals.write(report);
    const { campaignId, code, reason } = report;
    if (!report.preview) this.tallies.add([{ campaignId, kind: "refused", name: reason, n: 1 }, { campaignId, kind: "cause", name: code, n: 1 }], report.at);
    await this.#wakeBy(report.at + HOUR_MS);
    return ref;
  }

  /** @param {import("./seen/tallies.js").Tally[]} tallies @param {number} now */
  tally(tallies, now) {
    this.tallies.add(tallies, now);
  }

  /** @param {number} since @param {string} [campaignId] @param {import("./seen/tallies.js").Pieces} [pieces] */
  tallied(since, campaignId, pieces) {
    return this.tallies.read(since, campaignId, pieces);
  }

  /** @param {string} campaignId @returns {number | null} when its page was first opened, as far as that is kept; milliseconds */
  firstOpened(campaignId) {
    return this.tallies.first(campaignId, "opened");
  }

  /** @param {string} trail @param {number} now @returns {import("./seen/trails.js").TrailEvent[]} */
  trail(trail, now) {
    return this.trails.look(trail, now);
  }

  /** @param {string} trail @param {import("./seen/trails.js").TrailEvent} event */
  sayOnTrail(trail, event) {
    this.trails.add(trail, event);
  }

  /** @param {string} ref @param {number} now */
  refusal(ref, now) {
    return this.refusals.read(ref, now);
  }

  /** @param {number} now @param {number} limit @param {{ code?: string, since?: number }} [wanted] */
  refusalList(now, limit, wanted) {
    return this.refusals.list(now, limit, wanted);
  }

  /** @param {number} since */
  refusalCauses(since) {
    return this.tallies.causes(since);
  }

  /** @param {string} campaignId */
  refusalCounts(campaignId) {
    return this.refusals.counts(campaignId);
  }

  /** @param {import("./seen/dead_letters.js").DeadLetter} letter */
  async deadLetter(letter) {
    this.letters.add(letter);
    await this.ctx.storage.sync();
  }

  /** @param {number} limit */
  deadLetters(limit) {
    return this.letters.list(limit);
  }

  /** @param {string[]} ids */
  dropDeadLetters(ids) {
    this.letters.drop(ids);
  }

  /** Old refusals go, and old entries of the audit list. */
  async alarm() {
    const now = Date.now();
    if (this.refusals.purge(now)) await this.#wakeBy(now + HOUR_MS);
    const next = this.audit.purge(now);
    await this.#wakeBy(next);
    // Of an account that has ended, the audit list was the last that was kept.
    if (next === undefined && hasTable(this.sql, "audit") && !this.#exists()) await this.ctx.storage.deleteAll();
  }

  #exists() {
    return hasTable(this.sql, "revision");
  }

  #revision() {
    return this.#exists() ? Number(this.sql.exec("SELECT n FROM revision").toArray()[0]?.n ?? 0) : 0;
  }

  #advance() {
    this.sql.exec("INSERT INTO revision (one, n) VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET n = n + 1");
  }
}
