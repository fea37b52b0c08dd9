// The worker on this machine: the real workerd through Miniflare, with every binding on disk. The demo, the
// tests and `cargo xtask dev` use the same options.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Miniflare } from "miniflare";

/** @import { MiniflareOptions } from "miniflare" */

/**
 * @typedef {object} Settings
 * @property {string} root the repository
 * @property {{ worker?: number }} [ports] 0 or nothing: any free one
 * @property {string} stateDir where everything is kept
 * @property {Record<string, string>} vars ENVIRONMENT, PUBLIC_URL, RING, NAME_KEY, SIGNING_KEY, OPERATOR, DEMO_URL
 * @property {{ caller: number, account: number, strangers?: number }} [limits] requests a minute, as in production without; strangers: five times a caller's without
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
    modules: true,
    modulesRoot: root,
    scriptPath: join(root, "worker/src/index.js"),
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
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

/**
 * Starts the worker, ready for requests.
 * @param {Settings} settings
 * @returns {Promise<{ miniflare: Miniflare, url: URL }>}
 */
export async function startWorker(settings) {
  const miniflare = new Miniflare(workerOptions(settings));
  const url = await miniflare.ready;
  await applyMigrations(miniflare, settings.root);
  return { miniflare, url };
}
