// A request for each row of the route table, made of its example in worker/examples/api.json.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { call, root } from "./deployment.mjs";

/** @import { Row } from "../../../../xtask/js/routes.mjs" */

/**
 * @typedef {object} Asked
 * @property {Record<string, string>} params parts of the path
 * @property {Record<string, string>} query
 * @property {Record<string, string>} headers
 * @property {Record<string, any> | string} [body] a string is sent as it is
 */

/** Accounts and campaigns of the examples, as the customers of the tests have them. @type {Record<string, string>} */
const OURS = { 123456: "100001" };
const examples = JSON.parse(await readFile(join(root, "worker/examples/api.json"), "utf8"));

/** @param {Row} route @returns {Asked} */
export function asked({ id, path, headers = {}, body }) {
  const { parameters = {}, request } = examples[id ?? ""] ?? {};
  const own = JSON.parse(JSON.stringify({ account: "acme", ...parameters }), (_key, value) => OURS[value] ?? value);
  const isPart = (/** @type {string} */ name) => path.includes(`{${name}}`);
  const rest = Object.entries(parameters).map(([name]) => [name, String(own[name])]);
  return {
    params: Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, String(own[name])])),
    query: Object.fromEntries(rest.filter(([name]) => !isPart(name) && !(name in headers))),
    headers: Object.fromEntries(rest.filter(([name]) => name in headers)),
    ...(body && { body: JSON.parse(JSON.stringify(request), (_key, value) => OURS[value] ?? value) }),
  };
}

/**
 * Sends a request of a row.
 * @param {string} url of the worker
 * @param {Row} route
 * @param {Asked} request
 * @param {Record<string, string>} [headers]
 */
export function send(url, { method, path, body: kind }, { params, query, headers: own, body }, headers = {}) {
  const place = path.startsWith("/") ? path.replace(/\{(\w+)\}/g, (_all, name) => encodeURIComponent(params[name])) : "/tag.js";
  const search = Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : "";
  const isForm = kind?.type === "application/x-www-form-urlencoded";
  return call(url + place + search, {
    method,
    headers: { ...(kind && { "content-type": kind.type }), ...own, ...headers },
    ...(body && { body: typeof body === "string" ? body : isForm ? String(new URLSearchParams(body)) : JSON.stringify(body) }),
  });
}
