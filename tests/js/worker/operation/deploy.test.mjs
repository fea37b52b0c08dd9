// Deploying: the configuration of the platform, the settings that keep a deployment from running, the check before
// it, and the same worker on plain workerd.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { unstable_readConfig as readConfig } from "wrangler";
import workerd from "workerd";
import { objectNamed } from "../../../../worker/src/platform/objects.js";
import { configure } from "../../../../worker/workerd/configure.mjs";
import { workerOptions } from "../../../../worker/dev.js";
import { build, inspect, judge } from "../../../../worker/command/check.mjs";
import { fixOf } from "../../../../worker/command/fixes.mjs";
import { until } from "../../support/patience.mjs";
import { acme, form, secrets, sign } from "../../support/worker/customer.mjs";
import { Deployment, freePort, newSecrets, root } from "../../support/worker/deployment.mjs";
import { newStateFolder } from "../../support/worker/state.mjs";

const FILE = join(root, "worker/wrangler.jsonc");
const ENVIRONMENTS = [undefined, "staging"];
/** @param {string} [env] @returns {any} */
const read = (env) => readConfig({ config: FILE, env }, { hideWarnings: true });

/** The configuration of an operator who has followed the page. */
function ready() {
  const config = read();
  config.vars = { ENVIRONMENT: "production", PUBLIC_URL: "https://play.acme-campaigns.com" };
  config.d1_databases[0].database_id = randomUUID();
  const { vars, ring } = newSecrets();
  return { config, vars: { ...vars, RING: JSON.stringify({ ...ring, environment: "production" }) } };
}

/** What is said of a configuration, as one list. @param {any} config @param {Record<string, string>} [vars] */
const faults = (config, vars) => inspect(config, vars).flatMap((finding) => finding.faults);

describe("the configuration of the platform", () => {
  for (const env of ENVIRONMENTS) {
    test(`${env ?? "production"}: the addresses of requests are in no log and no trace of the platform`, () => {
      const { observability, logpush, tail_consumers = [] } = read(env);
      assert.deepEqual(
        [observability.enabled, observability.logs.enabled, observability.logs.invocation_logs, observability.traces.enabled],
        [true, true, false, false],
      );
      assert.deepEqual([logpush ?? false, tail_consumers], [false, []]);
    });

    test(`${env ?? "production"}: every binding of this machine is one of the platform, and the other way round`, () => {
      const config = read(env);
      const here = workerOptions({ root, stateDir: "", vars: {} });
      const objects = config.durable_objects.bindings.map((/** @type {any} */ { name, class_name }) => [name, class_name]);
      const local = Object.entries(/** @type {Record<string, { className: string }>} */ (here.durableObjects ?? {}));
      assert.deepEqual(Object.fromEntries(objects), Object.fromEntries(local.map(([name, { className }]) => [name, className])));
      assert.deepEqual(config.d1_databases.map((/** @type {any} */ { binding }) => binding), Object.keys(here.d1Databases ?? {}));
      assert.deepEqual(config.queues.producers.map((/** @type {any} */ { binding }) => binding), Object.keys(here.queueProducers ?? {}));
      assert.deepEqual(Object.fromEntries(config.ratelimits.map((/** @type {any} */ { name, simple }) => [name, { simple }])), here.ratelimits);
      assert.equal(config.compatibility_date, here.compatibilityDate);
    });
  }

  test("staging shares nothing with production but the code", () => {
    const [production, staging] = ENVIRONMENTS.map(read);
    const names = (/** @type {any} */ config) => [
      config.name,
      config.d1_databases[0].database_name,
      config.queues.producers[0].queue,
      config.queues.consumers[0].queue,
      config.vars.PUBLIC_URL,
      config.vars.CONSOLE_URL,
    ];
    names(production).forEach((name, index) => assert.notEqual(name, names(staging)[index]));
  });

  test("the platform's own tool builds both, without a request to anybody", async () => {
    const built = await Promise.all(ENVIRONMENTS.map((env) => build(FILE, env)));
    for (const { faults: wrong, detail } of built) assert.deepEqual(wrong, [], detail);
  });
});

describe("the check before a deployment", () => {
  test("names everything that the file of the repository leaves open", () => {
    assert.deepEqual(faults(read(), {}), [
      "STATISTICS has no database_id",
      "PUBLIC_URL is an example",
      "CONSOLE_URL is an example",
      "RING is not a ring with an environment and exactly one active key",
      "NAME_KEY is not 32 random bytes in base64url",
      "SIGNING_KEY is not a private P-256 JWK with a kid",
    ]);
  });

  test("names each secret of the untouched example", async () => {
    const lines = (await readFile(join(root, "worker/.dev.vars.example"), "utf8")).matchAll(/^(\w+)='(.*)'$/gm);
    const example = Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
    assert.deepEqual(Object.keys(example), ["RING", "NAME_KEY", "SIGNING_KEY", "OPERATOR"]);
    const named = faults(ready().config, example).map((fault) => fault.split(" ")[0]);
    assert.deepEqual(named, ["RING", "NAME_KEY", "SIGNING_KEY", "OPERATOR"]);
  });

  test("has nothing to say of a deployment that is ready, and leaves secrets out on demand", () => {
    const { config, vars } = ready();
    assert.deepEqual(faults(config, vars), []);
    assert.deepEqual(faults(config), []);
  });

  test("has nothing to say of whole hosts, and of variables of a worker that contains this one", () => {
    const { config, vars } = ready();
    config.routes = [{ pattern: "play.acme-campaigns.com", custom_domain: true }, "https://play.acme-campaigns.com/*"];
    Object.assign(config.vars, { DEBUG: "1", DEBUG_LEVEL: "2", DEV_MODE: "x", TEST: "y" });
    assert.deepEqual(faults(config, vars), []);
  });

  /** @type {[string, (config: any, vars: Record<string, string>) => void, string][]} */
  const mutations = [
    ["an http address", (config) => (config.vars.PUBLIC_URL = "http://play.acme-campaigns.com"), "PUBLIC_URL is not https"],
    ["a console with a path", (config) => (config.vars.CONSOLE_URL = "https://console.acme-campaigns.com/x"), "CONSOLE_URL is not an origin"],
    ["a console over http", (config) => (config.vars.CONSOLE_URL = "http://console.acme-campaigns.com"), "CONSOLE_URL is not https"],
    ["a base path", (config) => (config.vars.PUBLIC_URL += "/x"), "PUBLIC_URL has the path /x: the worker takes all of a host"],
    ["a query", (config) => (config.vars.PUBLIC_URL += "/?x"), "PUBLIC_URL is not an origin"],
    ["a route with a path", (config) => (config.routes = ["play.acme-campaigns.com/games/*"]), "the route play.acme-campaigns.com/games/* has a path: the worker takes all of a host"],
    ["development", (config) => (config.vars.ENVIRONMENT = "development"), "ENVIRONMENT is development, but PUBLIC_URL is not on this machine"],
    ["a check of visitors that is for tests", (config) => (config.vars.TEST_CHALLENGE_URL = "https://x.acme-campaigns.com"), "TEST_CHALLENGE_URL is for development only"],
    ["the demo", (config) => (config.vars.DEMO_URL = "https://x.acme-campaigns.com"), "DEMO_URL is for development only"],
    ["a readable secret", (config, vars) => (config.vars.NAME_KEY = vars.NAME_KEY), "NAME_KEY stands in vars, where everybody who sees the file reads it"],
    ["invocation logs", (config) => (config.observability.logs.invocation_logs = true), "observability.logs.invocation_logs is not false"],
    ["traces", (config) => (config.observability.traces.enabled = true), "observability.traces.enabled is not false"],
    ["a log push", (config) => (config.logpush = true), "logpush sends the addresses of requests away"],
    ["an object without a migration", (config) => (config.migrations = []), "no migration makes Account"],
    ["a queue that nobody reads", (config) => (config.queues.consumers = []), "the queue handstamp-outbox has no consumer"],
    ["no queue", (config) => (config.queues.producers = []), "OUTBOX is not bound"],
    ["private addresses", (config) => (config.compatibility_flags = []), "global_fetch_strictly_public is off"],
    ["the test ring", (_config, vars) => (vars.RING = newSecrets().vars.RING), "RING is the ring of another environment"],
    ["one key for two things", (_config, vars) => (vars.NAME_KEY = JSON.parse(vars.RING).keys[0].key), "RING holds a key twice, or the one of NAME_KEY"],
    ["a published key", (_config, vars) => (vars.NAME_KEY = "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"), "NAME_KEY is not 32 random bytes in base64url"],
    [
      "the signing key of RFC 7517",
      (_config, vars) => (vars.SIGNING_KEY = JSON.stringify({ kty: "EC", crv: "P-256", kid: "1", x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", d: "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE" })),
      "SIGNING_KEY is a published example",
    ],
    [
      "an operator without a secret",
      (_config, vars) => (vars.OPERATOR = JSON.stringify({ clientId: "operator", secretHash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" })),
      "OPERATOR holds the hash of an empty secret",
    ],
  ];
  for (const [name, change, fault] of mutations) {
    test(`refuses ${name}`, () => {
      const { config, vars } = ready();
      change(config, vars);
      assert.ok(faults(config, vars).includes(fault), JSON.stringify(faults(config, vars)));
      assert.deepEqual(faults(config, vars).filter((each) => !fixOf(each)), [], "each has a fix");
    });
  }

  test("says of every fault that the worker finds how it is mended, with the name in it", async () => {
    const source = await readFile(join(root, "worker/src/platform/configuration.js"), "utf8");
    const told = [...source.matchAll(/(?:faults\.push\(|=> )(["`])((?:[A-Z_]+|\$\{name\}) (?:is|has|holds) .*?)\1/g)].map(([, , text = ""]) => text.replaceAll("${name}", "OUTBOX"));
    assert.ok(told.length >= 20, `${told.length} were found`);
    assert.deepEqual(told.filter((fault) => !fixOf(fault)), []);
    assert.equal(fixOf("the queue handstamp-outbox has no consumer"), 'add { "queue": "handstamp-outbox" } to queues.consumers');
    assert.equal(fixOf("nothing that anybody says"), undefined);
  });
});

test("with one wrong setting every route but health and readiness answers 503 and names it", async () => {
  const broken = await Deployment.start({ DEBUG: "1", DEMO_URL: "http://localhost:8788", ENVIRONMENT: "production" });
  try {
    const expected = ["PUBLIC_URL is not https", "RING is the ring of another environment", "DEMO_URL is for development only"];
    assert.equal((await broken.get("/healthz")).status, 200);
    const paths = ["/readyz", "/version", "/", "/tag.js", "/openapi.json", "/.well-known/jwks.json", "/campaign/acme/1", "/v1/accounts/acme", "/nowhere"];
    for (const path of paths) {
      const { status, body } = await broken.get(path);
      assert.deepEqual([status, body.code, body.faults], [503, "misconfigured", expected], path);
    }
    const { status, body } = await broken.post("/v1/participations", {});
    assert.deepEqual([status, body.code, body.faults], [503, "misconfigured", expected]);
  } finally {
    await broken.stop();
  }
});

test("a binding that is missing is a fault of the deployment, unless it runs without the platform", () => {
  const { vars } = ready();
  const env = { ...vars, ENVIRONMENT: "production", PUBLIC_URL: "https://play.acme-campaigns.com" };
  const objects = Object.fromEntries(["ACCOUNT", "PARTICIPANT", "PERSON", "LOGIN", "DRAFT", "KEY_SET", "METRICS", "PROFILE", "COUNTER", "ASSETS"].map((name) => [name, {}]));
  const said = (/** @type {object} */ more) => judge({ ...env, ...objects, ...more }).faults;
  assert.deepEqual(said({}), ["STATISTICS is not bound", "OUTBOX is not bound", "LIMIT_CALLER is not bound", "LIMIT_ACCOUNT is not bound", "LIMIT_STRANGERS is not bound"]);
  assert.deepEqual(said({ HOST: "workerd" }), []);
  assert.deepEqual(judge({ ...env, HOST: "workerd" }).faults.length, 10);
});

test("with a jurisdiction every object is named inside it; this machine knows none", () => {
  const { vars } = ready();
  const env = { ...vars, ENVIRONMENT: "production", PUBLIC_URL: "https://play.acme-campaigns.com", HOST: "" };
  const said = (/** @type {object} */ more) => judge({ ...env, ...more }).faults.filter((fault) => fault.startsWith("JURISDICTION"));
  assert.deepEqual([said({}), said({ JURISDICTION: "eu" })], [[], []]);
  assert.deepEqual(said({ JURISDICTION: "moon" }), ["JURISDICTION is none of eu, fedramp"]);
  assert.deepEqual(said({ JURISDICTION: "eu", HOST: "workerd" }), ["JURISDICTION is for the platform only"]);

  const home = (/** @type {string} */ where) => ({
    idFromName: (/** @type {string} */ name) => `${where}/${name}`,
    get: (/** @type {string} */ id) => id,
    jurisdiction: (/** @type {string} */ name) => home(name),
  });
  const named = (/** @type {any} */ jurisdiction) => objectNamed(/** @type {any} */ ({ jurisdiction }), /** @type {any} */ (home("anywhere")), "x");
  assert.deepEqual([named("eu"), named(undefined)], ["eu/x", "anywhere/x"]);
  const elsewhere = readdirSync(`${root}/worker/src`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js") && file !== "platform/objects.js")
    .filter((file) => readFileSync(`${root}/worker/src/${file}`, "utf8").includes("idFromName("));
  assert.deepEqual(elsewhere, [], "there is one place where objects are named");
});

describe("plain workerd", () => {
  test("admits, records once and keeps it over a restart; what needs the platform says so", async () => {
    const stateDir = await newStateFolder();
    const port = await freePort();
    const kept = newSecrets();
    const url = `http://127.0.0.1:${port}`;
    const file = await configure({ state: stateDir, address: `127.0.0.1:${port}`, development: true });
    const start = async () => {
      const child = spawn(workerd.default, ["serve", file], {
        env: { ...kept.vars, ENVIRONMENT: "development", PUBLIC_URL: url },
        stdio: ["ignore", "ignore", "inherit"],
      });
      const worker = new Deployment({ miniflare: /** @type {any} */ (undefined), url, secrets: kept, stateDir });
      await until(() => worker.get("/healthz").catch(() => undefined), "workerd answers");
      const stop = () => new Promise((resolve) => child.once("exit", resolve) && child.kill("SIGTERM"));
      return { worker, stop };
    };
    const admit = async (/** @type {Deployment} */ worker) => {
      const token = await sign({ sub: "self", limit: { nb: 1 } });
      return (await worker.post("/v1/token/admit", { account: "acme", campaignId: "100001", token })).body;
    };
    const submission = { "idempotency-key": randomUUID() };
    let { worker, stop } = await start();
    try {
      assert.deepEqual([(await worker.get("/readyz")).status, (await worker.get("/tag.js")).headers.get("content-type")], [200, "text/javascript; charset=utf-8"]);
      await worker.account(acme(), secrets);
      const page = await worker.get("/campaign/acme/100001");
      assert.deepEqual([page.status, (await worker.get("/campaign/app.js")).status], [200, 200]);
      assert.equal((await worker.get("/campaign/")).status, 404, "no list of a folder");
      const { pass } = await admit(worker);
      const first = await worker.post("/v1/participations", { pass, form }, submission);
      assert.deepEqual([first.status, first.body.count], [201, 1]);
      await stop();
      ({ worker, stop } = await start());
      const again = await worker.post("/v1/participations", { pass, form }, submission);
      assert.deepEqual([again.status, again.body], [201, first.body]);
      assert.equal((await admit(worker)).admission.reason, "quota_reached");
      const statistics = await worker.read("/v1/statistics/acme/100001");
      assert.deepEqual([statistics.status, statistics.body.faults], [503, ["STATISTICS is not to be had on plain workerd"]]);
    } finally {
      await stop();
      await rm(stateDir, { recursive: true, force: true });
    }
  });
});
