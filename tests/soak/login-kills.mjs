// node tests/soak/login-kills.mjs [loops]: kills workerd (kill -9) in the middle of logins and counts what comes of
// them. A login must end finished or with `login_again`, with every answer kept, and no code may ever be sent twice.
// `cargo xtask soak login-kills` runs it at length; the tests run a few loops.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { CLIENT_SECRET, Logins, isBasicClient } from "../js/provider/server.mjs";
import { Browser } from "../js/support/worker/browser.mjs";
import { pause } from "../js/support/patience.mjs";
import { Mortal } from "../js/support/worker/mortal.mjs";

const [account, campaignId] = ["kills", "100001"];
const draft = { account, campaignId, step: "identityset", answers: { colour: "red" } };
/** How often each code came to the token endpoint. @type {Map<string, number>} */
const codes = new Map();

/** Thinks for a while, so that there is something to interrupt. @param {URLSearchParams} form @param {string | undefined} authorization */
async function slowly(form, authorization) {
  const code = form.get("code") ?? "";
  codes.set(code, (codes.get(code) ?? 0) + 1);
  await pause(150);
  return isBasicClient(form, authorization);
}

/** @param {Browser} browser @param {boolean} isBound in a frame; in a window of its own, the flow cookie holds the sign-in */
async function begin(browser, isBound) {
  const { bind } = (await browser.post("/v1/drafts", draft)).body;
  /** @type {Record<string, string>} */
  const frame = isBound ? { bind, return: "0:/play" } : {};
  const start = await browser.go(`/oauth/start?${new URLSearchParams({ account, campaignId, ...frame })}`);
  return (await browser.go(start.location)).location;
}

/** @param {Browser} browser @param {string} callback */
async function comeBack(browser, callback) {
  const { status, location } = await browser.go(callback);
  assert.equal(status, 303);
  return location.split("#handstamp=")[1];
}

/** Where the worker is killed, by name. @type {Record<string, (browser: Browser, reborn: () => Promise<void>, round: number, isBound: boolean) => Promise<string>>} */
const KILLS = {
  async "between start and callback"(browser, reborn, _round, isBound) {
    const callback = await begin(browser, isBound);
    await reborn();
    return comeBack(browser, callback);
  },
  async "between callback and redeem"(browser, reborn, _round, isBound) {
    const ticket = await comeBack(browser, await begin(browser, isBound));
    await reborn();
    return ticket;
  },
  async "during redeem"(browser, reborn, round, isBound) {
    const callback = await begin(browser, isBound);
    const ticket = await comeBack(browser, callback);
    const cut = browser.post("/v1/oauth/redeem", { ticket }).catch(() => undefined);
    // From before the request leaves until after its answer has come.
    await pause((round * 37) % 320);
    await reborn();
    await cut;
    // A tab that is restored delivers the code once more.
    assert.equal(await comeBack(browser, callback), ticket);
    return ticket;
  },
};

/**
 * Kills so often, each time at the next of the three places, and prints what came of it.
 * @param {number} loops
 */
export async function killLogins(loops) {
  /** @type {Record<string, Record<string, number>>} */
  const counts = {};
  const logins = await Logins.start([{ name: account, from: "soak", expected: "allowed", isClient: slowly }]);
  const worker = new Mortal();
  await worker.start();
  const reborn = async () => {
    await worker.kill();
    await worker.start();
  };
  try {
    const oauth = logins.login(account).settings();
    const document = { account, origins: ["http://localhost:8788"], oauth, campaigns: { [campaignId]: { signIn: ["oauth"] } } };
    await worker.operator.account(document, { OIDC_CLIENT: CLIENT_SECRET });
    const began = Date.now();
    for (let loop = 0; loop < loops; loop += 1) {
      const [name, kill] = Object.entries(KILLS)[loop % 3];
      const browser = new Browser(worker.url);
      const round = Math.floor(loop / 3);
      const isBound = round % 2 === 0;
      const ticket = await kill(browser, reborn, round, isBound);
      const { status, body } = await browser.post("/v1/oauth/redeem", { ticket });
      const outcome = status === 200 ? "finished" : String(body.code);
      assert.ok(outcome === "finished" || outcome === "login_again", `${name}: ${status} ${JSON.stringify(body)}`);
      assert.deepEqual(body.draft, draft, "every answer is kept");
      if (outcome === "login_again") {
        const again = await comeBack(browser, await begin(browser, isBound));
        assert.equal((await browser.post("/v1/oauth/redeem", { ticket: again })).status, 200, "and the next login succeeds");
      }
      const row = (counts[name] ??= {});
      row[outcome] = (row[outcome] ?? 0) + 1;
      row.total = (row.total ?? 0) + 1;
    }
    const most = Math.max(...codes.values());
    for (const [name, row] of Object.entries(counts)) console.log(`${name}: ${JSON.stringify(row)}`);
    console.log(`${loops} kills in ${Math.round((Date.now() - began) / 1000)} s; ${codes.size} codes exchanged, each at most ${most} time`);
    assert.equal(most, 1);
  } finally {
    logins.stop();
    await worker.bury();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await killLogins(Number(process.argv[2] ?? 30));
