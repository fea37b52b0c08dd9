// The guides, run from the files that their pages show: every program, command and document that says so, as it is shown with a
// reader's own names filled in, against the real worker and a real OpenID Provider.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { decodeProtectedHeader } from "jose";
import { listen } from "../../../../demo/addresses.mjs";
import { createProvider } from "../../../../demo/provider/provider.mjs";
import { filledIn, snippetsOf } from "../../../../xtask/js/snippets.mjs";
import { sign } from "../../support/worker/customer.mjs";
import { Deployment, random, root } from "../../support/worker/deployment.mjs";

const run = promisify(execFile);
const guides = join(root, "www/guides");
/** @type {Record<string, { file: string, command: string[], tools: string }>} */
const PROGRAMS = {
  sh: { file: "snippet.sh", command: ["bash", "-euo", "pipefail"], tools: "curl --version && jq --version && openssl version" },
  mjs: { file: "snippet.mjs", command: ["node"], tools: "node --version" },
  php: { file: "snippet.php", command: ["php"], tools: "php --version" },
  py: { file: "snippet.py", command: ["python3"], tools: "python3 --version" },
  java: { file: "Token.java", command: ["java"], tools: "java --list-modules | grep jdk.compiler" },
};

/** Pages of the repository that have commands. */
const DOCUMENTS = ["README.md", "SECURITY.md", "worker/README.md", "worker/PRODUCTION.md", ...(await readdir(join(root, "docs"))).filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`)];
const documents = await Promise.all(DOCUMENTS.map(async (name) => [name, await readFile(join(root, name), "utf8")]));

/** @typedef {import("../../../../xtask/js/snippets.mjs").Snippet} Snippet */

const all = await snippetsOf(root);
const snippets = [...all.values()].flat();
const PAGES = (await readdir(guides)).filter((file) => file.endsWith(".html") && file !== "layout.html").map((file) => file.replace(".html", ""));
const sources = Object.fromEntries(await Promise.all(PAGES.map(async (page) => [page, await readFile(join(guides, `${page}.html`), "utf8")])));
/** The languages that this machine has no tools for, and packages. */
const missing = new Set();
const TOOLS = { ...Object.fromEntries(Object.entries(PROGRAMS).map(([language, { tools }]) => [language, tools])), cryptography: "python3 -c 'import cryptography'" };
await Promise.all(Object.entries(TOOLS).map(([name, tools]) => run("bash", ["-c", tools]).catch(() => missing.add(name))));

/** @type {Deployment} */
let worker;
/** @type {Awaited<ReturnType<typeof listen>>} */
let provider;
/** @type {Record<string, string>} */
let environment;
/** No two accounts have the same key. */
const secrets = () => ({ TOKEN_KEY: random(), JWE_KEY: random(), OIDC_CLIENT: random() });
const [guided, sealed, logged] = [secrets(), secrets(), secrets()];

/** A document as a guide shows it, for an account of that name. @param {string} name @param {string} account @returns {{ account: string } & Record<string, any>} */
const document = (name, account) => JSON.parse(filledIn(snippet(name, "json").code, { account, campaign: "100001" }));

/** @param {string} name @param {string} language */
const snippet = (name, language) => all.get(name)?.find((one) => one.language === language) ?? assert.fail(`no snippet ${name}.${language}`);

let folder = "";
before(async () => {
  [worker, provider] = await Promise.all([Deployment.start(), listen(0)]);
  const issuer = `http://127.0.0.1:${provider.port}`;
  provider.answerWith(await createProvider({ issuer, worker: worker.url, clientSecret: logged.OIDC_CLIENT }));
  folder = await mkdtemp(join(tmpdir(), "handstamp-guides-"));
  await worker.account(document("account-secret", "guided"), guided);
  await worker.account(document("account-encryption", "sealed"), sealed);
  const login = document("account-login", "logged");
  await worker.account({ ...login, oauth: { ...login.oauth, preset: "generic", issuer } }, logged);
  environment = { ISSUER: issuer, TOKEN_KEY: guided.TOKEN_KEY, JWE_KEY: sealed.JWE_KEY };
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
  await provider?.close();
  await worker?.stop();
});

/**
 * Runs a snippet in a folder of its own, after what its page shows before it. What is imported is found from the repository.
 * @param {Snippet} snippet
 * @param {Record<string, string>} more variables, and ACCOUNT
 * @param {Record<string, string>} [files] that lie in the folder
 */
async function play({ language, code }, { ACCOUNT = "guided", ...more }, files = {}) {
  const { file, command } = PROGRAMS[language];
  const place = await mkdtemp(join(/from "jose"/.test(code) ? await beside() : folder, "run-"));
  const before = language === "sh" && code.includes("$ACCESS") && !code.includes("ACCESS=") ? `${snippet("access", "sh").code}\n` : "";
  const own = { url: worker.url, account: ACCOUNT, campaign: "100001" };
  for (const [name, content] of Object.entries({ ...files, [file]: filledIn(before + code, own) })) {
    await mkdir(join(place, name, ".."), { recursive: true });
    await writeFile(join(place, name), content);
  }
  try {
    const { stdout } = await run(command[0], [...command.slice(1), file], { cwd: place, env: { ...process.env, ...environment, ...more } });
    const written = await Promise.all((await readdir(place)).filter((name) => name !== file && name.includes(".") && !name.startsWith(".")).map(async (name) => [name, await readFile(join(place, name), "utf8")]));
    return { said: stdout.trim(), files: /** @type {Record<string, string>} */ (Object.fromEntries(written)) };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** A folder from which Node finds the packages of the repository. */
async function beside() {
  const place = join(root, ".handstamp/guides");
  await mkdir(place, { recursive: true });
  return place;
}

const keyed = (/** @type {string} */ key) => ({ key: Buffer.from(key, "base64url") });
/** @param {string} name @param {string} token */
const admit = (name, token) => worker.post("/v1/token/admit", { account: name, campaignId: "100001", token });
const client = async (/** @type {string} */ name, /** @type {string} */ scope) => {
  const { body } = await worker.post(`/v1/accounts/${name}/clients`, { scope }, await worker.bearer());
  return { ACCOUNT: name, CLIENT: body.clientId, SECRET: body.clientSecret };
};

/** What each snippet must come to, by its name. @type {Record<string, (snippet: Snippet) => Promise<void>>} */
const outcomes = {
  access: async (one) => assert.equal((await play({ ...one, code: `${one.code}\necho "$ACCESS" | tr -cd .` }, await client("guided", "explain"))).said, ".."),
  sign: tokenIsAdmitted,
  "store-key": async (one) => {
    await worker.account(document("account-secret", "fresh"), secrets());
    const { said } = await play(one, await client("fresh", "accounts"));
    const { status, text: answered } = await admit("fresh", await sign({}, keyed(said.split("\n").at(-1) ?? "")));
    assert.equal(status, 200, answered);
  },
  "store-decryption-key": async (one) => {
    await worker.account(document("account-encryption", "freshly-sealed"), secrets());
    const { said } = await play(one, await client("freshly-sealed", "accounts"));
    assert.equal(Buffer.from(said.split("\n").at(-1) ?? "", "base64url").length, 32);
  },
  "store-client": async (one) => {
    const { OIDC_CLIENT, ...others } = secrets();
    await worker.account(document("account-secret", "registered"), others);
    await play(one, { ...(await client("registered", "accounts")), OIDC_CLIENT });
    const { body } = await worker.read("/v1/accounts/registered/secrets");
    assert.deepEqual(body.secrets.find((/** @type {any} */ { name }) => name === "OIDC_CLIENT").purposes, ["client"]);
  },
  "read-account": async (one) => {
    const { files } = await play(one, await client("guided", "accounts:read"));
    assert.deepEqual(JSON.parse(files["account.json"]), document("account-secret", "guided"));
  },
  "write-account": async (one) => {
    await worker.account(document("account-secret", "written"), secrets());
    const changed = { ...document("account-secret", "written"), origins: ["https://other.example"] };
    const more = await client("written", "accounts");
    await play(one, more, { "account.json": JSON.stringify(changed) });
    const { body } = await worker.read("/v1/accounts/written");
    assert.deepEqual(body.document.origins, ["https://other.example"]);
    // A fault is seen by whoever has only the command.
    const refused = await play(one, more, { "account.json": JSON.stringify({ ...changed, orgins: [] }) }).catch((fault) => fault);
    assert.match(refused.stdout, /"path":"\/orgins"/);
  },
  "make-keys": keySetIsAccepted,
  "sign-es256": keySetIsAccepted,
  explain: async (one) => {
    const { said } = await play(one, { ...(await client("guided", "explain")), TOKEN: await sign({}, keyed(random())) });
    assert.match(said, /^"rejected"/);
    assert.match(said, /"code": "signature_invalid"/);
  },
  encrypt: tokenIsEncrypted,
  "encrypt-yourself": tokenIsEncrypted,
  "encryption-keys": async (one) => assert.equal((await play(one, { ACCOUNT: "sealed" })).said, "[]", "a shared secret is not published"),
  discovery: async (one) => {
    const { said } = await play(one, {});
    if (one.language === "mjs") return assert.deepEqual([...new Set(said.split("\n").map((line) => line.slice(0, 3)))], ["yes"]);
    const { issuer, pkce, iss } = JSON.parse(said);
    assert.deepEqual([issuer, pkce, iss], [environment.ISSUER, true, true]);
  },
  "receipt-check": async (one) => {
    const { body } = await admit("guided", await sign({}, keyed(guided.TOKEN_KEY)));
    const filled = { email: "an@example.org", firstname: "An" };
    const { body: recorded } = await worker.post("/v1/participations", { pass: body.pass, form: filled }, { "idempotency-key": random() });
    assert.equal((await play(one, { ACCOUNT: "guided", RECEIPT: recorded.receipt })).said, "reward 1234");
    await assert.rejects(play(one, { ACCOUNT: "sealed", RECEIPT: recorded.receipt }), /aud/);
  },
  "connection-link": async (one) => {
    const [, secret] = (await play(one, await client("logged", "accounts"))).said.split("#");
    assert.equal((await worker.post("/v1/connections", { account: "logged", link: secret })).status, 200);
  },
  "demo-token": async (one) => {
    const { said } = await play(one, {}, { ".handstamp/secrets.json": JSON.stringify({ tokenKey: guided.TOKEN_KEY }) });
    const [, token] = /^http:\/\/127\.0\.0\.1:8787\/campaign\/demo\/100001#token=(.+)$/.exec(said) ?? [];
    assert.equal((await admit("guided", token)).status, 200);
  },
  "demo-client": async (one) => {
    const { said } = await play({ ...one, code: `${one.code}\necho "$CLIENT $SECRET $HANDSTAMP $OIDC_CLIENT"` }, {}, { ".handstamp/secrets.json": JSON.stringify({ operator: { clientId: "operator", secret: "of the operators" }, oidcClient: "of the provider" }) });
    assert.equal(said, "operator of the operators http://127.0.0.1:8787 of the provider");
  },
};

/** The set that a program makes is published, and what the others sign with its key is admitted. @param {Snippet} one */
async function keySetIsAccepted(one) {
  const { files } = await play(snippet("make-keys", "mjs"), {});
  const name = `published-${one.language}-${one.name}`.slice(0, 32);
  const { secureToken, ...rest } = document("account-key-set", name);
  const { url: _elsewhere, ...source } = secureToken.verify[0];
  await worker.account({ ...rest, secureToken: { verify: [{ ...source, keys: JSON.parse(files["keys.json"]) }] } }, {});
  const signing = one.name === "make-keys" ? snippet("sign-es256", "mjs") : one;
  const { body, status, text: said } = await admit(name, (await play(signing, { ACCOUNT: name, PRIVATE_KEY: files["private.pem"] })).said);
  assert.equal(status, 200, said);
  assert.deepEqual([body.admission.subject, body.admission.prefill.form.firstname], ["1234", "Zoë"]);
}

/** @param {Snippet} snippet */
async function tokenIsAdmitted(snippet) {
  const { body, status, text: said } = await admit("guided", (await play(snippet, {})).said);
  assert.equal(status, 200, said);
  assert.deepEqual([body.admission.subject, body.admission.prefill.form], ["1234", { firstname: "Zoë", email: "zoe@example.com" }]);
  assert.deepEqual(body.admission.warnings, []);
}

/** @param {Snippet} snippet */
async function tokenIsEncrypted(snippet) {
  const signed = await sign({}, keyed(sealed.TOKEN_KEY));
  assert.equal((await admit("sealed", signed)).status, 401, "readable tokens are refused");
  const { said: token } = await play(snippet, { ACCOUNT: "sealed", TOKEN: signed });
  const { alg, enc, cty } = decodeProtectedHeader(token);
  assert.deepEqual([alg, enc, cty], ["A256KW", "A256GCM", "JWT"]);
  const { status, text: said } = await admit("sealed", token);
  assert.equal(status, 200, said);
}

describe("the guides", { concurrency: 3 }, () => {
  for (const one of snippets.filter(({ language }) => language !== "html")) {
    const { code, name, language, isRun } = one;
    const needed = code.includes("cryptography") ? "cryptography" : language;
    const skip = isRun ? missing.has(needed) && `the tools for ${needed} are not installed` : "it says that it is not run";
    test(`${name}.${language}`, { skip }, async () => {
      if (language === "json") return void (await worker.account(document(name, `shown-${name}`.slice(0, 32)), secrets()));
      await (outcomes[name] ?? assert.fail("something must come of it"))(one);
    });
  }
});

test("each snippet is on a page, and those that need an access token have it shown before them or say where", () => {
  const shown = Object.entries(sources).flatMap(([page, html]) => [...html.matchAll(/\{\{snippet ([\w-]+) \|/g)].map(([, name]) => ({ page, name })));
  assert.deepEqual([...new Set(shown.map(({ name }) => name))].sort(), [...all.keys()].sort());
  for (const { page, name } of shown) {
    if (!all.get(name)?.some(({ code }) => code.includes("$ACCESS") && !code.includes("ACCESS="))) continue;
    const before = sources[page].split(`{{snippet ${name} |`)[0];
    assert.match(before, /\{\{snippet access \||<a href="\/guides\/secure-token">access token<\/a> in <code>ACCESS<\/code>/, `${page}: ${name}`);
  }
});

test("a command shows what the service says: every curl has --fail-with-body", () => {
  for (const { name, code } of snippets.filter(({ language }) => language === "sh"))
    for (const call of code.split("\n").filter((line) => line.includes("curl "))) assert.match(call, /curl -sS --fail-with-body/, name);
  for (const [name, text] of documents)
    for (const call of text.match(/\bcurl -.*/g) ?? []) assert.match(call, /^curl -sS --fail-with-body/, name);
});

test("one page each: short enough to be read at a sitting", () => {
  for (const [page, html] of Object.entries(sources)) {
    const words = html.replaceAll(/<[^>]*>|\{\{[^}]*\}\}/g, " ").split(/\s+/).length;
    assert.ok(words <= 500, `${page} has ${words} words`);
  }
});
