// workerd, through Miniflare: the time that its process computes, told from outside, minus that of an empty request.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { interleaved, quantile } from "./measure.js";
import { computed, workerds } from "./processor.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** A script with all that it imports but our module, and that. @param {string} script @returns {Promise<{ text: string, contents: Buffer }>} */
export async function bundled(script) {
  const bundle = await build({
    entryPoints: [here(script)], bundle: true, write: false, format: "esm", target: "es2022", conditions: ["workerd"],
    alias: { handstamp: here("../../pkg/dist/workerd.js"), "handstamp/verify": here("../../pkg/dist/workerd.js") },
    external: ["*.wasm"], logLevel: "warning",
  });
  return { text: bundle.outputFiles[0].text, contents: await readFile(here("../../pkg/dist/handstamp_bg.wasm")) };
}

/** A worker made of one script and our module, and its process. @param {string} script */
async function worker(script) {
  const { text, contents } = await bundled(script);
  const others = workerds();
  const miniflare = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, compatibilityDate: "2026-04-01", rootPath: "/", modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/index.js", contents: text },
      { type: "CompiledWasm", path: "/handstamp_bg.wasm", contents },
    ],
  });
  const url = await miniflare.ready;
  return { miniflare, url, pid: workerds().find((pid) => !others.includes(pid)) };
}

export async function open() {
  const { miniflare, url, pid } = await worker("worker.js");
  const time = async (contender, count) => {
    const start = computed(pid);
    const answer = await fetch(new URL(`/run?contender=${contender.index}&count=${count}`, url));
    await answer.text();
    if (!answer.ok) throw new Error(`${contender.name}: ${answer.status}`);
    return computed(pid) - start;
  };
  return {
    async measure(given, { rounds, warm, contenders }) {
      const answer = await fetch(new URL("/prepare", url), { method: "POST", body: JSON.stringify(given) });
      if (!answer.ok) throw new Error(await answer.text());
      const all = (await answer.json()).map((name, index) => ({ name, index })).filter(({ name }) => !contenders || contenders.includes(name));
      // What a request takes by itself changes with the machine's mood: asked again and again, the last ones count.
      const empty = [];
      const net = async (contender, count) => {
        empty.push(await time({ index: -1 }, 0));
        const idle = quantile(empty.slice(-40), 0.1);
        return Math.max((await time(contender, count)) - idle, 0.01);
      };
      for (let turn = 0; turn < 10; turn++) empty.push(await time({ index: -1 }, 0));
      // Slices much longer than a request.
      return interleaved(all, { rounds, ms: 30, warm }, net);
    },
    close: () => miniflare.dispose(),
  };
}
