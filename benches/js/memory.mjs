// Memory of the module for each prepared key: pages that it has grown by, over many verifiers with a key of their own.

import { readFileSync } from "node:fs";
import { initSync, Verifier } from "../../pkg/dist/handstamp.js";
import { settings } from "./settings.js";

const encoder = new TextEncoder();

/** @param {Record<string, import("./cases.mjs").Case>} given by algorithm; the one of ES256 with many keys */
export function measure(given) {
  const module = new WebAssembly.Module(readFileSync(new URL("../../pkg/dist/handstamp_bg.wasm", import.meta.url)));
  const { memory } = initSync({ module });
  const prepare = ({ alg, jwk }) => new Verifier(encoder.encode(JSON.stringify(settings({ alg, jwk }))));
  const grown = (run) => {
    const before = memory.buffer.byteLength;
    const kept = run();
    return { bytes: memory.buffer.byteLength - before, kept };
  };
  const now = Date.now() / 1000;
  /** @type {Record<string, number>} */
  const found = { "the module itself": memory.buffer.byteLength };
  const keys = given.ES256.many.slice(0, 4).map(({ jwk, token }) => ({ verifier: prepare({ alg: "ES256", jwk }), token: encoder.encode(token) }));
  const use = (times) => grown(() => keys.forEach(({ verifier, token }) => {
    for (let turn = 0; turn < times; turn++) verifier.verify(token, now);
  })).bytes;
  found["ES256, 4 keys used 4 times, together"] = use(4);
  found["ES256, 4 keys used 20 times, and the generator"] = use(16);
  found["ES256, 4 keys used 300 times, and the generator"] = use(280);
  for (const [alg, one] of Object.entries(given)) {
    const count = 20_000;
    const { bytes, kept } = grown(() => Array.from({ length: count }, () => prepare(one)));
    found[`${alg}, a verifier with one key`] = Math.round(bytes / count);
    kept.forEach((verifier) => verifier.free());
  }
  return found;
}
