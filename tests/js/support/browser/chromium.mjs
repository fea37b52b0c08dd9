// The browser of all tests: a whole Chromium without a screen, which can reach nothing but this machine. The files of one
// process share it, one after the other.

import assert from "node:assert/strict";
import { after } from "node:test";
import { PATIENCE_MS, endAfter } from "../patience.mjs";

const SWITCHES = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  // Nothing leaves this machine, whatever a page asks for.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
  // WebRTC may use the loopback: the tests listen there for what the diagnosis page must not send.
  "--allow-loopback-in-peer-connection",
];

/** What Playwright itself switches off: the last list wins, so ours has to repeat it. */
const OFF_BY_PLAYWRIGHT = [
  "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
];

/**
 * Every visitor is a window of its own, and each window starts two pages for the list under its address bar and a process
 * in reserve. Nobody types there: without them a visitor costs half as much.
 */
const NEVER_SEEN = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess"];

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let started;

/** The browser, started when it is first asked for. */
export const open = () => (started ??= start());

/** Every visitor leaves; the browser stays for the next file. */
export async function empty() {
  const browser = await started;
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
}

let closing = false;
// At the end of the process, whichever file was the last.
after(async () => {
  closing = true;
  await (await started)?.close();
});

async function start() {
  const executablePath = process.env.CHROME_PATH;
  assert.ok(executablePath, "CHROME_PATH names no browser; `cargo xtask test` finds one");
  const { chromium } = await import("playwright-core");
  const off = [...OFF_BY_PLAYWRIGHT, ...NEVER_SEEN].join();
  const browser = await chromium.launch({ executablePath, args: [...SWITCHES, `--disable-features=${off}`] });
  // Playwright fails every call of a browser that was lost; whatever else waits for its pages has a little time left.
  browser.on("disconnected", () => {
    if (closing) return;
    console.error("Chromium was lost");
    endAfter(PATIENCE_MS);
  });
  return browser;
}
