// Schemas about the people who took part: in numbers, and one by one.

import { FUNNEL, LEFT_AT } from "../observe/funnel.js";
import * as v from "../platform/valibot.js";
import { LANGUAGES } from "../record/export_words.js";
import { Source } from "./campaign.js";
import { anyObject, count, flag, like, oneOf, queryNumber, saying, shownAs, table, technique, text, time, whole } from "./pieces.js";

const days = queryNumber(1, 400, "How far back the funnel and the series go; 30 without, by the hour 7, which is the most there.");
const by = saying(oneOf("day", "hour"), "Length of the pieces of `series`, UTC; a day without.");
export const AccountStatisticsQuery = v.strictObject({ days: v.optional(days), by: v.optional(by) });
export const StatisticsQuery = v.strictObject({
  ...AccountStatisticsQuery.entries,
  format: v.optional(saying(oneOf("json", "csv", "excel"), "csv is the whole export for programs; excel is the same for people: labels, times of the campaign's own zone, each consent with its time and wording, and the separator of the language.")),
  lang: v.optional(saying(oneOf(...LANGUAGES), "The language of `excel`; en without.")),
  limit: v.optional(queryNumber(1, 1000, "Rows of a page; 500 without.")),
  before: v.optional(saying(like(/^\d{1,15}\.[0-9a-f-]{36}$/, "`next` of the page before"), "`next` of the page before.")),
});

/** As the core counts them (`SUBJECT_CHARACTERS`): characters of Unicode, not units of UTF-16. */
const SUBJECT = /^[^\p{Cc}\p{Cs}]{1,256}$/u;
/** Tells a subject that may take part from anything else. @param {unknown} value @returns {value is string} */
export const isSubject = (value) => typeof value === "string" && SUBJECT.test(value);
export const subject = v.pipe(
  v.custom(isSubject, "a string of 1 to 256 characters without control characters"),
  shownAs({ type: "string", minLength: 1, maxLength: 256, description: "The person, as the issuer names them: `sub`." }),
);
export const PersonRequest = v.strictObject({ subject });

const facts = {
  subject: v.optional(saying(text, "The person, as the issuer names them. Only as `record` of the campaign says, as what follows.")),
  namespace: v.optional(saying(text, "The issuer.")),
  gift: v.optional(anyObject),
  custom: v.optional(anyObject),
  limit: v.optional(saying(v.strictObject({ nb: v.optional(count), canPlay: v.optional(flag), count }), "The limit that governed, and the participations with this one.")),
  source: v.optional(Source),
  language: v.optional(text),
  duration: v.optional(saying(count, "Seconds.")),
  step: v.optional(text),
};
const Consent = v.strictObject({ given: flag, at: whole, wording: text });
const Funnel = v.pipe(
  v.strictObject(Object.fromEntries(FUNNEL.map((step) => [step, count]))),
  v.description("How often each step was reached, in the order of the steps; previews are not counted."),
);
const Left = v.pipe(
  v.strictObject(Object.fromEntries(Object.values(LEFT_AT).map((step) => [step, count]))),
  v.description("Drafts that were never submitted, by the step at which they were left, counted an hour later. Only browsers that keep a draft with us are in it: those that deny the campaign's frame its storage, and those that left to sign in."),
);
const numbers = { participations: count, participants: count, previews: saying(count, "Previews that were played to their end in the span of the funnel; nothing else is kept of them."), refusals: table(count), funnel: Funnel, left: Left };
export const AccountStatistics = v.strictObject({
  account: text,
  campaigns: v.array(v.strictObject({ campaignId: text, title: table(text), languages: v.array(text), ...numbers })),
  asOf: time,
});
const Worded = v.strictObject({ id: text, text: table(text) });
const Shown = v.strictObject({
  title: table(text),
  signIn: v.array(technique),
  timeZone: text,
  starts: v.optional(time),
  ends: v.optional(time),
  fields: v.array(v.strictObject({ name: text, type: text, label: table(text), choices: v.array(Worded) })),
  optins: v.array(v.strictObject({ name: text, wording: table(text) })),
  questions: v.array(v.strictObject({ id: text, text: table(text), choices: v.array(Worded), right: v.optional(text) })),
});
export const Statistics = v.strictObject({
  account: text,
  campaignId: text,
  ...numbers,
  funnels: saying(
    v.array(v.strictObject({ technique: v.nullable(technique), steps: v.array(v.strictObject({ step: text, n: count })) })),
    "The steps in the order in which people come by, for each way to sign in; with `null` those before it is known which one somebody takes.",
  ),
  begins: saying(v.nullable(time), "When the page was first opened or the first participation was recorded, as far as that is kept."),
  before: saying(v.nullable(v.strictObject({ opened: count, submitted: count, refused: count })), "The same span before this one, if anything was counted in it."),
  answers: saying(table(table(count)), "How often each choice was given, by question; of all participations that are kept."),
  optins: saying(table(v.array(v.strictObject({ wording: text, given: count, withheld: count }))), "Consents under each wording; of all participations that are kept."),
  campaign: saying(Shown, "The campaign's own words for what its rows name."),
  by: oneOf("day", "hour"),
  series: saying(
    v.array(v.strictObject({ at: time, funnel: table(count), refusals: table(count) })),
    "Only the pieces of time in which something happened, oldest first.",
  ),
  rows: v.array(
    v.strictObject({
      id: text,
      at: time,
      technique,
      form: table(text),
      optin: table(Consent),
      answers: anyObject,
      ...facts,
    }),
  ),
  next: saying(v.nullable(text), "Give it as `before` to go on."),
  asOf: time,
});

const until = saying(whole, "When it is deleted, milliseconds since 1970.");
export const Person = v.strictObject({
  account: text,
  participants: v.array(
    v.strictObject({
      campaignId: text,
      namespace: saying(text, "Who vouched for the subject: its issuer."),
      count: saying(count, "Participations that count for the limit."),
      participations: v.array(
        v.strictObject({
          id: text,
          at: saying(whole, "Milliseconds since 1970."),
          until,
          technique: text,
          preview: v.optional(v.pipe(flag, shownAs({ const: true }))),
          form: table(text),
          optin: table(Consent),
          answers: anyObject,
          ...facts,
          kept: v.array(oneOf("record", "outbox", "webhook", "statistics")),
        }),
      ),
    }),
  ),
  profiles: saying(
    v.array(v.strictObject({ profile: anyObject, until })),
    "What the profile API said of a token, kept for as long as the token lives, at most two hours.",
  ),
  asOf: time,
});
export const Erased = v.strictObject({ account: text, erased: table(count) });
