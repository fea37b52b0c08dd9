// A participant who would rather not have the profile count: submits before it was asked for, waits until the access token has
// expired, prolongs a pass by asking, or asks with somebody else's.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { customer, form } from "../../support/worker/customer.mjs";
import { ProfileApi } from "../../support/worker/profile_api.mjs";
import { oauth } from "../../support/worker/package.mjs";
import { CAMPAIGN } from "./world.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a profile that locks a field or sets a limit is never evaded", async (t) => {
    const { worker } = world;
    const api = await ProfileApi.start();
    t.after(() => api.stop());
    const account = `bound-${randomUUID().slice(0, 8)}`;
    const { document, secrets, sign } = customer(account, { profileApi: api.settings, mapping: { email: { from: "mail", lock: true } } });
    document.secureToken.accessTokenInClear = true;
    await worker.account(document, secrets);
    const admit = async (sub = "77") =>
      (await worker.post("/v1/token/admit", { account, campaignId: CAMPAIGN, token: await sign({ sub, jti: randomUUID(), form: undefined, access_token: "opaque" }) })).body.pass;
    const submit = (/** @type {string} */ pass) => worker.post("/v1/participations", { pass, form: { ...form, email: "eve@example.org" } }, { "idempotency-key": randomUUID() });
    const emails = async (sub = "77") =>
      (await worker.read(`/v1/participants/${account}/${sub}`)).body.participants.flatMap((/** @type {any} */ { participations }) => participations.map((/** @type {any} */ one) => one.form.email));

    assert.equal((await submit(await admit())).status, 201);
    assert.deepEqual(await emails(), ["an@example.org"], "sent before anything was asked: the locked value stands");

    await api.answering({ status: 401 }, async () => {
      const late = await submit(await admit());
      assert.deepEqual([late.status, late.body.reason], [401, "token_expired"], "with an access token that has expired, nothing is recorded");
      assert.equal((await world.cause(account, late.body.ref)).code, "profile_refused");
    });
    assert.equal((await emails()).length, 1);

    const pass = await admit();
    const { body } = await worker.post("/v1/profile", { pass });
    const opened = (/** @type {string} */ sealed) => oauth.openPass(worker.secrets.ring, account, sealed.slice(account.length + 1), { expired: true });
    const [before, later] = [opened(pass), opened(body.pass)];
    assert.deepEqual([later.issuedAt, later.expiresAt, later.pid], [before.issuedAt, before.expiresAt, before.pid], "a pass lives no longer for having asked");
    assert.equal((await submit(body.pass)).status, 201);
    assert.equal((await submit(pass)).status, 409, "and neither of the two records again");
    const ended = oauth.sealPass(worker.secrets.ring, { ...before, expiresAt: before.issuedAt - 1 });
    assert.equal((await worker.post("/v1/profile", { pass: `${account}:${ended}` })).status, 401, "an expired one asks nothing");

    assert.equal((await worker.post("/v1/profile", { pass: `other:${pass.slice(account.length + 1)}` })).status, 401, "in another account's name");
    await api.answering({ body: { id: "77", mail: "an@example.org" } }, async () => {
      const refused = await worker.post("/v1/profile", { pass: await admit("78") });
      assert.deepEqual([refused.status, refused.text.includes("an@example.org")], [502, false], "a profile of somebody else is told to nobody");
    });

    const erased = await admit();
    await worker.post("/v1/profile", { pass: erased });
    await worker.get(`/v1/participants/${account}/77`, { method: "DELETE", headers: await worker.bearer() });
    assert.equal((await worker.post("/v1/profile", { pass: erased })).text.includes("an@example.org"), false, "after an erasure");
  });
}
