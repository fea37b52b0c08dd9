// Schema of the problem document (RFC 9457) of every refusal.

import * as v from "../platform/valibot.js";
import { count, flag, oneOf, saying, shownAs, table, text, time } from "./pieces.js";
import { Draft } from "./campaign.js";

export const REASONS = /** @type {const} */ ([
  "token_missing",
  "token_invalid",
  "token_expired",
  "not_allowed",
  "quota_reached",
  "week_reached",
  "day_reached",
  "campaign_not_yet",
  "campaign_over",
  "campaign_full",
  "campaign_unknown",
  "login_cancelled",
  "login_failed",
  "wrong_browser",
  "try_again",
]);

/** The reasons of faults that a page says in the language of its reader. */
export const FAULT_REASONS = /** @type {const} */ (["characters", "choice", "colour", "contrast", "drafts", "entries", "hidden", "link", "logo", "moment", "name", "number", "order", "range", "twice", "type", "unoffered", "url", "zone"]);
export const Fault = v.strictObject({
  path: saying(text, "JSON Pointer (RFC 6901)."),
  code: text,
  message: text,
  reason: v.optional(saying(v.picklist(FAULT_REASONS), "Why a setting is not valid, in one word, where pages say it in their reader's language.")),
  values: v.optional(saying(table(text), "The values of the reason by name, such as least and most.")),
});
const FormFault = v.strictObject({ name: text, path: text, reason: text, detail: text });
const ref = v.pipe(text, shownAs({ type: "string", pattern: "^[0-9A-HJKMNP-TV-Z]{8}$", description: "Crockford base32; can be said on the phone." }));

export const Problem = v.pipe(
  v.strictObject({
    type: saying(text, "The URL of the code, or of the public reason, on the page of codes."),
    title: text,
    status: v.pipe(v.number(), shownAs({ type: "integer", minimum: 400, maximum: 599 })),
    detail: saying(text, "A sentence that may be shown."),
    reason: v.picklist(REASONS),
    retry: oneOf("no", "later", "login", "new_token"),
    ref,
    code: v.optional(saying(text, "Only where it is about the call itself.")),
    at: v.optional(text),
    expected: v.optional(text),
    got: v.optional(text),
    error: v.optional(saying(text, "The error's name in RFC 6749 section 5.2; only from /v1/auth/token.")),
    fields: v.optional(saying(v.array(FormFault), "Only with form_invalid.")),
    faults: v.optional(saying(v.array(v.union([Fault, text])), "With account_invalid and misconfigured.")),
    current: v.optional(
      saying(
        v.strictObject({ version: v.optional(count), at: time, author: v.optional(v.strictObject({ kind: oneOf("client", "operator", "person"), id: text, name: v.optional(text) })) }),
        "Only with edit_conflict: the newest version, and who wrote it.",
      ),
    ),
    account: v.optional(text),
    campaignId: v.optional(text),
    step: v.optional(text),
    draft: v.optional(saying(v.nullable(Draft), "Only from redeem: what the participant had filled in.")),
    elsewhere: v.optional(saying(v.pipe(flag, shownAs({ const: true })), "Only from redeem: the ticket is another campaign's, and still whole.")),
  }),
  v.description("A refusal. What is not about the call itself stays behind `ref`."),
);
