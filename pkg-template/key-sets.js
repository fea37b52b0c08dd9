// Key sets given by address: fetched when a token needs them. When to fetch, wait or refuse is decided by the
// module's pure freshness machine; here is the fetching, the single flight, and the caps.

import { HandstampError, refusing } from "./error.js";

/** @typedef {import("./instance.js").Module} Module */
/** @typedef {import("./index.js").VerifierOptions["fetch"]} Fetch */
/**
 * @typedef {object} KeySet
 * @property {number} index its place in `verify`
 * @property {string} url
 * @property {unknown} cache what the machine remembers of it
 * @property {Promise<boolean> | null} flight the fetch that is under way
 * @property {HandstampError | null} failure why the last fetch brought nothing
 */

const TIMEOUT_MS = 3000;
const LONGEST = 64 * 1024;

/** Refusals that a newer key set may lift, as events of the machine. A new key may come under an old kid. */
const CAUSES = /** @type {Record<string, string>} */ ({
  key_set_not_loaded: "use",
  kid_unknown: "unknown_kid",
  signature_invalid: "bad_signature",
});

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
    this.#sets = urls.map(({ index, url }) => ({ index, url, cache: null, flight: null, failure: null }));
    this.#install = install;
    this.#fetch = fetch;
  }

  /**
   * Runs a verification; fetches what it lacks and runs it once more.
   * @template T
   * @param {() => T} verification
   * @returns {Promise<T>}
   */
  async during(verification) {
    await this.#refresh("use", (set) => set.cache !== null);
    try {
      return verification();
    } catch (fault) {
      const code = fault instanceof HandstampError ? fault.code : undefined;
      const cause = code && CAUSES[code];
      if (cause === undefined) throw fault;
      if (!(await this.#refresh(cause, () => true))) throw this.#reason(fault);
      return verification();
    }
  }

  /**
   * Fetches the sets for which the machine says so.
   * @param {string} type the event
   * @param {(set: KeySet) => boolean} concerned
   * @returns {Promise<boolean>} whether a set was installed
   */
  async #refresh(type, concerned) {
    const due = this.#sets.filter((set) => concerned(set) && this.#step(set, { type }) === "fetch");
    const flying = this.#sets.filter((set) => concerned(set) && set.flight !== null && !due.includes(set));
    const installed = await Promise.all([...due.map((set) => this.#fly(set)), ...flying.map((set) => this.#join(set))]);
    return installed.includes(true);
  }

  /** @param {KeySet} set */
  #fly(set) {
    set.flight = this.#load(set).finally(() => {
      set.flight = null;
    });
    return this.#join(set);
  }

  /**
   * Waits for a flight, but not for ever: on some hosts it ends with the request that started it.
   * @param {KeySet} set
   */
  async #join(set) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, TIMEOUT_MS + 500, false);
    });
    try {
      return await Promise.race([set.flight, late]) === true;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {KeySet} set @returns {Promise<boolean>} */
  async #load(set) {
    try {
      const { body, cacheControl } = await read(this.#fetch ?? globalThis.fetch, set.url);
      this.#install(set.index, body);
      set.failure = null;
      this.#step(set, { type: "fetched", ...(cacheControl !== null && { cacheControl }) });
      return true;
    } catch (fault) {
      set.failure = fault instanceof HandstampError ? fault : unavailable("no answer");
      this.#step(set, { type: "failed" });
      return false;
    }
  }

  /** @param {KeySet} set @param {Record<string, string>} event @returns {"use" | "fetch" | "refuse"} */
  #step(set, event) {
    const now = Math.floor(Date.now() / 1000);
    const next = refusing(() => this.#module.keySetNext(JSON.stringify(set.cache), JSON.stringify(event), now));
    const { decision, cache } = JSON.parse(next);
    set.cache = cache;
    return decision;
  }

  /** Why there are no keys, where that is the trouble. @param {unknown} fault */
  #reason(fault) {
    const missing = fault instanceof HandstampError && fault.code === "key_set_not_loaded";
    return (missing && this.#sets.find((set) => set.failure)?.failure) || fault;
  }
}

/**
 * Fetches a key set: three seconds, no redirects, at most 64 KiB.
 * @param {Fetch} fetch
 * @param {string} url
 * @returns {Promise<{ body: string, cacheControl: string | null }>}
 */
async function read(fetch, url) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const headers = { accept: "application/jwk-set+json, application/json" };
  let response;
  try {
    // Not `fetch` of an object: browsers demand that it is called as a plain function.
    response = await (fetch ?? globalThis.fetch)(url, { headers, redirect: "manual", signal });
  } catch {
    throw unavailable(signal.aborted ? "no answer within 3 seconds" : "no answer");
  }
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel();
    throw unavailable("a redirect, which is not followed");
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw unavailable(`status ${response.status}`);
  }
  return { body: await readText(response, signal), cacheControl: response.headers.get("cache-control") };
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
    throw unavailable(signal.aborted ? "no whole answer within 3 seconds" : "half an answer");
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

/** @param {string} got */
function unavailable(got) {
  return new HandstampError("key_set_unavailable", { expected: "a key set", got });
}
