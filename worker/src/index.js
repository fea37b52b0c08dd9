// The worker: from a request to its row of the route table (routes/table.js), one place where a refusal becomes an
// answer, and the headers that every answer has. Policy lives in the core; what is stored lives in the objects.

import { configuration } from "./platform/configuration.js";
import { decisionOf } from "./observe/decision.js";
import { redirect } from "./http/answers.js";
import { logDecision } from "./platform/log.js";
import { count } from "./observe/metrics.js";
import { Refusal, misconfigured, problemResponse, wantsPage } from "./http/problem.js";
import { watch } from "./keys/watchdog.js";
import { enter } from "./routes/entrance.js";
import { ROUTES } from "./routes/table.js";
import { asPage } from "./routes/way_on.js";
import { reseal } from "./accounts/resealing.js";
import { endAccounts } from "./record/account_end.js";
import { retain } from "./record/retention.js";
import { consume } from "./record/statistics.js";
import { traceOf } from "./platform/trace.js";

/** @import { Context, Env, OutboxMessage, Route } from "./types.d.ts" */

export { Account } from "./objects/account/account.js";
export { Counter } from "./objects/participant/counter.js";
export { Draft } from "./objects/participant/draft.js";
export { KeySet } from "./objects/sign_in/key_set.js";
export { Profile } from "./objects/participant/profile.js";
export { Login } from "./objects/sign_in/login.js";
export { Metrics } from "./objects/metrics.js";
export { Participant } from "./objects/participant/participant.js";
export { Person } from "./objects/participant/person.js";

/** Campaign ids have no dot, so that static files stay in reach; a subject is whatever an issuer says. @type {Record<string, string>} */
const PARTS = { campaignId: "[\\w-]{1,128}", subject: "[^/]{1,2048}" };

/** The rows of one path, by method. @typedef {{ path: string, pattern: RegExp, rows: Partial<Record<string, Route>>, first: Route, allow: string }} Path */

/** @type {Path[]} */
const PATHS = [...new Set(ROUTES.map(({ path }) => path))].map((path) => {
  const own = ROUTES.filter((route) => route.path === path);
  const methods = own.map(({ method }) => method);
  return {
    path,
    pattern: path === "static" ? /^\/(?!v1\/|oauth\/)/ : patternOf(path),
    rows: Object.fromEntries(own.map((route) => [route.method, route])),
    first: own[0],
    allow: [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", "),
  };
});

/** Paths without parts, the ones of a campaign's form among them, are found without asking each pattern. */
const PLAIN = new Map(PATHS.filter(({ path }) => path.startsWith("/") && !path.includes("{")).map((found) => [found.path, found]));

/**
 * A path with named parts as a regular expression.
 * @param {string} path
 */
function patternOf(path) {
  const named = path.replaceAll(".", "\\.").replace(/\{(\w+)\}/g, (_whole, name) => {
    return `(?<${name}>${PARTS[name] ?? "[\\w.-]{1,128}"})`;
  });
  return new RegExp(`^${named}$`);
}

/**
 * Finds the path of a request: of several that fit, the one that takes the method.
 * @param {string} pathname
 * @param {string} method
 */
function pathOf(pathname, method) {
  const fits = (/** @type {Path} */ { pattern }) => pattern.test(pathname);
  return PATHS.find((path) => method in path.rows && fits(path)) ?? PATHS.find(fits);
}

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @param {ExecutionContext} execution
   */
  async fetch(request, env, execution) {
    const url = new URL(request.url);
    const { method } = request;
    const asked = method === "HEAD" ? "GET" : method;
    const found = PLAIN.get(url.pathname) ?? pathOf(url.pathname, asked);
    const route = found?.rows[asked];
    /** @type {Context} */
    const context = {
      request,
      url,
      env,
      config: configuration(env),
      params: found?.path.includes("{") ? { ...found.pattern.exec(url.pathname)?.groups } : {},
      now: Date.now(),
      trace: traceOf(request),
      facts: {},
      waitUntil: (work) => execution.waitUntil(work),
    };
    let response;
    try {
      response = await answer(context, found, route);
    } catch (fault) {
      const meant = asked === "GET" && fault instanceof Refusal && fault.code === "not_found" ? meantBy(url.pathname) : undefined;
      const isPage = ((route ?? found?.first)?.page ?? !found) && wantsPage(request);
      response = meant && isPage ? redirect(302, meant + url.search) : await problemResponse(context, isPage ? await asPage(context, fault, route ?? found?.first) : fault, isPage);
    }
    guard(response);
    const decision = decisionOf(context, route ?? found?.first ?? NOWHERE, response.status);
    logDecision(decision);
    if (context.config.faults.length === 0) count(context, decision);
    return request.method === "HEAD" ? withoutBody(response) : response;
  },

  /**
   * @param {MessageBatch<OutboxMessage>} batch
   * @param {Env} env
   */
  async queue(batch, env) {
    await consume(batch, env);
  },

  /**
   * @param {ScheduledController} controller
   * @param {Env} env
   */
  async scheduled(controller, env) {
    const told = (/** @type {string} */ job, /** @type {object} */ counts) =>
      console.log(JSON.stringify({ at: new Date().toISOString(), job, cron: controller.cron, ...counts }));
    told("reseal", await reseal(env));
    told("retention", await retain(env, Date.now()));
    told("account end", await endAccounts(env, Date.now()));
    told("keys", await watch(env, controller.scheduledTime));
  },
};

/**
 * The path of a page that was meant, where the last slash is missing or too many. A sign-in goes by the exact URL.
 * @param {string} pathname
 */
function meantBy(pathname) {
  const meant = pathname.endsWith("/") ? pathname.slice(0, -1) : `${pathname}/`;
  const row = (PLAIN.get(meant) ?? pathOf(meant, "GET"))?.rows.GET;
  return row?.page && row.tag !== "login" && row.path !== "static" ? meant : undefined;
}

/** The decision line's words for a path that does not exist. @type {Pick<Route, "path" | "line">} */
const NOWHERE = { path: "none", line: ["static", "none"] };

/**
 * @param {Context} context
 * @param {Path | undefined} found
 * @param {Route | undefined} route
 */
async function answer(context, found, route) {
  if (!found) throw new Refusal("not_found");
  const { faults, statistics: counted } = context.config;
  if (faults.length > 0 && !found.first.always) throw misconfigured(faults);
  if (found.first.statistics && !counted) throw misconfigured(["STATISTICS is not to be had on plain workerd"]);
  const { allow } = found;
  // No header of CORS among them: pages of other origins have no business here, servers need none.
  if (context.request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  if (!route) throw new Refusal("method_not_allowed", { expected: allow }, { headers: { allow } });
  await enter(context, route);
  return route.handler(context);
}

/**
 * What every answer says to a browser. Each was made here, so its headers can be added to.
 * @param {Response} response
 */
function guard({ headers }) {
  if (!headers.has("referrer-policy")) headers.set("referrer-policy", "no-referrer");
  headers.set("x-content-type-options", "nosniff");
  if (!headers.has("content-security-policy"))
    headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
}

/**
 * HEAD: what GET would answer, without its body.
 * @param {Response} response
 */
function withoutBody(response) {
  response.body?.cancel().catch(() => {});
  return new Response(null, { status: response.status, headers: response.headers });
}
