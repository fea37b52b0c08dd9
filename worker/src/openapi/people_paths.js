// Paths about the people who took part: in numbers, and one by one.

import { account, answers, campaign, needs, parameter, problems } from "./parts.js";

const tags = ["account"];
const days = parameter("days", "query", "How far back the funnel and the series go; by the hour at most 7.", {
  schema: { type: "integer", minimum: 1, maximum: 400, default: 30 },
});
const subject = parameter("subject", "path", "The subject of a token or login, escaped for an address.");

export const peoplePaths = {
  "/v1/statistics/{account}": {
    get: {
      tags,
      operationId: "readAccountStatistics",
      summary: "Every campaign of the account in numbers.",
      security: needs("statistics"),
      parameters: [account, days],
      responses: { 200: answers("AccountStatistics", "As of `asOf`."), ...problems(400, 401, 403, 404) },
    },
  },
  "/v1/statistics/{account}/{campaignId}": {
    get: {
      tags,
      operationId: "readStatistics",
      summary: "Counts, how far people came, refusals by reason over time, and rows, newest first.",
      security: needs("statistics"),
      parameters: [
        account,
        campaign,
        parameter("format", "query", "json or csv; csv is the whole export.", { schema: { enum: ["json", "csv"] } }),
        parameter("limit", "query", "Rows of a page.", {
          schema: { type: "integer", minimum: 1, maximum: 1000, default: 500 },
        }),
        parameter("before", "query", "`next` of the page before."),
        parameter("by", "query", "Length of the pieces of `series`, UTC.", { schema: { enum: ["day", "hour"], default: "day" } }),
        days,
        parameter("preview", "query", "only: the rows of previews instead.", { schema: { enum: ["none", "only"] } }),
      ],
      responses: {
        200: {
          ...answers("Statistics", "As of `asOf`; what was recorded just now may follow."),
          content: { ...answers("Statistics", "").content, "text/csv": {} },
        },
        ...problems(400, 401, 403, 404),
      },
    },
  },
  "/v1/participants/{account}/{subject}": {
    get: {
      tags,
      operationId: "exportParticipant",
      summary: "Everything that is kept of one person in all campaigns of the account.",
      security: needs("participants"),
      parameters: [account, subject],
      responses: { 200: answers("Person", "Nothing is an answer too."), ...problems(400, 401, 403, 404) },
    },
    delete: {
      tags,
      operationId: "eraseParticipant",
      summary: "Erase one person everywhere: records, counts, outbox, statistics, profiles. Safe to repeat.",
      security: needs("participants"),
      parameters: [account, subject],
      responses: { 200: answers("Erased", "How much each place held."), ...problems(400, 401, 403, 404) },
    },
  },
};
