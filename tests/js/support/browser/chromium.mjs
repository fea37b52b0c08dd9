// The browser of all tests, a Chromium without a screen, which can reach nothing but this machine. The files of one process
// share it, one after the other.
//
// Where its headless shell stands beside the Chromium of CHROME_PATH, tests run in that: the same engine, network and
// debugger without the browser around them, for two thirds of the computing. A test whose point is what that browser decides,
// such as which frames get storage, says `whole: true`. Without a shell all tests run in the whole browser.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
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

/** What Playwright itself switches on; and the private windows of the whole browser, in which visitors are, block such cookies anyway. */
const ON = ["CDPScreenshotNewSurface", "SkipListAccountsWithoutGaiaCookies", "ForceThirdPartyCookieBlockingEnabled"];

/** What was started, by its program. @type {Map<string, Promise<import("playwright-core").Browser>>} */
const started = new Map();

/**
 * Opens the browser, started when it is first asked for.
 * @param {{ whole?: boolean }} [options] whole: Chromium with all that is around its engine
 */
export async function open({ whole = false } = {}) {
  const chosen = process.env.CHROME_PATH;
  assert.ok(chosen, "CHROME_PATH names no browser; `cargo xtask test` finds one");
  const program = whole ? chosen : shellBeside(chosen);
  const browser = started.get(program) ?? start(program);
  started.set(program, browser);
  return browser;
}

/** Every visitor leaves; the browsers stay for the next file. */
export async function empty() {
  const browsers = await Promise.all(started.values());
  await Promise.all(browsers.flatMap((browser) => browser.contexts()).map((context) => context.close()));
}

/**
 * The headless shell beside a Chromium, or else that Chromium: Debian's package puts it into the same folder, Playwright's
 * download into one beside it.
 * @param {string} chosen
 */
function shellBeside(chosen) {
  const downloaded = /chromium-(\d+)([\\/])chrome-([\w-]+).*?(\.exe)?$/;
  const shells = [`${chosen}-headless-shell`, chosen.replace(downloaded, "chromium_headless_shell-$1$2chrome-headless-shell-$3$2chrome-headless-shell$4")];
  return shells.find((shell) => existsSync(shell)) ?? chosen;
}

let closing = false;
// At the end of the process, whichever file was the last.
after(async () => {
  closing = true;
  for (const browser of await Promise.all(started.values())) await browser.close();
});

/** @param {string} executablePath */
async function start(executablePath) {
  const { chromium } = await import("playwright-core");
  const off = [...OFF_BY_PLAYWRIGHT, ...NEVER_SEEN].join();
  const browser = await chromium.launch({ executablePath, args: [...SWITCHES, `--disable-features=${off}`, `--enable-features=${ON}`] });
  // Playwright fails every call of a browser that was lost; whatever else waits for its pages has a little time left.
  browser.on("disconnected", () => {
    if (closing) return;
    console.error("Chromium was lost");
    endAfter(PATIENCE_MS);
  });
  return browser;
}
