// Key sets given by URL: fetched when a token needs them. When to fetch, wait or refuse is decided by the module's pure
// freshness machine; here is the fetching, the single flight, the caps, and the cache of the host.

import { KEY_SET_BYTES, TIMEOUT_SECONDS } from "../bounds.js";
import { readCapped } from "../outgoing/capped.js";
import { invalid } from "../refusals/input.js";
import { HandstampError } from "../refusals/refusal.js";

/** @import * as Types from "../index.js" */
/** @import { Tell } from "./calls.js" */
/** @typedef {Exclude<Types.VerifierOptions["fetch"], false>} Fetch */
/** @typedef {{ status: number, contentType: string, body: string, cacheControl?: string }} Answer */
/** @typedef {"need" | "refresh" | "doubt"} Ask what a token asks for */
/**
 * @typedef {object} Machine remembers one key set, and decides
 * @property {(event: Ask | "use" | "failed" | Answer, now: number) => "use" | "fetch" | "refuse"} step
 * @property {() => number | undefined} freshUntil of the copy, in seconds; nothing before there was one
 */
/**
 * @typedef {object} KeySet
 * @property {number} index its place in `verify`
 * @property {string} url
 * @property {Machine} machine
 * @property {boolean} isFetched whether the verifier has it from here, and not from the host
 * @property {{ landing: Promise<boolean>, since: number } | null} flight the fetch that is under way
 * @property {HandstampError | null} failure why the last fetch brought nothing
 */
/** @typedef {{ installKeySet(index: number, text: string): unknown, forgetKeySet(index: number): void }} Holder what verifies with the sets */
/**
 * @typedef {object} Hooks what the host does for key sets
 * @property {Fetch} [fetch]
 * @property {Types.KeySetCache} [cache]
 * @property {(work: Promise<unknown>) => void} [waitUntil]
 * @property {Tell} [tell]
 */

const TIMEOUT_MS = TIMEOUT_SECONDS * 1000;
/** A flight that has not landed by then never will. */
const LOST_MS = TIMEOUT_MS + 500;
/** The shape of what is put into the host's cache. */
const FORM = 1;

/**
 * The hooks among the options of a verifier.
 * @param {Record<string, unknown>} options
 * @returns {Hooks & { fetches: boolean }}
 */
export function hooksOf({ fetch, cache, waitUntil }) {
  const kept = /** @type {any} */ (cache);
  if (fetch !== undefined && fetch !== false && typeof fetch !== "function") throw invalid("options.fetch", "a function, or false", fetch);
  if (cache !== undefined && (typeof kept?.get !== "function" || typeof kept.put !== "function")) throw invalid("options.cache", "{ get, put }, two functions", cache);
  if (waitUntil !== undefined && typeof waitUntil !== "function") throw invalid("options.waitUntil", "a function", waitUntil);
  return /** @type {any} */ ({ fetches: fetch !== false, ...(fetch && { fetch }), cache, waitUntil });
}

export class KeySets {
  /** @type {KeySet[]} */ #sets;
  /** @type {Holder} */ #verifier;
  /** @type {Hooks} */ #hooks;

  /**
   * @param {{ index: number, url: string }[]} urls
   * @param {(index: number) => Machine} machine
   * @param {Holder} verifier
   * @param {Hooks} hooks
   */
  constructor(urls, machine, verifier, hooks) {
    this.#sets = urls.map(({ index, url }) => ({ index, url, machine: machine(index), isFetched: false, flight: null, failure: null }));
    this.#verifier = verifier;
    this.#hooks = hooks;
  }

  /**
   * Runs a verification; fetches what it lacks and runs it once more.
   * @template T
   * @param {() => Promise<T>} verification
   * @param {(code: string) => Promise<Ask | null>} newerKeys the machine's event for a refusal that a newer set may lift
   * @returns {Promise<T>}
   */
  async during(verification, newerKeys) {
    // A copy that has grown old is fetched again before it is used; one that never came, only when it is needed.
    const now = Date.now() / 1000;
    await this.#refresh("need", (set) => isOld(set, now));
    try {
      return await verification();
    } catch (fault) {
      const event = fault instanceof HandstampError ? await newerKeys(fault.code) : null;
      if (event === null) throw fault;
      if (!(await this.#refresh(event, () => true))) throw this.#reason(fault);
      return verification();
    }
  }

  /** Lets go of copies that are too old to be believed, for a call that fetches nothing. */
  age() {
    const now = Date.now() / 1000;
    for (const set of this.#sets) if (isOld(set, now)) this.#step(set, "use");
  }

  /** Takes note of a set that the host has installed: it is the host's to let go of. @param {number} index */
  given(index) {
    for (const set of this.#sets) if (set.index === index) set.isFetched = false;
  }

  /** @param {KeySet} set @param {string} text */
  #install(set, text) {
    this.#verifier.installKeySet(set.index, text);
    set.isFetched = true;
  }

  /**
   * Fetches the sets for which the machine says so.
   * @param {Ask} asks
   * @param {(set: KeySet) => boolean} concerned
   * @returns {Promise<boolean>} whether a set was installed
   */
  async #refresh(asks, concerned) {
    const flights = this.#sets.filter(concerned).map((set) => {
      if (set.flight && Date.now() - set.flight.since < LOST_MS) return landed(set.flight.landing);
      return this.#step(set, asks) === "fetch" && this.#fly(set, asks);
    });
    return (await Promise.all(flights)).includes(true);
  }

  /** @param {KeySet} set @param {Ask} asks */
  #fly(set, asks) {
    const flight = { landing: this.#load(set, asks), since: Date.now() };
    set.flight = flight;
    const over = () => {
      if (set.flight === flight) set.flight = null;
    };
    flight.landing.then(over, over);
    return landed(flight.landing);
  }

  /** @param {KeySet} set @param {Ask} asks @returns {Promise<boolean>} */
  async #load(set, asks) {
    const { fetch, tell } = this.#hooks;
    const { index, url } = set;
    if (asks === "need" && (await this.#restore(set))) return true;
    try {
      tell?.({ type: "fetch", asks, index, url });
      const answer = await read(fetch, url);
      this.#install(set, answer.body);
      set.failure = null;
      const used = this.#step(set, answer) === "use";
      tell?.({ type: "fetched", index, url });
      await this.#keep(url, answer);
      return used;
    } catch (fault) {
      set.failure = of(set, fault);
      this.#step(set, "failed");
      tell?.({ type: "fetch_failed", index, url, code: set.failure.code });
      return false;
    }
  }

  /**
   * Takes over the copy that another instance has left in the host's cache, if it is still fresh. It ages from when it was
   * fetched. Of a cache that fails, nothing is expected.
   * @param {KeySet} set
   */
  async #restore(set) {
    const { cache } = this.#hooks;
    if (!cache || set.machine.freshUntil() !== undefined) return false;
    try {
      const { form, at, ...answer } = JSON.parse((await cache.get(set.url)) ?? "{}");
      const now = Math.floor(Date.now() / 1000);
      if (form !== FORM || !(at <= now) || typeof answer.body !== "string") return false;
      this.#install(set, answer.body);
      this.#step(set, { ...answer, status: 200 }, at);
      return now < (set.machine.freshUntil() ?? 0);
    } catch {
      return false;
    }
  }

  /** @param {string} url @param {Answer} answer */
  async #keep(url, { contentType, body, cacheControl }) {
    const { cache, waitUntil } = this.#hooks;
    if (!cache) return;
    const entry = JSON.stringify({ form: FORM, at: Math.floor(Date.now() / 1000), contentType, cacheControl, body });
    const work = Promise.resolve()
      .then(() => cache.put(url, entry))
      .catch(() => {});
    if (waitUntil) waitUntil(work);
    else await work;
  }

  /** @param {KeySet} set @param {Parameters<Machine["step"]>[0]} event */
  #step(set, event, now = Math.floor(Date.now() / 1000)) {
    const decision = set.machine.step(event, now);
    // A copy that is too old to be believed vouches for nothing.
    if (decision === "refuse" && set.isFetched) {
      this.#verifier.forgetKeySet(set.index);
      set.isFetched = false;
    }
    return decision;
  }

  /** Why the last fetch of a set brought nothing. */
  get failure() {
    return this.#sets.find((set) => set.failure)?.failure ?? null;
  }

  /** Why there are no keys, where that is the trouble. @param {unknown} fault */
  #reason(fault) {
    return (fault instanceof HandstampError && fault.code === "key_set_not_loaded" && this.failure) || fault;
  }
}

/** Whether there is a copy that is no longer fresh: of one that is, nothing has to be asked. @param {KeySet} set @param {number} now seconds */
const isOld = ({ machine }, now) => now >= (machine.freshUntil() ?? Infinity);

/**
 * Waits for a flight, but not for ever: on some hosts it is lost with the request that started it.
 * @param {Promise<boolean>} landing
 */
async function landed(landing) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const lost = new Promise((resolve) => {
    timer = setTimeout(resolve, LOST_MS, false);
  });
  try {
    return (await Promise.race([landing, lost])) === true;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Fetches a key set: three seconds, no redirects, at most 64 KiB.
 * @param {Fetch | undefined} fetch
 * @param {string} url
 * @returns {Promise<Answer>}
 */
async function read(fetch, url) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const headers = { accept: "application/jwk-set+json, application/json" };
  let response;
  try {
    // Not `fetch` of an object: browsers demand that it is called as a plain function.
    response = await (fetch ?? globalThis.fetch)(url, { headers, redirect: "manual", signal });
  } catch (cause) {
    throw unavailable(signal.aborted ? "no answer within 3 seconds" : "no answer", cause);
  }
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel();
    throw unavailable("a redirect, which is not followed");
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw unavailable(`status ${response.status}`);
  }
  const contentType = response.headers.get("content-type") ?? "";
  const cacheControl = response.headers.get("cache-control");
  const body = await readText(response, signal);
  return { status: 200, contentType, body, ...(cacheControl !== null && { cacheControl }) };
}

/** @param {Response} response @param {AbortSignal} signal */
async function readText(response, signal) {
  let bytes;
  try {
    bytes = await readCapped(response.body, KEY_SET_BYTES);
  } catch (fault) {
    throw unavailable(signal.aborted ? "no whole answer within 3 seconds" : "half an answer", fault);
  }
  if (!bytes) throw unavailable(`more than ${KEY_SET_BYTES} bytes`);
  return new TextDecoder().decode(bytes);
}

/** @param {string} got @param {unknown} [cause] what the host's fetch said */
function unavailable(got, cause) {
  return new HandstampError("key_set_unavailable", { expected: "a key set", got }, cause === undefined ? undefined : { cause });
}

/**
 * The failure of a set with its URL and its index in `verify`: of several, which one.
 * @param {KeySet} set
 * @param {unknown} fault
 */
function of({ url, index }, fault) {
  const failure = fault instanceof HandstampError ? fault : unavailable("no answer", fault);
  Object.assign(failure.details, { url, index });
  return failure;
}
