// An account whose program asks, again and again, what the key set at a URL or the metadata of an issuer say: the server there answers at
// length and never ends, and what is awaited would fill the memory that all accounts share.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { ATTACKER, CUSTOMER } from "./world.mjs";

/** Of an answer that may have 64 KiB: as many as fit into 4 MiB, and some more. */
const BYTES = 63 * 1024;
const [FIT, MORE] = [65, 12];

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("looks at key sets and metadata that never end are held up to a bound, and another account looks on", async () => {
    const server = createServer((request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      if (request.url === "/keys") response.end('{"keys":[]}');
      else response.write(Buffer.alloc(BYTES, " "));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
    const headers = await world.worker.bearer();
    const ask = async (/** @type {string} */ path, /** @type {object} */ body) => (await world.worker.post(`/v1/accounts/${path}`, body, headers)).body;
    const look = (/** @type {string} */ account, /** @type {string} */ path) => ask(`${account}/key-set`, { url: origin + path });
    const discover = (/** @type {string} */ account) => ask(`${account}/discovery`, { preset: "generic", issuer: `${origin}/endless` });
    try {
      // Twice: what was held is given back by then.
      for (const _ of [1, 2]) {
        const looks = Array.from({ length: FIT + MORE }, (_, n) => (n % 2 ? look(ATTACKER, "/endless") : discover(ATTACKER)));
        const came = (await Promise.all(looks)).map(({ fetched: [row] }) => row.failed);
        const busy = came.filter((failed) => failed === "busy").length;
        assert.ok(busy > 0 && busy < 2 * MORE, came.join());
      }
      assert.equal((await look(CUSTOMER, "/keys")).code, "key_set_empty");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}
