// One object per address of a key set or of a login server's metadata: refreshes are single-flight, the last
// good copy is on disk. When to fetch, to wait or to refuse is decided by the core's pure machine.

import { DurableObject } from "cloudflare:workers";
import { isObject } from "../body.js";
import { configuration } from "../configuration.js";
import { perform } from "../fetcher.js";
import { oauth } from "../handstamp.js";

/** @import { CoreAnswer, CoreRequest, Env } from "../types.d.ts" */

/** @extends {DurableObject<Env>} */
export class KeySet extends DurableObject {
  /** @type {Promise<CoreAnswer> | undefined} */
  #flight;

  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec(`CREATE TABLE IF NOT EXISTS entry (
      one INTEGER PRIMARY KEY CHECK (one = 1), cache TEXT NOT NULL, content_type TEXT, body TEXT, failure TEXT)`);
  }

  /**
   * @param {CoreRequest} request
   * @param {number} now milliseconds
   * @returns {Promise<CoreAnswer>}
   */
  async read(request, now) {
    if (this.#flight) return this.#flight;
    const decision = this.#step({ type: request.refresh ? "unknown_kid" : "use" }, now);
    if (decision === "use") return this.#kept();
    if (decision === "refuse") return this.#refused();
    this.#flight = this.#load(request).finally(() => {
      this.#flight = undefined;
    });
    // Whoever asked first may hang up; the others still get their answer.
    this.ctx.waitUntil(this.#flight);
    return this.#flight;
  }

  /**
   * @param {CoreRequest} request
   * @returns {Promise<CoreAnswer>}
   */
  async #load(request) {
    const answer = await perform(request, configuration(this.env));
    if (!("failed" in answer) && answer.status === 200 && isUsable(request, answer.body)) {
      this.#step({ type: "fetched", ...(answer.cacheControl && { cacheControl: answer.cacheControl }) }, Date.now());
      this.sql.exec("UPDATE entry SET content_type = ?, body = ?, failure = NULL", answer.contentType, answer.body);
      return this.#kept();
    }
    const decision = this.#step({ type: "failed" }, Date.now());
    this.sql.exec("UPDATE entry SET failure = ?", JSON.stringify("failed" in answer ? answer : { ...answer, body: "" }));
    // A copy that is not too old is better than none.
    return decision === "use" && this.#body() !== null ? this.#kept() : answer;
  }

  /**
   * @param {{ type: string, cacheControl?: string }} event
   * @param {number} now
   * @returns {"use" | "fetch" | "refuse"}
   */
  #step(event, now) {
    const [row] = this.sql.exec("SELECT cache FROM entry").toArray();
    const known = row ? JSON.parse(String(row.cache)) : null;
    const { decision, cache } = oauth.keySet.next(known, event, Math.floor(now / 1000));
    this.sql.exec("INSERT INTO entry (one, cache) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET cache = excluded.cache", JSON.stringify(cache));
    return decision === "use" && event.type !== "fetched" && this.#body() === null ? "refuse" : decision;
  }

  #body() {
    return this.sql.exec("SELECT body FROM entry").one().body;
  }

  /** @returns {CoreAnswer} */
  #kept() {
    const { content_type, body } = this.sql.exec("SELECT content_type, body FROM entry").one();
    return { status: 200, contentType: String(content_type), body: String(body) };
  }

  /** @returns {CoreAnswer} */
  #refused() {
    const { failure } = this.sql.exec("SELECT failure FROM entry").one();
    return failure === null ? { failed: "network" } : JSON.parse(String(failure));
  }
}

/**
 * A page that says 200 and something else must not push out a good copy.
 * @param {CoreRequest} request
 * @param {string} body
 */
function isUsable(request, body) {
  try {
    const value = JSON.parse(body);
    return isObject(value) && (request.purpose !== "keySet" || Array.isArray(value.keys));
  } catch {
    return false;
  }
}
