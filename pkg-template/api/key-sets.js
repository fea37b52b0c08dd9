// Key sets given by address: fetched when a token needs them. When to fetch, wait or refuse is decided by the
// module's pure freshness machine; here is the fetching, the single flight, and the caps.

import { HandstampError, refusing } from "../loading/error.js";

/** @typedef {import("../loading/instance.js").Module} Module */
/** @typedef {Exclude<import("../index.js").VerifierOptions["fetch"], false>} Fetch */
/**
 * @typedef {object} KeySet
 * @property {number} index its place in `verify`
 * @property {string} url
 * @property {{ freshUntil: number } | null} cache what the machine remembers of it
 * @property {boolean} dead whether the installed copy is too old to be believed
 * @property {{ landing: Promise<boolean>, since: number } | null} flight the fetch that is under way
 * @property {HandstampError | null} failure why the last fetch brought nothing
 */

const TIMEOUT_MS = 3000;
/** A flight that has not landed by then never will. */
const LOST_MS = TIMEOUT_MS + 500;
const LONGEST = 64 * 1024;

export class KeySets {
  /** @type {Module} */ #module;
  /** @type {KeySet[]} */ #sets;
  /** @type {(index: number, text: string) => unknown} */ #install;
  /** @type {Fetch} */ #fetch;

  /**
   * @param {Module} module
   * @param {{ index: number, url: string }[]} urls
   * @param {(index: number, text: string) => unknown} install
   * @param {Fetch} fetch
   */
  constructor(module, urls, install, fetch) {
    this.#module = module;
    this.#sets = urls.map(({ index, url }) => ({ index, url, cache: null, dead: false, flight: null, failure: null }));
    this.#install = install;
    this.#fetch = fetch;
  }

  /**
   * Runs a verification; fetches what it lacks and runs it once more.
   * @template T
   * @param {() => Promise<T>} verification
   * @param {(result: T) => number | undefined} sourceOf which of the sources vouched
   * @param {(code: string) => ReturnType<import("../index.js").Verifier["newerKeys"]>} newerKeys the machine's event for a
   *   refusal that a newer set may lift
   * @returns {Promise<T>}
   */
  async during(verification, sourceOf, newerKeys) {
    // A copy that has grown old is fetched again before it is used; one that never came, only when it is needed.
    const now = Date.now() / 1000;
    await this.#refresh("need", (set) => set.cache !== null && now >= set.cache.freshUntil);
    let result;
    try {
      result = await verification();
    } catch (fault) {
      const event = fault instanceof HandstampError ? await newerKeys(fault.code) : null;
      if (event === null) throw fault;
      if (!(await this.#refresh(event, () => true))) throw this.#reason(fault);
      result = await verification();
    }
    const source = sourceOf(result);
    const dead = this.#sets.find((set) => set.dead && set.index === source);
    if (dead) throw dead.failure ?? of(dead, unavailable("a copy that is too old"));
    return result;
  }

  /**
   * Fetches the sets for which the machine says so.
   * @param {string} type the event
   * @param {(set: KeySet) => boolean} concerned
   * @returns {Promise<boolean>} whether a set was installed
   */
  async #refresh(type, concerned) {
    const flights = this.#sets.filter(concerned).map((set) => {
      if (set.flight && Date.now() - set.flight.since < LOST_MS) return landed(set.flight.landing);
      return this.#step(set, { type }) === "fetch" && this.#fly(set);
    });
    return (await Promise.all(flights)).includes(true);
  }

  /** @param {KeySet} set */
  #fly(set) {
    const flight = { landing: this.#load(set), since: Date.now() };
    set.flight = flight;
    const over = () => {
      if (set.flight === flight) set.flight = null;
    };
    flight.landing.then(over, over);
    return landed(flight.landing);
  }

  /** @param {KeySet} set @returns {Promise<boolean>} */
  async #load(set) {
    try {
      const answer = await read(this.#fetch, set.url);
      this.#install(set.index, answer.body);
      set.failure = null;
      return this.#step(set, { type: "fetched", purpose: "keySet", ...answer }) === "use";
    } catch (fault) {
      set.failure = of(set, fault);
      this.#step(set, { type: "failed" });
      return false;
    }
  }

  /** @param {KeySet} set @param {Record<string, string | number>} event @returns {"use" | "fetch" | "refuse"} */
  #step(set, event) {
    const now = Math.floor(Date.now() / 1000);
    const next = refusing(() => this.#module.keySetNext(JSON.stringify(set.cache), JSON.stringify(event), now));
    const { decision, cache } = JSON.parse(next);
    set.cache = cache;
    set.dead = decision === "refuse";
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
 * @param {Fetch} fetch
 * @param {string} url
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
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  try {
    for await (const piece of pieces(response)) {
      length += piece.byteLength;
      if (length > LONGEST) throw unavailable(`more than ${LONGEST} bytes`);
      text += decoder.decode(piece, { stream: true });
    }
  } catch (fault) {
    if (fault instanceof HandstampError) throw fault;
    throw unavailable(signal.aborted ? "no whole answer within 3 seconds" : "half an answer", fault);
  }
  return text + decoder.decode();
}

/** The body as it comes; leaving the loop early cancels the rest. @param {Response} response */
async function* pieces(response) {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
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
