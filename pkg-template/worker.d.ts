/**
 * The worker, for a project that deploys it under its own settings: `export * from "handstamp/worker"` and
 * `export { default } from "handstamp/worker"` are its whole main file. Bindings, secrets and the way to production:
 * `worker/` of this package; its static files: `public/`; the statistics' migrations: `worker/migrations/`.
 */

/** The handler. `env` holds the bindings of `worker/wrangler.jsonc`. */
declare const worker: {
  fetch(request: Request, env: any, execution: any): Promise<Response>;
  /** Brings recorded participations into the statistics. */
  queue(batch: any, env: any, execution?: any): Promise<void>;
  /** Deletes what was kept long enough. */
  scheduled(event: any, env: any, execution?: any): Promise<void>;
};
export default worker;

/** A class of Durable Objects, as the platform makes them. */
export type ObjectClass = new (state: any, env: any) => object;
export declare const Account: ObjectClass;
export declare const Participant: ObjectClass;
export declare const Person: ObjectClass;
export declare const Login: ObjectClass;
export declare const Draft: ObjectClass;
export declare const KeySet: ObjectClass;
export declare const Profile: ObjectClass;
export declare const Metrics: ObjectClass;
