// The wrappers in examples/, built with Vite and played in Chromium against the real worker: mounted, admitted by a
// token, taken away, with nothing left over.

import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import vue from "@vitejs/plugin-vue";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";
import { openHostPages } from "../js/support/browser/host_page.mjs";
import { root, work } from "./consumer.mjs";
import { version } from "./runtimes.mjs";

/** @typedef {import("./runtimes.mjs").Row} Row */

/** @type {ReturnType<typeof openHostPages> | undefined} */
let opened;
export async function closeExamples() {
  await (await opened)?.close();
}

/** Programs that mount a wrapper into #box and give the page a way to take it away. */
const MOUNT = /** @type {Record<string, string>} */ ({
  react: `import { createElement, StrictMode } from "react";
    import { createRoot } from "react-dom/client";
    import { Campaign } from "./Campaign.jsx";
    const root = createRoot(document.getElementById("box"));
    const onEvent = ({ type }) => window.heard.push(type.slice(10));
    root.render(createElement(StrictMode, null, createElement(Campaign, { ...window.given, onEvent })));
    window.unmount = () => root.unmount();`,
  vue: `import { createApp } from "vue";
    import Campaign from "./Campaign.vue";
    const app = createApp(Campaign, { ...window.given, onReady: () => window.heard.push("ready"), onAdmitted: () => window.heard.push("admitted") });
    app.mount("#box");
    window.unmount = () => app.unmount();`,
  svelte: `import { mount, unmount } from "svelte";
    import Campaign from "./Campaign.svelte";
    const note = (name) => () => window.heard.push(name);
    const shown = mount(Campaign, { target: document.getElementById("box"), props: { ...window.given, on: { ready: note("ready"), admitted: note("admitted") } } });
    window.unmount = () => unmount(shown);`,
});

/** @param {string} name @param {any[]} plugins */
const played = (name, plugins) => async () => {
  const folder = join(work, "examples", name);
  await cp(join(root, "examples", name), folder, { recursive: true });
  await writeFile(join(folder, "main.js"), MOUNT[name]);
  const { output } = /** @type {import("vite").Rolldown.RolldownOutput} */ (await build({
    root: folder, configFile: false, logLevel: "error", plugins,
    build: { write: false, modulePreload: false, rollupOptions: { input: join(folder, "main.js") } },
  }));
  const code = String(/** @type {{ code?: string }} */ (output[0]).code).replaceAll("</script", "<\\/script");
  const pages = await (opened ??= openHostPages());
  const given = JSON.stringify({ account: "demo", campaign: "100001", base: pages.worker, token: await pages.mint({ sub: name }) });
  const { context, page, faults, screen } = await pages.hostPage({ body: '<div id="box"></div>', script: `window.heard = []; window.given = ${given};`, tag: `<script type="module">${code}</script>` });
  try {
    await screen.getByText("Hello Lea").waitFor();
    const found = await page.evaluate(() => {
      const { heard, unmount } = /** @type {any} */ (window);
      const before = document.querySelectorAll("iframe").length;
      unmount();
      return { heard: [...new Set(heard)], before, after: document.querySelectorAll("iframe").length };
    });
    const expected = JSON.stringify({ heard: ["ready", "admitted"], before: 1, after: 0 });
    if (JSON.stringify(found) !== expected) throw new Error(`${JSON.stringify(found)} instead of ${expected}`);
    if (faults.length > 0) throw new Error(faults.join("; "));
  } finally {
    await context.close();
  }
};

/** @type {Row[]} */
export const examples = [
  { what: "React", where: `${version("react")}, StrictMode`, check: played("react", []) },
  { what: "Vue", where: version("vue"), check: played("vue", [vue()]) },
  { what: "Svelte", where: version("svelte"), check: played("svelte", [svelte({ configFile: false })]) },
];
