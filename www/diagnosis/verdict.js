// The first thing to be seen: what came of it, in one sentence, with what was expected and found and who can help.

import { element } from "../shared/element.js";
import { FIXES } from "../shared/owners.js";
import { fill, part } from "./page.js";
import { seal } from "./seal.js";
import { compared, termsOf } from "./compared.js";
import { NAMES, codeOf, says } from "./words.js";

/** @import { Check } from "../../pkg/dist/index.js" */
/** @import { Judgement } from "./judge.js" */
/**
 * @typedef {object} Verdict
 * @property {"empty" | "open" | "accepted" | "warned" | "rejected" | "settings"} state
 * @property {string} label
 * @property {string} sentence
 * @property {string} [how]
 * @property {[string, string | undefined][]} [facts]
 * @property {Check[]} [also] what else is wrong
 */

/** @type {Verdict} */
const EMPTY = {
  state: "empty",
  label: "Every check, in your browser",
  sentence: "Paste a token, and see why it is refused.",
  how: "Add its key to see the expected and the actual values, and who can fix the token.",
};

/** The key set is known by its URL, which this page does not fetch. @type {Verdict} */
const WAITING = {
  state: "open",
  label: "Not checked yet · key_set_not_loaded",
  sentence: "No fault so far. Paste the key set.",
  how: "This page fetches nothing: open the URL of the key set yourself, and paste its content below the settings.",
};

/** @param {Judgement | undefined} judgement @returns {Verdict} */
export function verdictOf(judgement) {
  if (!judgement) return EMPTY;
  const { report, fault, keyless, layers } = judgement;
  if (fault) {
    const { at, expected, got, says: sentence, how } = fault.details;
    return { state: "settings", label: `Settings · ${fault.code}`, sentence, how, facts: [["Where", at], ["Expected", expected], ["Got", got], ["Who fixes it", FIXES[fault.details.fix]]] };
  }
  if (!report) return EMPTY;
  const found = report.checks.filter(({ status }) => status === "fail" || status === "warn");
  const first = found.find(({ code }) => code === report.code) ?? found.find(({ status }) => status === "fail") ?? (report.code === "key_set_not_loaded" ? undefined : found[0]);
  if (keyless && !first) return unfinished(layers[0]?.inspection.form === "jwe");
  if (!first && report.code === "key_set_not_loaded") return WAITING;
  const also = found.filter((check) => check !== first && check.status === first?.status);
  const refused = report.verdict === "rejected";
  if (!first) return { state: "accepted", label: "Accepted", sentence: "This token is valid.", how: "Every check passed for these settings at this moment." };
  const [terms, { expected, got }] = [termsOf(first), compared(first, judgement)];
  const label = refused ? "Refused" : keyless ? "No fault so far, but" : "Accepted, but";
  return {
    state: refused ? "rejected" : "warned",
    label: `${label} · ${first.code}`,
    sentence: says(first.code),
    how: first.hint,
    facts: [["Where", first.path], [terms.expected, expected], [terms.got, got], ["Who fixes it", FIXES[first.fix ?? ""]]],
    also,
  };
}

/** No fault was seen, but not everything could be looked at. @param {boolean} encrypted @returns {Verdict} */
function unfinished(encrypted) {
  return encrypted
    ? { state: "open", label: "Not checked yet", sentence: "The token is encrypted. Give its keys.", how: "Its header can be read by everybody; what is inside only with the key that it was encrypted for, and the key of the signature." }
    : { state: "open", label: "Not checked yet", sentence: "No fault so far. Now its key.", how: "Form, times and claims are good. Whether the signature is, only its key can tell: a shared secret, a public key or a key set." };
}

/** @param {Verdict} verdict */
export function showVerdict({ state, label, sentence, how = "", facts = [], also = [] }) {
  const box = part("verdict");
  const heading = part("sentence");
  if (box.dataset.state !== state || !part("seal").firstChild) part("seal").replaceChildren(seal(state));
  box.dataset.state = state;
  fill(part("label"), label.split(" · ").map((text, index) => (index === 0 ? element("span", {}, text) : codeOf(text))));
  box.classList.toggle("long", sentence.length > 44);
  // Only what is new is read out.
  if (heading.textContent !== sentence) heading.textContent = sentence;
  const known = facts.filter(([, text]) => text);
  fill(part("facts"), known.map(([term, text]) => element("div", {}, element("dt", {}, term), element("dd", {}, text))));
  part("facts").hidden = known.length === 0;
  part("how").textContent = how;
  part("also").hidden = also.length === 0;
  part("also").textContent = also.length === 0 ? "" : `Also: ${[...new Set(also.map(({ check, code }) => (code === check ? NAMES[check] : says(code))))].join(" ")}`;
  part("tools").hidden = state === "empty";
  // Where the verdict stands below, a line beside the token leads to it.
  part("short").hidden = state === "empty";
  part("short").firstChild.textContent = `${label.split(" · ")[0]}: see why`;
}
