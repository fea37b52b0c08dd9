// The people who sign in to the console of an account: invitations for seven days, good once, passkeys and sessions. Of
// secrets only hashes are kept, of a person a name; whoever is removed is gone from here at once.

import { Tables, hasTable, rowsOf } from "../../tables.js";

export const INVITATION_MS = 7 * 24 * 60 * 60 * 1000;
export const SESSION_MS = 12 * 60 * 60 * 1000;
/** People and open invitations of one account. */
const PEOPLE = 200;
/** Sessions of one person: the oldest ends when there is one more. */
const SESSIONS = 20;

const TABLES = `
  CREATE TABLE IF NOT EXISTS invitation (hash TEXT PRIMARY KEY, id TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS console_person (id TEXT PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, seen INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS passkey (id TEXT PRIMARY KEY, person TEXT NOT NULL, key TEXT NOT NULL, counter INTEGER NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS console_session (hash TEXT PRIMARY KEY, person TEXT NOT NULL, verified INTEGER NOT NULL, until INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS spent_challenge (challenge TEXT PRIMARY KEY, until INTEGER NOT NULL);
`;

/** @typedef {{ id: string, person: string, role: string, name: string, at: number, until: number }} Invitation */
/** @typedef {{ id: string, role: string, name: string, at: number, seen: number }} ConsolePerson */
/** @typedef {{ id: string, key: string, counter: number }} Passkey */
/** @typedef {{ challenge: string, until: number }} Spent */

export class ConsolePeople extends Tables {
  /**
   * Opens an invitation, in the place of an earlier one for the same person.
   * @param {string} hash
   * @param {Omit<Invitation, "at" | "until">} invitation
   * @param {number} now
   * @returns {number | null} until when; null when there are too many people
   */
  invite(hash, { id, person, role, name }, now) {
    this.sql.exec(TABLES);
    this.sql.exec("DELETE FROM invitation WHERE until <= ? OR person = ?", now, person);
    const { n } = this.sql.exec("SELECT (SELECT COUNT(*) FROM invitation) + (SELECT COUNT(*) FROM console_person WHERE id <> ?) AS n", person).one();
    if (Number(n) >= PEOPLE) return null;
    const until = now + INVITATION_MS;
    this.sql.exec("INSERT INTO invitation (hash, id, person, role, name, at, until) VALUES (?, ?, ?, ?, ?, ?, ?)", hash, id, person, role, name, now, until);
    return until;
  }

  /** @param {string} hash @param {number} now @returns {Invitation | null} */
  invited(hash, now) {
    return this.#one("SELECT id, person, role, name, at, until FROM invitation WHERE hash = ? AND until > ?", hash, now);
  }

  /**
   * Makes the person of an invitation, with the passkey that takes the place of all their earlier ones, and signs them in.
   * @param {string} hash of the invitation, which is used up
   * @param {Passkey} passkey
   * @param {Spent} spent
   * @param {string} session hash
   * @param {number} now
   * @returns {ConsolePerson | null} null where there is no such invitation any more
   */
  enrol(hash, passkey, spent, session, now) {
    const invitation = this.invited(hash, now);
    if (!invitation || !this.#spend(spent, now)) return null;
    const { person: id, role, name } = invitation;
    this.#drop(id);
    this.sql.exec("DELETE FROM passkey WHERE id = ?", passkey.id);
    this.sql.exec("INSERT INTO console_person (id, role, name, at, seen) VALUES (?, ?, ?, ?, ?)", id, role, name, now, now);
    this.sql.exec("INSERT INTO passkey (id, person, key, counter, at) VALUES (?, ?, ?, ?, ?)", passkey.id, id, passkey.key, passkey.counter, now);
    this.#open(session, id, now);
    return { id, role, name, at: now, seen: now };
  }

  /** @param {string} id @returns {Passkey | null} */
  passkey(id) {
    return this.#one("SELECT id, key, counter FROM passkey WHERE id = ?", id);
  }

  /**
   * Opens a session for the person of a passkey that has just signed; it takes the place of the one that came with it.
   * @param {Omit<Passkey, "key">} passkey with its new counter
   * @param {Spent} spent
   * @param {{ session: string, before?: string }} hashes
   * @param {number} now
   * @returns {ConsolePerson | null}
   */
  signIn({ id, counter }, spent, { session, before }, now) {
    const person = this.#one("SELECT p.id, p.role, p.name, p.at, p.seen FROM console_person p JOIN passkey k ON k.person = p.id WHERE k.id = ?", id);
    if (!person || !this.#spend(spent, now)) return null;
    this.sql.exec("UPDATE passkey SET counter = ? WHERE id = ?", counter, id);
    this.sql.exec("UPDATE console_person SET seen = ? WHERE id = ?", now, person.id);
    if (before) this.sql.exec("DELETE FROM console_session WHERE hash = ?", before);
    this.#open(session, person.id, now);
    return person;
  }

  /** @param {string} hash @param {number} now @returns {{ id: string, role: string, name: string, verified: number, until: number } | null} */
  session(hash, now) {
    return this.#one("SELECT p.id, p.role, p.name, s.verified, s.until FROM console_session s JOIN console_person p ON p.id = s.person WHERE s.hash = ? AND s.until > ?", hash, now);
  }

  /** @param {string} id @returns {string | undefined} */
  nameOf(id) {
    return this.#one("SELECT name FROM console_person WHERE id = ?", id)?.name;
  }

  /** @param {string} hash */
  signOut(hash) {
    if (this.#exists()) this.sql.exec("DELETE FROM console_session WHERE hash = ?", hash);
  }

  /** @param {number} now @returns {{ people: ConsolePerson[], invitations: Omit<Invitation, "hash">[] }} */
  list(now) {
    return {
      people: this.#rows("SELECT id, role, name, at, seen FROM console_person ORDER BY name, id"),
      invitations: this.#rows("SELECT id, person, role, name, at, until FROM invitation WHERE until > ? ORDER BY at, id", now),
    };
  }

  /** The roles that a person has or is invited to, or that an invitation gives. @param {string} id @returns {string[]} */
  rolesOf(id) {
    const rows = this.#rows("SELECT role FROM console_person WHERE id = ? UNION SELECT role FROM invitation WHERE id = ? OR person = ?", id, id, id);
    return rows.map(({ role }) => String(role));
  }

  /** Removes a person with all that is theirs, or an invitation. @param {string} id @returns {boolean} false where there is neither */
  remove(id) {
    if (!this.#exists()) return false;
    const withdrawn = this.sql.exec("DELETE FROM invitation WHERE id = ? OR person = ?", id, id).rowsWritten > 0;
    return this.#drop(id) || withdrawn;
  }

  /** @param {string} id */
  #drop(id) {
    for (const table of ["passkey", "console_session"]) this.sql.exec(`DELETE FROM ${table} WHERE person = ?`, id);
    this.sql.exec("DELETE FROM invitation WHERE person = ?", id);
    return this.sql.exec("DELETE FROM console_person WHERE id = ?", id).rowsWritten > 0;
  }

  /** @param {string} hash @param {string} person @param {number} now */
  #open(hash, person, now) {
    this.sql.exec("DELETE FROM console_session WHERE until <= ?", now);
    const older = "SELECT hash FROM console_session WHERE person = ? ORDER BY until DESC LIMIT -1 OFFSET ?";
    this.sql.exec(`DELETE FROM console_session WHERE hash IN (${older})`, person, SESSIONS - 1);
    this.sql.exec("INSERT INTO console_session (hash, person, verified, until) VALUES (?, ?, ?, ?)", hash, person, now, now + SESSION_MS);
  }

  /** Notes that a challenge has been signed; false for one that was before. @param {Spent} spent @param {number} now */
  #spend({ challenge, until }, now) {
    this.sql.exec("DELETE FROM spent_challenge WHERE until <= ?", now);
    return this.sql.exec("INSERT INTO spent_challenge (challenge, until) VALUES (?, ?) ON CONFLICT DO NOTHING", challenge, until).rowsWritten > 0;
  }

  #exists() {
    return hasTable(this.sql, "console_person");
  }

  /** @param {string} query @param {SqlStorageValue[]} values @returns {any} */
  #one(query, ...values) {
    return this.#rows(query, ...values)[0] ?? null;
  }

  /** @param {string} query @param {SqlStorageValue[]} values @returns {any[]} */
  #rows(query, ...values) {
    return rowsOf(this.sql, "console_person", query, ...values);
  }
}
