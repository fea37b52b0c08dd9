// The worker's `POST /v1/token/admit`, with an account and keys that are cached, beside the trivial route of the same deployment
// and a worker that answers with a constant, in turn: requests per second, and what the process computes for one.

import autocannon from "autocannon";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { Miniflare } from "miniflare";
import { Deployment } from "../../tests/js/support/worker/deployment.mjs";
import { acme } from "../../tests/js/support/worker/customer.mjs";
import { quantile } from "./measure.js";
import { computed, workerds } from "./processor.mjs";

/**
 * @param {{ rounds: number, seconds: number }} plan
 * @returns {Promise<Record<string, { rate: number, us: number }>>} requests per second, and µs of the process for one
 */
export async function measure({ rounds, seconds }) {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const worker = await Deployment.start();
  const [own] = workerds();
  const trivial = new Miniflare({
    host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modules: true, compatibilityDate: "2026-04-01",
    script: 'export default { async fetch(request) { await request.text(); return Response.json({ answer: "constant" }); } };',
  });
  try {
    await worker.account(acme({ secureToken: { verify: [{ id: "first", method: "publicKey", alg: "ES256", key: await exportJWK(publicKey) }] } }));
    const token = await new SignJWT({ sub: "1234", campaignId: "100001", form: { email: "an@example.org", firstname: "An" } })
      .setProtectedHeader({ alg: "ES256", typ: "JWT" }).setIssuedAt().setExpirationTime("2h").sign(privateKey);
    const asked = {
      method: /** @type {const} */ ("POST"), headers: { "content-type": "application/json" },
      body: JSON.stringify({ account: "acme", campaignId: "100001", token }),
    };
    const url = String(await trivial.ready);
    const other = workerds().find((pid) => pid !== own);
    const routes = {
      "POST /v1/token/admit": { pid: own, request: { ...asked, url: `${worker.url}/v1/token/admit` } },
      "GET /healthz of the same deployment": { pid: own, request: { url: `${worker.url}/healthz` } },
      "a worker that answers with a constant": { pid: other, request: { ...asked, url } },
    };
    const shoot = async ({ pid, request }, duration) => {
      const before = computed(pid);
      const result = await autocannon({ ...request, connections: 16, duration });
      if (result.non2xx > 0 || result.errors > 0) throw new Error(`${request.url}: ${result.non2xx} refused, ${result.errors} failed`);
      return { rate: result.requests.total / result.duration, us: ((computed(pid) - before) * 1000) / result.requests.total };
    };
    for (const route of Object.values(routes)) await shoot(route, 2);
    const found = Object.fromEntries(Object.keys(routes).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      const order = Object.entries(routes);
      for (const [name, route] of round % 2 ? order.reverse() : order) found[name].push(await shoot(route, seconds));
    }
    const median = (list, what) => quantile(list.map((one) => one[what]), 0.5);
    return Object.fromEntries(Object.entries(found).map(([name, list]) => [name, { rate: median(list, "rate"), us: median(list, "us") }]));
  } finally {
    await worker.stop();
    await trivial.dispose();
  }
}
