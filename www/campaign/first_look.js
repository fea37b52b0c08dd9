// A first look at a token beside the service's verdict: an expired or malformed one is renewed without waiting for it. The
// module comes after the first paint, with public keys and rules that the page has with its data.
// Where it cannot run, nothing changes.

/** The name under which it never changes stands here once the page is built. */
const MODULE = "/pkg/handstamp_look.wasm";
/** What the module adds to the number of a refusal: another token lifts it; it cannot look into the token. */
const [RENEW, UNDECIDED] = [2000, 4000];

/** @typedef {{ settings: object, now: number }} Rules with the service's time, in seconds: that of a visitor's device may be wrong */
/** @typedef {"good" | "renew" | "undecided"} Seen */

const encoder = new TextEncoder();

/** After what is on the screen now. */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Calls the module with a text. @param {any} module @param {string} text @param {(bytes: number) => number} call */
function ask(module, text, call) {
  const bytes = encoder.encode(text);
  // First the room: it may move the memory.
  const start = module.room(bytes.length);
  new Uint8Array(module.memory.buffer, start, bytes.length).set(bytes);
  return call(bytes.length);
}

/** @param {Rules} rules */
async function load({ settings }) {
  await painted();
  const { instance } = await WebAssembly.instantiateStreaming(fetch(MODULE));
  const module = /** @type {any} */ (instance.exports);
  return ask(module, JSON.stringify(settings), module.prepare_look) === 0 ? module : null;
}

/**
 * @param {Rules | null} rules nothing where there is nothing to look at
 * @param {string} campaignId
 * @returns {(token: string) => Promise<Seen>} never rejects
 */
export function openFirstLook(rules, campaignId) {
  const since = performance.now();
  /** @type {Promise<any> | undefined} */
  let loading;
  return async (token) => {
    if (!rules) return "undecided";
    try {
      const module = await (loading ??= load(rules));
      const now = rules.now + (performance.now() - since) / 1000;
      const seen = ask(module, `${campaignId}\n${token}`, (bytes) => module.look(bytes, now));
      if (seen >= UNDECIDED) return "undecided";
      return seen === 0 ? "good" : seen >= RENEW ? "renew" : "undecided";
    } catch {
      // No WebAssembly, a policy that forbids it, or no answer: the service decides, as ever.
      return "undecided";
    }
  };
}
