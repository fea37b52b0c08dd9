/**
 * Handstamp verifies secure tokens, decides by limits, and prefills a campaign's form.
 * Every refusal is a {@link HandstampError} with a stable code. The module has no clock, no randomness and no I/O:
 * `now` and `fetch` are arguments, with the host's as default.
 *
 * The examples of this file run in the tests. In them `secret` is a shared secret of 32 characters and more, `token` a
 * token that a customer signed with it, `keys` a pair of P-256 keys as JWK (`keys.private`, `keys.public`), and `recipient`
 * the public key of another pair.
 */

/// <reference lib="esnext.disposable" />

import type { ClueCode, ErrorCode, IgnoredReason, PublicReason, WarningCode } from "./catalogue.js";

/**
 * The catalogue of codes (`catalogue`): sentence, remedy and owner of each; and the package's version (`version`).
 * @example
 * ```js
 * import { catalogue } from "handstamp";
 *
 * console.log(catalogue.codes.token_expired.public); // token_expired
 * ```
 */
export { catalogue, version } from "./catalogue.js";
/** The codes by kind: of refusals, of clues in a report, of values left out, of visitors' reasons, of warnings. */
export type { ClueCode, ErrorCode, IgnoredReason, PublicReason, WarningCode } from "./catalogue.js";

/** An account document as it is written, made from its JSON Schema; `parseAccount` of `handstamp/account` checks it. */
export type { AccountDocument } from "./account.js";

/** Bytes in any container; a view counts with its offset and length. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** A `WebAssembly.Module`, or `object` where the project's type libraries do not know that type. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;

/** The forms in which {@link init} takes the module. A string is a URL. */
export type ModuleSource = CompiledModule | Bytes | Response | URL | string;

/**
 * Loads the module. Needed before the first call with `handstamp/slim`, and before synchronous calls in browsers;
 * elsewhere harmless. A second call does nothing; after a failure it tries again.
 * @param source the module; default the one of the entry, which `handstamp/slim` has not
 * @throws {@link HandstampError} `not_initialised` if the source is of another type, cannot be fetched or cannot be compiled
 * @example
 * ```js
 * import { decide, init } from "handstamp";
 *
 * await init();
 * console.log(decide({ nb: 1 }, 0).decision); // allowed
 * ```
 */
export function init(source?: ModuleSource | Promise<ModuleSource>): Promise<void>;

/** A signature algorithm (RFC 7518 section 3.1, RFC 8037 section 3.1). `EdDSA` takes Ed25519 keys; `Ed25519` is its name of RFC 9864. */
export type Alg =
  | "HS256" | "HS384" | "HS512"
  | "RS256" | "RS384" | "RS512"
  | "PS256" | "PS384" | "PS512"
  | "ES256" | "ES384" | "ES512"
  | "EdDSA" | "Ed25519";

/** A key management algorithm of an encrypted token (RFC 7518 section 4.1). */
export type KeyManagementAlg =
  | "dir"
  | "A128KW" | "A192KW" | "A256KW"
  | "A128GCMKW" | "A192GCMKW" | "A256GCMKW"
  | "RSA-OAEP" | "RSA-OAEP-256"
  | "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A192KW" | "ECDH-ES+A256KW";

/** A content encryption algorithm of an encrypted token (RFC 7518 section 5.1). */
export type ContentEncryption =
  | "A128GCM" | "A192GCM" | "A256GCM"
  | "A128CBC-HS256" | "A192CBC-HS384" | "A256CBC-HS512";

/** A JSON Web Key (RFC 7517 section 4, RFC 7518 section 6). */
export interface Jwk {
  /** Key type: `RSA`, `EC`, `OKP` or `oct`. */
  kty: string;
  /** Name of the key, at most 256 characters; a token names its key by it. */
  kid?: string;
  /** The only algorithm that the key serves; without it, every one that fits its type and curve. */
  alg?: string;
  /** `sig` or `enc`; a key for the other use is refused with `key_use`. */
  use?: string;
  /** Operations that the key is for; they must not repeat or contradict `use` (RFC 7517 section 4.3). */
  key_ops?: string[];
  /** The numbers of the key in base64url: `n` and `e`, `crv`, `x` and `y`, `k`, or `d` of a private key. */
  [member: string]: unknown;
}

/** A JSON Web Key Set (RFC 7517 section 5). */
export interface JwkSet {
  /** The keys, at most 100. */
  keys: Jwk[];
}

/** A key of WebCrypto, or `never` where the project's type libraries do not know that type. */
export type HeldCryptoKey = typeof globalThis extends { CryptoKey: { prototype: infer Key } } ? Key : never;

/** A `KeyObject` of Node's `node:crypto`. */
export interface HeldKeyObject {
  /** The kind of the key. */
  readonly type: string;
  /** Returns the key as JWK. */
  readonly export: (options: { format: "jwk" }) => object;
}

/**
 * A key. A string is a PEM key or, with its `encoding`, a shared secret. Bytes are a shared secret, a public key as SPKI, or
 * a private key as PKCS#8, by their place. A `CryptoKey` must be extractable, but not to sign with it.
 */
export type KeyMaterial = string | Jwk | Bytes | HeldCryptoKey | HeldKeyObject;

/** How a shared secret's string stands for bytes. There is no default: a wrong guess would be a wrong key. */
export type Encoding = "utf8" | "base64" | "base64url" | "hex";

/** The source of verification keys. The algorithm belongs to the key, never to the token (RFC 8725 section 3.1). */
export type KeySource =
  /** A key set as data; the token must name its key (`kid`). Symmetric keys only, or none. */
  | { method: "jwks"; keys: JwkSet | Jwk[]; algs?: Alg[] }
  /** A key set by URL: https, or http on this machine. Fetched when needed, fetched again for an unknown key. */
  | { method: "jwks"; url: string; algs?: Alg[] }
  /** One public key: PEM (SPKI, PKCS#1 or certificate), JWK, or as the host holds it. */
  | { method: "publicKey"; key: KeyMaterial; alg: Alg }
  /** One shared secret, at least as long as the hash. A string needs its encoding. */
  | { method: "symmetricKey"; key: KeyMaterial; encoding?: Encoding; alg: "HS256" | "HS384" | "HS512" };

/** A key for decrypting tokens (RFC 7516). */
export interface DecryptKey {
  /** The shared secret, or the private key: JWK, PKCS#8 PEM, or as the host holds it. */
  key: KeyMaterial;
  /** How a secret's string stands for bytes; needed for a string that is not a PEM. */
  encoding?: Encoding;
  /** Key management, such as `dir` or `A256KW` (RFC 7518 section 4.1). The token must use this one. */
  alg: KeyManagementAlg;
  /** Content encryption, such as `A256GCM` (RFC 7518 section 5.1). The token must use this one. */
  enc: ContentEncryption;
}

/** Form field or opt-in → source of its value: a claim's name, a JSON Pointer (RFC 6901, begins with `/`), or an object. */
export type Mapping = Record<string, string | {
  /** The source: a claim's name, or a JSON Pointer. */
  from: string;
  /** How the value is read; default by the field's type. A date becomes `YYYY-MM-DD`, a country two capital letters. */
  as?: "text" | "boolean" | "date" | "country" | "phone";
  /** True to show the field read-only and take its value from the pass, not from the form. Default false. */
  lock?: boolean;
  /** `format`, beside `as: "date"`: `DD/MM/YYYY` and the like, `seconds` or `milliseconds`. Others are refused. */
  [option: string]: unknown;
}>;

/**
 * The settings for verifying one customer's secure tokens. An unknown member is refused with `settings_unknown`; so is, with
 * `settings_invalid`, a member that is `undefined` or `null` if less would be checked without it.
 */
export interface TokenSettings {
  /** The verification keys: one source, or 1 to 8 during a rotation. */
  verify: KeySource | KeySource[];
  /** The decryption keys: one, or 1 to 8 during a rotation. */
  decrypt?: DecryptKey | DecryptKey[];
  /** The policy for encryption: refuse, accept or require it. Default `require` if `decrypt` is set, else `off`. */
  encryption?: "off" | "accept" | "require";
  /** The only `iss` that is accepted, or 1 to 8 of which one must fit (RFC 7519 section 4.1.1). Default: not checked. */
  issuer?: string | string[];
  /** A value that must be in `aud`, or 1 to 8 of which one must be (RFC 7519 section 4.1.3). Default: not checked. */
  audience?: string | string[];
  /** The only header `typ` that is accepted (RFC 8725 section 3.11). Default: not checked. */
  typ?: string;
  /** Default `required`. With `optional` a token without `exp` is accepted, with the warning `no_expiry`. */
  expiry?: "required" | "optional";
  /** Tolerated difference of clocks in seconds, 0 to 300; default 60. */
  leewaySeconds?: number;
  /** Longest life of a token in seconds, from `iat` or now to `exp`; without `exp` its longest age. Default: no bound. */
  maxLifetimeSeconds?: number;
  /** The claim that holds an access token for the profile API: a name or a JSON Pointer. Default `access_token`. */
  accessToken?: string;
  /** True to accept an access token in a token that is not encrypted. Default false: `access_token_in_clear`. */
  accessTokenInClear?: boolean;
  /** True to accept HMAC secrets of 16 bytes and more, with the warning `secret_short`. Default false (RFC 7518 section 3.2). */
  allowShortSecret?: boolean;
  /** The mapping from claims and profile members to form fields. Default: members of `form` and `optin` by their names. */
  mapping?: Mapping;
  /** The sources of the participant's limit in the profile. Default: the token alone states a limit. */
  profileLimit?: { nb?: string; canPlay?: string };
}

/**
 * A cache of the host for key sets by URL, which other instances share. What is in it is trusted like a fetched key set: let
 * nobody else write there.
 * @example
 * ```js
 * import { createVerifier, signCompact } from "handstamp";
 *
 * const entries = new Map(); // in real life, a store that other instances share
 * const verifier = await createVerifier(
 *   { verify: { method: "jwks", url: "https://www.customer.example/jwks.json" } },
 *   {
 *     cache: { get: (url) => entries.get(url), put: async (url, entry) => void entries.set(url, entry) },
 *     fetch: async () => Response.json({ keys: [keys.public] }), // default: the host's
 *     onEvent: ({ type }) => type === "refused" && console.error(type),
 *   },
 * );
 * const claims = { sub: "1234", exp: Math.floor(Date.now() / 1000) + 300 };
 * await verifier.verify(await signCompact(claims, keys.private, { alg: "ES256", kid: "2026a" }));
 * console.log(entries.size); // 1
 * ```
 */
export interface KeySetCache {
  /** Returns what was put under this URL last, or nothing. */
  get(url: string): string | null | undefined | Promise<string | null | undefined>;
  /** Keeps an entry for an hour; an older one is not used. */
  put(url: string, entry: string): void | Promise<void>;
}

/** An event in the life of a verifier, with codes, names and URLs; never a token or a claim. */
export type VerifierEvent =
  /** A key set is fetched, because a token needs it, names a key that it lacks, or has a signature that does not match. */
  | { type: "fetch"; asks: "need" | "refresh" | "doubt"; index: number; url: string }
  /** A key set was fetched and installed. */
  | { type: "fetched"; index: number; url: string }
  /** A key set could not be had. */
  | { type: "fetch_failed"; index: number; url: string; code: ErrorCode }
  /** A token was refused. */
  | { type: "refused"; code: ErrorCode; at?: string };

/** Options of {@link createVerifier}. */
export interface VerifierOptions {
  /**
   * Fetches key sets; default the global `fetch`. Called with `redirect: "manual"` and a signal that aborts after 3
   * seconds. With `false` nothing is fetched: the host installs the sets ({@link Verifier.installKeySet}), and
   * lets go of those that are too old ({@link Verifier.forgetKeySet}).
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | false;
  /** A cache for fetched key sets, so that a new instance need not fetch them. Default none: they stay in this verifier. */
  cache?: KeySetCache;
  /** Keeps the host alive until a write into `cache` is done; without it, the call waits for that. */
  waitUntil?: (work: Promise<unknown>) => void;
  /** Hears of fetches and refusals. An exception of it changes nothing. */
  onEvent?: (event: VerifierEvent) => void;
  /** True to accept shared secrets and decryption keys in a browser window, for diagnosis pages. Default false: `secret_in_browser`. */
  allowSecretsInBrowser?: boolean;
}

/** A moment: a Date, or a number since 1970-01-01 UTC; seconds, or milliseconds if it is above 10¹¹. */
export type Moment = Date | number;

/** The fields and opt-ins of a campaign. A value that does not fit them is listed in `prefill.ignored`. */
export interface Fields {
  /** The form's fields. A field without a `type` takes text; other members are left alone. */
  fields?: { name: string; type?: "text" | "email" | "tel" | "date" | "country" | "checkbox" | "select" | "number" | "hidden"; required?: boolean; choices?: { id: string; [other: string]: unknown }[]; min?: number; max?: number; [other: string]: unknown }[];
  /** The form's consents; members beside `name` are left alone. */
  optins?: { name: string; [other: string]: unknown }[];
}

/** Options of {@link Verifier.admitSync}. */
export interface AdmitSyncOptions {
  /** Id of the campaign that is being opened; the token must be for it, else `campaign_mismatch`. */
  campaignId: string;
  /** The time at which the token is judged; default now. */
  now?: Moment;
  /** How many times this person took part. Without it, a number limit stays unchecked (`limit_unchecked`). */
  participations?: number;
  /** The campaign's fields and opt-ins; default: every value the token carries is prefilled. */
  fields?: Fields;
}

/** Options of {@link Verifier.admit}. */
export interface AdmitOptions extends Omit<AdmitSyncOptions, "participations"> {
  /** The count, or a function that finds it; the function is called only if a number limit has to be judged. */
  participations?: number | ((who: { subject: string; campaignId: string }) => number | Promise<number>);
  /** Ends the wait: the call is rejected with the signal's reason. A fetch that others wait for goes on. */
  signal?: AbortSignal;
}

/** Options of {@link Verifier.verify}. */
export interface VerifyOptions {
  /** The time at which the token is judged; default now. */
  now?: Moment;
  /** Ends the wait: the call is rejected with the signal's reason. A fetch that others wait for goes on. */
  signal?: AbortSignal;
}

/** The values that the form opens with. */
export interface Prefill {
  /** Field name → text, at most 1,024 characters. */
  form: Record<string, string>;
  /** Opt-in name → consent already given. It is shown, and never ticks a new one. */
  optin: Record<string, boolean>;
  /** Names of the fields that are shown read-only. */
  locked: string[];
  /** The values that were left out or shortened: the field, and a reason of the catalogue (`ignored`). */
  ignored: { name: string; reason: string }[];
}

/** How often somebody may take part. */
export interface Limit {
  /** Largest number of participations; 0 refuses everybody. */
  nb?: number;
  /** False refuses, whatever `nb` says. */
  canPlay?: boolean;
}

/** Something that was accepted but should be put right. */
export interface Warning {
  /** The stable code. */
  code: WarningCode;
  /** The catalogue's sentence, with the place. */
  message: string;
  /** The place: a JSON Pointer into claims or settings, or a part of the token. */
  at?: string;
  /** The name that was probably meant, in quotation marks, where the warning is about a name. */
  expected?: string;
}

/** The answer to a token: may this person play, and what do we know of them. */
export type Admission = AdmissionFacts & Decision;

/** The decision by the limit. A refusal by the limit is not an error: the page still shows what is known. */
export type Decision =
  /** The person may take part, or nobody has counted yet. */
  | { decision: "allowed" | "limit_unchecked"; reason?: undefined }
  /** The person may not: `canPlay` was false, or all participations are used, in all, of this week or of this day. */
  | { decision: "refused"; reason: "not_allowed" | "quota_reached" | "week_reached" | "day_reached" };

/** The members of an {@link Admission} beside its decision. */
export interface AdmissionFacts {
  /** The person, as the issuer names them (`sub`), at most 256 characters. */
  subject: string;
  /** The campaign, as a string even if the token has a number. */
  campaignId: string;
  /** The token's `exp` in seconds since 1970; null for a token that never expires. */
  expiresAt: number | null;
  /** The token's limit, if it has one. */
  limit?: Limit;
  /** The values that the form opens with. */
  prefill: Prefill;
  /** The token's `gift`: `label` names it, `cw` says that it was won already. */
  gift?: { label?: string; cw?: boolean; [member: string]: unknown };
  /** The token's `custom`, for texts such as `{custom.name}`. */
  custom?: Record<string, unknown>;
  /**
   * An access token for the customer's profile API, where the token carries no data itself: fetch the profile and give
   * it to {@link Verifier.complete}. Not enumerable, so that it is never serialised or logged.
   */
  readonly needsProfile?: { accessToken: string };
  /**
   * True if a profile locks fields, fills hidden ones or sets a limit: with `needsProfile`, record nothing before
   * {@link Verifier.complete}. Not enumerable.
   */
  readonly profileBinds?: true;
  /** The grounds of the admission, for the pass and the record. Not enumerable: a page has no use for it. */
  readonly provenance?: Provenance;
  /** The faults that were accepted but should be put right. */
  warnings: Warning[];
}

/** The grounds of an admission: which token or sign-in it came from. */
export interface Provenance {
  /** The issuer, in whose namespace the subject is unique; empty if the token names none. */
  namespace: string;
  /** Id of this very token or sign-in: base64url of a SHA-256, the same for every copy. */
  pid: string;
  /** The token's own id (`jti`, RFC 7519 section 4.1.7). */
  jti?: string;
  /** Index in the settings' `verify` of the key source that verified the token. */
  source?: number;
  /**
   * The names of the key that verified the token, as `keyNames` of `handstamp/account` has them: `key:` with its thumbprint (RFC 7638), and
   * `url:` with the URL of its set if the set was fetched.
   */
  keyNames?: string[];
  /** When the token was signed (`iat`), in seconds since 1970. */
  signedAt?: number;
}

/** The claims of RFC 7519 section 4.1, each of its type if it is there. */
export interface StandardClaims {
  /** The issuer. */
  iss?: string;
  /** The subject; of this type only where an admission or your own check has looked at it. */
  sub?: string;
  /** The audience. */
  aud?: string | string[];
  /** The expiry, in seconds since 1970. */
  exp?: number;
  /** The time before which the token is not valid, in seconds since 1970. */
  nbf?: number;
  /** The time of issue, in seconds since 1970. */
  iat?: number;
  /** The token's own id. */
  jti?: string;
}

/** The header of a signed token (RFC 7515 section 4.1). */
export interface TokenHeader {
  /** The algorithm. */
  alg: Alg;
  /** The key ID. */
  kid?: string;
  /** The media type of the token. */
  typ?: string;
  /** The media type of the payload. */
  cty?: string;
  /** Any other member, as it was signed. */
  [member: string]: unknown;
}

/** A verified token. `Claims` are your own beside those of the standard: they are signed, and not checked. */
export interface Verified<Claims extends object = Record<string, unknown>> {
  /** The header of the signed token (RFC 7515 section 4), also where it came encrypted. */
  header: TokenHeader;
  /** Every claim, as it was signed. */
  claims: Claims & StandardClaims;
  /** Index in the settings' `verify` of the key source that verified the token. */
  source: number;
  /** The faults that were accepted but should be put right. */
  warnings: Warning[];
}

/**
 * Prepared settings: keys are read once, tokens are judged any number of times. May stand at module scope. Also freed by
 * `using`, and in the end by the garbage collector.
 */
export interface Verifier extends Disposable {
  /**
   * Admits the bearer of a token to a campaign: decrypts, verifies, checks the claims and the limit, and prefills.
   * Fetches key sets given by URL when they are needed.
   * @throws {@link HandstampError} the code of the first fault of the token
   * @example
   * ```js
   * import { createVerifier } from "handstamp";
   *
   * const verifier = await createVerifier({ verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" } });
   * const { subject, decision, prefill } = await verifier.admit(token, {
   *   campaignId: "123456",
   *   participations: async ({ subject }) => (subject === "1234" ? 0 : 1), // look it up where you keep it
   * });
   * console.log(subject, decision, prefill.form.firstname); // 1234 allowed Zoë
   * ```
   */
  admit(token: string, options: AdmitOptions): Promise<Admission>;
  /**
   * Admits without fetching or WebCrypto.
   * @throws {@link HandstampError} as `admit`; `key_set_not_loaded` if a key set by URL is missing, `sync_unsupported`
   * for P-384, P-521 and RSA-OAEP
   * @example
   * ```js
   * import { createVerifier, HandstampError } from "handstamp";
   *
   * const verifier = await createVerifier({ verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" } });
   * try {
   *   verifier.admitSync(token, { campaignId: "another" });
   * } catch (error) {
   *   if (!(error instanceof HandstampError)) throw error;
   *   console.log(error.code, error.public); // campaign_mismatch token_invalid
   * }
   * ```
   */
  admitSync(token: string, options: AdmitSyncOptions): Admission;
  /**
   * Completes an admission with the profile that `needsProfile` asked for. The token's own values stand; the profile
   * fills the rest by the mapping, or without one by the names of its members. With `profileLimit`, the stricter limit of
   * token and profile is in the result, not yet compared with the number of participations: see `judgeLimit` of `handstamp/account`.
   * @throws {@link HandstampError} `settings_invalid` if the admission or the profile is not an object; `profile_invalid` if
   * the limit in the profile is not valid
   * @example
   * ```js
   * import { createVerifier, signCompact } from "handstamp";
   *
   * const verifier = await createVerifier({
   *   verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" },
   *   accessTokenInClear: true,
   *   mapping: { city: "/address/locality" },
   * });
   * const claims = { sub: "1234", campaignId: "123456", exp: Math.floor(Date.now() / 1000) + 300, access_token: "abc" };
   * const withoutData = await signCompact(claims, { key: secret, encoding: "utf8" }, { alg: "HS256" });
   *
   * const admission = await verifier.admit(withoutData, { campaignId: "123456" });
   * if (admission.needsProfile) {
   *   // fetch the profile with admission.needsProfile.accessToken
   *   const { prefill } = verifier.complete(admission, { address: { locality: "Ghent" } });
   *   console.log(prefill.form.city); // Ghent
   * }
   * ```
   */
  complete(admission: Admission, profile: object, options?: { fields?: Fields }): Admission;
  /**
   * Verifies encryption, signature and standard claims (RFC 7519 section 7.2), for any campaign or none.
   * @throws {@link HandstampError} the code of the first fault of the token
   * @example
   * ```js
   * import { createVerifier } from "handstamp";
   *
   * const verifier = await createVerifier({ verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" } });
   * const { header, claims } = await verifier.verify(token);
   * console.log(header.alg, claims.sub); // HS256 1234
   * ```
   */
  verify<Claims extends object = Record<string, unknown>>(token: string, options?: VerifyOptions): Promise<Verified<Claims>>;
  /**
   * Returns the part of the settings that a page may have for a first look at a token: rules, and keys where all of them are
   * configured, public, and of ES256 or RS. Null where every token comes encrypted.
   * @example
   * ```js
   * import { createVerifier } from "handstamp";
   *
   * const verifier = await createVerifier({
   *   verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" },
   *   issuer: "com.customer",
   * });
   * console.log(JSON.stringify(verifier.firstLook())); // {"issuer":"com.customer"}
   * ```
   */
  firstLook(): Partial<TokenSettings> | null;
  /**
   * Verifies without fetching or WebCrypto. A key set that was fetched before serves for a day after it has grown old.
   * @throws {@link HandstampError} as `verify`, `key_set_not_loaded`, `sync_unsupported`
   * @example
   * ```js
   * import { createVerifier, HandstampError } from "handstamp";
   *
   * const verifier = await createVerifier({ verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" } });
   * try {
   *   verifier.verifySync(token, { now: new Date("2100-01-01") });
   * } catch (error) {
   *   if (error instanceof HandstampError) console.log(error.code); // token_expired
   * }
   * ```
   */
  verifySync<Claims extends object = Record<string, unknown>>(token: string, options?: { now?: Moment }): Verified<Claims>;
  /**
   * Explains a token: every check with its outcome, also after one has failed, for the people who made the token and
   * the settings. Never throws for a bad token. Without `campaignId` the campaign is not compared.
   * @example
   * ```js
   * import { createVerifier } from "handstamp";
   *
   * const verifier = await createVerifier({ verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" } });
   * const report = await verifier.explain(token, { campaignId: "another" });
   * const check = report.checks.find(({ status }) => status === "fail");
   * console.log(report.verdict, check?.check, check?.fix); // rejected campaign_id issuer
   * ```
   */
  explain(token: string, options?: { campaignId?: string; now?: Moment }): Promise<Report>;
  /**
   * Returns the event for `keySet.next` that a refusal of this token is, by its code; `null` if newer keys cannot lift it.
   * A bad signature is a `doubt` only if every other check passes, as a key may have been replaced under its name. It
   * authenticates nothing.
   * @param code the code of the refusal
   * @throws {@link HandstampError} `needs_webcrypto` if only a missing WebCrypto could decrypt the token
   * @example
   * ```js
   * import { createVerifier } from "handstamp";
   *
   * const other = "another secret, of 32 characters";
   * const verifier = await createVerifier({ verify: { method: "symmetricKey", key: other, encoding: "utf8", alg: "HS256" } });
   * console.log(await verifier.newerKeys(token, "signature_invalid", { campaignId: "123456" })); // doubt
   * ```
   */
  newerKeys(
    token: string,
    code: string,
    options?: { campaignId?: string; now?: Moment },
  ): Promise<"need" | "refresh" | "doubt" | null>;
  /**
   * Returns the key sets that the settings give by URL, each with its index in `verify`.
   * @example
   * ```js
   * import { createVerifier } from "handstamp";
   *
   * const url = "https://www.customer.example/jwks.json";
   * const verifier = await createVerifier({ verify: { method: "jwks", url } });
   * console.log(verifier.keySetUrls()[0]?.url); // https://www.customer.example/jwks.json
   * ```
   */
  keySetUrls(): { index: number; url: string }[];
  /**
   * Installs the text of a key set that the host fetched. Unusable keys are skipped, each with a warning (RFC 7517
   * section 5).
   * @param index index in `verify`
   * @throws {@link HandstampError} `key_set_invalid`, `key_set_empty`, `settings_invalid` if the source has no URL
   * @example
   * ```js
   * import { createVerifier, signCompact } from "handstamp";
   *
   * const url = "https://www.customer.example/jwks.json";
   * const verifier = await createVerifier({ verify: { method: "jwks", url } }, { fetch: false });
   * const warnings = verifier.installKeySet(0, JSON.stringify({ keys: [keys.public] }));
   *
   * const claims = { sub: "1234", exp: Math.floor(Date.now() / 1000) + 300 };
   * const signed = await signCompact(claims, keys.private, { alg: "ES256", kid: "2026a" });
   * console.log(warnings.length, verifier.verifySync(signed).claims.sub); // 0 1234
   * ```
   */
  installKeySet(index: number, text: string): Warning[];
  /**
   * Lets go of an installed key set, such as one that is too old to be believed: a token that needs it is refused with
   * `key_set_not_loaded`. A set that the verifier has fetched needs no such call; one that the host has installed stays until
   * this call, or until the verifier fetches a newer one.
   * @param index index in `verify` of an entry with `url`; `settings_invalid` for another
   * @example
   * ```js
   * import { createVerifier } from "handstamp";
   *
   * const url = "https://www.customer.example/jwks.json";
   * const verifier = await createVerifier({ verify: { method: "jwks", url } }, { fetch: false });
   * verifier.installKeySet(0, JSON.stringify({ keys: [keys.public] }));
   * verifier.forgetKeySet(0);
   * ```
   */
  forgetKeySet(index: number): void;
  /**
   * Frees the keys. Every later call is refused with `settings_invalid`.
   * @example
   * ```js
   * import { createVerifier } from "handstamp";
   *
   * const verifier = await createVerifier({ verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" } });
   * verifier.close();
   * ```
   */
  close(): void;
}

/** The explanation of a token. */
export interface Report {
  /** The verdict of {@link Verifier.admit} with the same arguments. */
  verdict: "accepted" | "rejected";
  /** The code to read first: the clue that explains the refusal, else of the first failed check, else of the first warning. */
  code?: CheckCode;
  /** Every check, in the order in which a token is judged. */
  checks: Check[];
}

/** The checks of a report, in their order; those of an encrypted token's inside begin with `inner`. */
export type CheckName =
  /** How the keys were given. */
  | "keys"
  /** The text. */
  | "size" | "characters" | "segments" | "encoding"
  /** The (outer) header. */
  | "header" | "alg" | "enc" | "kid" | "copies"
  /** Encryption: the policy, the outcome, lengths of an encrypted token that was not decrypted, what is inside. */
  | "encryption" | "decryption" | "iv" | "tag" | "inner" | "inner_header" | "inner_alg"
  /** The signature, and what was tried because it did not match. */
  | "key" | "signature" | "probes"
  /** The standard claims. */
  | "payload" | "exp" | "nbf" | "iat" | "iss" | "aud" | "typ" | "lifetime"
  /** The claims of a campaign. */
  | "sub" | "campaign_id" | "limit" | "gift" | "form" | "optin" | "profile" | "custom" | "jti" | "access_token";

/** The outcome of a check: a code of the catalogue, or the check's own name if it passed or was skipped. */
export type CheckCode = ErrorCode | WarningCode | ClueCode | IgnoredReason | CheckName;

/** One check of a report. */
export interface Check {
  /** The name of the check, the same for every outcome. */
  check: CheckName;
  /** The outcome. */
  code: CheckCode;
  /** `skip` says that an earlier fault left nothing to check. */
  status: "pass" | "fail" | "warn" | "skip";
  /** The place in the token or the settings: a JSON Pointer, or a part of the token. */
  path?: string;
  /** The expected value or form, in words. */
  expected?: string;
  /** The found value or form, in words: types, lengths, names and times; never the token or a claim's value. */
  got?: string;
  /** The remedy, in a sentence. */
  hint?: string;
  /** The one who can put it right: the maker of the token, the settings' editor, the service, or the participant. */
  fix?: "issuer" | "settings" | "service" | "participant";
}

/**
 * Prepares settings for any number of tokens. No key set is fetched yet.
 * @throws {@link HandstampError} `settings_invalid`, `settings_unknown`, a `key_…` code with its place, or
 * `secret_in_browser`
 * @example
 * ```js
 * import { createVerifier } from "handstamp";
 *
 * const verifier = await createVerifier({
 *   verify: [
 *     { method: "jwks", url: "https://www.customer.example/jwks.json", algs: ["ES256"] },
 *     { method: "publicKey", key: keys.public, alg: "ES256" }, // a second source, during a rotation
 *   ],
 *   issuer: "com.customer",
 *   maxLifetimeSeconds: 3600,
 * });
 * console.log(verifier.keySetUrls().length); // 1
 * ```
 */
export function createVerifier(settings: TokenSettings, options?: VerifierOptions): Promise<Verifier>;

/**
 * Decides by a limit and the number of participations so far. Without a limit everybody is allowed; without a count a
 * number limit is `limit_unchecked`, except `nb: 0`.
 * @throws {@link HandstampError} `limit_invalid`, `limit_empty`; `settings_invalid` for a count that is not a whole number of 0 or more
 * @example
 * ```js
 * import { decide } from "handstamp";
 *
 * const { decision, reason } = decide({ nb: 3 }, 3);
 * console.log(decision, reason); // refused quota_reached
 * ```
 */
export function decide(
  limit: Limit | undefined,
  participations?: number,
): Decision;

/** A token taken apart. Nothing of it is verified, and no key is needed. */
export interface Inspection {
  /** The form, by the number of parts: three, five, or neither. */
  form: "jws" | "jwe" | "other";
  /** True if the text was changed to be read: white space, a prefix, percent-encoding or standard base64 taken out. */
  repaired: boolean;
  /** Of a JWS `header`, `payload`, `signature`; of a JWE `header`, `encrypted_key`, `iv`, `ciphertext`, `tag`. */
  parts: Part[];
}

/** One part of a token (RFC 7515 section 3.1, RFC 7516 section 3.1). */
export interface Part {
  /** The name of the part. */
  name: "header" | "payload" | "signature" | "encrypted_key" | "iv" | "ciphertext" | "tag";
  /** The part as it stands in the token. */
  text: string;
  /** Its length in bytes once decoded; missing if it is not valid base64url. */
  bytes?: number;
  /** The JSON text of a header, and of the payload of a JWS, exactly as it was signed. */
  json?: string;
  /** The same as an object, if the strict reader accepts it. */
  members?: Record<string, unknown>;
  /** The reason why the part could not be decoded or its JSON not be read. */
  fault?: { code: ErrorCode; expected?: string; got?: string };
}

/**
 * Takes a token apart to be shown: header, claims, lengths. For the inside of an encrypted token, pass the text that
 * {@link decryptCompact} finds to `inspect` again. Never throws for a malformed token.
 * @throws {@link HandstampError} `token_missing` if the token is undefined or null
 * @example
 * ```js
 * import { inspect } from "handstamp";
 *
 * const { form, parts } = inspect(token);
 * console.log(form, parts[0]?.members?.alg); // jws HS256
 * ```
 */
export function inspect(token: string): Inspection;

/**
 * Maps a profile onto a form. Unknown and unfit values are listed in `ignored`; none is an error.
 * @throws {@link HandstampError} `settings_invalid` or `settings_unknown` for a fault of the mapping or the fields
 * @example
 * ```js
 * import { mapProfile } from "handstamp";
 *
 * const profile = { email: "an@example.org", born: "31/12/1999" };
 * const { form, locked } = mapProfile(profile, {
 *   email: { from: "email", lock: true },
 *   birthdate: { from: "born", as: "date", format: "DD/MM/YYYY" },
 * });
 * console.log(form.birthdate, locked[0]); // 1999-12-31 email
 * ```
 */
export function mapProfile(profile: object, mapping: Mapping, fields?: Fields): Prefill;

/** Where secrets may come. */
export interface SecretOptions {
  /** As {@link VerifierOptions.allowSecretsInBrowser}. */
  allowSecretsInBrowser?: boolean;
}

/**
 * Verifies the signature of any compact token (RFC 7515 section 5.2) with one key source. No claim is checked. A key set
 * by URL is for {@link createVerifier}.
 * @throws {@link HandstampError} the code of what is wrong with the token or the key
 * @example
 * ```js
 * import { verifyCompact } from "handstamp";
 *
 * const { payload } = await verifyCompact(token, { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" });
 * console.log(JSON.parse(new TextDecoder().decode(payload)).campaignId); // 123456
 * ```
 */
export function verifyCompact(
  token: string,
  key: KeySource,
  options?: SecretOptions,
): Promise<{ header: Record<string, unknown>; payload: Uint8Array }>;

/**
 * Decrypts any compact token (RFC 7516 section 5.2). The plaintext proves nothing about the sender.
 * @throws {@link HandstampError} `decryption_failed` for every fault of the ciphertext alike; else the code of the fault
 * @example
 * ```js
 * import { decryptCompact, encryptCompact } from "handstamp";
 *
 * const key = secret.slice(0, 32); // A256GCM takes 32 bytes
 * const encrypted = await encryptCompact("hello", { key, encoding: "utf8" }, { alg: "dir", enc: "A256GCM" });
 * const { plaintext } = await decryptCompact(encrypted, { key, encoding: "utf8", alg: "dir", enc: "A256GCM" });
 * console.log(new TextDecoder().decode(plaintext)); // hello
 * ```
 */
export function decryptCompact(
  token: string,
  key: DecryptKey,
  options?: SecretOptions,
): Promise<{ header: Record<string, unknown>; plaintext: Uint8Array }>;

/**
 * Encrypts (RFC 7516 section 5.1) with a shared secret, or for the holder of a public key (JWK or PEM). Content key, IV
 * and ephemeral key are fresh for every call. A string becomes UTF-8, an object JSON.
 * @throws {@link HandstampError} `alg_refused`, `key_size` and other `key_…` codes, `needs_webcrypto`
 * @example
 * ```js
 * import { encryptCompact, inspect } from "handstamp";
 *
 * const encrypted = await encryptCompact(token, { key: recipient }, { alg: "ECDH-ES+A256KW", enc: "A256GCM", cty: "JWT" });
 * console.log(inspect(encrypted).form); // jwe
 * ```
 */
export function encryptCompact(
  plaintext: string | Bytes | object,
  key: Omit<DecryptKey, "alg" | "enc">,
  options: { alg: KeyManagementAlg; enc: ContentEncryption; kid?: string; cty?: string } & SecretOptions,
): Promise<string>;

/**
 * Signs (RFC 7515 section 5.1). A string becomes UTF-8, an object JSON. HMAC is computed in the module; every other
 * algorithm by the host's WebCrypto, from a private JWK or a PKCS#8 PEM.
 * @throws {@link HandstampError} `alg_unknown`, `alg_none`, `key_…` codes, `needs_webcrypto`
 * @example
 * ```js
 * import { signCompact } from "handstamp";
 *
 * const claims = { sub: "1234", campaignId: "123456", exp: Math.floor(Date.now() / 1000) + 300 };
 * const signed = await signCompact(claims, { key: secret, encoding: "utf8" }, { alg: "HS256", typ: "JWT" });
 * console.log(signed.split(".").length); // 3
 * ```
 */
export function signCompact(
  payload: string | Bytes | object,
  key: KeyMaterial | { key: KeyMaterial; encoding?: Encoding },
  options: { alg: Alg; kid?: string; typ?: string } & SecretOptions,
): Promise<string>;

/**
 * A refusal. `code` is for programs, `public` for visitors, `details` for the owner of the account.
 * @example
 * ```js
 * import { createVerifier, HandstampError } from "handstamp";
 *
 * const verifier = await createVerifier({ verify: { method: "publicKey", key: keys.public, alg: "ES256" } });
 * try {
 *   await verifier.admit(token, { campaignId: "123456" });
 * } catch (error) {
 *   if (!(error instanceof HandstampError)) throw error;
 *   console.log(error.code, error.public, error.details.fix); // alg_not_allowed token_invalid issuer
 * }
 * ```
 */
export class HandstampError extends Error {
  /** Makes a refusal with the catalogue's sentences for its code. */
  constructor(code: ErrorCode, found?: { at?: string; expected?: string; got?: string }, options?: ErrorOptions);
  /** The stable code: for your log. */
  readonly code: ErrorCode;
  /** The reason that a visitor may see. */
  readonly public: PublicReason;
  /**
   * Recognises a refusal, also one of another copy of the package, for which `instanceof` is false.
   * @example
   * ```js
   * import { HandstampError } from "handstamp";
   *
   * console.log(HandstampError.is(new HandstampError("token_expired")), HandstampError.is(new Error("token_expired"))); // true false
   * ```
   */
  static is(value: unknown): value is HandstampError;
  /** The details: never a token, a secret or a claim's value. */
  readonly details: {
    /** The place: a JSON Pointer into settings or claims, or a part of the token. */
    at?: string;
    /** The expected value or form, in words. */
    expected?: string;
    /** The found value or form: a type, a length, a time or a name of the standard. */
    got?: string;
    /** The fault, in a sentence. */
    says: string;
    /** The remedy, in a sentence. */
    how: string;
    /** The one who can do it: the maker of the token, the settings' editor, the service, or the participant. */
    fix: "issuer" | "settings" | "service" | "participant";
    /** The URL of the key set that could not be had; beside it, `cause` is the error of the host's `fetch`, if there was one. */
    url?: string;
    /** The index in `verify` of the source whose key set could not be had. */
    index?: number;
    /** The use of another try: `no`, `later`, after another `login`, or with a `new_token`. */
    retry: string;
  };
}
