// One line of JSON per request: names, codes, counts and times. Never a path, a query, a header or a body,
// so that tokens, codes, tickets and personal data have no way into a log.

/** @import { Context } from "./types.d.ts" */

/**
 * @param {Pick<Context, "facts" | "now">} context
 * @param {{ route: string, method: string, status: number }} outcome
 */
export function logRequest(context, outcome) {
  const line = { at: new Date(context.now).toISOString(), ...outcome, ms: Date.now() - context.now, ...context.facts };
  console.log(JSON.stringify(line));
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
  console.error(JSON.stringify({ at: new Date().toISOString(), fault: kind, where, place, ...(ref && { ref }) }));
}
