// Tokens made this minute by PyJWT and jwcrypto, where python3 is found: the committed vectors' generator runs
// again, with the libraries of its own header, and what it makes is admitted through the package.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createVerifier } from "../../../pkg/dist/node.js";
import { CAMPAIGN } from "../support/mint.mjs";

const run = promisify(execFile);
const GENERATOR = fileURLToPath(new URL("../../vectors/python/generate.py", import.meta.url));
const FOLDER = fileURLToPath(new URL("../../../.handstamp/python/", import.meta.url));

/** Whether there is a python3 that can make environments. */
const python = await run("python3", ["-c", "import ensurepip, venv"]).then(() => true, () => false);

/** The interpreter of an environment with exactly the libraries that the generator's header names. */
async function environment() {
  const pins = (await readFile(GENERATOR, "utf8")).match(/[a-z]+==[0-9.]+/g) ?? [];
  assert.equal(pins.length, 3, "the generator's header names its three libraries");
  const home = join(FOLDER, pins.join("_"));
  const interpreter = join(home, "bin", "python");
  if (await access(join(home, "complete")).then(() => true, () => false)) return interpreter;
  await rm(home, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await run("python3", ["-m", "venv", home]);
  await run(interpreter, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pins]);
  // Made whole or not at all: an interrupted installation is begun anew.
  await mkdir(join(home, "making"));
  await rename(join(home, "making"), join(home, "complete"));
  return interpreter;
}

test("tokens made now by PyJWT and jwcrypto are admitted", { skip: !python && "python3 with venv is not here" }, async (t) => {
  const interpreter = await environment().catch((fault) => {
    if (process.env.CI) throw fault;
    t.skip(`the Python libraries could not be installed: ${fault.message}`);
  });
  if (!interpreter) return;
  const out = await mkdtemp(join(tmpdir(), "handstamp-python-"));
  try {
    await run(interpreter, [GENERATOR, out]);
    const read = async (/** @type {string} */ name) => JSON.parse(await readFile(join(out, name), "utf8")).tokens;
    let admitted = 0;
    for (const { maker, alg, key, token, claims } of await read("signed.json")) {
      const admission = await (await createVerifier({ verify: key })).admit(token, { campaignId: CAMPAIGN });
      assert.equal(admission.subject, claims.sub, `${alg} by ${maker}`);
      admitted += 1;
    }
    for (const { maker, verify, decrypt, token, claims } of await read("encrypted.json")) {
      const admission = await (await createVerifier({ verify, decrypt })).admit(token, { campaignId: CAMPAIGN });
      assert.equal(admission.subject, claims.sub, `${decrypt.enc} by ${maker}`);
      admitted += 1;
    }
    assert.ok(admitted >= 25, `${admitted} tokens`);
    console.log(`${admitted} tokens made now by PyJWT and jwcrypto admitted`);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
});
