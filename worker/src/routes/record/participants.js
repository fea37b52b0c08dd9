// What is kept of one person, and its end, everywhere: POST /v1/participants/{account}/export and …/erase with the subject
// in the body, for any subject; GET and DELETE /v1/participants/{account}/{subject} for those that a path can carry.

import { changeOf } from "../../accounts/access.js";
import { json, timeOf } from "../../http/answers.js";
import { Refusal } from "../../http/problem.js";
import { erase, find } from "../../record/personal_data.js";
import { isSubject } from "../../schemas/people.js";
import { accountOfPath } from "../account/accounts.js";

/** @import { PersonRequest } from "../../schemas/people.js" */
/** @import { Asked, Context, Handler } from "../../types.d.ts" */

/** @param {Context} context */
function subjectOfPath({ params }) {
  try {
    const subject = decodeURIComponent(params.subject);
    if (isSubject(subject)) return subject;
  } catch {
    // Told below: an escape that stands for nothing is no subject.
  }
  throw new Refusal("query_invalid", { at: "subject", expected: "a subject, escaped for a URL; or send it in the body of …/export or …/erase" });
}

/** Notes, before it is done, that somebody reaches for a person's data; not whose. @param {Context} context */
async function noted(context) {
  const { object } = await accountOfPath(context);
  await object.note(changeOf(context), context.now);
}

/** Nothing is kept of somebody unknown: that is an answer too. @param {Context} context @param {string} subject */
async function exported(context, subject) {
  await noted(context);
  const { account } = context.params;
  return json({ account, ...(await find(context, account, subject)), asOf: timeOf(context.now) });
}

/** Safe to repeat: what a failure has left behind goes with the next call. @param {Context} context @param {string} subject */
async function erased(context, subject) {
  await noted(context);
  const { account } = context.params;
  return json({ account, erased: await erase(context, account, subject) });
}

/** @type {Handler} */
export const exportParticipant = async (context) => exported(context, subjectOfPath(context));
/** @type {Handler} */
export const eraseParticipant = async (context) => erased(context, subjectOfPath(context));
/** @param {Asked<typeof PersonRequest>} context */
export const exportBySubject = async (context) => exported(context, context.body.subject);
/** @param {Asked<typeof PersonRequest>} context */
export const eraseBySubject = async (context) => erased(context, context.body.subject);
