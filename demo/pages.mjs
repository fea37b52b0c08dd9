// Keeps pkg/public in step with www/ while somebody works on the pages.

import { watch } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bundle } from "../xtask/js/bundle.mjs";
import { singlePage } from "../xtask/js/single_page.mjs";

/** @param {string} root @returns {() => void} ends the watching */
export function watchPages(root) {
  const watcher = watch(join(root, "www"), { recursive: true }, async (_, file) => {
    if (!file || !/\.(js|css|html|svg)$/.test(file)) return;
    if (/^shared[\\/]/.test(file)) return Promise.all([bundleCampaign(root), makeDiagnosis(root)]).catch(() => {});
    if (/^campaign[\\/].*\.js$/.test(file)) return bundleCampaign(root).catch(() => {});
    if (/^diagnosis[\\/]/.test(file)) return makeDiagnosis(root).catch(() => {});
    const target = join(root, "pkg/public", file);
    await mkdir(dirname(target), { recursive: true });
    // A file that is gone by now, or half written, comes again with the next event.
    await copyFile(join(root, "www", file), target).catch(() => {});
  });
  return () => watcher.close();
}

/** The campaign's scripts are one file, as `cargo xtask pkg` makes it. @param {string} root */
async function bundleCampaign(root) {
  const { version } = JSON.parse(await readFile(join(root, "pkg/package.json"), "utf8"));
  await writeFile(join(root, "pkg/public/campaign/app.js"), await bundle(join(root, "www/campaign/app.js"), "esm", version));
}

/** The diagnosis page is one file altogether. @param {string} root */
async function makeDiagnosis(root) {
  const { version } = JSON.parse(await readFile(join(root, "pkg/package.json"), "utf8"));
  const { page, policy } = await singlePage(join(root, "www/diagnosis/index.html"), join(root, "www/demo/icon.svg"), version);
  await writeFile(join(root, "pkg/public/diagnosis/policy.json"), JSON.stringify({ policy }));
  await writeFile(join(root, "pkg/public/diagnosis/index.html"), page);
}
