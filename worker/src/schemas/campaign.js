// Schemas for the campaign's own pages.

import * as v from "../platform/valibot.js";
import { account, anyObject, campaignId, count, digest, flag, judged, language, like, number, oneOf, preview, saying, shownAs, step, table, text, time } from "./pieces.js";

const PATH_CHARACTERS = 2048;

const token = { type: "string", description: "The token as the customer signed it; a campaign that is open to everybody needs none." };
export const AdmitRequest = v.strictObject({ account, campaignId, token: judged(token), lang: v.optional(language), preview: v.optional(flag) });

const given = { type: "object", description: "Question id to choice id." };
export const Submission = v.strictObject({
  pass: judged({ type: "string", description: "From admit or redeem." }, { needed: true }),
  form: judged({ type: "object", description: "Field name to what was typed." }),
  optin: judged({ type: "object", additionalProperties: { type: "boolean" } }),
  answers: judged(given),
  lang: judged({ type: "string", description: "The language that the wording of the opt-ins was shown in." }),
  preview: v.optional(preview),
  challenge: judged({ type: "string", description: "The answer of the challenge's widget, where the account asks visitors without a name for one." }),
});

/** Further parameters are nobody's business. */
export const PostedAnswer = v.object({
  state: text,
  code: v.optional(text),
  error: v.optional(text),
  iss: v.optional(text),
});

export const StepReached = v.strictObject({ account, campaignId, step: oneOf("questions", "identityset"), preview: v.optional(flag) });

/** As much of a place on the host page as is kept: a place is a comfort, and never a reason to lose a draft. */
const cut = v.pipe(
  text,
  v.transform((value) => value.slice(0, PATH_CHARACTERS)),
);
const host = v.strictObject({ path: v.nullish(cut), fragment: v.nullish(cut), scroll: v.nullish(number) }, "an object");
const pass = like(/^[\x21-\x7e]{1,8192}$/, "a pass");

export const DraftRequest = v.strictObject({
  account,
  campaignId,
  step,
  lang: v.optional(language),
  answers: v.nullish(saying(anyObject, given.description)),
  host: v.nullish(host),
  pass: v.nullish(pass),
  admission: v.nullish(anyObject),
  session: v.nullish(anyObject),
  proof: judged({ type: "string", description: "The proof that a script holds, where the cookie does not come back." }),
  scriptProof: v.optional(saying(flag, "Whether the answer shall carry the proof.")),
});
export const DraftQuery = v.strictObject({ account, campaignId });

export const RedeemRequest = v.strictObject({
  ticket: judged({ type: "string", description: "From the fragment `#handstamp=`." }, { needed: true }),
  proof: judged({ type: "string", description: "The proof that a script holds, where the cookie does not come back." }),
  account: v.optional(account),
  campaignId: v.optional(campaignId),
  preview: v.optional(flag),
});

const Warning = v.strictObject({ code: text, message: text, at: v.optional(text) });
const Limit = v.strictObject({ nb: v.optional(count), canPlay: v.optional(flag) });
export const Admission = v.strictObject({
  subject: text,
  campaignId: text,
  expiresAt: v.nullable(number),
  decision: oneOf("allowed", "refused", "limit_unchecked"),
  reason: v.optional(oneOf("not_allowed", "quota_reached", "week_reached", "day_reached")),
  again: v.optional(saying(time, "When the next day or week begins, for day_reached and week_reached.")),
  limit: v.optional(Limit),
  prefill: v.strictObject({
    form: table(text),
    optin: table(flag),
    locked: v.array(text),
    ignored: v.array(v.strictObject({ name: text, reason: text })),
  }),
  gift: v.optional(anyObject),
  custom: v.optional(anyObject),
  warnings: v.array(Warning),
});
const earned = saying(v.nullable(text), "Sealed proof of the admission, good for two hours; null when refused.");
const told = { texts: v.optional(table(text)), ref: v.optional(text) };

export const Admitted = v.strictObject({ admission: Admission, pass: earned, ...told });

export const Draft = v.strictObject({
  account: text,
  campaignId: text,
  step: text,
  lang: v.optional(text),
  answers: v.optional(anyObject),
  pass: v.optional(text),
  admission: v.optional(anyObject),
  session: v.optional(anyObject),
  host: v.optional(v.strictObject({ path: v.optional(text), scroll: v.optional(number), fragment: v.optional(text) })),
});
export const DraftFound = v.strictObject({ draft: v.nullable(Draft) });
export const DraftKept = v.strictObject({ bind: digest, expiresIn: count, proof: v.optional(text) });
export const Redeemed = v.strictObject({ account: text, campaignId: text, step: text, admission: Admission, pass: earned, draft: v.nullable(Draft), ...told });
export const Recorded = v.strictObject({ participationId: v.pipe(text, shownAs({ type: "string", format: "uuid" })), recordedAt: time, count });

export const StartQuery = v.strictObject({
  account,
  campaignId,
  step: v.optional(saying(step, "Step to come back to.")),
  return: v.optional(saying(like(/^\d{1,3}:?\/[\x21-\x7e]{0,255}$/, "the index of an origin and a path, such as 0:/page"), "Index of an origin of the account and a path: 0:/page.")),
  bind: v.optional(saying(digest, "Hash of the proof, from /v1/drafts.")),
  lang: v.optional(language),
  prompt: v.optional(saying(oneOf("login"), "The login page asks who it is, even if it knows somebody.")),
});
/** A page reads what it can use of these and never minds the rest. */
export const CampaignQuery = v.object({
  lang: judged({ type: "string", description: "Language." }),
  theme: judged({ type: "string", description: "light or dark; transparent beside it." }),
  preview: judged({ type: "string", description: "Present: tried out, not counted." }),
});
