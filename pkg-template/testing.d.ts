/**
 * For people's own tests: an issuer with fresh keys, and tokens that are good, expired or forged. Nothing of it is for
 * production: its keys are made anew with each call.
 */

import type { Alg, DecryptKey, JwkSet, KeySource } from "./index.js";

/** The claims of a token that differ from the defaults; `undefined` takes one out. */
export type Changed = Record<string, unknown>;

/** An issuer of tokens. */
export interface Issuer {
  /** Its key, for `verify` of the settings. */
  verify: KeySource;
  /** Its public keys, as they would be published; empty for a shared secret. */
  keySet: JwkSet;
  /** Answers every URL with the key set: for the option `fetch` of `createVerifier`. */
  fetch: () => Promise<Response>;
  /** Returns a good token, of subject `1234` for campaign `123456`, for five minutes. */
  token: (changed?: Changed) => Promise<string>;
  /** Returns a token that expired an hour ago. */
  expired: (changed?: Changed) => Promise<string>;
  /** Returns a token that another key of the same name signed. */
  forged: (changed?: Changed) => Promise<string>;
  /** Returns a good token, encrypted for the key of your `decrypt` settings (of a pair, its public half). */
  encrypted: (to: DecryptKey, changed?: Changed) => Promise<string>;
}

/**
 * Creates an issuer.
 * @param options the algorithm, default `ES256`; the name of the key, default `test`; claims of every token
 * @throws `TypeError` for an algorithm that it makes no keys for
 * @example
 * ```js
 * import { createVerifier } from "handstamp";
 * import { createIssuer } from "handstamp/testing";
 *
 * const issuer = await createIssuer({ claims: { iss: "com.customer" } });
 * const verifier = await createVerifier({ verify: issuer.verify, issuer: "com.customer" });
 * const { claims } = await verifier.verify(await issuer.token({ sub: "42" }));
 * console.log(claims.sub); // 42
 * await verifier.verify(await issuer.expired()).catch(({ code }) => console.log(code)); // token_expired
 * await verifier.verify(await issuer.forged()).catch(({ code }) => console.log(code)); // signature_invalid
 * ```
 */
export function createIssuer(options?: {
  alg?: Extract<Alg, "HS256" | "HS384" | "HS512" | "ES256" | "ES384" | "RS256" | "EdDSA">;
  kid?: string;
  claims?: Changed;
}): Promise<Issuer>;
