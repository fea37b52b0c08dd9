// Beside each asynchronous call of a verifier: the caller's signal, and whoever listens.

import { HandstampError } from "../refusals/refusal.js";
import { invalid } from "../refusals/input.js";

/** @import { VerifierEvent } from "../index.js" */
/** @typedef {(event: VerifierEvent) => void} Tell */

/**
 * The listener of the options: what it throws is its own business, and changes no verdict.
 * @param {unknown} listener
 * @returns {Tell | undefined}
 */
export function listenerOf(listener) {
  if (listener === undefined) return undefined;
  if (typeof listener !== "function") throw invalid("options.onEvent", "a function", listener);
  return (event) => {
    try {
      listener(event);
    } catch {
      // A listener only looks on.
    }
  };
}

/**
 * Runs a call; a refusal is told.
 * @template T
 * @param {Tell | undefined} tell
 * @param {() => T} call
 * @returns {T}
 */
export function told(tell, call) {
  if (!tell) return call();
  try {
    return call();
  } catch (fault) {
    tellRefusal(tell, fault);
    throw fault;
  }
}

/**
 * Runs a call until its caller ends the wait; a refusal is told. Without either, it costs nothing.
 * @template T
 * @param {Tell | undefined} tell
 * @param {unknown} given the caller's signal
 * @param {() => T | Promise<T>} call
 * @returns {T | Promise<T>}
 */
export function watched(tell, given, call) {
  if (!tell && given === undefined) return call();
  return watching(tell, signalOf(given), call);
}

/** @template T @param {Tell | undefined} tell @param {AbortSignal | undefined} signal @param {() => T | Promise<T>} call */
async function watching(tell, signal, call) {
  try {
    return await (signal ? unlessAborted(signal, call) : call());
  } catch (fault) {
    if (tell) tellRefusal(tell, fault);
    throw fault;
  }
}

/** @param {any} signal @returns {AbortSignal | undefined} */
function signalOf(signal) {
  if (signal === undefined) return undefined;
  if (typeof signal?.aborted !== "boolean" || typeof signal.addEventListener !== "function") {
    throw invalid("options.signal", "an AbortSignal", signal);
  }
  return signal;
}

/**
 * Waits for a call, unless the signal ends the wait; a fetch that others wait for goes on.
 * @template T
 * @param {AbortSignal} signal
 * @param {() => T | Promise<T>} call
 * @returns {Promise<T>}
 */
async function unlessAborted(signal, call) {
  signal.throwIfAborted();
  /** @type {() => void} */
  let stop = () => {};
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([call(), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** @param {Tell} tell @param {unknown} fault */
function tellRefusal(tell, fault) {
  if (!(fault instanceof HandstampError)) return;
  const { at } = fault.details;
  tell({ type: "refused", code: fault.code, ...(at !== undefined && { at }) });
}
