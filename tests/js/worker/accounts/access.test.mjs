// Access tokens of the API: each claim is judged, as tokens that the deployment's own key signed show; and a client's
// secret is compared.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { decodeJwt, importJWK, SignJWT } from "jose";
import { acme, secrets } from "../../support/worker/customer.mjs";
import { call, Deployment, random } from "../../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;
/** The claims of a good token. @type {Record<string, any>} */
let claims;

before(async () => {
  worker = await Deployment.start();
  await worker.account(acme(), secrets);
  claims = decodeJwt((await worker.bearer()).authorization.slice(7));
});
after(() => worker.stop());

/**
 * Signs with the deployment's own key, and asks for what operators may read.
 * @param {Record<string, unknown>} changed
 * @param {Record<string, unknown>} [header]
 */
async function statusWith(changed, header = {}) {
  const key = JSON.parse(worker.secrets.vars.SIGNING_KEY);
  const now = Math.floor(Date.now() / 1000);
  const whole = { ...claims, iat: now, exp: now + 3600, ...changed };
  const token = await new SignJWT(JSON.parse(JSON.stringify(whole)))
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: key.kid, ...header })
    .sign(await importJWK(key, "ES256"));
  return (await worker.get("/v1/accounts/acme", { headers: { authorization: `Bearer ${token}` } })).status;
}

test("one spoilt claim or member of the header refuses a token that our own key signed", async () => {
  const now = Math.floor(Date.now() / 1000);
  assert.equal(await statusWith({}), 200);
  /** @type {[string, Record<string, unknown>, Record<string, unknown>?][]} */
  const spoilt = [
    ["ended", { iat: now - 3605, exp: now - 5 }],
    ["without an end", { exp: undefined }],
    ["an end that is a text", { exp: String(now + 3600) }],
    ["a longer life", { exp: now + 7200 }],
    ["issued later", { iat: now + 120, exp: now + 3600 }],
    ["without a time of issue", { iat: undefined }],
    ["another issuer", { iss: "https://elsewhere.example" }],
    ["without an issuer", { iss: undefined }],
    ["another audience", { aud: worker.url }],
    ["without an audience", { aud: undefined }],
    ["another type", {}, { typ: "JWT" }],
    ["without a type", {}, { typ: undefined }],
    ["another key's name", {}, { kid: "s2" }],
    ["without a key's name", {}, { kid: undefined }],
    ["without an account", { account: undefined }],
    ["without a scope", { scope: undefined }],
    ["without a client", { client_id: undefined }],
  ];
  for (const [name, changed, header] of spoilt) assert.equal(await statusWith(changed, header), 401, name);
});

test("a clock that runs a little behind takes a token that was just issued", async () => {
  const now = Math.floor(Date.now() / 1000);
  assert.equal(await statusWith({ iat: now + 30, exp: now + 3600 }), 200);
});

test("a client shows its secret in one way, has a scope that there is, and is removed once", async () => {
  const { clientId, secret } = worker.secrets.operator;
  const ask = (/** @type {string} */ authorization, /** @type {object} */ more) =>
    call(`${worker.url}/v1/auth/token`, { method: "POST", headers: { authorization }, body: new URLSearchParams({ grant_type: "client_credentials", ...more }) });
  const inBody = { client_id: clientId, client_secret: secret };
  for (const header of [`Basic ${btoa(`${clientId}:${secret}`)}`, "Basic !", "Bearer x"]) assert.equal((await ask(header, inBody)).status, 401, header);
  for (const scope of ["", " ", "everything", "statistics everything"]) {
    const { status, body } = await worker.post("/v1/accounts/acme/clients", { scope }, await worker.bearer());
    assert.deepEqual([status, body.code], [400, "scope_invalid"], scope);
  }
  const gone = await call(`${worker.url}/v1/accounts/acme/clients/acme.AAAAAAAAAAAAAAAA`, { method: "DELETE", headers: await worker.bearer() });
  assert.equal(gone.status, 404);
  const object = await worker.accountObject("acme");
  assert.equal(await object.reseal([{ name: "TOKEN_KEY", before: "what was there before", after: "x" }]), 0, "what was written since stays");
});

test("a client's wrong secret gets no token", async () => {
  const made = await call(`${worker.url}/v1/accounts/acme/clients`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(await worker.bearer()) },
    body: JSON.stringify({ scope: "statistics" }),
  });
  assert.equal(made.status, 201);
  const { clientId, clientSecret } = made.body;
  assert.equal((await worker.accessToken({ clientId, secret: clientSecret })).status, 200);
  for (const secret of [random(), "", worker.secrets.operator.secret, clientSecret.toUpperCase()]) {
    const { status, body } = await worker.accessToken({ clientId, secret });
    assert.deepEqual([status, body.error, body.code], [401, "invalid_client", "client_invalid"]);
  }
  const { operator } = worker.secrets;
  assert.equal((await worker.accessToken({ clientId: operator.clientId, secret: clientSecret })).status, 401, "a client's secret is not the operator's");
});
