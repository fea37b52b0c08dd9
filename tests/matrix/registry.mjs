// A registry of npm packages on this machine, with our packages in it; what else is asked for comes from the usual one.

import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../js/support/patience.mjs";
import { freePort } from "../js/support/worker/deployment.mjs";
import { here, root, run } from "./consumer.mjs";

/** The packages that we publish, as `cargo xtask pkg` makes them. */
export const PACKAGES = [join(root, "pkg"), join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "create-handstamp")];

/**
 * Starts it and publishes our packages there.
 * @param {string} folder an empty one
 * @returns {Promise<{ env: Record<string, string>, stop: () => void }>} what npm is started with to use it, and nothing of before
 */
export async function startRegistry(folder) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const usual = (await run("npm", ["config", "get", "registry"], { cwd: root })).trim();
  const [storage, cache, config] = [join(folder, "storage"), join(folder, "cache"), join(folder, "registry.yaml")];
  await mkdir(storage, { recursive: true });
  const open = { access: "$all", publish: "$all" };
  // JSON is YAML.
  await writeFile(config, JSON.stringify({
    storage,
    auth: { htpasswd: { file: join(folder, "htpasswd") } },
    uplinks: { usual: { url: usual } },
    packages: { handstamp: open, "create-handstamp": open, "**": { ...open, proxy: "usual" } },
    web: { enable: false },
    max_body_size: "64mb",
    log: { type: "stdout", level: "error" },
  }));
  const registry = spawn(process.execPath, [join(here, "node_modules/verdaccio/bin/verdaccio"), "--config", config, "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });
  const stop = () => void registry.kill();
  process.once("exit", stop);
  await until(() => fetch(`${url}-/ping`).then(({ ok }) => ok, () => false), "the registry answers");
  const env = { npm_config_registry: url, npm_config_cache: cache, npm_config_yes: "true", npm_config_audit: "false", npm_config_fund: "false", npm_config_update_notifier: "false", npm_config_loglevel: "error" };
  for (const path of PACKAGES) await run("npm", ["publish", path, `--//127.0.0.1:${port}/:_authToken=none`], { cwd: folder, env });
  return { env, stop };
}
