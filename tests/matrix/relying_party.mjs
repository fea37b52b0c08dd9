// examples/relying-party, as its tool bundles it for workerd, against the OpenID Provider of the demo: somebody signs in, comes
// back with verified claims, and everything else is refused with a way on.

import assert from "node:assert/strict";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { freePort, listen } from "../../demo/addresses.mjs";
import { signIn } from "../../demo/check/login.mjs";
import { CLIENT_ID, createProvider } from "../../demo/provider/provider.mjs";
import { Participant } from "../../demo/site/participant.mjs";
import { root, work } from "./consumer.mjs";
import { version } from "./runtimes.mjs";

/** @typedef {import("./runtimes.mjs").Row} Row */

async function relyingParty() {
  const folder = join(work, "relying-party");
  await mkdir(folder, { recursive: true });
  await cp(join(root, "examples/relying-party/index.js"), join(folder, "index.js"));
  await build({
    entryPoints: [join(folder, "index.js")], outdir: join(folder, "out"), bundle: true, format: "esm", target: "es2022",
    conditions: ["workerd", "worker", "import"], loader: { ".wasm": "copy" }, assetNames: "[name]", logLevel: "silent",
  });
  // As somebody who has installed the package makes it.
  const { createRing } = await import("../../pkg/dist/oauth.node.js");
  const [port, clientSecret, provider] = [await freePort(0), "a secret of the test, of 32 bytes", await listen(0)];
  const [origin, issuer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${provider.port}`];
  /** @type {string[]} what the provider is asked for */
  const asked = [];
  const answer = await createProvider({ issuer, worker: origin, clientSecret, account: "site" });
  provider.answerWith((request, response) => {
    asked.push(new URL(request.url ?? "", issuer).pathname);
    answer(request, response);
  });
  /** @type {string[]} */
  const log = [];
  const worker = new Miniflare({
    host: "127.0.0.1", port, cf: false, telemetry: { enabled: false }, modules: true, rootPath: join(folder, "out"), scriptPath: "index.js",
    modulesRules: [{ type: "ESModule", include: ["**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }], compatibilityDate: "2026-04-01",
    bindings: { ORIGIN: origin, ISSUER: issuer, CLIENT_ID, CLIENT_SECRET: clientSecret, RING: JSON.stringify(createRing("development")), ENVIRONMENT: "development" },
    handleRuntimeStdio: (/** @type {import("node:stream").Readable[]} */ ...streams) => streams.forEach((stream) => stream.setEncoding("utf8").on("data", (text) => log.push(text))),
  });
  try {
    await worker.ready;
    const person = async () => {
      const lea = new Participant(origin);
      assert.deepEqual([(await lea.request(`${origin}/`)).headers.get("location")], ["/login"]);
      const start = await lea.request(`${origin}/login`);
      assert.equal(start.status, 303, await start.text());
      return { lea, back: await signIn(lea, String(start.headers.get("location"))) };
    };
    const { lea, back } = await person();
    const landed = await lea.request(back);
    assert.deepEqual([landed.status, landed.headers.get("location")], [303, "/"], await landed.text());
    const known = await (await lea.request(`${origin}/`)).json();
    assert.deepEqual({ ...known, sub: typeof known.sub }, { sub: "string", name: "Lea Example", email: "lea@example.com" });

    // A callback in another browser, one a second time, a state that was changed, and a cookie of somebody's own making.
    const { lea: waiting, back: once } = await person();
    const refused = async (/** @type {Participant} */ who, /** @type {string} */ address) => {
      const answer = await who.request(address);
      return [answer.status, (await answer.json()).again];
    };
    assert.deepEqual(await refused(new Participant(origin), once), [400, "/login"]);
    assert.equal((await waiting.request(once)).status, 303);
    assert.deepEqual(await refused(waiting, once), [400, "/login"]);
    assert.deepEqual(await refused(waiting, once.replace(/state=.{9}/, "state=000000000")), [400, "/login"]);
    assert.deepEqual(await refused(lea, `${origin}/oauth/callback/site?state=x&error=access_denied`), [400, "/login"]);
    assert.equal((await (await lea.request(`${origin}/`)).json()).sub, known.sub, "nobody's link signs a person out");
    const forged = await fetch(`${origin}/`, { headers: { cookie: "__Host-session=v1.k.AAAA" }, redirect: "manual" });
    assert.deepEqual([forged.status, (await forged.json()).again], [400, "/login"]);

    const times = (/** @type {string} */ path) => asked.filter((one) => one === path).length;
    assert.deepEqual([times("/.well-known/openid-configuration"), times("/jwks"), times("/token"), times("/me")], [1, 1, 2, 2], "metadata and keys come from their copies");
    assert.equal(log.join("").includes(known.email), false, "the log tells who signed in");
  } finally {
    await worker.dispose();
    await provider.close();
  }
}

/** @type {Row[]} */
export const relyingParties = [{ what: "Relying party", where: `Hono ${version("hono")} on workerd`, check: relyingParty }];
