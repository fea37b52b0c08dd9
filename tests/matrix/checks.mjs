// What tools say of the package without running it: publint, attw, and the compiler of a consumer in TypeScript.

import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { here, root, run, work } from "./consumer.mjs";
import { version } from "./runtimes.mjs";

/** @typedef {import("./runtimes.mjs").Row} Row */

const tsc = join(root, "node_modules/typescript/bin/tsc");
const STRICT = ["--ignoreConfig", "--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom,dom.iterable", "--types", ""];

/** @param {string[]} resolution */
const compiled = (...resolution) => async () => {
  await copyFile(join(root, "tests/js/support/entries/consumer.ts"), join(work, "consumer.ts"));
  await run(process.execPath, [tsc, ...STRICT, ...resolution, "consumer.ts"]);
};

async function lint() {
  const { messages, pkg } = await publint({ pkgDir: join(work, "node_modules/handstamp"), strict: true });
  if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, pkg, { color: false })).join("; "));
}

/** @param {string} tarball @returns {Row[]} */
export const checks = (tarball) => [
  { what: "publint", where: version("publint"), check: lint },
  {
    what: "attw", where: `${version("@arethetypeswrong/cli")}, esm-only`,
    check: async () => void (await run(process.execPath, [join(here, "node_modules/@arethetypeswrong/cli/dist/index.js"), tarball, "--profile", "esm-only", "--no-color", "--no-emoji"])),
  },
  { what: "TypeScript", where: "bundler", check: compiled("--module", "esnext", "--moduleResolution", "bundler") },
  { what: "TypeScript", where: "node16", check: compiled("--module", "node16", "--moduleResolution", "node16") },
];
