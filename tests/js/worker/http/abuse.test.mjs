// Too much of something: requests, submissions of one token; and checks that are only reported. Garbage tokens and a crowd of
// one are the soak `abuse`, whose short form is a test too.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { CompactEncrypt, SignJWT } from "jose";
import { acme, form, secrets, sign, tokenKey } from "../../support/worker/customer.mjs";
import { until } from "../../support/patience.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;
before(async () => {
  worker = await Deployment.start();
  await worker.account(acme(), secrets);
});
after(() => worker.stop());

/** @param {string} token @param {string} [account] */
const admit = (token, account = "acme") => worker.post("/v1/token/admit", { account, campaignId: "100001", token });
/** Once more under the same key where so many connections at once were too many. @param {string} pass */
function submit(pass, key = randomUUID()) {
  const ask = () => worker.post("/v1/participations", { pass, form }, { "idempotency-key": key });
  return ask().catch(ask);
}

test("a token's id records once, whatever the passes: 50 admissions of one jti, 50 submissions at once", async () => {
  const passes = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => (await admit(await sign({ sub: "once", jti: "the-only-one", nbf: i }))).body.pass),
  );
  assert.equal(new Set(passes).size, 50);
  const answers = await Promise.all(passes.map((pass) => submit(pass)));
  assert.deepEqual([answers.filter(({ status }) => status === 201).length, answers.filter(({ body }) => body.code === "already_recorded").length], [1, 49]);
});

test("each caller and each account has so many requests a minute of a route, and the next account its own", async () => {
  const limited = await Deployment.start({}, { limits: { caller: 5, account: 8 } });
  try {
    await limited.account(acme(), secrets);
    const post = (/** @type {string} */ account, /** @type {string} */ address) =>
      limited.post("/v1/token/admit", { account, campaignId: "100001", token: "x" }, { "cf-connecting-ip": address });
    const statuses = async (/** @type {string} */ account, /** @type {string} */ address, /** @type {number} */ times) => {
      const answers = [];
      for (let i = 0; i < times; i += 1) answers.push(await post(account, address));
      return answers.map(({ status }) => status);
    };
    assert.deepEqual(await statuses("acme", "192.0.2.1", 6), [401, 401, 401, 401, 401, 429]);
    // What was refused to the first caller has used up nothing of the account's eight.
    assert.deepEqual(await statuses("acme", "192.0.2.2", 5), [401, 401, 401, 429, 429], "the account's own limit");
    const refused = await post("acme", "192.0.2.3");
    assert.deepEqual([refused.body.code, refused.headers.get("retry-after")], ["rate_limited", "60"]);
    assert.equal((await post("nobody", "192.0.2.1")).status, 404, "another account is counted apart");
    assert.ok(!limited.log.join("").includes("192.0.2."), "no address is logged");
  } finally {
    await limited.stop();
  }
});

describe("checks that are only reported", () => {
  const encryption = randomBytes(32);
  const settings = {
    ...acme().secureToken,
    decrypt: { key: { secret: "JWE" }, encoding: "base64url", alg: "dir", enc: "A256GCM" },
    encryption: "require",
    audience: "campaigns",
  };
  const checks = ["expiry", "audience", "encryption"];

  /** The same five kinds of traffic, a few times each. @returns {Promise<[string, string][]>} kind and token */
  async function traffic() {
    const signed = (/** @type {Record<string, unknown>} */ claims, expires = true) => {
      const jwt = new SignJWT({ campaignId: "100001", form, ...claims }).setProtectedHeader({ alg: "HS256" }).setIssuedAt();
      return (expires ? jwt.setExpirationTime("5m") : jwt).sign(tokenKey);
    };
    const sealed = async (/** @type {string} */ token) =>
      new CompactEncrypt(new TextEncoder().encode(token)).setProtectedHeader({ alg: "dir", enc: "A256GCM", cty: "JWT" }).encrypt(encryption);
    /** @type {[string, string][]} */
    const list = [];
    for (let i = 0; i < 3; i += 1) {
      const person = { sub: `r${i}`, aud: "campaigns" };
      list.push(["good", await sealed(await signed(person))]);
      list.push(["readable", await signed(person)]);
      list.push(["endless", await sealed(await signed(person, false))]);
      list.push(["astray", await sealed(await signed({ ...person, aud: "elsewhere" }))]);
      list.push(["forged", await sealed(`${(await signed(person)).slice(0, -4)}AAAA`)]);
    }
    return list;
  }

  test("let in and count what they would refuse; enforced, they refuse just that", async () => {
    const tokens = await traffic();
    /** @param {string} account @param {Record<string, unknown>} more */
    const play = async (account, more) => {
      await worker.account(acme({ account, secureToken: { ...settings, issuer: undefined, ...more } }), { ...secrets, JWE: encryption.toString("base64url") });
      /** @type {Record<string, string[]>} */
      const seen = {};
      for (const [kind, token] of tokens) {
        const from = worker.log.join("").length;
        const { status } = await admit(token, account);
        const admitted = () => worker.log.join("").slice(from).match(/^.*"step":"admit".*\n/m)?.[0];
        const { code, would } = JSON.parse(await until(admitted, "the decision is in the log"));
        seen[kind] = [...(seen[kind] ?? []), `${status} ${status === 200 ? (would ?? "-") : code}`];
      }
      return seen;
    };
    const reported = await play("acme", { reportOnly: checks });
    const enforced = await play("acme", {});
    for (const kind of ["good", "readable", "endless", "astray", "forged"]) {
      const [soft, hard] = [new Set(reported[kind]), new Set(enforced[kind])];
      assert.deepEqual([soft.size, hard.size], [1, 1], kind);
      const [first, second] = [[...soft][0], [...hard][0]];
      if (kind === "good") assert.deepEqual([first, second], ["200 -", "200 -"]);
      else if (kind === "forged") assert.deepEqual([first, second], ["401 signature_invalid", "401 signature_invalid"], "the minimum is always enforced");
      else assert.equal(second, first.replace("200", "401"), `${kind}: what would be refused is what is refused`);
    }
    const would = tokens.length - 2 * 3;
    console.log(`reported only: ${JSON.stringify(reported)}`);
    const counted = async () => {
      const { text } = await worker.get("/metrics");
      return [...text.matchAll(/^handstamp_would_refuse_total\{account="acme",code="\w+"\} (\d+)$/gm)].reduce((total, [, n]) => total + Number(n), 0);
    };
    await until(async () => (await counted()) === would, `${would} are counted`);
  });
});
