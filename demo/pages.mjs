// Keeps pkg/public in step with www/ while somebody works on the pages.

import { watch } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bundle } from "../xtask/js/bundle.mjs";
import { singlePage } from "../xtask/js/single_page.mjs";

/** @param {string} root @returns {() => void} ends the watching */
export function watchPages(root) {
  const watcher = watch(join(root, "www"), { recursive: true }, async (_, file) => {
    if (!file || !/\.(js|css|html|svg)$|snippets/.test(file)) return;
    if (/^(?:shared|design)[\\/]/.test(file)) await Promise.all([bundlePage(root, "campaign"), makeDiagnosis(root)]).catch(() => {});
    const bundled = /^(campaign|desk)[\\/].*\.js$/.exec(file)?.[1];
    if (bundled) return bundlePage(root, bundled).catch(() => {});
    if (/^diagnosis[\\/]/.test(file)) return makeDiagnosis(root).catch(() => {});
    // A file that is gone by now, or half written, comes again with the next event.
    await (/\.html$|snippets/.test(file) ? makePages(root) : copyOne(root, file)).catch(() => {});
  });
  return () => watcher.close();
}

/** @param {string} root @param {string} file */
async function copyOne(root, file) {
  const target = join(root, "pkg/public", file);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(join(root, "www", file), target);
}

/** All pages: each has parts that others have too. @param {string} root */
async function makePages(root) {
  const { version } = JSON.parse(await readFile(join(root, "pkg/package.json"), "utf8"));
  const { pagesOf } = await import("../xtask/js/pages.mjs");
  const pages = Object.entries(await pagesOf(root, version));
  await Promise.all(pages.map(([file, page]) => writeFile(join(root, "pkg/public", file), page)));
}

/** The page's scripts are one file, as `cargo xtask pkg` makes it. @param {string} root @param {string} page */
async function bundlePage(root, page) {
  const { version } = JSON.parse(await readFile(join(root, "pkg/package.json"), "utf8"));
  await writeFile(join(root, `pkg/public/${page}/app.js`), await bundle(join(root, `www/${page}/app.js`), "esm", version));
}

/** The diagnosis page is one file altogether. @param {string} root */
async function makeDiagnosis(root) {
  const { version } = JSON.parse(await readFile(join(root, "pkg/package.json"), "utf8"));
  const { page, policy } = await singlePage(join(root, "www/diagnosis/index.html"), join(root, "www/design"), version);
  await writeFile(join(root, "pkg/public/diagnosis/policy.json"), JSON.stringify({ policy }));
  await writeFile(join(root, "pkg/public/diagnosis/index.html"), page);
}
