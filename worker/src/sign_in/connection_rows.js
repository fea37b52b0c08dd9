// The rows of the trial of a connection: cause, expected and found value, who fixes it, and what was fetched: each URL with
// its status, its time and the part of the answer that decided. A server's own words are cut to one plain line.

import { oauth } from "../platform/handstamp.js";
import { at as memberAt } from "../platform/pointer.js";
import { asRefusal, entry } from "../http/problem.js";

/** @import { Fetched } from "./follow.js" */
/** @import { CoreAnswer } from "../types.d.ts" */

/** @typedef {{ url: string, method: string, ms: number, status?: number, failed?: string, bytes?: number, limit?: number, part?: string }} FetchedRow */
/** @typedef {{ step: string, status: "pass" | "warn" | "fail" | "skip", code?: string, says?: string, how?: string, fix?: string, at?: string, expected?: string, got?: string, found?: Record<string, unknown>, fetched?: FetchedRow[] }} Outcome */

/** What is fetched in each step. @type {Record<string, string[]>} */
const PURPOSES = {
  settings: [],
  discovery: ["discovery"],
  keys: ["keySet"],
  authorize: ["pushed"],
  login: [],
  exchange: ["token"],
  profile: ["keySet", "userinfo", "profile"],
};
/** Of a limit: from here on a person with a little more may be refused. */
const NEAR = 0.75;
const SHOWN_KEYS = 20;

/** @param {string} step @param {unknown} fault @returns {Outcome} */
export function failed(step, fault) {
  const { code, detail } = asRefusal(fault);
  const { says, how, fix } = entry(code);
  return { step, status: "fail", code, says, how, fix, ...detail };
}

/**
 * The step that a refusal belongs to, by its code and its place.
 * @param {unknown} fault
 * @param {string} otherwise
 */
export function stageOf(fault, otherwise) {
  const { code, detail } = asRefusal(fault);
  const place = detail.at ?? "";
  if (code.startsWith("discovery_") || place === "discovery") return "discovery";
  if (code.startsWith("par_") || place.startsWith("pushed_authorization")) return "authorize";
  if (code.startsWith("exchange_") || code === "id_token_missing" || place.startsWith("token_endpoint")) return "exchange";
  if (/^\/oauth\/clientAuth/.test(place) && code !== "client_secret_short") return otherwise === "profile" ? "exchange" : "settings";
  return otherwise;
}

/**
 * A row with what was fetched for it.
 * @param {Outcome} outcome
 * @param {Fetched[]} seen
 * @returns {Outcome}
 */
export function looked(outcome, seen) {
  const own = seen.filter(({ request }) => PURPOSES[outcome.step]?.includes(request.purpose));
  return own.length === 0 ? outcome : { ...outcome, fetched: own.map((one) => rowOf(one, outcome)) };
}

/** @param {Fetched} one @param {Outcome} outcome @returns {FetchedRow} */
function rowOf({ request: { url, method, bytes: limit }, answer, ms }, outcome) {
  if (answer.failed !== undefined) return { url, method, ms, failed: answer.failed };
  const { status, body } = answer;
  const part = partOf(answer, outcome);
  return { url, method, ms, status, bytes: new TextEncoder().encode(body).byteLength, ...(limit !== undefined && { limit }), ...(part && { part }) };
}

/**
 * The part of an answer that decided: the member at fault, what a refusal says of itself, or the kind of what came instead.
 * Members of a profile or a token are never shown.
 * @param {Exclude<CoreAnswer, { failed: string }>} answer
 * @param {Outcome} outcome
 */
function partOf(answer, { status: verdict, step, at = "" }) {
  if (verdict !== "fail" && answer.status < 400) return undefined;
  const { contentType, authenticate } = answer;
  const members = memberOf({ answer });
  const said = ["error", "error_description"].flatMap((name) => (typeof members?.[name] === "string" ? [`${name}: ${plain(members[name])}`] : []));
  const own = step === "discovery" && at.startsWith("/") && members ? memberAt(members, at) : undefined;
  const parts = [
    ...(authenticate ? [`WWW-Authenticate: ${plain(authenticate)}`] : []),
    ...said,
    ...(own === undefined ? [] : [`${at.slice(1)}: ${plain(String(own))}`]),
    ...(members ? [] : [`${plain(contentType) || "no media type"}, not JSON`]),
  ];
  return parts.join(" · ") || undefined;
}

/** One line of a foreign text: cut, and without anything but letters, digits and usual signs. @param {string} text */
const plain = (text) => text.replace(/[^\p{L}\p{N} .,:;!?()[\]/="'_@+-]+/gu, " ").replace(/ +/g, " ").trim().slice(0, 200);

/** @param {Pick<Fetched, "answer"> | undefined} seen @returns {Record<string, any> | undefined} an object */
export function memberOf(seen) {
  if (!seen || seen.answer.failed !== undefined) return undefined;
  try {
    const value = JSON.parse(seen.answer.body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Says so where an answer is so large that another person's may be refused.
 * @param {Outcome} outcome
 * @returns {Outcome}
 */
export function nearLimit(outcome) {
  const near = outcome.fetched?.find(({ bytes = 0, limit = Infinity }) => bytes > limit * NEAR);
  if (!near) return outcome;
  const says = `An answer has ${near.bytes} bytes, and more than ${near.limit} are refused: another person, with more groups or a larger picture, may not get in.`;
  return { ...outcome, status: "warn", says, how: "Send fewer claims to this client, such as no picture and no groups.", fix: "issuer" };
}

/**
 * Which keys can verify, by the core's own word.
 * @param {CoreAnswer} answer
 * @param {string[] | null} algs that the identity provider says it signs with
 * @param {number} [most] keys that are shown
 * @returns {Outcome}
 */
export function judgeKeys(answer, algs, most = SHOWN_KEYS) {
  if (answer.failed !== undefined || answer.status !== 200)
    return refused("key_set_unavailable", { expected: "status 200", got: answer.failed ?? `status ${answer.status}` });
  const { usable, refusal, faults } = oauth.keySet.judge(answer.body, algs);
  const keys = memberOf({ answer })?.keys;
  const faultOf = (/** @type {number} */ index) => faults.find(({ at }) => at?.split("/")[2] === String(index));
  const found = { keys: (Array.isArray(keys) ? keys : []).slice(0, most).map((key, index) => ({ ...namesOf(key), usable: !faultOf(index) })) };
  if (refusal) {
    const { code, ...detail } = refusal;
    return { ...refused(code, detail), found };
  }
  if (usable === 0) return { step: "keys", status: "skip", says: "The key set is empty: ID tokens can only be signed with the client secret.", found };
  // A key for encryption is not for us, and none the worse for it.
  const [first, ...others] = faults.filter(({ at }) => keys[Number(at?.split("/")[2])]?.use !== "enc");
  if (!first) return { step: "keys", status: "pass", found };
  const { code, ...detail } = first;
  const says = `${others.length + 1} of ${keys.length} keys cannot be used; a token that names one of them is refused.`;
  return { step: "keys", status: "warn", says, how: entry(code).how, ...detail, found };
}

/** @param {string} code @param {Partial<Outcome>} detail @returns {Outcome} */
function refused(code, detail) {
  const { says, how, fix } = entry(code);
  return { step: "keys", status: "fail", code, says, how, fix, ...detail };
}

/** What a key says of itself, where those are the words that belong there. @param {any} key */
function namesOf(key) {
  const short = (/** @type {unknown} */ value) => (typeof value === "string" ? plain(value).slice(0, 64) : value === undefined ? undefined : `not a string (${typeof value})`);
  const [kid, kty, alg, use] = ["kid", "kty", "alg", "use"].map((name) => short(key?.[name]));
  return { ...(kid !== undefined && { kid }), ...(kty !== undefined && { kty }), ...(alg !== undefined && { alg }), ...(use !== undefined && { use }) };
}
