// Where the three parts listen. The customer's site is on localhost and the other two on 127.0.0.1: another site
// for a browser, not just another port, so that the campaign frames are third-party as in real life.

import { randomInt } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";

/** @typedef {{ worker: number, site: number, provider: number }} Ports 0 takes a free one */
/** @typedef {{ worker: string, site: string, provider: string }} Addresses origins without a slash at the end */
/** @typedef {import("node:http").RequestListener} Listener */

/** @type {Ports} */
export const DEFAULT_PORTS = { worker: 8787, site: 8788, provider: 8789 };

/** @param {Ports} ports @returns {Addresses} */
export function addressesOf(ports) {
  return {
    worker: `http://127.0.0.1:${ports.worker}`,
    site: `http://localhost:${ports.site}`,
    provider: `http://127.0.0.1:${ports.provider}`,
  };
}

/** Puts the real addresses in the place of the default ones. @param {string} text @param {Addresses} addresses */
export function withAddresses(text, addresses) {
  const written = addressesOf(DEFAULT_PORTS);
  const parts = /** @type {(keyof Addresses)[]} */ (Object.keys(written));
  // In one pass: an address that was put in must not be taken for a default one.
  const any = new RegExp(parts.map((part) => written[part].replaceAll(".", "\\.")).join("|"), "g");
  return text.replace(any, (found) => addresses[/** @type {keyof Addresses} */ (parts.find((part) => written[part] === found))]);
}

/**
 * A server that listens before it is known what it will answer: the parts need each other's addresses.
 * @param {number} port
 */
export async function listen(port) {
  /** @type {Listener} */
  let answer = (_, response) => response.writeHead(503, { "retry-after": "1" }).end();
  const server = createServer((request, response) => answer(request, response));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: /** @type {import("node:net").AddressInfo} */ (server.address()).port,
    /** @param {Listener} listener */
    answerWith(listener) {
      answer = listener;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * The port if it is free now; fails as listening to it would. For 0, one that stays free until it is asked for: below those that the
 * system gives to connections and to whoever listens on any, so that only another demo or test could take it, and these draw by lot.
 * @param {number} port
 * @returns {Promise<number>}
 */
export async function freePort(port) {
  const asked = port || randomInt(20_000, 32_000);
  try {
    const server = await listen(asked);
    await server.close();
    return asked;
  } catch (fault) {
    if (port) throw fault;
    return freePort(0);
  }
}
