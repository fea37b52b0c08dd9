// node tests/js/together.mjs FILE…: several test files in one process, one after the other. Each file alone would load
// Miniflare, compile the schemas and warm up again, which takes longer than most of the tests.

import { AsyncResource } from "node:async_hooks";
import { describe } from "node:test";
import { relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
// Here, so that the browser is closed when all files have run, not when the first has.
import "./support/browser/chromium.mjs";
import { FILE_MS, endAfter } from "./support/patience.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const files = process.argv.slice(2);
endAfter(files.length * FILE_MS);
// One import after the other: of files that wait for the same module at the same time, all but the first would register
// their tests in the suite of that one, and lose them when it has ended. Each is bound to its own suite: Node would take the
// one of the promise that it waited for, so that what all files start would run from the beginning to the end.
let imported = Promise.resolve();
// A file that hangs is ended, and the next begins.
for (const file of files)
  describe(relative(folder, file).replace(".test.mjs", ""), { timeout: FILE_MS }, () => {
    const load = AsyncResource.bind(() => import(pathToFileURL(resolve(file)).href));
    const tests = imported.then(load);
    imported = tests.catch(() => {});
    return tests;
  });
