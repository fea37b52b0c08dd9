// The worker on this machine: the real workerd through Miniflare, with every binding on disk. The demo, the
// tests and `cargo xtask dev` use the same options.

import { existsSync, readFileSync, rmSync } from "node:fs";
import { cp, mkdtemp, readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { Miniflare } from "miniflare";

/** @import { MiniflareOptions } from "miniflare" */

/**
 * @typedef {object} Settings
 * @property {string} root the repository
 * @property {{ worker?: number }} [ports] 0 or nothing: any free one
 * @property {string} stateDir where everything is kept
 * @property {Record<string, string>} vars ENVIRONMENT, PUBLIC_URL, RING, NAME_KEY, SIGNING_KEY, OPERATOR, DEMO_URL
 * @property {{ caller: number, account: number, strangers?: number }} [limits] requests a minute, as in production without; strangers: five times a caller's without
 * @property {string} [entry] the file that exports the worker, if not the repository's
 * @property {string} [assets] folder of static files, if not the package's
 * @property {MiniflareOptions["handleRuntimeStdio"]} [handleRuntimeStdio] reads what workerd writes
 */

const OBJECTS = { ACCOUNT: "Account", PARTICIPANT: "Participant", PERSON: "Person", LOGIN: "Login", DRAFT: "Draft", KEY_SET: "KeySet", METRICS: "Metrics", PROFILE: "Profile", COUNTER: "Counter" };

/**
 * @param {Settings} settings
 * @returns {MiniflareOptions}
 */
export function workerOptions({
  root,
  ports = {},
  stateDir,
  vars,
  entry = "worker/src/index.js",
  assets = join(root, "pkg/public"),
  limits = { caller: 600, account: 60_000 },
  handleRuntimeStdio,
}) {
  return {
    name: "handstamp",
    host: "127.0.0.1",
    port: ports.worker ?? 0,
    // The worker answers every request itself. Without a route Miniflare leads each through two workers of its own first,
    // as it does wherever there are assets, and that takes as long as an admission.
    routes: ["*/*"],
    // No question to the network about where this machine stands.
    cf: false,
    telemetry: { enabled: false },
    rootPath: root,
    modules: modulesOf(root, entry),
    modulesRoot: root,
    // `global_fetch_strictly_public` is for production: here login servers live on this machine.
    compatibilityDate: "2026-04-01",
    defaultPersistRoot: stateDir,
    bindings: vars,
    durableObjects: Object.fromEntries(
      Object.entries(OBJECTS).map(([name, className]) => [name, { className, useSQLite: true }]),
    ),
    d1Databases: { STATISTICS: "statistics" },
    queueProducers: { OUTBOX: { queueName: "outbox" } },
    queueConsumers: { outbox: { maxBatchSize: 50, maxBatchTimeout: 0.2, maxRetries: 3 } },
    ratelimits: {
      LIMIT_CALLER: { simple: { limit: limits.caller, period: 60 } },
      LIMIT_ACCOUNT: { simple: { limit: limits.account, period: 60 } },
      LIMIT_STRANGERS: { simple: { limit: limits.strangers ?? 5 * limits.caller, period: 60 } },
    },
    assets: {
      directory: assets,
      binding: "ASSETS",
      routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
      assetConfig: { html_handling: "auto-trailing-slash", not_found_handling: "none" },
    },
    ...(handleRuntimeStdio && { handleRuntimeStdio }),
  };
}

/** By repository and entry. @type {Map<string, Exclude<import("miniflare").WorkerOptions["modules"], boolean | undefined>>} */
const bundled = new Map();

/**
 * The worker as one file, as a deployment has it, and the module beside it. It is made once in a process: left to itself,
 * Miniflare parses all files anew at each start, which takes longer than the start.
 * @param {string} root
 * @param {string} entry the worker's own, or another with that one in it
 */
export function modulesOf(root, entry) {
  const known = bundled.get(join(root, entry));
  if (known) return known;
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["*.wasm", "cloudflare:*"],
    metafile: true,
    write: false,
  });
  const [wasm] = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ path }) => path.endsWith(".wasm")).map(({ path }) => join(root, dirname(file), path)),
  );
  /** @type {Exclude<import("miniflare").WorkerOptions["modules"], boolean | undefined>} */
  const modules = [
    // The import of the module is written as it was in its place.
    { type: "ESModule", path: join(dirname(wasm), "worker.js"), contents: outputFiles[0].text },
    { type: "CompiledWasm", path: wasm, contents: readFileSync(wasm) },
  ];
  bundled.set(join(root, entry), modules);
  return modules;
}

/**
 * Brings the database of the statistics up to date, as `wrangler d1 migrations apply` does.
 * @param {Miniflare} miniflare
 * @param {string} root
 */
export async function applyMigrations(miniflare, root) {
  const database = await miniflare.getD1Database("STATISTICS");
  await database.exec(
    "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
  );
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map(({ name }) => name));
  const folder = join(root, "worker/migrations");
  for (const name of (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort()) {
    if (applied.has(name)) continue;
    const text = (await readFile(join(folder, name), "utf8")).replace(/--.*$/gm, "");
    // A trigger holds statements of its own.
    const statements = text.match(/\s*(?:CREATE TRIGGER.*?\bEND|[^;]+);/gs) ?? [];
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}

/** Where Miniflare keeps D1, below the folder of all state. */
const DATABASES = "d1";
/** The databases as the migrations leave them, copied from the first start in this process. @type {Promise<string> | undefined} */
let migrated;

/**
 * Starts a worker with an up-to-date database. In a process that starts several, one runs the migrations and the others in
 * folders of their own begin with a copy, for they take longer than the start itself.
 * @param {MiniflareOptions} options of `workerOptions`, perhaps with more
 * @param {{ root: string, stateDir: string }} places
 * @returns {Promise<Miniflare>}
 */
export async function startMigrated(options, { root, stateDir }) {
  const databases = join(stateDir, DATABASES);
  const isNew = !existsSync(databases);
  if (isNew && migrated) await cp(await migrated, databases, { recursive: true });
  const isCopy = isNew && migrated !== undefined;
  const miniflare = new Miniflare(options);
  await miniflare.ready;
  if (isCopy) return miniflare;
  await applyMigrations(miniflare, root);
  if (isNew) migrated ??= kept(databases);
  return miniflare;
}

/** @param {string} folder */
async function kept(folder) {
  const copy = await mkdtemp(join(tmpdir(), "handstamp-databases-"));
  process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
  await cp(folder, copy, { recursive: true });
  return copy;
}

/**
 * Starts the worker, ready for requests.
 * @param {Settings} settings
 * @returns {Promise<{ miniflare: Miniflare, url: URL }>}
 */
export async function startWorker(settings) {
  const miniflare = await startMigrated(workerOptions(settings), settings);
  return { miniflare, url: await miniflare.ready };
}
