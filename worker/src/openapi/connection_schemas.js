// Schemas of the trial of a connection.

const text = { type: "string" };
const optional = (/** @type {string[]} */ ...names) => Object.fromEntries(names.map((name) => [name, text]));
const object = (/** @type {Record<string, object>} */ properties, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const list = (/** @type {object} */ items) => ({ type: "array", items });
const time = { type: "string", format: "date-time" };
const steps = list(
  object(
    {
      step: { enum: ["settings", "discovery", "keys", "authorize", "login", "exchange", "profile"] },
      status: { enum: ["pass", "warn", "fail", "skip"] },
      found: { type: "object", description: "Endpoints, or keys." },
      ...optional("code", "says", "how", "at", "expected", "got"),
    },
    ["step", "status"],
  ),
);
const redacted = {
  path: { ...text, description: "JSON Pointer of the claim, or name of the field." },
  type: { enum: ["text", "number", "boolean", "null", "list", "object"] },
  length: { type: "integer" },
  shown: { ...text, description: "The first letter of a text; never more." },
};
const judgement = object({ status: { enum: ["pass", "warn", "fail"] }, says: text });

export const connectionSchemas = {
  ConnectionLink: object({ link: text, expiresAt: time }),
  Connection: object({
    account: text,
    session: { ...text, description: "For `Authorization: Bearer` of the two calls that follow." },
    expiresAt: time,
    register: object({
      preset: text,
      issuer: text,
      redirectUri: text,
      grantTypes: list(text),
      responseTypes: list(text),
      scope: list(text),
      clientId: text,
      clientAuth: text,
      pkce: text,
    }),
  }),
  ConnectionTest: object(
    {
      steps,
      authorize: object({ endpoint: text, parameters: list(object({ name: text, value: text, says: text })) }),
      verdict: object({ iss: judgement, pkce: judgement }),
      login: { ...text, description: "The login page; it comes back to /connect/{account}#handstamp=<ticket>." },
    },
    ["steps", "verdict"],
  ),
  ConnectionLogin: object(
    {
      steps,
      claims: list(object({ from: { enum: ["id_token", "userinfo"] }, rows: list(object(redacted, ["path", "type"])) })),
      mapped: list(object({ ...redacted, locked: { type: "boolean" } }, ["path", "type", "locked"])),
      ignored: list(object({ name: text, reason: text })),
    },
    ["steps"],
  ),
};
