// What a page is told of a prefill: everything but the values of hidden fields, which are stored and never shown.

/** @import { Admission, Campaign } from "../types.d.ts" */

/**
 * @param {Campaign} campaign
 * @param {Admission["prefill"]} prefill
 * @returns {Admission["prefill"]}
 */
export function shownOf(campaign, prefill) {
  const hidden = campaign.fields.filter(({ type }) => type === "hidden").map(({ name }) => name);
  if (hidden.length === 0) return prefill;
  const isShown = (/** @type {string} */ name) => !hidden.includes(name);
  return {
    ...prefill,
    form: Object.fromEntries(Object.entries(prefill.form).filter(([name]) => isShown(name))),
    locked: prefill.locked.filter(isShown),
    ignored: prefill.ignored.filter(({ name }) => isShown(name)),
  };
}
