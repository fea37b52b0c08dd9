// What the release before stored of accounts, found by this one: secrets that stood in documents move into the account's
// namespace, documents are sealed, and each stored secret keeps the uses that it had.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CompactEncrypt, SignJWT } from "jose";
import { createPublicKey } from "node:crypto";
import { form } from "../../support/worker/customer.mjs";
import { Deployment, random, root } from "../../support/worker/deployment.mjs";
import { oauth, parseAccount } from "../../support/worker/package.mjs";
import { storedBefore } from "../../support/worker/stored_before.mjs";
import { until } from "../../support/patience.mjs";

const recorded = JSON.parse(await readFile(join(root, "tests/vectors/releases/accounts-0.1.0.json"), "utf8"));
const { inline, secrets, operator, client, vars } = recorded;
/** Every secret, in each form in which it could be read. */
const canaries = [...Object.values(secrets), inline.first, inline.second, inline.gone, inline.dir, inline.set.k, inline.jwk.d, inline.pem.split("\n")[1]];
/** The same secret as a JWK, and one whose text looks like a JWK: as they stand they would be read as another key. */
const [jwk, text] = [{ kty: "oct", k: random(), kid: "own" }, `{"kty":"oct","k":"${random()}"}`];
const shared = { method: "symmetricKey", alg: "HS256" };
const spelled = {
  account: "spelled",
  origins: [],
  secureToken: { verify: [{ ...shared, key: jwk }, { ...shared, key: text, encoding: "utf8" }, { ...shared, key: { secret: "TURNED" }, encoding: "base64url" }] },
  campaigns: { 100001: { signIn: ["token"] } },
};
/** The version before it had the secret for its webhook. */
const earlier = { ...spelled, webhook: { url: "http://127.0.0.1:9/in", secret: { secret: "TURNED" } }, secureToken: { verify: spelled.secureToken.verify.slice(0, 2) } };
const turned = random();
const stored = (/** @type {number} */ version, /** @type {object} */ document) =>
  ["INSERT INTO version (version, at, source, document) VALUES (?, 0, ?, ?)", version, JSON.stringify(document), JSON.stringify(parseAccount(document, { development: true }).account)];
const tables = recorded.objects.quiet.filter((/** @type {string[]} */ [sql]) => sql.startsWith("CREATE"));
const wrapped = oauth.seal("secret", JSON.parse(vars.RING), "spelled", { value: turned });
recorded.objects.spelled = [...tables, stored(1, earlier), stored(2, spelled), ["INSERT INTO secret (name, wrapped, at) VALUES ('TURNED', ?, 0)", wrapped], ["INSERT INTO revision (one, n) VALUES (1, 2)"]];
// Known to the operators by its keys alone.
recorded.objects["*"] = recorded.objects["*"].filter((/** @type {string[]} */ [sql]) => !sql.startsWith("INSERT INTO secret_holder"));
/** @type {Deployment} */ let worker;
/** @type {Record<string, string>} */ let headers;

before(async () => {
  worker = await Deployment.start(vars, { stored: (stateDir) => storedBefore(stateDir, recorded) });
  headers = { authorization: `Bearer ${(await worker.accessToken(operator)).body.access_token}` };
});
after(() => worker.stop());

const get = (/** @type {string} */ path) => worker.get(`/v1/accounts/inline${path}`, { headers });
const send = (/** @type {string} */ path, /** @type {unknown} */ body, method = "PUT") =>
  worker.get(`/v1/accounts/inline${path}`, { method, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) });
const signed = (/** @type {string} */ key, /** @type {object} */ header = {}) =>
  new SignJWT({ sub: random(6), campaignId: "100001", form }).setProtectedHeader({ alg: "HS256", ...header }).setIssuedAt().setExpirationTime("5m").sign(Buffer.from(key, "base64url"));
const admit = async (/** @type {string} */ token) => (await worker.post("/v1/token/admit", { account: "inline", campaignId: "100001", token })).status;
const roll = (/** @type {number} */ version) => send("/rollback", { version }, "POST");

/** Every page of the accounts' databases, the free ones too: from the files, and from their logs what is newer. */
async function pagesOnDisk() {
  const entries = await readdir(worker.stateDir, { recursive: true, withFileTypes: true });
  const files = entries.filter(({ parentPath, name }) => parentPath.endsWith("handstamp-Account") && name.endsWith(".sqlite")).map(({ parentPath, name }) => join(parentPath, name));
  const pages = await Promise.all(
    files.map(async (file) => {
      const [whole, log] = [await readFile(file), await readFile(`${file}-wal`).catch(() => Buffer.alloc(0))];
      const size = whole.readUInt16BE(16);
      const newest = new Map(Array.from({ length: whole.length / size }, (_, i) => [i + 1, whole.subarray(i * size, (i + 1) * size)]));
      // A header of 32 bytes, then frames: 24 bytes that begin with the page's number, and the page.
      for (let at = 32; at + 24 + size <= log.length; at += 24 + size) newest.set(log.readUInt32BE(at), log.subarray(at + 24, at + 24 + size));
      return [...newest.values()].map((page) => page.toString("latin1"));
    }),
  );
  return pages.flat();
}

test("the hourly job finds every account with a key or a secret", async () => {
  const from = worker.log.length;
  await (await worker.miniflare.getWorker()).scheduled({ cron: "23 * * * *" });
  const line = JSON.parse(worker.log.slice(from).join("").split("\n").find((text) => text.includes('"reseal"')) ?? "{}");
  assert.deepEqual([line.accounts, line.failed], [1, 0]);
});

test("documents, versions and differences name the secrets and show none", async () => {
  const answers = await Promise.all(["", "?version=1", "?version=2", "?version=3", "/versions", "/secrets", "/differences?from=1", "/differences?from=2&to=4"].map(get));
  for (const { status, text } of answers) {
    assert.equal(status, 200);
    for (const canary of canaries) assert.ok(!text.includes(canary), canary);
  }
  const [{ body: current }, { body: first }] = answers;
  assert.deepEqual([current.version, first.version], [4, 1]);
  const [{ key: moved }] = current.document.secureToken.verify;
  assert.match(moved.secret, /^inline\.verify\.[\w-]{22}$/);
  assert.equal(first.document.secureToken.decrypt.key.secret, current.document.secureToken.decrypt[1].key.secret, "one secret has one name in all versions");
  assert.notEqual(first.document.secureToken.verify.key.secret, moved.secret);
  const { body: untouched } = await worker.get("/v1/accounts/quiet", { headers });
  assert.deepEqual([untouched.version, untouched.document.account], [1, "quiet"]);
});

test("each stored secret keeps the uses that the newest version which names it makes of it", async () => {
  const { body } = await get("/secrets");
  const purposes = Object.fromEntries(body.secrets.map((/** @type {any} */ { name, purposes: own }) => [name, own.join(" ")]));
  const own = Object.fromEntries(Object.entries(purposes).filter(([name]) => !name.startsWith("inline.")));
  assert.deepEqual(own, { BOTH: "verify webhook", HOOK: "webhook", OIDC_CLIENT: "client", SPARE: "verify", TOKEN_KEY: "verify", UNUSED: "" });
  for (const [name, purpose] of Object.entries(purposes)) if (name.startsWith("inline.")) assert.equal(purpose, name.split(".")[1]);
  assert.equal(Object.keys(purposes).length - Object.keys(own).length, 7, "first, second, gone, set, and three that decrypt");
});

test("tokens of every key of before are admitted, encrypted ones too, and a revoked key stays revoked", async () => {
  const statuses = await Promise.all([signed(inline.second), signed(secrets.TOKEN_KEY), signed(secrets.BOTH), signed(inline.set.k, { kid: "in-set" })].map(async (token) => admit(await token)));
  assert.deepEqual(statuses, [200, 200, 200, 200]);
  const encrypt = async (/** @type {object} */ header, /** @type {any} */ key) => new CompactEncrypt(new TextEncoder().encode(await signed(inline.second))).setProtectedHeader(/** @type {any} */ ({ cty: "JWT", enc: "A256GCM", ...header })).encrypt(key);
  const { d: _, ...publicJwk } = inline.jwk;
  assert.equal(await admit(await encrypt({ alg: "ECDH-ES+A256KW", kid: "ours" }, publicJwk)), 200);
  assert.equal(await admit(await encrypt({ alg: "dir" }, Buffer.from(inline.dir, "base64url"))), 200);
  assert.equal((await worker.get("/v1/crypto/inline/jwks.json")).body.keys[0].x, inline.jwk.x);
  assert.deepEqual([await admit(await signed(inline.gone)), await admit(await signed(inline.first))], [401, 401]);
});

test("a secret is the same key after it has moved, however it was spelled", async () => {
  const admitted = async (/** @type {Uint8Array} */ key) => {
    const token = await new SignJWT({ sub: random(6), campaignId: "100001" }).setProtectedHeader({ alg: "HS256" }).setExpirationTime("5m").sign(key);
    return (await worker.post("/v1/token/admit", { account: "spelled", campaignId: "100001", token })).status;
  };
  assert.deepEqual(await Promise.all([Buffer.from(jwk.k, "base64url"), Buffer.from(text)].map(admitted)), [200, 200]);
  const { body } = await worker.get("/v1/accounts/spelled", { headers });
  const { body: list } = await worker.get("/v1/accounts/spelled/secrets", { headers });
  assert.deepEqual(list.secrets.find((/** @type {any} */ { name }) => name === "TURNED").purposes, ["verify"], "the version in force counts");
  assert.equal(await admitted(Buffer.from(turned, "base64url")), 200);
  for (const { key, encoding } of body.document.secureToken.verify) assert.deepEqual([Object.keys(key), encoding], [["secret"], "base64url"]);
});

test("what an upgrade has sealed is sealed anew after a rotation, also of an account that has no key", async () => {
  const from = worker.log.length;
  await (await worker.miniflare.getWorker()).scheduled({ cron: "23 * * * *" });
  const line = JSON.parse(worker.log.slice(from).join("").split("\n").find((entry) => entry.includes('"reseal"')) ?? "{}");
  assert.deepEqual([line.accounts, line.failed], [3, 0], "inline, and quiet and spelled, which were read since");
});

test("the same document is no new version, each version can be brought back, and none brings back what was revoked", async () => {
  const { body } = await worker.get("/v1/accounts/quiet", { headers });
  const again = await worker.get("/v1/accounts/quiet", { method: "PUT", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body.document) });
  assert.deepEqual([again.status, again.body.changed], [200, false], "the text was not touched");
  for (const version of [1, 2, 3]) assert.equal((await roll(version)).status, 200, String(version));
  assert.equal((await get("")).body.document.secureToken.verify[1].status, "revoked");
  const pem = createPublicKey(inline.pem);
  assert.equal((await roll(2)).status, 200);
  const token = new CompactEncrypt(new TextEncoder().encode(await signed(inline.first))).setProtectedHeader({ cty: "JWT", enc: "A256GCM", alg: "ECDH-ES+A256KW" });
  const whole = await token.encrypt(pem);
  await until(async () => (await admit(whole)) === 200, "the copies of the version before are gone");
});

test("a use that a secret did not have is refused; what it had goes on", async () => {
  const { body } = await get("?version=4");
  const crossed = async (/** @type {string} */ name) => {
    const { status, body: answer } = await send("", { ...body.document, webhook: { ...body.document.webhook, authorization: { secret: name } } });
    return [status, answer.faults?.[0].code, answer.faults?.[0].path];
  };
  for (const name of ["TOKEN_KEY", "OIDC_CLIENT", "UNUSED", body.document.secureToken.verify[0].key.secret])
    assert.deepEqual(await crossed(name), [422, "secret_purpose", "/webhook/authorization"], name);
  assert.equal((await send("", body.document)).status, 200);
});

test("access tokens, clients and scopes of before are good", async () => {
  const { body, status } = await worker.accessToken({ clientId: client.clientId, secret: client.clientSecret });
  assert.deepEqual([status, body.scope], [200, "accounts statistics"]);
  assert.equal((await worker.get("/v1/accounts/inline", { headers: { authorization: `Bearer ${body.access_token}` } })).status, 200);
});

test("no secret and no document lies open on the disk", async () => {
  await worker.deploy({});
  const pages = await pagesOnDisk();
  assert.ok(pages.some((page) => page.includes("sealed_version")) && pages.length > 10);
  for (const canary of [...canaries, "Win a bike", '"campaigns"'])
    for (const page of pages) assert.ok(!page.includes(canary), canary);
});
