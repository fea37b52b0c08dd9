// Schemas for the account's programs.

import { SECRET_CHARACTERS } from "../accounts/secrets.js";
import { secretPurposes } from "../platform/handstamp.js";
import * as v from "../platform/valibot.js";
import { account, anyObject, campaignId, count, flag, judged, like, oneOf, queryNumber, saying, shownAs, text, time, whole } from "./pieces.js";
import { subject } from "./people.js";
import { Fault, REASONS } from "./problem.js";

/** @param {string} says */
const version = (says) => queryNumber(0, 999_999_999, says, "the number of a version");

export const PreviewRequest = v.strictObject({
  campaignId,
  subject: v.optional(saying(subject, "The person; without one it is a visitor without a name.")),
  claims: v.optional(saying(anyObject, "What a token of this person would have, such as form, custom, gift and limit: at most 2 KiB, and best of nobody real, as it travels in the link.")),
  participations: v.optional(saying(count, "How often the person has taken part before.")),
  expiresIn: v.optional(saying(count, "Seconds, 60 to 2592000; a day without.")),
  page: v.optional(saying(text, "A page of the account with the tag, at one of its origins or test origins; the campaign's own page without.")),
  refusal: v.optional(saying(like(/^[a-z0-9_]{1,64}$/, "a code"), "The code of a refusal to show, as a visitor would see it.")),
  draft: v.optional(saying(flag, "true plays the draft of the campaign, on the campaign's own page; the published one where there is no draft.")),
});
export const Preview = v.strictObject({ pass: text, link: text, expiresAt: time });

/** RFC 6749 section 3.2: unknown parameters are ignored. */
export const TokenRequest = v.object({
  grant_type: v.pipe(text, shownAs({ enum: ["client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"] })),
  scope: v.optional(saying(text, "For jwt-bearer: crypto.")),
  client_id: v.optional(text),
  client_secret: v.optional(text),
  assertion: v.optional(saying(text, "For jwt-bearer: the signed token, with an exp.")),
  account: v.optional(saying(text, "For jwt-bearer without a client: whose token it is.")),
});
export const AccessToken = v.strictObject({ access_token: text, token_type: v.literal("Bearer"), expires_in: v.literal(3600), scope: text });

export const Document = saying(anyObject, "The account document, which has a schema of its own: worker/account.schema.json.");
export const AccountKept = v.strictObject({ account: text, version: count, changed: flag, warnings: v.array(v.unknown()) });
const endsAt = v.optional(saying(time, "When an account that is to be deleted ends."));
export const AccountDocument = v.strictObject({ account: text, version: count, at: time, endsAt, redirectUri: saying(text, "The URI to register at the account's identity provider."), document: anyObject });
export const AccountsQuery = v.strictObject({
  limit: v.optional(queryNumber(1, 200, "Accounts of a page; 50 without it.")),
  after: v.optional(saying(account, "The `next` of the page before.")),
});
const summary = { account: text, version: saying(count, "0 for one that has secrets and no document."), at: v.optional(time), endsAt };
export const Accounts = v.strictObject({ accounts: v.array(v.strictObject(summary)), next: v.nullable(text) });
export const AccountRestored = v.strictObject(summary);
export const AccountEnding = v.strictObject({ account: text, endsAt: time });
const actor = v.strictObject({ kind: oneOf("client", "operator", "person"), id: text, name: v.optional(saying(text, "Of a person who is still there.")) });
export const Versions = v.strictObject({
  account: text,
  versions: v.array(v.strictObject({ version: count, at: time, author: v.optional(saying(actor, "Nothing for versions from before this was noted.")), reason: v.optional(text) })),
});
const reason = saying(like(/^[^\x00-\x1f\x7f]{1,200}$/, "a reason of 1 to 200 characters, on one line"), "Why, for the versions and the audit list. No personal data.");
export const ChangeQuery = v.strictObject({ reason: v.optional(reason) });
const draft = { at: saying(time, "Its version; the ETag is the same in milliseconds since 1970."), author: actor };
export const Campaigns = v.strictObject({
  account: text,
  version: count,
  campaigns: v.array(
    v.strictObject({
      campaignId: text,
      title: v.optional(v.unknown()),
      starts: v.optional(v.unknown()),
      ends: v.optional(v.unknown()),
      timeZone: v.optional(v.unknown()),
      state: saying(oneOf("draft", "not_yet", "open", "over", "archived"), "draft: it has never been published."),
      draft: v.optional(saying(v.strictObject(draft), "Where there are changes that are not published.")),
    }),
  ),
});
export const CampaignDraftRequest = v.strictObject({
  campaign: saying(anyObject, "The campaign, as it would stand in the account document."),
  from: saying(count, "The version of the document that it was made from; 0 for a new campaign."),
});
export const CampaignDraft = v.strictObject({
  campaignId: text,
  ...draft,
  from: count,
  campaign: anyObject,
  faults: saying(v.array(Fault), "Reasons why it cannot be published as it is."),
});
export const AuditQuery = v.strictObject({
  limit: v.optional(queryNumber(1, 1000, "Entries of a page; 100 without it.")),
  before: v.optional(queryNumber(1, 999_999_999, "The `next` of the page before.", "the id of an entry")),
});
export const Audit = v.strictObject({
  account: text,
  entries: v.array(
    v.strictObject({
      id: count,
      at: time,
      actor,
      action: saying(text, "The name of the operation in this description."),
      about: v.optional(saying(text, "The name or number of what was changed.")),
      reason: v.optional(text),
    }),
  ),
  next: v.nullable(count),
});
export const VersionQuery = v.strictObject({ version: v.optional(version("An earlier one.")) });
export const RollbackRequest = v.strictObject({ version: whole, reason: v.optional(reason) });
export const DifferencesQuery = v.strictObject({
  from: version("The earlier one."),
  to: v.optional(version("The later one; without it, the current one.")),
});
export const Differences = v.strictObject({
  account: text,
  from: count,
  to: count,
  changes: v.array(v.strictObject({ path: text, change: oneOf("added", "removed", "changed"), before: v.optional(v.unknown()), after: v.optional(v.unknown()) })),
});

const value = v.pipe(v.string("a string"), v.minLength(1, "a string that is not empty"));
const purpose = oneOf(...secretPurposes());
export const SecretRequest = v.strictObject({
  value: v.optional(v.pipe(value, shownAs({ type: "string", minLength: 1, maxLength: SECRET_CHARACTERS }))),
  keyPair: v.optional(saying(oneOf("ECDH-ES+A256KW", "RSA-OAEP-256"), "In the place of `value`: the service makes a private key for this algorithm. Its public half is in the account's encryption keys once the document uses it.")),
  purpose: v.optional(saying(purpose, "The only use of the secret. Without it, the purpose of the value before; for a new secret, `verify`.")),
});
export const Secrets = v.strictObject({ account: text, secrets: v.array(v.strictObject({ name: text, purposes: v.array(purpose), at: time })) });
const status = oneOf("next", "active", "retiring", "revoked");
const when = v.optional(time);
const name = like(/^[A-Za-z0-9_.-]{1,40}$/, "a name of 1 to 40 letters, digits, dots, _ or -");
const part = v.optional(text);
const list = oneOf("verify", "decrypt");
export const KeyWarning = v.strictObject({
  code: text,
  at: saying(text, "The place in the document."),
  says: text,
  how: text,
  fix: oneOf("issuer", "settings", "service", "participant"),
  since: time,
  from: v.optional(saying(time, "The time that it is about.")),
  got: part,
});
export const Keys = v.strictObject({
  account: text,
  asOf: time,
  version: count,
  lists: v.array(
    v.strictObject({
      list,
      keys: v.array(
        v.strictObject({
          at: text,
          name: text,
          method: part,
          alg: part,
          status,
          since: when,
          until: v.optional(saying(time, "From when a retiring key may be dropped.")),
          need: v.optional(oneOf("secret", "key_pair", "public_key", "key_set", "published")),
          secret: v.optional(saying(text, "The name of its secret.")),
          written: v.optional(saying(time, "When the secret was stored.")),
          ends: v.optional(saying(time, "When its certificate ends.")),
          used: v.optional(saying(time, "When a token last used it, to the hour.")),
          published: v.optional(
            v.strictObject({
              url: text,
              fetchedAt: when,
              failed: v.optional(saying(text, "Why the set cannot be had.")),
              keys: v.array(v.strictObject({ kid: part, kty: part, alg: part, usable: flag, first: v.optional(saying(time, "When it was first seen.")), used: when })),
            }),
          ),
        }),
      ),
      next: v.strictObject({ step: oneOf("add", "activate", "drop"), from: v.optional(saying(time, "From when it is safe; not there where that is not known, or at any time.")) }),
    }),
  ),
  warnings: v.array(KeyWarning),
});
export const RotationRequest = v.strictObject({
  list,
  step: oneOf("add", "activate", "drop", "revoke"),
  key: v.optional(saying(text, "The key that is replaced or revoked; without it, the only active one.")),
  name: v.optional(saying(name, "The ID of the new key; without it, the day.")),
  material: judged({ description: "The new key, where the customer has made it: a PEM or JWK public key, a JWK set, or a secret in base64url." }),
  waited: v.optional(saying(flag, "Somebody vouches that the time has passed: only the order is judged.")),
  reason: v.optional(reason),
});
export const Rotated = v.strictObject({
  ...AccountKept.entries,
  name: v.optional(saying(text, "The ID of the new key.")),
  secret: v.optional(saying(text, "The secret that was made, shown this once.")),
  public: v.optional(saying(anyObject, "The public half of the key that was made, for those who encrypt.")),
});

export const ClientRequest = v.strictObject({ scope: judged({ type: "string", description: "Scopes, with a space between two." }, { needed: true }) });
export const Client = v.strictObject({ clientId: text, clientSecret: saying(text, "Shown this once."), scope: text });

export const Clients = v.strictObject({ account: text, clients: v.array(v.strictObject({ clientId: text, scope: text, at: time })) });

export const EncryptRequest = v.strictObject({ token: text, account: v.optional(saying(account, "For operators: whose token it is.")) });
export const Encrypted = v.strictObject({ token: text, alg: text, enc: text });
export const EncryptionKeys = v.strictObject({
  keys: v.array(v.strictObject({ kty: text, crv: part, x: part, y: part, n: part, e: part, kid: part, alg: text, use: v.literal("enc") })),
});

export const ExplainRequest = v.strictObject({ account, campaignId: v.optional(campaignId), token: text });
const fix = oneOf("issuer", "settings", "service", "participant");
export const Report = v.strictObject({
  verdict: oneOf("accepted", "rejected"),
  code: v.optional(saying(text, "What to read first.")),
  checks: v.array(
    v.strictObject({
      check: text,
      code: text,
      status: oneOf("pass", "fail", "warn", "skip"),
      path: part,
      expected: part,
      got: part,
      hint: part,
      fix: v.optional(fix),
    }),
  ),
});

export const RefusalQuery = v.strictObject({ account: v.optional(saying(account, "For operators: which account; without it, all of them.")) });
/** A time of RFC 3339 in UTC, or a day. */
const moment = like(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z)?$/, "a time in UTC, or a day, such as 2026-12-31");
export const RefusalsQuery = v.strictObject({
  ...RefusalQuery.entries,
  code: v.optional(saying(like(/^[a-z0-9_]{1,64}$/, "a code"), "Those with this code only.")),
  since: v.optional(
    saying(
      v.pipe(
        moment,
        v.check((day) => !Number.isNaN(Date.parse(day)), "a day of the calendar"),
      ),
      "Not before this time (RFC 3339, in UTC), or this day.",
    ),
  ),
});
export const RefusalReport = v.strictObject({
  ref: text,
  account: text,
  code: text,
  reason: v.picklist(REASONS),
  stage: oneOf("admit", "start", "callback", "redeem", "profile", "submit", "page"),
  says: text,
  how: text,
  fix,
  retry: text,
  campaignId: part,
  shown: saying(text, "What the participant saw."),
  at: time,
  until: time,
  detail: v.strictObject({ at: part, expected: part, got: part, kid: part, alg: part }),
});
const cause = v.strictObject({ code: text, at: saying(time, "The beginning of the hour."), n: count });
export const RefusalList = v.strictObject({ refusals: v.array(RefusalReport), counts: saying(v.array(cause), "Every refusal of the last 72 hours by code and hour, oldest first; also those whose reports made way for others.") });

export const DeadLetters = v.strictObject({
  account: text,
  dead: v.array(v.strictObject({ participationId: text, at: time, attempts: count, got: text })),
});
export const Replayed = v.strictObject({ account: text, replayed: count, more: flag });

export const Trail = v.strictObject({
  account: text,
  events: saying(v.array(v.strictObject({ at: time, name: text, code: v.optional(text), origin: v.optional(text) })), "Oldest first, at most 50; kept in memory for ten minutes after the last look."),
});
