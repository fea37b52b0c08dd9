// The programs that may call for the account, each with a hash of its secret.

import { Tables, hasTable, rowsOf } from "../../tables.js";

/** Far more than rotation needs. */
const CLIENTS = 50;

export class ApiClients extends Tables {
  /** @param {{ id: string, hash: string, scope: string }} client @param {number} now @returns {boolean} false when the account has too many */
  add({ id, hash, scope }, now) {
    this.sql.exec("CREATE TABLE IF NOT EXISTS client (id TEXT PRIMARY KEY, hash TEXT NOT NULL, scope TEXT NOT NULL, at INTEGER NOT NULL)");
    if (this.list().length >= CLIENTS) return false;
    this.sql.exec("INSERT INTO client (id, hash, scope, at) VALUES (?, ?, ?, ?)", id, hash, scope, now);
    return true;
  }

  /** What may be shown of them: no hash. @returns {{ clientId: string, scope: string, at: number }[]} oldest first */
  list() {
    const rows = this.#rows("SELECT id, scope, at FROM client ORDER BY at, id");
    return rows.map(({ id, scope, at }) => ({ clientId: String(id), scope: String(scope), at: Number(at) }));
  }

  /** @param {string} id @returns {{ hash: string, scope: string } | null} */
  read(id) {
    const [row] = this.#rows("SELECT hash, scope FROM client WHERE id = ?", id);
    return row ? { hash: String(row.hash), scope: String(row.scope) } : null;
  }

  /** @param {string} id @returns {boolean} false where there is none */
  drop(id) {
    return hasTable(this.sql, "client") && this.sql.exec("DELETE FROM client WHERE id = ?", id).rowsWritten > 0;
  }

  /** @param {string} query @param {SqlStorageValue[]} values */
  #rows(query, ...values) {
    return rowsOf(this.sql, "client", query, ...values);
  }
}
