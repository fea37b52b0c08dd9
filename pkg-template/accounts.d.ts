/**
 * Account documents, submitted forms, and participations in a campaign: everything of `handstamp` and what a deployment with
 * accounts needs beside it. `handstamp/oauth` runs on the same module, which has more in it than the one of `handstamp`.
 *
 * The examples of this file run in the tests, with the values that those of `handstamp` take as given.
 */

import type { Admission, ErrorCode, Fields, Limit, TokenSettings, Warning } from "./index.js";

/** Everything of `handstamp`. */
export * from "./index.js";

/** A place of a document, and the fault there. */
export interface Fault {
  /** The place: a JSON Pointer (RFC 6901). */
  path: string;
  /** The stable code. */
  code: ErrorCode;
  /** The fault, in a sentence. */
  message: string;
  /** Why a setting of a campaign is not valid, in one word that stays the same, such as `number`: for pages in other languages. */
  reason?: string;
  /** The values of the reason by name, such as `least` and `most`. */
  values?: Record<string, string>;
}

/**
 * Checks an account document: returns the document in normal form with every default, or every fault at once.
 * @example
 * ```js
 * import { parseAccount } from "handstamp/account";
 *
 * const { faults } = parseAccount({ account: "acme", origin: ["https://www.acme.example"] });
 * console.log(faults?.[0]?.path, faults?.[0]?.code); // /origin settings_unknown
 * ```
 */
export function parseAccount(
  document: string | import("./account.js").AccountDocument | object,
  options?: {
    /** True to accept URLs of plain `http` on this machine, and secrets that stand in the document. Default false. */
    development?: boolean;
    /** The origin that serves the campaigns, such as `https://campaigns.example`: no URL of the document may lead there. */
    ownOrigin?: string;
  },
): { account: import("./account.js").AccountDocument & Record<string, any>; warnings: Warning[]; faults?: undefined } | { faults: Fault[]; account?: undefined };

/**
 * Reads a document in normal form that was stored, maybe by an earlier release, into the normal form of this one.
 * @throws A `HandstampError` with the code `account_invalid` and the place, if no release accepted it.
 * @example
 * ```js
 * import { parseAccount, storedAccount } from "handstamp/account";
 *
 * const { account } = parseAccount({ account: "acme", campaigns: { 1: { signIn: ["anonymous"] } } });
 * if (!account) throw new Error("the document has faults");
 * console.log(storedAccount(account).campaigns[1].record); // subject,gift
 * ```
 */
export function storedAccount(document: object): Record<string, any>;

/** The uses of a secret of an account. */
export type SecretPurpose = "verify" | "decrypt" | "client" | "webhook" | "challenge" | "profile";

/** A secret as a host keeps it that holds each secret to the purposes that it was stored for. */
export interface StoredSecret {
  /** The secret, in clear. */
  value: string;
  /** The uses that it resolves for; for any other, it is refused with `secret_purpose`. */
  purposes: SecretPurpose[];
}

/** The secrets of an account by name, in clear. A string serves every purpose. */
export type AccountSecrets = Record<string, string | StoredSecret>;

/** A place of an account document where a secret is named, or where one stands itself. */
export interface SecretPlace {
  /** The place: a JSON Pointer (RFC 6901). */
  path: string;
  /** The use of a secret there. */
  purpose: SecretPurpose;
  /** The name of the secret; absent where the document contains the secret itself. */
  name?: string;
}

/**
 * Lists the places of an account document, as it was written or in normal form, that name a secret or contain one.
 * @example
 * ```js
 * import { secretPlaces } from "handstamp/account";
 *
 * const [place] = secretPlaces({
 *   account: "acme",
 *   secureToken: { verify: { method: "symmetricKey", key: { secret: "SIGNING" }, encoding: "utf8", alg: "HS256" } },
 * });
 * console.log(place?.path, place?.purpose, place?.name); // /secureToken/verify/key verify SIGNING
 * ```
 */
export function secretPlaces(document: Record<string, any>): SecretPlace[];

/** A step of the rotation of a document's keys, for {@link rotateKeys}. */
export interface KeyTurn {
  /** The list of keys in `secureToken`. */
  list: "verify" | "decrypt";
  /** The step; without one, the answer says where the keys stand. */
  step?: "add" | "activate" | "drop" | "revoke";
  /** The name of the key that is replaced or revoked; default: the only active one. */
  key?: string;
  /** The ID of the new key. */
  id?: string;
  /** The key, the key set or the reference to the secret of the new key; without it, the step `add` is only judged. */
  material?: unknown;
  /** True if somebody vouches that the time has passed: only the order is judged. */
  waited?: boolean;
  /** The present time, in seconds since 1970. */
  now: number;
}

/** Where a key stands; times are in seconds since 1970. */
export interface KeyRow {
  /** Its `kid` or `id`, else the name of its secret, else its place. */
  name: string;
  /** Its place in the rotation. */
  status: "next" | "active" | "retiring" | "revoked";
  /** When it came to this status, if that was noted. */
  since?: number;
  /** From when a retiring key may be dropped, if that is known. */
  until?: number;
  /** The material that a key in its place takes. */
  need?: "secret" | "key_pair" | "public_key" | "key_set" | "published";
}

/** The keys after a step. */
export interface TurnedKeys {
  /** The list, as it is written into the document. */
  keys: Record<string, any>[];
  /** Where each of them stands. */
  rows: KeyRow[];
  /** The step that comes next, and the time from which it is safe, if that is known. */
  next: { step: "add" | "activate" | "drop"; from?: number };
  /** After the step `add`: what the new key is made of. */
  need?: { kind: NonNullable<KeyRow["need"]>; bytes?: number; alg?: string; enc?: string; secret?: string };
  /** After the step `drop`: the names of the keys that went. */
  gone?: string[];
}

/**
 * Takes a step of the rotation of a document's keys, so that no token is refused: a new key is known everywhere before it is
 * used, and an old one stays until its last token has expired. The document is the one that was written, as its normal form
 * has no times.
 * @throws {@link HandstampError} `rotation_early` and `rotation_order`, whose `details` say what stands in the way;
 *   `settings_invalid`
 * @example
 * ```js
 * import { rotateKeys } from "handstamp/account";
 *
 * const verify = [{ id: "2026", method: "publicKey", key: "-----BEGIN PUBLIC KEY-----…", alg: "ES256" }];
 * const { rows, next } = rotateKeys({ secureToken: { verify } }, { list: "verify", now: 1800000000 });
 * console.log(rows[0]?.status, next.step); // active add
 * ```
 */
export function rotateKeys(document: Record<string, any>, turn: KeyTurn): TurnedKeys;

/** Facts about the keys of an account, for {@link watchKeys}; times are in seconds since 1970. */
export interface KeyFacts {
  /** The present time. */
  now: number;
  /** The certificates that stand for a public key. */
  certificates?: { at: string; ends: number }[];
  /** The stored secrets that the document names. */
  secrets?: { at: string; written: number }[];
  /** The fetched key sets: when the copy in use was fetched (0 for none), its keys, and all that were seen in it or used. */
  keySets?: { at: string; fetchedAt: number; keys: string[]; seen: { kid: string; first?: number; last?: number; used?: number }[] }[];
  /** Identity providers' metadata: when the copy in use was fetched (0 for none), and the text of a newer answer that does not serve. */
  metadata?: { at: string; fetchedAt: number; issuer: string; answer?: string }[];
  /** How far the newest time of issue was ahead of this clock, in seconds. */
  ahead?: number;
}

/** A warning about the keys of an account. */
export interface KeyWarning {
  /** Its code, of the warnings in the catalogue. */
  code: "certificate_ends" | "secret_old" | "key_set_unreachable" | "key_set_shrunk" | "clock_ahead" | "metadata_unreachable" | "metadata_changed";
  /** The place in the document. */
  at: string;
  /** The time that it is about, in seconds since 1970. */
  from?: number;
  /** What was found. */
  got?: string;
}

/**
 * Judges facts about the keys of an account: a warning for each that will refuse tokens unless somebody acts.
 * @throws {@link HandstampError} `settings_invalid` for facts that are none
 * @example
 * ```js
 * import { watchKeys } from "handstamp/account";
 *
 * const secrets = [{ at: "/secureToken/verify/0/key", written: 1700000000 }];
 * console.log(watchKeys({ now: 1800000000, secrets })[0]?.code); // secret_old
 * ```
 */
export function watchKeys(facts: KeyFacts): KeyWarning[];

/**
 * Returns every purpose that a secret of an account may have.
 * @example
 * ```js
 * import { secretPurposes } from "handstamp/account";
 *
 * console.log(secretPurposes().includes("webhook")); // true
 * ```
 */
export function secretPurposes(): SecretPurpose[];

/**
 * Returns the secure token's settings of an account document in normal form: secrets in place of their names, revoked
 * keys gone (but for those that a set may still have), the account's mapping filled in, or that of a campaign which has one.
 * @param secrets the account's secrets by name, in clear
 * @param campaignId the campaign whose mapping counts; without it, the account's
 * @throws {@link HandstampError} `technique_off` without `secureToken`, `secret_unknown` for a name without a secret, `secret_purpose` for
 *   one that is stored for another purpose
 * @example
 * ```js
 * import { createVerifier, parseAccount, tokenSettings } from "handstamp/account";
 *
 * const { account } = parseAccount({
 *   account: "acme",
 *   origins: ["https://www.acme.example"],
 *   secureToken: { verify: { method: "symmetricKey", key: { secret: "SIGNING" }, encoding: "utf8", alg: "HS256" } },
 *   campaigns: { "123456": {} },
 * });
 * if (account) {
 *   const verifier = await createVerifier(tokenSettings(account, { SIGNING: secret }));
 *   console.log(verifier.verifySync(token).claims.sub); // 1234
 * }
 * ```
 */
export function tokenSettings(document: Record<string, any>, secrets: AccountSecrets, campaignId?: string): TokenSettings;

/** One entry of `verify` or `decrypt`, and the names of its keys, the same for every spelling of a key. */
export interface KeyName {
  /** The list of `secureToken` that the entry stands in. */
  list: "verify" | "decrypt";
  /** Its index there. */
  index: number;
  /** True if the document revokes it. */
  revoked: boolean;
  /** True if its keys are secrets, which the makers of tokens share with us. */
  shared: boolean;
  /** `url:` and the key set's URL in its one spelling (and as it was written, if that differs), or thumbprints (RFC 7638); empty if the secret is missing. A secret's is a hash of it: never show it. */
  names: string[];
}

/**
 * Names the keys of an account document in normal form, to find one again in another version or another account.
 * @param secrets the account's secrets by name, in clear
 * @example
 * ```js
 * import { keyNames, parseAccount } from "handstamp/account";
 *
 * const { account } = parseAccount({
 *   account: "acme",
 *   origins: ["https://www.acme.example"],
 *   secureToken: { verify: { method: "jwks", url: "https://www.acme.example/jwks.json" } },
 *   campaigns: { "123456": {} },
 * });
 * if (account) console.log(keyNames(account, {})[0]?.names[0]); // url:https://www.acme.example/jwks.json
 * ```
 */
export function keyNames(document: Record<string, any>, secrets: AccountSecrets): KeyName[];

/** The result of checking the submitted values of a form. */
export interface CheckedForm {
  /** The values to keep, without white space at their ends; empty ones are left out. */
  form: Record<string, string>;
  /** The fields whose value is refused, each with the reason. */
  faults: {
    /** The name of the field. */
    name: string;
    /** `required` if it is empty, `text` if it is not a string, `too_long`, `characters`, or the type that it does not fit. */
    reason: "required" | "text" | "too_long" | "characters" | "email" | "tel" | "date" | "country" | "checkbox" | "select" | "number" | "range";
  }[];
}

/**
 * Checks the submitted value of every field. A value that was prefilled and is unchanged always passes.
 * @param locked values that are kept whatever was submitted: their fields are not checked
 * @throws {@link HandstampError} `settings_invalid` or `settings_unknown` for a fault of the fields
 * @example
 * ```js
 * import { checkForm } from "handstamp/account";
 *
 * const { faults } = checkForm({ fields: [{ name: "email", type: "email", required: true }] }, { email: "an@" });
 * console.log(faults[0]?.name, faults[0]?.reason); // email email
 * ```
 */
export function checkForm(fields: Fields, submitted: Record<string, unknown>, locked?: Record<string, unknown>): CheckedForm;

/** The rules of {@link checkForm} as data, for a page that checks values before it submits them. */
export interface FieldRules {
  /** Regular expression (flag `u`) that every value matches as a whole. */
  characters: string;
  /** Most characters of a value. */
  longest: number;
  /** Regular expressions (flag `u`) that a value of the type matches as a whole. A type without one takes any string. */
  patterns: Partial<Record<NonNullable<NonNullable<Fields["fields"]>[number]["type"]>, string>>;
}

/**
 * Returns the rules of {@link checkForm} as data.
 * @example
 * ```js
 * import { fieldRules } from "handstamp/account";
 *
 * console.log(fieldRules().longest); // 1024
 * ```
 */
export function fieldRules(): FieldRules;

/**
 * Finds the known name that a misspelt one was probably meant to be: at most two letters away, and at most a third of it.
 * @returns that name, or `undefined` if none is near
 * @throws {@link HandstampError} `settings_invalid` for anything but strings
 * @example
 * ```js
 * import { nearestName } from "handstamp/account";
 *
 * console.log(nearestName("isuer", ["issuer", "audience"])); // issuer
 * ```
 */
export function nearestName(name: string, known: readonly string[]): string | undefined;

/** The facts by which {@link judgeLimit} judges. */
export interface LimitFacts {
  /** The campaign's own limits: `total`, `day` and `week` for everybody, `unstated` for sign-ins for which the customer stated no number. */
  campaign?: { total?: number; day?: number; week?: number; unstated?: number };
  /** True for a sign-in at the identity provider, false for a token. */
  signedIn?: boolean;
  /** The limit that the record keeps, as `stated` of the answer before. */
  kept?: StatedLimit;
  /** The limit of this token or sign-in: when it was signed, if that is known, and when it was seen. */
  seen?: { limit: Limit; signedAt?: number; seenAt: number };
  /** The number of participations so far. */
  participations?: number;
  /** The number of participations since the day and the week began, in the campaign's calendar; default: 0. */
  played?: { day: number; week: number };
}

/** The verdict of {@link judgeLimit}. */
export interface LimitVerdict {
  /** Whether the person may take part once more. */
  decision: Admission["decision"];
  /** Why not. */
  reason?: Admission["reason"];
  /** The limit that governs. */
  limit?: Limit;
  /** The limit that the customer stated last, to be kept with the record. */
  stated?: StatedLimit;
}

/** A limit that the customer stated, and when. */
export interface StatedLimit {
  /** The limit. */
  limit: Limit;
  /** When it was stated, in seconds since 1970. */
  at: number;
}

/**
 * Judges the next participation of a person: by the limit that the customer stated last, by the campaign's own limits and
 * by the number of participations so far, of this day and of this week. Of two limits the one that was signed later counts;
 * of two numbers, the customer's and the campaign's `total`, the smaller one. Every limit must allow it.
 * @returns the decision, the limit that governs, and the stated one to keep with the record
 * @throws {@link HandstampError} `settings_invalid`, `limit_invalid`, `limit_empty`
 * @example
 * ```js
 * import { judgeLimit } from "handstamp/account";
 *
 * const kept = { limit: { nb: 1 }, at: 1800000200 };
 * const older = { limit: { nb: 5 }, signedAt: 1800000100, seenAt: 1800000300 };
 * console.log(judgeLimit({ kept, seen: older, participations: 1 }).reason); // quota_reached
 * ```
 */
export function judgeLimit(facts: LimitFacts): LimitVerdict;

/** The facts by which {@link judgePeriod} judges; times are in seconds since 1970. */
export interface PeriodFacts {
  /** The first second of the campaign; default: it has always been open. */
  starts?: number;
  /** The first second after the campaign; default: it has no end. */
  ends?: number;
  /** The present time. */
  now: number;
  /** True for a play that was begun before, false (the default) for somebody who comes. */
  begun?: boolean;
  /** True for a campaign that has been put away; default false. */
  archived?: boolean;
}

/** The verdict of {@link judgePeriod}. */
export interface PeriodVerdict {
  /** The phase of the campaign; in `closing`, the 15 minutes after its end, plays that were begun before may be finished. */
  phase: "not_yet" | "open" | "closing" | "over" | "archived";
  /** Why nobody may play, or nobody who comes; absent where it is allowed. */
  code?: "campaign_not_yet" | "campaign_over";
}

/**
 * Judges whether a campaign takes part at a moment: before its start and after its end it does not. A play that was begun
 * before the end may be finished for 15 minutes.
 * @returns the phase, and the code of the refusal where there is one
 * @throws {@link HandstampError} `settings_invalid`
 * @example
 * ```js
 * import { judgePeriod } from "handstamp/account";
 *
 * const period = { starts: 1800000000, ends: 1800003600 };
 * console.log(judgePeriod({ ...period, now: 1800003700 }).code); // campaign_over
 * console.log(judgePeriod({ ...period, now: 1800003700, begun: true }).phase); // closing
 * ```
 */
export function judgePeriod(facts: PeriodFacts): PeriodVerdict;

/**
 * Returns the time at which a certificate ends, as RFC 3339 writes it; `undefined` if the string does not begin with a
 * certificate.
 * @param pem the key, as it is given in the settings
 * @example
 * ```js
 * import { certificateEnd } from "handstamp/account";
 *
 * console.log(certificateEnd("-----BEGIN PUBLIC KEY-----") ?? "not a certificate"); // not a certificate
 * ```
 */
export function certificateEnd(pem: string): string | undefined;
