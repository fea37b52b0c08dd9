// JSON Pointers (RFC 6901): places in a JSON value.

/**
 * Names the place of a member below another place.
 * @param {string} path
 * @param {string} name
 */
export function below(path, name) {
  return `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * Finds what stands at a place.
 * @param {unknown} value
 * @param {string} pointer
 */
export function at(value, pointer) {
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = /** @type {Record<string, unknown>} */ (value)[name];
  }
  return value;
}
