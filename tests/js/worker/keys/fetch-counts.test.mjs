// How often a key set and a login server's metadata are fetched: 50 callers at once who find nothing, then 50 one after
// the other, against servers in every state. The numbers are printed; at most two, whatever the server does. After a
// failure the next attempt waits ten seconds, so a slow machine is granted one more for every ten.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { SignJWT } from "jose";
import * as fault from "../../provider/faults.mjs";
import { secrets } from "../../support/worker/customer.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";

/** @import { Fault } from "../../provider/faults.mjs" */

const CALLERS = 50;
const campaignId = "100001";
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwks = fault.json({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "ES256", use: "sig" }] });
/** @type {Record<string, number>} */ const requests = {};
/** @type {string[]} */ const rows = [];
/** @type {Deployment} */ let worker;
let origin = "";

/** @type {Record<string, { document: Fault, kid?: (call: number) => string }>} */
const STATES = {
  good: { document: jwks },
  "unknown-kids": { document: jwks, kid: (call) => `unknown-${call}` },
  500: { document: fault.serverError },
  redirect: { document: fault.redirect },
  html: { document: fault.html },
  "64-mb": { document: fault.huge },
};

const server = createServer((request, response) => {
  const [, kind, state] = (request.url ?? "").split("/");
  const key = `${kind}/${state}`;
  requests[key] = (requests[key] ?? 0) + 1;
  const metadata = fault.json({ issuer: `${origin}/login/${state}`, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token`, jwks_uri: `${origin}/keys/${state}`, authorization_response_iss_parameter_supported: true });
  const isGood = STATES[state].document === jwks;
  (kind === "login" && isGood ? metadata : STATES[state].document)(response, { bytes: 0 });
});

before(async () => {
  worker = await Deployment.start();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  for (const state of Object.keys(STATES)) {
    await worker.account(
      {
        account: `c-${state}`,
        origins: ["http://localhost:8788"],
        secureToken: { verify: [{ method: "jwks", url: `${origin}/keys/${state}` }] },
        oauth: { issuer: `${origin}/login/${state}`, clientId: "c", clientAuth: { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } } },
        campaigns: { [campaignId]: { signIn: ["token", "oauth"] } },
      },
      { OIDC_CLIENT: secrets.OIDC_CLIENT },
    );
  }
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await worker?.stop();
  console.log(rows.join("\n"));
});

/**
 * All at once, then one after the other.
 * @param {string} key what is counted
 * @param {(call: number) => Promise<string>} call
 */
async function count(key, call) {
  const began = Date.now();
  const calls = Array.from({ length: CALLERS }, (_, number) => number);
  const outcomes = new Set(await Promise.all(calls.map(call)));
  const cold = requests[key] ?? 0;
  for (const number of calls) outcomes.add(await call(CALLERS + number));
  const seconds = (Date.now() - began) / 1000;
  const all = requests[key] ?? 0;
  rows.push(`${key.padEnd(20)} ${CALLERS} at once: ${cold}   and ${CALLERS} in a row: ${all}   (${seconds.toFixed(1)} s; ${[...outcomes].join(", ")})`);
  assert.equal(outcomes.size, 1, `${[...outcomes]}`);
  assert.ok(cold >= 1 && cold <= 2 + Math.floor(seconds / 10), `${cold} fetches for ${CALLERS} at once`);
  assert.ok(all <= 2 + Math.floor(seconds / 10), `${all} fetches in ${seconds} s`);
}

describe("item 7: fetches through the object of each address", { concurrency: 4 }, () => {
  for (const [state, { kid = () => "k1" }] of Object.entries(STATES)) {
    test(`T76: a key set that is ${state}, ${2 * CALLERS} verifications`, { timeout: 120_000 }, async () => {
      await count(`keys/${state}`, async (call) => {
        const token = await new SignJWT({ sub: `s${call}`, campaignId, form: {} }).setProtectedHeader({ alg: "ES256", kid: kid(call) }).setIssuedAt().setExpirationTime("5m").sign(privateKey);
        const ask = () => worker.post("/v1/token/admit", { account: `c-${state}`, campaignId, token });
        // Node may pick a connection that the worker is just closing; the fetches behind are counted all the same.
        const { status, body } = await ask().catch(ask);
        return `${status} ${body.admission?.decision ?? body.reason}`;
      });
    });
    test(`T73: metadata that is ${state}, ${2 * CALLERS} logins`, { timeout: 120_000 }, async () => {
      await count(`login/${state}`, async () => {
        const { status } = await worker.get(`/oauth/start?account=c-${state}&campaignId=${campaignId}`, { redirect: "manual" });
        return String(status);
      });
    });
  }
});
