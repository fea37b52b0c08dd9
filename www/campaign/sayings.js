// What the page itself says of a participation, as far as the campaign has it recorded: where it stands, how long it took,
// and from which step it was sent.

import { appAround } from "./in_app.js";

/** A host page answers at once; a form waits for none. */
const PLACE_MS = 500;

/**
 * @param {import("./campaign.js").Campaign} campaign
 * @param {import("./host/host.js").Host} host
 * @param {import("./session.js").Kept} kept
 */
export async function sayings({ record }, host, { since, step }) {
  const has = (/** @type {string} */ name) => record.includes(name);
  return {
    ...(has("source") && { source: await sourceOf(host) }),
    ...(has("duration") && { duration: Math.max(0, Math.round((Date.now() - since) / 1000)) }),
    ...(has("step") && { step }),
  };
}

/** @param {import("./host/host.js").Host} host */
async function sourceOf(host) {
  const kind = appAround(navigator.userAgent) === null ? host.kind : "app";
  const late = new Promise((resolve) => setTimeout(resolve, PLACE_MS, null));
  const place = /** @type {import("./campaign.js").Place | null} */ (await Promise.race([host.place(), late]));
  return { kind, ...(host.origin && { origin: host.origin, ...(place && { path: place.path.split(/[?#]/)[0] }) }) };
}
