// Campaigns one at a time: a change is made from a version and never over somebody else's, a draft is played by previews alone
// until it is published, and an archived campaign takes nobody.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ConsolePerson } from "../../support/worker/console.mjs";
import { customer, form } from "../../support/worker/customer.mjs";
import { call, Deployment, random } from "../../support/worker/deployment.mjs";
import "../../support/patience.mjs";

const ID = "100001";
/** @type {Deployment} */
let worker;

before(async () => void (worker = await Deployment.start()));
after(() => worker.stop());

/** @param {string} account @param {string} method @param {string} rest @param {unknown} [body] @param {Record<string, string>} [headers] */
const ask = async (account, method, rest, body, headers = {}) =>
  call(`${worker.url}/v1/accounts/${account}${rest}`, {
    method,
    headers: { ...(await worker.bearer()), ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** An account with a campaign, and its document as it was sent. @param {string} name */
async function prepared(name) {
  const { document, secrets, sign } = customer(name);
  await worker.account(document, secrets);
  return { document, sign, campaign: document.campaigns[ID] };
}

test("a document is written over the version that If-Match names, and else the answer says who came before", async () => {
  const { document } = await prepared("matched");
  const { headers } = await ask("matched", "GET", "");
  assert.equal(headers.get("etag"), '"1"');
  const owner = await ConsolePerson.invited(worker, "matched", "owner", "Anna Example");
  const changed = { ...document, origins: ["https://new.example"] };
  assert.equal((await owner.ask("PUT", "/v1/accounts/matched", changed, { "if-match": '"1"' })).headers.get("etag"), '"2"');
  for (const [method, rest, body] of /** @type {const} */ ([["PUT", "", document], ["POST", "/rollback", { version: 1 }]])) {
    for (const tag of ['"1"', 'W/"2"', "2", '"02"']) {
      const { status, body: problem, headers: told } = await ask("matched", method, rest, body, { "if-match": tag });
      assert.deepEqual([status, problem.code, problem.current.version, problem.current.author.name, told.get("etag")], [412, "edit_conflict", 2, "Anna Example", '"2"'], tag);
    }
  }
  assert.deepEqual((await worker.read("/v1/accounts/matched")).body.document, changed, "nothing was written");
  assert.equal((await ask("matched", "PUT", "", document, { "if-match": '"1", "2"' })).body.version, 3);
  assert.equal((await ask("matched", "PUT", "", changed, { "if-match": "*" })).body.version, 4);
  assert.equal((await ask("matched", "PUT", "", document, { "if-none-match": "*" })).status, 412);
  const fresh = customer("fresh").document;
  delete fresh.secureToken;
  fresh.campaigns = {};
  assert.deepEqual([(await ask("fresh", "PUT", "", fresh, { "if-match": "*" })).status, (await ask("fresh", "PUT", "", fresh, { "if-none-match": "*" })).status], [412, 200]);
  const { body: listed } = await worker.read("/v1/accounts/matched/versions");
  assert.deepEqual(listed.versions[2].author.name, "Anna Example");
});

test("of two who write over the same version at once, one is told", async () => {
  const { document } = await prepared("raced");
  const statuses = await Promise.all(["a", "b", "c"].map(async (name) => (await ask("raced", "PUT", "", { ...document, origins: [`https://${name}.example`] }, { "if-match": '"1"' })).status));
  assert.deepEqual(statuses.sort(), [200, 412, 412]);
});

test("a draft keeps what is faulty, is told its faults, and is published only over what it was made from", async () => {
  const { campaign, document } = await prepared("drafted");
  const draft = `/campaigns/${ID}/draft`;
  assert.deepEqual([(await ask("drafted", "GET", draft)).body.code, (await ask("drafted", "POST", `/campaigns/${ID}/publication`)).body.code], ["draft_unknown", "draft_unknown"]);
  const faulty = { ...campaign, title: { en: "Anew" }, starts: "2026-12-02", ends: "2026-12-01", brand: { color: "#ffff00" } };
  const first = await ask("drafted", "PUT", draft, { campaign: faulty, from: 1 }, { "if-none-match": "*" });
  assert.deepEqual([first.status, first.body.faults.map((/** @type {any} */ { path, code }) => [path, code])], [200, [[`/campaigns/${ID}/ends`, "settings_invalid"], [`/campaigns/${ID}/brand/color`, "settings_invalid"]]]);
  assert.match(first.body.faults[1].message, /contrast/);
  const dated = await ask("drafted", "PUT", draft, { campaign: { ...faulty, brand: {} }, from: 1 }, { "if-match": first.headers.get("etag") ?? "" });
  assert.deepEqual(dated.body.faults.map((/** @type {any} */ { path }) => path), [`/campaigns/${ID}/ends`]);
  const late = await ask("drafted", "PUT", draft, { campaign, from: 1 }, { "if-match": first.headers.get("etag") ?? "" });
  assert.deepEqual([late.status, late.body.code, late.body.current.author.kind, late.headers.get("etag")], [412, "edit_conflict", "operator", dated.headers.get("etag")]);
  assert.equal((await ask("drafted", "PUT", draft, { campaign, from: 1 }, { "if-none-match": "*" })).status, 412);
  const refused = await ask("drafted", "POST", `/campaigns/${ID}/publication`);
  assert.deepEqual([refused.status, refused.body.faults[0].path], [422, `/campaigns/${ID}/ends`]);

  const good = { ...campaign, title: { en: "Anew" } };
  const kept = await ask("drafted", "PUT", draft, { campaign: good, from: 1 });
  assert.deepEqual(kept.body.faults, []);
  assert.deepEqual((await worker.read("/v1/accounts/drafted")).body.version, 1, "a draft is no version");
  document.campaigns[ID] = { ...campaign, title: { en: "Theirs" } };
  document.origins = ["https://elsewhere.example"];
  await ask("drafted", "PUT", "", document);
  const behind = await ask("drafted", "POST", `/campaigns/${ID}/publication`);
  assert.deepEqual([behind.status, behind.body.code, behind.body.current.version], [412, "edit_conflict", 2]);
  const over = await ask("drafted", "PUT", draft, { campaign: good, from: 2 });
  assert.equal((await ask("drafted", "POST", `/campaigns/${ID}/publication`, undefined, { "if-match": kept.headers.get("etag") ?? "" })).status, 412);
  const done = await ask("drafted", "POST", `/campaigns/${ID}/publication?reason=new%20title`, undefined, { "if-match": over.headers.get("etag") ?? "" });
  assert.deepEqual([done.status, done.body.version], [200, 3]);
  const { body } = await worker.read("/v1/accounts/drafted");
  assert.deepEqual([body.document.campaigns[ID].title.en, body.document.origins], ["Anew", ["https://elsewhere.example"]]);
  assert.equal((await ask("drafted", "GET", draft)).status, 404, "the draft ends with its publication");
  assert.equal((await worker.read("/v1/accounts/drafted/versions")).body.versions[0].reason, "new title");
});

test("a draft with a secret in it is refused at its place, and not kept", async () => {
  const { campaign } = await prepared("inside");
  const path = `/campaigns/${ID}/draft`;
  const oauth = { issuer: "https://login.example", clientId: "c" };
  for (const [more, at] of /** @type {[object, string][]} */ ([[{ clientAuth: { method: "client_secret_basic", secret: "a secret that nobody else may read" } }, "/oauth/clientAuth/secret"], [{ decrypt: [{ method: "privateKey", key: "-----BEGIN PRIVATE KEY-----" }] }, "/oauth/decrypt/0/key"]])) {
    const { status, body } = await ask("inside", "PUT", path, { campaign: { ...campaign, oauth: { ...oauth, ...more } }, from: 1 });
    assert.deepEqual([status, body.faults?.map((/** @type {any} */ one) => [one.code, one.path])], [422, [["secret_inline", `/campaigns/${ID}${at}`]]]);
  }
  assert.equal((await ask("inside", "GET", path)).body.code, "draft_unknown");
});

test("the list has every campaign with its state, those that are drafts alone too, and a draft can be discarded", async () => {
  const { campaign, document } = await prepared("listed");
  document.campaigns = {
    [ID]: campaign,
    early: { ...campaign, starts: "2990-01-01" },
    gone: { ...campaign, ends: "2001-01-01" },
    away: { ...campaign, archived: true },
  };
  await ask("listed", "PUT", "", document);
  await ask("listed", "PUT", "/campaigns/new/draft", { campaign: { title: { en: "New" } }, from: 0 });
  const { body } = await ask("listed", "GET", "/campaigns");
  assert.deepEqual(Object.fromEntries(body.campaigns.map((/** @type {any} */ { campaignId, state }) => [campaignId, state])), { [ID]: "open", early: "not_yet", gone: "over", away: "archived", new: "draft" });
  assert.deepEqual(body.campaigns.at(-1).title, { en: "New" });
  const { text } = await worker.read("/v1/accounts/listed/export");
  assert.ok(text.split("\n").some((line) => /"kind":"draft".*"New"/.test(line)), "the export has it");
  assert.equal((await ask("listed", "DELETE", "/campaigns/new/draft", undefined, { "if-match": '"1"' })).status, 412);
  assert.deepEqual([(await ask("listed", "DELETE", "/campaigns/new/draft")).status, (await ask("listed", "DELETE", "/campaigns/new/draft")).status], [204, 404]);
});

test("an archived campaign takes nobody, also no play that was begun, and its statistics stay", async () => {
  const { campaign, document, sign } = await prepared("archived");
  const admit = async () => worker.post("/v1/token/admit", { account: "archived", campaignId: ID, token: await sign({ sub: random(8) }) });
  const [played, begun] = [(await admit()).body.pass, (await admit()).body.pass];
  const submit = (/** @type {string} */ pass) => worker.post("/v1/participations", { pass, form }, { "idempotency-key": random(12) });
  assert.equal((await submit(played)).status, 201);
  document.campaigns[ID] = { ...campaign, archived: true, ends: "2990-01-01" };
  await ask("archived", "PUT", "", document);
  assert.deepEqual([(await admit()).body.reason, (await submit(begun)).body.reason], ["campaign_over", "campaign_over"]);
  const { text } = await worker.get(`/campaign/archived/${ID}`);
  assert.deepEqual(JSON.parse(/id="campaign">(.*?)<\/script>/s.exec(text)?.[1] ?? "").period, { phase: "over", timeZone: "UTC" }, "no end that is still to come");
  await worker.statisticsOnce("archived", ID, ({ participations }) => participations === 1);
  document.campaigns[ID] = campaign;
  await ask("archived", "PUT", "", document);
  assert.equal((await submit(begun)).status, 201);
});

test("a preview of a draft plays it for its pass alone, a refusal of choice is shown, and nothing is counted", async () => {
  const { campaign } = await prepared("looked");
  const changed = { ...campaign, title: { en: "Only a draft" }, fields: [{ name: "email", type: "email", required: true }] };
  await ask("looked", "PUT", `/campaigns/${ID}/draft`, { campaign: changed, from: 1 });
  const preview = async (/** @type {object} */ terms) => (await ask("looked", "POST", "/previews", { campaignId: ID, ...terms })).body;
  const shown = (/** @type {string} */ pass) => worker.post("/v1/draft-campaign", { account: "looked", campaignId: ID, pass, lang: "en" });
  const made = await preview({ draft: true, subject: "s", claims: { form: { email: "an@example.org", firstname: "An" } } });
  assert.equal(made.link, `${worker.url}/campaign/looked/${ID}?draft#handstamp=${made.pass}`);
  const { text, headers } = await worker.get(`/campaign/looked/${ID}?draft`);
  assert.ok(!text.includes("Only a draft"), "the page alone has nothing of it");
  assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors 'self' http:\/\/localhost:\d+$/);
  assert.deepEqual([(await shown(made.pass)).body.campaign.title, (await shown(made.pass)).body.campaign.fields.length], ["Only a draft", 1]);
  const usual = await preview({ subject: "s" });
  assert.equal((await shown(usual.pass)).status, 401, "the preview of what is published is none of the draft");
  const admitted = await worker.post("/v1/token/admit", { account: "looked", campaignId: ID, pass: made.pass });
  assert.deepEqual([admitted.status, admitted.body.admission.prefill.form, admitted.body.admission.draft], [200, { email: "an@example.org" }, undefined]);
  const done = await worker.post("/v1/participations", { pass: made.pass, form: { email: "an@example.org" } }, { "idempotency-key": random(12) });
  assert.deepEqual([done.status, done.body.preview], [201, true]);
  for (const refusal of ["token_expired", "internal", "campaign_full"]) {
    const { pass } = await preview({ refusal });
    const { status, body } = await worker.post("/v1/token/admit", { account: "looked", campaignId: ID, pass });
    assert.deepEqual([status, body.reason, body.ref], [409, refusal === "internal" ? "try_again" : refusal, "00000000"]);
  }
  assert.deepEqual((await preview({ refusal: "expired" })).at, "/refusal");
  assert.deepEqual((await preview({ draft: true, page: "http://localhost:8788/" })).at, "/page");
  assert.equal((await preview({ campaignId: "none", draft: true })).code, "campaign_unknown");
  const faulty = { ...changed, fields: [{ name: "1 2" }, ...changed.fields], questions: [{ id: "q", text: {}, choices: [] }], brand: { color: "#ffff00", name: "Acme" }, optins: [{ name: "o", wording: { en: "The {r}." }, links: { r: { text: { en: "r" }, url: "" } } }] };
  await ask("looked", "PUT", `/campaigns/${ID}/draft`, { campaign: faulty, from: 1 });
  const { fields, questions, brand, optins } = (await shown((await preview({ draft: true })).pass)).body.campaign;
  assert.deepEqual([fields.length, questions, brand, optins.length], [1, [], { name: "Acme" }, 0], "what is faulty is left out, with the entry that cannot be without it");
  await ask("keyless", "PUT", "", { account: "keyless" });
  await ask("keyless", "PUT", "/campaigns/1/draft", { campaign: { title: { en: "By token" } }, from: 0 });
  const { body: keyless } = await ask("keyless", "POST", "/previews", { campaignId: "1", draft: true });
  assert.deepEqual([keyless.code, keyless.faults[0].path], ["account_invalid", "/campaigns/1/signIn"], "nobody could come in, whatever is left out");
  const { body: counted } = await worker.read(`/v1/statistics/looked/${ID}`);
  assert.deepEqual([counted.participations, counted.refusals], [0, {}]);
  assert.deepEqual((await worker.read("/v1/refusals?account=looked")).body.refusals, [], "nothing happened that support would look for");
});

test("a manager changes, publishes and archives campaigns, and neither draft nor publication reaches beyond the role", async () => {
  const { campaign, document } = await prepared("roles");
  const manager = await ConsolePerson.invited(worker, "roles", "manager", "Mo Example");
  const draft = `/v1/accounts/roles/campaigns/${ID}/draft`;
  const away = { ...campaign, mapping: { email: "other" } };
  assert.deepEqual([(await manager.ask("PUT", draft, { campaign: away, from: 1 })).body.code], ["role_missing"]);
  assert.equal((await manager.ask("PUT", draft, { campaign: { ...campaign, archived: true }, from: 1 })).status, 200);
  // What somebody else wrote into the draft is not the manager's to publish either.
  await ask("roles", "PUT", `/campaigns/${ID}/draft`, { campaign: away, from: 1 });
  assert.deepEqual([(await manager.ask("POST", `/v1/accounts/roles/campaigns/${ID}/publication`)).body.code], ["role_missing"]);
  assert.deepEqual((await worker.read("/v1/accounts/roles")).body.document, document);
  const support = await ConsolePerson.invited(worker, "roles", "support");
  for (const [method, path] of [["GET", "/v1/accounts/roles/campaigns"], ["GET", draft], ["DELETE", draft]]) assert.equal((await support.ask(method, path)).status, 403, path);
});

test("an account has a hundred drafts, and no published document is larger than one may be sent", async () => {
  const { campaign } = await prepared("bounded");
  for (let n = 0; n < 100; n += 1) assert.equal((await ask("bounded", "PUT", `/campaigns/c${n}/draft`, { campaign: {}, from: 0 })).status, 200);
  assert.deepEqual([(await ask("bounded", "PUT", "/campaigns/more/draft", { campaign: {}, from: 0 })).status, (await ask("bounded", "PUT", "/campaigns/c1/draft", { campaign: {}, from: 0 })).status], [422, 200]);
  const logo = `data:image/png;base64,iVBORw0KGgo${"A".repeat(32_001)}`;
  const publish = async (/** @type {string} */ id) => {
    await ask("bounded", "PUT", `/campaigns/${id}/draft`, { campaign: { ...campaign, brand: { logo } }, from: 0 });
    return (await ask("bounded", "POST", `/campaigns/${id}/publication`)).body;
  };
  assert.deepEqual([(await publish("c1")).version, (await publish("c2")).code], [2, "body_too_large"]);
});

test("a campaign that is called like a member of every object is a draft, and is published, like any other", async () => {
  const { campaign } = await prepared("named");
  for (const id of ["constructor", "__proto__", "toString"]) {
    const state = async () => (await worker.read("/v1/accounts/named/campaigns")).body.campaigns.find((/** @type {any} */ { campaignId }) => campaignId === id)?.state;
    assert.equal((await ask("named", "PUT", `/campaigns/${id}/draft`, { campaign, from: 0 })).status, 200, id);
    assert.equal(await state(), "draft", id);
    const { status, text } = await ask("named", "POST", `/campaigns/${id}/publication`);
    assert.equal(status, 200, `${id}: ${text}`);
    assert.equal(await state(), "open", id);
  }
});
