// Pieces that many paths share.

import { ref } from "./shapes.js";

const NAMES = {
  400: "The call is not well formed.",
  401: "Who calls, or the token, is not accepted.",
  403: "This caller may not do this.",
  404: "There is no such thing.",
  409: "The limit is reached.",
  413: "The body is too large.",
  415: "The body's media type is not supported.",
  422: "The content is not valid.",
  429: "There is enough of this for now.",
  500: "Something failed on our side.",
  502: "A server of the account did not answer as it should.",
  503: "The deployment is not configured.",
};

/**
 * @param {string} schema
 * @param {string} description
 */
export function answers(schema, description) {
  return { description, content: { "application/json": { schema: ref(schema) } } };
}

/**
 * Problem documents for these statuses, and for what nobody expected.
 * @param {(keyof typeof NAMES)[]} statuses
 */
export function problems(...statuses) {
  return Object.fromEntries(
    [...statuses, /** @type {const} */ (429), /** @type {const} */ (500)].map((status) => [
      status,
      { description: NAMES[status], content: { "application/problem+json": { schema: ref("Problem") } } },
    ]),
  );
}

/**
 * @param {Record<string, object>} properties
 * @param {string[]} required
 */
export function body(properties, required) {
  return { required: true, content: { "application/json": { schema: { type: "object", properties, required } } } };
}

/**
 * @param {string} name
 * @param {"path" | "query" | "header"} place
 * @param {string} description
 * @param {{ required?: boolean, schema?: object }} [options]
 */
export function parameter(name, place, description, { required = place === "path", schema = { type: "string" } } = {}) {
  return { name, in: place, required, description, schema };
}

/** @param {string[]} scope */
export const needs = (...scope) => [{ accessToken: scope }];

export const account = parameter("account", "path", "Name of the account.");
export const campaign = parameter("campaignId", "path", "Id of the campaign.");
export const text = { type: "string" };
