// The shapes that travel between the files of the worker. No code, only names.

import type { Account } from "./objects/account/account.js";
import type { Answers } from "./objects/account/answers.js";
import type { Counter } from "./objects/participant/counter.js";
import type { Draft } from "./objects/participant/draft.js";
import type { KeySet } from "./objects/sign_in/key_set.js";
import type { Profile } from "./objects/participant/profile.js";
import type { Login } from "./objects/sign_in/login.js";
import type { Metrics } from "./objects/metrics.js";
import type { Participant } from "./objects/participant/participant.js";
import type { Person } from "./objects/participant/person.js";
import type { Pass as CorePass, Request as CoreStepRequest, ReturnedCode, ReturnedWithoutCode, Ring } from "../../pkg/dist/oauth.js";
import type { Admission as CoreAdmission, StoredSecret } from "./platform/handstamp.js";
import type { Configuration } from "./platform/configuration.js";
import type { Trace } from "./platform/trace.js";
import type { GenericSchema, InferOutput, ObjectSchema, StrictObjectSchema } from "./platform/valibot.js";
import type { Body } from "./http/body.js";

export type { Ring };
/** again: when somebody whom the calendar refuses may come again. */
export type Admission = CoreAdmission & { again?: string };
/** A request of the core, or one of ours: for a key set, which may be in doubt, or by somebody who looks at the server itself. */
export type CoreRequest = Omit<CoreStepRequest, "timeout" | "bytes"> & { timeout?: number; bytes?: number; doubt?: boolean; test?: boolean };
export type Returned = ReturnedCode | ReturnedWithoutCode;

/** The bindings of `wrangler.jsonc`. */
export interface Env {
  ACCOUNT: DurableObjectNamespace<Account & Answers>;
  PARTICIPANT: DurableObjectNamespace<Participant>;
  PERSON: DurableObjectNamespace<Person>;
  LOGIN: DurableObjectNamespace<Login>;
  DRAFT: DurableObjectNamespace<Draft>;
  KEY_SET: DurableObjectNamespace<KeySet>;
  METRICS: DurableObjectNamespace<Metrics>;
  PROFILE: DurableObjectNamespace<Profile>;
  COUNTER: DurableObjectNamespace<Counter>;
  STATISTICS: D1Database;
  OUTBOX: Queue<OutboxMessage>;
  ASSETS: Fetcher;
  /** Not there on plain workerd. */
  LIMIT_CALLER?: RateLimit;
  LIMIT_ACCOUNT?: RateLimit;
  LIMIT_STRANGERS?: RateLimit;
  ENVIRONMENT: string;
  PUBLIC_URL: string;
  RING: string;
  NAME_KEY: string;
  SIGNING_KEY: string;
  OPERATOR: string;
  DEMO_URL?: string;
  /** Origin of the console, apart from the campaigns'. */
  CONSOLE_URL?: string;
  TEST_CHALLENGE_URL?: string;
  /** `eu`: every object is made and kept there. */
  JURISDICTION?: string;
  /** `workerd` where the worker runs without the platform: no database, no queue. */
  HOST?: string;
}

/** What a handler is given. */
export interface Context {
  request: Request;
  url: URL;
  env: Env;
  config: Configuration;
  /** Named parts of the path. */
  params: Record<string, string>;
  /** What the request asks, once it fits the schemas of its route. */
  query?: unknown;
  body?: unknown;
  /** Whose access token it came with, or whose session, where the route asks for a scope. */
  grant?: Grant;
  /** Name of the operation, as the audit list of an account has it. */
  action?: string;
  /** Milliseconds; read once, so that one request has one time. */
  now: number;
  /** Joins this request with what it causes elsewhere. */
  trace: Trace;
  /** What the log line will say besides the defaults: names, codes and counts only. */
  facts: Record<string, string | number | boolean>;
  /** Lets work go on after the answer. */
  waitUntil(work: Promise<unknown>): void;
}

/** What somebody may do, and who it is. */
export interface Grant {
  account: string;
  scope: string[];
  actor: { kind: "client" | "operator" | "person"; id: string };
  /** Of a person: their role, and whether they have used their passkey just now. */
  person?: { role: string; recent: boolean };
}

export type Handler = (context: Context) => Response | Promise<Response>;

/** The context of a handler whose route has these schemas. */
export type Asked<Body extends GenericSchema | undefined = undefined, Query extends GenericSchema | undefined = undefined> = Context & {
  body: Body extends GenericSchema ? InferOutput<Body> : unknown;
  query: Query extends GenericSchema ? InferOutput<Query> : unknown;
};

/** What a route may answer with one status. */
export interface Given {
  says: string;
  /** Nothing without. */
  type?: string;
  schema?: GenericSchema;
  /** Another media type, which no schema describes. */
  also?: string;
}

/** A row of the route table: everything that is decided about one method of one path. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  handler: (context: any) => Response | Promise<Response>;
  /** Name of the operation in the API's description; without one it is not described. */
  id?: string;
  tag?: string;
  does: string;
  /** For whom, where no scope says it. */
  audience: string;
  /** Flow and step of the decision line. */
  line: [flow: string, step: string];
  /** Name of the limit, which is for an account and every route that names it; or why there is none. */
  limit: string | { none: string };
  /** Whose limit it is, where no member named `account` says it. */
  accountOf?: (context: Context, asked: Record<string, any>) => string | undefined;
  scope?: string;
  /** Its access token must be of an operator. */
  forOperators?: true;
  /** Needs no access token in development. */
  openInDevelopment?: true;
  /** Other ways in than an access token, for the description. */
  security?: object[];
  /** Only the console's own pages may call it, at the console's own origin. */
  console?: true;
  /** Only our own pages may call it from a browser. */
  ownPage?: true;
  /** A person looks at the answer, so that a refusal is a page, and other parameters are nobody's business. */
  page?: true;
  /** The route reads the database of the statistics. */
  statistics?: true;
  /** Answers whatever the settings are like. */
  always?: true;
  headers?: Record<string, object>;
  query?: ObjectSchema<any, any> | StrictObjectSchema<any, any>;
  body?: Body;
  gives: Record<number, Given>;
  /** Statuses of refusals beside those that follow from the row. */
  refuses?: number[];
}

/** Where a page of a refusal leads on to. */
export interface WayOn {
  url: string;
  to: "campaign" | "site";
}

/** What the page in a frame says to the tag: the code of its event, and the sentence to act on. */
export interface ToTag {
  code: "E_ORIGIN" | "E_CAMPAIGN" | "E_ACCOUNT";
  says: string;
}

/** A refusal as plain data: the only form in which one crosses from an object to the worker. */
export interface Cause {
  code: string;
  at?: string;
  expected?: string;
  got?: string;
  /** Who can fix it, where the catalogue names another. */
  fix?: string;
}

export type Field = {
  name: string;
  type: "text" | "email" | "tel" | "date" | "country" | "checkbox" | "select" | "number" | "hidden";
  required?: boolean;
  label?: Record<string, string>;
  choices?: Choice[];
  min?: number;
  max?: number;
};

export type Optin = {
  name: string;
  required?: boolean;
  wording?: Record<string, string>;
  links?: Record<string, { text: Record<string, string>; url: string | Record<string, string> }>;
};

export type Choice = { id: string; text?: Record<string, string> };

export interface Question {
  id: string;
  text?: Record<string, string>;
  choices?: Choice[];
  /** Id of the right choice. */
  right?: string;
}

export interface ProfileApi {
  url: string;
  answer?: "json" | "jwt" | "access_token";
  object?: string;
  subject?: string;
  headers?: Record<string, string | { secret: string }>;
}

export type OAuthSettings = Record<string, unknown> & { redirectUri?: "account" | "campaign" | "shared" };

export interface Campaign {
  title?: Record<string, string>;
  signIn: ("token" | "oauth" | "anonymous")[];
  login: "button" | "redirect" | "popup";
  form: "show" | "submit";
  limits: "on" | "off";
  /** The campaign's own limits; none in a document that was stored before there were any. */
  limit?: { total?: number; day?: number; week?: number; unstated?: number };
  /** Times of its period: of the clocks of `timeZone`, or with `Z` or an offset. */
  starts?: string;
  ends?: string;
  timeZone?: string;
  /** It takes nobody any more; what was recorded stays. */
  archived?: boolean;
  /** In the place of the account's. */
  oauth?: OAuthSettings;
  profileApi?: ProfileApi;
  mapping?: Record<string, unknown>;
  /** Most participations of all people. */
  cap?: number;
  questions?: Question[];
  fields: Field[];
  optins: Optin[];
  texts?: Record<string, Record<string, string>>;
  /** The facts that are recorded beside the form. */
  record: string[];
  retentionDays?: number;
  languages?: string[];
  brand?: { color?: string; darkColor?: string; name?: string; logo?: string };
  exit?: { url?: string | Record<string, string>; share?: string | Record<string, string> };
}

/** An account document after `parseAccount`: defaults filled in. */
export interface AccountDocument {
  account: string;
  origins: string[];
  /** Of pages on which campaigns are only tried out; absent in a document that was stored before there were any. */
  testOrigins?: string[];
  secureToken?: Record<string, unknown>;
  profileApi?: ProfileApi;
  oauth?: OAuthSettings;
  mapping?: Record<string, unknown>;
  webhook?: { url: string; secret: { secret: string }; authorization?: { secret: string }; warnings?: boolean };
  sameSubjects?: boolean;
  challenge?: { siteKey: string; secret: { secret: string } };
  campaigns: Record<string, Campaign>;
}

/** What an account's object answers: the document and the wrapped secrets. */
export interface AccountRecord {
  /** Grows with every change of the document or of a secret. */
  revision: number;
  /** Grows with every change of the document. */
  version: number;
  document: AccountDocument;
  /** Wrapped. */
  secrets: Record<string, string>;
  /** Marks of the keys that were revoked and have not come back. */
  revoked: string[];
}

/** A secret of an account, in clear, and what it may be used for. */
export type Secret = StoredSecret;

/** A pass of the core. One of the previous release has the marks of the key source that vouched for its person. */
export type Pass = CorePass & { keys?: string[] };

export interface DraftRecord {
  account: string;
  campaignId: string;
  step: string;
  lang?: string;
  answers?: Record<string, unknown>;
  host?: { path?: string; scroll?: number; fragment?: string };
  /** What the frame wants back after a reload where the browser denies it storage. */
  pass?: string;
  admission?: Record<string, unknown>;
  session?: Record<string, unknown>;
  /** The frame's own words for where it was: question, typed values, submission under way. */
  session?: Record<string, unknown>;
}

/** What the callback leaves behind under a ticket. */
export interface LoginRecord {
  outcome: "code" | "error" | "cancelled" | "expired" | "wrong_browser";
  /** Why, for every outcome but `code`. */
  cause?: Cause;
  account: string;
  campaignId: string;
  sid: string;
  step: string;
  lang?: string;
  /** Hash of the proof that may redeem the ticket; absent for a flow of the top-level campaign. */
  bind?: string;
  /** Hash of the flow cookie that may redeem it where there is no `bind`. */
  flow?: string;
  /** Begun on a page of a test origin: it brings the pass of a preview and no other. */
  preview?: boolean;
  /** What the exchange needs; only with outcome `code`. */
  exchange?: Pick<ReturnedCode, "code" | "verifier" | "nonce" | "authenticatedAfter"> & { redirectUri: string };
}

export interface Submission {
  id: string;
  at: number;
  /** When it must be gone. */
  until: number;
  /** Only tried out, by a release that kept previews for a day. */
  preview?: true;
  account: string;
  campaignId: string;
  technique: string;
  form: Record<string, string>;
  optin: Record<string, { given: boolean; at: number; wording: string }>;
  answers: Record<string, unknown>;
  gift?: { label?: string; cw?: boolean };
  /** The person as the issuer names them, and that issuer; these and what follows only as the campaign's `record` says. */
  subject?: string;
  namespace?: string;
  custom?: object;
  /** The limit that governed, and the participations with this one. */
  limit?: { nb?: number; canPlay?: boolean; count: number };
  source?: { kind: "tag" | "minisite" | "link" | "app"; origin?: string; path?: string };
  language?: string;
  /** Seconds. */
  duration?: number;
  step?: string;
}

/** What the queue carries from a participant's object to the statistics. */
export interface OutboxMessage {
  /** Hexadecimal id of the participant's object: where the receipt is confirmed, and who is counted. */
  object: string;
  /** That of the object that counts the campaign's places, where it has a cap. */
  counter: string | null;
  submission: Submission;
}

/** What came of a request of the core. `cacheControl` is for the freshness of a key set alone, `authenticate` (RFC 9110 section 11.6.1) for the trial of a connection. */
export type CoreAnswer =
  | { status: number; contentType: string; body: string; cacheControl?: string; authenticate?: string; failed?: undefined }
  | { failed: "timeout" | "too_large" | "redirected" | "refused" | "encoding" | "busy" | "network" };
