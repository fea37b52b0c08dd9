// Refusals as answers: `application/problem+json` (RFC 9457), or a page where a person is looking. This is
// the only place that turns a cause into words. A visitor sees a public reason, a sentence and a ref; the
// cause stays behind the ref, except where it is about the call itself (a wrong body, a missing scope).

import { errorPage } from "./error_page.js";
import { HandstampError, catalogue } from "../platform/handstamp.js";
import { logFault } from "../platform/log.js";
import { newRef } from "../platform/refs.js";

/** @import { Cause, Context } from "../types.d.ts" */

/** A refusal on its way to the answer. */
export class Refusal extends Error {
  /**
   * @param {string} code of errors.json
   * @param {Omit<Cause, "code">} [detail] lengths, types, names and places; never a value
   * @param {{ status?: number, ref?: string, headers?: Record<string, string>, members?: Record<string, unknown>, open?: boolean }} [answer] open: who asks
   *   may know the cause
   */
  constructor(code, detail = {}, answer = {}) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.detail = detail;
    this.answer = answer;
  }
}

/**
 * What is wrong with the settings of this deployment, each by its name.
 * @param {string[]} faults
 */
export function misconfigured(faults) {
  return new Refusal("misconfigured", {}, { members: { faults } });
}

/** Statuses by code, where the public reason's status does not fit. */
const STATUS = {
  account_invalid: 422,
  assertion_invalid: 400,
  already_recorded: 409,
  body_invalid: 400,
  body_too_large: 413,
  client_invalid: 401,
  draft_too_large: 413,
  encryption_off: 409,
  form_invalid: 422,
  grant_unsupported: 400,
  idempotency_conflict: 422,
  idempotency_key_missing: 400,
  internal: 500,
  media_type_unsupported: 415,
  method_not_allowed: 405,
  misconfigured: 503,
  not_found: 404,
  origin_refused: 403,
  pass_expired: 401,
  pass_invalid: 401,
  pass_missing: 401,
  query_invalid: 400,
  rate_limited: 429,
  return_refused: 400,
  scope_invalid: 400,
  scope_missing: 403,
  seal_invalid: 401,
  seal_key_unknown: 401,
  state_too_long: 400,
  state_duplicate: 400,
  state_invalid: 400,
  state_missing: 400,
  unauthorized: 401,
  version_unknown: 404,
};

/** Statuses by public reason. */
const STATUS_BY_REASON = {
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  not_allowed: 403,
  quota_reached: 409,
  campaign_unknown: 404,
  login_cancelled: 401,
  login_failed: 401,
  wrong_browser: 403,
};

/** Causes that are about the call itself and tell nothing about a customer's settings. */
const OPEN = new Set([
  ...Object.keys(STATUS),
  "account_unknown",
  "campaign_unknown",
  "login_again",
  "login_cancelled",
  "quota_reached",
  "state_expired",
  "ticket_missing",
  "ticket_unknown",
  "wrong_browser",
  "flow_cookie_missing",
]);

/**
 * Any fault as a refusal; what is not ours becomes `internal` and is logged without its message.
 * @param {unknown} fault
 * @returns {Refusal}
 */
export function asRefusal(fault) {
  if (fault instanceof Refusal) return fault;
  if (fault instanceof HandstampError && fault.code in catalogue.codes) {
    const { at, expected, got } = fault.details;
    return new Refusal(fault.code, { ...(at && { at }), ...(expected && { expected }), ...(got && { got }) });
  }
  const ref = newRef();
  logFault("request", fault, ref);
  return new Refusal("internal", {}, { ref });
}

/** @param {string} code */
export function entry(code) {
  const codes =
    /** @type {Record<string, { public: string, fix: string, retry: string, says: string, how: string }>} */ (
      catalogue.codes
    );
  return codes[code] ?? codes.internal;
}

/** @param {string} reason */
export function sentence(reason) {
  return /** @type {Record<string, string>} */ (catalogue.public)[reason] ?? "";
}

/** @param {Refusal} refusal */
export function statusOf(refusal) {
  const byCode = /** @type {Record<string, number>} */ (STATUS)[refusal.code];
  const { public: reason, fix } = entry(refusal.code);
  const byReason = /** @type {Record<string, number>} */ (STATUS_BY_REASON)[reason];
  // What is left is trouble that the visitor did not make: at the customer's servers, or here.
  return refusal.answer.status ?? byCode ?? byReason ?? (fix === "issuer" ? 502 : 500);
}

/**
 * The members of a problem document.
 * @param {Refusal} refusal
 */
export function problemOf(refusal) {
  const row = entry(refusal.code);
  const open = refusal.answer.open === true || OPEN.has(refusal.code);
  const visitor = row.public !== "try_again" && !refusal.answer.open;
  return {
    type: `urn:handstamp:problem:${open ? refusal.code : row.public}`,
    title: (open ? refusal.code : row.public).replaceAll("_", " "),
    status: statusOf(refusal),
    detail: open && !visitor ? `${row.says} ${row.how}` : sentence(row.public),
    reason: row.public,
    retry: row.retry,
    ref: refusal.answer.ref ?? newRef(),
    ...(open && { code: refusal.code }),
    ...(open && !visitor && refusal.detail.at && { at: refusal.detail.at }),
    ...(open && !visitor && refusal.detail.expected && { expected: refusal.detail.expected }),
    ...(open && !visitor && refusal.detail.got && { got: refusal.detail.got }),
    ...refusal.answer.members,
  };
}

/**
 * The one place where a refusal becomes an answer.
 * @param {Context} context
 * @param {unknown} fault
 * @param {boolean} page whether a person looks at it
 */
export function problemResponse(context, fault, page) {
  const refusal = asRefusal(fault);
  const problem = problemOf(refusal);
  context.facts.code = refusal.code;
  context.facts.ref = problem.ref;
  const headers = new Headers(refusal.answer.headers);
  headers.set("cache-control", "no-store");
  if (page && (context.request.headers.get("accept") ?? "").includes("text/html")) {
    return errorPage(
      { ...problem, detail: sentence(problem.reason) },
      headers,
      context.request.headers.get("accept-language"),
      context.url.pathname.startsWith("/campaign/"),
    );
  }
  headers.set("content-type", "application/problem+json");
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
