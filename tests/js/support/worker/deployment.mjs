// A deployment for a test: the real worker in workerd with its state in a folder of its own, an operator, and
// everything that the worker writes to its log.

import { createHash, createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { freePort as anyFreePort } from "../../../../demo/addresses.mjs";
import { applyMigrations, startMigrated, workerOptions } from "../../../../worker/dev.js";
import { until } from "../patience.mjs";
import { check, learn } from "./description.mjs";
import { secretPlaces } from "./package.mjs";
import { newStateFolder } from "./state.mjs";

export const root = fileURLToPath(new URL("../../../..", import.meta.url));

export { PATIENCE_MS } from "../patience.mjs";

/** @param {number} [bytes] */
export const random = (bytes = 32) => randomBytes(bytes).toString("base64url");

/** A port that stays free until it is asked for. */
export const freePort = () => anyFreePort(0);

/** Secrets of a deployment, new for each test. */
export function newSecrets() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const operator = { clientId: "operator", secret: random() };
  const secretHash = createHash("sha256").update(operator.secret).digest("hex");
  const ring = { environment: "test-run", keys: [{ kid: "k1", key: random(), status: /** @type {const} */ ("active") }] };
  const vars = {
    RING: JSON.stringify(ring),
    NAME_KEY: random(),
    SIGNING_KEY: JSON.stringify({ ...privateKey.export({ format: "jwk" }), kid: "s1" }),
    OPERATOR: JSON.stringify({ clientId: operator.clientId, secretHash }),
  };
  return { operator, ring, vars };
}

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {string} text
 * @property {any} body the text as JSON, where it is
 */

/** Of a connection that a busy machine did not take: nothing was asked by it. */
const UNSENT = ["ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT"];

/**
 * @param {string | URL} url
 * @param {RequestInit} [init]
 * @returns {Promise<Answer>}
 */
export async function call(url, init = {}) {
  const isRead = (init.method ?? "GET") === "GET";
  const headers = new Headers(init.headers);
  // Node may pick a connection that the server is just closing: what changes something has one of its own, and what only
  // reads is asked once more.
  if (!isRead) headers.set("connection", "close");
  const ask = () => fetch(url, { redirect: "manual", ...init, headers });
  const response = await ask().catch((fault) => (isRead || UNSENT.includes(fault.cause?.code) ? ask() : Promise.reject(fault)));
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  check(new URL(url), init.method ?? "GET", response, text);
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

export class Deployment {
  /** @type {string[]} */
  log = [];
  /** Deploys anew with some settings changed; what is stored stays. @type {(changed: Record<string, string>) => Promise<void>} */
  deploy = () => Promise.reject(new Error("not started here"));

  /**
   * @param {{ miniflare: import("miniflare").Miniflare, url: string, secrets: ReturnType<typeof newSecrets>, stateDir: string }} parts
   */
  constructor({ miniflare, url, secrets, stateDir }) {
    this.miniflare = miniflare;
    this.url = url;
    this.secrets = secrets;
    this.stateDir = stateDir;
    /** @type {string | undefined} */
    this.token = undefined;
  }

  /**
   * @param {Record<string, string>} [vars]
   * @param {{ migrate?: boolean, limits?: { caller: number, account: number, strangers?: number }, queue?: { before(options: import("miniflare").MiniflareOptions): import("miniflare").MiniflareOptions }, stored?: (stateDir: string) => Promise<void> }} [options]
   *   tests come from one address, so they have no limits but those that they ask for; queue: what stands around the worker; `stored` fills the folder before
   */
  static async start(vars = {}, { migrate = true, limits = { caller: 1_000_000, account: 1_000_000 }, queue, stored } = {}) {
    const secrets = newSecrets();
    const stateDir = await newStateFolder();
    await stored?.(stateDir);
    const port = await freePort();
    /** @type {string[]} */
    const log = [];
    const options = (/** @type {Record<string, string>} */ changed) => {
      const own = workerOptions({
        root,
        ports: { worker: port },
        stateDir,
        limits,
        vars: { ENVIRONMENT: "development", PUBLIC_URL: `http://127.0.0.1:${port}`, ...secrets.vars, ...vars, ...changed },
        handleRuntimeStdio: (/** @type {import("node:stream").Readable[]} */ ...streams) => {
          for (const stream of streams) stream.on("data", (/** @type {Buffer} */ chunk) => log.push(String(chunk)));
        },
      });
      return queue ? queue.before(own) : own;
    };
    const miniflare = migrate ? await startMigrated(options({}), { root, stateDir }) : new Miniflare(options({}));
    await miniflare.ready;
    const deployment = new Deployment({ miniflare, url: `http://127.0.0.1:${port}`, secrets, stateDir });
    deployment.log = log;
    deployment.deploy = async (changed) => {
      await miniflare.setOptions(options(changed));
    };
    await learn(deployment.url);
    return deployment;
  }

  /** Brings the statistics up to date, where a test has left that out at the start. */
  migrate() {
    return applyMigrations(this.miniflare, root);
  }

  async stop() {
    await this.miniflare.dispose();
    await rm(this.stateDir, { recursive: true, force: true });
  }

  /**
   * @param {string} path
   * @param {RequestInit} [init]
   */
  get(path, init) {
    return call(this.url + path, init);
  }

  /**
   * @param {string} path
   * @param {unknown} body
   * @param {Record<string, string>} [headers]
   */
  post(path, body, headers = {}) {
    return call(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  /** The operator's bearer header. */
  async bearer() {
    this.token ??= (await this.accessToken(this.secrets.operator)).body.access_token;
    return { authorization: `Bearer ${this.token}` };
  }

  /**
   * @param {{ clientId: string, secret: string }} client
   * @param {Record<string, string>} [parameters]
   */
  accessToken({ clientId, secret }, parameters = {}) {
    return call(`${this.url}/v1/auth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials", ...parameters }),
    });
  }

  /**
   * @param {string} path
   * @param {unknown} body
   */
  async put(path, body) {
    const headers = { "content-type": "application/json", ...(await this.bearer()) };
    return call(this.url + path, { method: "PUT", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
  }

  /** @param {string} path */
  async read(path) {
    return this.get(path, { headers: await this.bearer() });
  }

  /**
   * Writes secrets, each for the purpose that the document has for it, then the document.
   * @param {{ account: string } & Record<string, unknown>} document
   * @param {Record<string, string>} [secrets]
   */
  async account(document, secrets = {}) {
    const places = secretPlaces(document);
    for (const [name, value] of Object.entries(secrets)) {
      const purpose = places.find((place) => place.name === name)?.purpose ?? (name === "OIDC_CLIENT" ? "client" : undefined);
      const { status, text } = await this.put(`/v1/accounts/${document.account}/secrets/${name}`, { value, ...(purpose && { purpose }) });
      if (status !== 204) throw new Error(text);
    }
    const answer = await this.put(`/v1/accounts/${document.account}`, document);
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.body;
  }

  /** The object of an account itself, past every route. @param {string} account @returns {Promise<any>} */
  accountObject(account) {
    return this.object("ACCOUNT", account);
  }

  /**
   * An object itself, past every route.
   * @param {string} binding
   * @param {...string} parts of what it is about, as the worker names it
   * @returns {Promise<any>}
   */
  async object(binding, ...parts) {
    const namespace = await this.miniflare.getDurableObjectNamespace(binding);
    const nameKey = Buffer.from(this.secrets.vars.NAME_KEY, "base64url");
    const name = createHmac("sha256", nameKey).update(JSON.stringify([binding.toLowerCase(), ...parts])).digest("base64url");
    return namespace.get(namespace.idFromName(name));
  }

  /**
   * The statistics, once they have so many participations: they follow the record within moments.
   * @param {string} account
   * @param {string} campaignId
   * @param {number} participations
   */
  statistics(account, campaignId, participations) {
    return this.statisticsOnce(account, campaignId, (body) => body.participations >= participations);
  }

  /**
   * The statistics, once they are as expected.
   * @param {string} account
   * @param {string} campaignId
   * @param {(body: any) => boolean} expected
   * @param {string} [query]
   * @returns {Promise<any>}
   */
  async statisticsOnce(account, campaignId, expected, query = "") {
    /** @type {any} */
    let body;
    const read = async () => ({ body } = await this.read(`/v1/statistics/${account}/${campaignId}${query}`)) && expected(body);
    await until(read, () => `the statistics are as expected; they are ${JSON.stringify(body)}`);
    return body;
  }
}
