// What the schemas of the API's description are made of.

/** @param {string} name */
export const ref = (name) => ({ $ref: `#/components/schemas/${name}` });

export const text = { type: "string" };
export const count = { type: "integer", minimum: 0 };
export const number = { type: "number" };
export const time = { type: "string", format: "date-time" };
export const table = (/** @type {object} */ values) => ({ type: "object", additionalProperties: values });

/**
 * An object with exactly these members.
 * @param {Record<string, object>} properties
 * @param {string[]} [required] all without
 */
export const exactly = (properties, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
