// Every situation that a login server can be in, played against the real worker: who signs in, who is refused, what
// the browser is told (a public reason and nothing else) and what the account finds under the ref.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { configurations } from "../../provider/configurations.mjs";
import { deviations } from "../../provider/deviations.mjs";
import { emptyAndEncoded } from "../../provider/empty_and_encoded.mjs";
import { endpointFaults } from "../../provider/endpoint_faults.mjs";
import { integrations } from "../../provider/integrations.mjs";
import { keySets } from "../../provider/key_sets.mjs";
import { products } from "../../provider/products.mjs";
import { requests } from "../../provider/requests.mjs";
import { largerCurves } from "../../provider/larger_curves.mjs";
import { relyingParty } from "../../provider/relying_party.mjs";
import { CLIENT_SECRET, Logins } from "../../provider/server.mjs";
import { PATIENCE_MS } from "../../support/patience.mjs";
import { REPEATS } from "../../support/repeats.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { Deployment } from "../../support/worker/deployment.mjs";

/** @import { Situation } from "../../provider/situation.d.ts" */

const situations = [...relyingParty, ...configurations, ...deviations, ...endpointFaults, ...emptyAndEncoded, ...keySets, ...largerCurves, ...products, ...requests, ...integrations];
/** @type {{ codes: Record<string, { public: string }> }} */
const catalogue = JSON.parse(readFileSync(new URL("../../../../errors.json", import.meta.url), "utf8"));
const campaignId = "100001";
const fields = ["email", "firstname", "city", "country"].map((name) => ({ name, type: name === "email" ? "email" : name === "country" ? "country" : "text" }));
/** Bytes that a server may get rid of before it is hung up on: what stands in buffers on the way. */
const MUCH = 8_000_000;

/** @type {Deployment} */ let worker;
/** @type {Logins} */ let logins;
/** @type {string[][]} */ const rows = [];

before(async () => {
  [worker, logins] = await Promise.all([Deployment.start(), Logins.start(situations)]);
  await worker.bearer();
});
after(async () => {
  logins.stop();
  await worker.stop();
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (/** @type {string[]} */ row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  console.log(rows.sort((one, other) => one[0].localeCompare(other[0])).map(line).join("\n"));
});

/** @param {Situation} situation */
async function prepare({ name, secrets = {}, document }) {
  const login = logins.login(name);
  const own = { account: name, origins: ["http://localhost:8788"], oauth: login.settings() };
  await worker.account(
    { ...own, campaigns: { [campaignId]: { signIn: ["oauth"], fields } }, ...document?.(login.issuer) },
    { OIDC_CLIENT: CLIENT_SECRET, ...secrets },
  );
  return login;
}

/**
 * One person from the campaign to the login page and back.
 * @param {string} account
 * @param {Record<string, string>} [parameters] further ones of the start
 * @returns {Promise<{ text: string, admission?: any, reason?: string, ref?: string }>}
 */
async function visit(account, parameters = {}) {
  const browser = new Browser(worker.url);
  const draft = { account, campaignId, step: "identityset", answers: { colour: "red" } };
  const { bind } = (await browser.post("/v1/drafts", draft)).body;
  const start = await browser.go(`/oauth/start?${new URLSearchParams({ account, campaignId, bind, return: "0:/play", ...parameters })}`);
  assert.ok([302, 303].includes(start.status), start.text);
  const back = start.status === 302 ? await browser.go((await browser.go(start.location)).location) : start;
  assert.equal(back.status, 303, back.text);
  const [place, ticket] = back.location.split("#handstamp=");
  assert.equal(place, "http://localhost:8788/play");
  const [{ status, body, text }, again] = await Promise.all([1, 2].map(() => browser.post("/v1/oauth/redeem", { ticket })));
  assert.deepEqual(body.draft, draft, "no answer is lost");
  assert.deepEqual([again.status, again.body.pass], [status, body.pass], "two calls, one exchange");
  assert.equal(status === 200, body.admission !== undefined);
  assert.equal(status === 200, body.pass !== undefined);
  return body.profile ? atTheForm(browser, body) : { text, ...body };
}

/**
 * The sign-in stands on the ID token, and the profile is asked for at the form, which opens whatever comes of that.
 * @param {Browser} browser
 * @param {any} signedIn
 * @returns {Promise<{ text: string, admission?: any, reason?: string, ref?: string }>}
 */
async function atTheForm(browser, signedIn) {
  assert.equal(signedIn.admission.decision, "allowed");
  const { status, body, text } = await browser.post("/v1/profile", { pass: signedIn.pass });
  assert.ok(!JSON.stringify(signedIn).includes("canary-access"), "the access token stays with us");
  if (status !== 200) return { text, ...body };
  return { text, ...signedIn, admission: { ...signedIn.admission, prefill: body.prefill } };
}

/** @param {Situation} situation */
async function play(situation) {
  const login = await prepare(situation);
  const visits = situation.visits ?? 1;
  let last = await visit(situation.name, situation.start);
  for (let count = 1; count < visits; count += 1) last = await visit(situation.name, situation.start);
  const { admission, ref, reason, text } = last;

  if (situation.expected === "allowed") {
    const why = ref ? (await worker.read(`/v1/refusals/${ref}?account=${situation.name}`)).text : "";
    assert.equal(admission?.decision, "allowed", why);
    for (const [field, value] of Object.entries(situation.prefill ?? {})) assert.equal(admission.prefill.form[field], value, field);
    rows.push([situation.name, situation.from, "allowed", ""]);
  } else {
    assert.equal(admission, undefined, text);
    const { body: report } = await worker.read(`/v1/refusals/${ref}?account=${situation.name}`);
    assert.equal(report.code, situation.expected, JSON.stringify(report));
    if (situation.fix) assert.equal(report.fix, situation.fix, JSON.stringify(report));
    if (situation.got) assert.match(report.detail.got ?? "", situation.got);
    if (situation.detail) assert.match(report.detail.expected ?? "", situation.detail);
    const shown = catalogue.codes[situation.expected].public;
    assert.equal(reason, shown);
    assert.ok(!`${text}${JSON.stringify(report)}`.includes("canary-"), "no value of the login server is repeated");
    rows.push([situation.name, situation.from, situation.expected, shown, report.detail.got ?? ""]);
  }

  const asked = login.authorizations.at(-1);
  for (const [name, value] of Object.entries(situation.authorized ?? {})) assert.deepEqual(asked?.getAll(name), [value], name);
  const most = { token: visits, ...situation.requests };
  for (const [endpoint, count] of Object.entries(most))
    assert.ok((login.requests[endpoint] ?? 0) <= count, `${endpoint} was asked ${login.requests[endpoint]} times, not ${count}`);
  assert.ok(login.heard.bytes < MUCH, `${login.heard.bytes} bytes were taken`);
  assert.deepEqual(login.complaints, []);
}

/** The modules for relying parties are, nearly all, about ID tokens. @param {string} from */
const caseOf = (from) => (from.startsWith("oidcc-") ? ["T69", from].join(", ") : from);

describe("a login server", { concurrency: 8 }, () => {
  /** Outcomes that a situation before has led to: of each, one is always played. @type {Set<string>} */
  const seen = new Set();
  for (const situation of situations) {
    // Those that say nothing, or in another encoding, differ in what they say, not in what comes of it.
    const options = seen.has(situation.expected) && !emptyAndEncoded.includes(situation) ? REPEATS : {};
    seen.add(situation.expected);
    test(`${situation.name} (${caseOf(situation.from)}): ${situation.expected}`, { timeout: PATIENCE_MS, ...options }, () => play(situation));
  }
});

test("a login that cannot begin leads back to a campaign in a window of its own too", async () => {
  const [browser, account] = [new Browser(worker.url), "discovery-500"];
  await prepare(situations.find(({ name }) => name === account) ?? assert.fail(`no situation ${account}`));
  const draft = { account, campaignId, step: "identityset", answers: { colour: "red" } };
  await browser.post("/v1/drafts", draft);
  const back = await browser.go(`/oauth/start?${new URLSearchParams({ account, campaignId, lang: "fr" })}`);
  const [place, ticket] = back.location.split("#handstamp=");
  assert.deepEqual([back.status, place], [303, `${worker.url}/campaign/${account}/${campaignId}?lang=fr`]);
  assert.equal((await new Browser(worker.url).post("/v1/oauth/redeem", { ticket })).body.reason, "wrong_browser");
  const { body } = await browser.post("/v1/oauth/redeem", { ticket });
  assert.deepEqual([body.reason, body.retry, body.draft], ["login_failed", "later", draft]);
});
