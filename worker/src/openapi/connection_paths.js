// Paths of the customer's IT administrator, who comes by a one-time link.

import { account, answers, body, needs, problems, text } from "./parts.js";

const tags = ["connection"];
const session = [{ connection: [] }];

export const connectionPaths = {
  "/v1/accounts/{account}/connection-links": {
    post: {
      tags,
      operationId: "createConnectionLink",
      summary: "A link for the customer's IT administrator: five minutes, good once. Its secret is in the fragment.",
      security: needs("accounts"),
      parameters: [account],
      responses: { 201: answers("ConnectionLink", "To be handed over by a safe way."), ...problems(401, 403, 404) },
    },
  },
  "/v1/connections": {
    post: {
      tags,
      operationId: "openConnection",
      summary: "Trade a link for half an hour, and learn what to register at the login server.",
      requestBody: body({ account: text, link: { ...text, description: "The fragment of the link." } }, ["account", "link"]),
      responses: { 200: answers("Connection", "The link is used up now."), ...problems(400, 401, 404, 413, 415) },
    },
  },
  "/v1/connections/test": {
    post: {
      tags,
      operationId: "testConnection",
      summary: "Try out settings, discovery, keys and the way to the login page. Sets the flow cookie of that login.",
      security: session,
      requestBody: body({ account: text }, ["account"]),
      responses: { 200: answers("ConnectionTest", "Each step; go to `login` for the rest."), ...problems(400, 401, 404, 413, 415) },
    },
  },
  "/v1/connections/login": {
    post: {
      tags,
      operationId: "finishConnection",
      summary: "The rest of the trial: login, exchange, profile, and the form beside the redacted claims.",
      security: session,
      requestBody: body({ account: text, ticket: { ...text, description: "From the fragment of /connect/{account}." } }, [
        "account",
        "ticket",
      ]),
      responses: { 200: answers("ConnectionLogin", "Nobody is admitted and nothing is kept."), ...problems(400, 401, 404, 413, 415) },
    },
  },
};
