// The worker: a table of routes, one place where a refusal becomes an answer, and the headers that every
// answer has. Policy lives in the core; what is stored lives in the objects.

import { configuration } from "./platform/configuration.js";
import { decisionOf } from "./observe/decision.js";
import { logDecision } from "./platform/log.js";
import { count } from "./observe/metrics.js";
import { Refusal, misconfigured, problemResponse } from "./http/problem.js";
import { compareVersions, getAccount, listVersions, putAccount, rollBack } from "./routes/accounts.js";
import { asset } from "./routes/assets.js";
import { createClient, deleteClient, issueToken } from "./routes/authorization.js";
import { callback } from "./routes/callback.js";
import { campaignPage } from "./routes/campaign.js";
import { createConnectionLink, finishConnection, openConnection, testConnection } from "./routes/connections.js";
import { encrypt, encryptionKeys } from "./routes/crypto.js";
import { readOwnDraft, writeDraft } from "./routes/drafts.js";
import { explain } from "./routes/explain.js";
import { jwks } from "./routes/keys.js";
import { metrics } from "./routes/metrics.js";
import { openapi } from "./routes/openapi.js";
import { healthz, home, readyz, versions } from "./routes/operations.js";
import { overview } from "./routes/overview.js";
import { connectionPage, managerPage } from "./routes/pages.js";
import { eraseParticipant, exportParticipant } from "./routes/participants.js";
import { participate } from "./routes/participations.js";
import { redeem } from "./routes/redeem.js";
import { getRefusal, listRefusals } from "./routes/refusals.js";
import { listSecrets, putSecret } from "./routes/secrets.js";
import { arrive } from "./routes/steps.js";
import { start } from "./routes/start.js";
import { accountStatistics, statistics } from "./routes/statistics.js";
import { admit } from "./routes/token.js";
import { deadLetters, replay } from "./routes/webhook.js";
import { reseal } from "./accounts/resealing.js";
import { retain } from "./record/retention.js";
import { consume } from "./record/statistics.js";
import { traceOf } from "./platform/trace.js";

/** @import { Context, Env, OutboxMessage, Route } from "./types.d.ts" */

export { Account } from "./objects/account.js";
export { Draft } from "./objects/draft.js";
export { KeySet } from "./objects/key_set.js";
export { Profile } from "./objects/profile.js";
export { Login } from "./objects/login.js";
export { Metrics } from "./objects/metrics.js";
export { Participant } from "./objects/participant.js";
export { Person } from "./objects/person.js";

/** @type {Route[]} */
const ROUTES = [
  { path: "/v1/token/admit", methods: { POST: admit } },
  { path: "/v1/participations", methods: { POST: participate } },
  { path: "/v1/drafts", methods: { GET: readOwnDraft, POST: writeDraft } },
  { path: "/v1/oauth/redeem", methods: { POST: redeem } },
  { path: "/oauth/start", methods: { GET: start }, page: true },
  { path: "/oauth/callback", methods: { GET: callback }, page: true },
  { path: "/oauth/callback/{account}", methods: { GET: callback }, page: true },
  { path: "/campaign/{account}/{campaignId}", methods: { GET: campaignPage }, page: true },
  { path: "/v1/statistics/{account}", methods: { GET: accountStatistics }, statistics: true },
  { path: "/v1/statistics/{account}/{campaignId}", methods: { GET: statistics }, statistics: true },
  { path: "/v1/participants/{account}/{subject}", methods: { GET: exportParticipant, DELETE: eraseParticipant } },
  { path: "/v1/steps", methods: { POST: arrive } },
  { path: "/v1/accounts/{account}", methods: { GET: getAccount, PUT: putAccount } },
  { path: "/v1/accounts/{account}/versions", methods: { GET: listVersions } },
  { path: "/v1/accounts/{account}/differences", methods: { GET: compareVersions } },
  { path: "/v1/accounts/{account}/connection-links", methods: { POST: createConnectionLink } },
  { path: "/v1/connections", methods: { POST: openConnection } },
  { path: "/v1/connections/test", methods: { POST: testConnection } },
  { path: "/v1/connections/login", methods: { POST: finishConnection } },
  { path: "/v1/accounts/{account}/rollback", methods: { POST: rollBack } },
  { path: "/v1/accounts/{account}/secrets", methods: { GET: listSecrets } },
  { path: "/v1/accounts/{account}/secrets/{name}", methods: { PUT: putSecret } },
  { path: "/v1/accounts/{account}/clients", methods: { POST: createClient } },
  { path: "/v1/accounts/{account}/clients/{client}", methods: { DELETE: deleteClient } },
  { path: "/v1/accounts/{account}/webhook", methods: { GET: deadLetters } },
  { path: "/v1/accounts/{account}/webhook/replay", methods: { POST: replay } },
  { path: "/v1/auth/token", methods: { POST: issueToken } },
  { path: "/v1/crypto/encrypt", methods: { POST: encrypt } },
  { path: "/v1/crypto/{account}/jwks.json", methods: { GET: encryptionKeys } },
  { path: "/v1/refusals", methods: { GET: listRefusals } },
  { path: "/v1/refusals/{ref}", methods: { GET: getRefusal } },
  { path: "/v1/explain", methods: { POST: explain } },
  { path: "/.well-known/jwks.json", methods: { GET: jwks } },
  { path: "/openapi.json", methods: { GET: openapi } },
  { path: "/healthz", methods: { GET: healthz } },
  { path: "/readyz", methods: { GET: readyz } },
  { path: "/metrics", methods: { GET: metrics } },
  { path: "/stats/{account}", methods: { GET: managerPage }, page: true },
  { path: "/connect/{account}", methods: { GET: connectionPage }, page: true },
  { path: "/v1/overview", methods: { GET: overview } },
  { path: "/version", methods: { GET: versions } },
  { path: "/", methods: { GET: home }, page: true },
];

/** Routes that answer whatever the settings are like. */
const ALWAYS = new Set(["/healthz", "/readyz"]);

/** Campaign ids have no dot, so that static files stay in reach; a subject is whatever an issuer says. @type {Record<string, string>} */
const PARTS = { campaignId: "[\\w-]{1,128}", subject: "[^/]{1,2048}" };

/** @type {(Route & { pattern: RegExp, allow: string })[]} */
const TABLE = [
  ...ROUTES.map((route) => ({ ...route, pattern: patternOf(route.path) })),
  { path: "static", methods: { GET: asset }, page: true, pattern: /^\/(?!v1\/|oauth\/)/ },
].map((route) => ({ ...route, allow: allowed(route) }));

/** Paths without parts, the ones of a campaign's form among them, are found without asking each pattern. */
const PLAIN = new Map(TABLE.filter(({ path }) => path.startsWith("/") && !path.includes("{")).map((route) => [route.path, route]));

/** @param {Route} route */
function allowed({ methods }) {
  return [...Object.keys(methods), ...("GET" in methods ? ["HEAD"] : []), "OPTIONS"].join(", ");
}

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

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @param {ExecutionContext} execution
   */
  async fetch(request, env, execution) {
    const url = new URL(request.url);
    const route = PLAIN.get(url.pathname) ?? TABLE.find(({ pattern }) => pattern.test(url.pathname));
    /** @type {Context} */
    const context = {
      request,
      url,
      env,
      config: configuration(env),
      params: route?.path.includes("{") ? { ...route.pattern.exec(url.pathname)?.groups } : {},
      now: Date.now(),
      trace: traceOf(request),
      facts: {},
      waitUntil: (work) => execution.waitUntil(work),
    };
    let response;
    try {
      response = await answer(context, route);
    } catch (fault) {
      response = await problemResponse(context, fault, route?.page ?? false);
    }
    guard(response);
    const decision = decisionOf(context, route?.path ?? "none", response.status);
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
  },
};

/**
 * @param {Context} context
 * @param {(Route & { allow: string }) | undefined} route
 */
async function answer(context, route) {
  if (!route) throw new Refusal("not_found");
  const { faults, statistics: counted } = context.config;
  if (faults.length > 0 && !ALWAYS.has(route.path)) throw misconfigured(faults);
  if (route.statistics && !counted) throw misconfigured(["STATISTICS is not to be had on plain workerd"]);
  const { method } = context.request;
  const { allow } = route;
  // No header of CORS among them: pages of other origins have no business here, servers need none.
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const handler = route.methods[method] ?? (method === "HEAD" ? route.methods.GET : undefined);
  if (!handler) throw new Refusal("method_not_allowed", { expected: allow }, { headers: { allow } });
  return handler(context);
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
