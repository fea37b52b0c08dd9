// node worker/workerd/configure.mjs --state DIR [--address HOST:PORT] : writes DIR/handstamp.capnp, with which
// `workerd serve DIR/handstamp.capnp` runs the worker on a machine of one's own, without the platform. The settings
// come from the environment of that process: PUBLIC_URL, RING, NAME_KEY, SIGNING_KEY, OPERATOR.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const MAIN = "worker/src/index.js";
const OBJECTS = { ACCOUNT: "Account", PARTICIPANT: "Participant", PERSON: "Person", LOGIN: "Login", DRAFT: "Draft", KEY_SET: "KeySet", METRICS: "Metrics", PROFILE: "Profile", COUNTER: "Counter" };
const SETTINGS = ["ENVIRONMENT", "PUBLIC_URL", "RING", "NAME_KEY", "SIGNING_KEY", "OPERATOR", "CONSOLE_URL"];

/**
 * Every module that the worker imports, directly or not, the first of them first.
 * @returns {Promise<string[]>} paths inside the repository
 */
async function modules() {
  const found = [MAIN];
  for (const name of found) {
    if (!name.endsWith(".js")) continue;
    const text = await readFile(join(root, name), "utf8");
    for (const [, path] of text.matchAll(/(?:(?:^|\n)(?:import|export)\s(?:[^;"]*?\sfrom\s)?|\bawait import\()"(\.[^"]+)"/g)) {
      const imported = join(dirname(name), path);
      if (!found.includes(imported)) found.push(imported);
    }
  }
  return found;
}

/**
 * The configuration of workerd, to be kept in a folder.
 * @param {{ state: string, address: string, development?: boolean }} options development: the ENVIRONMENT variable says
 *   which, and login servers may stand on this machine
 */
export async function workerdConfiguration({ state, address, development = false }) {
  const embed = (/** @type {string} */ file) => `embed ${JSON.stringify(relative(state, join(root, file)))}`;
  const kind = (/** @type {string} */ file) => (file.endsWith(".wasm") ? "wasm" : "esModule");
  const entries = Object.entries(OBJECTS);
  const lines = (/** @type {string[]} */ items) => items.map((item) => `    ${item},`).join("\n");
  return `# Made by worker/workerd/configure.mjs.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "handstamp", worker = .handstamp),
    (name = "assets", worker = .assets),
    (name = "files", disk = (path = ${JSON.stringify(join(root, "pkg/public"))})),
    (name = "state", disk = (path = ${JSON.stringify(join(state, "objects"))}, writable = true)),
    (name = "internet", network = (allow = [${development ? '"public", "private"' : '"public"'}], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = ${JSON.stringify(address)}, http = (), service = "handstamp")],
);

const handstamp :Workerd.Worker = (
  compatibilityDate = "2026-04-01",
  modules = [
${lines((await modules()).map((file) => `(name = ${JSON.stringify(file)}, ${kind(file)} = ${embed(file)})`))}
  ],
  durableObjectNamespaces = [
${lines(entries.map(([, name]) => `(className = "${name}", uniqueKey = "handstamp-${name}", enableSql = true)`))}
  ],
  durableObjectStorage = (localDisk = "state"),
  bindings = [
    (name = "HOST", text = "workerd"),
${lines(SETTINGS.map((name) => `(name = "${name}", fromEnvironment = "${name}")`))}
    (name = "ASSETS", service = "assets"),
${lines(entries.map(([name, className]) => `(name = "${name}", durableObjectNamespace = "${className}")`))}
  ],
);

const assets :Workerd.Worker = (
  compatibilityDate = "2026-04-01",
  modules = [(name = "assets.js", esModule = ${embed("worker/workerd/assets.js")})],
  bindings = [(name = "FILES", service = "files")],
);
`;
}

/**
 * Writes the configuration into its folder.
 * @param {Parameters<typeof workerdConfiguration>[0]} options
 * @returns {Promise<string>} the file
 */
export async function configure({ state, ...options }) {
  const folder = resolve(state);
  await mkdir(join(folder, "objects"), { recursive: true });
  const file = join(folder, "handstamp.capnp");
  await writeFile(file, await workerdConfiguration({ state: folder, ...options }));
  return file;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({
    options: { state: { type: "string" }, address: { type: "string", default: "127.0.0.1:8787" } },
  });
  if (!values.state) throw new Error("--state names the folder that everything is kept in");
  console.log(`workerd serve ${await configure({ state: values.state, address: values.address })}`);
}
