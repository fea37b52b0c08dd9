// handstamp-worker dev: the project on this machine. Brings the local database up to date, runs `wrangler dev`, which runs
// workerd, writes the account documents of accounts/ into it, and serves a page of the first account's that has the tag.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs, parseEnv } from "node:util";
import { signCompact } from "../../pkg/dist/node.js";
import { QUIET, wranglerOf } from "./wrangler.mjs";

/** Seconds until the worker must have started: the first time, the tool builds it. */
const START_SECONDS = 120;

/** @typedef {{ account: string, testOrigins?: string[], campaigns: Record<string, object> }} Document */

/** @param {string[]} args @returns {Promise<boolean>} whether it ended as it was asked to */
export async function dev(args) {
  parseArgs({ args, options: {} });
  const vars = await readFile(".dev.vars", "utf8").then(parseEnv, () => {
    throw new Error("there is no .dev.vars here: run this in a project that `npm create handstamp` made");
  });
  const { PUBLIC_URL: url = "", OPERATOR_SECRET: operator = "" } = vars;
  const { program } = wranglerOf(resolve("wrangler.jsonc"));
  const env = { ...process.env, ...QUIET, CI: "1" };
  const migrating = spawn(process.execPath, [program, "d1", "migrations", "apply", "STATISTICS", "--local"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const said = migrating.stdout.setEncoding("utf8").toArray();
  const [code] = await once(migrating, "exit");
  if (code !== 0) throw new Error(`the local database could not be brought up to date\n${(await said).join("")}`);

  const { hostname, port } = new URL(url);
  const worker = spawn(process.execPath, [program, "dev", "--ip", hostname, "--port", port], { env: { ...process.env, ...QUIET }, stdio: "inherit" });
  const ended = once(worker, "exit");
  // Ctrl-C reaches the tool by itself, and a second one would stop it in the middle of ending.
  process.on("SIGINT", () => {});
  process.once("SIGTERM", () => worker.kill());
  try {
    if (await Promise.race([ended.then(() => false), isReady(url)])) {
      const documents = await load(url, operator);
      const page = await hostPage(url, documents[0]);
      for (const { account, campaigns } of documents)
        for (const campaign of Object.keys(campaigns)) console.log(`play      ${url}/campaign/${account}/${campaign}`);
      if (page) console.log(`on a page ${page}   (with a token; what is played there is a preview)`);
    }
  } catch (fault) {
    worker.kill();
    throw fault;
  }
  const [status, signal] = await ended;
  return status === 0 || signal !== null;
}

/** Waits until the worker says that it can do its work. @param {string} url */
async function isReady(url) {
  for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end; await pause(200)) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return true;
    const { faults } = answer?.status === 503 ? await answer.json().catch(() => ({})) : {};
    if (faults) throw new Error(`the worker does not start with these settings:\n  ${faults.join("\n  ")}`);
  }
  throw new Error(`the worker did not start within ${START_SECONDS} s`);
}

/** Writes the documents; says which was refused, and where. @param {string} url @param {string} secret @returns {Promise<Document[]>} */
async function load(url, secret) {
  const asked = await fetch(`${url}/v1/auth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`operator:${secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  if (!asked.ok) throw new Error("the worker refused the operator: OPERATOR and OPERATOR_SECRET of .dev.vars belong together");
  const { access_token: token } = await asked.json();
  const taken = [];
  for (const file of (await readdir("accounts")).filter((name) => name.endsWith(".json")).sort()) {
    const text = await readFile(join("accounts", file), "utf8");
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${url}/v1/accounts/${file.slice(0, -5)}`, { method: "PUT", headers, body: text });
    const { version, code, detail, faults = [{ path: "", code, message: detail }] } = await answer.json();
    console.log(`account   accounts/${file} ${answer.ok ? `is version ${version}` : `was refused (${answer.status})`}`);
    if (answer.ok) taken.push(JSON.parse(text));
    else for (const { path, code, message = "" } of faults) console.log(`          ${path || "/"}  ${code}  ${message}`);
  }
  return taken;
}

/**
 * Serves a page as the account's own site has it, at its test origin, with a token of its key if that is here.
 * @param {string} url @param {Document | undefined} document
 * @returns {Promise<string | undefined>} its URL
 */
async function hostPage(url, document) {
  const origin = document?.testOrigins?.[0];
  const key = await readFile("token-key.json", "utf8").then(JSON.parse, () => undefined);
  if (!document || !origin || !key) return undefined;
  const campaign = Object.keys(document.campaigns)[0];
  const server = createServer(async (_request, response) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: "1234", campaignId: campaign, iat: now, exp: now + 300, iss: key.iss, email: "zoe@example.com", given_name: "Zoë" };
    const token = await signCompact(claims, key, { alg: "ES256", kid: key.kid, typ: "JWT" });
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    response.end(`<!doctype html>
<html lang="en"><meta name="viewport" content="width=device-width"><title>A page of ${document.account}</title>
<h1>A page of ${document.account}</h1>
<div data-handstamp-campaign="${campaign}" data-handstamp-account="${document.account}" data-handstamp-token="${token}"></div>
<script async src="${url}/tag.js"></script></html>\n`);
  });
  server.listen(Number(new URL(origin).port), "localhost");
  await once(server, "listening");
  server.unref();
  return `${origin}/`;
}
