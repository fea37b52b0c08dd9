// An account sets a URL that leads to our own origin: a link or a redirect from there would look like one of ours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ATTACKER } from "./world.mjs";
import { secrets } from "../../support/worker/customer.mjs";
import { Provider } from "../../support/worker/provider.mjs";

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("a URL of a document that leads to our own origin is refused wherever it stands", async () => {
    const own = world.worker.url;
    const start = `${own}/oauth/start?account=acme&campaignId=100001`;
    const document = world.evilDocument({});
    const cases = {
      "/oauth/endpoints/authorization": { oauth: { ...document.oauth, endpoints: { authorization: start } } },
      "/oauth/discovery": { oauth: { ...document.oauth, discovery: own } },
      "/oauth/issuer": { oauth: { ...document.oauth, issuer: own } },
      "/origins/0": { origins: [own] },
      "/profileApi/url": { profileApi: { url: `${own}/v1/explain` } },
      "/campaigns/100001/texts/en/exit.title": { campaigns: { 100001: { signIn: ["oauth"], texts: { en: { "exit.title": start } } } } },
    };
    for (const [path, members] of Object.entries(cases)) {
      const { status, body } = await world.worker.put(`/v1/accounts/${ATTACKER}`, { ...document, ...members });
      assert.deepEqual([status, body.faults?.map((/** @type {any} */ fault) => fault.path)], [422, [path]], path);
    }
  });

  test("nor may an identity provider's own metadata lead a person to our origin", async () => {
    const liar = await Provider.start();
    liar.metadata = { authorization_endpoint: `${world.worker.url}/oauth/start?account=acme&campaignId=100001` };
    try {
      await world.worker.account({ ...world.document("liar", liar.settings()) }, secrets);
      const { status, location } = await world.browser().go("/oauth/start?account=liar&campaignId=100001");
      assert.deepEqual([status, new URL(location).pathname], [303, "/campaign/liar/100001"]);
    } finally {
      liar.stop();
    }
  });
}
