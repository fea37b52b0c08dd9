// Refusals as answers: `application/problem+json` (RFC 9457), or a page where a person is looking. This is
// the only place that turns a cause into words. A visitor sees a public reason, a sentence and a ref; the
// cause stays behind the ref, except where it is about the call itself (a wrong body, a missing scope).

import { errorPage } from "./error_page.js";
import { HandstampError, catalogue } from "../platform/handstamp.js";
import { logFault } from "../platform/log.js";
import { newRef } from "../platform/refs.js";

/** @import { Cause, Context, ToTag, WayOn } from "../types.d.ts" */

/** A refusal on its way to the answer. */
export class Refusal extends Error {
  /**
   * @param {string} code of errors.json
   * @param {Omit<Cause, "code">} [detail] lengths, types, names and places; never a value
   * @param {{ status?: number, ref?: string, headers?: Record<string, string>, members?: Record<string, unknown>, open?: boolean, wayOn?: WayOn, toTag?: ToTag, unseen?: boolean }} [answer] open: who asks
   *   may know the cause; wayOn: where a page leads on to; toTag: what a page in a frame says to the tag; unseen: no person looks at it
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

/**
 * Any fault as a refusal; what is not ours becomes `internal` and is logged without its message.
 * @param {unknown} fault
 * @returns {Refusal}
 */
export function asRefusal(fault) {
  if (fault instanceof Refusal) return fault;
  if (fault instanceof HandstampError && fault.code in catalogue.codes) {
    const { at, expected, got, fix } = fault.details;
    const other = fix !== entry(fault.code).fix && { fix };
    return new Refusal(fault.code, { ...(at && { at }), ...(expected && { expected }), ...(got && { got }), ...other });
  }
  const ref = newRef();
  logFault("request", fault, ref);
  return new Refusal("internal", {}, { ref });
}

/** @param {string} code */
export function entry(code) {
  const codes =
    /** @type {Record<string, (typeof catalogue.codes)["internal"]>} */ (catalogue.codes);
  return codes[code] ?? codes.internal;
}

/** The sentences of a warning. @param {keyof typeof catalogue.warnings} code */
export const warningEntry = (code) => catalogue.warnings[code];

/** @param {string} reason */
export function sentence(reason) {
  return /** @type {Record<string, string>} */ (catalogue.public)[reason] ?? "";
}

/** The place of a public reason on the page of codes. @param {string} reason */
const anchorOf = (reason) => `reason-${reason}`;

/** @param {Refusal} refusal */
function statusOf(refusal) {
  return refusal.answer.status ?? entry(refusal.code).status;
}

/**
 * The members of a problem document. Its type is the place of the code, or of the public reason, on the page of codes.
 * @param {Refusal} refusal
 * @param {Pick<Context, "config" | "grant">} context
 */
function problemOf(refusal, { config, grant }) {
  const row = entry(refusal.code);
  const open = (refusal.answer.open ?? row.open) === true;
  // A program with an access token, and a person at the console, are no visitors of a campaign.
  const visitor = row.public !== "try_again" && !refusal.answer.open && !grant;
  return {
    type: `${config.publicUrl}/codes/#${open ? refusal.code : anchorOf(row.public)}`,
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

/** Whether a browser asks for something to look at. @param {Request} request */
export const wantsPage = ({ headers }) => (headers.get("accept") ?? "").includes("text/html");

/**
 * The one place where a refusal becomes an answer.
 * @param {Context} context
 * @param {unknown} fault
 * @param {boolean} page whether a person looks at it: see {@link wantsPage}
 */
export function problemResponse(context, fault, page) {
  const refusal = asRefusal(fault);
  const problem = problemOf(refusal, context);
  context.facts.code = refusal.code;
  context.facts.ref = problem.ref;
  const headers = new Headers(refusal.answer.headers);
  headers.set("cache-control", "no-store");
  if (page) {
    return errorPage(
      // The number that a person is asked to give is one that can be looked up.
      { ...problem, detail: sentence(problem.reason), ref: refusal.answer.ref },
      headers,
      context.request.headers.get("accept-language"),
      {
        framed: context.url.pathname.startsWith("/campaign/"),
        limited: refusal.code === "rate_limited",
        // As much as helps to find a slip of the pen.
        ...(refusal.code === "not_found" && { missing: context.url.pathname.slice(0, 80) }),
        wayOn: refusal.answer.wayOn,
        toTag: refusal.answer.toTag,
      },
    );
  }
  headers.set("content-type", "application/problem+json");
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
