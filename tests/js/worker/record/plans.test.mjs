// What the statistics cost as they grow: no question reads every participation, and the numbers that are kept beside the
// participations are theirs.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { Deployment } from "../../support/worker/deployment.mjs";
import { queries, valuesOf } from "../../support/worker/queries.mjs";
import "../../support/patience.mjs";

const migrations = new URL("../../../../worker/migrations/", import.meta.url);
/** The question whether the tables are there, which reads one row. */
const ONE_ROW = "SELECT id FROM participation LIMIT 1";
const ROW = "INSERT INTO participation (id, account, campaign, participant, recorded_at, technique, form, optin, answers, gift, retain_until, preview) VALUES (?, ?, ?, ?, ?, 'token', '{}', '{}', '{}', 'null', 0, ?) ON CONFLICT (id) DO NOTHING";

/** @type {Deployment} */
let worker;
/** @type {any} */
let database;

before(async () => {
  worker = await Deployment.start();
  database = await worker.miniflare.getD1Database("STATISTICS");
});
after(() => worker.stop());

/** @param {string} query @param {unknown[]} values @returns {Promise<any[]>} */
const ask = async (query, ...values) => (await database.prepare(query).bind(...values).all()).results;

/** How a statement is answered. @param {string} query @returns {Promise<string[]>} */
const planOf = async (query) => (await ask(`EXPLAIN QUERY PLAN ${query}`, ...Array(valuesOf(query)).fill(1))).map(({ detail }) => detail);

test("no statement of the statistics scans participations or erasures", async () => {
  const triggers = await ask("SELECT sql FROM sqlite_master WHERE type = 'trigger'");
  const inside = triggers.flatMap(({ sql }) => /BEGIN(.*)END/s.exec(sql)?.[1]?.split(";") ?? []).map((text) => text.trim().replaceAll(/(?:NEW|OLD)\.\w+/g, "?"));
  const all = [...queries, ...inside.filter(Boolean)];
  assert.ok(queries.length >= 12 && inside.length >= 2, `${queries.length} statements, ${inside.length} in triggers`);
  for (const query of all) {
    const scans = (await planOf(query)).filter((detail) => /^SCAN (participation|erased)/.test(detail) || /TEMP B-TREE FOR ORDER/.test(detail));
    assert.deepEqual(scans, query === ONE_ROW ? scans : [], query);
  }
  assert.ok((await planOf("SELECT COUNT(*) FROM participation")).some((detail) => detail.startsWith("SCAN")), "a scan would be seen");
});

test("the numbers of a campaign are those of its participations, whatever came and went", async () => {
  const campaigns = ["1", "2"];
  /** @type {[string, string, string, number, number][]} */
  const rows = Array.from({ length: 240 }, (_, turn) => {
    const campaign = campaigns[turn % 2] ?? "";
    return [`id-${turn % 200}`, campaign, `person-${campaign}-${turn % 23}`, turn, turn % 7 === 0 ? 1 : 0];
  });
  const check = async () => {
    const query = `SELECT campaign, COUNT(*) FILTER (WHERE preview = 0) AS participations,
      COUNT(DISTINCT CASE WHEN preview = 0 THEN participant END) AS participants, COUNT(*) FILTER (WHERE preview = 1) AS previews
      FROM participation WHERE account = 'plans' GROUP BY campaign ORDER BY campaign`;
    const kept = await ask("SELECT campaign, participations, participants, previews FROM campaign_count WHERE account = 'plans' ORDER BY campaign");
    const counted = await ask(query);
    assert.deepEqual(kept, counted);
    return counted;
  };
  await database.batch(rows.map(([id, ...row]) => database.prepare(ROW).bind(id, "plans", ...row)));
  const counted = await check();
  assert.deepEqual(counted.map(({ participations, previews }) => participations + previews), [100, 100], "a row that comes twice counts once");
  assert.ok(counted.every(({ participants, participations }) => participants === 23 && participations > 80));
  await ask("DELETE FROM participation WHERE participant = ?", "person-1-4");
  await ask("DELETE FROM participation WHERE id IN (?, ?)", "id-3", "id-14");
  assert.deepEqual((await check()).map(({ participants }) => participants), [22, 23]);
  await ask("DELETE FROM participation WHERE account = 'plans'");
  assert.deepEqual(await check(), []);
});

test("the counts of answers and consents are those of the participations, whatever stands in them", async () => {
  const optin = (/** @type {boolean} */ given, wording = "Send me news") => JSON.stringify({ news: { given, at: 1, wording } });
  const insert = ROW.replace("'{}', '{}', '{}'", "'{}', ?7, ?8").replace("VALUES (?, ?, ?, ?, ?, 'token'", "VALUES (?1, ?2, ?3, ?4, ?5, 'token'").replace("0, ?)", "0, ?6)");
  /** @type {[string, string, string, number][]} */
  const given = [
    ["a", optin(true), '{"colour":"red","both":["x","y"]}', 0],
    ["b", optin(false), '{"colour":"red","both":["x"]}', 0],
    ["c", optin(true, "Our news"), '{"colour":"blue","__proto__":"x"}', 0],
    ["d", '{"news":"odd","other":true}', '{"none":null}', 0],
    ["e", "null", "[]", 0],
    ["f", optin(true), '{"colour":"red"}', 1],
  ];
  await database.batch(given.map(([id, consent, answers, preview]) => database.prepare(insert).bind(id, "chosen", "1", `of-${id}`, 1, preview, consent, answers)));
  const kept = async () => (await ask("SELECT part, name, value, wording, n FROM choice_count WHERE account = 'chosen' AND n > 0")).map((row) => Object.values(row).join("|"));
  const all = ["answers|__proto__|x||1", "answers|both|x||2", "answers|both|y||1", "answers|colour|blue||1", "answers|colour|red||2", "optin|news|0|Send me news|1", "optin|news|1|Our news|1", "optin|news|1|Send me news|1"];
  assert.deepEqual(await kept(), all);
  await database.batch(given.map(([id, consent, answers, preview]) => database.prepare(insert).bind(id, "chosen", "1", `of-${id}`, 1, preview, consent, answers)));
  assert.deepEqual(await kept(), all, "a row that comes twice counts once");
  await ask("DELETE FROM participation WHERE id IN ('a', 'f')");
  assert.deepEqual(await kept(), ["answers|__proto__|x||1", "answers|both|x||1", "answers|colour|blue||1", "answers|colour|red||1", "optin|news|0|Send me news|1", "optin|news|1|Our news|1"]);
  await ask("DELETE FROM participation WHERE account = 'chosen'");
  assert.deepEqual(await ask("SELECT * FROM choice_count WHERE account = 'chosen'"), []);
});

test("what stood there before the numbers were kept is counted by the migration", async () => {
  const earlier = await Deployment.start({}, { migrate: false });
  try {
    database = await earlier.miniflare.getD1Database("STATISTICS");
    await ask("CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)");
    for (const name of (await readdir(migrations)).filter((name) => name < "0004").sort()) {
      const text = (await readFile(new URL(name, migrations), "utf8")).replace(/--.*$/gm, "");
      for (const statement of text.split(";").filter((one) => one.trim())) await ask(statement);
      await ask("INSERT INTO d1_migrations (name) VALUES (?)", name);
    }
    await ask(ROW.replace("'{}', '{}', '{}'", `'{}', '{"news":{"given":true,"at":1,"wording":"News"}}', '{"q":["a","b"]}'`), "id-early", "a", "1", "person-0", 100, 0);
    for (let turn = 0; turn < 10; turn++) await ask(ROW, `id-${turn}`, "a", turn < 6 ? "1" : "2", `person-${turn % 4}`, turn, turn === 0 ? 1 : 0);
    await earlier.migrate();
    const kept = await ask("SELECT campaign, participations, participants, previews FROM campaign_count ORDER BY campaign");
    assert.deepEqual(kept.map((row) => Object.values(row)), [["1", 6, 4, 1], ["2", 4, 4, 0]]);
    const chosen = await ask("SELECT part, name, value, n FROM choice_count");
    assert.deepEqual(chosen.map((row) => Object.values(row)), [["answers", "q", "a", 1], ["answers", "q", "b", 1], ["optin", "news", "1", 1]]);
  } finally {
    await earlier.stop();
  }
});
