/**
 * OAuth2 and OpenID Connect as a service, without any input or output of its own. Each stage returns its
 * result, or the next request as plain data: perform it, and call the stage again with what came of it.
 *
 * ```js
 * let step = redeem({ account, secrets, campaignId, code, verifier, nonce, redirectUri });
 * while (step.request) step = redeem(step.resume, await perform(step.request));
 * const { admission, subject, namespace } = step.done;
 * ```
 *
 * Login servers may sign with ES384 and ES512, which only WebCrypto computes here. A host that has it says so, and is
 * asked for operations too; those of other algorithms it is given where it is the faster one:
 *
 * ```js
 * let step = redeem({ …, webCrypto: true });
 * while (!step.done) step = redeem(step.resume, await (step.request ? perform(step.request) : compute(step.operation)));
 * ```
 *
 * Every refusal is a {@link HandstampError}.
 */

import type { Admission, ErrorCode, Moment, Provenance, Warning } from "./index.js";

export { init, HandstampError } from "./index.js";
export type { Admission, ErrorCode, ModuleSource, Moment, Provenance, PublicReason, Warning } from "./index.js";

/** What the host is asked to do. */
export interface Request {
  purpose: "discovery" | "keySet" | "pushed" | "token" | "userinfo" | "profile";
  method: "GET" | "POST";
  /** Absolute; https, or http on this machine in development. */
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: string;
  /** Whether a cached answer is not good enough. */
  refresh: boolean;
}

/** What came of it. Redirects are not followed; bodies are capped; both are said, not hidden. */
export type Answer =
  | { status: number; contentType: string; body: string; failed?: undefined }
  | { failed: "timeout" | "too_large" | "redirected" | "refused" | "network" };

/** What goes back into the stage with the answer. Plain data that holds what the input held, secrets included. */
export type Resume<Input> = Input & { readonly answers: Answer[] };

/** A stage's result, or what it needs first. */
export type Step<Done, Input> =
  | { done: Done; request?: undefined; operation?: undefined; resume?: undefined }
  | { request: Request; resume: Resume<Input>; operation?: undefined; done?: undefined };

/** An operation of WebCrypto as plain data, for {@link compute}. */
export interface Operation {
  kind: "verify" | "decrypt" | "deriveBits";
  /** The algorithm with its curve. */
  name: string;
  /** What the answer is bound to: the hash of the whole question. */
  id: string;
  [member: string]: unknown;
}

/** What came of an operation; without a value, the host could not. */
export interface Computed {
  id: string;
  value?: boolean | string;
}

/** A step of a stage that may also ask for an operation. */
export type ComputingStep<Done, Input> =
  | Step<Done, Input>
  | { operation: Operation; resume: Resume<Input>; request?: undefined; done?: undefined };

/** Performs an operation by this host's WebCrypto. What it has not is told in the answer: never thrown, never a verdict. */
export function compute(operation: Operation): Promise<Computed>;

/** The sealing keys of one environment: exactly one is active and seals, all of them open. */
export interface Ring {
  environment: string;
  keys: { kid: string; /** base64url of 32 bytes */ key: string; status: "active" | "next" | "retiring"; /** when it came to it, seconds since 1970 */ since?: number }[];
}

/** An account document in normal form, as `parseAccount` returns it. */
export type AccountDocument = Record<string, any>;

/** An origin of the account by its index, and a path on it. */
export interface ReturnPlace {
  index: number;
  path: string;
}

export interface StartInput {
  account: AccountDocument;
  /** The account's secrets by name, in clear; needed where the request is pushed (RFC 9126). */
  secrets?: Record<string, string>;
  campaignId: string;
  /** The campaign's step to come back to; default `identityset`, the form. */
  step?: string;
  lang?: string;
  /**
   * The request's `bind`: base64url of SHA-256 of the frame's proof. It counts where `referer` proves the page that the
   * frame waits on; else the flow cookie holds the sign-in to its browser.
   */
  bind?: string;
  /** The request's `Referer` header: the page to return to, at an origin of the account. */
  referer?: string;
  /**
   * The request's `return`: `"<origin index>:<path>"`. It counts where the browser shortens `referer` to the origin, and
   * the account lists the path in `returnPaths`.
   */
  return?: string;
  /**
   * base64url of SHA-256 of a session that the host knows, for a sign-in that the host itself begins. It takes the place
   * of `bind`; never set it from a request.
   */
  session?: string;
  /** `login`: the login page asks who it is, even if it knows somebody. */
  prompt?: "login";
  ring: Ring;
  /** The shared redirect address. For an account with its own, the account's name is added behind it. */
  redirectUri: string;
  now?: Moment;
  /** base64url of at least 48 random bytes; made here when it is left out. */
  entropy?: string;
}

export interface Started {
  /** The address of the login page. */
  location: string;
  /** To be set with `Path=/; Secure; HttpOnly; SameSite=Lax`; `maxAge` in seconds. */
  cookie: { name: string; value: string; maxAge: number };
  /** Id of this login. */
  sid: string;
  warnings: Warning[];
}

/** Makes the address of the login page, with a sealed state and PKCE. */
export function start(input: StartInput): Step<Started, StartInput>;
export function start(resume: Resume<StartInput>, answer: Answer): Step<Started, StartInput>;

/**
 * Returns the page that a sign-in of this input would return to, and the frame that waits there; `null` for the campaign
 * on our own origin. For a host that leads a person back before a state was sealed.
 */
export function returnPage(
  input: Pick<StartInput, "account" | "bind" | "referer" | "return" | "redirectUri"> & Record<string, unknown>,
): { bind: string | null; return: ReturnPlace | null } | null;

export interface CallbackInput {
  /** The query as it came, with or without its `?`. */
  query: string;
  /** The `Cookie` header as it came. */
  cookies?: string;
  ring: Ring;
  now?: Moment;
  /** The document of the state's account; see {@link peekState}. */
  account?: AccountDocument;
  /** The account in the path, where the account has a redirect address of its own. */
  pathAccount?: string;
  redirectUri?: string;
}

/** What leads back to the campaign, whatever happened. */
export interface ReturnedPlace {
  account: string;
  campaignId: string;
  sid: string;
  step: string;
  lang: string | null;
  bind: string | null;
  return: ReturnPlace | null;
  /** The flow cookie, which has served. */
  clearCookie: string;
}

/** A code to be redeemed. */
export interface ReturnedCode extends ReturnedPlace {
  outcome: "code";
  code: string;
  verifier: string;
  nonce: string;
  redirectUri?: string;
  /** The login page must not have asked the person before this moment, in seconds. */
  authenticatedAfter?: number;
}

/** No code, and why. */
export interface ReturnedWithoutCode extends ReturnedPlace {
  outcome: "cancelled" | "error" | "expired" | "wrong_browser";
  code: ErrorCode;
  at?: string;
  expected?: string;
  got?: string;
}

/**
 * Reads what the login page sent back. It asks for nothing, so the step is always done.
 * @throws {@link HandstampError} a `state_…` code when the state is not ours
 */
export function callback(input: CallbackInput): { done: ReturnedCode | ReturnedWithoutCode };

/** The account of a callback's state, so that its document can be loaded first. */
export function peekState(ring: Ring, query: string): { account: string };

export interface RedeemInput {
  account: AccountDocument;
  /** The account's secrets by name, in clear. */
  secrets?: Record<string, string>;
  campaignId: string;
  code: string;
  verifier: string;
  nonce: string;
  redirectUri: string;
  /** As the callback returned it: a login from before is refused. */
  authenticatedAfter?: number;
  /** Id of the login, for the record. */
  sid?: string;
  now?: Moment;
  /** Whether the host can {@link compute}. Without, a token in ES384 or ES512 is refused with `sync_unsupported`. */
  webCrypto?: boolean;
}

export interface Redeemed {
  admission: Admission;
  subject: string;
  /** The issuer, in whose namespace the subject is unique. */
  namespace: string;
  /** Id of this login, for the record. */
  pid: string;
  /** How the ID token was signed, else the first other token that was verified, and when it says so (seconds). For the log. */
  signature?: { alg: string; kid?: string; issuedAt?: number };
}

/** Exchanges the code, reads the profile, and admits. The code is sent once: never repeat a finished flow. */
export function redeem(input: ComputingInput): ComputingStep<Redeemed, ComputingInput>;
export function redeem(resume: Resume<ComputingInput>, answer: Answer | Computed): ComputingStep<Redeemed, ComputingInput>;
export function redeem(input: RedeemInput): Step<Redeemed, RedeemInput>;
export function redeem(resume: Resume<RedeemInput>, answer: Answer): Step<Redeemed, RedeemInput>;

/** What is redeemed by a host with WebCrypto. */
export type ComputingInput = RedeemInput & { webCrypto: true };

/** Each kind of sealed text is refused in each other's place. */
export type Purpose = "state" | "pass" | "secret" | "flow";

/** Seals a value for one purpose and account, with the ring's active key and a fresh salt. */
export function seal(purpose: Purpose, ring: Ring, account: string, value: unknown): string;

/**
 * Opens what {@link seal} made with the same purpose, ring and account.
 * @throws {@link HandstampError} `seal_invalid`, `seal_key_unknown`
 */
export function open(purpose: Purpose, ring: Ring, account: string, sealed: string): any;

/** Seals a state of the host's own making; {@link start} seals the one of a login. */
export function sealState(ring: Ring, state: unknown): string;
export function openState(ring: Ring, sealed: string): any;

/** The sealed proof of an admission, as {@link issuePass} makes it. */
export interface Pass {
  account: string;
  campaignId: string;
  subject: string;
  /** The issuer, in whose namespace the subject is unique. */
  namespace?: string;
  technique: "token" | "oauth" | "anonymous";
  limit?: { nb?: number; canPlay?: boolean };
  gift?: object;
  /** Values that stand whatever is submitted. */
  locked?: Record<string, string | boolean>;
  /** Id of the token or login: without `limit.nb`, it records once. */
  pid: string;
  jti?: string;
  /** The names of the key that vouched: {@link Provenance.keyNames}. */
  keyNames?: string[];
  /** Seconds since 1970. */
  issuedAt: number;
  expiresAt: number;
  [added: string]: unknown;
}

/** What the campaign adds to an admission that earns a pass. */
export interface PassTerms {
  account: string;
  technique: Pass["technique"];
  /** `off` where the campaign keeps no limit: the pass then has none. Default: `on`. */
  limits?: "on" | "off";
  now?: Moment;
}

/**
 * Issues the pass of an admission, sealed for its account. It is good for two hours, however long the token is.
 * @param admission with its `provenance`
 * @throws {@link HandstampError} `not_allowed` or `quota_reached` for an admission that is refused
 */
export function issuePass(ring: Ring, admission: Admission, terms: PassTerms): string;

/** Seals a pass that {@link openPass} has opened, with what the host adds to it. */
export function sealPass(ring: Ring, pass: Pass): string;

/**
 * Opens a pass of this account.
 * @param options `expired: true` opens one that has expired too: a repeated submission is answered before that
 * @throws {@link HandstampError} `pass_missing`, `pass_invalid`, `pass_expired`, `seal_key_unknown`
 */
export function openPass(ring: Ring, account: string, sealed: string, options?: { now?: Moment; expired?: boolean }): Pass;

/** What a host remembers of a fetched document. Plain data; only `text` is of interest outside. */
export interface CacheEntry {
  text?: string;
  /** Until when `text` needs no newer copy; seconds since 1970. */
  freshUntil: number;
  [member: string]: unknown;
}

export type CacheEvent =
  /** The document is needed. */
  | { type: "need" }
  /** It was used and does not know a key. */
  | { type: "refresh" }
  /** It was used, and nothing but a signature is wrong: a key may have been replaced under its name. */
  | { type: "doubt" }
  | {
    type: "fetched";
    purpose: "keySet" | "discovery";
    status: number;
    contentType: string;
    body: string;
    cacheControl?: string;
  }
  | { type: "failed" };

/** When a fetched document is used, fetched again, or given up: a pure machine. */
export const keySet: {
  next(
    cache: CacheEntry | null,
    event: CacheEvent,
    now?: Moment,
  ): { decision: "use" | "fetch" | "refuse"; cache: CacheEntry };
};
