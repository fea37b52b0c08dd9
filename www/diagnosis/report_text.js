// The report as a text to send to somebody: verdict, checks, what to do. It holds no token, no key and no value.

import { FIXES } from "../shared/owners.js";
import { version } from "./handstamp.js";
import { grouped } from "./checks.js";
import { date, fromNow } from "./moments.js";
import { NAMES, says } from "./words.js";

/** @import { TokenSettings } from "../../pkg/dist/index.js" */
/** @import { Judgement } from "./judge.js" */
/** @import { Verdict } from "./verdict.js" */

const MARKS = { fail: "FAILED ", warn: "REMARK ", pass: "passed ", skip: "skipped" };

/**
 * @param {Verdict} verdict
 * @param {Judgement} judgement
 * @param {TokenSettings | undefined} settings
 * @param {number} now
 */
export function reportText({ label, sentence, how }, { layers, report, fault }, settings, now) {
  const lines = [
    "Why was my token refused?",
    `${label}: ${sentence}`,
    how ?? "",
    "",
    `Judged as of  ${date(now)} (${fromNow(now, Date.now() / 1000)})`,
    `Token         ${layers.map(shapeOf).join(", with inside ") || "none"}`,
    `Settings      ${fault ? "not valid" : settingsIn(settings)}`,
    `Handstamp     ${version}`,
  ];
  for (const [title, checks] of report ? grouped(report) : []) {
    lines.push("", title);
    for (const { check, code, status, path, expected, got, hint, fix } of checks) {
      lines.push(`  ${MARKS[status]}  ${NAMES[check]}${code === check ? "" : ` · ${code}`}${status === "pass" && got ? `: ${got}` : ""}`);
      if (status !== "fail" && status !== "warn") continue;
      const facts = [says(code), path && `where: ${path}`, expected && `expected: ${expected}`, got && `got: ${got}`, fix && `who fixes it: ${FIXES[fix]}`, hint];
      lines.push(...facts.filter(Boolean).map((fact) => `           ${fact}`));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** @param {import("./layers.js").Layer} layer */
function shapeOf({ inspection: { form, parts } }) {
  const letters = parts.reduce((sum, { text }) => sum + text.length, parts.length - 1);
  return `${{ jws: "signed", jwe: "encrypted", other: "of no known form" }[form]}, ${letters} characters`;
}

/** Methods and algorithms, which are no secrets. @param {TokenSettings | undefined} settings */
function settingsIn(settings) {
  if (!settings) return "no key";
  const verify = [settings.verify ?? []].flat().map((/** @type {any} */ { method, alg, encoding }) => [method, alg, encoding].filter((text) => typeof text === "string" && text.length < 24).join(" "));
  const decrypt = [settings.decrypt ?? []].flat().map(({ alg, enc }) => `${alg} ${enc}`);
  return [`verify ${verify.join(", ")}`, decrypt.length > 0 && `decrypt ${decrypt.join(", ")}`].filter(Boolean).join("; ");
}
