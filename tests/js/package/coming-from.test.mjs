// docs/coming-from.md: both sides of each task are run, write the same, and write what the page says.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import "../support/patience.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What the page takes as given. */
const GIVEN = `
import { createServer } from "node:http";
import { SignJWT, exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from "jose";

const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
const secret = "a shared secret of 32 characters";
const sign = (alg, key) => new SignJWT({ sub: "1234", iss: "com.customer", aud: "campaigns" }).setProtectedHeader({ alg, kid: "2026a" }).setIssuedAt().setExpirationTime("5m").sign(key);
const set = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "2026a", alg: "ES256", use: "sig" }] });
const server = createServer((_, answer) => answer.setHeader("content-type", "application/json").end(set));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
server.unref();
Object.assign(globalThis, {
  secret, publicPem: await exportSPKI(publicKey), privatePem: await exportPKCS8(privateKey),
  token: await sign("HS256", new TextEncoder().encode(secret)), signed: await sign("ES256", privateKey),
  jwksUrl: "http://127.0.0.1:" + server.address().port + "/jwks.json",
});
const { log } = console;
const found = [];
for (let number = 0; number < Number(process.argv[2]); number += 1) {
  const lines = [];
  console.log = (...values) => lines.push(values.join(" "));
  await import("./" + number + ".mjs").catch((error) => lines.push(String(error)));
  found.push(lines.join(", "));
}
log(JSON.stringify(found));
process.exit(0);
`;

test("both sides of ten tasks run, and write what the page says", async (t) => {
  const page = await readFile(join(root, "docs/coming-from.md"), "utf8");
  const tasks = page.split(/^## /m).slice(1).map((task) => [...task.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = ""]) => code));
  assert.deepEqual(tasks.map((sides) => sides.length), Array(10).fill(2));
  for (const [theirs, ours] of tasks) assert.ok(/^\/\/ (jose|jsonwebtoken)\n/.test(theirs ?? "") && /^\/\/ handstamp\b/.test(ours ?? ""));
  const folder = await mkdtemp(join(tmpdir(), "handstamp-coming-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "node_modules"));
  await symlink(join(root, "pkg"), join(folder, "node_modules/handstamp"), "junction");
  for (const name of ["jose", "jsonwebtoken"]) await symlink(join(root, "node_modules", name), join(folder, "node_modules", name), "junction");
  const sides = tasks.flat();
  await Promise.all(sides.map((code, number) => writeFile(join(folder, `${number}.mjs`), code)));
  await writeFile(join(folder, "run.mjs"), GIVEN);
  const { stdout } = await promisify(execFile)(process.execPath, ["run.mjs", String(sides.length)], { cwd: folder });
  assert.deepEqual(JSON.parse(stdout), sides.map((code) => [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said]) => said).join(", ")));
});
