// A report on one token: what was expected, what was found, who can put it right.

import { element } from "../shared/element.js";
import { FIXES } from "../shared/owners.js";

/** @param {string} term @param {string | number | undefined} text */
const row = (term, text) => text !== undefined && text !== "" && element("div", {}, element("dt", {}, term), element("dd", {}, String(text)));

/**
 * One refusal, as the account that owns the campaign can read it by its ref, and what the explanation of the same
 * token adds to it.
 * @param {any} refusal @param {any} report
 */
export function refusalReport({ code, says, how, fix, ref, detail = {} }, { checks = [] }) {
  const fault = checks.find((/** @type {any} */ { status }) => status === "fail") ?? {};
  return [
    codeLine(code),
    element("p", { className: "says" }, says),
    element("dl", {},
      row("Expected", detail.expected ?? fault.expected), row("Got", detail.got ?? fault.got), row("Where", detail.at ?? fault.path),
      row("Who fixes it", FIXES[fix] ?? fix), row("How", fault.hint ?? how), row("Ref", ref)),
    checkList(checks),
  ];
}

/**
 * Every check that a token went through.
 * @param {any} report
 */
export function checksReport({ verdict, checks }) {
  const fault = checks.find((/** @type {any} */ { status }) => status === "fail");
  return [
    fault ? codeLine(fault.code) : element("p", { className: "code" }, verdict),
    fault && element("dl", {},
      row("Expected", fault.expected), row("Got", fault.got), row("Where", fault.path),
      row("Who fixes it", FIXES[fault.fix]), row("How", fault.hint)),
    checkList(checks),
  ].filter(Boolean);
}

/** A code, which leads to its entry among the service's pages. @param {string} code */
function codeLine(code) {
  const bar = /** @type {HTMLAnchorElement | null} */ (document.querySelector('.topbar a[href$="/codes/"]'));
  return element("p", { className: "code" }, element("a", { href: `${bar?.href ?? ""}#${code}`, target: "_blank", rel: "noreferrer" }, code));
}

/** @param {{ code: string, status: string }[]} checks */
const checkList = (checks) =>
  element("ul", { className: "checks" }, ...checks.map(({ code, status }) => element("li", { className: status, title: status }, code.replaceAll("_", " "))));
