// The browser of all tests: a whole Chromium without a window, which can reach nothing but this machine.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const SWITCHES = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  // Nothing leaves this machine, whatever a page asks for.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
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

/** Starts it. @param {string[]} [more] switches */
export async function launch(more = []) {
  const executablePath = process.env.CHROME_PATH;
  assert.ok(executablePath, "CHROME_PATH names no browser; `cargo xtask test` finds one");
  const off = [...OFF_BY_PLAYWRIGHT, ...NEVER_SEEN].join();
  return chromium.launch({ executablePath, args: [...SWITCHES, ...more, `--disable-features=${off}`] });
}
