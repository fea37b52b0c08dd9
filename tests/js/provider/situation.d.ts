// A situation that a login server can be in, as data and small functions. What is not named is as it should be.

import type { SigningKey } from "./keys.mjs";
import type { Fault } from "./faults.mjs";

type Claims = Record<string, unknown>;
type Patch = Record<string, unknown>;

export interface Situation {
  /** Also the account's name, and the path of the issuer. */
  name: string;
  /** Where it comes from: a module of the OpenID Foundation's suite for relying parties, or a case of ours. */
  from: string;
  /** `allowed`, or the code that the account finds under the ref. */
  expected: string;
  /** What else the account is told, where that matters. */
  got?: RegExp;
  /** The owner of the fix, where that matters. */
  fix?: string;
  /** The expected value that the account is told, where that matters. */
  detail?: RegExp;
  /** How many people sign in one after the other; the last one counts. */
  visits?: number;
  /** What the form is prefilled with. */
  prefill?: Record<string, string>;
  /** How often endpoints are asked at most, by name; the token endpoint always once a visit. */
  requests?: Record<string, number>;

  /** On top of the account's usual `oauth` settings. */
  oauth?: Patch | ((issuer: string) => Patch);
  /** Secrets of the account, by name. */
  secrets?: Record<string, string>;
  /** On top of the account document. */
  document?: (issuer: string) => Patch;
  /** Further paths below the issuer, and the endpoint that answers there. */
  paths?: Record<string, string>;
  /** Endpoints that take one method only. */
  methods?: Record<string, string>;
  /** Endpoints that do not answer as they should. */
  faults?: Record<string, Fault>;

  /** Further parameters of the start. */
  start?: Record<string, string>;
  /** Media types of good answers, by endpoint. */
  types?: Record<string, string>;
  /** On top of the answer to a pushed request. */
  pushed?: Patch;
  /** What must have been asked of the authorization endpoint. */
  authorized?: Record<string, string>;

  /** Whether it refuses PKCE. */
  withoutPkce?: true;
  /** The hash behind `at_hash`, where it is not that of the algorithm. */
  atHash?: "SHA-256" | "SHA-512";
  /** On top of the metadata, at each request; nothing where the metadata are only looked at. */
  metadata?(issuer: string, request?: number): Patch;
  /** The bytes of the userinfo endpoint's answer. */
  encode?(text: string): Uint8Array;
  /** On top of the parameters that go back to us; `null` takes one away. */
  authorization?(issuer: string): Record<string, string | null>;
  /** How long endpoints think, milliseconds. */
  slow?: Record<string, number>;
  /** Parameters that go back to us more than once. */
  authorizeTwice?: Record<string, string[]>;
  /** Who may exchange a code. */
  isClient?(form: URLSearchParams, authorization: string | undefined, issuer: string): boolean | Promise<boolean>;
  /** The name of the key that signs. */
  signWith?(visit: number): string;
  /** The keys that are published, at each request. */
  keySet?(request: number, query: URLSearchParams): unknown[];
  /** On top of the ID token's claims; `undefined` takes one away. */
  idToken?(claims: Claims, issuer: string): Claims;
  /** On top of the ID token's header; `null` takes a member away. */
  header?: Patch;
  /** The whole ID token. */
  makeIdToken?(claims: Claims): string | Promise<string>;
  /** The whole access token. */
  accessToken?(issuer: string, key: SigningKey): string | Promise<string>;
  /** On top of the token endpoint's answer. */
  tokens?: Patch;
  /** On top of what is known of the person. */
  userinfo?: Patch;
  /** Another access token for the one of the token endpoint. */
  swap?(issuer: string): Promise<string>;
  /** The userinfo answer as a token. */
  signUserinfo?(profile: Claims, issuer: string): Promise<string>;
}
