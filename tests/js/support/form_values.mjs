// The values of tests/vectors/form_values.json.

import { readFileSync } from "node:fs";

/** @typedef {"text" | "email" | "tel" | "date" | "country" | "checkbox"} Type */

/** @returns {{ type: Type, value: string, taken: boolean }[]} */
export function formValues() {
  const { values } = JSON.parse(readFileSync(new URL("../../vectors/form_values.json", import.meta.url), "utf8"));
  return values.map((/** @type {any} */ { many = "", times = 0, value, ...row }) => ({ ...row, value: many.repeat(times) + value }));
}
