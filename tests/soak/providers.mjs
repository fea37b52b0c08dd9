// node tests/soak/providers.mjs [sign-ins]: identity providers as their makers publish them, each installed by name into a
// folder that goes away again. In a real Chromium, people sign in there from our campaign: once a first time, with every page
// that the product shows, then again. One that cannot be installed here is said and left out.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PATIENCE_MS } from "../js/support/patience.mjs";
import { customer } from "../js/support/worker/customer.mjs";
import { Deployment, freePort, random } from "../js/support/worker/deployment.mjs";
import { asProgram } from "./measure.mjs";
import { betterAuth } from "./providers/better_auth.mjs";
import { django } from "./providers/django.mjs";
import { lemonldap } from "./providers/lemonldap.mjs";
import { NotInstalled } from "./providers/programs.mjs";

/** @import { Product } from "./providers/programs.mjs" */

const CAMPAIGN = "100001";

/** @param {number} signIns at each product */
export async function providers(signIns) {
  const executablePath = process.env.CHROME_PATH ?? "/usr/bin/chromium";
  const [worker, browser] = await Promise.all([Deployment.start(), chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] })]);
  let failed = 0;
  try {
    for (const product of [lemonldap, django, betterAuth].filter(({ account }) => !process.env.ONLY || process.env.ONLY === account)) {
      const began = Date.now();
      const told = (/** @type {string} */ outcome) => console.log(`${product.name.padEnd(36)} ${outcome} (${Math.round((Date.now() - began) / 1000)} s)`);
      try {
        told(await trial(worker, browser, product, signIns));
      } catch (fault) {
        if (fault instanceof NotInstalled) told(`left out: ${fault.message}`);
        else {
          failed += 1;
          told(`FAILED: ${fault instanceof Error ? fault.stack : fault}`);
        }
      }
    }
  } finally {
    await browser.close();
    await worker.stop();
  }
  if (failed > 0) throw new Error(`${failed} products failed`);
}

/**
 * Installs and starts a product, and signs in there.
 * @param {Deployment} worker
 * @param {import("playwright-core").Browser} browser
 * @param {Product} product
 * @param {number} signIns
 */
async function trial(worker, browser, product, signIns) {
  const folder = await mkdtemp(join(tmpdir(), "handstamp-provider-"));
  try {
    await product.install(folder);
    const client = { id: "campaigns", secret: random(), redirectUri: `${worker.url}/oauth/callback/${product.account}` };
    const server = await product.start(folder, await freePort(), client);
    try {
      const { id = client.id, secret = client.secret, issuer } = server;
      const { document, secrets } = customer(product.account, { mapping: { email: "email" } });
      const oauth = { issuer, clientId: id, clientAuth: { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } }, scope: "openid email profile", timeoutSeconds: 10 };
      const campaign = { ...document.campaigns[CAMPAIGN], signIn: ["oauth"], questions: [], limit: {} };
      const { secureToken: _none, ...rest } = document;
      await worker.account(/** @type {any} */ ({ ...rest, oauth, campaigns: { [CAMPAIGN]: campaign } }), { ...secrets, OIDC_CLIENT: secret });
      const context = await browser.newContext();
      context.setDefaultTimeout(2 * PATIENCE_MS);
      const visit = async (/** @type {import("playwright-core").Page} */ page, /** @type {number} */ turn) => {
        await page.goto(`${worker.url}/oauth/start?account=${product.account}&campaignId=${CAMPAIGN}`);
        await (turn === 0 ? server.signIn(page) : server.signInAgain?.(page));
      };
      /** @type {Set<string>} */
      const algs = new Set();
      for (let turn = 0; turn < signIns; turn += 1) {
        const page = await context.newPage();
        const redeemed = page.waitForResponse((response) => response.url() === `${worker.url}/v1/oauth/redeem`, { timeout: 3 * PATIENCE_MS });
        const body = await Promise.all([redeemed, visit(page, turn)]).then(([response]) => response.json()).catch(async (fault) => {
          throw new Error(`${fault.message.split("\n")[0]}, at ${page.url().split("?")[0]}: ${(await page.innerText("body")).replace(/\s+/g, " ").slice(0, 300)}`);
        });
        if (body.admission?.decision !== "allowed") throw new Error(`sign-in ${turn + 1}: ${JSON.stringify(body)}: ${await cause(worker, product.account, body.ref)}`);
        const email = await page.getByLabel("E-mail").inputValue();
        if (email !== server.email) throw new Error(`sign-in ${turn + 1}: the form has ${JSON.stringify(email)}`);
        await page.close();
      }
      await context.close();
      for (const { alg } of decisions(worker, product.account)) if (alg) algs.add(alg);
      return `signed in ${signIns} times, form filled, ID tokens by ${[...algs].join(" and ")}`;
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Why somebody was refused, as the account reads it. @param {Deployment} worker @param {string} account @param {string} ref */
const cause = async (worker, account, ref) => (await worker.read(`/v1/refusals/${ref}?account=${account}`)).text;

/** The decision lines of an account. @param {Deployment} worker @param {string} account @returns {any[]} */
function decisions(worker, account) {
  return worker.log.join("").split("\n").flatMap((line) => {
    try {
      const decision = JSON.parse(line);
      return decision.account === account ? [decision] : [];
    } catch {
      return [];
    }
  });
}

await asProgram(import.meta.url, providers, 3);
