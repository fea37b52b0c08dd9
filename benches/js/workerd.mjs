// workerd, through Miniflare: timed from outside, minus what an empty request takes in the same round.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { interleaved, quantile } from "./measure.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** A worker made of one script and our module. @param {string} script */
export async function worker(script) {
  const bundle = await build({
    entryPoints: [here(script)], bundle: true, write: false, format: "esm", target: "es2022", conditions: ["workerd"],
    alias: { handstamp: here("../../pkg/dist/workerd.js"), "handstamp/verify": here("../../pkg/dist/workerd.js") },
    external: ["*.wasm"], logLevel: "warning",
  });
  const contents = await readFile(here("../../pkg/dist/handstamp_bg.wasm"));
  const miniflare = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, compatibilityDate: "2026-04-01", rootPath: "/", modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/index.js", contents: bundle.outputFiles[0].text },
      { type: "CompiledWasm", path: "/handstamp_bg.wasm", contents },
    ],
  });
  return { miniflare, url: await miniflare.ready };
}

export async function open() {
  const { miniflare, url } = await worker("worker.js");
  const time = async (contender, count) => {
    const start = performance.now();
    const answer = await fetch(new URL(`/run?contender=${contender.index}&count=${count}`, url));
    await answer.text();
    if (!answer.ok) throw new Error(`${contender.name}: ${answer.status}`);
    return performance.now() - start;
  };
  return {
    async measure(given, { rounds, warm }) {
      const answer = await fetch(new URL("/prepare", url), { method: "POST", body: JSON.stringify(given) });
      if (!answer.ok) throw new Error(await answer.text());
      const all = (await answer.json()).map((name, index) => ({ name, index }));
      // What a request takes by itself changes with the machine's mood: asked again and again, the last ones count.
      const empty = [];
      const net = async (contender, count) => {
        empty.push(await time({ index: -1 }, 0));
        const idle = quantile(empty.slice(-40), 0.1);
        return Math.max((await time(contender, count)) - idle, 0.01);
      };
      for (let turn = 0; turn < 20; turn++) empty.push(await time({ index: -1 }, 0));
      // Slices much longer than a request.
      return interleaved(all, { rounds, ms: 50, warm: Math.max(warm, 300) }, net);
    },
    close: () => miniflare.dispose(),
  };
}
