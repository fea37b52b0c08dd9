// node worker/rotate.mjs add|activate|drop [FILE]: the next step of a rotation of the sealing keys. Reads the secrets as
// `wrangler secret bulk` takes them (JSON with RING) from FILE or the standard input, and writes them with the ring of the
// next step. Between the steps the deployment must have spread everywhere; PRODUCTION.md says how long to wait.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @typedef {{ kid: string, key: string, status: "next" | "active" | "retiring" }} RingKey */
/** @typedef {{ environment: string, keys: RingKey[] }} Ring */

/**
 * @param {Ring} ring
 * @param {string} step
 * @param {{ kid: string, key: string }} [fresh] the key that is added
 * @returns {Ring}
 */
export function rotated(ring, step, fresh = { kid: randomBytes(6).toString("hex"), key: randomBytes(32).toString("base64url") }) {
  const has = (/** @type {RingKey["status"]} */ status) => ring.keys.some((key) => key.status === status);
  if (step === "add") {
    if (has("next")) throw new Error("A key is waiting already: activate it first.");
    return { ...ring, keys: [...ring.keys, { ...fresh, status: "next" }] };
  }
  if (step === "activate") {
    if (!has("next")) throw new Error("No key is waiting: add one, deploy, wait, then activate it.");
    if (has("retiring")) throw new Error("A key of before is still there: drop it first, once nothing lives that it has sealed.");
    /** @type {Record<RingKey["status"], RingKey["status"]>} */
    const then = { next: "active", active: "retiring", retiring: "retiring" };
    return { ...ring, keys: ring.keys.map((key) => ({ ...key, status: then[key.status] })) };
  }
  if (step === "drop") {
    if (!has("retiring")) throw new Error("There is no key to drop.");
    return { ...ring, keys: ring.keys.filter(({ status }) => status !== "retiring") };
  }
  throw new Error("The steps are add, activate and drop.");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [, , step = "", file] = process.argv;
  try {
    const secrets = JSON.parse(readFileSync(file ?? 0, "utf8"));
    console.log(JSON.stringify({ ...secrets, RING: JSON.stringify(rotated(JSON.parse(secrets.RING), step)) }));
  } catch (fault) {
    console.error(fault instanceof Error ? fault.message : String(fault));
    process.exitCode = 1;
  }
}
