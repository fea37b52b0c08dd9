// Requests that a browser or a program makes for a page before a person has asked for it, or only to look at it. On the way of a
// sign-in they would start or use up what is the person's.

import { Refusal } from "./problem.js";

/** What browsers say of a request that they make in advance: today's header, and those of before. */
const IN_ADVANCE = { "sec-purpose": "prefetch", purpose: "prefetch", "x-moz": "prefetch", "x-purpose": "preview" };

/**
 * Refuses HEAD and every request in advance: a browser that meets the refusal asks again when the person comes.
 * @param {Request} request
 */
export function requirePerson({ headers, method }) {
  const isEarly = Object.entries(IN_ADVANCE).some(([name, word]) => headers.get(name)?.includes(word));
  if (isEarly || method === "HEAD") throw new Refusal("query_invalid", { expected: "a navigation of a person" }, { status: 403, unseen: true });
}

/**
 * Lets a person in who goes somewhere, not a frame, an image or a script. Browsers say what they fetch for; a client that
 * does not is taken at its word, as it has no cookies to abuse.
 * @param {Request} request
 */
export function requireNavigation(request) {
  requirePerson(request);
  const dest = request.headers.get("sec-fetch-dest");
  if (dest && dest !== "document") throw new Refusal("query_invalid", { expected: "a top-level navigation" }, { status: 403 });
}
