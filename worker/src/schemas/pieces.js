// Pieces that the schemas are made of. The words of a piece say what is expected where something else came.

import { isObject } from "../http/body.js";
import { ACCOUNT, CAMPAIGN, DIGEST, LANGUAGE, STEPS, TICKET, TRAIL } from "../platform/names.js";
import * as v from "../platform/valibot.js";

/**
 * Says how /openapi.json shows a value whose rule no schema can say, or that a reader of its own judges.
 * @param {object} json JSON Schema
 * @param {{ needed?: boolean }} [options] needed: shown as required, as its reader refuses its absence
 */
export const shownAs = (json, { needed = false } = {}) => v.metadata({ json, needed });

/**
 * Makes a member that a reader of its own judges, under a code of its own.
 * @param {object} json
 * @param {{ needed?: boolean }} [options]
 */
export const judged = (json, options) => v.optional(v.pipe(v.unknown(), shownAs(json, options)));

/** @param {RegExp} pattern @param {string} words */
export const like = (pattern, words) => v.pipe(v.string(words), v.regex(pattern, words));
/** @template {string} T @param {T[]} values */
export const oneOf = (...values) => v.picklist(values, values.length > 1 ? `one of ${values.join(", ")}` : values[0]);
/** @template {v.GenericSchema} T @param {T} values */
export const table = (values) => v.record(v.string(), values);
/** @template {v.GenericSchema} T @param {T} schema @param {string} words */
export const saying = (schema, words) => v.pipe(schema, v.description(words));

export const text = v.string("a string");
export const flag = v.boolean("true or false");
export const number = v.number("a number");
export const whole = v.pipe(v.number("a whole number"), v.integer("a whole number"));
export const count = v.pipe(whole, v.minValue(0, "0 or more"));
export const time = v.pipe(text, shownAs({ type: "string", format: "date-time" }));
export const anyObject = v.pipe(v.custom(isObject, "an object"), shownAs({ type: "object" }));

export const account = like(ACCOUNT, "the name of an account");
export const campaignId = like(CAMPAIGN, "the id of a campaign");
export const language = like(LANGUAGE, "a language, such as fr or fr-BE");
export const digest = like(DIGEST, "43 characters of base64url");
export const ticket = like(TICKET, "a ticket");
export const trail = like(TRAIL, "22 characters of base64url");
export const step = oneOf(...STEPS);
export const technique = oneOf("token", "oauth", "anonymous");
export const preview = saying(flag, "Asks for a preview: tried out only, nothing is recorded or counted.");

/**
 * Makes a whole number as it stands in a query.
 * @param {number} least
 * @param {number} most
 * @param {string} says
 */
export function queryNumber(least, most, says, words = `${least} to ${most}`) {
  const digits = v.pipe(v.string(words), v.regex(/^\d{1,9}$/, words), shownAs({ type: "integer", minimum: least, maximum: most, description: says }));
  return v.pipe(digits, v.transform(Number), v.minValue(least, words), v.maxValue(most, words));
}
