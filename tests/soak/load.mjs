// node tests/soak/load.mjs [seconds]: mixed traffic, 80 % admissions, 15 % submissions, 5 % whole logins. First the highest
// rate that this machine holds is found, with more and more of it at once; then four fifths of that rate come for so many
// seconds, at their times, whether or not those before are answered: a duration counts from when its turn was. Prints rate,
// errors by code, durations, and the memory of workerd as a line through its samples and beside what the platform itself
// keeps of as much traffic.

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { acme, form, secrets, sign } from "../js/support/worker/customer.mjs";
import { Browser } from "../js/support/worker/browser.mjs";
import { Deployment } from "../js/support/worker/deployment.mjs";
import { control } from "./control.mjs";
import { pause } from "../js/support/patience.mjs";
import { asProgram, line, patiently, quantile, workerdMegabytes } from "./measure.mjs";

/** So many at a time while the highest rate is looked for. */
const STEPS = [4, 8, 16, 32];
/** A step that brings less than this is the last one. */
const GAIN = 1.05;
const SHARE = 0.8;
/** So many turns hold each kind at least once. */
const MIX = 20;
/** Nothing more is begun while so many wait: the rate is not held then, and that is said. */
const MOST_AT_ONCE = 400;
/** From so many seconds on, the memory is compared with that of a worker that does nothing. */
const COMPARED_SECONDS = 60;

/** @param {number} seconds */
export async function load(seconds) {
  const [worker, provider] = await Promise.all([Deployment.start(), loginServer()]);
  const traffic = new Traffic(worker);
  let rested = 0;
  try {
    const document = acme({ oauth: provider.settings, mapping: { email: "email", firstname: "given_name" } });
    document.campaigns["100001"] = { ...document.campaigns["100001"], signIn: ["token", "oauth"] };
    await worker.account(document, secrets);
    const highest = await highestRate(traffic, Math.min(15, seconds / STEPS.length));
    traffic.forget();
    const rate = Math.max(1, SHARE * highest);
    const { memory, held } = await steady(traffic, rate, seconds);
    for (const [kind, list] of Object.entries(traffic.took)) {
      const at = (/** @type {number} */ part) => `${quantile(list, part).toFixed(0)} ms`;
      console.log(`load: ${kind.padEnd(6)} ${String(list.length).padStart(7)}  p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}`);
    }
    // Objects, caches and compiled code fill up at first: the line begins after a fifth of the time.
    const settled = memory.filter(({ at }) => at >= seconds / 5);
    const { first, last } = line(settled.map(({ at, megabytes }) => [at, megabytes]));
    console.log(
      `load: highest rate ${highest.toFixed(0)}/s; ${rate.toFixed(0)}/s for ${seconds} s, held ${(100 * held).toFixed(1)} %, errors ${JSON.stringify(traffic.errors)}, ` +
        `workerd ${memory[0]?.megabytes.toFixed(0)} MB at first; the line from ${(seconds / 5 / 60).toFixed(1)} min: ${first.toFixed(0)} MB, at the end: ${last.toFixed(0)} MB`,
    );
    assert.deepEqual(traffic.errors, {});
    assert.ok(Object.values(traffic.began).every((count) => count > 0), JSON.stringify(traffic.began));
    const { participations } = await worker.statistics("acme", "100001", traffic.submitted);
    console.log(`load: ${traffic.submitted} submitted, ${participations} in the statistics`);
    assert.equal(participations, traffic.submitted);
    if (seconds >= COMPARED_SECONDS) await pause(20_000);
    rested = workerdMegabytes();
  } finally {
    provider.stop();
    await worker.stop();
  }
  if (seconds < COMPARED_SECONDS) return;
  // The participant of each admission is asked how often; a submission writes to it and to the person, a login to a draft
  // and to its ticket; a login takes four requests.
  const { admit, submit, login: logins } = traffic.began;
  const work = { requests: submit + 4 * logins, read: admit, written: 2 * (submit + logins) };
  const nothing = await control(work);
  console.log(
    `load: after 20 s of rest workerd holds ${rested.toFixed(0)} MB; a worker that does nothing, asked as often: ${nothing.toFixed(0)} MB ` +
      `(${work.requests} requests, ${work.read} objects read, ${work.written} written)`,
  );
  assert.ok(rested < nothing * 1.5 + 50, "memory is the platform's own");
}

class Traffic {
  /** Milliseconds by kind. @type {Record<"admit" | "submit" | "login", number[]>} */
  took = { admit: [], submit: [], login: [] };
  /** All of them, the search for the highest rate included. */
  began = { admit: 0, submit: 0, login: 0 };
  /** @type {Record<string, number>} */
  errors = {};
  turn = 0;
  submitted = 0;
  /** Of people who have not taken part yet. @type {string[]} */
  #passes = [];

  /** @param {Deployment} worker */
  constructor(worker) {
    this.worker = worker;
  }

  /** What was measured so far is of no interest. */
  forget() {
    this.took = { admit: [], submit: [], login: [] };
  }

  /** The next one of the mix. @param {number} [due] when its turn was */
  async next(due) {
    const turn = (this.turn += 1);
    const began = due ?? performance.now();
    const { kind, expected, ask } = this.#kind(turn);
    /** @type {{ status: number, body?: any }} */
    const answer = await ask().catch((fault) => ({ status: 0, body: { reason: String(fault.cause?.code ?? fault) } }));
    this.began[kind] += 1;
    this.took[kind].push(performance.now() - began);
    if (answer.status !== expected) {
      const what = `${kind} ${answer.status} ${answer.body?.reason ?? ""}`;
      this.errors[what] = (this.errors[what] ?? 0) + 1;
    } else if (kind === "admit") this.#passes.push(answer.body.pass);
    else if (kind === "submit") this.submitted += 1;
  }

  /**
   * @param {number} turn
   * @returns {{ kind: "admit" | "submit" | "login", expected: number, ask: () => Promise<{ status: number, body?: any }> }}
   */
  #kind(turn) {
    const { worker } = this;
    if (turn % MIX === 0) return { kind: "login", expected: 200, ask: () => login(worker) };
    const pass = turn % MIX > 16 ? this.#passes.shift() : undefined;
    if (pass) {
      const key = { "idempotency-key": randomUUID() };
      return { kind: "submit", expected: 201, ask: () => patiently(() => worker.post("/v1/participations", { pass, form }, key)) };
    }
    const admit = async () => {
      const token = await sign({ sub: `p${turn}`, limit: { nb: 2 } });
      return patiently(() => worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token }));
    };
    return { kind: "admit", expected: 200, ask: admit };
  }
}

/** A whole login, and the answer to its redemption. @param {Deployment} worker */
async function login(worker) {
  const browser = new Browser(worker.url);
  const { body } = await patiently(() => browser.post("/v1/drafts", { account: "acme", campaignId: "100001", step: "identityset", answers: {} }));
  const { ticket } = await browser.login({ account: "acme", campaignId: "100001", bind: body.bind, return: "0:/" });
  return patiently(() => browser.post("/v1/oauth/redeem", { ticket }));
}

/**
 * Operations a second, with more and more at a time, until more brings nothing.
 * @param {Traffic} traffic
 * @param {number} seconds of each step
 */
async function highestRate(traffic, seconds) {
  let highest = 0;
  for (const atOnce of STEPS) {
    const [from, began, end] = [traffic.turn, performance.now(), performance.now() + seconds * 1000];
    const lane = async () => {
      while (performance.now() < end || traffic.turn < from + MIX) await traffic.next();
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    const rate = (traffic.turn - from) / ((performance.now() - began) / 1000);
    console.log(`load: ${atOnce} at a time: ${rate.toFixed(0)}/s`);
    const isLast = rate < highest * GAIN;
    highest = Math.max(highest, rate);
    if (isLast) break;
  }
  return highest;
}

/**
 * So many a second, each at its time.
 * @param {Traffic} traffic
 * @param {number} rate
 * @param {number} seconds
 */
async function steady(traffic, rate, seconds) {
  /** Seconds from the beginning, and what workerd held. @type {{ at: number, megabytes: number }[]} */
  const memory = [];
  /** @type {Set<Promise<void>>} */
  const waiting = new Set();
  const began = performance.now();
  let [begun, sampled] = [0, -Infinity];
  // So many as belong to the time, however long a busy machine takes to begin them.
  const all = Math.max(MIX, rate * seconds);
  let elapsed = 0;
  for (; begun < all; elapsed = (performance.now() - began) / 1000) {
    if (elapsed - sampled >= Math.min(5, seconds / 10)) {
      memory.push({ at: elapsed, megabytes: workerdMegabytes() });
      traffic.worker.log.length = 0;
      sampled = elapsed;
    }
    while (begun < Math.min(all, elapsed * rate) && waiting.size < MOST_AT_ONCE) {
      const one = traffic.next(began + (begun / rate) * 1000);
      waiting.add(one);
      one.finally(() => waiting.delete(one));
      begun += 1;
    }
    await pause(1000 / rate > 20 ? 5 : 1);
  }
  await Promise.all(waiting);
  return { memory, held: Math.min(1, begun / (rate * elapsed)) };
}

/** The login server in a process of its own, as it is in life: what keeps this one busy does not keep that one waiting. */
async function loginServer() {
  const child = fork(fileURLToPath(new URL("login_server.mjs", import.meta.url)));
  const [settings] = await once(child, "message");
  return { settings: /** @type {ReturnType<import("../js/support/worker/provider.mjs").Provider["settings"]>} */ (settings), stop: () => child.kill() };
}

await asProgram(import.meta.url, load, 600);
