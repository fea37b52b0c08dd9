import { timeOf } from "../http/answers.js";
// The decision line: what one request was about and what came of it, as names, codes and numbers. It is what is
// logged and what the metrics count, so both say the same. Never a path, a query, a header or a body.

/** @import { Context, Route } from "../types.d.ts" */

/**
 * @typedef {object} Decision
 * @property {string} ts
 * @property {string} route pattern of the path, never the path
 * @property {string | null} account
 * @property {string | null} campaign
 * @property {string} flow token, oauth, anonymous, campaign, api, operations or static
 * @property {string} step
 * @property {string} outcome
 * @property {string | null} code of errors.json, for a refusal
 * @property {string | null} ref
 * @property {string | null} kid of an accepted token
 * @property {string | null} alg of a token
 * @property {number | null} jwks_age seconds since the oldest key set in use was fetched
 * @property {number | null} skew seconds by which the signer's clock was ahead when it signed, less its age
 * @property {string | null} would what stricter settings, so far only reported, would have refused it for
 * @property {number} ms
 * @property {number | null} config_version
 * @property {number} status
 * @property {string} method
 * @property {string | null} client
 * @property {string} trace
 */

/** @param {unknown} value */
const text = (value) => (typeof value === "string" && value !== "" ? value : null);
/** @param {unknown} value */
const number = (value) => (typeof value === "number" ? value : null);

/**
 * @param {Pick<Context, "facts" | "now" | "trace" | "request">} context
 * @param {Pick<Route, "path" | "line">} route
 * @param {number} status
 * @returns {Decision}
 */
export function decisionOf({ facts, now, trace, request }, { path, line: [flow, step] }, status) {
  const usual = status < 400 ? "ok" : status < 500 ? "refused" : "failed";
  return {
    ts: timeOf(now),
    route: path,
    account: text(facts.account),
    campaign: text(facts.campaignId),
    flow: text(facts.technique) ?? flow,
    step,
    outcome: status < 400 ? (text(facts.outcome) ?? usual) : usual,
    code: text(facts.code),
    ref: text(facts.ref),
    kid: text(facts.kid),
    alg: text(facts.alg),
    jwks_age: number(facts.jwksAge),
    skew: number(facts.skew),
    would: text(facts.would),
    ms: Date.now() - now,
    config_version: number(facts.version),
    status,
    method: METHODS.has(request.method) ? request.method : "OTHER",
    client: text(facts.client),
    trace: trace.id,
  };
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]);
