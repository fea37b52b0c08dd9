// The project that `npm create handstamp` makes, without a registry: its configuration has every binding and nothing left to do
// but what only its owner can, and a bad flag makes none. `cargo xtask matrix` installs and plays it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
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

test("a base path is refused by name, and no project is begun", async () => {
  const { code, said } = await create(["elsewhere", ...FLAGS.slice(0, 5), "https://play.acme.com/games"]);
  assert.deepEqual([code, said.includes("PUBLIC_URL has the path /games") && said.includes("(url_invalid)")], [2, true], said);
  await assert.rejects(readFile(join(folder, "elsewhere/package.json")), { code: "ENOENT" });
});
