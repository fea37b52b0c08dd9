// Schemas of the trial of a connection, for the customer's IT administrator.

import * as v from "../platform/valibot.js";
import { account, anyObject, campaignId, digest, flag, like, oneOf, saying, text, ticket, time, whole } from "./pieces.js";

export const LinkRequest = v.strictObject({ account, link: saying(digest, "The fragment of the link.") });
export const TrialRequest = v.strictObject({ account, campaignId: v.optional(saying(campaignId, "A campaign with an identity provider of its own; without, the account's is tried.")) });
export const TrialLoginRequest = v.strictObject({ account, ticket: saying(ticket, "From the fragment of /connect/{account}.") });

const register = v.strictObject({
  campaignId: v.optional(saying(text, "The campaign whose identity provider it is; without, the account's.")),
  preset: text,
  issuer: text,
  redirectUri: text,
  grantTypes: v.array(text),
  responseTypes: v.array(text),
  scope: v.array(text),
  clientId: text,
  clientAuth: text,
  pkce: text,
});
export const ConnectionLink = v.strictObject({ link: text, expiresAt: time });
export const Connection = v.strictObject({
  account: text,
  session: saying(text, "For `Authorization: Bearer` of the two calls that follow."),
  expiresAt: time,
  register,
  others: v.optional(saying(v.array(register), "Of campaigns with an identity provider of their own, beside that.")),
});
const part = v.optional(text);
const fetched = v.strictObject({
  url: text,
  method: text,
  ms: whole,
  status: v.optional(whole),
  failed: saying(part, "Why there is no answer."),
  bytes: v.optional(whole),
  limit: v.optional(saying(whole, "Bytes that the answer may have.")),
  part: saying(part, "The part of the answer that decided."),
});
const outcome = v.strictObject({
  step: oneOf("settings", "discovery", "keys", "authorize", "login", "exchange", "profile"),
  status: oneOf("pass", "warn", "fail", "skip"),
  found: v.optional(saying(anyObject, "Endpoints, or keys.")),
  code: part,
  says: part,
  how: part,
  fix: v.optional(oneOf("issuer", "settings", "service", "participant")),
  at: part,
  expected: part,
  got: part,
  fetched: v.optional(saying(v.array(fetched), "Each URL that was fetched for this step, just now.")),
});
const steps = v.array(outcome);
const redacted = {
  path: saying(text, "JSON Pointer of the claim, or name of the field."),
  type: oneOf("text", "number", "boolean", "null", "list", "object"),
  length: v.optional(whole),
  shown: v.optional(saying(text, "The first letter of a text; never more.")),
};
const judgement = v.strictObject({ status: oneOf("pass", "warn", "fail"), says: text });
export const ConnectionTest = v.strictObject({
  steps,
  authorize: v.optional(v.strictObject({ endpoint: text, parameters: v.array(v.strictObject({ name: text, value: text, says: text })) })),
  verdict: v.strictObject({ iss: judgement, pkce: judgement }),
  login: v.optional(saying(text, "The login page; it comes back to /connect/{account}#handstamp=<ticket>.")),
});
export const ConnectionLogin = v.strictObject({
  steps,
  claims: v.optional(v.array(v.strictObject({ from: oneOf("id_token", "userinfo"), rows: v.array(v.strictObject(redacted)) }))),
  mapped: v.optional(v.array(v.strictObject({ ...redacted, locked: flag }))),
  ignored: v.optional(v.array(v.strictObject({ name: text, reason: text }))),
});
export const LastTrial = v.strictObject({ trial: v.nullable(v.strictObject({ at: time, ...ConnectionLogin.entries })) });
export const KeySetRequest = v.strictObject({ url: saying(like(/^https?:\/\/[^\s#]{1,2000}$/, "a URL"), "https, of a public host.") });
export const IssuerRequest = v.strictObject({ preset: text, issuer: saying(like(/^https?:\/\/[^\s#]{1,2000}$/, "a URL"), "As it will stand in the document.") });
/** What a key set or an identity provider's metadata has, or what is wrong with it. */
export const Judged = outcome;
