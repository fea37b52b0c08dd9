// Every answer that a test gets from a worker is held against the worker's own description (/openapi.json):
// path, method, status, media type and schema must be described.

import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";

/** By origin, and by the text of the description. @type {Map<string, { ajv: Ajv2020, prepared: Map<string, import("ajv").ValidateFunction>, paths: { pattern: RegExp, path: string, item: any }[], responses: Record<string, any> }>} */
const known = new Map();

/** How many answers were held against a schema. */
export const counted = { answers: 0 };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** @param {string} origin of a worker */
export async function learn(origin) {
  const response = await fetch(`${origin}/openapi.json`);
  const text = await response.text();
  if (response.status !== 200) return;
  // It names its own address; else every worker of a run has the same one.
  const api = text.replaceAll(origin, "");
  const read = known.get(api) ?? reader(JSON.parse(text));
  known.set(api, read).set(origin, read);
}

/**
 * Reads the schemas of a description.
 * @param {any} description
 * @param {{ isJudged: boolean }} options whether each schema is held against the schema of schemas, which takes longer to compile than they
 */
export function schemaReader(description, { isJudged }) {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, ...(!isJudged && { meta: false, validateSchema: false }) });
  ajv.addFormat("date-time", (text) => new Date(text).toISOString() === text);
  ajv.addFormat("uuid", UUID);
  ajv.addKeyword("components");
  ajv.addSchema({ $id: "api", components: description.components });
  /** What is wrong with a value; nothing when it fits. @param {object} schema @param {unknown} value */
  const fits = (schema, value) => {
    const validate = ajv.compile(local(schema));
    return validate(value) ? "" : ajv.errorsText(validate.errors);
  };
  return { ajv, fits };
}

/** @param {any} description */
function reader(description) {
  const { ajv } = schemaReader(description, { isJudged: false });
  const paths = Object.entries(description.paths).map(([path, item]) => ({
    path,
    item,
    pattern: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
  }));
  return { ajv, paths, responses: description.components.responses, prepared: new Map() };
}

/**
 * @param {URL} url
 * @param {string} method
 * @param {Response} response
 * @param {string} text
 */
export function check(url, method, response, text) {
  const api = known.get(url.origin);
  const found = api?.paths.find(({ pattern }) => pattern.test(url.pathname));
  const operation = found?.item[method.toLowerCase()];
  if (!api || !operation) return;
  const place = `${method} ${found.path} ${response.status}`;
  const named = operation.responses[response.status];
  const described = named?.$ref ? api.responses[named.$ref.split("/").at(-1)] : named;
  assert.ok(described, `${place} is not described: ${text.slice(0, 200)}`);
  const mediaType = (response.headers.get("content-type") ?? "").split(";")[0];
  if (text === "" || mediaType === "text/html") return;
  const schema = described.content?.[mediaType]?.schema;
  assert.ok(described.content?.[mediaType], `${place} has no ${mediaType}`);
  if (!schema) return;
  const validate = api.prepared.get(place) ?? api.ajv.compile(local(schema));
  api.prepared.set(place, validate);
  assert.ok(validate(JSON.parse(text)), `${place}: ${api.ajv.errorsText(validate.errors)}\n${text}`);
  counted.answers += 1;
}

/** A schema of the description, to stand alone. @param {object} schema */
function local(schema) {
  return JSON.parse(JSON.stringify(schema).replaceAll("#/components/", "api#/components/"));
}
