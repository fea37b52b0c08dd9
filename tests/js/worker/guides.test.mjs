// The guides, run from the pages as they stand: every snippet that says so, against the real worker and a real OpenID
// Provider.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { decodeProtectedHeader } from "jose";
import { listen } from "../../../demo/addresses.mjs";
import { createProvider } from "../../../demo/provider/provider.mjs";
import { sign } from "../support/worker/customer.mjs";
import { Deployment, random, root } from "../support/worker/deployment.mjs";

const run = promisify(execFile);
const www = join(root, "www");
/** @type {Record<string, (code: string) => [string, string[]]>} */
const PROGRAMS = {
  sh: (code) => ["bash", ["-euo", "pipefail", "-c", code]],
  node: (code) => ["node", ["--input-type=module", "--eval", code]],
  python: (code) => ["python3", ["-c", code]],
};

/** @typedef {{ page: string, caption: string, says: string, language: string, name: string, code: string }} Snippet */

const text = (/** @type {string} */ html) => html.replaceAll(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

/** @param {string} page @returns {Promise<Snippet[]>} */
async function snippetsOf(page) {
  const html = await readFile(join(www, "guides", `${page}.html`), "utf8");
  const found = [...html.matchAll(/<figure data-run="([^"]+)">\s*<figcaption>(.*?) <span>(.*?)<\/span><\/figcaption>\s*<pre[^>]*><code>(.*?)<\/code>/gs)];
  assert.equal(found.length, html.split("<pre").length - 1, `${page}: every snippet says whether it is run`);
  return found.map(([, how, caption, says, code]) => {
    const [language, name = ""] = how.split(":");
    return { page, caption: text(caption), says, language, name, code: text(code) };
  });
}

const pages = ["secure-token", "encryption", "login", "receipts"];
const snippets = (await Promise.all(pages.map(snippetsOf))).flat();
/** Which tools this machine has; Node it has. */
const missing = new Set();
for (const [language, command] of Object.entries({ python: "python3 --version", sh: "curl --version && jq --version && openssl version" }))
  await run("bash", ["-c", command]).catch(() => missing.add(language));

/** @type {Deployment} */
let worker;
/** @type {Awaited<ReturnType<typeof listen>>} */
let provider;
/** @type {Record<string, string>} */
let environment;
const fields = [{ name: "email", type: "email" }, { name: "firstname", type: "text" }];
/** @param {string} name @param {"token" | "oauth"} [way] */
const account = (name, way = "token") => ({ account: name, origins: ["https://www.customer.example"], campaigns: { 100001: { fields, signIn: [way] } } });
/** No two accounts have the same key. */
const secrets = () => ({ TOKEN_KEY: random(), JWE_KEY: random(), OIDC_CLIENT: random() });
const [guided, sealed, logged] = [secrets(), secrets(), secrets()];

/** The document of a guide's snippet, as part of an account. @param {string} page @param {string} name @returns {Record<string, any>} */
const settings = (page, name) => JSON.parse(snippets.find((one) => one.page === page && one.language === "account" && one.name === name)?.code ?? "");

before(async () => {
  [worker, provider] = await Promise.all([Deployment.start(), listen(0)]);
  const issuer = `http://127.0.0.1:${provider.port}`;
  provider.answerWith(await createProvider({ issuer, worker: worker.url, clientSecret: logged.OIDC_CLIENT }));
  await worker.account({ ...account("guided"), ...settings("secure-token", "") }, guided);
  await worker.account({ ...account("sealed"), ...settings("encryption", "encryption") }, sealed);
  const oauth = { ...settings("login", "login").oauth, preset: "generic", issuer };
  await worker.account({ ...account("logged", "oauth"), oauth }, logged);
  environment = { HANDSTAMP: worker.url, CAMPAIGN: "100001", ISSUER: issuer, TOKEN_KEY: guided.TOKEN_KEY, JWE_KEY: sealed.JWE_KEY };
});
after(async () => {
  await provider?.close();
  await worker?.stop();
});

/** @param {Snippet} snippet @param {Record<string, string>} more */
async function play({ language, code }, more) {
  const [program, given] = PROGRAMS[language](code);
  const { stdout } = await run(program, given, { cwd: root, env: { ...process.env, ...environment, ...more } });
  return stdout.trim();
}

const keyed = (/** @type {string} */ key) => ({ key: Buffer.from(key, "base64url") });
/** @param {string} name @param {string} token */
const admit = (name, token) => worker.post("/v1/token/admit", { account: name, campaignId: "100001", token });
const client = async (/** @type {string} */ name, /** @type {string} */ scope) => {
  const { body } = await worker.post(`/v1/accounts/${name}/clients`, { scope }, await worker.bearer());
  return { ACCOUNT: name, CLIENT: body.clientId, SECRET: body.clientSecret };
};

/** What each snippet must come to, by guide and kind. @type {Record<string, (snippet: Snippet) => Promise<void>>} */
const outcomes = {
  "secure-token node": tokenIsAdmitted,
  "secure-token python": tokenIsAdmitted,
  "secure-token sh:key": async (snippet) => {
    await worker.account({ ...account("fresh"), ...settings("secure-token", "") }, secrets());
    const key = (await play(snippet, await client("fresh", "accounts"))).split("\n").at(-1) ?? "";
    const { status, text: said } = await admit("fresh", await sign({}, keyed(key)));
    assert.equal(status, 200, said);
  },
  "secure-token sh:explain": async (snippet) => {
    const said = await play(snippet, { ...(await client("guided", "explain")), TOKEN: await sign({}, keyed(random())) });
    assert.match(said, /^"rejected"/);
    assert.match(said, /"code": "signature_invalid"/);
  },
  "encryption sh:token": tokenIsEncrypted,
  "encryption node": tokenIsEncrypted,
  "encryption python": tokenIsEncrypted,
  "encryption sh:keys": async (snippet) => assert.equal(await play(snippet, { ACCOUNT: "sealed" }), "[]", "a shared secret is not published"),
  "login sh:discovery": async (snippet) => {
    const { issuer, pkce, iss } = JSON.parse(await play(snippet, {}));
    assert.deepEqual([issuer, pkce, iss], [environment.ISSUER, true, true]);
  },
  "login node": async (snippet) => assert.deepEqual([...new Set((await play(snippet, {})).split("\n").map((line) => line.slice(0, 3)))], ["yes"]),
  "receipts node": async (snippet) => {
    const { body } = await admit("guided", await sign({}, keyed(guided.TOKEN_KEY)));
    const filled = { email: "an@example.org", firstname: "An" };
    const { body: recorded } = await worker.post("/v1/participations", { pass: body.pass, form: filled }, { "idempotency-key": random() });
    assert.equal(await play(snippet, { ACCOUNT: "guided", RECEIPT: recorded.receipt }), "reward 1234");
    await assert.rejects(play(snippet, { ACCOUNT: "sealed", RECEIPT: recorded.receipt }), /aud/);
  },
  "login sh:link": async (snippet) => {
    const [, secret] = (await play(snippet, await client("logged", "accounts"))).split("#");
    assert.equal((await worker.post("/v1/connections", { account: "logged", link: secret })).status, 200);
  },
};

/** @param {Snippet} snippet */
async function tokenIsAdmitted(snippet) {
  const { body, status, text: said } = await admit("guided", await play(snippet, {}));
  assert.equal(status, 200, said);
  assert.deepEqual([body.admission.subject, body.admission.prefill.form], ["1234", { firstname: "Zoë", email: "zoe@example.com" }]);
  assert.deepEqual(body.admission.warnings, []);
}

/** @param {Snippet} snippet */
async function tokenIsEncrypted(snippet) {
  const signed = await sign({}, keyed(sealed.TOKEN_KEY));
  assert.equal((await admit("sealed", signed)).status, 401, "readable tokens are refused");
  const token = await play(snippet, { ACCOUNT: "sealed", TOKEN: signed });
  const { alg, enc, cty } = decodeProtectedHeader(token);
  assert.deepEqual([alg, enc, cty], ["A256KW", "A256GCM", "JWT"]);
  const { status, text: said } = await admit("sealed", token);
  assert.equal(status, 200, said);
}

describe("the guides", { concurrency: 3 }, () => {
  for (const snippet of snippets) {
    const { page, caption, says, language, name, code } = snippet;
    if (language === "no") {
      test(`${page}, ${caption}: says that it is not run`, () => assert.equal(says, "not run here"));
      continue;
    }
    test(`${page}, ${caption}`, { skip: missing.has(language) && `the tools for ${language} are not installed` }, async () => {
      assert.equal(says, "run by the tests");
      if (language === "account") {
        const document = account(`settings-${snippets.indexOf(snippet)}`, name === "login" ? "oauth" : "token");
        return void (await worker.account({ ...document, ...JSON.parse(code) }, secrets()));
      }
      const outcome = outcomes[`${page} ${language}${name && `:${name}`}`];
      assert.ok(outcome, "something must come of it");
      await outcome(snippet);
    });
  }
});

test("one page each: short enough to be read at a sitting", async () => {
  for (const page of pages) {
    const html = await readFile(join(www, "guides", `${page}.html`), "utf8");
    const words = text(html.replaceAll(/<pre.*?<\/pre>/gs, "")).split(/\s+/).length;
    assert.ok(words <= 500, `${page} has ${words} words`);
  }
});
