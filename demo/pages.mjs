// Keeps pkg/public in step with www/ while somebody works on the pages.

import { watch } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** @param {string} root @returns {() => void} ends the watching */
export function watchPages(root) {
  const watcher = watch(join(root, "www"), { recursive: true }, async (_, file) => {
    if (!file || !/\.(js|css|html|svg)$/.test(file)) return;
    const target = join(root, "pkg/public", file);
    await mkdir(dirname(target), { recursive: true });
    // A file that is gone by now, or half written, comes again with the next event.
    await copyFile(join(root, "www", file), target).catch(() => {});
  });
  return () => watcher.close();
}
