/**
 * Handstamp verifies secure tokens, decides whether somebody may play, and prefills the campaign's form.
 * Every refusal is a {@link HandstampError} with a stable code. Nothing here reads a clock, makes random
 * numbers or opens a connection in the module; `now` and `fetch` are arguments.
 */

/// <reference lib="esnext.disposable" />

import type { ClueCode, ErrorCode, IgnoredReason, PublicReason, WarningCode } from "./catalogue.js";

export { catalogue, version } from "./catalogue.js";
export type { ClueCode, ErrorCode, IgnoredReason, PublicReason, WarningCode } from "./catalogue.js";

/** Bytes of any kind. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** A `WebAssembly.Module`, where the project's libraries know that type. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;

/** Where the module may come from. A string is an address. */
export type ModuleSource = CompiledModule | Bytes | Response | URL | string;

/**
 * Loads the module. Needed first with `handstamp/slim`, and before synchronous calls in browsers; elsewhere
 * it does no harm. Calling it again does nothing; after a failure it can be called again.
 * @throws {@link HandstampError} `not_initialised` when the source is none of these or cannot be had or compiled
 */
export function init(source?: ModuleSource | Promise<ModuleSource>): Promise<void>;

/** Signature algorithms (RFC 7518 section 3, RFC 8037). */
export type Alg =
  | "HS256" | "HS384" | "HS512"
  | "RS256" | "RS384" | "RS512"
  | "PS256" | "PS384" | "PS512"
  | "ES256" | "ES384" | "ES512"
  | "EdDSA";

/** A JSON Web Key (RFC 7517). */
export interface Jwk {
  kty: string;
  kid?: string;
  alg?: string;
  use?: string;
  key_ops?: string[];
  [member: string]: unknown;
}

/** A JSON Web Key Set (RFC 7517 section 5). */
export interface JwkSet {
  keys: Jwk[];
}

/** How the text of a secret stands for bytes. */
export type Encoding = "utf8" | "base64" | "base64url" | "hex";

/** Where verification keys come from. The algorithm is a property of the key, never of the token. */
export type KeySource =
  /** A key set as data. The token must name its key (`kid`). */
  | { method: "jwks"; keys: JwkSet | Jwk[]; algs?: Alg[] }
  /** A key set by address: https, or http on this machine. Fetched when needed, refreshed for an unknown key. */
  | { method: "jwks"; url: string; algs?: Alg[] }
  /** One public key: PEM (SPKI, PKCS#1 or certificate) or JWK. */
  | { method: "publicKey"; key: string | Jwk; alg: Alg }
  /** One shared secret. A string needs its encoding. */
  | { method: "symmetricKey"; key: string | Jwk; encoding?: Encoding; alg: "HS256" | "HS384" | "HS512" };

/** How tokens are decrypted. */
export interface DecryptKey {
  /** A shared secret, or a private key: JWK, or PKCS#8 PEM. */
  key: string | Jwk;
  encoding?: Encoding;
  /** Key management, such as `dir` or `A256KW` (RFC 7518 section 4.1). */
  alg: string;
  /** Content encryption, such as `A256GCM` (RFC 7518 section 5.1). */
  enc: string;
}

/** Form field → where its value comes from: a claim's name, a JSON Pointer (begins with `/`), or more. */
export type Mapping = Record<string, string | {
  from: string;
  as?: "text" | "boolean" | "date" | "country" | "phone";
  /** Show the field read-only and take its value from the pass, whatever was submitted. */
  lock?: boolean;
  [option: string]: unknown;
}>;

/** What a customer agreed with us about his tokens. */
export interface TokenSettings {
  /** Several are for rotation; at most 8. */
  verify: KeySource | KeySource[];
  decrypt?: DecryptKey | DecryptKey[];
  /** Default `require` once `decrypt` is set, else `off`. */
  encryption?: "off" | "accept" | "require";
  /** The only `iss` that is accepted. */
  issuer?: string;
  /** Must be in `aud`. */
  audience?: string;
  /** The only `typ` that is accepted. */
  typ?: string;
  /** Default `required`. `optional` accepts tokens that never expire, with warning `no_expiry`. */
  expiry?: "required" | "optional";
  /** Tolerated difference of clocks; default 60, at most 300. */
  leewaySeconds?: number;
  /** Longest life of a token; without `exp`, its longest age. */
  maxLifetimeSeconds?: number;
  /** Claim that holds an access token for the profile API; a name or a JSON Pointer. Default `access_token`. */
  accessToken?: string;
  /** Allow an access token in a token that everybody can read. */
  accessTokenInClear?: boolean;
  /** Allow HMAC secrets of 16 bytes and more, with warning `secret_short`. */
  allowShortSecret?: boolean;
  mapping?: Mapping;
}

/** Options of {@link createVerifier}. */
export interface VerifierOptions {
  /**
   * Fetches key sets; default the global `fetch`. Called with `redirect: "manual"` and a signal of 3 seconds. With
   * `false` nothing is fetched: the host installs the sets itself ({@link Verifier.installKeySet}).
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | false;
  /** Allow shared secrets and decryption keys in a browser window. For diagnosis pages that keep them there. */
  allowSecretsInBrowser?: boolean;
}

/** A moment: a Date, or a number since 1970 — seconds, or milliseconds when it is above 10¹¹. */
export type Moment = Date | number;

/** The fields and opt-ins of a campaign; what does not fit them is listed in `prefill.ignored`. */
export interface Fields {
  fields?: { name: string; type?: "text" | "email" | "tel" | "date" | "country" | "checkbox"; required?: boolean; [other: string]: unknown }[];
  optins?: { name: string; [other: string]: unknown }[];
}

export interface AdmitSyncOptions {
  /** The campaign that is being opened; the token must be for it. */
  campaignId: string;
  /** Default: now. */
  now?: Moment;
  /** How often this person took part already. Without it, a limit stays unchecked. */
  participations?: number;
  fields?: Fields;
}

export interface AdmitOptions extends Omit<AdmitSyncOptions, "participations"> {
  /** The count, or a function that finds it; the function is called only where a number limit has to be judged. */
  participations?: number | ((who: { subject: string; campaignId: string }) => number | Promise<number>);
}

export interface Prefill {
  /** Field name → text. */
  form: Record<string, string>;
  /** Opt-in name → consent already given. Never ticks a new one. */
  optin: Record<string, boolean>;
  /** Fields that are shown read-only. */
  locked: string[];
  /** What was not taken over, and why. */
  ignored: { name: string; reason: string }[];
}

export interface Limit {
  /** Number of participations. */
  nb?: number;
  canPlay?: boolean;
}

export interface Warning {
  code: WarningCode;
  message: string;
  at?: string;
}

/** Whether somebody may play, and what we know of them. */
export interface Admission {
  subject: string;
  campaignId: string;
  /** Seconds since 1970; null for a token that never expires. */
  expiresAt: number | null;
  decision: "allowed" | "refused" | "limit_unchecked";
  /** Why not; only with `refused`. */
  reason?: "not_allowed" | "quota_reached";
  limit?: Limit;
  prefill: Prefill;
  gift?: { label?: string; cw?: boolean; [member: string]: unknown };
  custom?: Record<string, unknown>;
  /**
   * The token carries no data, but an access token for the customer's profile API: fetch the profile and
   * give it to {@link Verifier.complete}. Not enumerable, so that it is never serialised or logged.
   */
  readonly needsProfile?: { accessToken: string };
  /** What the admission rests on, for the pass and the record. Not enumerable: it is nothing for a page. */
  readonly provenance?: Provenance;
  warnings: Warning[];
}

export interface Provenance {
  /** The issuer, in whose namespace the subject is unique; empty where the token names none. */
  namespace: string;
  /** Id of this very token or sign-in. */
  pid: string;
  /** The token's own id. */
  jti?: string;
  /** Which of the settings' key sources vouched for it. */
  source?: number;
  /**
   * The names of the key that vouched, as {@link keyNames} has them: `key:` with its thumbprint (RFC 7638), and `url:` where
   * its set was fetched.
   */
  keyNames?: string[];
  /** When the token was signed (`iat`), seconds. */
  signedAt?: number;
}

/** A verified token: its header and its claims. */
export interface Verified {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** Which of the settings' key sources vouched for it. */
  source: number;
  warnings: Warning[];
}

/** Prepared settings: the keys are read once. May stand at module scope. */
export interface Verifier extends Disposable {
  /**
   * Verifies a token and says whether its participant may play. Fetches key sets given by address when they
   * are needed.
   * @throws {@link HandstampError} with the code of what is wrong with the token
   */
  admit(token: string, options: AdmitOptions): Promise<Admission>;
  /** As `admit`, without fetching: a key set that is not there is `key_set_not_loaded`. */
  admitSync(token: string, options: AdmitSyncOptions): Admission;
  /** Completes an admission with the profile that `needsProfile` asked for. */
  complete(admission: Admission, profile: object, options?: { fields?: Fields }): Admission;
  /** Encryption, signature and standard claims only. */
  verify(token: string, options?: { now?: Moment }): Promise<Verified>;
  verifySync(token: string, options?: { now?: Moment }): Verified;
  /** Every check with its outcome, for the people who made the token and the settings. */
  explain(token: string, options?: { campaignId?: string; now?: Moment }): Promise<Report>;
  /**
   * The event for `keySet.next` that a refusal of this token is, by its code; `null` where newer keys cannot lift it.
   */
  newerKeys(
    token: string,
    code: string,
    options?: { campaignId?: string; now?: Moment },
  ): Promise<"need" | "refresh" | "doubt" | null>;
  /** Whether only its signature stands against a token, as a new key may have come under an old name. Proves nothing. */
  wouldPass(token: string, options?: { campaignId?: string; now?: Moment }): Promise<boolean>;
  /** The key sets that are given by address, by their place in `verify`. */
  keySetUrls(): { index: number; url: string }[];
  /** Installs a key set that the host fetched itself; unusable keys are skipped with a warning. */
  installKeySet(index: number, text: string): Warning[];
  /** Frees the keys. Also done by `using`, and in the end by the garbage collector. */
  close(): void;
}

export interface Report {
  verdict: "accepted" | "rejected";
  /** What to read first: the clue that explains the refusal, else the first check that failed, else the first warning. */
  code?: CheckCode;
  /** In the order in which a token is judged; every check is made, also after one has failed. */
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

/** What came of a check: a code of the catalogue, or the check's name where it passed or was skipped. */
export type CheckCode = ErrorCode | WarningCode | ClueCode | IgnoredReason | CheckName;

export interface Check {
  /** The name of the check, whatever came of it. */
  check: CheckName;
  code: CheckCode;
  status: "pass" | "fail" | "warn" | "skip";
  /** The place in the token or the settings. */
  path?: string;
  expected?: string;
  /** Types, lengths, names and times in words; never the token or a value. */
  got?: string;
  /** What to do about it. */
  hint?: string;
  /** Who can put it right. */
  fix?: "issuer" | "settings" | "service" | "participant";
}

/**
 * Prepares settings for any number of tokens.
 * @throws {@link HandstampError} `settings_invalid`, `settings_unknown`, a `key_…` code with its place, or
 * `secret_in_browser`
 */
export function createVerifier(settings: TokenSettings, options?: VerifierOptions): Promise<Verifier>;

/** Decides by a limit and the number of participations so far; without a count, a number limit is not checked. */
export function decide(
  limit: Limit | undefined,
  participations?: number,
): { decision: Admission["decision"]; reason?: Admission["reason"] };

/**
 * Reads when a certificate ends, as RFC 3339 writes a time; nothing for a text that does not begin with a certificate.
 * @param pem as a key is given in the settings
 */
export function certificateEnd(pem: string): string | undefined;

/** What a token says of itself. Nothing of it is verified, and no key is needed. */
export interface Inspection {
  /** By the number of its parts: three, five, or neither. */
  form: "jws" | "jwe" | "other";
  /** Whether the text was changed to be read: white space, a prefix, percent-encoding or standard base64 taken out. */
  repaired: boolean;
  /** Of a JWS `header`, `payload`, `signature`; of a JWE `header`, `encrypted_key`, `iv`, `ciphertext`, `tag`. */
  parts: Part[];
}

export interface Part {
  name: "header" | "payload" | "signature" | "encrypted_key" | "iv" | "ciphertext" | "tag";
  /** The part as it stands in the token. */
  text: string;
  /** Its length once it is decoded; missing where it is no base64url. */
  bytes?: number;
  /** The text of a header, and of the payload of a JWS, exactly as it was signed. */
  json?: string;
  /** The same as an object, where the strict reader takes it. */
  members?: Record<string, unknown>;
  /** Why the part could not be decoded, or its JSON not be read. */
  fault?: { code: ErrorCode; expected?: string; got?: string };
}

/**
 * Takes a token apart to be shown: header, claims, lengths. For what is inside an encrypted token, give the text that
 * {@link decryptCompact} finds to `inspect` again.
 */
export function inspect(token: string): Inspection;

/** Maps a profile onto a form. Unknown and ill-typed values are listed in `ignored`; none is an error. */
export function mapProfile(profile: object, mapping: Mapping, fields?: Fields): Prefill;

/** A place of a document, and what is wrong there. */
export interface Fault {
  path: string;
  code: ErrorCode;
  message: string;
}

/**
 * Checks an account document: the document in normal form with every default, or every fault at once. Plain
 * `http` to this machine is allowed with `development` only.
 */
export function parseAccount(
  document: string | object,
  options?: {
    development?: boolean;
    /** The origin that serves the campaigns, such as `https://campaigns.example`: no URL of the document may lead there. */
    ownOrigin?: string;
  },
): { account: Record<string, any>; warnings: Warning[]; faults?: undefined } | { faults: Fault[]; account?: undefined };

/**
 * The secure token's settings of an account document in normal form: the account's secrets in place of their
 * names, revoked keys gone (but for those that a set may still have), the account's mapping filled in.
 * @throws {@link HandstampError} `technique_off` without `secureToken`, `secret_unknown` for a name without a secret
 */
export function tokenSettings(document: Record<string, any>, secrets: Record<string, string>): TokenSettings;

/** One entry of `verify` or `decrypt`, and what its keys are known by whatever their spelling. */
export interface KeyName {
  list: "verify" | "decrypt";
  index: number;
  revoked: boolean;
  /** Thumbprints (RFC 7638) or the key set's address; none where the secret is not there. Not to be shown. */
  names: string[];
}

/** What the keys of an account document in normal form are known by: to find one again elsewhere. */
export function keyNames(document: Record<string, any>, secrets: Record<string, string>): KeyName[];

/** What the submitted values of a form come to. */
export interface CheckedForm {
  /** The values to keep, without white space at their ends; empty ones are left out. */
  form: Record<string, string>;
  faults: {
    name: string;
    reason: "required" | "text" | "too_long" | "characters" | "email" | "tel" | "date" | "country" | "checkbox";
  }[];
}

/**
 * Checks the submitted value of every field. A value that was prefilled and left as it is always passes.
 * @param locked values that stand whatever was submitted: their fields are not checked
 */
export function checkForm(fields: Fields, submitted: Record<string, unknown>, locked?: Record<string, unknown>): CheckedForm;

/** The rules of {@link checkForm} as data, for a page that checks values before it submits them. */
export interface FieldRules {
  /** Regular expression (flag `u`) that every value matches as a whole. */
  characters: string;
  /** Most characters of a value. */
  longest: number;
  /** Regular expressions (flag `u`) that a value of the type matches as a whole. A type that is not here takes any text. */
  patterns: Partial<Record<NonNullable<NonNullable<Fields["fields"]>[number]["type"]>, string>>;
}

export function fieldRules(): FieldRules;
/**
 * Finds the known name that a misspelt one was probably meant to be: at most two letters away, and at most a third of it.
 * @returns that name, or `undefined` when none is near
 * @throws {@link HandstampError} `settings_invalid` for anything but strings
 * @example
 * nearestName("isuer", ["issuer", "audience"]); // "issuer"
 */
export function nearestName(name: string, known: readonly string[]): string | undefined;

/** Where secrets may come: see {@link VerifierOptions.allowSecretsInBrowser}. */
export interface SecretOptions {
  allowSecretsInBrowser?: boolean;
}

/** Verifies any signed token (RFC 7515) with one key source; a key set by address is for {@link createVerifier}. */
export function verifyCompact(
  token: string,
  key: KeySource,
  options?: SecretOptions,
): Promise<{ header: Record<string, unknown>; payload: Uint8Array }>;

/** Decrypts any encrypted token (RFC 7516). */
export function decryptCompact(
  token: string,
  key: DecryptKey,
  options?: SecretOptions,
): Promise<{ header: Record<string, unknown>; plaintext: Uint8Array }>;

/**
 * Encrypts (RFC 7516) with a shared secret, or for the holder of a public key (JWK or PEM); everything random is
 * fresh.
 */
export function encryptCompact(
  plaintext: string | Bytes | object,
  key: Omit<DecryptKey, "alg" | "enc">,
  options: { alg: string; enc: string; kid?: string; cty?: string } & SecretOptions,
): Promise<string>;

/**
 * Signs (RFC 7515). An object is signed as JSON. HMAC is computed in the module; everything else by the host's
 * WebCrypto, from a private JWK or a PKCS#8 PEM.
 */
export function signCompact(
  payload: string | Bytes | object,
  key: string | Jwk | { key: string | Jwk; encoding?: Encoding },
  options: { alg: Alg; kid?: string; typ?: string } & SecretOptions,
): Promise<string>;

/** A refusal. `code` is for programs, `public` for visitors, `details` for the owner of the account. */
export class HandstampError extends Error {
  constructor(code: ErrorCode, found?: { at?: string; expected?: string; got?: string }, options?: ErrorOptions);
  readonly code: ErrorCode;
  readonly public: PublicReason;
  readonly details: {
    /** The place: a JSON Pointer into settings or claims, or a part of the token. */
    at?: string;
    expected?: string;
    got?: string;
    /** What is wrong, in a sentence. */
    says: string;
    /** What to do about it. */
    how: string;
    /** Who can do it. */
    fix: "issuer" | "settings" | "service" | "participant";
    /** Whether trying again helps, and with what. */
    retry: string;
  };
}
