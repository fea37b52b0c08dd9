// The diagnosis page in a real Chromium: what it says of a token, by hand and by keyboard, and that it asks nobody.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { openDiagnosis } from "../support/browser/diagnosis.mjs";
import { faultsOf } from "../support/browser/looked_at.mjs";
import { PATIENCE_MS } from "../support/patience.mjs";
import { REPEATS } from "../support/repeats.mjs";
import { root } from "../support/worker/deployment.mjs";

/** @typedef {import("playwright-core").Page} Page */

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** @type {Awaited<ReturnType<typeof openDiagnosis>>} */
let diagnosis;
before(async () => (diagnosis = await openDiagnosis({ worker: true })));
after(() => diagnosis?.close());

/** A new visitor; page errors, and requests after the first, fail the test. @param {import("playwright-core").BrowserContextOptions} [options] @param {string} [address] */
async function visit(options = {}, address = `${diagnosis.worker}/diagnosis`) {
  const context = await diagnosis.browser.newContext({ viewport: DESK, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  /** @type {string[]} */
  const requests = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => request.url().startsWith("data:") || requests.push(request.url()));
  await page.goto(address);
  await page.locator("#seal svg").waitFor();
  const close = async () => {
    assert.deepEqual(faults, []);
    assert.deepEqual(requests.map((url) => url.split("#")[0]), [address.split("#")[0]], "nothing is asked for after the page");
    await context.close();
  };
  return { context, page, close };
}

/** @param {Page} page @param {string} text */
const says = (page, text) => page.locator("#label", { hasText: text }).waitFor();

/** @param {Page} page @param {string} name */
const example = (page, name) => page.locator("#chips").getByRole("button", { name, exact: true }).click();

/** What stands under a fact of the verdict. @param {Page} page @param {string} term */
const fact = (page, term) => page.locator("#facts div", { has: page.locator("dt", { hasText: term }) }).locator("dd").innerText();

test("each example shows its own code in one click, served and from the disk", async () => {
  const codes = { "Expired": "token_expired", "Secret as text": "secret_encoding", "Milliseconds": "exp_looks_like_milliseconds", "exp before iat": "exp_before_iat", "DER signature": "signature_der", "Encrypted": "Accepted", "A good one": "Accepted" };
  for (const address of [undefined, diagnosis.file]) {
    const { page, close } = await visit({}, address);
    assert.equal(await page.locator("#sentence").innerText(), "Paste a token, and see why it is refused.");
    assert.deepEqual(await page.locator("#chips button").allInnerTexts(), Object.keys(codes));
    for (const [name, code] of Object.entries(codes)) {
      await example(page, name);
      await says(page, code);
    }
    await close();
  }
});

test("a token is judged as it is typed: first without a key, then with a wrong one, then with its own", async () => {
  const { page, close } = await visit();
  await example(page, "Expired");
  await says(page, "token_expired");
  assert.equal(await fact(page, "Got"), "one that expired 30 minutes ago");
  assert.equal(await fact(page, "Who fixes it"), "The team that creates the token, or the identity provider");
  const secret = await page.getByRole("textbox", { name: "Shared secret" }).inputValue();

  // Back to a moment when it was good, by keyboard alone.
  await page.getByRole("slider", { name: "Judged as of" }).focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("PageUp");
  await page.locator("#verdict[data-state=accepted]").waitFor();
  assert.match(await page.locator("#moment").innerText(), /ago$/);

  await page.getByRole("textbox", { name: "Shared secret" }).fill(`A${secret.slice(1)}`);
  await says(page, "secret_mismatch");
  await page.getByRole("textbox", { name: "Shared secret" }).fill("");
  await page.getByRole("heading", { name: "No fault so far. Now its key." }).waitFor();
  assert.equal(await page.getByText("Signature (", { exact: false }).count(), 0);
  await page.getByRole("textbox", { name: "Shared secret" }).fill(secret);
  await page.locator("#verdict[data-state=accepted]").waitFor();
  await page.getByRole("button", { name: "Back to now" }).click();
  await says(page, "token_expired");
  await page.getByRole("textbox", { name: "Token", exact: true }).fill(`Bearer ${await page.getByRole("textbox", { name: "Token", exact: true }).inputValue()}`);
  await says(page, "token_bearer_prefix");
  await page.getByRole("button", { name: "Start again" }).click();
  await page.locator("#verdict[data-state=empty]").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Shared secret" }).inputValue(), "");
  await close();
});

test("an encrypted token shows its header without a key, and what is inside with it", async () => {
  const { page, close } = await visit();
  await example(page, "Encrypted");
  await says(page, "Accepted");
  assert.equal(await page.locator(".layer").count(), 2);
  assert.match(await page.locator(".layer").nth(1).innerText(), /"gold"/);
  await page.getByLabel("Tokens are encrypted").uncheck();
  await says(page, "encryption_unexpected");
  assert.equal(await page.locator(".layer").count(), 1);
  assert.match(await page.locator(".layer").innerText(), /"A256KW"[^]*Add the decryption key/);
  assert.doesNotMatch(await page.locator(".found").innerText(), /gold/);
  await close();
});

test("the report that is copied names no token, no key and no value", async () => {
  const { context, page, close } = await visit();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await example(page, "Secret as text");
  await says(page, "secret_encoding");
  await page.getByRole("button", { name: "Copy report" }).click();
  await page.getByText("Copied.", { exact: false }).waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(report, /Refused · secret_encoding: One side used[^]*FAILED {3}Signature · signature_invalid[^]*passed {3}Expiry \(exp\)/);
  const [token, secret] = [await page.locator("#token").inputValue(), await page.locator("#key").inputValue()];
  for (const value of [...token.split("."), secret, "Lea", "lea@example.com", "4711", "100001", "shop.example"]) assert.ok(!report.includes(value), value);
  await close();
});

test("settings go from the form to JSON and back; a key set that the page cannot fetch is pasted", async () => {
  const { page, close } = await visit();
  await page.getByLabel("Sign with").selectOption("ES256");
  await page.getByRole("button", { name: "Make and check the token" }).click();
  await says(page, "Accepted");
  await page.getByLabel("As JSON", { exact: true }).check();
  const settings = JSON.parse(await page.getByLabel("Token settings").inputValue());
  assert.equal(settings.verify.method, "jwks");
  assert.equal(settings.verify.keys.keys[0].d, undefined, "the public half only");
  await page.getByLabel("Token settings").fill(JSON.stringify({ verify: { method: "jwks", url: "https://www.customer.example/jwks.json" } }));
  await says(page, "key_set_not_loaded");
  await page.getByLabel("The content of this URL").fill(JSON.stringify(settings.verify.keys));
  await says(page, "Accepted");
  await page.getByLabel("Token settings").fill('{ "verify": { "method": "symmetricKey", "key": "no encoding, 32 bytes and more of it", "alg": "HS256" } }');
  await says(page, "key_encoding_missing");
  await page.getByLabel("Token settings").fill('{ "verify": secret }');
  await says(page, "json_syntax");
  assert.doesNotMatch(await page.locator("#verdict").innerText(), /secret/, "what could not be read is not quoted");
  await close();
});

test("a whole link is taken apart, values are compared that no report shows, and codes lead to their page", async () => {
  const { page, close } = await visit();
  const token = page.getByRole("textbox", { name: "Token", exact: true });
  await example(page, "A good one");
  await says(page, "Accepted");
  const good = await token.inputValue();
  const place = () => token.evaluate((box) => box.getBoundingClientRect().top + scrollY);
  const top = await place();
  await token.fill(`https://campaigns.example/campaign/acme/200002#token=${good}`);
  await page.getByText("taken out of the fragment of the link, with its campaign 200002").waitFor();
  assert.equal(await token.inputValue(), good);
  await says(page, "campaign_mismatch");
  assert.deepEqual([await fact(page, "Expected"), await fact(page, "Got")], ["200002", "100001"]);
  assert.equal(await page.locator("#label").getByRole("link", { name: "campaign_mismatch" }).getAttribute("href"), "/codes/#campaign_mismatch");
  await page.getByText("More settings").click();
  await page.getByLabel("Issuer (iss)").fill("com.example");
  await page.locator(".finding", { hasText: "com.example" }).waitFor();
  assert.match(await page.locator(".finding", { hasText: "com.example" }).innerText(), /Expected\s+com\.example\s+Got\s+shop\.example/);
  assert.equal(await place(), top, "nothing moves what is typed into");
  assert.deepEqual(await page.locator(".token span").evaluateAll((parts) => parts.map(({ className, textContent }) => [className, (textContent ?? "").length > 20])), [["of-header", true], ["of-payload", true], ["of-signature", true]]);
  await close();
});

test("a key set that is not there yet blames nobody; one without the key shows the key that is wanted and those that are there", async () => {
  const { page, close } = await visit();
  await page.getByLabel("Sign with").selectOption("ES256");
  await page.getByRole("button", { name: "New key" }).first().click();
  await page.getByLabel("Key ID (kid)").fill("wanted");
  await page.getByRole("button", { name: "Make and check the token" }).click();
  await says(page, "Accepted");
  const settings = JSON.parse(await page.getByLabel("Key set: the JSON at the JWKS URL").inputValue());
  await page.getByLabel("Key set: the JSON at the JWKS URL").fill("https://www.customer.example/jwks.json");
  await page.locator("#verdict[data-state=open]").waitFor();
  await says(page, "Not checked yet");
  assert.doesNotMatch(await page.locator(".found").innerText(), /The team that runs this service|failed/);
  const other = JSON.stringify({ keys: settings.keys.map((/** @type {any} */ key) => ({ ...key, kid: "there" })) });
  await page.getByLabel("The content of this URL").fill(other);
  await says(page, "kid_unknown");
  assert.deepEqual([await fact(page, "Key IDs there"), await fact(page, "Key ID of the token")], ["there", "wanted"]);
  // Expired and without its set: what is known counts.
  const now = Math.floor(Date.now() / 1000);
  await page.getByLabel("More claims, as JSON").fill(JSON.stringify({ iat: now - 5400, exp: now - 1800 }));
  await page.getByRole("button", { name: "Make and check the token" }).click();
  await says(page, "token_expired");
  await page.getByLabel("Key set: the JSON at the JWKS URL").fill("https://other.example/jwks.json");
  await says(page, "token_expired");
  await close();
});

test("new keys and tokens of every algorithm are made and found good", REPEATS, async () => {
  const { page, close } = await visit();
  const options = (/** @type {string} */ id) => page.locator(`#${id} option`).evaluateAll((all) => all.map((one) => /** @type {HTMLOptionElement} */ (one).value));
  const make = async (/** @type {string} */ name) => {
    await page.locator("#token").fill("");
    await page.locator("#verdict[data-state=empty]").waitFor();
    await page.locator("#mint").click();
    await page.waitForFunction(() => /** @type {HTMLTextAreaElement} */ (document.getElementById("token")).value !== "");
    await page.locator("#verdict:not([data-state=empty])").waitFor();
    assert.equal(await page.locator("#label").innerText(), "Accepted", `${name}: ${await page.locator("#sentence").innerText()}`);
  };
  const signing = await options("sign-alg");
  assert.equal(signing.length, 13);
  for (const alg of signing) {
    await page.locator("#sign-alg").selectOption(alg);
    await page.locator("#sign-key").fill("");
    await make(alg);
  }
  const wrapping = (await options("wrap-alg")).filter((alg) => alg !== "");
  const contents = await options("wrap-enc");
  assert.deepEqual([wrapping.length, contents.length], [13, 6]);
  await page.locator("#sign-alg").selectOption("HS256");
  await page.locator("#sign-key").fill("");
  for (const [index, alg] of wrapping.entries()) {
    const enc = contents[index % contents.length] ?? "";
    await page.locator("#wrap-alg").selectOption(alg);
    await page.locator("#wrap-enc").selectOption(enc);
    await page.locator("#wrap-key").fill("");
    await make(`${alg} ${enc}`);
    assert.equal(await page.locator(".layer").count(), 2);
  }
  await close();
});

test("a key of one's own as PEM signs, and its public half checks", async () => {
  const { page, close } = await visit();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await page.locator("#sign-alg").selectOption("ES256");
  await page.locator("#sign-key").fill(String(privateKey.export({ type: "pkcs8", format: "pem" })));
  await page.getByLabel("More claims, as JSON").fill('{ "optin": [] }');
  await page.getByRole("button", { name: "Make and check the token" }).click();
  await says(page, "Accepted, but");
  await says(page, "empty_array");
  assert.doesNotMatch(await page.locator("#key").inputValue(), /"d"|PRIVATE/);
  await page.locator("#sign-key").fill("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----");
  await page.getByRole("button", { name: "Make and check the token" }).click();
  await page.locator("#minted", { hasText: "A key is not valid." }).waitFor();
  await close();
});

test("what is saved is the page that is served, to the last byte", async () => {
  const { context, page } = await visit();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Save the page" }).click()]);
  assert.equal(download.suggestedFilename(), "why-was-my-token-refused.html");
  assert.deepEqual(await readFile(await download.path()), await readFile(`${root}pkg/public/diagnosis/index.html`));
  await context.close();
});

test("a link brings a token in its fragment only, and it does not stay in the address", async () => {
  const given = new URLSearchParams({ token: "eyJhbGciOiJub25lIn0.e30.", campaignId: "100001" });
  const { page, close } = await visit({}, `${diagnosis.worker}/diagnosis#${given}`);
  await says(page, "alg_none");
  assert.equal(page.url(), `${diagnosis.worker}/diagnosis`);
  assert.equal(await page.locator("#campaign").inputValue(), "100001");
  await close();
});

test("each token of the conformance pack is judged as the pack says, by a link to this page", REPEATS, async () => {
  const pack = JSON.parse(await readFile(`${root}tests/vectors/tokens/pack.json`, "utf8"));
  assert.ok(pack.rows.length >= 28);
  const { page, close } = await visit();
  const wrong = [];
  for (const { name, token = "", settings, code, verdict } of pack.rows) {
    const link = new URLSearchParams({ token, settings: JSON.stringify(pack.settings[settings]), campaignId: pack.campaignId, now: String(pack.now) });
    await page.evaluate((fragment) => void (location.hash = fragment), String(link));
    // A field makes every line break the same.
    const shown = token.replace(/\r\n?/g, "\n");
    await page.waitForFunction((given) => location.hash === "" && /** @type {HTMLTextAreaElement} */ (document.getElementById("token")).value === given && document.getElementById("verdict")?.ariaBusy === "false", shown).catch(() => assert.fail(name));
    const [label, found = null] = await page.locator("#label").evaluate((box) => [...box.children].map(({ textContent }) => textContent));
    // Without a token the page waits for one.
    const [words, wanted] = code === "token_missing" ? ["Every check, in your browser", null] : [{ accepted: code ? "Accepted, but" : "Accepted", rejected: "Refused", settings: "Settings" }[String(verdict)], code];
    if (label !== words || found !== wanted) wrong.push({ name, words, wanted, label, found });
  }
  assert.deepEqual(wrong, []);
  await close();
});

for (const [device, viewport] of /** @type {const} */ ([["desk", DESK], ["phone", PHONE]])) {
  test(`axe finds nothing, and nothing is wider than the screen (${device})`, async () => {
    const { page, close } = await visit({ viewport });
    const fits = async (/** @type {string} */ state) => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${state}: wider than the screen`);
    /** @param {string} state @param {object} [options] */
    const look = async (state, options) => {
      // The colours are the same on every screen.
      if (!options || device === "phone" || !REPEATS.skip) assert.deepEqual([state, await faultsOf(page, options)], [state, []]);
      await fits(state);
    };
    await fits("empty");
    await example(page, "Expired");
    await page.locator(".finding").first().waitFor();
    await look("refused");
    await example(page, "Encrypted");
    await page.locator("#verdict[data-state=accepted]").waitFor();
    await look("accepted", { runOnly: ["color-contrast"] });
    // In the dark only the colours are others.
    await page.emulateMedia({ colorScheme: "dark" });
    await look("accepted, dark", { runOnly: ["color-contrast"] });
    await example(page, "Expired");
    await page.locator(".finding").first().waitFor();
    await look("refused, dark", { runOnly: ["color-contrast"] });
    // A token as long as one may be, with a claim that has no place to break.
    const long = Buffer.from(JSON.stringify({ sub: "x".repeat(11_000), ["y".repeat(90)]: 1, exp: 1 })).toString("base64url");
    await page.locator("#token").fill(`eyJhbGciOiJIUzI1NiJ9.${long}.${"A".repeat(43)}`);
    await page.locator(".members", { hasText: "xxxx" }).waitFor();
    await fits("long");
    await close();
  });
}

test("the worker serves it with its own policy, the file's and what only a header can say", async () => {
  const { policy } = JSON.parse(await readFile(`${root}pkg/public/diagnosis/policy.json`, "utf8"));
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[\w+/]{43}=' 'wasm-unsafe-eval'; style-src 'sha256-/);
  assert.doesNotMatch(policy, /unsafe-inline|'self'|https?:/);
  for (const path of ["/diagnosis", "/diagnosis/"]) {
    const response = await fetch(diagnosis.worker + path);
    assert.equal(response.headers.get("content-security-policy"), `${policy}; frame-ancestors 'none'; sandbox allow-scripts allow-same-origin allow-downloads`);
    assert.ok((await response.text()).includes(`content="${policy}"`));
  }
});
