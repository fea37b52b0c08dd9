// Health, readiness, version, and what stands at `/`.

import { json, publicJson, redirect } from "../../http/answers.js";
import { version } from "../../platform/handstamp.js";
import { logFault } from "../../platform/log.js";
import { misconfigured, wantsPage } from "../../http/problem.js";
import { asset } from "./assets.js";

/** @import { Context, Handler } from "../../types.d.ts" */

/** The isolate runs. @type {Handler} */
export function healthz() {
  return json({ status: "ok" });
}

/**
 * The deployment can do its work; each fault is named. A customer's server that is down is no fault of this deployment.
 * @type {Handler}
 */
export async function readyz(context) {
  const faults = [...context.config.faults, ...(await statisticsFaults(context))];
  if (faults.length > 0) throw misconfigured(faults);
  return json({ status: "ready" });
}

/** @param {Context} context */
async function statisticsFaults({ config, env }) {
  if (!config.statistics || !env.STATISTICS) return [];
  try {
    await env.STATISTICS.prepare("SELECT id FROM participation LIMIT 1").first();
    return [];
  } catch (fault) {
    logFault("readyz", fault);
    return ["STATISTICS does not answer, or its migrations have not been applied"];
  }
}

/** @type {Handler} */
export function versions() {
  return publicJson({ name: "handstamp", version }, 60);
}

/** The description that `cargo xtask pkg` made of the route table, with our own address. @type {Handler} */
export async function openapi({ config, env, url }) {
  const made = await env.ASSETS.fetch(new Request(new URL("/openapi.json", url)));
  return publicJson({ .../** @type {object} */ (await made.json()), servers: [{ url: config.publicUrl }] }, 300);
}

/** In development the first screen is a page of the customer's site; a person elsewhere reads what this is. @type {Handler} */
export function home(context) {
  const { config, request, url } = context;
  if (config.demoUrl) return redirect(302, config.demoUrl);
  if (wantsPage(request)) return asset({ ...context, url: new URL("/home/", url) });
  return publicJson({ name: "handstamp", version, description: "/openapi.json" }, 60);
}
