// Schemas for the campaign's own pages.

import * as v from "../platform/valibot.js";
import { account, anyObject, campaignId, count, digest, flag, judged, language, like, number, oneOf, preview, saying, shownAs, step, table, technique, text, time, trail } from "./pieces.js";

const PATH_CHARACTERS = 2048;

const token = { type: "string", description: "The token as the customer signed it; a campaign that is open to everybody needs none." };
const pass = like(/^[\x21-\x7e]{1,8192}$/, "a pass");
export const AdmitRequest = v.strictObject({
  account,
  campaignId,
  token: judged(token),
  pass: v.optional(saying(pass, "The pass of a preview, from the fragment of its link; instead of a token.")),
  lang: v.optional(language),
  preview: v.optional(preview),
});

export const ShownRequest = v.strictObject({ account, campaignId, pass: saying(pass, "The pass of a preview of the campaign's draft."), lang: v.optional(language) });
export const Shown = v.strictObject({ campaign: saying(anyObject, "What the campaign's page shows, in one language.") });

const given = { type: "object", description: "Question id to choice id." };
/** As much of a path as is kept: neither a place nor a length is a reason to lose anything. */
const cut = v.pipe(
  text,
  v.transform((value) => value.slice(0, PATH_CHARACTERS)),
);
export const Source = v.strictObject({
  kind: oneOf("tag", "minisite", "link", "app"),
  origin: v.optional(saying(cut, "Of the host page; kept if the account names it.")),
  path: v.optional(saying(cut, "Of the host page; kept without query and fragment.")),
});
export const Submission = v.strictObject({
  pass: judged({ type: "string", description: "From admit or redeem." }, { needed: true }),
  form: judged({ type: "object", description: "Field name to what was typed." }),
  optin: judged({ type: "object", additionalProperties: { type: "boolean" } }),
  answers: judged(given),
  lang: judged({ type: "string", description: "The language that the wording of the opt-ins was shown in." }),
  source: v.optional(Source),
  duration: v.optional(saying(count, "Seconds since the campaign was opened.")),
  step: v.optional(saying(step, "The step from which it is sent.")),
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

export const StepReached = v.strictObject({ account, campaignId, step: oneOf("questions", "identityset"), answered: v.optional(saying(flag, "Beside `questions`: the last of them is answered.")), technique: v.optional(saying(technique, "How the person has signed in, once that is known.")), preview: v.optional(flag) });

/** The events of a frame, as the tag dispatches them. */
const EVENTS = oneOf("ready", "admitted", "refused", "prefilled", "submitted", "expired", "looked", "login", "warning", "error");
export const TrailSaid = v.strictObject({
  account,
  campaignId,
  trail,
  name: EVENTS,
  code: v.optional(saying(like(/^[\w.-]{1,64}$/, "a code or a reason"), "The code or the reason of the event.")),
  origin: v.optional(saying(like(/^https?:\/\/[\w.:[\]-]{1,253}$/, "an origin"), "Of the page; kept only if the account names it.")),
});

const host = v.strictObject({ path: v.nullish(cut), fragment: v.nullish(cut), scroll: v.nullish(number) }, "an object");
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
  preview: v.optional(preview),
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
const tried = v.optional(saying(v.literal(true), "A preview: nothing is recorded with this pass."));
const told = { preview: tried, texts: v.optional(table(text)), ref: v.optional(text) };

const later = saying(flag, "There: POST /v1/profile has more to say at the form step.");
const wouldComeBy = v.optional(saying(technique, "Of a preview by its link: how this person would come in."));
export const Admitted = v.strictObject({ admission: Admission, pass: earned, profile: v.optional(later), technique: wouldComeBy, ...told });

export const ProfileRequest = v.strictObject({ pass: judged({ type: "string", description: "From admit or redeem." }, { needed: true }) });
const { again, custom, decision, reason, prefill } = Admission.entries;
export const Profiled = v.strictObject({ decision, reason, again, prefill, custom, pass: earned, ref: v.optional(text) });

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
export const Redeemed = v.strictObject({ account: text, campaignId: text, step: text, admission: Admission, pass: earned, profile: v.optional(later), draft: v.nullable(Draft), ...told });
const Score = saying(v.strictObject({ right: count, count, answers: table(text) }), "Where questions have right answers: how many were given, and the right choice of each.");
export const Recorded = v.strictObject({ participationId: v.pipe(text, shownAs({ type: "string", format: "uuid" })), recordedAt: time, count, receipt: v.optional(saying(text, "A JWT by the key of this deployment, with `typ` participation+jwt, good for an hour; of previews there is none.")), preview: tried, score: v.optional(Score) });

export const StartQuery = v.strictObject({
  account,
  campaignId,
  step: v.optional(saying(step, "Step to come back to.")),
  return: v.optional(saying(like(/^\d{1,3}:?\/[\x21-\x7e]{0,255}$/, "the index of an origin and a path, such as 0:/page"), "Index of an origin of the account and a path: 0:/page.")),
  bind: v.optional(saying(digest, "Hash of the proof, from /v1/drafts.")),
  lang: v.optional(language),
  preview: v.optional(saying(oneOf("1"), "Asks for a preview; a page of a test origin has one in any case.")),
  prompt: v.optional(saying(oneOf("login", "create"), "login: the login page asks who it is, even if it knows somebody. create: an account is made first, where the document has `register`.")),
});
/** A page reads what it can use of these and never minds the rest. */
export const CampaignQuery = v.object({
  lang: judged({ type: "string", description: "Language." }),
  theme: judged({ type: "string", description: "light or dark; transparent beside it." }),
  draft: judged({ type: "string", description: "Present: the page of a preview of the draft, which has nothing before its pass was shown." }),
  popup: judged({ type: "string", description: "Present: a window to sign in for the frame that opens it." }),
});
