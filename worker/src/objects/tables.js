// Tables of an object are made by the first write: a question about something that does not exist leaves
// nothing behind, and an object that has deleted everything is as good as new.

/**
 * @param {SqlStorage} sql
 * @param {string} name of a table
 */
export function hasTable(sql, name) {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name).toArray().length > 0;
}

/**
 * Reads rows of a table; none where it was never made.
 * @param {SqlStorage} sql
 * @param {string} table
 * @param {string} query
 * @param {SqlStorageValue[]} values
 */
export function rowsOf(sql, table, query, ...values) {
  return hasTable(sql, table) ? sql.exec(query, ...values).toArray() : [];
}

/** Tables that belong together, in the storage of an object. */
export class Tables {
  /** @param {SqlStorage} sql whose transactions are the object's */
  constructor(sql) {
    this.sql = sql;
  }
}
