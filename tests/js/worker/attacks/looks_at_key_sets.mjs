// An account whose program asks, again and again, what the key set at a URL or the metadata of an issuer say: the server there answers at
// length and never ends, and what is awaited would fill the memory that all accounts share.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { until } from "../../support/patience.mjs";
import { ATTACKER, CUSTOMER } from "./world.mjs";

/** Of an answer that may have 64 KiB: as many as fit into 4 MiB, and some more. */
const BYTES = 63 * 1024;
const [FIT, MORE] = [65, 12];

/** @param {import("./world.mjs").AttackWorld} world */
export function attack(world) {
  test("looks at key sets and metadata that never end are held up to a bound, and another account looks on", async () => {
    let isOver = false;
    const server = createServer((request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      if (request.url === "/keys" || isOver) response.end('{"keys":[]}');
      else response.write(Buffer.alloc(BYTES, " "));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
    const headers = await world.worker.bearer();
    const ask = async (/** @type {string} */ path, /** @type {object} */ body) => (await world.worker.post(`/v1/accounts/${path}`, body, headers)).body;
    const look = (/** @type {string} */ account, /** @type {string} */ path) => ask(`${account}/key-set`, { url: origin + path });
    const discover = (/** @type {string} */ account) => ask(`${account}/discovery`, { preset: "generic", issuer: `${origin}/endless` });
    try {
      /** How many of them were too many. @param {() => void} end what the server does when one has been too many */
      const round = async (end) => {
        let answered = 0;
        isOver = false;
        const looks = Array.from({ length: FIT + MORE }, (_, n) => (n % 2 ? look(ATTACKER, "/endless") : discover(ATTACKER)).finally(() => (answered += 1)));
        await until(() => answered > 0, "one is too many, or its time is over");
        end();
        const came = (await Promise.all(looks)).map(({ fetched: [row] }) => row.failed);
        const busy = came.filter((failed) => failed === "busy").length;
        assert.ok(busy < 2 * MORE, came.join());
        return busy;
      };
      const hangUp = () => {
        isOver = true;
        server.closeAllConnections();
      };
      // What was held is given back by the next: when its time is over, and when the server hangs up. A machine on which the time of
      // the first is over before the last has come tries again.
      for (const end of [() => {}, hangUp]) await until(() => round(end), "some are too many");
      assert.equal((await look(CUSTOMER, "/keys")).code, "key_set_empty");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}
