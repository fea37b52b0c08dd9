// Schemas of the API's description (JSON Schema 2020-12).

import { FUNNEL } from "../funnel.js";

/** @param {string} name */
export const ref = (name) => ({ $ref: `#/components/schemas/${name}` });

const text = { type: "string" };
const count = { type: "integer", minimum: 0 };
const number = { type: "number" };
const time = { type: "string", format: "date-time" };
const table = (/** @type {object} */ values) => ({ type: "object", additionalProperties: values });

/**
 * An object with exactly these members.
 * @param {Record<string, object>} properties
 * @param {string[]} [required] all without
 */
const exactly = (properties, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

export const REASONS = [
  "token_missing",
  "token_invalid",
  "token_expired",
  "not_allowed",
  "quota_reached",
  "campaign_unknown",
  "login_cancelled",
  "login_failed",
  "wrong_browser",
  "try_again",
];

export const schemas = {
  Problem: {
    type: "object",
    description: "A refusal. What is not about the call itself stays behind `ref`.",
    properties: {
      type: text,
      title: text,
      status: { type: "integer", minimum: 400, maximum: 599 },
      detail: { ...text, description: "A sentence that may be shown." },
      reason: { enum: REASONS },
      retry: { enum: ["no", "later", "login", "new_token"] },
      ref: {
        type: "string",
        pattern: "^[0-9A-HJKMNP-TV-Z]{8}$",
        description: "Crockford base32; can be said on the phone.",
      },
      code: { ...text, description: "Only where it is about the call itself." },
      at: text,
      expected: text,
      got: text,
      error: { ...text, description: "The error's name in RFC 6749 section 5.2; only from /v1/auth/token." },
      fields: { type: "array", items: ref("FormFault"), description: "Only with form_invalid." },
      faults: {
        type: "array",
        items: { anyOf: [ref("Fault"), text] },
        description: "With account_invalid and misconfigured.",
      },
      account: text,
      campaignId: text,
      step: text,
      draft: {
        anyOf: [ref("Draft"), { type: "null" }],
        description: "Only from redeem: what the participant had filled in.",
      },
    },
    required: ["type", "title", "status", "detail", "reason", "retry", "ref"],
    additionalProperties: false,
  },
  Fault: exactly({ path: { ...text, description: "JSON Pointer (RFC 6901)." }, code: text, message: text }),
  FormFault: exactly({ name: text, path: text, reason: text, detail: text }),
  Warning: exactly({ code: text, message: text, at: text }, ["code", "message"]),
  Limit: exactly({ nb: count, canPlay: { type: "boolean" } }, []),
  Admission: exactly(
    {
      subject: text,
      campaignId: text,
      expiresAt: { type: ["number", "null"] },
      decision: { enum: ["allowed", "refused", "limit_unchecked"] },
      reason: { enum: ["not_allowed", "quota_reached"] },
      limit: ref("Limit"),
      prefill: exactly({
        form: table(text),
        optin: table({ type: "boolean" }),
        locked: { type: "array", items: text },
        ignored: { type: "array", items: exactly({ name: text, reason: text }) },
      }),
      gift: { type: "object" },
      custom: { type: "object" },
      warnings: { type: "array", items: ref("Warning") },
    },
    ["subject", "campaignId", "expiresAt", "decision", "prefill", "warnings"],
  ),
  Pass: {
    type: ["string", "null"],
    description: "Sealed proof of the admission, good for two hours; null when refused.",
  },
  Admitted: exactly({ admission: ref("Admission"), pass: ref("Pass"), texts: table(text), ref: text }, [
    "admission",
    "pass",
  ]),
  Redeemed: exactly(
    {
      account: text,
      campaignId: text,
      step: text,
      admission: ref("Admission"),
      pass: ref("Pass"),
      draft: { anyOf: [ref("Draft"), { type: "null" }] },
      texts: table(text),
      ref: text,
    },
    ["account", "campaignId", "step", "admission", "pass", "draft"],
  ),
  Draft: exactly(
    {
      account: text,
      campaignId: text,
      step: text,
      lang: text,
      answers: { type: "object" },
      pass: text,
      admission: { type: "object" },
      session: { type: "object" },
      host: exactly({ path: text, scroll: { type: "number" }, fragment: text }, []),
    },
    ["account", "campaignId", "step"],
  ),
  DraftKept: exactly({ bind: { type: "string", pattern: "^[A-Za-z0-9_-]{43}$" }, expiresIn: count, proof: text }, [
    "bind",
    "expiresIn",
  ]),
  Recorded: exactly({ participationId: { type: "string", format: "uuid" }, recordedAt: time, count }),
  Consent: exactly({ given: { type: "boolean" }, at: { type: "integer" }, wording: text }),
  Funnel: {
    ...exactly(Object.fromEntries(FUNNEL.map((step) => [step, count]))),
    description: "How often each step was reached, in the order of the steps; previews are not counted.",
  },
  AccountStatistics: exactly({
    account: text,
    campaigns: {
      type: "array",
      items: exactly({
        campaignId: text,
        title: table(text),
        languages: { type: "array", items: text },
        participations: count,
        participants: count,
        previews: count,
        refusals: table(count),
        funnel: ref("Funnel"),
      }),
    },
    asOf: time,
  }),
  Person: exactly({
    account: text,
    participants: {
      type: "array",
      items: exactly({
        campaignId: text,
        namespace: { ...text, description: "Who vouched for the subject: its issuer." },
        count: { ...count, description: "Participations that count for the limit." },
        participations: {
          type: "array",
          items: exactly(
            {
              id: text,
              at: { type: "integer", description: "Milliseconds since 1970." },
              until: { type: "integer", description: "When it is deleted." },
              technique: text,
              preview: { const: true },
              form: table(text),
              optin: table(ref("Consent")),
              answers: { type: "object" },
              gift: { type: "object" },
              kept: { type: "array", items: { enum: ["record", "outbox", "webhook", "statistics"] } },
            },
            ["id", "at", "until", "technique", "form", "optin", "answers", "kept"],
          ),
        },
      }),
    },
    asOf: time,
  }),
  Erased: exactly({ account: text, erased: table(count) }),
  Statistics: exactly({
    account: text,
    campaignId: text,
    participations: count,
    participants: count,
    previews: count,
    refusals: table(count),
    funnel: ref("Funnel"),
    by: { enum: ["day", "hour"] },
    series: {
      type: "array",
      description: "Only the pieces of time in which something happened, oldest first.",
      items: exactly({ at: time, funnel: table(count), refusals: table(count) }),
    },
    rows: {
      type: "array",
      items: exactly({
        id: text,
        at: time,
        technique: { enum: ["token", "oauth", "anonymous"] },
        form: table(text),
        optin: table(ref("Consent")),
        answers: { type: "object" },
      }),
    },
    next: { type: ["string", "null"], description: "Give it as `before` to go on." },
    asOf: time,
  }),
  AccountKept: exactly({ account: text, version: count, changed: { type: "boolean" }, warnings: { type: "array" } }),
  AccountDocument: exactly({ account: text, version: count, at: time, document: { type: "object" } }),
  Versions: exactly({ account: text, versions: { type: "array", items: exactly({ version: count, at: time }) } }),
  Differences: exactly({
    account: text,
    from: count,
    to: count,
    changes: {
      type: "array",
      items: exactly(
        { path: text, change: { enum: ["added", "removed", "changed"] }, before: {}, after: {} },
        ["path", "change"],
      ),
    },
  }),
  Encrypted: exactly({ token: text, alg: text, enc: text }),
  EncryptionKeys: exactly({
    keys: {
      type: "array",
      items: exactly({ kty: text, crv: text, x: text, y: text, n: text, e: text, kid: text, alg: text, use: { const: "enc" } }, [
        "kty",
        "alg",
        "use",
      ]),
    },
  }),
  Secrets: exactly({ account: text, secrets: { type: "array", items: exactly({ name: text, at: time }) } }),
  Client: exactly({ clientId: text, clientSecret: { ...text, description: "Shown this once." }, scope: text }),
  AccessToken: exactly({
    access_token: text,
    token_type: { const: "Bearer" },
    expires_in: { const: 3600 },
    scope: text,
  }),
  RefusalReport: exactly(
    {
      ref: text,
      account: text,
      code: text,
      reason: { enum: REASONS },
      stage: { enum: ["admit", "start", "callback", "redeem", "submit"] },
      says: text,
      how: text,
      fix: { enum: ["issuer", "settings", "service", "participant"] },
      retry: text,
      campaignId: text,
      shown: { ...text, description: "What the participant saw." },
      at: time,
      until: time,
      detail: exactly({ at: text, expected: text, got: text, kid: text, alg: text }, []),
    },
    ["ref", "account", "code", "reason", "stage", "says", "how", "fix", "retry", "shown", "at", "until", "detail"],
  ),
  RefusalList: exactly({ refusals: { type: "array", items: ref("RefusalReport") } }),
  Report: exactly({
    verdict: { enum: ["accepted", "rejected"] },
    code: { ...text, description: "What to read first." },
    checks: {
      type: "array",
      items: exactly(
        {
          check: text,
          code: text,
          status: { enum: ["pass", "fail", "warn", "skip"] },
          path: text,
          expected: text,
          got: text,
          hint: text,
          fix: { enum: ["issuer", "settings", "service", "participant"] },
        },
        ["check", "code", "status"],
      ),
    },
  }, ["verdict", "checks"]),
  DeadLetters: exactly({
    account: text,
    dead: { type: "array", items: exactly({ participationId: text, at: time, attempts: count, got: text }) },
  }),
  Replayed: exactly({ account: text, replayed: count, more: { type: "boolean" } }),
  Overview: exactly({
    asOf: time,
    windowSeconds: count,
    bounds: { type: "array", items: count, description: "Upper bounds of the buckets of a duration, milliseconds." },
    decisions: {
      type: "array",
      items: exactly({ at: time, account: text, flow: text, step: text, outcome: text, code: text, n: count }),
    },
    durations: { type: "array", items: exactly({ at: time, step: text, bucket: count, n: count }) },
    wouldRefuse: { type: "array", items: exactly({ at: time, account: text, code: text, n: count }) },
    levels: {
      type: "array",
      items: exactly({ name: text, account: text, at: time, value: number, low: number, high: number }),
    },
    accounts: {
      type: "array",
      items: exactly({
        account: text,
        version: { type: ["integer", "null"] },
        keys: {
          type: "array",
          items: exactly(
            {
              use: { enum: ["verify", "decrypt"] },
              name: text,
              method: { type: ["string", "null"] },
              alg: { type: ["string", "null"] },
              status: { enum: ["next", "active", "retiring", "revoked"] },
              since: time,
              until: time,
            },
            ["use", "name", "method", "alg", "status"],
          ),
        },
      }),
    },
  }),
  KeySet: exactly({
    keys: {
      type: "array",
      items: exactly({
        kty: { const: "EC" },
        crv: { const: "P-256" },
        x: text,
        y: text,
        kid: text,
        alg: { const: "ES256" },
        use: { const: "sig" },
      }),
    },
  }),
};
