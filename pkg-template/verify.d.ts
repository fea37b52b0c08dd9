/**
 * Verification and nothing else, by a module of its own that is a fraction of the whole one: HS256, HS384, HS512, RS256,
 * RS384, RS512 and ES256, and the standard claims. Same settings, same verdicts, same codes as `handstamp`.
 *
 * Unsupported settings and algorithms are rejected with a code: settings with `decrypt`, and keys and `alg` of PS, EdDSA,
 * ES384 and ES512. An encrypted token is `encryption_unexpected`. A refusal names the place (`details.at`), not what was
 * expected and found there. Key sets are fetched, kept and refreshed as by `handstamp`.
 *
 * The examples of this file run in the tests. In them `secret` is a shared secret of 32 characters and more, and `token` a
 * token that a customer signed with it.
 */

import type { ModuleSource, TokenSettings, VerifierOptions, Verifier as Whole } from "./index.js";

/** The package's version. */
export { version } from "./catalogue.js";
/** The class of refusals, as in `handstamp`. */
export { HandstampError } from "./index.js";
/** The codes, as in `handstamp`. */
export type { ErrorCode, PublicReason, WarningCode } from "./catalogue.js";
/** The types that this entry shares with `handstamp`. */
export type {
  CompiledModule, Jwk, JwkSet, KeyMaterial, KeySetCache, KeySource, ModuleSource, Moment, StandardClaims, TokenHeader, TokenSettings, Verified,
  VerifierEvent, VerifierOptions, VerifyOptions, Warning,
} from "./index.js";

/** The settings of `handstamp` without encryption. Members for admissions only, such as `mapping`, are accepted and ignored. */
export type VerifySettings = Omit<TokenSettings, "decrypt" | "encryption"> & { encryption?: "off" };

/** Prepared settings: keys are read once, tokens are verified any number of times. May stand at module scope. */
export type Verifier = Pick<Whole, "verify" | "verifySync" | "keySetUrls" | "installKeySet" | "forgetKeySet" | "close"> & Disposable;

/**
 * Loads the small module from another source than the entry's. No entry needs it.
 * @param source the module; default the one of the entry
 * @throws {@link HandstampError} `not_initialised` if the source is of another type, cannot be fetched or cannot be compiled
 * @example
 * ```js
 * import { init, version } from "handstamp/verify";
 *
 * await init();
 * console.log(typeof version); // string
 * ```
 */
export function init(source?: ModuleSource | Promise<ModuleSource>): Promise<void>;

/**
 * Prepares settings for any number of tokens.
 * @throws {@link HandstampError} `settings_invalid`, `settings_unknown`, `sync_unsupported` for an algorithm that is left
 * out, a `key_…` code with its place, or `secret_in_browser`
 * @example
 * ```js
 * import { createVerifier, HandstampError } from "handstamp/verify";
 *
 * const verifier = await createVerifier({ verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" } });
 * const { claims } = verifier.verifySync(token);
 * console.log(claims.sub); // 1234
 * try {
 *   verifier.verifySync(`${token}A`);
 * } catch (error) {
 *   if (error instanceof HandstampError) console.log(error.public); // token_invalid
 * }
 * ```
 */
export function createVerifier(settings: VerifySettings, options?: VerifierOptions): Promise<Verifier>;
