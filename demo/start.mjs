// Starts the whole demo: the worker in workerd, the OpenID Provider, the customer's site, and the accounts.

import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startWorker } from "../worker/dev.js";
import { loadAccounts, watchAccounts } from "./accounts.mjs";
import { DEFAULT_PORTS, addressesOf, freePort, listen } from "./addresses.mjs";
import { Operator } from "./operator.mjs";
import { watchPages } from "./pages.mjs";
import { createProvider } from "./provider/provider.mjs";
import { loadSecrets, workerSecrets } from "./secrets.mjs";
import { createSite } from "./site/site.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * @typedef {object} Demo
 * @property {import("./addresses.mjs").Addresses} addresses
 * @property {Operator} operator
 * @property {import("./secrets.mjs").Secrets} secrets
 * @property {() => Promise<void>} stop ends everything; safe to call twice
 */

/**
 * @param {object} [options]
 * @param {Partial<import("./addresses.mjs").Ports>} [options.ports]
 * @param {string} [options.stateDir]
 * @param {boolean} [options.quiet] says nothing
 * @param {boolean} [options.watch] loads accounts and pages again when they are saved
 * @returns {Promise<Demo>}
 */
export async function startDemo({ ports = {}, stateDir = join(root, ".handstamp"), quiet = false, watch = false } = {}) {
  const say = quiet ? () => {} : (/** @type {string} */ line) => console.log(line);
  /** @type {(() => unknown)[]} what to end, last started first */
  const endings = [];
  /** @type {Promise<void> | undefined} */
  let stopping;
  const stop = () => (stopping ??= end(endings));

  try {
    const wanted = { ...DEFAULT_PORTS, ...ports };
    const [site, provider] = await Promise.all([listen(wanted.site), listen(wanted.provider)]);
    endings.push(site.close, provider.close);
    const worker = await freePort(wanted.worker);
    const addresses = addressesOf({ worker, site: site.port, provider: provider.port });
    const secrets = await loadSecrets(stateDir);

    const vars = { ENVIRONMENT: "development", PUBLIC_URL: addresses.worker, DEMO_URL: addresses.site, ...workerSecrets(secrets) };
    const { miniflare } = await startWorker({ root, ports: { worker }, stateDir, vars, handleRuntimeStdio: logTo(join(stateDir, "worker.log")) });
    endings.push(() => miniflare.dispose());

    provider.answerWith(await createProvider({ issuer: addresses.provider, worker: addresses.worker, clientSecret: secrets.oidcClient }));
    const operator = new Operator(addresses.worker, secrets.operator);
    site.answerWith(await createSite({ root, addresses, operator, secrets }));

    const loading = { operator, addresses, folder: join(root, "worker/accounts"), say };
    await loadAccounts(loading, secrets);
    if (watch) endings.push(watchAccounts(loading), watchPages(root));
    return { addresses, operator, secrets, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Writes what the worker says into a file, new with every start. @param {string} file */
function logTo(file) {
  return (/** @type {import("node:stream").Readable[]} */ ...streams) => {
    const log = createWriteStream(file);
    for (const stream of streams) stream.pipe(log, { end: false });
  };
}

/** @param {(() => unknown)[]} endings */
async function end(endings) {
  for (const ending of endings.reverse()) await ending();
}
