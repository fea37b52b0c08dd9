// handstamp-worker check [--config FILE] [--env NAME] [--secrets FILE] [--without-secrets]
// Whether a deployment would run: bindings, migrations, what the platform logs, the settings as the worker itself
// judges them, and a build by the platform's own tool that is not sent anywhere. Prints a line for each, and how each
// fault is mended; exits 1 when one of them is wrong. The secrets file is the one of `wrangler secret bulk`: JSON, a string for each name.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { fixOf } from "./fixes.mjs";
import { QUIET, wranglerOf } from "./wrangler.mjs";

/** Compressed size that every plan of the platform takes. */
const MOST_KIB = 3072;
const SECRETS = ["RING", "NAME_KEY", "SIGNING_KEY", "OPERATOR"];

// By a computed name: the worker's files have types of their own runtime, which are not those of Node.
const { configuration } = await import(new URL("../src/platform/configuration.js", import.meta.url).href);

/**
 * What the worker says of its own settings.
 * @param {Record<string, unknown>} env
 * @returns {{ development: boolean, faults: string[] }}
 */
export const judge = (env) => configuration(env);

/** @typedef {{ what: string, faults: string[] }} Finding */

/**
 * Everything that can be said about a configuration without building it.
 * @param {any} config
 * @param {Record<string, string> | undefined} secrets not judged without
 * @returns {Finding[]}
 */
export function inspect(config, secrets) {
  return [
    { what: "bindings", faults: bindings(config) },
    { what: "routes", faults: routes(config) },
    { what: "migrations", faults: migrations(config) },
    { what: "platform logs", faults: logs(config) },
    { what: "settings", faults: settings(config, secrets) },
  ];
}

/** @param {any} config */
function bindings(config) {
  const databases = config.d1_databases ?? [];
  const empty = databases.filter((/** @type {any} */ { database_id }) => /^[0-]*$/.test(database_id ?? ""));
  const produced = (config.queues?.producers ?? []).map((/** @type {any} */ { queue }) => queue);
  const consumed = (config.queues?.consumers ?? []).map((/** @type {any} */ { queue }) => queue);
  return [
    ...empty.map((/** @type {any} */ { binding }) => `${binding} has no database_id`),
    ...produced.filter((/** @type {any} */ queue) => !consumed.includes(queue)).map((/** @type {any} */ queue) => `the queue ${queue} has no consumer`),
    ...(config.compatibility_flags?.includes("global_fetch_strictly_public") ? [] : ["global_fetch_strictly_public is off"]),
  ];
}

/**
 * Pages, redirect URIs and cookies (`__Host-`) of the worker are named from the root of its hosts.
 * @param {any} config
 */
function routes({ routes: several = [], route }) {
  const patterns = [...several, ...(route ? [route] : [])].map((each) => String(each.pattern ?? each));
  const isWhole = (/** @type {string} */ pattern) => /^[^/]+(?:\/\*?)?$/.test(pattern.replace(/^https?:\/\//, ""));
  return patterns.filter((pattern) => !isWhole(pattern)).map((pattern) => `the route ${pattern} has a path: the worker takes all of a host`);
}

/** @param {any} config */
function migrations(config) {
  const made = new Set((config.migrations ?? []).flatMap((/** @type {any} */ { new_sqlite_classes = [] }) => new_sqlite_classes));
  const used = (config.durable_objects?.bindings ?? []).map((/** @type {any} */ { class_name }) => class_name);
  return used.filter((/** @type {any} */ name) => !made.has(name)).map((/** @type {any} */ name) => `no migration makes ${name}`);
}

/**
 * Addresses of requests may hold what a host page put there; the platform must not keep them.
 * @param {any} config
 */
function logs({ observability = {}, logpush = false, tail_consumers = [] }) {
  return [
    ...(observability.logs?.invocation_logs === false ? [] : ["observability.logs.invocation_logs is not false"]),
    ...(observability.traces?.enabled === false ? [] : ["observability.traces.enabled is not false"]),
    ...(logpush ? ["logpush sends the addresses of requests away"] : []),
    ...(tail_consumers.length > 0 ? ["tail_consumers get the addresses of requests"] : []),
  ];
}

/**
 * What the deployed worker would say of itself.
 * @param {any} config
 * @param {Record<string, string> | undefined} secrets
 */
function settings(config, secrets) {
  const names = [
    ...(config.durable_objects?.bindings ?? []).map((/** @type {any} */ { name }) => name),
    ...[...(config.d1_databases ?? []), ...(config.queues?.producers ?? [])].map(({ binding }) => binding),
    ...(config.ratelimits ?? []).map((/** @type {any} */ { name }) => name),
    ...(config.assets?.binding ? [config.assets.binding] : []),
  ];
  const bound = Object.fromEntries(names.map((name) => [name, {}]));
  const readable = Object.keys(config.vars ?? {}).filter((name) => SECRETS.includes(name));
  const { development, faults } = judge({ ...bound, ...config.vars, ...secrets });
  const judged = secrets ? faults : faults.filter((fault) => !SECRETS.some((name) => fault.startsWith(`${name} `)));
  return [
    ...judged,
    ...readable.map((name) => `${name} stands in vars, where everybody who sees the file reads it`),
    ...(development ? ["ENVIRONMENT is development"] : []),
  ];
}

/**
 * A build by the platform's own tool; nothing leaves this machine.
 * @param {string} file
 * @param {string} [environment]
 * @returns {Promise<{ what: string, faults: string[], detail?: string }>}
 */
export async function build(file, environment = "") {
  const outdir = await mkdtemp(join(tmpdir(), "handstamp-deploy-"));
  const parameters = ["deploy", "--dry-run", "--config", file, "--env", environment, "--outdir", outdir];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [wranglerOf(file).program, ...parameters], {
      cwd: dirname(file),
      env: { ...process.env, ...QUIET },
    });
    const kib = Number(/gzip: ([\d.]+) KiB/.exec(stdout)?.[1]);
    const fits = kib > 0 && kib <= MOST_KIB;
    return { what: "build", faults: fits ? [] : [`the build has ${kib} KiB compressed, of ${MOST_KIB} that every plan takes`], detail: `${kib} of ${MOST_KIB} KiB compressed` };
  } catch (fault) {
    const { stderr = "", message } = /** @type {{ stderr?: string, message: string }} */ (fault);
    return { what: "build", faults: [`the build failed: ${(stderr || message).trim().split("\n")[0]}`] };
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

/**
 * Reads a file of secrets.
 * @param {string} file
 * @returns {Promise<{ secrets?: Record<string, string>, faults?: string[] }>}
 */
async function keptIn(file) {
  try {
    return { secrets: JSON.parse(await readFile(file, "utf8")) };
  } catch (fault) {
    const isMissing = /** @type {NodeJS.ErrnoException} */ (fault).code === "ENOENT";
    return { faults: [`${file} is not ${isMissing ? "there" : "JSON"}`] };
  }
}

/**
 * @param {string[]} args
 * @returns {Promise<boolean>} whether the deployment would run
 */
export async function check(args) {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: "string", default: "wrangler.jsonc" },
      env: { type: "string" },
      secrets: { type: "string" },
      "without-secrets": { type: "boolean", default: false },
    },
  });
  const file = resolve(values.config);
  if (!existsSync(file)) throw new Error(`${file} is not there: run this in the folder of the project, or name the file with --config`);
  const { unstable_readConfig: readConfig } = await import(wranglerOf(file).module);
  const config = readConfig({ config: file, env: values.env }, { hideWarnings: true });
  const kept = values.secrets ? await keptIn(values.secrets) : { secrets: values["without-secrets"] ? undefined : {} };
  const { secrets, faults: missing = [] } = kept;
  const findings = [...inspect(config, secrets), ...(values["without-secrets"] ? [] : [{ what: "secrets", faults: missing }]), await build(file, values.env)];
  for (const { what, faults, ...rest } of findings) {
    console.log(`${what.padEnd(14)} ${faults.length === 0 ? "ok" : "FAILED"}  ${"detail" in rest ? (rest.detail ?? "") : ""}`);
    for (const fault of faults) console.log(`               ${fault}\n                 ${fixOf(fault)}`);
  }
  if (values["without-secrets"]) console.log("secrets        not looked at");
  return findings.every(({ faults }) => faults.length === 0);
}
