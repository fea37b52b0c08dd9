// A real trap: the module is asked for more memory than it can ever have. The call fails, and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAMPAIGN, SECRET, claims, pair, sign, signed } from "../support/mint.mjs";

/** More than the 4 GiB that a 32-bit memory has left; the bytes are never touched, so they cost nothing here. */
const TOO_MUCH = 4_200_000_000;

for (const [name, entry] of /** @type {const} */ ([["node", "node.js"], ["bundlers and browsers", "inline.js"]])) {
  test(`after a trap everything goes on in a new instance (entry for ${name})`, async () => {
    const handstamp = await import(`../../../pkg/dist/${entry}`);
    const { createVerifier, decide, encryptCompact, HandstampError } = handstamp;
    const { privateKey, jwk } = await pair("ES256");
    const key = { ...jwk, kid: "k1", alg: "ES256" };
    let fetched = 0;
    const fetch = async () => {
      fetched += 1;
      return Response.json({ keys: [key] });
    };
    const secret = await createVerifier({ verify: { method: "symmetricKey", key: SECRET, encoding: "utf8", alg: "HS256" } });
    const byUrl = await createVerifier({ verify: { method: "jwks", url: "https://keys.example/jwks" } }, { fetch });
    const closed = await createVerifier({ verify: { method: "symmetricKey", key: SECRET, encoding: "utf8", alg: "HS256" } });
    const [shared, public_] = [await signed(), await sign(claims(), "ES256", privateKey, { kid: "k1" })];
    const play = async () => {
      assert.equal((await secret.admit(shared, { campaignId: CAMPAIGN })).decision, "allowed");
      assert.equal(secret.admitSync(shared, { campaignId: CAMPAIGN }).decision, "allowed");
      assert.equal((await byUrl.admit(public_, { campaignId: CAMPAIGN })).decision, "allowed");
      assert.equal(decide({ nb: 1 }, 1).reason, "quota_reached");
    };
    await play();

    for (let time = 1; time <= 3; time += 1) {
      const trap = encryptCompact(new Uint8Array(TOO_MUCH), { key: SECRET.slice(0, 32), encoding: "utf8" }, { alg: "dir", enc: "A256GCM" });
      const fault = await trap.then(() => null, (/** @type {unknown} */ error) => error);
      assert.ok(fault instanceof HandstampError, String(fault));
      assert.equal(fault.code, "internal");
      assert.ok(fault.cause instanceof WebAssembly.RuntimeError, `a trap: ${fault.cause}`);
      await play();
    }
    assert.equal(fetched, 1, "the key set was kept");
    // What was made before the trap can still be closed, and is closed then.
    closed.close();
    assert.throws(() => closed.admitSync(shared, { campaignId: CAMPAIGN }), { code: "settings_invalid" });
    for (const verifier of [secret, byUrl]) verifier.close();
  });
}
