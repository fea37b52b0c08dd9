// An account sets a URL that leads to our own origin: a link or a redirect from there would look like one of ours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ATTACKER } from "./world.mjs";

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
}
