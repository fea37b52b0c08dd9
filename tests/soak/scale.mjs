// node tests/soak/scale.mjs [rows]: the statistics with a thousand, a hundred thousand and so many participations, generated
// into the database: what a page of numbers, a page of rows, a row more, an erasure, the retention and an export cost at each
// size. Ten million take about 7 GB of disk, which are freed at the end. Pages are counted by the command line of SQLite, where
// the machine has it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { acme, form, secrets, sign } from "../js/support/worker/customer.mjs";
import { Deployment, random } from "../js/support/worker/deployment.mjs";
import { queries, valuesOf } from "../js/support/worker/queries.mjs";
import { asProgram, quantile, workerdMegabytes, workerdProcessorMs } from "./measure.mjs";

const SIZES = [1000, 100_000];
/** Rows of one statement. */
const CHUNK = 50_000;
const TURNS = 20;
/** Rows of the export whose memory is measured. */
const EXPORTED = 1_000_000;
/** Rows that one more participation reads at most, or a round of the retention that finds nothing, and how much deeper a tree of ten million is than one of a thousand. */
const MOST_READ = 10;
const DEEPER = 3;
/** What was counted before: days, hours of each, and names. */
const [TALLY_DAYS, TALLY_NAMES] = [90, ["opened", "questions", "answered", "admitted.token", "form.token", "submitted.token"]];
const ANSWERED = ['{"news":{"given":true,"at":1,"wording":"Send me news"}}', '{"colour":"red"}'];

const FILL = `INSERT INTO participation (id, account, campaign, participant, recorded_at, technique, form, optin, answers, gift, retain_until, preview)
  WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
  SELECT printf('%08d-0000-4000-8000-%012d', 0, i), 'acme', CASE WHEN i % 10 = 0 THEN '100002' ELSE '100001' END, printf('%032x', i / 20), ?3 - i, 'token',
    '{"email":"an@example.org","firstname":"An"}', CASE WHEN i % 3 = 0 THEN '{"news":{"given":true,"at":1,"wording":"Send me news"}}' ELSE '{"news":{"given":false,"at":1,"wording":"Send me news"}}' END,
    CASE WHEN i % 4 = 0 THEN '{"colour":"red"}' ELSE '{"colour":"blue"}' END, 'null', ?4, 0 FROM n`;

/** @param {number} most */
export async function scale(most) {
  const worker = await Deployment.start();
  try {
    await worker.account(acme({}), secrets);
    const database = await worker.miniflare.getD1Database("STATISTICS");
    const now = Date.now();
    await tallies(worker, now);
    /** @type {Record<string, any>[]} */
    const table = [];
    let filled = 0;
    for (const size of [...new Set([...SIZES.filter((size) => size < most), most])]) {
      for (; filled < size; filled = Math.min(size, filled + CHUNK)) {
        await database.prepare(FILL).bind(filled, Math.min(size, filled + CHUNK), now, now + 90 * 86_400_000).run();
      }
      table.push({ rows: size, ...(await costs(worker, database, now, size)) });
      console.log(JSON.stringify(table.at(-1), null, 1));
    }
    console.table(Object.fromEntries(Object.keys(table[0] ?? {}).map((what) => [what, Object.fromEntries(table.map((row) => [row.rows, row[what]]))])));
    assert.equal(new Set(table.map((row) => row["written by a row more"])).size, 1, "as much is written at every size");
    // Whether an index has an entry beside the one looked for is chance.
    assert.ok(table.every((row) => row["read by a row more"] <= MOST_READ && row["read by the retention"] <= MOST_READ), "as little is read at every size");
    const pages = table.map((row) => row["pages read by a row more"]).filter((count) => count !== null);
    assert.ok(Math.max(...pages) - Math.min(...pages) <= DEEPER * 6, "a tree is a little deeper, and nothing more of it is read");
  } finally {
    await worker.stop();
  }
}

/** What the account's object has counted of a campaign that has gone on for months. @param {Deployment} worker @param {number} now */
async function tallies(worker, now) {
  const object = await worker.accountObject("acme");
  for (let hour = 0; hour < 24 * TALLY_DAYS; hour++) await object.tally(TALLY_NAMES.map((name) => ({ campaignId: "100001", kind: "step", name, n: 50 })), now - hour * 3_600_000);
}

/**
 * How many pages of the database's file one more participation reads and writes, with those of the schema.
 * @param {Deployment} worker @param {string} insert @param {unknown[]} values
 */
function pagesOf(worker, insert, values) {
  const folder = join(worker.stateDir, "d1");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /[0-9a-f]{64}\.sqlite$/.test(file)).map((file) => join(folder, file));
  const file = files.sort((one, other) => statSync(other).size - statSync(one).size)[0] ?? "";
  const literal = (/** @type {unknown} */ value) => (typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`);
  const statement = insert.replaceAll(/\?(\d+)/g, (_, place) => literal(values[Number(place) - 1]));
  try {
    const said = execFileSync("sqlite3", [file], { input: `.timeout 5000\n.stats on\n${statement};\n`, encoding: "utf8" });
    const [read, written] = ["misses", "writes"].map((what) => Number(new RegExp(`Page cache ${what}: +(\\d+)`).exec(said)?.[1]));
    return { read, written };
  } catch {
    return { read: null, written: null };
  }
}

/** @param {Deployment} worker @param {any} database @param {number} now @param {number} size */
async function costs(worker, database, now, size) {
  const place = "/v1/statistics/acme/100001";
  const middle = `before=${now - Math.floor(size / 2)}.00000000-0000-4000-8000-${String(Math.floor(size / 2)).padStart(12, "0")}`;
  const insert = queries.find((query) => query.startsWith("INSERT INTO participation")) ?? "";
  const id = random(16);
  const some = [id, "acme", "100001", random(32), now - size, "token", "{}", ...ANSWERED, "null", now + 1e9, 0, now];
  const values = [...some, ...Array(valuesOf(insert) - some.length).fill("{}")];
  const { meta } = await database.prepare(insert).bind(...values).run();
  await database.prepare("DELETE FROM participation WHERE id = ?").bind(id).run();
  const pages = pagesOf(worker, insert, values);
  await database.prepare("DELETE FROM participation WHERE id = ?").bind(id).run();
  const due = queries.filter((query) => query.startsWith("SELECT id, participant FROM participation"));
  const retained = await Promise.all(due.map((query) => database.prepare(query).bind(...[0, "acme", "100001"].slice(0, valuesOf(query))).all()));
  return {
    ...(await timed("numbers", () => worker.read(`${place}?limit=50&days=400`))),
    ...(await timed("page of 50", () => worker.read(`${place}?limit=50&${middle}`))),
    ...(await timed("page of 500", () => worker.read(`${place}?limit=500&${middle}`))),
    "read by a row more": meta.rows_read,
    "written by a row more": meta.rows_written,
    "pages read by a row more": pages.read,
    "pages written by a row more": pages.written,
    "read by the retention": retained.reduce((sum, one) => sum + one.meta.rows_read, 0),
    "erasure of a person, ms": await erasure(worker),
    ...(await exported(worker, `${place}?format=csv`)),
  };
}

/** @param {string} what @param {() => Promise<{ status: number }>} ask */
async function timed(what, ask) {
  const took = [];
  const before = workerdProcessorMs();
  for (let turn = 0; turn < TURNS; turn++) {
    const start = performance.now();
    assert.equal((await ask()).status, 200);
    took.push(performance.now() - start);
  }
  return { [`${what}, ms p95`]: Math.round(quantile(took, 0.95)), [`${what}, CPU ms`]: Math.round((workerdProcessorMs() - before) / TURNS) };
}

/** Somebody takes part, and is erased. @param {Deployment} worker */
async function erasure(worker) {
  const subject = random(8);
  const { body } = await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token: await sign({ sub: subject }) });
  const { status } = await worker.post("/v1/participations", { pass: body.pass, form }, { "idempotency-key": random(12) });
  assert.equal(status, 201);
  const operator = await worker.bearer();
  const start = performance.now();
  assert.equal((await worker.post("/v1/participants/acme/erase", { subject }, operator)).status, 200);
  return Math.round(performance.now() - start);
}

/** Reads the export as it comes, up to a million rows, and looks at the worker's memory. @param {Deployment} worker @param {string} path */
async function exported(worker, path) {
  const before = workerdMegabytes();
  const start = performance.now();
  const response = await fetch(worker.url + path, { headers: await worker.bearer() });
  assert.equal(response.status, 200);
  const decoder = new TextDecoder();
  let [rows, most] = [-1, before];
  for await (const part of /** @type {any} */ (response.body)) {
    rows += decoder.decode(part, { stream: true }).split("\r\n").length - 1;
    if (rows >= EXPORTED) break;
    if (rows % 20_000 < 500) most = Math.max(most, workerdMegabytes());
  }
  return { "rows exported": rows, "export, s": Number(((performance.now() - start) / 1000).toFixed(1)), "more memory, MB": Math.round(most - before) };
}

await asProgram(import.meta.url, scale, 10_000_000);
