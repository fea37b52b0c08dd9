/**
 * Verification and nothing else, by a module of its own that is a fraction of the whole one: HS256, HS384, HS512, RS256,
 * RS384, RS512 and ES256, and the standard claims. Same settings, same verdicts, same codes as `handstamp`.
 *
 * ```js
 * import { createVerifier } from "handstamp/verify";
 *
 * const verifier = await createVerifier({ verify: { method: "publicKey", key: pem, alg: "ES256" }, issuer: "acme" });
 * const { claims } = verifier.verifySync(token);
 * ```
 *
 * What it leaves out, it refuses with a code: settings with `decrypt`, and keys and `alg` of PS, EdDSA, ES384 and ES512. An
 * encrypted token is `encryption_unexpected`. It fetches nothing: a key set given by address is `key_set_not_loaded` until
 * {@link Verifier.installKeySet}. A refusal says where (`details.at`), not what was found there.
 */

import type { ModuleSource, TokenSettings, VerifierOptions, Verifier as Whole } from "./index.js";

export { version } from "./catalogue.js";
export { HandstampError } from "./index.js";
export type { ErrorCode, PublicReason, WarningCode } from "./catalogue.js";
export type { CompiledModule, Jwk, JwkSet, KeySource, ModuleSource, Moment, TokenSettings, Verified, Warning } from "./index.js";

/** The settings of `handstamp` without encryption; what only an admission looks at is not looked at. */
export type VerifySettings = Omit<TokenSettings, "decrypt" | "encryption"> & { encryption?: "off" };

/** Prepared settings: the keys are read once. May stand at module scope. */
export type Verifier = Pick<Whole, "verify" | "verifySync" | "keySetUrls" | "installKeySet" | "close"> & Disposable;

/** Loads the small module from somewhere else than the entry does. Needed nowhere. */
export function init(source?: ModuleSource | Promise<ModuleSource>): Promise<void>;

/** @throws HandstampError with the code of what is wrong with the settings */
export function createVerifier(settings: VerifySettings, options?: Pick<VerifierOptions, "allowSecretsInBrowser">): Promise<Verifier>;
