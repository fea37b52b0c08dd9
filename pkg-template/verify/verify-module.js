// The running instance of the small module: loaded once, made anew after a trap, called with texts.

import { codes } from "../codes.js";
import { compile, failed } from "../loading/compile.js";
import { HandstampError } from "../refusals/refusal.js";

/** @typedef {import("../verify.js").ModuleSource} ModuleSource */

/** @typedef {typeof import("../handstamp_verify.wasm.d.ts")} Exports what the module offers */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @type {WebAssembly.Module | null} */
let compiled = null;
/** @type {Exports | null} */
let running = null;
let made = 0;
/** @type {Promise<void> | null} */
let loading = null;

/** Which instance is running, counted from 1: what was prepared in another one is gone. */
export const generation = () => made;

/**
 * Makes sure that the module runs. After a failure it can be called again.
 * @param {() => ModuleSource | Promise<ModuleSource>} source
 */
export async function load(source) {
  while (loading) await loading.catch(() => {});
  if (running) return;
  loading = start(source());
  try {
    await loading;
  } finally {
    loading = null;
  }
}

/** @param {ModuleSource | Promise<ModuleSource>} source */
async function start(source) {
  try {
    compiled = await compile(await source);
    run(await WebAssembly.instantiate(compiled));
  } catch (cause) {
    throw cause instanceof HandstampError ? cause : failed("what cannot be had or compiled", cause);
  }
}

/** @param {WebAssembly.Instance} instance */
function run(instance) {
  running = /** @type {Exports} */ (/** @type {unknown} */ (instance.exports));
  made += 1;
}

/** The module's exports, for calls that cannot refuse. */
export function exports() {
  if (!running) throw new HandstampError("not_initialised", { expected: "await createVerifier() before this call" });
  return running;
}

/** Added to the number of a refusal that is the issuer's to fix, whatever the catalogue says of its code. */
const ISSUER = 1000;

/**
 * Writes a text into the module and calls it: its answer, or its refusal. Anything else that it throws is a trap, after
 * which its memory cannot be trusted.
 * @param {string} text
 * @param {(module: Exports, bytes: number) => number} call
 * @returns {string}
 */
export function ask(text, call) {
  const module = exports();
  let refused = 0;
  let answer = "";
  try {
    refused = call(module, write(module, text));
    answer = decoder.decode(new Uint8Array(module.memory.buffer, module.answer(), module.length()));
  } catch (cause) {
    revive();
    throw new HandstampError("internal", {}, { cause });
  }
  if (refused === 0) return answer;
  /** @type {{ at?: string, fix?: "issuer" }} */
  const found = { ...(answer !== "" && { at: answer }), ...(refused > ISSUER && { fix: "issuer" }) };
  throw new HandstampError(codes[(refused % ISSUER) - 1] ?? "internal", found);
}

/** Writes a text into the module: how many bytes it has there. @param {Exports} module @param {string} text */
export function write(module, text) {
  const room = text.length * 3;
  const start = module.room(room);
  return encoder.encodeInto(text, new Uint8Array(module.memory.buffer, start, room)).written;
}

/** Goes on with a new instance, where the host makes one at once. */
function revive() {
  try {
    if (compiled) run(new WebAssembly.Instance(compiled));
  } catch {
    // The old one stays.
  }
}
