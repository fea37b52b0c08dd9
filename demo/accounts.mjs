// The account documents in worker/accounts: loaded at the start, and again whenever one is saved. A faulty document
// is reported with the place of every fault; the worker goes on with the version before.

import { watch } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { withAddresses } from "./addresses.mjs";
import { accountSecrets } from "./secrets.mjs";

/**
 * @typedef {object} Loading
 * @property {import("./operator.mjs").Operator} operator
 * @property {import("./addresses.mjs").Addresses} addresses put in the place of the default ones
 * @property {string} folder
 * @property {(line: string) => void} say
 */

/**
 * @param {Loading} loading @param {string} file
 * @returns {Promise<boolean>} whether the worker took it
 */
async function loadDocument({ operator, addresses, folder, say }, file) {
  const name = file.replace(/\.json$/, "");
  const text = withAddresses(await readFile(join(folder, file), "utf8"), addresses);
  const { status, body } = await operator.call("PUT", `/v1/accounts/${name}`, text);
  if (status === 200) {
    say(`account   ${name}, version ${body.version}`);
    return true;
  }
  say(`account   ${name} was refused (${status}); the version before stays`);
  for (const { path, code, message } of body.faults ?? [{ path: "", code: body.code, message: body.detail }]) {
    say(`          ${path || "/"}  ${code}  ${message ?? ""}`);
  }
  return false;
}

/** @param {Loading} loading @param {import("./secrets.mjs").Secrets} secrets */
export async function loadAccounts(loading, secrets) {
  for (const [account, named] of Object.entries(accountSecrets(secrets))) {
    for (const [name, secret] of Object.entries(named)) {
      const { status, body } = await loading.operator.call("PUT", `/v1/accounts/${account}/secrets/${name}`, secret);
      if (status >= 300) throw new Error(`Secret ${name} of ${account} was refused: ${body?.code} ${body?.detail}`);
    }
  }
  const files = (await readdir(loading.folder)).filter((file) => file.endsWith(".json")).sort();
  const taken = [];
  for (const file of files) taken.push(await loadDocument(loading, file));
  if (taken.includes(false)) throw new Error("An account document was refused.");
}

/** Loads a document again when it is saved. @param {Loading} loading @returns {() => void} ends the watching */
export function watchAccounts(loading) {
  /** @type {Map<string, NodeJS.Timeout>} */
  const waiting = new Map();
  const watcher = watch(loading.folder, (_, file) => {
    if (!file?.endsWith(".json")) return;
    // Editors save in several writes; the last one counts.
    clearTimeout(waiting.get(file));
    waiting.set(file, setTimeout(() => {
      loadDocument(loading, file).catch((error) => loading.say(`account   ${file}: ${error.message}`));
    }, 150));
  });
  return () => {
    watcher.close();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}
