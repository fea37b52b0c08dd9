// Whoever may write an account's document has its secrets sent where they please: the key that signs tokens as a header of
// the webhook, the client secret as a key. Each secret resolves for the purpose that it was stored for alone.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { test } from "node:test";
import { customer } from "../../support/worker/customer.mjs";
import { random } from "../../support/worker/deployment.mjs";

const PURPOSES = ["verify", "decrypt", "client", "webhook", "challenge"];

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a stored secret is used for its own purpose and no other", async (t) => {
    /** @type {string[]} */
    const sent = [];
    const server = createServer((request, answer) => answer.end(void sent.push(String(request.headers.authorization))));
    await once(server.listen(0, "127.0.0.1"), "listening");
    t.after(() => server.close());
    const url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`;
    const { document } = customer("crossed");
    const put = (/** @type {object} */ more) => world.worker.put("/v1/accounts/crossed", { ...document, ...more });
    for (const purpose of PURPOSES)
      assert.equal((await world.worker.put(`/v1/accounts/crossed/secrets/${purpose}`, { value: random(), purpose })).status, 204);

    const named = (/** @type {string} */ name) => ({ secret: name });
    const key = (/** @type {string} */ name) => ({ method: "symmetricKey", key: named(name), encoding: "base64url", alg: "HS256" });
    const verify = key("verify");
    /** Where a document names a secret: the purpose, the place, and the document. @type {[string, string, (name: string) => object][]} */
    const places = [
      ["verify", "/secureToken/verify/0/key", (name) => ({ secureToken: { verify: [key(name)] } })],
      ["decrypt", "/secureToken/decrypt/0/key", (name) => ({ secureToken: { verify, decrypt: [{ key: named(name), encoding: "base64url", alg: "dir", enc: "A256GCM" }] } })],
      ["client", "/oauth/clientAuth/secret", (name) => ({ secureToken: { verify }, oauth: { ...world.evil.settings(), clientAuth: { method: "client_secret_post", secret: named(name) } } })],
      ["webhook", "/webhook/secret", (name) => ({ secureToken: { verify }, webhook: { url, secret: named(name) } })],
      ["webhook", "/webhook/authorization", (name) => ({ secureToken: { verify }, webhook: { url, secret: named("webhook"), authorization: named(name) } })],
    ];
    for (const [own, path, more] of places)
      for (const purpose of PURPOSES) {
        const { status, body, text } = await put(more(purpose));
        const came = [status, ...(body.faults ?? []).map((/** @type {any} */ fault) => `${fault.code} ${fault.path}`)];
        assert.deepEqual(came, own === purpose ? [200] : [422, `secret_purpose ${path}`], `${purpose} at ${path}: ${text}`);
      }
    assert.equal((await put(places[4][2]("webhook"))).status, 200);
    const other = await world.worker.put("/v1/accounts/crossed/secrets/webhook", { value: random(), purpose: "verify" });
    assert.deepEqual([other.status, other.body.faults?.[0].code], [422, "secret_purpose"], "nor is its purpose changed under a document");
    assert.equal((await world.worker.put("/v1/accounts/crossed/secrets/NEW", { value: random() })).status, 204);
    assert.equal((await put(places[4][2]("NEW"))).status, 422, "a secret without a stated purpose is sent nowhere");
    assert.deepEqual(sent, []);
  });
}
