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
): { account: Record<string, any>; warnings: Warning[]; faults?: undefined } | { faults: Fault[]; account?: undefined };

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
