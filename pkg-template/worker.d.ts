/**
 * The worker, for a project that deploys it under its own settings. Bindings, secrets and the way to production:
 * `worker/` of this package; its static files: `public/`; the statistics' migrations: `worker/migrations/`.
 */

/**
 * The handler. `env` holds the bindings of `worker/wrangler.jsonc`.
 * @example
 * ```js
 * // The whole main file of a deployment.
 * export { default } from "handstamp/worker";
 * export * from "handstamp/worker";
 * ```
 */
declare const worker: {
  /** Answers a request; every refusal is a response, `application/problem+json` (RFC 9457). */
  fetch(request: Request, env: any, execution: any): Promise<Response>;
  /** Writes the queue's participations into the statistics; a participation that comes twice counts once. */
  queue(batch: any, env: any, execution?: any): Promise<void>;
  /** Deletes statistics that were kept for as long as their campaign says. */
  scheduled(event: any, env: any, execution?: any): Promise<void>;
};
export default worker;

/** A class of Durable Objects, as the platform constructs them. */
export type ObjectClass = new (state: any, env: any) => object;
/** Keeps one account: its document in all kept versions, its wrapped secrets, its API clients and its refusals. */
export declare const Account: ObjectClass;
/** Records the participations of one participant of a campaign, and what the statistics and the webhook are still owed. */
export declare const Participant: ObjectClass;
/** Lists everything that is kept of one person of an account, for export and erasure. */
export declare const Person: ObjectClass;
/** Keeps one sign-in between the callback and the campaign; its code is exchanged once. */
export declare const Login: ObjectClass;
/** Keeps the answers of one browser while its person is at the login page; gone after an hour. */
export declare const Draft: ObjectClass;
/** Fetches one key set or metadata document for every isolate, and keeps the last good copy. */
export declare const KeySet: ObjectClass;
/** Keeps the sealed profile that the customer's profile API answered for one token, for at most two hours. */
export declare const Profile: ObjectClass;
/** Counts decisions for `/metrics`: totals, the same by five minutes for a day, and levels. */
export declare const Metrics: ObjectClass;
