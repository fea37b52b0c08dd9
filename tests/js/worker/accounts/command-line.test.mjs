// `handstamp account put` and `handstamp secret` against the real worker: a document and a secret written by one command, and
// by none that is wrong.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { handstamp, program } from "../../support/worker/command_line.mjs";
import { customer } from "../../support/worker/customer.mjs";
import { Deployment, freePort, root } from "../../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;
const { document, secrets } = customer("by-command");

before(async () => {
  worker = await Deployment.start();
  await worker.account(document, secrets);
});
after(() => worker.stop());

/**
 * @param {object | string} input
 * @param {{ to?: string, client?: string, secret?: string | null, options?: string[] }} [how]
 */
function put(input, { to = worker.url, client = worker.secrets.operator.clientId, secret = worker.secrets.operator.secret, options = [] } = {}) {
  const { HANDSTAMP_CLIENT_SECRET: _, ...env } = process.env;
  return handstamp(["account", "put", "--to", to, "--client", client, ...options], {
    input: typeof input === "string" ? input : JSON.stringify(input),
    env: secret === null ? env : { ...env, HANDSTAMP_CLIENT_SECRET: secret },
  });
}

test("a document is written: its version is told, and the same again changes nothing", async () => {
  const changed = { ...document, campaigns: { ...document.campaigns, "999": {} } };
  const first = await put(changed);
  assert.deepEqual([first.code, first.out], [0, "by-command is written: version 2\n"], first.err);
  const again = await put(changed, { options: ["--json"] });
  assert.equal(again.code, 0, again.err);
  const { account, version, changed: isChanged } = JSON.parse(again.out);
  assert.deepEqual({ account, version, isChanged }, { account: "by-command", version: 2, isChanged: false });
});

test("every fault is shown with its path, and the last good version stays", async () => {
  const wrong = await put({ ...document, origin: ["https://www.example.com"], campaigns: { "999": { login: "magic" } } });
  assert.equal(wrong.code, 1, wrong.err);
  assert.match(wrong.out, /✗ \/origin .*origins/);
  assert.match(wrong.out, /✗ \/campaigns\/999\/login/);
  assert.equal((await worker.read("/v1/accounts/by-command")).body.version, 2);
});

test("before an upgrade: accounts that must leave the shared callback are listed with what to register, and no other is", async () => {
  const oauth = (/** @type {object} */ more) => ({ issuer: "http://127.0.0.1:9", clientId: "c", clientAuth: { secret: { secret: "OIDC_CLIENT" } }, ...more });
  const stored = {
    "by-public": oauth({ clientAuth: { method: "none" }, sendsIss: true }),
    "by-endpoint": oauth({ endpoints: { token: "http://127.0.0.1:9/token" }, redirectUri: "shared" }),
    "by-own": oauth({ clientAuth: { method: "none" }, redirectUri: "account" }),
    "by-shared": oauth({}),
  };
  for (const [account, member] of Object.entries(stored)) {
    // As the release before wrote it, which had the shared callback where a document says nothing.
    const source = { account, oauth: member };
    const object = await worker.accountObject(account);
    await object.write(JSON.stringify(source), { ...source, oauth: { redirectUri: "shared", ...member } }, { revoked: [], used: [] }, Date.now());
  }
  const env = { ...process.env, HANDSTAMP_CLIENT_SECRET: worker.secrets.operator.secret };
  const ask = (/** @type {string[]} */ ...accounts) =>
    handstamp(["account", "upgrade", "--at", worker.url, "--client", worker.secrets.operator.clientId, ...accounts], { input: "", env });
  const { code, out, err } = await ask(...Object.keys(stored), "by-command");
  assert.equal(code, 1, err);
  assert.deepEqual(out.split("\n").filter((line) => /^[✓✗]/.test(line)).map((line) => line.split("  ")[0]), ["✗ by-public", "✗ by-endpoint", "✓ by-own", "✓ by-shared", "✓ by-command"]);
  for (const account of ["by-public", "by-endpoint"]) assert.ok(out.includes(`register ${worker.url}/oauth/callback/${account} at`), out);
  const good = await ask("by-own");
  assert.deepEqual([good.code, good.out], [0, "✓ by-own\n"], good.err);
  assert.equal((await ask()).code, 0, "no account was seen at work yet");
});

test("a secret is stored for its purpose by the command that a refused document names, and is not shown", async () => {
  const env = { ...process.env, HANDSTAMP_CLIENT_SECRET: worker.secrets.operator.secret };
  const run = (/** @type {string[]} */ [verb, ...rest], input = "") =>
    handstamp(["secret", verb, "--to", worker.url, "--client", worker.secrets.operator.clientId, ...rest], { input, env });
  const value = "canary-of-the-command-line";
  const put = await run(["put", "--account", "by-command", "--purpose", "webhook", "HOOK"], `${value}\n`);
  assert.deepEqual([put.code, put.out], [0, 'HOOK of by-command is stored: write { "secret": "HOOK" } in its document\n'], put.err);
  const { code, out } = await run(["list", "--account", "by-command"]);
  assert.equal(code, 0);
  assert.deepEqual(out.split("\n").map((line) => line.split("  ").slice(0, 2).join(" ")), ["HOOK webhook", "OIDC_CLIENT client", "TOKEN_KEY verify", ""]);
  const wrong = await run(["put", "--account", "by-command", "--purpose", "webhook", "TOKEN_KEY"], value);
  assert.deepEqual([wrong.code, /secret_purpose/.test(wrong.out)], [1, true], wrong.out);
  const nobody = await run(["put", "X"], value);
  assert.deepEqual([nobody.code, /--account/.test(nobody.err)], [3, true]);
  for (const { out: told, err } of [put, wrong, nobody]) assert.ok(!`${told}${err}`.includes(value));
  const hook = { url: "http://127.0.0.1:9/in", secret: { secret: "HOOK" } };
  assert.equal((await worker.put("/v1/accounts/by-command", { ...document, webhook: hook })).status, 200, "the line break is not part of it");
});

test("the first owner of an account is invited, listed and removed by the command line", async () => {
  const env = { ...process.env, HANDSTAMP_CLIENT_SECRET: worker.secrets.operator.secret };
  const people = (/** @type {string[]} */ [verb, ...rest]) =>
    handstamp(["people", verb, "--to", worker.url, "--client", worker.secrets.operator.clientId, "--account", "by-command", ...rest], { input: "", env });
  const invited = await people(["invite", "An Owner"]);
  assert.equal(invited.code, 0, invited.err);
  assert.match(invited.out, /^http:\/\/localhost:\d+\/console\/by-command#invitation=[\w-]{43}\ngood once, until 2/);
  const listed = await people(["list"]);
  const [, id] = /^([\w-]{16}) {2}owner {2}An Owner, invited until/.exec(listed.out) ?? [];
  assert.ok(id, listed.out);
  const removed = await people(["remove", id]);
  assert.deepEqual([removed.code, removed.out], [0, `${id} is removed from by-command\n`], removed.err);
  assert.equal((await people(["remove", id])).code, 1, "nobody is there any more");
  assert.equal((await people(["invite", "--role", "king", "X"])).code, 2);
});

test("a wrong secret, none, an address in clear, no deployment and no document are each told, with exit code 3", async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const cases = /** @type {[Promise<{ code: number | null, out: string, err: string }>, RegExp][]} */ ([
    [put(document, { secret: "wrong" }), /does not let this client in/],
    [put(document, { secret: null }), /HANDSTAMP_CLIENT_SECRET/],
    [put(document, { to: "http://campaigns.example.com" }), /must begin with https/],
    [put(document, { to: `${worker.url}/v1/accounts` }), /must be only the origin/],
    [put(document, { to: nobody }), /cannot be reached/],
    [put("{"), /not JSON/],
    [put({ ...document, account: "../other" }), /no name in its member "account"/],
  ]);
  for (const [run, message] of cases) {
    const { code, out, err } = await run;
    assert.equal(code, 3, `${message}: ${out}${err}`);
    assert.match(err, message);
    assert.ok(!err.includes(worker.secrets.operator.secret), "no secret in an error text");
  }
});


/** The lines of a page's shell blocks that call a program. @param {string} page @param {RegExp} calls */
const linesOf = async (page, calls) =>
  [...(await readFile(join(root, page), "utf8")).matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = ""]) => block.split("\n")).filter((line) => calls.test(line));

test("every line of the command line in README and docs works, one after the other, as it is written", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "handstamp-lines-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "bin"));
  await symlink(await program(), join(folder, "bin/handstamp"));
  for (const part of ["worker", "tests"]) await symlink(join(root, part), join(folder, part), "junction");
  await writeFile(join(folder, "acme.json"), JSON.stringify({ ...document, account: "by-lines", secureToken: undefined, oauth: undefined, webhook: undefined, campaigns: { 600002: { signIn: ["anonymous"] } } }));
  // What the pages leave to the reader: a ring, a pack of tokens, a generator of one's own.
  await writeFile(join(folder, "secrets.json"), JSON.stringify({ RING: JSON.stringify({ environment: "test", keys: [{ kid: "k1", key: Buffer.alloc(32, 7).toString("base64url"), status: "active" }] }) }));
  await copyFile(join(root, "tests/vectors/tokens/pack.json"), join(folder, "pack.json"));
  await writeFile(join(folder, "bin/your-generator"), `#!/bin/sh\necho '{ "sub": "1234", "campaignId": "123456" }' | handstamp token sign --key "$1" --expires-in 300\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env.PATH}` };
  const lines = [...(await linesOf("README.md", /\bhandstamp (keys|token|jwks|account|pack|people|secret) /)), ...(await linesOf("tests/vectors/tokens/README.md", /\bhandstamp (keys|token) /))];
  assert.ok(lines.length >= 16, lines.join("\n"));
  for (const line of lines) {
    const command = line
      .replaceAll("https://campaigns.example.com", worker.url)
      .replaceAll("HANDSTAMP_CLIENT_SECRET=…", `HANDSTAMP_CLIENT_SECRET=${worker.secrets.operator.secret}`)
      .replaceAll("--client operator acme", `--client ${worker.secrets.operator.clientId} ${line.includes("upgrade") ? "by-lines" : "acme"}`);
    const { error, stdout, stderr } = await promisify(execFile)("sh", ["-euc", command], { cwd: folder, env }).then((out) => ({ ...out, error: null }), (error) => ({ error, stdout: error.stdout, stderr: error.stderr }));
    assert.equal(error, null, `${line}\n${stdout}${stderr}`);
    if (line.includes("explain")) assert.match(stdout, /accepted/, line);
  }
  const { keys } = JSON.parse(await readFile(join(folder, "jwks.json"), "utf8"));
  assert.deepEqual([keys[0].alg, keys[0].kid, keys[0].use, keys[0].d], ["ES256", "2026a", "sig", undefined]);
});

test("an account lives by the command line: listed, written with a reason, audited, exported, deleted and restored", async () => {
  const env = { ...process.env, HANDSTAMP_CLIENT_SECRET: worker.secrets.operator.secret };
  const place = ["--to", worker.url, "--client", worker.secrets.operator.clientId];
  const run = (/** @type {string[]} */ words, input = "") => handstamp(words, { input, env });
  const account = ["--account", "by-command"];
  const { body } = await worker.read("/v1/accounts/by-command");
  const before = (await run(["account", "list", ...place])).out;
  assert.match(before, new RegExp(`^by-command  version ${body.version}$`, "m"));
  const changed = { ...document, campaigns: { ...document.campaigns, "998": {} } };
  const put = await run(["account", "put", ...place, "--reason", "one more, “for now” & later"], JSON.stringify(changed));
  assert.equal(put.code, 0, put.err);
  const audit = await run(["account", "audit", ...place, ...account, "--limit", "1"]);
  assert.match(audit.out, new RegExp(`operator operator  putAccount  version ${body.version + 1}: one more, “for now” & later\n$`));
  const exported = await run(["account", "export", ...place, ...account]);
  const lines = exported.out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([exported.code, lines[0].account, lines.filter(({ kind }) => kind === "version").length], [0, "by-command", body.version + 1]);

  const gone = await run(["account", "delete", ...place, ...account, "--reason", "the contract ends"]);
  assert.equal(gone.code, 0, gone.err);
  assert.match(gone.out, /^by-command takes nothing from now on, and is gone on \d{4}-/);
  assert.match((await run(["account", "list", ...place])).out, /^by-command .* ends \d{4}-/m);
  const refused = await run(["account", "put", ...place], JSON.stringify(document));
  assert.deepEqual([refused.code, /being deleted/.test(refused.out)], [1, true], refused.out);
  const back = await run(["account", "restore", ...place, ...account]);
  assert.deepEqual([back.code, back.out], [0, `by-command goes on: version ${body.version + 1}\n`], back.err);
  const twice = await run(["account", "restore", ...place, ...account]);
  assert.equal(twice.code, 1, "there is nothing to take back");
  const nobody = await run(["account", "delete", ...place, "--account", "no-such-account"]);
  assert.equal(nobody.code, 1);
});

test("a secret is deleted by the command line, unless the document names it", async () => {
  const env = { ...process.env, HANDSTAMP_CLIENT_SECRET: worker.secrets.operator.secret };
  const place = ["--to", worker.url, "--client", worker.secrets.operator.clientId, "--account", "by-command"];
  const run = (/** @type {string[]} */ words, input = "") => handstamp(["secret", ...words], { input, env });
  assert.equal((await run(["put", ...place, "--purpose", "profile", "GATEWAY"], "the key of a gateway\n")).code, 0);
  const gone = await run(["delete", ...place, "GATEWAY"]);
  assert.deepEqual([gone.code, gone.out], [0, "GATEWAY of by-command is deleted\n"], gone.err);
  const used = await run(["delete", ...place, "TOKEN_KEY"]);
  assert.deepEqual([used.code, /names this secret/.test(used.out)], [1, true], used.out);
  const none = await run(["delete", ...place, "GATEWAY"]);
  assert.equal(none.code, 1, none.out);
  assert.equal((await run(["delete", ...place, "../clients"])).code, 3);

});
