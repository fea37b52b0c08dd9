// The types of the package: every exported name and member has a sentence, every function an example; the examples are
// type-checked against the package as npm installs it, and run where no browser or worker is needed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import "../support/patience.mjs";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Whose examples are run too: the others need a page or a deployment. @type {Record<string, boolean>} */
const RUNS = { index: true, accounts: true, oauth: true, verify: true, errors: true, words: true, testing: true, tag: false, worker: false };

/** @param {string} name */
const types = (name) => readFile(join(root, "pkg-template", `${name}.d.ts`), "utf8");

/** The examples of a file: where each stands, and its code. @param {string} text */
function examples(text) {
  return [...text.matchAll(/^( *)\* @example\n\1\* ```js\n(.*?)^\1\* ```$/gms)].map(({ 1: indent = "", 2: body = "", index }) => ({
    line: text.slice(0, index).split("\n").length,
    code: body.split("\n").map((line) => line.slice(indent.length + 2)).join("\n"),
  }));
}

/** Whose declaration lacks its comment or its example. @param {string} text */
function lacking(text) {
  const lines = text.split("\n");
  /** @type {string[]} */
  const found = [];
  let comment = "";
  let previous = "";
  let hasExample = false;
  let depth = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (/^ *\/\*\*/.test(line)) {
      const from = at;
      while (!lines[at]?.endsWith("*/")) at += 1;
      comment = lines.slice(from, at + 1).join("\n");
      continue;
    }
    const exported = /^(?:export (?:default )?(?:declare )?|declare )(function|interface|type|const|class)? *([\w{*]+)/.exec(line);
    const member = /^ {2,}(?:readonly )?(?:<[^>]*>)?(?:(["'\w:]+)\??(:|\(|<)|(\[|\())/.exec(line);
    const [, kind, name = ""] = exported ?? [];
    const isMethod = member !== null && member[2] === "(" && member[1] !== "constructor";
    if (exported) hasExample = comment.includes("@example");
    // One overload speaks for those after it, the example of an object for its methods. Lines between
    // brackets are arguments, and the default export was documented before.
    const overload = exported !== null && kind === "function" && name === previous;
    const isNothing = name === "global" || /^export default \w+;$/.test(line);
    if ((exported || (member && depth === 0)) && !overload && !isNothing) {
      const what = `${at + 1}: ${line.trim()}`;
      if (!/\* *[A-Z`].*\S/.test(comment)) found.push(`${what} has no sentence`);
      const wantsExample = kind === "function" || (isMethod && !hasExample);
      if (wantsExample && !/@example\n *\* ```js\n/.test(comment)) found.push(`${what} has no example`);
    }
    if (exported) previous = name;
    depth += line.split("(").length - line.split(")").length;
    if (line.trim() !== "") comment = "";
  }
  return found;
}

/** The values that the examples take as given. */
const GIVEN = `
import { parseAccount, signCompact } from "handstamp/account";

const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
const jwk = async (key) => ({ ...(await crypto.subtle.exportKey("jwk", key)), alg: "ES256", kid: "2026a", key_ops: undefined, ext: undefined });
const keys = JSON.parse(JSON.stringify({ private: await jwk(pair.privateKey), public: await jwk(pair.publicKey) }));
const { kty, crv, x, y } = (await crypto.subtle.exportKey("jwk", (await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"])).publicKey));
const secret = "a shared secret of 32 characters";
const exp = Math.floor(Date.now() / 1000) + 300;
const claims = { sub: "1234", campaignId: "123456", exp, form: { firstname: "Zoë" } };
const token = await signCompact(claims, { key: secret, encoding: "utf8" }, { alg: "HS256" });

const ring = { environment: "test", keys: [{ kid: "k1", key: Buffer.alloc(32, 1).toString("base64url"), status: "active" }] };
const issuer = "https://id.acme.example";
const { account, faults } = parseAccount({
  account: "acme",
  origins: ["https://www.acme.example"],
  returnPaths: ["/game"],
  oauth: {
    preset: "generic", issuer, clientId: "campaigns", scope: "openid", profileFrom: "id_token",
    clientAuth: { method: "client_secret_basic", secret: { secret: "OIDC_CLIENT" } },
    endpoints: { authorization: issuer + "/auth", token: issuer + "/token", jwks: issuer + "/certs" },
  },
  mapping: { firstname: "given_name" },
  campaigns: { 123456: { signIn: ["oauth"], fields: [{ name: "firstname", type: "text" }] } },
});
if (faults) throw new Error(JSON.stringify(faults));

let nonce;
/** The browser at the identity provider. */
const signIn = (location) => {
  const asked = new URL(location).searchParams;
  nonce = asked.get("nonce");
  return new URLSearchParams({ code: "a-code", state: asked.get("state"), iss: issuer }).toString();
};
const json = (value) => ({ status: 200, contentType: "application/json", body: JSON.stringify(value) });
/** The identity provider's servers. */
const perform = async ({ purpose }) => {
  if (purpose === "keySet") return json({ keys: [keys.public] });
  if (purpose === "profile") return json({ given_name: "Zoë" });
  const iat = exp - 300;
  const said = { iss: issuer, aud: "campaigns", sub: "1234", iat, exp, nonce, given_name: "Zoë" };
  return json({ token_type: "Bearer", access_token: "abc", id_token: await signCompact(said, keys.private, { alg: "ES256", kid: "2026a" }) });
};
Object.assign(globalThis, { keys, recipient: { kty, crv, x, y }, secret, token, ring, account, secrets: { OIDC_CLIENT: "a secret" }, signIn, perform });
`;
const GIVEN_TYPES = `
declare const secret: string;
declare const token: string;
declare const keys: { private: import("handstamp").Jwk; public: import("handstamp").Jwk };
declare const recipient: import("handstamp").Jwk;
declare const ring: import("handstamp/oauth").Ring;
declare const account: import("handstamp/oauth").AccountDocument;
declare const secrets: Record<string, string>;
declare function signIn(location: string): string;
declare function perform(request: import("handstamp/oauth").Request): Promise<import("handstamp/oauth").Answer>;
`;

/** Runs the examples one after the other and tells what each wrote. */
const RUNNER = `
await import("./given.mjs");

const { log } = console;
const found = {};
for (const name of process.argv.slice(2)) {
  const lines = (found[name] = []);
  console.log = (...values) => lines.push(values.join(" "));
  try {
    await import("./" + name);
  } catch (error) {
    lines.push(String(error));
  }
}
log(JSON.stringify(found));
`;

for (const name of Object.keys(RUNS)) {
  test(`${name}.d.ts says what every name is for, with an example of every function`, async () => {
    assert.deepEqual(lacking(await types(name)), []);
  });
}

test("a name without a sentence and a function without an example are seen", () => {
  assert.deepEqual(lacking("/** Says. */\nexport interface A {\n  /** Says. */\n  b: string;\n}\n"), []);
  for (const wrong of [
    "export interface A {\n}\n",
    "/** Says. */\nexport interface A {\n  b: string;\n}\n",
    "/** Says. */\nexport interface A {\n  /** Says. */\n  b(): string;\n}\n",
    "/** Says. */\nexport function a(): void;\n",
    "/**\n * Says.\n * @example\n * a();\n */\nexport function a(): void;\n",
    "/** Says. */\nexport const a: 1;\nexport const b: 2;\n",
  ]) assert.equal(lacking(wrong).length, 1, wrong);
});

test("the examples fit the types of the installed package, and write what they say", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "handstamp-examples-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "node_modules"));
  await symlink(join(root, "pkg"), join(folder, "node_modules/handstamp"), "junction");
  /** @type {Record<string, string[]>} */
  const expected = {};
  for (const [name, runs] of Object.entries(RUNS)) {
    for (const { line, code } of examples(await types(name))) {
      const file = `${name}-${line}.mjs`;
      // An example that writes into a queue or exports something is a module all the same.
      await writeFile(join(folder, file), `${code}\nexport {};\n`);
      if (runs) expected[file] = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text = ""]) => text);
    }
  }
  assert.ok(Object.keys(expected).length > 30, `only ${Object.keys(expected).length} examples were found`);
  await writeFile(join(folder, "given.d.ts"), GIVEN_TYPES);
  await writeFile(join(folder, "given.mjs"), GIVEN);
  await writeFile(join(folder, "run.mjs"), RUNNER);
  const compilerOptions = {
    allowJs: true, checkJs: true, strict: true, noEmit: true, target: "es2023", module: "nodenext", moduleResolution: "nodenext",
    lib: ["es2023", "esnext.disposable", "dom", "dom.iterable"], types: [], skipLibCheck: true,
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*-*.mjs", "given.d.ts"] }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const [checked, ran] = await Promise.all([
    run(process.execPath, [tsc, "--project", folder], { cwd: folder }).catch((error) => error),
    run(process.execPath, ["run.mjs", ...Object.keys(expected)], { cwd: folder }),
  ]);
  assert.equal(checked.stdout, "");
  assert.deepEqual(JSON.parse(ran.stdout), expected);
});

/** A project that deploys the worker: what `wrangler types` writes for it, and a handler of its own around ours. */
const DEPLOYMENT = `
import worker, { Account, Participant, type Env as Ours } from "handstamp/worker";
export { Account, Participant } from "handstamp/worker";
PLATFORM
export const own = { fetch: (request: Request, env: Ours & { MINE: string }, execution: { waitUntil(work: Promise<unknown>): void }) => worker.fetch(request, env, execution) };
export const classes = [Account, Participant];
// @ts-expect-error: a binding that is missing
export const lacking = (request: Request, env: Omit<Ours, "RING">, execution: { waitUntil(work: Promise<unknown>): void }) => worker.fetch(request, env, execution);
import type { AccountDocument } from "handstamp";
export const good: AccountDocument = { account: "acme", origins: ["https://www.acme.example"], secureToken: { verify: { method: "jwks", url: "https://www.acme.example/jwks" }, issuer: ["a", "b"] }, campaigns: { "1": { signIn: ["token"] } } };
// @ts-expect-error: a member that the schema does not have
export const misspelt: AccountDocument = { account: "acme", origin: ["https://www.acme.example"] };
`;
const WRANGLER = `
interface Env { ACCOUNT: DurableObjectNamespace<import("handstamp/worker").Account>; PARTICIPANT: DurableObjectNamespace<import("handstamp/worker").Participant>;
  PERSON: DurableObjectNamespace; LOGIN: DurableObjectNamespace; DRAFT: DurableObjectNamespace; KEY_SET: DurableObjectNamespace; METRICS: DurableObjectNamespace; PROFILE: DurableObjectNamespace; COUNTER: DurableObjectNamespace;
  STATISTICS: D1Database; OUTBOX: Queue; ASSETS: Fetcher; LIMIT_CALLER: RateLimit; LIMIT_ACCOUNT: RateLimit;
  ENVIRONMENT: "production"; PUBLIC_URL: "https://play.example"; JURISDICTION: "eu"; RING: string; NAME_KEY: string; SIGNING_KEY: string; OPERATOR: string }
export default { fetch: (request, env, execution) => worker.fetch(request, env, execution) } satisfies ExportedHandler<Env>;
`;

test("a project that deploys the worker compiles with what wrangler writes, and without the platform's types", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "handstamp-deployment-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "node_modules"));
  await symlink(join(root, "pkg"), join(folder, "node_modules/handstamp"), "junction");
  await symlink(join(root, "node_modules/@cloudflare"), join(folder, "node_modules/@cloudflare"), "junction");
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const common = { strict: true, noEmit: true, target: "es2023", module: "esnext", moduleResolution: "bundler" };
  const rows = {
    platform: { ...common, lib: ["es2023", "esnext.disposable"], types: ["@cloudflare/workers-types/2023-07-01"], skipLibCheck: true },
    bare: { ...common, lib: ["es2023", "esnext.disposable", "dom"], types: [] },
  };
  const checked = await Promise.all(Object.entries(rows).map(async ([name, compilerOptions]) => {
    await writeFile(join(folder, `${name}.ts`), DEPLOYMENT.replace("PLATFORM", name === "platform" ? WRANGLER : ""));
    await writeFile(join(folder, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
    return (await run(process.execPath, [tsc, "--project", `${name}.json`], { cwd: folder }).catch((error) => error)).stdout;
  }));
  assert.deepEqual(checked, ["", ""]);
});

test("the types of the worker name every class, binding and variable of its settings", async () => {
  const [types, index, settings] = await Promise.all(["pkg-template/worker.d.ts", "worker/src/index.js", "worker/wrangler.jsonc"].map((file) => readFile(join(root, file), "utf8")));
  const found = (/** @type {string} */ text, /** @type {RegExp} */ name) => [...new Set([...text.matchAll(name)].map(([, word = ""]) => word))].sort();
  assert.deepEqual(found(types, /^export declare class (\w+)/gm), found(index, /^export \{ (\w+) \} from "\.\/objects/gm));
  const env = types.slice(types.indexOf("export interface Env"), types.indexOf("declare const worker"));
  const members = found(env, /^ {2}([A-Z_]+)\??:/gm);
  const named = [...found(settings, /"(?:name|binding)": "([A-Z_]+)"/g), ...found(settings, /^ {4,6}"([A-Z_]+)": "/gm)];
  assert.ok(named.length > 12);
  assert.deepEqual(named.filter((name) => !members.includes(name)), []);
});
