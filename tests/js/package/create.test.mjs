// The project that `npm create handstamp` makes, without a registry: its configuration has every binding and nothing left to do
// but what only its owner can, and a bad flag makes none. `cargo xtask matrix` installs and plays it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { unstable_readConfig as readConfig } from "wrangler";
import { parseAccount } from "../../../pkg/dist/node.js";
import { inspect } from "../../../worker/command/check.mjs";
import { freshSecrets } from "../../../worker/command/secrets.mjs";
import "../support/patience.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const made = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "create-handstamp");
const FLAGS = ["--account", "acme", "--site", "https://www.acme.com", "--url", "https://play.acme.com"];
/** @type {string} */
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "handstamp-create-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(join(root, "pkg"), join(folder, "node_modules/handstamp"));
  await symlink(made, join(folder, "node_modules/create-handstamp"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** @param {string[]} args */
const create = (args) =>
  promisify(execFile)(process.execPath, ["--preserve-symlinks", "--preserve-symlinks-main", "node_modules/create-handstamp/index.js", ...args], { cwd: folder }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stderr }) => ({ code, said: stderr }),
  );

test("a project has the worker's configuration, an account without a secret, and only its owner's part left to do", async () => {
  const { code, said } = await create(["campaigns", ...FLAGS]);
  assert.equal(code, 0, said);
  const project = join(folder, "campaigns");
  const [manifest, ours] = await Promise.all([join(project, "package.json"), join(root, "package.json")].map(async (file) => JSON.parse(await readFile(file, "utf8"))));
  assert.equal(manifest.devDependencies.wrangler, ours.devDependencies.wrangler);
  const config = readConfig({ config: join(project, "wrangler.jsonc") }, { hideWarnings: true });
  const open = inspect(config, freshSecrets("production").vars).flatMap(({ faults }) => faults);
  assert.deepEqual(open, ["STATISTICS has no database_id"]);
  const text = await readFile(join(project, "accounts/acme.json"), "utf8");
  const { faults, account } = parseAccount(text);
  assert.deepEqual([faults, Object.keys(account?.campaigns ?? {})], [undefined, ["welcome"]]);
  const { d } = JSON.parse(await readFile(join(project, "token-key.json"), "utf8"));
  assert.ok(d.length > 40 && !text.includes(d));
  const ignored = (await readFile(join(project, ".gitignore"), "utf8")).split("\n");
  for (const secret of [".dev.vars*", "secrets.json", "token-key.json"]) assert.ok(ignored.includes(secret), secret);
  const again = await create(["campaigns", ...FLAGS]);
  assert.deepEqual([again.code, /\(folder_not_empty\)/.test(again.said)], [3, true], again.said);
});

test("git ignores every file with secrets, and no account's document; who reads them is their owner", async () => {
  const project = join(folder, "ignored");
  for (const account of ["secrets", "token-key", "my-private"]) {
    const { code, said } = await create(["ignored", "--account", account, ...FLAGS.slice(2)]);
    assert.equal(code, 0, said);
    const git = (/** @type {string[]} */ ...args) => promisify(execFile)("git", args, { cwd: project });
    await git("init", "-q");
    const ignored = [".dev.vars", ".dev.vars.staging", ".env", "secrets.json", "secrets-staging.json", "staging-secrets.json", "token-key.json", "private.json", "recipient-private.json", ".wrangler/state", "node_modules/x"];
    const { stdout } = await git("check-ignore", ...ignored, "package.json", "wrangler.jsonc", "src/index.js", `accounts/${account}.json`);
    assert.deepEqual(stdout.trim().split("\n"), ignored, account);
    for (const secret of [".dev.vars", "token-key.json"]) assert.equal((await stat(join(project, secret))).mode & 0o077, 0, secret);
    await rm(project, { recursive: true });
  }
});

test("names that a shell or a terminal would read as more than a name end at that, and nothing is written beside another's files", async () => {
  const { code, said } = await create(["a b; touch pwned", ...FLAGS]);
  assert.deepEqual([code, said.includes("cd 'a b; touch pwned'\n")], [0, true], said);
  for (const name of ["", "\u001b]0;x\u0007", "a\nb", "\u009b31m"]) {
    const refused = await create([name, ...FLAGS]);
    assert.deepEqual([refused.code, /\(folder_invalid\)/.test(refused.said)], [2, true], refused.said);
  }
  await mkdir(join(folder, "elsewhere"));
  await writeFile(join(folder, "elsewhere/kept"), "");
  await symlink("elsewhere", join(folder, "link"));
  await symlink("nowhere", join(folder, "dangling"));
  assert.deepEqual([(await create(["link", ...FLAGS])).code, (await create(["dangling", ...FLAGS])).code], [3, 3]);
  for (const flags of [["--account", "../up"], ["--account", "a/b"], ["--account", "__proto__"], ["--site", 'https://a.com","x":"'], ["--url", 'https://a.com", "x": "'], ["--url", "https://a.com/*"], ["--url", "https://*.a.com"]]) {
    const refused = await create(["injected", ...FLAGS, ...flags]);
    assert.equal(refused.code, 2, `${flags}: ${refused.said}`);
  }
  assert.deepEqual((await readdir(folder)).sort(), ["a b; touch pwned", "campaigns", "dangling", "elsewhere", "link", "node_modules"]);
  assert.deepEqual(await readdir(join(folder, "elsewhere")), ["kept"]);
  await rm(join(folder, "elsewhere"), { recursive: true });
});

test("a base path is refused by name, and no project is begun", async () => {
  const { code, said } = await create(["elsewhere", ...FLAGS.slice(0, 5), "https://play.acme.com/games"]);
  assert.deepEqual([code, said.includes("PUBLIC_URL has the path /games") && said.includes("(url_invalid)")], [2, true], said);
  await assert.rejects(readFile(join(folder, "elsewhere/package.json")), { code: "ENOENT" });
});
