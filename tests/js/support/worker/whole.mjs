// The options of Miniflare for one worker, taken apart: those of the whole program, and those of the worker.

/** Settings of the whole program; the others are those of one worker. */
const WHOLE = ["host", "port", "cf", "telemetry", "defaultPersistRoot", "handleRuntimeStdio"];

/**
 * @param {import("miniflare").MiniflareOptions} options
 * @returns {{ whole: Record<string, any>, worker: Record<string, any> }}
 */
export function setting(options) {
  const of = (/** @type {boolean} */ isWhole) => Object.fromEntries(Object.entries(options).filter(([name]) => WHOLE.includes(name) === isWhole));
  return { whole: of(true), worker: of(false) };
}
