/**
 * The worker, for a project that deploys it under its own settings. Bindings, secrets and the way to production:
 * `worker/` of this package; its static files: `public/`; the statistics' migrations: `worker/migrations/`.
 */

// @ts-ignore: without the platform's types, the classes below have no members
import type { DurableObject } from "cloudflare:workers";

/** A binding to objects of one of the classes below, as `wrangler types` writes it. */
export interface Objects {
  /** Returns the id of the object of that name. */
  idFromName: (name: string) => any;
  /** Returns the object of that id. */
  get: (id: any, options?: any) => any;
}

/** The bindings, variables and secrets of the worker: those of `worker/wrangler.jsonc`, and the secrets of `PRODUCTION.md`. */
export interface Env {
  /** The accounts. */
  ACCOUNT: Objects;
  /** The participants. */
  PARTICIPANT: Objects;
  /** Everything that is kept of one person. */
  PERSON: Objects;
  /** The sign-ins. */
  LOGIN: Objects;
  /** The drafts. */
  DRAFT: Objects;
  /** The fetched key sets. */
  KEY_SET: Objects;
  /** The counts for `/metrics`. */
  METRICS: Objects;
  /** The sealed profiles. */
  PROFILE: Objects;
  /** The counts by which campaigns end. */
  COUNTER: Objects;
  /** The statistics (D1). */
  STATISTICS: { prepare: (query: string) => any; batch: (statements: any[]) => Promise<any> };
  /** The queue of participations. */
  OUTBOX: { send: (message: any, options?: any) => Promise<any> };
  /** The static files, `public/` of this package. */
  ASSETS: { fetch: (request: any, init?: any) => Promise<any> };
  /** The rate limit of one caller; missing on plain workerd. */
  LIMIT_CALLER?: { limit: (options: { key: string }) => Promise<{ success: boolean }> };
  /** The rate limit of one account; missing on plain workerd. */
  LIMIT_ACCOUNT?: { limit: (options: { key: string }) => Promise<{ success: boolean }> };
  /** The rate limit of everybody who is not known; missing on plain workerd. */
  LIMIT_STRANGERS?: { limit: (options: { key: string }) => Promise<{ success: boolean }> };
  /** `production`, or `development`, in which plain http on this machine is allowed. */
  ENVIRONMENT: string;
  /** The origin that participants and identity providers see. */
  PUBLIC_URL: string;
  /** The origin of the console, if it has its own. */
  CONSOLE_URL?: string;
  /** `eu`: every object is created and kept there. */
  JURISDICTION?: string;
  /** Secret: the sealing keys. */
  RING: string;
  /** Secret: the key for the names of objects. */
  NAME_KEY: string;
  /** Secret: the private key for access tokens. */
  SIGNING_KEY: string;
  /** Secret: the operator's client. */
  OPERATOR: string;
}

/**
 * The handler. Its `env` is {@link Env}, as `wrangler types` writes it for `worker/wrangler.jsonc`.
 * @example
 * ```js
 * // The whole main file of a deployment.
 * export { default } from "handstamp/worker";
 * export * from "handstamp/worker";
 * ```
 */
declare const worker: {
  /** Answers a request; every refusal is a response, `application/problem+json` (RFC 9457). */
  fetch(request: Request, env: Env, execution: { waitUntil(work: Promise<unknown>): void }): Promise<Response>;
  /** Writes the queue's participations into the statistics; a participation that comes twice counts once. */
  queue(batch: any, env: Env, execution?: any): Promise<void>;
  /** Deletes statistics that were kept for as long as their campaign says. */
  scheduled(event: any, env: Env, execution?: any): Promise<void>;
};
export default worker;

/** Keeps one account: its document in all kept versions, its wrapped secrets, its API clients and its refusals. */
export declare class Account extends DurableObject {}
/** Records the participations of one participant of a campaign, and what the statistics and the webhook are still owed. */
export declare class Participant extends DurableObject {}
/** Lists everything that is kept of one person of an account, for export and erasure. */
export declare class Person extends DurableObject {}
/** Keeps one sign-in between the callback and the campaign; its code is exchanged once. */
export declare class Login extends DurableObject {}
/** Keeps the answers of one browser while its person is at the login page; gone after an hour. */
export declare class Draft extends DurableObject {}
/** Fetches one key set or metadata document for every isolate, and keeps the last good copy. */
export declare class KeySet extends DurableObject {}
/** Keeps the sealed profile that the customer's profile API answered for one token, for at most two hours. */
export declare class Profile extends DurableObject {}
/** Counts decisions for `/metrics`: totals, the same by five minutes for a day, and levels. */
export declare class Metrics extends DurableObject {}
/** Counts the participations of one campaign that has a cap. */
export declare class Counter extends DurableObject {}
