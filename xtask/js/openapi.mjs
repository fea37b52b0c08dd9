// The API's description (OpenAPI 3.1), made of the worker's route table and of worker/examples/api.json, and written to
// standard output: `node openapi.mjs <version>`.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { toJsonSchema, toJsonSchemaDefs } from "@valibot/to-json-schema";
import { getMetadata } from "valibot";
import { routeTable } from "./routes.mjs";

/** @import { GenericSchema } from "valibot" */
/** @import { Row } from "./routes.mjs" */

/** @typedef {{ parameters?: Record<string, unknown>, request?: unknown, response?: unknown }} Example */

const STATUSES = /** @type {Record<number, string>} */ ({
  400: "The call is not well formed.",
  401: "Who calls, or the token, is not accepted.",
  403: "This caller may not do this.",
  404: "There is no such thing.",
  409: "The limit is reached.",
  412: "Another version has come since; the answer names it and its author.",
  413: "The body is too large.",
  415: "The body's media type is not supported.",
  422: "The content is not valid.",
  429: "There is enough of this for now.",
  500: "Something failed on our side.",
  502: "A server of the account did not answer as it should.",
  503: "The deployment is not configured.",
});

/** What stands between braces in a path. @type {Record<string, string>} */
const PARTS = {
  account: "Name of the account.",
  campaignId: "Id of the campaign.",
  client: "Client id.",
  name: "Name of the secret.",
  person: "Id of a person or of an invitation.",
  ref: "The number that the participant saw.",
  subject: "The subject of a token or login, escaped for a URL.",
};

/** @param {Record<string, GenericSchema>} definitions */
function writer(definitions) {
  /** @type {import("@valibot/to-json-schema").ConversionConfig} */
  const config = {
    target: "draft-2020-12",
    typeMode: "input",
    definitions,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    overrideSchema({ valibotSchema, jsonSchema }) {
      const { type, entries } = /** @type {any} */ (valibotSchema);
      if (type === "custom") return {};
      if (!entries) return undefined;
      const needed = Object.keys(entries).filter((name) => entries[name].wrapped && getMetadata(entries[name].wrapped).needed);
      const { required = [], ...rest } = jsonSchema;
      const all = [...required, ...needed];
      return { ...rest, ...(all.length > 0 && { required: all }) };
    },
    overrideAction: ({ valibotAction, jsonSchema }) => {
      const { type, metadata } = /** @type {any} */ (valibotAction);
      // What a check of our own asks is in the words beside it.
      if (type === "check") return jsonSchema;
      return type === "metadata" ? { ...(jsonSchema.description && { description: jsonSchema.description }), ...metadata.json } : undefined;
    },
  };
  const plain = (/** @type {any} */ { $schema: _schema, $defs: _defs, ...schema }) => schema;
  return {
    one: (/** @type {GenericSchema} */ schema) => plain(toJsonSchema(schema, config)),
    all: () => Object.fromEntries(Object.entries(toJsonSchemaDefs(definitions, config)).map(([name, schema]) => [name, plain(schema)])),
  };
}

/** The statuses of refusals: those that follow from the row, and its own. @param {Row} route */
function refusals({ body, console: ofConsole, limit, ownPage, page, path, query, refuses = [], scope, always }) {
  const follow = [
    ...(path.startsWith("/v1/") || (query && !page) ? [400] : []),
    ...(page && query ? [400] : []),
    ...(scope ? [401, 403] : []),
    ...(ownPage || ofConsole ? [403] : []),
    ...(body ? [400, 413, 415] : []),
    ...(typeof limit === "string" ? [429] : []),
    ...(always ? [] : [500, 503]),
  ];
  return [...new Set([...follow, ...refuses])].sort();
}

/** @param {Row} route @returns {object[]} */
const securityOf = ({ scope, security, openInDevelopment, forOperators }) => [
  ...(scope ? [{ accessToken: [scope] }] : []),
  ...(scope && !forOperators ? [{ session: [] }] : []),
  ...(openInDevelopment ? [{}] : []),
  ...(security ?? []),
];

/**
 * @param {Row} route
 * @param {Example} example
 * @param {ReturnType<typeof writer>} write
 */
function operation(route, example, write) {
  const { path, query, headers = {}, body, gives, tag, id, does } = route;
  const shown = (/** @type {string} */ name) => (example.parameters && name in example.parameters ? { example: example.parameters[name] } : {});
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, description: PARTS[name], schema: { type: "string" }, ...shown(name) })),
    ...Object.entries(query ? write.one(query).properties : {}).map(([name, { description, ...schema }]) => ({
      name,
      in: "query",
      required: (write.one(/** @type {GenericSchema} */ (query)).required ?? []).includes(name),
      ...(description && { description }),
      schema,
      ...shown(name),
    })),
    ...Object.entries(headers).map(([name, { description, optional = false, ...schema }]) => ({ name, in: "header", required: !optional, description, schema, ...shown(name) })),
  ];
  const successful = Object.entries(gives).map(([status, { says, type, schema, also }]) => {
    const shownAnswer = example.response === undefined ? {} : { example: example.response };
    const content = type && { [type]: { ...(schema && { schema: write.one(schema) }), ...shownAnswer } };
    return [status, { description: says, ...(content && { content: { ...content, ...(also && { [also]: {} }) } }) }];
  });
  return {
    tags: [tag],
    operationId: id,
    summary: does,
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: { [body.type]: { schema: write.one(body.schema), ...(example.request !== undefined && { example: example.request }) } },
      },
    }),
    responses: {
      ...Object.fromEntries(successful),
      ...Object.fromEntries(refusals(route).map((status) => [status, { $ref: `#/components/responses/${status}` }])),
    },
  };
}

/** The whole description. @param {string} version */
export async function description(version) {
  const { routes, schemas } = await routeTable();
  const examples = /** @type {Record<string, Example>} */ (JSON.parse(await readFile(new URL("../../worker/examples/api.json", import.meta.url), "utf8")));
  const named = Object.fromEntries(Object.entries(schemas).filter(([name, schema]) => /^[A-Z]/.test(name) && schema.kind === "schema" && !name.endsWith("Query")));
  const write = writer(named);
  const described = routes.filter(({ id }) => id);
  return {
    openapi: "3.1.0",
    info: {
      title: "Handstamp",
      version,
      summary: "Signs people into campaigns at the edge.",
      description:
        "The campaign frame admits a token or redeems a login, and submits the form with the pass that it earned. " +
        "Every refusal is a problem document (RFC 9457) with a `ref`, under which the account finds the cause for 72 hours. " +
        "A member or parameter that is not described is refused, with the name that was probably meant.",
      license: { name: "MIT OR Apache-2.0", identifier: "MIT OR Apache-2.0" },
    },
    servers: [{ url: "https://campaigns.example" }],
    tags: [
      { name: "campaign", description: "Called by the campaign's own pages." },
      { name: "login", description: "Navigations of a browser." },
      { name: "account", description: "Called by the account's programs, with an access token." },
      { name: "connection", description: "Called by the IT administrator's page." },
      { name: "console", description: "Called by the console's own page, where people sign in." },
      { name: "operations", description: "For monitors and operators." },
    ],
    paths: Object.fromEntries(
      [...new Set(described.map(({ path }) => path))].map((path) => [
        path,
        Object.fromEntries(
          described.filter((route) => route.path === path).map((route) => [route.method.toLowerCase(), operation(route, examples[route.id ?? ""] ?? {}, write)]),
        ),
      ]),
    ),
    components: {
      schemas: write.all(),
      responses: Object.fromEntries(
        Object.entries(STATUSES).map(([status, says]) => [
          status,
          { description: says, content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } },
        ]),
      ),
      securitySchemes: {
        accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "From /v1/auth/token." },
        connection: { type: "http", scheme: "bearer", description: "The session of /v1/connections." },
        session: { type: "apiKey", in: "cookie", name: "__Host-hs_console_{account}", description: "A person's session at the console, from its own pages only; the role decides." },
        client: { type: "http", scheme: "basic", description: "Client id and secret." },
      },
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.stdout.write(JSON.stringify(await description(process.argv[2] ?? "")));
