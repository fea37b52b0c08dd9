// Paths for the account's programs and for operations.

import { account, answers, body, needs, parameter, problems, text } from "./parts.js";

const tags = ["account"];
const operations = ["operations"];
const done = { description: "Done." };

export const managementPaths = {
  "/v1/auth/token": {
    post: {
      tags,
      operationId: "issueToken",
      summary:
        "Trade a client's secret (RFC 6749 section 4.4), or a token that the account has just signed (RFC 7523), for an access token of one hour.",
      security: [{ client: [] }, {}],
      requestBody: {
        required: true,
        content: {
          "application/x-www-form-urlencoded": {
            schema: {
              type: "object",
              properties: {
                grant_type: { enum: ["client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"] },
                scope: { ...text, description: "For jwt-bearer: crypto." },
                client_id: text,
                client_secret: text,
                assertion: { ...text, description: "For jwt-bearer: the signed token, with an exp." },
                account: { ...text, description: "For jwt-bearer without a client: whose token it is." },
              },
              required: ["grant_type"],
            },
          },
        },
      },
      responses: { 200: answers("AccessToken", "An ES256 JWT with `typ` at+jwt."), ...problems(400, 401, 413, 415) },
    },
  },
  "/v1/accounts/{account}": {
    put: {
      tags,
      operationId: "putAccount",
      summary: "Write the account document. The same text again makes no new version.",
      security: needs("accounts"),
      parameters: [account],
      requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } },
      responses: {
        200: answers("AccountKept", "In force here at once, everywhere within ten seconds."),
        ...problems(400, 401, 403, 413, 415, 422),
      },
    },
    get: {
      tags,
      operationId: "getAccount",
      summary: "The document as it was sent.",
      security: needs("accounts"),
      parameters: [account, parameter("version", "query", "An earlier one.", { schema: { type: "integer" } })],
      responses: { 200: answers("AccountDocument", "The document."), ...problems(401, 403, 404) },
    },
  },
  "/v1/accounts/{account}/versions": {
    get: {
      tags,
      operationId: "listVersions",
      summary: "Versions, newest first; the last hundred are kept.",
      security: needs("accounts"),
      parameters: [account],
      responses: { 200: answers("Versions", "The versions."), ...problems(401, 403, 404) },
    },
  },
  "/v1/accounts/{account}/differences": {
    get: {
      tags,
      operationId: "compareVersions",
      summary: "What changed from one version to another, place by place.",
      security: needs("accounts"),
      parameters: [
        account,
        parameter("from", "query", "The earlier one.", { required: true, schema: { type: "integer" } }),
        parameter("to", "query", "The later one; without it, the current one.", { schema: { type: "integer" } }),
      ],
      responses: { 200: answers("Differences", "The changes."), ...problems(400, 401, 403, 404) },
    },
  },
  "/v1/accounts/{account}/rollback": {
    post: {
      tags,
      operationId: "rollBack",
      summary: "Make an earlier document the newest version. A key that has been revoked since stays revoked.",
      security: needs("accounts"),
      parameters: [account],
      requestBody: body({ version: { type: "integer" } }, ["version"]),
      responses: { 200: answers("AccountKept", "The new version."), ...problems(400, 401, 403, 404, 413, 415, 422) },
    },
  },
  "/v1/accounts/{account}/secrets": {
    get: {
      tags,
      operationId: "listSecrets",
      summary: "Names of the secrets; no value is ever read back.",
      security: needs("accounts"),
      parameters: [account],
      responses: { 200: answers("Secrets", "Names and dates."), ...problems(401, 403, 404) },
    },
  },
  "/v1/accounts/{account}/secrets/{name}": {
    put: {
      tags,
      operationId: "putSecret",
      summary: 'Write a secret that documents name as { "secret": "NAME" }.',
      security: needs("accounts"),
      parameters: [account, parameter("name", "path", "Name of the secret.")],
      requestBody: body({ value: { ...text, maxLength: 8192 } }, ["value"]),
      responses: { 204: done, ...problems(400, 401, 403, 404, 413, 415, 422) },
    },
  },
  "/v1/accounts/{account}/clients": {
    post: {
      tags,
      operationId: "createClient",
      summary: "Make an API client of the account.",
      security: needs("accounts"),
      parameters: [account],
      requestBody: body({ scope: text }, ["scope"]),
      responses: {
        201: answers("Client", "The secret is shown this once."),
        ...problems(400, 401, 403, 404, 413, 415, 422),
      },
    },
  },
  "/v1/accounts/{account}/clients/{client}": {
    delete: {
      tags,
      operationId: "deleteClient",
      summary: "Remove an API client; its access tokens end within the hour.",
      security: needs("accounts"),
      parameters: [account, parameter("client", "path", "Client id.")],
      responses: { 204: done, ...problems(401, 403, 404) },
    },
  },
  "/v1/crypto/encrypt": {
    post: {
      tags,
      operationId: "encryptToken",
      summary: "Encrypt a token that is signed with the account's keys. Nothing of it is stored.",
      security: needs("crypto"),
      requestBody: body(
        {
          token: { ...text, maxLength: 16384 },
          account: { ...text, description: "For operators: whose token it is." },
        },
        ["token"],
      ),
      responses: {
        200: answers("Encrypted", "Under a content key that is new for each token."),
        ...problems(400, 401, 403, 404, 409, 413, 415, 422),
      },
    },
  },
  "/v1/crypto/{account}/jwks.json": {
    get: {
      tags,
      operationId: "readEncryptionKeys",
      summary: "Public keys for customers who encrypt their tokens themselves.",
      parameters: [account],
      responses: {
        200: {
          description: "A key set; empty where the account shares a secret instead.",
          content: { "application/jwk-set+json": { schema: { $ref: "#/components/schemas/EncryptionKeys" } } },
        },
        ...problems(404),
      },
    },
  },
  "/v1/refusals": {
    get: {
      tags,
      operationId: "listRefusals",
      summary: "The last hundred refusals.",
      security: needs("refusals"),
      parameters: [
        parameter("account", "query", "For operators: which account; without it, all of them."),
        parameter("code", "query", "Those with this code only."),
        parameter("since", "query", "Not before this time (RFC 3339, in UTC), or this day."),
      ],
      responses: { 200: answers("RefusalList", "Newest first."), ...problems(400, 401, 403) },
    },
  },
  "/v1/refusals/{ref}": {
    get: {
      tags,
      operationId: "getRefusal",
      summary: "Why a participant was refused.",
      security: needs("refusals"),
      parameters: [
        parameter("ref", "path", "The number that the participant saw."),
        parameter("account", "query", "For operators: which account; without it, all of them."),
      ],
      responses: {
        200: answers("RefusalReport", "The cause, and who can put it right."),
        ...problems(400, 401, 403, 404),
      },
    },
  },
  "/v1/explain": {
    post: {
      tags,
      operationId: "explainToken",
      summary: "Every check of a token with its outcome.",
      security: needs("explain"),
      requestBody: body({ account: text, campaignId: text, token: text }, ["account", "token"]),
      responses: { 200: answers("Report", "The report."), ...problems(400, 401, 403, 404, 413, 415) },
    },
  },
  "/.well-known/jwks.json": {
    get: {
      tags: operations,
      operationId: "readKeys",
      summary: "Keys of our access tokens.",
      responses: {
        200: {
          description: "A key set.",
          content: { "application/jwk-set+json": { schema: { $ref: "#/components/schemas/KeySet" } } },
        },
      },
    },
  },
  "/openapi.json": {
    get: { tags: operations, operationId: "describe", summary: "This description.", responses: { 200: done } },
  },
  "/healthz": {
    get: { tags: operations, operationId: "health", summary: "The worker runs.", responses: { 200: done } },
  },
  "/readyz": {
    get: {
      tags: operations,
      operationId: "readiness",
      summary: "The deployment can do its work.",
      responses: { 200: done, ...problems(503) },
    },
  },
  "/v1/accounts/{account}/webhook": {
    get: {
      tags,
      operationId: "listDeadLetters",
      summary: "Participations that the webhook did not take after every attempt.",
      security: needs("accounts"),
      parameters: [account],
      responses: { 200: answers("DeadLetters", "Oldest first, at most 500."), ...problems(401, 403, 404) },
    },
  },
  "/v1/accounts/{account}/webhook/replay": {
    post: {
      tags,
      operationId: "replayDeadLetters",
      summary: "Send them again.",
      security: needs("accounts"),
      parameters: [account],
      responses: { 200: answers("Replayed", "How many, and whether more are left."), ...problems(401, 403, 404) },
    },
  },
  "/metrics": {
    get: {
      tags: operations,
      operationId: "readMetrics",
      summary: "Decisions, durations and ages in the text format of OpenMetrics. For operators, but in development.",
      security: [...needs("statistics"), {}],
      responses: { 200: { description: "OpenMetrics 1.0.", content: { "application/openmetrics-text": {} } }, ...problems(401, 403) },
    },
  },
  "/v1/overview": {
    get: {
      tags: operations,
      operationId: "readOverview",
      summary: "What the operators' page shows: the last day of decisions, durations and ages, and the keys of the accounts.",
      security: needs("statistics"),
      responses: { 200: answers("Overview", "The last day."), ...problems(401, 403) },
    },
  },
  "/version": {
    get: { tags: operations, operationId: "version", summary: "Which version runs.", responses: { 200: done } },
  },
};
