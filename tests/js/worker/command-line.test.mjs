// `handstamp account put` against the real worker: a document written by one command, and by none that is wrong.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { handstamp } from "../support/worker/command_line.mjs";
import { customer } from "../support/worker/customer.mjs";
import { Deployment, freePort } from "../support/worker/deployment.mjs";

/** @type {Deployment} */
let worker;
const { document, secrets } = customer("by-command");

before(async () => {
  worker = await Deployment.start();
  await worker.account(document, secrets);
});
after(() => worker.stop());

/**
 * @param {object | string} input
 * @param {{ to?: string, client?: string, secret?: string | null, options?: string[] }} [how]
 */
function put(input, { to = worker.url, client = worker.secrets.operator.clientId, secret = worker.secrets.operator.secret, options = [] } = {}) {
  const { HANDSTAMP_CLIENT_SECRET: _, ...env } = process.env;
  return handstamp(["account", "put", "--to", to, "--client", client, ...options], {
    input: typeof input === "string" ? input : JSON.stringify(input),
    env: secret === null ? env : { ...env, HANDSTAMP_CLIENT_SECRET: secret },
  });
}

test("a document is written: its version is told, and the same again changes nothing", async () => {
  const changed = { ...document, campaigns: { ...document.campaigns, "999": {} } };
  const first = await put(changed);
  assert.deepEqual([first.code, first.out], [0, "by-command is written: version 2\n"], first.err);
  const again = await put(changed, { options: ["--json"] });
  assert.equal(again.code, 0, again.err);
  const { account, version, changed: isChanged } = JSON.parse(again.out);
  assert.deepEqual({ account, version, isChanged }, { account: "by-command", version: 2, isChanged: false });
});

test("every fault is shown with its path, and the last good version stays", async () => {
  const wrong = await put({ ...document, origin: ["https://www.example.com"], campaigns: { "999": { login: "magic" } } });
  assert.equal(wrong.code, 1, wrong.err);
  assert.match(wrong.out, /✗ \/origin .*origins/);
  assert.match(wrong.out, /✗ \/campaigns\/999\/login/);
  assert.equal((await worker.read("/v1/accounts/by-command")).body.version, 2);
});

test("a wrong secret, none, an address in clear, no deployment and no document are each told, with exit code 3", async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const cases = /** @type {[Promise<{ code: number | null, out: string, err: string }>, RegExp][]} */ ([
    [put(document, { secret: "wrong" }), /does not let this client in/],
    [put(document, { secret: null }), /HANDSTAMP_CLIENT_SECRET/],
    [put(document, { to: "http://campaigns.example.com" }), /not https/],
    [put(document, { to: `${worker.url}/v1/accounts` }), /more than the origin/],
    [put(document, { to: nobody }), /cannot be reached/],
    [put("{"), /not JSON/],
    [put({ ...document, account: "../other" }), /no name in its member "account"/],
  ]);
  for (const [run, message] of cases) {
    const { code, out, err } = await run;
    assert.equal(code, 3, `${message}: ${out}${err}`);
    assert.match(err, message);
    assert.ok(!err.includes(worker.secrets.operator.secret), "no secret in an error text");
  }
});
