// Secure tokens of every documented algorithm through the real worker: what is accepted in Node is accepted there,
// whoever computes, and one changed letter is refused.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CompactEncrypt, exportPKCS8, generateKeyPair } from "jose";
import { claims, pair, sign } from "../../support/mint.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";

const SIGNATURES = /** @type {const} */ (["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]);
const campaignId = "100001";

/** @type {Deployment} */ let worker;
before(async () => {
  worker = await Deployment.start();
  await worker.bearer();
});
after(() => worker.stop());

/** @param {string} account @param {object} secureToken @param {Record<string, string>} [secrets] */
const customer = (account, secureToken, secrets) =>
  worker.account(
    { account, origins: ["https://www.acme.example"], campaigns: { [campaignId]: { signIn: ["token"], fields: [{ name: "email", type: "email" }] } }, secureToken },
    secrets,
  );

/** @param {string} account @param {string} token */
const open = (account, token) => worker.post("/v1/token/admit", { account, campaignId, token });

/** @param {string} token */
function damaged(token) {
  const at = token.length - 9;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

test("a token of every signature algorithm is admitted by the worker, and refused when changed", async () => {
  for (const alg of SIGNATURES) {
    const key = await pair(alg);
    const account = alg.toLowerCase();
    await customer(account, { verify: { method: "publicKey", key: key.pem, alg } });
    const token = await sign(claims({ campaignId }), alg, key.privateKey);
    const good = await open(account, token);
    assert.deepEqual([good.status, good.body.admission?.subject], [200, "participant-7f3a"], `${alg}: ${good.text}`);
    const bad = await open(account, damaged(token));
    assert.deepEqual([bad.status, bad.body.reason], [401, "token_invalid"], alg);
    const { body } = await worker.read(`/v1/refusals/${bad.body.ref}?account=${account}`);
    assert.equal(body.code, "signature_invalid", alg);
  }
});

test("a token inside an encrypted one is admitted for every kind of key that we hold", async () => {
  const rows = [];
  for (const crv of ["P-256", "P-384", "P-521"]) {
    for (const alg of ["ECDH-ES", "ECDH-ES+A256KW"]) rows.push({ alg, crv, name: `${crv}-${alg}` });
  }
  for (const alg of ["RSA-OAEP", "RSA-OAEP-256"]) rows.push({ alg, crv: undefined, name: alg });
  for (const { alg, crv, name } of rows) {
    const signer = await pair("ES384");
    const inner = new TextEncoder().encode(await sign(claims({ campaignId }), "ES384", signer.privateKey));
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, ...(crv && { crv }) });
    const account = name.toLowerCase().replaceAll("+", "-");
    const secret = await exportPKCS8(privateKey);
    const decrypt = { key: { secret: "OURS" }, alg, enc: "A256GCM" };
    await customer(account, { verify: { method: "publicKey", key: signer.pem, alg: "ES384" }, decrypt }, { OURS: secret });
    const token = await new CompactEncrypt(inner).setProtectedHeader({ alg, enc: "A256GCM", cty: "JWT" }).encrypt(publicKey);
    const good = await open(account, token);
    assert.deepEqual([good.status, good.body.admission?.subject], [200, "participant-7f3a"], `${name}: ${good.text}`);
    assert.deepEqual((await open(account, damaged(token))).body.reason, "token_invalid", name);
  }
});
