// What the statistics answer: spans of time, and answers in the export.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { customer, form } from "../../support/worker/customer.mjs";
import { Deployment, random } from "../../support/worker/deployment.mjs";
import { FILE_MS } from "../../support/patience.mjs";
import { REPEATS } from "../../support/repeats.mjs";

const choices = ["-1", "2", "3"].map((id) => ({ id, text: { en: id } }));
const { document, secrets, sign } = customer("counted");
document.campaigns["100001"].questions = [{ id: "which", text: { en: "Which?" }, choices }];
/** @type {Deployment} */
let worker;

before(async () => {
  worker = await Deployment.start();
  await worker.account(document, secrets);
});
after(() => worker.stop());

/** Takes part in the campaign of an account. @param {string} account @param {(claims: any) => Promise<string>} signed @param {Record<string, unknown>} more */
async function play(account, signed, { subject = random(8), ...more } = {}) {
  const { body } = await worker.post("/v1/token/admit", { account, campaignId: "100001", token: await signed({ sub: subject }) });
  const { status, text } = await worker.post("/v1/participations", { pass: body.pass, form, ...more }, { "idempotency-key": random(12) });
  assert.equal(status, 201, text);
}

test("a series by the hour goes back a week, one by the day a year and a month, and no further", async () => {
  for (const place of ["counted/100001", "counted"]) {
    for (const query of ["by=hour&days=7", "by=day&days=400", "days=400"]) assert.equal((await worker.read(`/v1/statistics/${place}?${query}`)).status, 200, query);
    for (const query of ["by=hour&days=8", "by=day&days=401", "days=0"]) {
      const { status, body } = await worker.read(`/v1/statistics/${place}?${query}`);
      assert.deepEqual([status, body.code, body.at], [400, "query_invalid", "days"], query);
    }
  }
});

test("in the export each of several answers is safe, and the cell is one", async () => {
  for (const which of [["2", "-1"], ["-1", "3"]]) await play("counted", sign, { form: { ...form, firstname: "An, Bo" }, answers: { which } });
  await worker.statistics("counted", "100001", 2);
  const { text } = await worker.read("/v1/statistics/counted/100001?format=csv");
  assert.equal(text.split('"An, Bo"').length, 3, "a comma is inside its cell");
  assert.deepEqual(text.trimEnd().split("\r\n").slice(1).map((line) => line.split(",").at(-1)).sort(), ["'-1; 3", "2; '-1"]);
});

test("in the export every item of a list is safe, whatever its sign and whatever stands before it", async () => {
  const { document: own, secrets: keys } = customer("listed");
  await worker.account(own, keys);
  const signs = ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"];
  const items = signs.flatMap((sign) => [`${sign}1+1`, `${sign}=1+1`, ` ${sign}1+1`, `a;${sign}1`, `a\t${sign}1`, `a\r${sign}1`, `a\r\n${sign}1`]);
  // Straight into the statistics: what the service would not take today may have been recorded before.
  const row = { id: random(16), account: "listed", campaign: "100001", participant: "p1", recorded_at: Date.now(), technique: "token", form: "{}", optin: "{}", answers: JSON.stringify({ colour: items }), gift: "null", retain_until: Date.now() + 1e9 };
  const database = await worker.miniflare.getD1Database("STATISTICS");
  await database.prepare(`INSERT INTO participation (${Object.keys(row).join()}) VALUES (${Object.keys(row).fill("?").join()})`).bind(...Object.values(row)).run();
  const { text } = await worker.read("/v1/statistics/listed/100001?format=csv");
  const cell = /"((?:[^"]|"")*)"/.exec(text)?.[1] ?? "";
  assert.equal(cell.split("; ").length, items.length, text);
  for (const piece of cell.split(/[,;\t\r\n]/)) assert.doesNotMatch(piece.trimStart(), /^[=+\-@\uff1d\uff0b\uff0d\uff20]/, JSON.stringify(cell));
  for (const first of ["'\t1+1", "'\r1+1"]) assert.ok(cell.includes(`; ${first}`), JSON.stringify(first));
});

test("the steps stand in the order of each way to sign in, and an answer is counted when the last question is", async () => {
  const { document: own, secrets: keys, sign: signed } = customer("ways");
  own.campaigns["100001"].signIn = ["token"];
  own.campaigns["100002"] = { ...own.campaigns["100002"], signIn: ["token", "anonymous"], questions: own.campaigns["100001"].questions };
  await worker.account(own, keys);
  await worker.get("/campaign/ways/100001");
  const arrive = (/** @type {string} */ campaignId, /** @type {object} */ step) => worker.post("/v1/steps", { account: "ways", campaignId, ...step });
  for (const step of [{ step: "questions" }, { step: "questions", answered: true }, { step: "identityset" }]) assert.equal((await arrive("100001", { ...step, technique: "token" })).status, 204);
  await play("ways", signed, { answers: { colour: "red" } });
  const one = await worker.statisticsOnce("ways", "100001", ({ funnel: { opened, submitted } }) => opened + submitted === 2);
  const row = (/** @type {any} */ { technique, steps }) => [technique, ...steps.map((/** @type {any} */ { step, n }) => `${step} ${n}`)];
  assert.deepEqual(one.funnels.map(row), [["token", "opened 1", "admitted 1", "questions 1", "answered 1", "form 1", "submitted 1"]]);
  assert.deepEqual([one.before, Date.parse(one.begins) <= Date.now()], [null, true]);

  await arrive("100002", { step: "questions" });
  for (const [step, technique] of [["questions", "token"], ["identityset", "token"], ["identityset", "anonymous"]]) await arrive("100002", { step, technique });
  const several = await worker.statisticsOnce("ways", "100002", ({ funnel }) => funnel.form === 2);
  assert.deepEqual(several.funnels.map(row), [
    [null, "opened 0", "questions 1", "answered 0"],
    ["token", "admitted 0", "questions 1", "form 1", "submitted 0"],
    ["anonymous", "form 1", "submitted 0"],
  ]);
  assert.deepEqual(several.funnel, { opened: 0, questions: 2, login: 0, returned: 0, admitted: 0, form: 2, submitted: 0 });
});

test("answers and consents are counted, with the campaign's own words, and the period before", async () => {
  const { document: own, secrets: keys, sign: signed } = customer("words");
  Object.assign(own.campaigns["100001"].questions[0], { right: "red" });
  own.campaigns["100001"].optins = [...own.campaigns["100001"].optins, { name: "rules", wording: { en: "I accept {rules}." }, links: { rules: { text: { en: "the rules" }, url: "https://acme.example/rules" } } }];
  await worker.account(own, keys);
  for (const [colour, news] of [["red", true], ["red", false], ["blue", true]]) await play("words", signed, { answers: { colour }, optin: { news }, lang: "fr" });
  await (await worker.accountObject("words")).tally([{ campaignId: "100001", kind: "step", name: "submitted.token", n: 4 }], Date.now() - 10 * 86_400_000);
  await worker.statistics("words", "100001", 3);
  const { body } = await worker.read("/v1/statistics/words/100001?days=7&by=hour");
  assert.deepEqual(body.answers, { colour: { red: 2, blue: 1 } });
  assert.deepEqual(body.optins.news, [{ wording: "Envoyez-moi des nouvelles", given: 2, withheld: 1 }]);
  // A heading has the words of a link in the place of its name, here and in Excel.
  assert.equal(body.campaign.optins[1].wording.en, "I accept the rules.");
  assert.match((await worker.read("/v1/statistics/words/100001?format=excel")).text, /,I accept the rules\.,I accept the rules\. – time,/);
  assert.deepEqual(body.before, { opened: 0, submitted: 4, refused: 0 });
  assert.deepEqual([body.campaign.title, body.campaign.signIn, body.campaign.timeZone, body.campaign.questions[0].right], [{ en: "Win a bike" }, ["token"], "UTC", "red"]);
});

test("for Excel: a byte order mark, the language's separator, labels, times of the campaign's zone, consents; no column twice, no formula", async () => {
  const { document: own, secrets: keys, sign: signed } = customer("excel");
  const more = [{ name: "subject", type: "text" }, { name: "id", type: "text" }, { name: "spent", type: "number" }, { name: "size", type: "select", label: { en: "First name", nl: "Maat" }, choices: [{ id: "l", text: { en: "Large", nl: "Groot" } }] }];
  Object.assign(own.campaigns["100001"], { timeZone: "Asia/Tokyo", fields: [...own.campaigns["100001"].fields, ...more] });
  own.campaigns["100001"].fields[1].label = { en: "First name", nl: "Voornaam" };
  await worker.account(own, keys);
  await play("excel", signed, { subject: "zoe-1", form: { ...form, firstname: "Zoë; Bo", subject: 'x;=1+1;"=2+1&', id: "a, @b", spent: "-2.5", size: "l" }, optin: { news: true }, answers: { colour: "blue" }, lang: "nl" });
  await worker.statistics("excel", "100001", 1);
  const read = async (/** @type {string} */ query) => {
    // As bytes: reading a text takes the mark away.
    const answer = await fetch(`${worker.url}/v1/statistics/excel/100001?${query}`, { headers: await worker.bearer() });
    return Buffer.from(await answer.arrayBuffer()).toString("utf8").split("\r\n");
  };
  const [titles = "", row = ""] = await read("format=excel&lang=nl");
  assert.equal(titles, "\uFEFFTijdstip (Asia/Tokyo);Toegang;Deelnemer;Uitgever;Prijs;Prijs te winnen;email;Voornaam;birthdate;adult;subject;id;spent;Maat;Send me news;Send me news – tijdstip;Send me news – getoonde tekst;Which colour?;Deelname-ID");
  const tokyo = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
  assert.match(row, new RegExp(`^${tokyo} \\d\\d:\\d\\d:\\d\\d;beveiligd token;zoe-1;`));
  assert.match(row, /;an@example\.org;"Zoë; Bo";;;"x;'=1\+1;""'=2\+1&";a, '@b;-2,5;Groot;ja;20\d\d-\d\d-\d\d \d\d:\d\d:\d\d;Send me news;Blue;[0-9a-f-]{36}$/);
  const [english = ""] = await read("format=excel");
  assert.ok(english.includes(",First name,") && english.includes(",First name (size),"), english);
  const [plain = ""] = await read("format=csv");
  assert.equal(plain, "id,at,technique,subject,namespace,gift.label,gift.cw,email,firstname,birthdate,adult,form.subject,form.id,spent,size,optin.news,answers.colour");
  assert.equal((await worker.read("/v1/statistics/excel/100001?format=excel&lang=de")).status, 400);
  // A field that has another type by now, of which what was typed is no value.
  own.campaigns["100001"].fields[1].type = "country";
  await worker.account(own);
  assert.match((await read("format=excel"))[1], /,Zoë; Bo,/, "the export is whole");
});

test("fields, consents and questions may be called like members of every object: what was given is recorded, and nothing that was not", async () => {
  const { document: own, secrets: keys, sign: signed } = customer("members");
  const campaign = own.campaigns["100001"];
  const named = (/** @type {string} */ name) => ({ name, wording: { en: "Yes" } });
  Object.assign(campaign, {
    fields: [{ name: "email", type: "email" }, { name: "firstname", type: "text" }, { name: "toString", type: "text" }, { name: "__proto__", type: "text" }],
    optins: [named("__proto__"), named("valueOf")],
    questions: [{ ...campaign.questions[0], id: "__proto__" }],
  });
  await worker.account(own, keys);
  const of = (/** @type {string} */ value) => JSON.parse(`{ "__proto__": ${value} }`);
  await play("members", signed, { form: { ...of('"typed"'), toString: "a\u00a0;\u3000=1+1", ...form }, optin: of("true"), answers: of('"red"') });
  await worker.statistics("members", "100001", 1);
  // Asked for later: whoever came before has said nothing of it.
  campaign.optins.push(named("constructor"));
  campaign.fields.push({ name: "constructor", type: "text" });
  await worker.account(own);
  const [row] = (await worker.read("/v1/statistics/members/100001")).body.rows;
  assert.deepEqual([Object.entries(row.answers), Object.keys(row.optin), row.optin.valueOf.given], [[["__proto__", "red"]], ["__proto__", "valueOf"], false]);
  assert.deepEqual(Object.getOwnPropertyDescriptor(row.form, "__proto__")?.value, "typed");
  const [titles, cells] = (await worker.read("/v1/statistics/members/100001?format=csv")).text.split("\r\n").map((line) => line.split(","));
  const told = Object.fromEntries(titles.map((title, place) => [title, cells[place]]).filter(([title]) => /__|toString|valueOf|constructor/.test(title)));
  assert.deepEqual(told, { toString: "a\u00a0;\u3000'=1+1", ...of('"typed"'), constructor: "", "optin.__proto__": "true", "optin.valueOf": "false", "optin.constructor": "", "answers.__proto__": "red" });
  const { text } = await worker.read("/v1/statistics/members/100001?format=excel");
  assert.ok(text.trimEnd().split("\r\n")[1].includes(",Yes,,,,Red,"), `no consent, no time and no wording: ${text}`);
});

test("LibreOffice reads the export for Excel: names as they are written, times as times, numbers as numbers", REPEATS, async () => {
  // Debian's libreoffice-calc; the filter's options are separator, quote, UTF-8, first line, formats, language, and whether numbers are looked for.
  const folder = await mkdtemp(join(tmpdir(), "handstamp-spreadsheet-"));
  try {
    for (const [lang, separator, locale, spent] of [["nl", 59, 1043, "-2.5"], ["fr", 59, 1036, "-2.5"], ["en", 44, 2057, "-2.5"]]) {
      const answer = await fetch(`${worker.url}/v1/statistics/excel/100001?format=excel&lang=${lang}`, { headers: await worker.bearer() });
      await writeFile(join(folder, "export.csv"), Buffer.from(await answer.arrayBuffer()));
      const filter = `--infilter=CSV:${separator},34,76,1,,${locale},false,true,false`;
      await promisify(execFile)("soffice", [`-env:UserInstallation=file://${folder}/profile`, "--headless", "--convert-to", "fods", "--outdir", folder, filter, join(folder, "export.csv")], { timeout: 0.9 * FILE_MS });
      const sheet = await readFile(join(folder, "export.fods"), "utf8");
      assert.ok(sheet.includes("<text:p>Zoë; Bo</text:p>"), lang?.toString());
      assert.equal(sheet.match(/office:value-type="date" office:date-value="20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d"/g)?.length, 2, `${lang}: when it was recorded, and when agreed to`);
      assert.ok(sheet.includes(`office:value-type="float" office:value="${spent}"`), `${lang}: a number`);
      assert.ok(!/table:formula/.test(sheet), `${lang}: no formula`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a page that is checked says names and codes, from the first look on, to its own account alone, and no more than fifty", async () => {
  const [{ document: own, secrets: keys }, trail] = [customer("checked", { origins: ["https://www.checked.example"], testOrigins: ["http://localhost:3000"] }), random(16)];
  await worker.account(own, keys);
  const say = (/** @type {object} */ more, headers = {}) => worker.post("/v1/trails", { account: "checked", campaignId: "100001", trail, name: "ready", ...more }, headers);
  const look = async (account = "checked") => (await worker.read(`/v1/accounts/${account}/trails/${trail}`)).body.events;
  assert.equal((await say({})).status, 204, "nobody looks");
  assert.deepEqual(await look(), []);
  await say({ origin: "https://www.checked.example" });
  await say({ name: "refused", code: "token_expired", origin: "http://localhost:3000" });
  await say({ name: "error", code: "try_again", origin: "https://elsewhere.example" });
  await say({ trail: random(16) });
  assert.deepEqual((await look()).map((/** @type {any} */ { at: _at, ...said }) => said), [
    { name: "ready", origin: "https://www.checked.example" },
    { name: "refused", code: "token_expired", origin: "http://localhost:3000" },
    { name: "error", code: "try_again" },
  ]);
  assert.deepEqual(await look("counted"), [], "the trail of another account");
  for (const more of [{ name: "An Example" }, { code: "an@example.org" }, { trail: "short" }, { value: "x" }, { origin: "https://www.checked.example/path" }]) assert.equal((await say(more)).status, 400, JSON.stringify(more));
  assert.equal((await say({}, { origin: "https://www.checked.example" })).status, 403, "only the campaign's own frame says anything");
  assert.equal((await worker.read("/v1/accounts/checked/trails/short")).status, 404);
  await Promise.all(Array.from({ length: 60 }, () => say({})));
  assert.equal((await look()).length, 50);
});
