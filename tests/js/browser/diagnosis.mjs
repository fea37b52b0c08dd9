// The diagnosis page for its tests: from the disk, and where it is asked for, from the real worker.

import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { Deployment, root } from "../worker/deployment.mjs";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  // Nothing leaves this machine, whatever a page asks for; and WebRTC may use its loopback, where the tests listen.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost", "--allow-loopback-in-peer-connection",
];

/** @param {{ worker?: boolean }} [options] */
export async function openDiagnosis({ worker = false } = {}) {
  const executablePath = process.env.CHROME_PATH;
  assert.ok(executablePath, "CHROME_PATH names no browser; `cargo xtask test` finds one");
  const [browser, deployment] = await Promise.all([chromium.launch({ executablePath, args: FLAGS }), worker ? Deployment.start({}, { migrate: false }) : undefined]);
  return {
    browser,
    worker: deployment?.url ?? "",
    file: pathToFileURL(join(root, "pkg/public/diagnosis/index.html")).href,
    async close() {
      await Promise.all([browser.close(), deployment?.stop()]);
    },
  };
}
