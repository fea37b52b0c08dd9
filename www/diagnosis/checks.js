// Every check at a glance: grouped by what it is about, the worst group first, and in each group what is wrong first.

import { element } from "../shared/element.js";
import { FIXES } from "../shared/owners.js";
import { compared, termsOf } from "./compared.js";
import { GROUPS, NAMES, codeOf, says } from "./words.js";

/** @import { Check, Report } from "../../pkg/dist/index.js" */
/** @import { Judgement } from "./judge.js" */

const ORDER = ["fail", "warn", "pass", "skip"];
const SIGNS = { fail: "✕", warn: "!", pass: "✓", skip: "–" };
const SPOKEN = { fail: "Failed:", warn: "Remark:", pass: "Passed:", skip: "Not checked:" };

/** @param {Check} check */
const rank = ({ status }) => ORDER.indexOf(status);

/** The groups of a report, worst first. @param {Report} report @returns {[string, Check[]][]} */
export function grouped({ checks }) {
  /** @type {[string, Check[]][]} */
  const groups = GROUPS.map(([title, names]) => [title, checks.filter(({ check }) => names.includes(check)).sort((a, b) => rank(a) - rank(b))]);
  const filled = groups.filter(([, own]) => own.length > 0);
  return filled.sort(([, [first]], [, [other]]) => Math.min(rank(first), 2) - Math.min(rank(other), 2));
}

/** @param {Report} report @param {Judgement} judgement */
export function checkGroups(report, judgement) {
  const groups = grouped(report);
  const good = groups.filter(([, [first]]) => rank(first) > 1).length;
  return groups.map(([title, checks], index) => {
    const worst = checks[0].status;
    // Two good ones stand side by side; the last of an odd number takes the line for itself.
    const whole = good % 2 === 1 && index === groups.length - 1;
    const wrong = checks.filter(({ status }) => status === "fail" || status === "warn");
    const rest = checks.filter((check) => !wrong.includes(check));
    return element("section", { className: `group ${worst}${whole ? " whole" : ""}` },
      element("h3", {}, element("span", {}, title), element("span", { className: "count" }, counted(checks))),
      ...wrong.map((check) => finding(compared(check, judgement))),
      rest.length > 0 && element("ul", { className: "rest" }, ...rest.map(line)));
  });
}

/** @param {Check[]} checks */
function counted(checks) {
  const count = (/** @type {string} */ status) => checks.filter((check) => check.status === status).length;
  const parts = [["fail", "failed"], ["warn", "to improve"], ["pass", "passed"]].map(([status, word]) => count(status) > 0 && `${count(status)} ${word}`);
  return parts.filter(Boolean).join(" · ") || "not checked";
}

/** @param {keyof typeof SIGNS} status */
const sign = (status) => [
  element("span", { className: "sign", "aria-hidden": "true" }, SIGNS[status]),
  element("span", { className: "unseen" }, SPOKEN[status]),
];

/** What is wrong, with everything that is known about it. @param {Check} check */
function finding({ check, code, status, path, expected, got, hint, fix }) {
  const terms = termsOf({ check, code, status });
  const facts = [["Where", path], [terms.expected, expected], [terms.got, got], ["Who fixes it", FIXES[fix ?? ""]]].filter(([, text]) => text);
  return element("article", { className: `finding ${status}` },
    element("p", { className: "name" }, ...sign(status), element("span", {}, NAMES[check]), code !== check && codeOf(code)),
    element("p", { className: "sentence" }, says(code)),
    element("dl", {}, ...facts.map(([term, text]) => element("div", {}, element("dt", {}, term), element("dd", {}, text)))),
    hint && element("p", { className: "hint" }, hint));
}

/** What is good, or could not be looked at. @param {Check} check */
function line({ check, status, got }) {
  return element("li", { className: status }, ...sign(status), element("span", {}, NAMES[check]), got && element("span", { className: "got" }, got));
}
