// Schemas about the people who took part: in numbers, and one by one.

import { FUNNEL } from "../observe/funnel.js";
import { count, exactly, ref, table, text, time } from "./shapes.js";

export const peopleSchemas = {
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
    profiles: {
      type: "array",
      description: "What the profile API said of a token, kept for as long as the token lives, at most two hours.",
      items: exactly({
        profile: { type: "object" },
        until: { type: "integer", description: "When it is deleted, milliseconds since 1970." },
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
};
