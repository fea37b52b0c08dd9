// workerd with one worker alone. Miniflare starts workers of its own after it, and with the start of any worker V8 drops what it has
// compiled of a module by its quick compiler, in all workers of the process.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import workerd from "workerd";
import { bundled } from "./workerd.mjs";

const service = (name, modules) => `(name = "${name}", worker = (modules = [${modules}], compatibilityDate = "2026-04-01"))`;
const OTHER = service("other", `(name = "other.js", esModule = "export default { fetch: () => new Response() }")`);

/**
 * Starts a worker, and another one after it where that is asked for.
 * @param {string} script
 * @param {boolean} followed
 */
export async function loneWorker(script, followed) {
  const folder = await mkdtemp(join(tmpdir(), "lone-worker-"));
  const { text, contents } = await bundled(script);
  const ours = service("ours", `(name = "index.js", esModule = embed "index.js"), (name = "handstamp_bg.wasm", wasm = embed "handstamp_bg.wasm")`);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${followed ? [ours, OTHER] : [ours]}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "ours")],
);`;
  const files = { "index.js": text, "handstamp_bg.wasm": contents, "config.capnp": config };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const process = spawn(workerd.default, ["serve", "--control-fd=3", "config.capnp"], { cwd: folder, stdio: ["ignore", "inherit", "inherit", "pipe"] });
  const [line] = await once(/** @type {import("node:stream").Readable} */ (process.stdio[3]), "data");
  const { port } = JSON.parse(String(line).trim());
  return {
    url: `http://127.0.0.1:${port}/`,
    pid: process.pid,
    async end() {
      process.kill();
      await once(process, "exit");
      await rm(folder, { recursive: true });
    },
  };
}
