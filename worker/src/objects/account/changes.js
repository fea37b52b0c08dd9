// The changes of an account: a transaction, the entry of the audit list that tells of it, and the revision by which isolates
// see that their copy is old. An answer waits until all of it is on disk.

import { hasTable, rowsOf } from "../tables.js";

/** @import { Audit, Change } from "./audit.js" */

/** Whether the object is an account's; the first write makes it. */
const REVISION = "CREATE TABLE IF NOT EXISTS revision (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL)";

export class Changes {
  /** @param {DurableObjectStorage} storage @param {Audit} audit */
  constructor(storage, audit) {
    this.storage = storage;
    this.audit = audit;
  }

  /** Makes the object an account's. */
  begin() {
    this.storage.sql.exec(REVISION);
  }

  exists() {
    return hasTable(this.storage.sql, "revision");
  }

  /** @returns {number} 0 before the first change */
  revision() {
    return Number(rowsOf(this.storage.sql, "revision", "SELECT n FROM revision")[0]?.n ?? 0);
  }

  /** Runs some work in one transaction. @template T @param {() => T} work @returns {Promise<T>} its result */
  async stored(work) {
    const outcome = this.storage.transactionSync(work);
    await this.storage.sync();
    return outcome;
  }

  /** The same for work that tells the audit list, with an alarm for the end of its entries. @template T @param {number} now @param {() => T} work */
  async told(now, work) {
    const outcome = this.storage.transactionSync(work);
    await this.wakeBy(this.audit.purge(now));
    await this.storage.sync();
    return outcome;
  }

  /** The same for work after which each copy of the account is old. @param {Change | undefined} change @param {number} now @param {() => void} work */
  advanced(change, now, work) {
    return this.told(now, () => {
      work();
      this.storage.sql.exec("INSERT INTO revision (one, n) VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET n = n + 1");
      this.tell(change, now);
    });
  }

  /** @param {Change | undefined} change nothing where an upgrade or a test writes @param {number} now */
  tell(change, now) {
    if (change) this.audit.add(change, now);
  }

  /** Wakes the object then at the latest. @param {number | undefined} at milliseconds */
  async wakeBy(at) {
    const booked = await this.storage.getAlarm();
    if (at !== undefined && (booked === null || booked > at)) await this.storage.setAlarm(at);
  }
}
