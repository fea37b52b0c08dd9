// The runner of these tests: a file that fails runs once more, alone, and only one that fails again makes the run red.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import "./support/patience.mjs";

test("a file that fails once is counted as red by chance, one that fails twice or ends its process as failed", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "handstamp-run-"));
  t.after(() => rm(folder, { recursive: true }));
  /** @param {string} name @param {string} body */
  const write = async (name, body) => {
    const file = join(folder, `${name}.test.mjs`);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, `import { test } from "node:test"; import { mkdirSync } from "node:fs"; test("one", () => { ${body} });`);
    return file;
  };
  /** @param {string[]} files */
  const run = (files) => {
    const runner = fileURLToPath(new URL("run.mjs", import.meta.url));
    // Not a part of the run that this test is in.
    const { status, stdout } = spawnSync(process.execPath, [runner, ...files], { encoding: "utf8", env: { ...process.env, NODE_TEST_CONTEXT: "" } });
    return { status, lines: stdout.match(/^tests\/js\/.*by chance/gm) };
  };
  // The folder can be made once.
  const once = await write("worker/once", `try { mkdirSync(${JSON.stringify(join(folder, "seen"))}); } catch { return; } throw new Error("first");`);
  const good = await write("package/good", "");
  assert.deepEqual(run([once, good]), {
    status: 0,
    lines: ["tests/js/worker: 1 passed, 0 failed, 1 by chance", "tests/js/package: 1 passed, 0 failed, 0 by chance"],
  });
  const [bad, ended] = [await write("package/bad", `throw new Error("always");`), await write("worker/ended", "process.exit(0);")];
  assert.deepEqual(run([ended, bad, good]), {
    status: 1,
    lines: ["tests/js/worker: 0 passed, 1 failed, 0 by chance", "tests/js/package: 1 passed, 1 failed, 0 by chance"],
  });
});
