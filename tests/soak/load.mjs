// node tests/soak/load.mjs [seconds]: mixed traffic as fast as this machine answers it: 80 % admissions, 15 % submissions,
// 5 % whole logins. Prints rate, errors, durations and the memory of workerd through the run.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { acme, form, secrets, sign } from "../js/worker/customer.mjs";
import { Browser } from "../js/worker/browser.mjs";
import { Deployment } from "../js/worker/deployment.mjs";
import { Provider } from "../js/worker/provider.mjs";
import { asProgram, patiently, pause, quantile, workerdMegabytes } from "./measure.mjs";

const AT_ONCE = 16;
const TOKENS = 400;

/** @param {number} seconds */
export async function load(seconds) {
  const [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
  try {
    const document = acme({ oauth: provider.settings(), mapping: { email: "email", firstname: "given_name" } });
    document.campaigns["100001"] = { ...document.campaigns["100001"], signIn: ["token", "oauth"] };
    await worker.account(document, secrets);
    // Signed ahead, so that the client's own work does not stand in the way; fresh ids keep every submission a new one.
    let tokens = await freshTokens(0);
    /** @type {Record<string, number[]>} */
    const took = { admit: [], submit: [], login: [] };
    /** @type {Record<string, number>} */
    const errors = {};
    /** @type {number[]} */
    const memory = [];
    const end = Date.now() + seconds * 1000;
    let [turn, people, submitted] = [0, TOKENS, 0];
    /** @param {string} kind @param {() => Promise<{ status: number, text: string }>} work @param {number} expected */
    const timed = async (kind, work, expected) => {
      const began = performance.now();
      const answer = await patiently(work).catch((fault) => ({ status: 0, text: String(fault), body: undefined }));
      took[kind].push(performance.now() - began);
      if (answer.status !== expected) errors[`${kind} ${answer.status}`] = (errors[`${kind} ${answer.status}`] ?? 0) + 1;
      return /** @type {any} */ (answer);
    };
    const admit = (/** @type {string} */ token) =>
      timed("admit", () => worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token }), 200);
    const lane = async () => {
      while (Date.now() < end) {
        turn += 1;
        const token = tokens[turn % tokens.length];
        if (turn % 20 === 0) {
          await timed("login", () => login(worker), 200);
        } else if (turn % 20 < 17) {
          await admit(token);
        } else {
          const own = { account: "acme", campaignId: "100001", token: await sign({ sub: `p${(people += 1)}` }) };
          const { body } = await patiently(() => worker.post("/v1/token/admit", own));
          const key = randomUUID();
          const { status } = await timed("submit", () => worker.post("/v1/participations", { pass: body?.pass, form }, { "idempotency-key": key }), 201);
          if (status === 201) submitted += 1;
        }
      }
    };
    const watch = (async () => {
      while (Date.now() < end) {
        memory.push(workerdMegabytes());
        worker.log.length = 0;
        await pause(Math.min(5000, (seconds * 1000) / 10));
        if (Date.now() < end) tokens = await freshTokens((people += TOKENS));
      }
    })();
    await Promise.all([watch, ...Array.from({ length: AT_ONCE }, lane)]);
    const total = Object.values(took).reduce((sum, list) => sum + list.length, 0);
    for (const [kind, list] of Object.entries(took)) {
      const at = (/** @type {number} */ part) => `${quantile(list, part).toFixed(0)} ms`;
      console.log(`load: ${kind.padEnd(6)} ${String(list.length).padStart(7)}  p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}`);
    }
    // The first fifth is warming up: caches fill, code is compiled.
    const steady = memory.slice(Math.floor(memory.length / 5));
    const half = Math.ceil(steady.length / 2);
    const [early, late] = [quantile(steady.slice(0, half), 0.5), quantile(steady.slice(half), 0.5)];
    console.log(
      `load: ${total} operations in ${seconds} s, ${(total / seconds).toFixed(0)}/s, errors ${JSON.stringify(errors)}, ` +
        `workerd ${memory[0]?.toFixed(0)} MB at first, ${early.toFixed(0)} MB early, ${late.toFixed(0)} MB late`,
    );
    assert.deepEqual(errors, {});
    const statistics = await settled(worker, submitted);
    console.log(`load: ${submitted} submitted, ${statistics} in the statistics`);
    assert.equal(statistics, submitted);
    if (seconds >= 120) assert.ok(late < early * 1.3 + 30, "memory is flat");
  } finally {
    provider.stop();
    await worker.stop();
  }
}

/** @param {number} from */
const freshTokens = (from) => Promise.all(Array.from({ length: TOKENS }, (_, index) => sign({ sub: `a${from + index}`, limit: { nb: 2 } })));

/** A whole login, and the answer to its redemption. @param {Deployment} worker */
async function login(worker) {
  const browser = new Browser(worker.url);
  const { body } = await browser.post("/v1/drafts", { account: "acme", campaignId: "100001", step: "identityset", answers: {} });
  const { ticket } = await browser.login({ account: "acme", campaignId: "100001", bind: body.bind, return: "0:/" });
  return browser.post("/v1/oauth/redeem", { ticket });
}

/** @param {Deployment} worker @param {number} expected */
async function settled(worker, expected) {
  for (let tries = 0; ; tries += 1) {
    const { body } = await worker.read("/v1/statistics/acme/100001?limit=1");
    if (body.participations >= expected || tries > 300) return body.participations;
    await pause(200);
  }
}

await asProgram(import.meta.url, load, 600);
