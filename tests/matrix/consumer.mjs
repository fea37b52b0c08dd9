// A project of somebody who installed the package: the packed tarball, a program that verifies one token with it,
// and what each kind of runtime starts that program with.

import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const here = fileURLToPath(new URL(".", import.meta.url));
export const root = fileURLToPath(new URL("../../", import.meta.url));
/** Inside this folder, so that tools find both the consumer's package and their own. */
export const work = join(here, ".work");
const exec = promisify(execFile);

/**
 * Runs a program to its end.
 * @param {string} file @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 */
export async function run(file, args, { cwd = work, env = {} } = {}) {
  try {
    const { stdout } = await exec(file, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 64 << 20 });
    return stdout;
  } catch (fault) {
    const { stdout, stderr, message, code } = /** @type {{ stdout?: string, stderr?: string, message: string, code?: number }} */ (fault);
    const said = `${stderr?.trim() || stdout?.trim() || message}`.split("\n").slice(-12).join("\n");
    throw Object.assign(new Error(said), { code, stdout });
  }
}

const SUBJECT = "participant-7f3a";
/** What the program must say: admitted and prefilled, one letter changed and refused, the login stages there, by the small module too. */
export const EXPECTED = JSON.stringify(["allowed", "Liège", "signature_invalid", "function", SUBJECT]);

/** @param {string} said */
export function judge(said) {
  if (said.trim() !== EXPECTED) throw new Error(`said ${said.trim().slice(0, 300)}`);
}

const PROGRAM = `import { createVerifier } from "handstamp";
import { keySet } from "handstamp/oauth";
import { createVerifier as createSmall } from "handstamp/verify";

export async function verify({ token, key, campaignId }) {
  const settings = { verify: { method: "publicKey", key, alg: "ES256" } };
  const verifier = await createVerifier(settings);
  const { decision, prefill } = await verifier.admit(token, { campaignId });
  const changed = verifier.admit(token.slice(0, -4) + "AAAA", { campaignId });
  const code = await changed.then(() => "accepted", (error) => error.code);
  const { claims } = (await createSmall(settings)).verifySync(token);
  return JSON.stringify([decision, prefill.form.city, code, typeof keySet.next, claims.sub]);
}
`;

const FILES = /** @type {Record<string, string>} */ ({
  "package.json": JSON.stringify({ name: "consumer", private: true, type: "module" }),
  "program.js": PROGRAM,
  "terminal.js": 'import { verify } from "./program.js";\nimport { data } from "./data.js";\nverify(data).then(console.log);\n',
  "window.js":
    'import { verify } from "./program.js";\nimport { data } from "./data.js";\n' +
    "verify(data).then((said) => { document.title = said; }, (error) => { document.title = `failed: ${error}`; });\n",
  // The verifier stands at module scope, as a worker's should: no I/O, clock or randomness is used before a request.
  "worker.js":
    'import { createVerifier } from "handstamp";\nimport { keySet } from "handstamp/oauth";\nimport { createVerifier as createSmall } from "handstamp/verify";\nimport { data } from "./data.js";\n' +
    'const settings = { verify: { method: "publicKey", key: data.key, alg: "ES256" } };\nconst [verifier, small] = [createVerifier(settings), createSmall(settings)];\n' +
    `export default { async fetch() {
  const ready = await verifier;
  const { claims } = (await small).verifySync(data.token);
  const { decision, prefill } = await ready.admit(data.token, { campaignId: data.campaignId });
  const code = await ready.admit(data.token.slice(0, -4) + "AAAA", { campaignId: data.campaignId }).then(() => "accepted", (error) => error.code);
  return new Response(JSON.stringify([decision, prefill.form.city, code, typeof keySet.next, claims.sub]));
} };\n`,
  "index.html": '<!doctype html><html lang="en"><title>waiting</title><link rel="icon" href="data:,"><script type="module" src="/window.js"></script></html>\n',
});

/** @type {Awaited<ReturnType<typeof freshToken>> | undefined} */
let fresh;
/** Returns the token of this run, its public key and its campaign. */
export function data() {
  if (!fresh) throw new Error("the consumer is not made yet");
  return fresh;
}

/** Packs the package, installs it, and writes the program. @returns {Promise<string>} the tarball */
export async function makeConsumer() {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(work, name), text);
  fresh = await freshToken();
  await writeFile(join(work, "data.js"), `export const data = ${JSON.stringify(fresh)};\n`);
  const npm = (/** @type {string[]} */ ...args) => run("npm", [...args, "--loglevel=error"]);
  const packed = JSON.parse(await npm("pack", join(root, "pkg"), "--json"));
  const [{ filename }] = Array.isArray(packed) ? packed : Object.values(packed);
  await npm("install", "--offline", "--no-audit", "--no-fund", `./${filename}`);
  return join(work, filename);
}

/** A token signed this minute, its public key and its campaign. */
async function freshToken() {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Math.floor(Date.now() / 1000);
  const text = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: SUBJECT, campaignId: "123456", iat: now, exp: now + 3600, form: { city: "Liège" } };
  const input = `${text({ alg: "ES256", typ: "JWT" })}.${text(claims)}`;
  const signature = Buffer.from(await crypto.subtle.sign(algorithm, privateKey, Buffer.from(input))).toString("base64url");
  return { token: `${input}.${signature}`, key: await crypto.subtle.exportKey("jwk", publicKey), campaignId: claims.campaignId };
}
