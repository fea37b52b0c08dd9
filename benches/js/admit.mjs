// Requests per second of the worker: `POST /v1/token/admit` with an account and keys that are cached, beside a worker
// that answers with a constant, in turn.

import autocannon from "autocannon";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { Miniflare } from "miniflare";
import { Deployment } from "../../tests/js/support/worker/deployment.mjs";
import { acme } from "../../tests/js/support/worker/customer.mjs";
import { quantile } from "./measure.js";

/** @param {{ rounds: number, seconds: number }} plan */
export async function measure({ rounds, seconds }) {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const worker = await Deployment.start();
  const trivial = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modules: true, compatibilityDate: "2026-04-01",
    script: 'export default { async fetch(request) { await request.text(); return Response.json({ answer: "constant" }); } };',
  });
  try {
    await worker.account(acme({ secureToken: { verify: [{ id: "first", method: "publicKey", alg: "ES256", key: await exportJWK(publicKey) }] } }));
    const token = await new SignJWT({ sub: "1234", campaignId: "100001", form: { email: "an@example.org", firstname: "An" } })
      .setProtectedHeader({ alg: "ES256", typ: "JWT" }).setIssuedAt().setExpirationTime("2h").sign(privateKey);
    const body = JSON.stringify({ account: "acme", campaignId: "100001", token });
    const shoot = async (url, duration) => {
      const result = await autocannon({ url, method: "POST", headers: { "content-type": "application/json" }, body, connections: 16, duration });
      if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
      return result.requests.total / result.duration;
    };
    const urls = { "POST /v1/token/admit": `${worker.url}/v1/token/admit`, "a trivial worker": String(await trivial.ready) };
    for (const url of Object.values(urls)) await shoot(url, 1);
    const found = Object.fromEntries(Object.keys(urls).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      const order = Object.entries(urls);
      for (const [name, url] of round % 2 ? order.reverse() : order) found[name].push(await shoot(url, seconds));
    }
    return Object.fromEntries(Object.entries(found).map(([name, list]) => [name, quantile(list, 0.5)]));
  } finally {
    await worker.stop();
    await trivial.dispose();
  }
}
