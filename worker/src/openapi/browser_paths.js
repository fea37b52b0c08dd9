// Paths that the campaign's pages call, and those that a browser goes to.

import { account, answers, body, campaign, parameter, problems, text } from "./parts.js";
import { ref } from "./shapes.js";

const preview = { type: "boolean", description: "Only tried out: marked, not counted, gone after a day." };
const answersGiven = { type: "object", description: "Question id to choice id." };

export const browserPaths = {
  "/v1/token/admit": {
    post: {
      tags: ["campaign"],
      operationId: "admitToken",
      summary: "Verify a token, judge its limit, and give what it says of the participant.",
      requestBody: body({ account: text, campaignId: text, token: { ...text, maxLength: 16384 }, lang: text, preview }, [
        "account",
        "campaignId",
        "token",
      ]),
      responses: {
        200: answers("Admitted", "The token is good; `decision` says whether this person may play."),
        ...problems(400, 401, 403, 404, 413, 415, 502),
      },
    },
  },
  "/v1/participations": {
    post: {
      tags: ["campaign"],
      operationId: "participate",
      summary: "Record a participation, once.",
      parameters: [
        parameter("Idempotency-Key", "header", "The same for every retry of one submission.", {
          required: true,
          schema: { type: "string", minLength: 8, maxLength: 128 },
        }),
      ],
      requestBody: body(
        {
          pass: text,
          form: { type: "object" },
          optin: { type: "object", additionalProperties: { type: "boolean" } },
          answers: answersGiven,
          lang: text,
          preview,
        },
        ["pass", "form"],
      ),
      responses: {
        201: answers("Recorded", "It is on disk. The same key with the same body is answered the same."),
        ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
      },
    },
  },
  "/v1/steps": {
    post: {
      tags: ["campaign"],
      operationId: "countStep",
      summary: "Count that a person has come to a step. Only a number is kept.",
      requestBody: body({ account: text, campaignId: text, step: { enum: ["questions", "identityset"] }, preview }, [
        "account",
        "campaignId",
        "step",
      ]),
      responses: { 204: { description: "Counted." }, ...problems(400, 403, 404, 413, 415) },
    },
  },
  "/v1/drafts": {
    post: {
      tags: ["campaign"],
      operationId: "keepDraft",
      summary: "Keep step, answers and place for an hour, under the proof of this browser.",
      requestBody: body(
        {
          account: text,
          campaignId: text,
          step: { enum: ["intro", "questions", "identityset", "exit", "sorry"] },
          lang: text,
          answers: answersGiven,
          host: { type: "object", properties: { path: text, scroll: { type: "number" }, fragment: text } },
          pass: text,
          admission: { type: "object" },
          session: { type: "object" },
          proof: text,
          scriptProof: { type: "boolean" },
        },
        ["account", "campaignId", "step"],
      ),
      responses: {
        200: answers("DraftKept", "`bind` is the hash of the proof."),
        ...problems(400, 403, 404, 413, 415),
      },
    },
    get: {
      tags: ["campaign"],
      operationId: "readDraft",
      summary: "What is kept under the proof of this browser.",
      parameters: [
        parameter("account", "query", "Name of the account.", { required: true }),
        parameter("campaignId", "query", "Id of the campaign.", { required: true }),
      ],
      responses: {
        200: {
          description: "The draft, or null.",
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: { draft: { anyOf: [ref("Draft"), { type: "null" }] } },
                required: ["draft"],
              },
            },
          },
        },
        ...problems(400, 403),
      },
    },
  },
  "/v1/oauth/redeem": {
    post: {
      tags: ["campaign"],
      operationId: "redeemTicket",
      summary: "Trade a ticket and the proof of this browser for an admission.",
      requestBody: body({ ticket: text, proof: text, account: text, campaignId: text, preview }, ["ticket"]),
      responses: { 200: answers("Redeemed", "Signed in."), ...problems(400, 401, 403, 404, 413, 415, 502) },
    },
  },
  "/oauth/start": {
    get: {
      tags: ["login"],
      operationId: "startLogin",
      summary: "Go to the account's login page. A top-level navigation only.",
      parameters: [
        parameter("account", "query", "Name of the account.", { required: true }),
        parameter("campaignId", "query", "Id of the campaign.", { required: true }),
        parameter("step", "query", "Step to come back to."),
        parameter("return", "query", "Index of an origin of the account and a path: 0/page."),
        parameter("bind", "query", "Hash of the proof, from /v1/drafts."),
        parameter("lang", "query", "Language."),
        parameter("prompt", "query", "login: the login page asks who it is, even if it knows somebody."),
      ],
      responses: {
        302: { description: "To the login page." },
        303: { description: "Back to the campaign with `#handstamp=<ticket>`, as the login server cannot be used." },
        ...problems(400, 403, 404),
      },
    },
  },
  "/oauth/callback": {
    get: {
      tags: ["login"],
      operationId: "finishLogin",
      summary: "Where the login page leads back to: the one redirect URI of all accounts.",
      responses: { 303: { description: "To the campaign, with `#handstamp=<ticket>`." }, ...problems(400, 404) },
    },
  },
  "/oauth/callback/{account}": {
    get: {
      tags: ["login"],
      operationId: "finishLoginOfAccount",
      summary: "The same for an account with a redirect URI of its own.",
      parameters: [account],
      responses: { 303: { description: "To the campaign, with `#handstamp=<ticket>`." }, ...problems(400, 404) },
    },
  },
  "/campaign/{account}/{campaignId}": {
    get: {
      tags: ["campaign"],
      operationId: "showCampaign",
      summary: "The reference campaign, in a frame or a window of its own.",
      parameters: [
        account,
        campaign,
        parameter("lang", "query", "Language."),
        parameter("preview", "query", "Present: tried out, not counted."),
      ],
      responses: { 200: { description: "A page.", content: { "text/html": {} } }, ...problems(404) },
    },
  },
};
