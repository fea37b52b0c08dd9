// The recipes of the conformance pack's page, run as they stand there: what they print is admitted.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createVerifier } from "../../../pkg/dist/node.js";
import "../support/patience.mjs";

const page = readFileSync(new URL("../../vectors/tokens/README.md", import.meta.url), "utf8");
const cwd = fileURLToPath(new URL("../../../", import.meta.url));
const SECRET = "a shared secret of 32 characters";
const CAMPAIGN = "123456";

const LANGUAGES = /** @type {const} */ ([
  { name: "Node", fence: "js", command: ["node", "--input-type=module", "-"] },
  { name: "Python", fence: "python", command: ["python3", "-"] },
  { name: "PHP", fence: "php", command: ["php"] },
]);

test("every recipe that says so is run", () => {
  const said = [...page.matchAll(/^### (\w+).*\(run by the tests\)$/gm)].map(([, name]) => name);
  assert.deepEqual(said, LANGUAGES.map(({ name }) => name));
});

for (const { name, fence, command: [program, ...given] } of LANGUAGES) {
  const missing = spawnSync(program, ["--version"]).status !== 0;
  test(`the recipe for ${name} makes a token that is admitted`, { skip: missing && `${program} is not installed` }, async () => {
    const recipe = page.split(`\`\`\`${fence}\n`)[1]?.split("```")[0];
    assert.ok(recipe);
    const { status, stdout, stderr } = spawnSync(program, given, { cwd, input: recipe, encoding: "utf8", env: { ...process.env, SECRET, CAMPAIGN } });
    assert.equal(status, 0, stderr);
    const verifier = await createVerifier({ verify: { method: "symmetricKey", key: SECRET, encoding: "utf8", alg: "HS256" } });
    const { subject, prefill, warnings } = await verifier.admit(stdout.trim(), { campaignId: CAMPAIGN });
    assert.deepEqual([subject, prefill.form, warnings], ["1234", { firstname: "Zoë" }, []]);
  });
}
