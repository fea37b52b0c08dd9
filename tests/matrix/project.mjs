// `npm create handstamp@latest` outside the repository, from a registry: the project is made, checked and played, and every
// command of PRODUCTION.md runs in it.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { QUIET } from "../../worker/command/wrangler.mjs";
import { until } from "../js/support/patience.mjs";
import { freePort } from "../js/support/worker/deployment.mjs";
import { browser } from "./chromium.mjs";
import { root, run } from "./consumer.mjs";
import { commandsOf, runProduction } from "./production.mjs";
import { startRegistry } from "./registry.mjs";
import { node } from "./runtimes.mjs";

/** @typedef {import("./runtimes.mjs").Row} Row */
/** @typedef {{ folder: string, project: string, port: number, env: Record<string, string>, stop: () => void }} World */

const FLAGS = ["--account", "acme", "--site", "https://www.acme.com", "--url", "https://play.acme-campaigns.com"];

/** @type {Promise<World> | undefined} */
let world;
const made = () => (world ??= make());

/** The first command of PRODUCTION.md, with a port that is free here. */
async function make() {
  const folder = await mkdtemp(join(tmpdir(), "handstamp-create-"));
  const { env, stop } = await startRegistry(await mkdir(join(folder, "registry"), { recursive: true }).then(() => join(folder, "registry")));
  const port = await freePort();
  const [first] = commandsOf(await readFile(join(root, "pkg/worker/PRODUCTION.md"), "utf8"));
  await promisify(execFile)("sh", ["-c", `${first} --port ${port}`], { cwd: folder, env: { ...process.env, ...env } });
  const project = join(folder, "campaigns");
  await run("npm", ["install"], { cwd: project, env });
  return { folder, project, port, env, stop };
}

export async function closeProject() {
  const there = await world?.catch(() => undefined);
  there?.stop();
  if (there) await rm(there.folder, { recursive: true, force: true });
}

/** A command that must fail: its exit code and what it said. @param {string} file @param {string[]} args @param {string} cwd */
const refused = (file, args, cwd) => run(file, args, { cwd }).then(
  (said) => { throw new Error(`${args.join(" ")} was taken: ${said}`); },
  ({ code, message, stdout = "" }) => ({ code, said: `${message}\n${stdout}` }),
);

async function created() {
  const { project } = await made();
  assert.deepEqual((await readdir(project, { recursive: true })).filter((file) => !file.startsWith("node_modules")).sort(), [
    ".dev.vars", ".gitignore", "README.md", "accounts", "accounts/acme.json", "package-lock.json", "package.json", "src", "src/index.js", "token-key.json", "wrangler.jsonc",
  ]);
  for (const file of [".dev.vars", "token-key.json"]) assert.equal((await stat(join(project, file))).mode & 0o077, 0, `others can read ${file}`);
  const document = await readFile(join(project, "accounts/acme.json"), "utf8");
  const { d } = JSON.parse(await readFile(join(project, "token-key.json"), "utf8"));
  assert.ok(d && !document.includes(d) && !document.includes('"d"'), "the document holds a secret");
  await run("git", ["init", "--quiet"], { cwd: project });
  await writeFile(join(project, "secrets.json"), "{}");
  const listed = await run("git", ["status", "--short", "--untracked-files=all"], { cwd: project });
  await rm(join(project, "secrets.json"));
  assert.equal(listed.match(/secrets|dev\.vars|token-key|node_modules/), null, listed);
}

async function refusals() {
  const { folder, project, env } = await made();
  await run("npm", ["install", "--prefix", join(folder, "tool"), "create-handstamp@latest"], { cwd: folder, env });
  const tool = join(folder, "tool/node_modules/create-handstamp/index.js");
  const before = await readFile(join(project, ".dev.vars"), "utf8");
  await writeFile(join(folder, "file"), "x");
  const all = (/** @type {string[]} */ ...changed) => [tool, "new", ...FLAGS, ...changed];
  /** @type {[args: string[], code: number, said: string][]} */
  const cases = [
    [[tool, "new", "--bad"], 2, "flag_unknown"],
    [[tool, "new", "again", ...FLAGS], 2, "argument_unknown"],
    [[tool, "new", ...FLAGS.slice(0, 4)], 2, "flag_missing"],
    [all("--account", "Acme Ltd"), 2, "settings_invalid"],
    [all("--site", "https://www.acme.com/shop"), 2, "settings_invalid"],
    [all("--url", "https://play.acme-campaigns.com/games"), 2, "url_invalid"],
    [all("--url", "http://play.acme-campaigns.com"), 2, "url_invalid"],
    [all("--port", "80"), 2, "port_invalid"],
    [[tool, "campaigns", ...FLAGS], 3, "folder_not_empty"],
    [[tool, "file", ...FLAGS], 3, "folder_is_file"],
  ];
  for (const [args, code, word] of cases) {
    const found = await refused(process.execPath, args, folder);
    assert.deepEqual([found.code, found.said.includes(`(${word})`)], [code, true], found.said);
  }
  const old = await refused(node("node18"), all(), folder);
  assert.deepEqual([old.code, old.said.includes("Node 18.20.8 is too old") && old.said.includes("(node_too_old)")], [3, true], old.said);
  assert.equal(await readFile(join(project, ".dev.vars"), "utf8"), before, "something was written over");
  assert.ok(!(await readdir(folder)).includes("new"), "a refused project was begun");

  // At a terminal it asks for what is missing, and again after an answer that is not valid.
  const asked = spawn("script", ["-qefc", `${process.execPath} ${tool} --site https://www.acme.com`, "/dev/null"], { cwd: folder });
  let said = "";
  asked.stdout.setEncoding("utf8").on("data", (text) => (said += text));
  for (const [question, answer] of [["Folder", "asked"], ["first account", "Acme Ltd"], ["settings_invalid", "acme"], ["URL where", "https://play.acme-campaigns.com"]]) {
    await until(() => said.includes(question), `it asks for ${question}`);
    said = "";
    asked.stdin.write(`${answer}\n`);
  }
  await until(() => said.includes("asked is ready"), "the project is made");
  assert.match(await readFile(join(folder, "asked/wrangler.jsonc"), "utf8"), /"PUBLIC_URL": "https:\/\/play\.acme-campaigns\.com"/);
}

async function checked() {
  const { project, env } = await made();
  const check = () => run("npm", ["run", "--silent", "check"], { cwd: project, env });
  const first = await check().then(() => assert.fail("nothing is missing"), ({ stdout }) => String(stdout));
  const faults = first.split("\n").filter((line) => line.startsWith(" ")).map((line) => line.trim());
  assert.deepEqual(faults, [
    "STATISTICS has no database_id", "npx wrangler d1 create handstamp-statistics --jurisdiction eu prints it",
    "secrets.json is not there", "npx handstamp-worker secrets --out secrets.json",
  ]);
  assert.match(first, /^build +ok/m);

  const file = join(project, "wrangler.jsonc");
  const text = await readFile(file, "utf8");
  const operator = await run("npx", ["handstamp-worker", "secrets"], { cwd: project, env });
  assert.match(operator, /^operator secret: [\w-]{43}\n$/);
  const kept = await readFile(join(project, "secrets.json"), "utf8");
  const again = await refused("npx", ["handstamp-worker", "secrets"], project);
  assert.deepEqual([again.code, await readFile(join(project, "secrets.json"), "utf8")], [3, kept]);
  // The id that `wrangler d1 create` prints; of the environment below, a second one.
  await writeFile(file, text.replace("00000000-0000-0000-0000-000000000000", crypto.randomUUID()));
  assert.equal((await check()).includes("FAILED"), false);

  // An upgrade that was not merged, and a base path, are named.
  await writeFile(file, text.replace('{ "name": "COUNTER", "class_name": "Counter" }', '{ "name": "OTHER", "class_name": "Other" }').replace('"pattern": "play.your-domain.com", "custom_domain": true', '"pattern": "play.your-domain.com/games/*", "zone_name": "your-domain.com"'));
  const merged = await check().finally(() => writeFile(file, text)).then(() => assert.fail("nothing is missing"), ({ stdout }) => String(stdout));
  for (const fault of ["COUNTER is not bound", "no migration makes Other", "the route play.your-domain.com/games/* has a path"]) assert.ok(merged.includes(fault), `${fault} is not among\n${merged}`);
  await rm(join(project, "secrets.json"));
  // The configuration in the package is right where it stands.
  await run("npx", ["wrangler", "deploy", "--dry-run", "--outdir", join(project, ".wrangler/in-place"), "--config", "node_modules/handstamp/worker/wrangler.jsonc", "--env", ""], { cwd: project, env: { ...env, ...QUIET } });
}

/** Runs `npm run dev` for as long as something is done with it. @param {(url: string) => Promise<void>} work */
async function whileRunning(work) {
  const { project, port, env } = await made();
  // A group of its own, to be ended as Ctrl-C ends it.
  const child = spawn("npm", ["run", "dev"], { cwd: project, env: { ...process.env, ...env }, detached: true });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    await until(() => {
      if (child.exitCode !== null) throw new Error(said);
      return said.includes(`on a page http://localhost:${port + 1}/`);
    }, "npm run dev says where to play");
    await work(`http://127.0.0.1:${port}`);
  } finally {
    process.kill(-Number(child.pid), "SIGINT");
    await ended;
  }
}

/**
 * Takes part, on the campaign's own page as nobody known, or on a page of the account's with a token.
 * @param {string} address @param {(page: import("playwright-core").Page) => import("playwright-core").Page | import("playwright-core").FrameLocator} [on]
 */
async function takePart(address, on) {
  const page = await (await browser()).newPage();
  try {
    await page.goto(address);
    const screen = on ? on(page) : page;
    await screen.getByRole("button", { name: "Start" }).click();
    const email = screen.getByRole("textbox", { name: "E-mail" });
    if (on) assert.equal(await email.inputValue(), "zoe@example.com");
    else {
      await email.fill("zoe@example.com");
      await screen.getByRole("textbox", { name: "First name" }).fill("Zoë");
    }
    await screen.getByRole("button", { name: "Take part" }).click();
    await screen.getByRole("heading", { name: "Thank you, Zoë!" }).waitFor();
  } finally {
    await page.close();
  }
}

const played = () => whileRunning(async (url) => {
  await takePart(`${url}/campaign/acme/welcome`);
  await takePart(`http://localhost:${Number(new URL(url).port) + 1}/`, (page) => page.frameLocator("iframe"));
});

async function production() {
  const { project, env } = await made();
  await whileRunning(async (url) => {
    await takePart(`${url}/campaign/acme/welcome`);
    await runProduction({ project, url, env });
  });
}

/** @type {Row[]} */
export const project = [
  { what: "npm create", where: "from a registry", check: created },
  { what: "npm create", where: "refusals, questions", check: refusals },
  { what: "npm create", where: "`npm run check`", check: checked },
  { what: "npm create", where: "`npm run dev`, Chromium", check: played },
  { what: "npm create", where: "PRODUCTION.md, each command", check: production },
];
