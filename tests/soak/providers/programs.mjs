// Programs of other makers: installed into a folder, started, waited for, and ended.

import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { until } from "../../js/support/patience.mjs";

/** A product cannot be had here: its packages are out of reach, or a tool is missing. */
export class NotInstalled extends Error {}

/** @typedef {{ id: string, secret: string, redirectUri: string }} Client */
/**
 * A product that runs: its issuer, the person who signs in, and the client where it names that itself.
 * @typedef {object} Running
 * @property {string} issuer
 * @property {string} email
 * @property {string} [id]
 * @property {string} [secret]
 * @property {(page: import("playwright-core").Page) => Promise<void>} signIn through its own pages
 * @property {(page: import("playwright-core").Page) => Promise<void>} [signInAgain] through the pages that it shows somebody whom it knows, if any
 * @property {() => Promise<void>} stop
 */
/**
 * @typedef {object} Product
 * @property {string} name with its version
 * @property {string} account
 * @property {(folder: string) => Promise<void>} install throws NotInstalled
 * @property {(folder: string, port: number, client: Client) => Promise<Running>} start
 */

/**
 * Runs a step of an installation.
 * @param {string} command @param {string[]} args @param {string} cwd
 */
export async function install(command, args, cwd) {
  try {
    await promisify(execFile)(command, args, { cwd, maxBuffer: 64 * 1024 * 1024, timeout: 300_000 });
  } catch (fault) {
    const { stderr, message } = /** @type {{ stderr?: string, message: string }} */ (fault);
    const said = (stderr || message).trim().split("\n").at(-1);
    throw new NotInstalled(`${command}: ${said}`);
  }
}

/**
 * Starts a server and waits until a URL of it answers.
 * @param {string} command @param {string[]} args @param {{ cwd: string, env?: Record<string, string> }} options @param {string} url
 * @returns {Promise<() => Promise<void>>} ends it
 */
export async function serve(command, args, { cwd, env = {} }, url) {
  const server = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk) => (log = (log + chunk).slice(0, 4000)));
  const ended = new Promise((resolve) => server.once("close", resolve));
  const stop = async () => {
    server.kill("SIGKILL");
    await ended;
  };
  const answers = async () => {
    if (server.exitCode !== null) throw new Error(`${command} ended: ${log}`);
    return fetch(url).then((response) => response.ok, () => false);
  };
  try {
    await until(answers, () => `${url} answers: ${log}`);
  } catch (fault) {
    await stop();
    throw fault;
  }
  return stop;
}
