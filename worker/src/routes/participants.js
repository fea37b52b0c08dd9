// GET and DELETE /v1/participants/{account}/{subject}: what is kept of one person, and its end, everywhere.

import { json } from "../http/answers.js";
import { erase, find } from "../record/personal_data.js";
import { Refusal } from "../http/problem.js";

/** @import { Context, Handler } from "../types.d.ts" */

const SUBJECT_CHARACTERS = 256;

/** @param {Context} context */
function person(context) {
  const { account } = context.params;
  let subject = "";
  try {
    subject = decodeURIComponent(context.params.subject);
  } catch {
    // Told below: an escape that stands for nothing is no subject.
  }
  if (subject === "" || subject.length > SUBJECT_CHARACTERS)
    throw new Refusal("query_invalid", { at: "subject", expected: "the subject, escaped for an address" });
  return { account, subject };
}

/** Nothing is kept of somebody unknown: that is an answer too. @type {Handler} */
export async function exportParticipant(context) {
  const { account, subject } = person(context);
  const held = await find(context, account, subject);
  return json({ account, ...held, asOf: new Date(context.now).toISOString() });
}

/** Safe to repeat: what a failure has left behind goes with the next call. @type {Handler} */
export async function eraseParticipant(context) {
  const { account, subject } = person(context);
  return json({ account, erased: await erase(context, account, subject) });
}
