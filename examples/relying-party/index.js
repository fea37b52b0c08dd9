// A relying party: people sign in at an OpenID Provider, and this site knows them by verified claims. Hono on workerd.

import { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { HandstampError, parseAccount } from "handstamp/account";
import * as oauth from "handstamp/oauth";

const SESSION = "__Host-session";
const SESSION_SECONDS = 8 * 60 * 60;
const SAFE = /** @type {const} */ ({ path: "/", secure: true, httpOnly: true, sameSite: "Lax" });
/** A sign-in is for a campaign; a site that only wants to know people has one. */
const campaignId = "site";

/**
 * @typedef {object} Env
 * @property {string} ORIGIN of this site, such as https://www.acme.example
 * @property {string} ISSUER exactly as in the provider's metadata
 * @property {string} CLIENT_ID
 * @property {string} CLIENT_SECRET a secret
 * @property {string} RING a secret: JSON of `createRing("production")`
 * @property {string} [ENVIRONMENT] `development` allows http on this machine
 */

/** What every stage of a sign-in is given. @param {Env} env */
function settingsOf(env) {
  const development = env.ENVIRONMENT === "development";
  const { account, faults } = parseAccount({
    account: "site",
    origins: [env.ORIGIN],
    oauth: {
      issuer: env.ISSUER,
      clientId: env.CLIENT_ID,
      clientAuth: { method: "client_secret_basic", secret: { secret: "CLIENT" } },
      scope: "openid email profile",
      profileFrom: "userinfo",
      // sendsIss: true, where its metadata do not say that it sends iss (RFC 9207)
    },
    campaigns: { [campaignId]: { signIn: ["oauth"] } },
  }, { development });
  if (!account) throw new Error(faults.map(({ path, message }) => `${path} ${message}`).join("; "));
  const host = { account, secrets: { CLIENT: env.CLIENT_SECRET }, campaignId, webCrypto: /** @type {const} */ (true) };
  return { ...host, ring: JSON.parse(env.RING), redirectUri: `${env.ORIGIN}/oauth/callback`, development };
}

/** Metadata and key sets, by URL: shared by all requests of this isolate, as old as the package's own rules allow. @type {Map<string, oauth.CacheEntry>} */
const copies = new Map();

/** Sends a request of a stage, or answers it from the copy. @param {oauth.Request} request @param {boolean} development @returns {Promise<oauth.Answer>} */
async function answered(request, development) {
  const { purpose, issuer, refresh } = request;
  if (purpose !== "discovery" && purpose !== "keySet") return oauth.perform(request, { development });
  const name = `${issuer ?? ""} ${request.url}`;
  const asked = oauth.keySet.next(copies.get(name) ?? null, { type: refresh ? "refresh" : "need" });
  copies.set(name, asked.cache);
  const whole = (/** @type {oauth.CacheEntry} */ { text = "" }) => ({ status: 200, contentType: "application/json", body: text });
  if (asked.decision === "use") return whole(asked.cache);
  if (asked.decision === "refuse") return { failed: "busy" };
  const told = await oauth.perform(request, { development });
  const news = told.failed ? { type: /** @type {const} */ ("failed") } : { type: /** @type {const} */ ("fetched"), purpose, ...told, ...(issuer && { issuer }) };
  const { decision, cache } = oauth.keySet.next(copies.get(name) ?? null, news);
  copies.set(name, cache);
  return decision === "use" ? whole(cache) : told;
}

/**
 * Runs a stage to its end.
 * @template Done, Input
 * @param {(input: any, answer?: any) => oauth.ComputingStep<Done, Input>} stage
 * @param {Input} input @param {boolean} development
 * @returns {Promise<Done>}
 */
async function finished(stage, input, development) {
  let step = stage(input);
  while (!step.done) step = stage(step.resume, step.request ? await answered(step.request, development) : await oauth.compute(step.operation));
  return step.done;
}

/** @type {Hono<{ Bindings: Env }>} */
const app = new Hono();

app.get("/login", async (context) => {
  const { development, ...settings } = settingsOf(context.env);
  const { location, cookie } = await finished(oauth.start, settings, development);
  setCookie(context, cookie.name, cookie.value, { ...SAFE, maxAge: cookie.maxAge, ...(cookie.sameSite && { sameSite: cookie.sameSite }) });
  return context.redirect(location, 303);
});

app.get("/oauth/callback/site", async (context) => {
  const { development, ...settings } = settingsOf(context.env);
  const query = new URL(context.req.url).search;
  const { done: back } = oauth.callback({ ...settings, query, cookies: context.req.header("cookie"), pathAccount: "site" });
  if (back.outcome !== "code") throw new HandstampError(back.code);
  const { code, verifier, nonce, redirectUri = settings.redirectUri } = back;
  const { claims } = await finished(oauth.redeem, { ...settings, code, verifier, nonce, redirectUri, claims: true }, development);
  const person = { sub: claims?.idToken?.sub, name: claims?.profile.name, email: claims?.profile.email };
  const session = { person, until: Date.now() + SESSION_SECONDS * 1000 };
  deleteCookie(context, back.clearCookie, SAFE);
  setCookie(context, SESSION, oauth.seal("flow", settings.ring, "session", session), { ...SAFE, maxAge: SESSION_SECONDS });
  return context.redirect("/", 303);
});

app.get("/", (context) => {
  const sealed = getCookie(context, SESSION);
  const session = sealed && oauth.open("flow", JSON.parse(context.env.RING), "session", sealed);
  return session && session.until > Date.now() ? context.json(session.person) : context.redirect("/login", 303);
});

app.onError((fault, context) => {
  if (!HandstampError.is(fault)) throw fault;
  console.log(JSON.stringify({ refused: fault.code, at: fault.details?.at }));
  // One that cannot be opened goes; no link to the callback ends a good one.
  if (context.req.path === "/") deleteCookie(context, SESSION, SAFE);
  return context.json({ reason: fault.public, again: "/login" }, 400);
});

export default app;
