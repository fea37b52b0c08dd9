// One line of JSON per request: the decision. Tokens, codes, tickets and personal data have no way into a log,
// because a line is made of names, codes and numbers only.

/** @import { Decision } from "../observe/decision.js" */

/** @param {Decision} decision */
export function logDecision(decision) {
  console.log(JSON.stringify(decision));
}

/**
 * Something unexpected. The class of the fault and the place in our code, not its message: messages of
 * foreign code may quote data.
 * @param {string} where
 * @param {unknown} fault
 * @param {string} [ref]
 */
export function logFault(where, fault, ref) {
  const kind = fault instanceof Error ? fault.name : typeof fault;
  const stack = fault instanceof Error ? (fault.stack ?? "") : "";
  const place = /([\w./-]+\.js:\d+:\d+)/.exec(stack.split("\n").slice(1).join("\n"))?.[1] ?? "unknown";
  console.error(JSON.stringify({ ts: new Date().toISOString(), fault: kind, where, place, ...(ref && { ref }) }));
}
