// What the console shows to put on a page: each component is the package's own file, which `tests/matrix` builds and plays, under
// the program that uses it; both are filled with the account's names and can be compiled as they stand.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { build, transform } from "esbuild";
import { WAYS } from "../../www/desk/embed/snippets.js";
import "./support/patience.mjs";

const shown = { base: "https://win.example", account: "acme", campaignId: "200001" };
/** @type {Record<string, string>} */
const FILES = { stub: "pkg/dist/stub.js", react: "examples/react/Campaign.jsx", vue: "examples/vue/Campaign.vue", svelte: "examples/svelte/Campaign.svelte" };
const text = (/** @type {string} */ file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
globalThis.fetch = async (url) => new Response(text(FILES[/(\w+)\.txt$/.exec(String(url))?.[1] ?? ""]));

test("each way to embed names the account's campaign, and has the file of the package as it is", async () => {
  for (const { name, make } of WAYS) {
    const made = await make(shown);
    for (const part of [shown.base, shown.account, shown.campaignId]) assert.ok(made.includes(part), `${name} names ${part}`);
    assert.ok(!made.includes("campaigns.example"), `${name} has a name of an example`);
    if (name in FILES && name !== "stub") assert.ok(made.endsWith(`${text(FILES[name])}`), name);
  }
});

test("the program and the component for React are two modules, and one shows the other", async () => {
  const made = String(await WAYS.find(({ name }) => name === "react")?.make(shown));
  const [page, component] = made.split("// Campaign.jsx\n");
  await Promise.all([page, component].map((code) => transform(code, { loader: "jsx", jsx: "automatic" })));
  const files = /** @type {Record<string, string>} */ ({ "./Page.jsx": page, "./Campaign.jsx": component });
  const { outputFiles } = await build({
    entryPoints: ["./Page.jsx"], bundle: true, write: false, format: "esm", jsx: "automatic", external: ["react", "react/jsx-runtime", "handstamp/tag"],
    plugins: [{ name: "shown", setup({ onLoad, onResolve }) {
      onResolve({ filter: /\.jsx$/ }, ({ path }) => ({ path, namespace: "shown" }));
      onLoad({ filter: /./, namespace: "shown" }, ({ path }) => ({ contents: files[path], loader: "jsx" }));
    } }],
  });
  assert.match(outputFiles[0].text, /account: "acme",\s+campaign: "200001",\s+base: "https:\/\/win\.example"/);
});

test("a mail and an app have the token where each puts it", async () => {
  const made = async (/** @type {string} */ wanted) => String(await WAYS.find(({ name }) => name === wanted)?.make(shown));
  assert.equal(await made("mail"), "https://win.example/campaign/acme/200001#token=eyJ…\n");
  const app = await made("app");
  assert.match(app, /^\/\/ .*\nwindow\.handstampToken = \(\) => "eyJ…";\n\n<!-- .* -->\n<div data-handstamp-account="acme" data-handstamp-campaign="200001"><\/div>\n<script async src="https:\/\/win\.example\/tag\.js"><\/script>\n$/);
});
