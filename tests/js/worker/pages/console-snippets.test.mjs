// The programs that the console shows: each under 25 lines, and each that the machine has the tool for makes a token that is accepted.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createVerifier } from "../../../../pkg/dist/node.js";
import { LANGUAGES } from "../../../../www/desk/token/snippets.js";
import { REPEATS } from "../../support/repeats.mjs";
import { random } from "../../support/worker/deployment.mjs";
import "../../support/patience.mjs";

/** Each algorithm has a program of its own; those of Java take a second each. @type {Record<string, { file: string, command: string[], check?: string[], algs?: string[] }>} */
const TOOLS = {
  Node: { file: "token.mjs", command: ["node"] },
  PHP: { file: "token.php", command: ["php"] },
  Python: { file: "make.py", command: ["python3"], check: ["-c", "import cryptography"] },
  Java: { file: "Token.java", command: ["java"], check: ["--version"], ...(REPEATS.skip && { algs: ["HS256", "ES256"] }) },
};
const wanted = { campaignId: "100001", kid: "", issuer: "com.example", audience: 'campaigns "of" ours for $each' };
const ALGS = ["HS256", "HS512", "RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"];
const [rsa, ec, larger, ed] = [generateKeyPairSync("rsa", { modulusLength: 2048 }), generateKeyPairSync("ec", { namedCurve: "P-256" }), generateKeyPairSync("ec", { namedCurve: "P-384" }), generateKeyPairSync("ed25519")];
const PAIRS = /** @type {Record<string, import("node:crypto").KeyPairKeyObjectResult>} */ ({ RS256: rsa, PS256: rsa, ES256: ec, ES384: larger, EdDSA: ed, Ed25519: ed });

/** @param {string} alg */
function keyOf(alg) {
  const secret = random(64);
  if (alg.startsWith("HS")) return { secret, verify: { method: "symmetricKey", key: secret, encoding: "base64url", alg } };
  const { privateKey, publicKey } = PAIRS[alg];
  return { secret: String(privateKey.export({ type: "pkcs8", format: "pem" })), verify: { method: "publicKey", key: String(publicKey.export({ type: "spki", format: "pem" })), alg } };
}

for (const { name, algs, isRun, make } of LANGUAGES) {
  const tool = TOOLS[name];
  const skip = !isRun ? "marked as not run" : spawnSync(tool.command[0], tool.check ?? ["--version"]).status !== 0 ? `there is no ${tool.command[0]} here, or not all of it` : false;
  test(`${name}: what it signs is accepted`, { skip }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "handstamp-snippets-"));
    try {
      for (const alg of (tool.algs ?? ALGS).filter((one) => algs.test(one))) {
        const { secret, verify } = keyOf(alg);
        const file = join(folder, tool.file);
        await writeFile(file, make({ ...wanted, alg }));
        const { stdout } = await promisify(execFile)(tool.command[0], [file], { env: { ...process.env, TOKEN_KEY: secret } });
        const verifier = await createVerifier(/** @type {any} */ ({ verify, issuer: wanted.issuer, audience: wanted.audience }));
        const { decision, prefill } = await verifier.admit(stdout.trim(), { campaignId: "100001", participations: 0 });
        assert.deepEqual([alg, decision, prefill.form.firstname ?? "Zoë"], [alg, "allowed", "Zoë"]);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

test("every program is under 25 lines", () => {
  for (const { name, algs, make } of LANGUAGES)
    for (const alg of ALGS.filter((one) => algs.test(one))) assert.ok(make({ ...wanted, alg }).trimEnd().split("\n").length < 25, `${name} ${alg}`);
});
