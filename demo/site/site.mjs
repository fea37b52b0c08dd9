// The customer's site: the demo page with a fresh secure token in the tag, the customer's public keys and profile
// API, and the few questions that the page asks of its own server.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { mistakes } from "./mistakes.mjs";
import { Participant } from "./participant.mjs";
import { MEMBER, claimsFor, signShared } from "./tokens.mjs";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {{ status?: number, type?: string, body: string | Buffer }} Page */

/**
 * @typedef {object} Site
 * @property {string} root
 * @property {import("../addresses.mjs").Addresses} addresses
 * @property {import("../operator.mjs").Operator} operator
 * @property {import("../secrets.mjs").Secrets} secrets
 */

const ACCOUNT = "demo";
const BY_TOKEN = "100001";
const BY_LOGIN = "100002";

/** @type {Record<string, string>} */
const TYPES = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

/** Files of www/demo, and of what it shares with other pages, that the site serves as they are. */
const FILE = /^\/((?:shared|design)\/)?([a-z]+\.(css|js|svg))$/;

/** @param {unknown} value @returns {Page} */
const json = (value, status = 200) => ({ status, type: "application/json", body: JSON.stringify(value) });

/** @param {string} text */
const escape = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {Request} request */
async function bodyOf(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > 40_000) throw new Error("too long");
  }
  return JSON.parse(text);
}

/**
 * @param {Site} site
 * @returns {Promise<import("node:http").RequestListener>}
 */
export async function createSite(site) {
  const { addresses } = site;
  // What the tag asks of a host page, and nothing more: one script, one frame.
  const policy = [
    "default-src 'none'", `script-src 'self' ${addresses.worker}`, `frame-src ${addresses.worker}`, "style-src 'self'",
    "img-src 'self' data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'",
  ].join("; ");

  return async (request, response) => {
    response.setHeader("content-security-policy", policy);
    response.setHeader("cache-control", "no-store");
    response.setHeader("referrer-policy", "strict-origin-when-cross-origin");
    try {
      const path = new URL(request.url ?? "/", addresses.site).pathname;
      const { status = 200, type = TYPES.html, body } = await answer(site, request, path);
      response.writeHead(status, { "content-type": type }).end(body);
    } catch {
      response.writeHead(500, { "content-type": "application/json" }).end('{"error":"internal"}');
    }
  };
}

/**
 * @param {Site} site @param {Request} request @param {string} path
 * @returns {Promise<Page>}
 */
async function answer(site, request, path) {
  const { root, operator, secrets } = site;
  const call = `${request.method} ${path}`;
  if (call === "GET /") return { body: await demoPage(site) };
  const [, room = "demo", file, type] = FILE.exec(path) ?? [];
  if (file) return { type: TYPES[type], body: await readFile(join(root, "www", room, file)) };
  if (call === "GET /keys.json") {
    const { d, ...key } = /** @type {import("jose").JWK} */ (secrets.siteKey);
    return json({ keys: [key] });
  }
  if (call === "GET /api/token") return json({ token: await tokenOf(site) });
  if (call === "GET /api/profile") return profile(request);
  if (call === "GET /api/statistics") return json(await recorded(operator));
  const [, ref] = /^GET \/api\/refusals\/([0-9A-Z]{8})$/.exec(call) ?? [];
  if (ref) {
    const { status, body } = await operator.call("GET", `/v1/refusals/${ref}?account=${ACCOUNT}`);
    return json(body, status);
  }
  if (call === "POST /api/mistakes") return mistake(site, await bodyOf(request));
  if (call === "POST /api/explain") return json(await operator.explain(ACCOUNT, BY_TOKEN, String((await bodyOf(request)).token)));
  return json({ error: "not_found" }, 404);
}

/** The secure token of the person who is signed in on this site. @param {Site} site */
const tokenOf = ({ secrets }) => signShared(claimsFor(BY_TOKEN), secrets.tokenKey);

/** @param {Site} site */
async function demoPage(site) {
  const { root, addresses } = site;
  /** @type {Record<string, string>} */
  const values = {
    worker: addresses.worker,
    site: addresses.site,
    provider: addresses.provider,
    account: ACCOUNT,
    byToken: BY_TOKEN,
    byLogin: BY_LOGIN,
    token: await tokenOf(site),
    // The demo is on the machine of the one who looks at it.
    tokenKey: site.secrets.tokenKey,
    ...(await snippets(site)),
  };
  const [template, bar] = await Promise.all(["demo/index.html", "design/bar.html"].map((file) => readFile(join(root, "www", file), "utf8")));
  // The pages of the bar are the service's, its picture is here too.
  const linked = template.replace("{{bar}}", () => bar.replaceAll('href="/', `href="${addresses.worker}/`).trim());
  return linked.replace(/\{\{(\w+)\}\}/g, (_, name) => escape(values[name] ?? ""));
}

/** What the guides have for a machine of one's own, with the addresses of this one. @param {Site} site @returns {Promise<{ program: string, store: string }>} */
async function snippets({ root, addresses }) {
  const read = async (/** @type {string} */ name) => (await readFile(join(root, "www/guides/snippets", name), "utf8")).trim();
  const [program, client, access, store] = await Promise.all(["demo-token.mjs", "demo-client.sh", "access.sh", "store-client.sh"].map(read));
  const here = (/** @type {string} */ text) => text.replaceAll("http://127.0.0.1:8787", addresses.worker).replaceAll("https://campaigns.example", addresses.worker).replaceAll("your-account", ACCOUNT);
  return { program: here(program), store: here(`${client}\n${access}\n${store.replaceAll("OIDC_CLIENT", "MY_CLIENT")}`) };
}

/** The customer's profile API, for whoever has the member's access token. @param {Request} request */
function profile(request) {
  // For whoever tries what happens on a bad day.
  if (request.headers.authorization === `Bearer ${MEMBER.onABadDay}`) return json({ error: "temporarily_unavailable" }, 503);
  if (request.headers.authorization !== `Bearer ${MEMBER.accessToken}`) return json({ error: "invalid_token" }, 401);
  const { email, firstname, lastname, birthdate, city } = MEMBER.form;
  return json({ data: { id: MEMBER.id, profile: { email, given_name: firstname, family_name: lastname, birthdate, address: { locality: city } } } });
}

/** @param {import("../operator.mjs").Operator} operator */
async function recorded(operator) {
  const all = await Promise.all([BY_TOKEN, BY_LOGIN].map((campaignId) => operator.statistics(ACCOUNT, campaignId)));
  return {
    recorded: all.reduce((sum, { participations }) => sum + participations, 0),
    campaigns: Object.fromEntries(all.map(({ campaignId, participations, refusals }) => [campaignId, { participations, refusals }])),
  };
}

/** @param {Site} site @param {any} body */
async function mistake({ addresses, operator, secrets }, { kind }) {
  const make = Object.hasOwn(mistakes, kind) ? mistakes[kind] : undefined;
  if (!make) return json({ error: "not_found" }, 404);
  const participant = new Participant(addresses.worker);
  const token = await make({
    secret: secrets.tokenKey,
    campaignId: BY_TOKEN,
    async play(first) {
      const { body } = await participant.admit(ACCOUNT, BY_TOKEN, first);
      const { status } = await participant.submit({ pass: body.pass, form: MEMBER.form, optin: {}, answers: {} });
      if (status !== 201) throw new Error("the first participation was not recorded");
    },
  });
  return json({ token, report: await operator.explain(ACCOUNT, BY_TOKEN, token) });
}
