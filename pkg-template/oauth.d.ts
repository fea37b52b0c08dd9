/**
 * OAuth2 (RFC 6749) and OpenID Connect as a service, without I/O of its own. Each stage returns its result, or the next
 * request as plain data: perform it, and call the stage again with the answer.
 *
 * Identity providers may sign with ES384 and ES512, which only WebCrypto computes here. A host with WebCrypto says
 * `webCrypto: true` in {@link redeem}, and is asked for operations too; those of other algorithms it gets where it is faster.
 *
 * Every refusal is a {@link HandstampError}.
 *
 * The examples of this file run in the tests. In them `account` is an account document in normal form, `secrets` its
 * secrets, `ring` the sealing keys, `perform` sends a request and returns its answer, and `signIn` stands for the browser
 * at the identity provider: it takes the URL of the login page and returns the query of the callback.
 */

import type { AccountSecrets } from "./accounts.js";
import type { AccountDocument as Written, Admission, ErrorCode, Moment, Provenance, StandardClaims, Warning } from "./index.js";

/** The module's start and the class of refusals, as in `handstamp`. */
export { init, HandstampError } from "./index.js";
/** The types that the stages share with `handstamp`. */
export type { Admission, ErrorCode, ModuleSource, Moment, Provenance, PublicReason, Warning } from "./index.js";

/** A request that the host sends for a stage. Do not follow redirects; stop after `timeout` seconds and `bytes` bytes. */
export interface Request {
  /** The purpose, for the host's log and its cache. */
  purpose: "discovery" | "keySet" | "pushed" | "token" | "userinfo" | "profile";
  /** The method. */
  method: "GET" | "POST";
  /** The absolute URL; https, or http on this machine in development. */
  url: string;
  /** Header names in lower case, and their values. */
  headers: Record<string, string>;
  /** The body of a POST, form-encoded. */
  body?: string;
  /** True if a cached answer must not be used. */
  refresh: boolean;
  /** Of metadata, the issuer that they must name: cache by URL and issuer, and pass it on to {@link keySet}. */
  issuer?: string;
  /** Seconds that the server may take to answer. */
  timeout: number;
  /** Bytes that its answer may have. */
  bytes: number;
}

/** The answer to a request, or the reason why there is none. A redirect and a body that is too large are told as `failed`. */
export type Answer =
  | { status: number; contentType: string; body: string; failed?: undefined }
  | { failed: "timeout" | "too_large" | "redirected" | "refused" | "encoding" | "busy" | "network" };

/** The input of the next call of a stage. Plain data that holds all the input held, secrets included. */
export type Resume<Input> = Input & { readonly answers: Answer[] };

/** The result of a stage, or the request that it needs first. */
export type Step<Done, Input> =
  | { done: Done; request?: undefined; operation?: undefined; resume?: undefined }
  | { request: Request; resume: Resume<Input>; operation?: undefined; done?: undefined };

/** An operation of WebCrypto as plain data, for {@link compute}. */
export interface Operation {
  /** The method of `crypto.subtle`. */
  kind: "verify" | "decrypt" | "deriveBits" | "sign";
  /** The algorithm with its curve. */
  name: string;
  /** The hash of the whole question; the answer carries it back. */
  id: string;
  /** The operation's keys and bytes, in base64url. */
  [member: string]: unknown;
}

/** The answer to an operation. */
export interface Computed {
  /** The operation's `id`. */
  id: string;
  /** The verdict, or the bytes in base64url; missing if the host could not compute it. */
  value?: boolean | string;
}

/** A step of a stage that may also ask for an operation. */
export type ComputingStep<Done, Input> =
  | Step<Done, Input>
  | { operation: Operation; resume: Resume<Input>; request?: undefined; done?: undefined };

/**
 * Performs an operation by this host's WebCrypto. An algorithm that the host lacks is told in the answer: never thrown,
 * never a verdict.
 * @example
 * ```js
 * import { callback, compute, redeem, start } from "handstamp/oauth";
 *
 * const shared = "https://campaigns.example/oauth/callback"; // this account has one of its own, …/callback/acme
 * const { done: started } = start({ account, campaignId: "123456", ring, redirectUri: shared });
 * if (!started) throw new Error("the document names the endpoints, so that nothing is asked");
 * const query = signIn(started.location);
 * const cookies = `${started.cookie.name}=${started.cookie.value}`;
 * const { done: back } = callback({ query, cookies, ring, account, pathAccount: "acme", redirectUri: shared });
 * if (back.outcome !== "code") throw new Error(back.code);
 *
 * const { code, verifier, nonce, redirectUri = shared } = back;
 * let step = redeem({ account, secrets, campaignId: "123456", code, verifier, nonce, redirectUri, webCrypto: true });
 * while (!step.done) step = redeem(step.resume, await (step.request ? perform(step.request) : compute(step.operation)));
 * console.log(step.done.admission.decision); // allowed
 * ```
 */
export function compute(operation: Operation): Promise<Computed>;

/** The sealing keys of one environment: exactly one is active and seals, all of them open. */
export interface Ring {
  /** The environment's name, such as `production`: a value sealed in another one does not open. */
  environment: string;
  /** The keys, at most 32. */
  keys: {
    /** Name of the key, at most 32 characters. */
    kid: string;
    /** The key itself: base64url of 32 random bytes. */
    key: string;
    /** `next` and `retiring` open only; `active` also seals. */
    status: "active" | "next" | "retiring";
    /** When the key came to this status, in seconds since 1970. */
    since?: number;
  }[];
}

/** An account document in normal form, as `parseAccount` returns it. Its members are those of the written one, such as `oauth.sendsIss`. */
export type AccountDocument = Written | Record<string, any>;

/**
 * Makes a ring of one fresh random key. Keep it as a secret: what it seals opens by it alone.
 * @param environment the environment's name, such as `production`
 * @param options the name of the key, default the day of `now`
 * @example
 * ```js
 * import { createRing, open, seal } from "handstamp/oauth";
 *
 * const fresh = createRing("production");
 * console.log(open("secret", fresh, "acme", seal("secret", fresh, "acme", "hello"))); // hello
 * ```
 */
export function createRing(environment: string, options?: { kid?: string; now?: Date | number }): Ring;

/** Options of {@link perform}. */
export interface PerformOptions {
  /** True to ask loopback hosts too, also by `http`. Default false. */
  development?: boolean;
  /** Sends the request; default the global `fetch`. Called with `redirect: "manual"` and a signal. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Header names in lower case, and their values, beside those of the request. */
  headers?: Record<string, string>;
  /** Says whether there is room for bytes that have arrived, 0 before the request is sent; if not, it fails as `busy`. */
  holds?: (bytes: number) => boolean;
}

/** What {@link perform} returns: an {@link Answer} with the headers that a stage or a cache may use. */
export type Performed =
  | { status: number; contentType: string; body: string; cacheControl: string; authenticate?: string; failed?: undefined }
  | { failed: "timeout" | "too_large" | "redirected" | "refused" | "encoding" | "busy" | "network" };

/**
 * Performs a request of a stage: https only, no private, literal or credentialed URL, no redirects, at most `timeout` seconds
 * and `bytes` of the request. Never throws for what the server does. A host name that resolves to a private address is the
 * platform's to refuse (on Cloudflare Workers, `global_fetch_strictly_public`).
 * @throws {@link HandstampError} `settings_invalid` for options that are not valid
 * @example
 * ```js
 * import * as oauth from "handstamp/oauth";
 *
 * const answer = await oauth.perform({ method: "GET", url: "https://10.0.0.1/userinfo", headers: {} });
 * console.log(answer.failed); // refused
 * ```
 */
export function perform(
  request: Pick<Request, "method" | "url" | "headers" | "body"> & { timeout?: number; bytes?: number },
  options?: PerformOptions,
): Promise<Performed>;

/** A page of the account to return to. */
export interface ReturnPlace {
  /** Index of its origin in the account's `origins`. */
  index: number;
  /** Its path, query included, at most 200 characters. */
  path: string;
}

/** Input of {@link start}. */
export interface StartInput {
  /** The account, with `oauth`. */
  account: AccountDocument;
  /** The account's secrets by name, in clear; needed where the request is pushed (RFC 9126). */
  secrets?: AccountSecrets;
  /** The campaign to sign in for; its `signIn` must hold `oauth`. */
  campaignId: string;
  /** The campaign's step to come back to; default `identityset`, the form. */
  step?: string;
  /** The campaign's language, for the way back. */
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
   * The hash (base64url of SHA-256) of a session that the host knows, for a sign-in that the host itself begins. It takes the place
   * of `bind`; never set it from a request.
   */
  session?: string;
  /**
   * The page of an earlier sign-in of this browser, out of what {@link callback} returned, for a sign-in that the host begins
   * anew. It takes the place of `bind`, `referer` and `return`; never set it from a request.
   */
  page?: Pick<ReturnedPlace, "bind" | "return" | "preview">;
  /** Asks for a preview. A sign-in that begins on a page of one of the account's `testOrigins` is one in any case. */
  preview?: boolean;
  /** With `login` the login page asks the person to sign in even if it knows one (OpenID Connect Core section 3.1.2.1). */
  prompt?: "login" | "create";
  /** The sealing keys. */
  ring: Ring;
  /** The shared redirect URI. For an account with one of its own, the account's name is added to its path. */
  redirectUri: string;
  /** The time; default now. */
  now?: Moment;
  /** At least 48 random bytes in base64url; default: made here. */
  entropy?: string;
  /** True if the host can {@link compute}. Default false: a pushed request of a client with an RSA key is refused. */
  webCrypto?: boolean;
}

/** A sign-in that has begun. */
export interface Started {
  /** The URL of the login page: redirect the browser there with status 303. */
  location: string;
  /**
   * The flow cookie, to be set with `Path=/; Secure; HttpOnly`, with `sameSite` or else `SameSite=Lax`; `maxAge` in seconds.
   * `None` stands where the identity provider posts its answer: pass that form's body to {@link callback} as its query.
   */
  cookie: { name: string; value: string; maxAge: number; sameSite?: "None" };
  /** Id of this sign-in. */
  sid: string;
  /** The faults that were accepted but should be put right. */
  warnings: Warning[];
}

/**
 * Starts a sign-in: makes the URL of the login page, with a sealed state and PKCE (RFC 7636, S256).
 * @throws {@link HandstampError} `campaign_unknown`, `technique_off`, `query_invalid`, `return_refused`, `mixup_refused`,
 * and the codes of the identity provider's metadata and of a pushed request
 * @example
 * ```js
 * import { start } from "handstamp/oauth";
 *
 * let step = start({ account, campaignId: "123456", lang: "fr", ring, redirectUri: "https://campaigns.example/oauth/callback" });
 * while (step.request) step = start(step.resume, await perform(step.request));
 * const { location, cookie } = step.done;
 * console.log(new URL(location).searchParams.get("code_challenge_method"), cookie.maxAge); // S256 1800
 * ```
 */
export function start(input: ComputingStart): ComputingStep<Started, ComputingStart>;
export function start(resume: Resume<ComputingStart>, answer: Answer | Computed): ComputingStep<Started, ComputingStart>;
export function start(input: StartInput): Step<Started, StartInput>;
export function start(resume: Resume<StartInput>, answer: Answer): Step<Started, StartInput>;

/** Input of {@link start} from a host with WebCrypto: a pushed request may be signed with an RSA key. */
export type ComputingStart = StartInput & { webCrypto: true };

/**
 * Returns the page that a sign-in of this input would return to, and the frame that waits there; `null` for the campaign
 * on our own origin. For a host that leads a person back before a state was sealed.
 * @throws {@link HandstampError} `query_invalid`, `return_refused`
 * @example
 * ```js
 * import { returnPage } from "handstamp/oauth";
 *
 * const page = returnPage({
 *   account,
 *   referer: "https://www.acme.example/game?from=mail",
 *   return: "0:/game",
 *   redirectUri: "https://campaigns.example/oauth/callback",
 * });
 * console.log(page?.return?.index, page?.return?.path); // 0 /game?from=mail
 * ```
 */
export function returnPage(
  input: Pick<StartInput, "account" | "bind" | "referer" | "return" | "redirectUri"> & Record<string, unknown>,
): { bind: string | null; return: ReturnPlace | null; preview?: boolean } | null;

/**
 * Returns the redirect URI to register at the identity provider of an account, or of a campaign that has one of its own: the one that
 * {@link start} asks for. `redirectUri` is the shared one.
 * @throws {@link HandstampError} `settings_invalid`
 * @example
 * ```js
 * import { redirectUri } from "handstamp/oauth";
 *
 * const uri = redirectUri({ account, redirectUri: "https://campaigns.example/oauth/callback" });
 * console.log(uri); // https://campaigns.example/oauth/callback/acme
 * ```
 */
export function redirectUri(input: { account: AccountDocument; campaignId?: string; redirectUri: string }): string;

/** Input of {@link callback}. */
export interface CallbackInput {
  /** The query as it came, with or without its `?`. */
  query: string;
  /** The `Cookie` header as it came. */
  cookies?: string;
  /** The sealing keys. */
  ring: Ring;
  /** The time; default now. */
  now?: Moment;
  /** The document of the state's account; see {@link peekState}. */
  account?: AccountDocument;
  /** The account in the path, where the account has a redirect URI of its own. */
  pathAccount?: string;
  /** The campaign in the path, where a campaign has a redirect URI of its own. */
  pathCampaign?: string;
  /** The shared redirect URI, as {@link start} had it. */
  redirectUri?: string;
}

/** The way back to the campaign, as the state holds it. */
export interface ReturnedPlace {
  /** Name of the account. */
  account: string;
  /** The campaign. */
  campaignId: string;
  /** Id of this sign-in. */
  sid: string;
  /** The campaign's step to come back to. */
  step: string;
  /** The language; null if start had none. */
  lang: string | null;
  /** Hash of the proof that the waiting frame holds; null if the flow cookie holds the sign-in. */
  bind: string | null;
  /** The page to return to; null for the campaign on our own origin. */
  return: ReturnPlace | null;
  /** Set where the sign-in is to bring the pass of a preview, and no other. */
  preview?: boolean;
  /** Set where the login page had to ask the person, whoever it knew. */
  prompt?: "login";
}

/** The members that every outcome has. */
export interface ReturnedFlow extends ReturnedPlace {
  /** Whether this browser holds the flow cookie of the sign-in. Without it, change nothing that is stored. */
  ownBrowser: boolean;
  /** Name of the flow cookie. */
  clearCookie: string;
}

/** A code to be redeemed. */
export interface ReturnedCode extends ReturnedFlow {
  /** Says that there is a code. */
  outcome: "code";
  /** The code (RFC 6749 section 4.1.2), at most 4,096 characters. Keep it on the server. */
  code: string;
  /** The flow cookie, to be set once more for two minutes: a code may be delivered twice. `maxAge` in seconds. */
  keepCookie: { name: string; value: string; maxAge: number };
  /** The PKCE code verifier, out of the flow cookie. */
  verifier: string;
  /** The nonce that the ID token must carry. */
  nonce: string;
  /** The redirect URI that the token request must repeat. */
  redirectUri?: string;
  /** With `prompt: "login"` or a maximum age: an authentication from before is refused; seconds since 1970. */
  authenticatedAfter?: number;
}

/** A callback without a code to redeem, and the reason. */
export interface ReturnedWithoutCode extends ReturnedFlow {
  /** The person cancelled, the identity provider refused, the state expired, or another browser began the sign-in. */
  outcome: "cancelled" | "error" | "expired" | "wrong_browser";
  /** The stable code. */
  code: ErrorCode;
  /** The place, such as the query's `error`. */
  at?: string;
  /** The expected value or form, in words. */
  expected?: string;
  /** The found value or form, in words. */
  got?: string;
}

/**
 * Reads what the login page sent back: state, flow cookie and issuer (RFC 9207) are checked. It needs no request, so the
 * step is always done. The code is not exchanged here: see {@link redeem}.
 * @throws {@link HandstampError} a `state_…` code if the state is not ours
 * @example
 * ```js
 * import { callback, start } from "handstamp/oauth";
 *
 * const shared = "https://campaigns.example/oauth/callback"; // this account has one of its own, …/callback/acme
 * const { done: started } = start({ account, campaignId: "123456", ring, redirectUri: shared });
 * if (!started) throw new Error("the document names the endpoints, so that nothing is asked");
 * const query = signIn(started.location);
 *
 * const cookies = `${started.cookie.name}=${started.cookie.value}`;
 * const { done } = callback({ query, cookies, ring, account, pathAccount: "acme", redirectUri: shared });
 * console.log(done.outcome, done.step); // code identityset
 * const { done: elsewhere } = callback({ query, cookies: "", ring, account, pathAccount: "acme", redirectUri: shared });
 * console.log(elsewhere.outcome); // wrong_browser
 * ```
 */
export function callback(input: CallbackInput): { done: ReturnedCode | ReturnedWithoutCode };

/**
 * Returns the account of a callback's state, so that its document can be loaded first.
 * @throws {@link HandstampError} a `state_…` code if the state is not ours
 * @example
 * ```js
 * import { peekState, start } from "handstamp/oauth";
 *
 * const { done } = start({ account, campaignId: "123456", ring, redirectUri: "https://campaigns.example/oauth/callback" });
 * if (done) console.log(peekState(ring, signIn(done.location)).account); // acme
 * ```
 */
export function peekState(ring: Ring, query: string): { account: string };

/**
 * Returns the place that a callback's state leads back to, whatever else came with it: for a page that leads a person on.
 * @throws {@link HandstampError} a `state_…` code if the state is not ours
 * @example
 * ```js
 * import { peekPlace, start } from "handstamp/oauth";
 *
 * const { done } = start({ account, campaignId: "123456", ring, redirectUri: "https://campaigns.example/oauth/callback" });
 * if (done) console.log(peekPlace(ring, signIn(done.location)).campaignId); // 123456
 * ```
 */
export function peekPlace(ring: Ring, query: string): ReturnedPlace;

/**
 * Checks that the keys of `oauth.decrypt` can be used, of the account or of a campaign with an `oauth` of its own. To be called
 * before a document is stored.
 * @throws {@link HandstampError} `key_…` or `secret_…`, with the place in the document
 * @example
 * ```js
 * import { checkKeys } from "handstamp/oauth";
 *
 * checkKeys({ account, secrets: { OIDC_CLIENT: "the client secret" } }); // it has no such key
 * ```
 */
export function checkKeys(input: { account: AccountDocument; secrets?: AccountSecrets; campaignId?: string }): void;

/** Input of {@link redeem}. */
export interface RedeemInput {
  /** The account, with `oauth`. */
  account: AccountDocument;
  /** The account's secrets by name, in clear. */
  secrets?: AccountSecrets;
  /** The campaign to be admitted to. */
  campaignId: string;
  /** The code, as the callback returned it. */
  code: string;
  /** The PKCE code verifier, as the callback returned it. */
  verifier: string;
  /** The nonce, as the callback returned it. */
  nonce: string;
  /** The redirect URI, as the callback returned it or {@link start} had it. */
  redirectUri: string;
  /** As the callback returned it: an authentication from before is refused with `auth_time_too_old`. */
  authenticatedAfter?: number;
  /** Id of the sign-in, for the record. */
  sid?: string;
  /** True to get the verified claims too, which are personal data. Default false. */
  claims?: boolean;
  /**
   * True to leave a profile API (`profileFrom: "api"`) for later where the ID token says who it is: see {@link fetchProfile}.
   * Default false: it is asked at once, and the sign-in fails where it does not answer.
   */
  deferProfile?: boolean;
  /** The time; default now. */
  now?: Moment;
  /** True if the host can {@link compute}. Default false: a token in ES384 or ES512 is refused with `sync_unsupported`. */
  webCrypto?: boolean;
}

/** A sign-in that has ended in an admission. */
export interface Redeemed {
  /** The admission: decision, prefill and warnings. */
  admission: Admission;
  /** The person, as the identity provider names them. */
  subject: string;
  /** The issuer, in whose namespace the subject is unique. */
  namespace: string;
  /** Id of this sign-in, for the record. */
  pid: string;
  /** The profile that was left for later (`deferProfile`). */
  owed?: OwedProfile;
  /** How the ID token was signed, else the first other verified token; `issuedAt` in seconds since 1970. For the log. */
  signature?: { alg: string; kid?: string; issuedAt?: number };
  /** The claims, if the input asks for them. */
  claims?: RedeemedClaims;
}

/** The claims of a sign-in. Each was checked: the ID token by its signature, the profile by its subject, which is the ID token's. */
export interface RedeemedClaims {
  /** All claims of the ID token; missing if the identity provider gave none. */
  idToken?: StandardClaims & Record<string, unknown>;
  /** The profile from the account's `profileFrom`: userinfo, ID token, access token or API; empty if it was left for later. */
  profile: Record<string, unknown>;
}

/**
 * Exchanges the code (RFC 6749 section 4.1.3), verifies the ID token (OpenID Connect Core section 3.1.3.7), reads the
 * profile, and admits. The code is sent once: never repeat a finished flow.
 * @throws {@link HandstampError} `exchange_…`, `id_token_…`, `nonce_mismatch`, `profile_…`, `response_…` and other codes
 * @example
 * ```js
 * import { callback, redeem, start } from "handstamp/oauth";
 *
 * const shared = "https://campaigns.example/oauth/callback"; // this account has one of its own, …/callback/acme
 * const { done: started } = start({ account, campaignId: "123456", ring, redirectUri: shared });
 * if (!started) throw new Error("the document names the endpoints, so that nothing is asked");
 * const query = signIn(started.location);
 * const cookies = `${started.cookie.name}=${started.cookie.value}`;
 * const { done: back } = callback({ query, cookies, ring, account, pathAccount: "acme", redirectUri: shared });
 * if (back.outcome !== "code") throw new Error(back.code);
 *
 * const { code, verifier, nonce, redirectUri = shared } = back;
 * let step = redeem({ account, secrets, campaignId: "123456", code, verifier, nonce, redirectUri });
 * while (step.request) step = redeem(step.resume, await perform(step.request));
 * const { admission, subject } = step.done;
 * console.log(subject, admission.decision, admission.prefill.form.firstname); // 1234 allowed Zoë
 * ```
 */
export function redeem(input: ComputingInput): ComputingStep<Redeemed, ComputingInput>;
export function redeem(resume: Resume<ComputingInput>, answer: Answer | Computed): ComputingStep<Redeemed, ComputingInput>;
export function redeem(input: RedeemInput): Step<Redeemed, RedeemInput>;
export function redeem(resume: Resume<RedeemInput>, answer: Answer): Step<Redeemed, RedeemInput>;

/** Input of {@link redeem} from a host with WebCrypto. */
export type ComputingInput = RedeemInput & { webCrypto: true };

/** A profile that a sign-in left for later. Give its first two members to {@link issuePass} beside the admission's. */
export interface OwedProfile {
  /** The access token for the profile API. Keep it secret: it is the participant's. */
  needsProfile: { accessToken: string };
  /** True if locked or hidden fields, values for texts or a limit come from the profile, so that nothing should be recorded without it. */
  profileBinds?: true;
}

/** Input of {@link fetchProfile}. */
export interface ProfileInput {
  /** The account, with `oauth` and `profileApi`. */
  account: AccountDocument;
  /** The account's secrets by name, in clear. */
  secrets?: AccountSecrets;
  /** The campaign that the person was admitted to. */
  campaignId: string;
  /** The access token, as {@link redeem} returned it in `owed`. */
  accessToken: string;
  /** The person, as {@link redeem} returned it. */
  subject: string;
  /** The time; default now. */
  now?: Moment;
  /** True if the host can {@link compute}. Default false. */
  webCrypto?: boolean;
}

/**
 * Fetches the profile that {@link redeem} left for later. If it cannot be fetched, the sign-in stands.
 * @throws {@link HandstampError} `profile_…`, `response_…` and other codes; `profile_refused` if the API refuses the access token
 * @example
 * ```js
 * import { callback, complete, fetchProfile, redeem, start } from "handstamp/oauth";
 *
 * const withApi = { ...account, oauth: { ...account.oauth, profileFrom: "api" }, profileApi: { url: "https://api.acme.example/me" } };
 * const { done: started } = start({ account: withApi, campaignId: "123456", ring, redirectUri: "https://campaigns.example/oauth/callback" });
 * if (!started) throw new Error("the document names the endpoints, so that nothing is asked");
 * const { done: back } = callback({
 *   query: signIn(started.location), cookies: `${started.cookie.name}=${started.cookie.value}`,
 *   ring, account: withApi, pathAccount: "acme", redirectUri: "https://campaigns.example/oauth/callback",
 * });
 * if (back.outcome !== "code") throw new Error(back.code);
 *
 * const { code, verifier, nonce, redirectUri = "" } = back;
 * let step = redeem({ account: withApi, secrets, campaignId: "123456", code, verifier, nonce, redirectUri, deferProfile: true });
 * while (step.request) step = redeem(step.resume, await perform(step.request));
 * const { admission, owed, subject, namespace, pid } = step.done;
 * if (!owed) throw new Error("the ID token says who it is");
 *
 * let next = fetchProfile({ account: withApi, secrets, campaignId: "123456", subject, accessToken: owed.needsProfile.accessToken });
 * while (next.request) next = fetchProfile(next.resume, await perform(next.request));
 * const whole = complete({ account: withApi, campaignId: "123456", admission: { ...admission, provenance: { namespace, pid } }, profile: next.done });
 * console.log(subject, whole.prefill.form.firstname); // 1234 Zoë
 * ```
 */
export function fetchProfile(input: ProfileInput & { webCrypto: true }): ComputingStep<Record<string, unknown>, ProfileInput & { webCrypto: true }>;
export function fetchProfile(
  resume: Resume<ProfileInput & { webCrypto: true }>,
  answer: Answer | Computed,
): ComputingStep<Record<string, unknown>, ProfileInput & { webCrypto: true }>;
export function fetchProfile(input: ProfileInput): Step<Record<string, unknown>, ProfileInput>;
export function fetchProfile(resume: Resume<ProfileInput>, answer: Answer): Step<Record<string, unknown>, ProfileInput>;

/**
 * Completes the admission of a sign-in with the profile that was fetched for it.
 * @throws {@link HandstampError} `profile_limit_invalid` for a limit in the profile that is not valid
 * @example
 * ```js
 * import { complete } from "handstamp/oauth";
 *
 * const prefill = { form: {}, optin: {}, locked: [], ignored: [] };
 * const whole = complete({
 *   account,
 *   campaignId: "123456",
 *   admission: {
 *     subject: "1234", campaignId: "123456", expiresAt: null, decision: "allowed", prefill, warnings: [],
 *     provenance: { namespace: "https://id.acme.example", pid: "a-sign-in" },
 *   },
 *   profile: { given_name: "Zoë" },
 * });
 * console.log(whole.prefill.form.firstname); // Zoë
 * ```
 */
export function complete(input: { account: AccountDocument; campaignId: string; admission: Admission & { provenance?: Provenance }; profile: Record<string, unknown> }): Admission;

/** The use of a sealed value. Each is refused in each other's place. */
export type Purpose = "state" | "pass" | "secret" | "document" | "flow";

/**
 * Seals a value for one purpose and account: AES-256-GCM under a key that HKDF-SHA-256 derives from the ring's active key
 * and a fresh salt.
 * @param value plain data, as JSON holds it
 * @throws {@link HandstampError} `settings_invalid` for another purpose or a ring without exactly one active key
 * @example
 * ```js
 * import { open, seal } from "handstamp/oauth";
 *
 * const sealed = seal("flow", ring, "acme", { step: "form" });
 * console.log(open("flow", ring, "acme", sealed).step); // form
 * ```
 */
export function seal(purpose: Purpose, ring: Ring, account: string, value: unknown): string;

/**
 * Opens what {@link seal} made with the same purpose, ring and account.
 * @throws {@link HandstampError} `seal_invalid`, `seal_key_unknown`
 * @example
 * ```js
 * import { HandstampError, open, seal } from "handstamp/oauth";
 *
 * try {
 *   open("secret", ring, "acme", seal("flow", ring, "acme", "a value"));
 * } catch (error) {
 *   if (error instanceof HandstampError) console.log(error.code); // seal_invalid
 * }
 * ```
 */
export function open(purpose: Purpose, ring: Ring, account: string, sealed: string): any;

/**
 * Seals a state of the host's own making; {@link start} seals the one of a sign-in.
 * @throws {@link HandstampError} as {@link seal}
 * @example
 * ```js
 * import { openState, sealState } from "handstamp/oauth";
 *
 * const state = sealState(ring, { account: "acme", page: "/game" });
 * console.log(openState(ring, state).page); // /game
 * ```
 */
export function sealState(ring: Ring, state: unknown): string;

/**
 * Opens what {@link sealState} made.
 * @throws {@link HandstampError} as {@link open}
 * @example
 * ```js
 * import { openState, sealState } from "handstamp/oauth";
 *
 * console.log(openState(ring, sealState(ring, { account: "acme" })).account); // acme
 * ```
 */
export function openState(ring: Ring, sealed: string): any;

/**
 * Returns the ticket of a sign-in, `sid.secret`, to be put into the fragment of the campaign's URL: the secret is a keyed
 * hash of the id, so that every delivery of one sign-in has the same ticket.
 * @throws {@link HandstampError} `settings_invalid` for a text that is not the `sid` of a sign-in
 * @example
 * ```js
 * import { issueTicket } from "handstamp/oauth";
 *
 * console.log(issueTicket(ring, "c2lnbi1pbi1uby4x").length); // 60
 * ```
 */
export function issueTicket(ring: Ring, sid: string): string;

/**
 * Returns the id of the sign-in that a ticket belongs to. Any key of the ring opens it.
 * @throws {@link HandstampError} `ticket_unknown` for every other text
 * @example
 * ```js
 * import { issueTicket, openTicket } from "handstamp/oauth";
 *
 * const { sid } = openTicket(ring, issueTicket(ring, "c2lnbi1pbi1uby4x"));
 * console.log(sid); // c2lnbi1pbi1uby4x
 * ```
 */
export function openTicket(ring: Ring, ticket: string): { sid: string };

/** The content of a pass, the sealed proof of an admission: see {@link issuePass}. Members that the host adds stay in it. */
export interface Pass {
  /** Name of the account. */
  account: string;
  /** The campaign. */
  campaignId: string;
  /** The person, as the issuer names them. */
  subject: string;
  /** The issuer, in whose namespace the subject is unique. */
  namespace?: string;
  /** How the person came in. */
  technique: "token" | "oauth" | "anonymous";
  /** The limit that was judged. */
  limit?: { nb?: number; canPlay?: boolean };
  /** The token's gift. */
  gift?: object;
  /** The token's own data. */
  custom?: object;
  /** Values that count in place of the submitted ones. */
  locked?: Record<string, string | boolean>;
  /** Id of the token or sign-in: without `limit.nb`, it records once. */
  pid: string;
  /** The token's own id. */
  jti?: string;
  /** The names of the key that verified the token: see {@link Provenance.keyNames}. */
  keyNames?: string[];
  /** When the token was signed (`iat`), in seconds since 1970. */
  signedAt?: number;
  /** Set if the pass waits for a profile that locks fields or sets a limit: record nothing before it is there. */
  profile?: "pending";
  /** When the pass was issued, in seconds since 1970. */
  issuedAt: number;
  /** When it ends, in seconds since 1970: two hours later, or as a preview says. */
  expiresAt: number;
  /**
   * Set if the pass is good for trying the campaign out and nothing else: `true` where the page asked for it, else the admission
   * that {@link issuePreview} was made for.
   */
  preview?: true | (Omit<Admission, "provenance"> & Pick<PreviewTerms, "refusal" | "draft">);
  /** Members that the host adds. */
  [added: string]: unknown;
}

/** The campaign's part of {@link issuePass}. */
export interface PassTerms {
  /** The account. */
  account: string;
  /** How the person was admitted. */
  technique: Pass["technique"];
  /** `off` if the campaign keeps no limit: the pass then has none. Default `on`. */
  limits?: "on" | "off";
  /** The time; default now. */
  now?: Moment;
}

/**
 * Issues the pass of an admission, sealed for its account. It is valid for two hours, however long the token is.
 * @param admission the admission, with its `provenance`
 * @throws {@link HandstampError} the code of the reason for an admission that is refused
 * @example
 * ```js
 * import { createVerifier } from "handstamp";
 * import { issuePass, openPass } from "handstamp/oauth";
 *
 * const verifier = await createVerifier({ verify: { method: "symmetricKey", key: secret, encoding: "utf8", alg: "HS256" } });
 * const admission = await verifier.admit(token, { campaignId: "123456" });
 * const sealed = issuePass(ring, admission, { account: "acme", technique: "token" });
 * console.log(openPass(ring, "acme", sealed).subject); // 1234
 * ```
 */
export function issuePass(ring: Ring, admission: Admission, terms: PassTerms): string;

/** What a preview shows: see {@link issuePreview}. */
export interface PreviewTerms {
  /** The account's document, in normal form. */
  account: object;
  /** The campaign. */
  campaignId: string;
  /** The person, as a token would name them; without one it is a visitor without a name. */
  subject?: string;
  /** The claims that a token of this person would have, such as `form`, `custom`, `gift` and `limit`; at most 2 KiB. */
  claims?: object;
  /** How often the person has taken part before; default 0. */
  participations?: number;
  /** The code of a refusal that the page shows; default none. */
  refusal?: string;
  /** True if the document has the draft of the campaign in its place; default false. */
  draft?: boolean;
  /** The life of the pass, 60 seconds to 30 days; default 24 hours. */
  expiresIn?: number;
  /** A random id; default a new one. */
  id?: string;
  /** The time; default now. */
  now?: Moment;
}

/**
 * Issues the pass of a preview, sealed for its account: with it a campaign can be tried out, and nothing is recorded. A limit
 * that refuses the person is part of what the page shows.
 * @throws {@link HandstampError} `campaign_unknown`; `settings_invalid` and the codes of claims, with their place
 * @example
 * ```js
 * import { issuePreview, openPass } from "handstamp/oauth";
 *
 * const account = { account: "acme", campaigns: { 123456: { signIn: ["token"], fields: [], optins: [] } } };
 * const sealed = issuePreview(ring, { account, campaignId: "123456", subject: "1234", expiresIn: 3600 });
 * const { preview } = openPass(ring, "acme", sealed);
 * console.log(preview !== true && preview?.decision); // allowed
 * ```
 */
export function issuePreview(ring: Ring, preview: PreviewTerms): string;

/**
 * Makes a pass of this account one of a preview, for a page that asks for it: nothing may be recorded with it any more, and
 * there is no way back. Members that the host has added are not kept.
 * @throws {@link HandstampError} `pass_missing`, `pass_invalid`, `seal_key_unknown`
 * @example
 * ```js
 * import { asPreview, issuePreview, openPass } from "handstamp/oauth";
 *
 * const account = { account: "acme", campaigns: { 123456: { signIn: ["anonymous"], fields: [], optins: [] } } };
 * const sealed = asPreview(ring, "acme", issuePreview(ring, { account, campaignId: "123456" }));
 * console.log(openPass(ring, "acme", sealed).technique); // anonymous
 * ```
 */
export function asPreview(ring: Ring, account: string, sealed: string): string;

/**
 * Seals a pass for its account: one that {@link openPass} has opened, with what the host adds to it.
 * @throws {@link HandstampError} `settings_invalid` if it is not a pass
 * @example
 * ```js
 * import { openPass, sealPass } from "handstamp/oauth";
 *
 * const issuedAt = Math.floor(Date.now() / 1000);
 * const sealed = sealPass(ring, {
 *   account: "acme", campaignId: "123456", subject: "1234", technique: "token", pid: "the token's id",
 *   issuedAt, expiresAt: issuedAt + 7200,
 * });
 * console.log(openPass(ring, "acme", sealed).subject); // 1234
 * ```
 */
export function sealPass(ring: Ring, pass: Pass): string;

/**
 * Opens a pass of this account.
 * @param options `now`: the time, default now. `expired: true` opens an expired pass too: a repeated submission is
 * answered before the expiry is checked
 * @throws {@link HandstampError} `pass_missing`, `pass_invalid`, `pass_expired`, `seal_key_unknown`
 * @example
 * ```js
 * import { HandstampError, openPass } from "handstamp/oauth";
 *
 * try {
 *   openPass(ring, "acme", "");
 * } catch (error) {
 *   if (error instanceof HandstampError) console.log(error.code); // pass_missing
 * }
 * ```
 */
export function openPass(ring: Ring, account: string, sealed: string, options?: { now?: Moment; expired?: boolean }): Pass;

/** The memory of a fetched document, which the host keeps. Plain data; only `text` is of interest outside. */
export interface CacheEntry {
  /** The document, if there is a good copy. */
  text?: string;
  /** Until when `text` needs no newer copy; seconds since 1970. */
  freshUntil: number;
  /** The machine's own memory: keep it as it is. */
  [member: string]: unknown;
}

/** An event in the life of a fetched document. */
export type CacheEvent =
  /** The document is needed. */
  | { type: "need" }
  /** It was used and does not know a key: a newer copy at most every 30 seconds. */
  | { type: "refresh" }
  /** It was used, and nothing but a signature is wrong: a newer copy at most every five minutes. */
  | { type: "doubt" }
  /** Somebody tests the server itself: it is always asked. */
  | { type: "test" }
  /** A call that fetches nothing wants the document. */
  | { type: "use" }
  /** An answer came. Metadata that do not name `issuer` count as a failure. */
  | { type: "fetched"; purpose: "keySet" | "discovery"; status: number; contentType: string; body: string; cacheControl?: string; issuer?: string }
  /** No answer came. */
  | { type: "failed" };

/**
 * Decides when a fetched key set or metadata document is used, fetched again, or given up: fresh for 1 to 60 minutes, as
 * `cache-control` says (default 10), and the last good copy for a day if the server fails. A pure machine.
 * @example
 * ```js
 * import { keySet } from "handstamp/oauth";
 *
 * let { decision, cache } = keySet.next(null, { type: "need" });
 * console.log(decision); // fetch
 * const body = JSON.stringify({ keys: [keys.public] });
 * const answer = { status: 200, contentType: "application/json", body };
 * ({ decision, cache } = keySet.next(cache, { type: "fetched", purpose: "keySet", ...answer }));
 * console.log(decision, cache.text === body); // use true
 * console.log(keySet.judge(body).usable); // 1
 * ```
 */
export const keySet: {
  /** Takes the entry so far (`null` at first), an event and the time (default now); returns what to do and the next entry. */
  next(
    cache: CacheEntry | null,
    event: CacheEvent,
    now?: Moment,
  ): { decision: "use" | "fetch" | "refuse"; cache: CacheEntry };
  /**
   * Judges the text of a published key set: how many keys can be used for the algorithms that the issuer says it signs with
   * (`id_token_signing_alg_values_supported`), why none can, and every fault. Where all of them take a shared secret, no key
   * is needed; where one does, a set without any key is not refused.
   */
  judge(text: string, algs?: readonly string[] | null): KeySetJudgement;
};

/** What a published key set is good for. */
export interface KeySetJudgement {
  /** False if every algorithm of the issuer takes a shared secret. */
  needed: boolean;
  /** The number of keys that can be used. */
  usable: number;
  /** Why no key can be used, if one is needed. */
  refusal?: KeyFault;
  /** Every key that cannot be used, and why. */
  faults: KeyFault[];
}

/** The fault of a published key or key set. */
export interface KeyFault {
  /** The stable code. */
  code: ErrorCode;
  /** The place in the set, such as `/keys/0/use`. */
  at?: string;
  /** The expected value, in words. */
  expected?: string;
  /** The found value, in words, with the name of the key. */
  got?: string;
  /** The one who can fix it. */
  fix: "issuer" | "settings" | "service" | "participant";
}
