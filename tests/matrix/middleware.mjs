// The middleware in examples/, in its framework: a good token passes, and every other request gets its answer.

import { once } from "node:events";
import { cp, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { data, root, work } from "./consumer.mjs";
import { version } from "./runtimes.mjs";

/** @typedef {import("./runtimes.mjs").Row} Row */

/** A middleware, where it finds the packed package. @param {string} name @returns {Promise<{ bearer: (...given: any[]) => any }>} */
async function bearerOf(name) {
  const file = join(work, `${name}-bearer.js`);
  await cp(join(root, "examples", name, "bearer.js"), file);
  return import(pathToFileURL(file).href);
}

/** Asks with a good token, a changed one, and none. @param {(init: RequestInit) => Response | Promise<Response>} ask */
export async function judgeBearer(ask) {
  const { token } = data();
  const found = [];
  for (const authorization of [`Bearer ${token}`, `Bearer ${token.slice(0, -4)}AAAA`, undefined]) {
    const answer = await ask({ headers: authorization === undefined ? {} : { authorization } });
    found.push(answer.status, await answer.text());
  }
  const expected = [200, "participant-7f3a", 401, '{"reason":"token_invalid"}', 401, '{"reason":"token_missing"}'];
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

const settings = () => ({ verify: { method: "publicKey", key: data().key, alg: "ES256" } });

async function inHono() {
  const [{ Hono }, { bearer }] = [await import("hono"), await bearerOf("hono")];
  const app = new Hono();
  app.use(bearer(settings()));
  app.get("/", (/** @type {any} */ context) => context.text(context.get("token").claims.sub));
  await judgeBearer((init) => app.request("/", init));
}

async function inExpress() {
  const [{ default: express }, { bearer }] = [await import("express"), await bearerOf("express")];
  const app = express();
  app.use(bearer(settings()));
  app.get("/", (/** @type {any} */ request, /** @type {any} */ response) => response.send(request.token.claims.sub));
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    await judgeBearer((init) => fetch(`http://127.0.0.1:${port}/`, init));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Puts the proxy of a Next project and the route behind it into its folder. @param {string} folder */
export async function withProxy(folder) {
  await cp(join(root, "examples/next/bearer.js"), join(folder, "bearer.js"));
  await writeFile(join(folder, "proxy.js"), `import { bearer } from "./bearer.js";
import { data } from "./data.js";
export const proxy = bearer({ verify: { method: "publicKey", key: data.key, alg: "ES256" } });
export const config = { matcher: "/api/:path*" };\n`);
}

/** @type {Row[]} */
export const middleware = [
  { what: "Hono", where: `${version("hono")}, middleware`, check: inHono },
  { what: "Express", where: `${version("express")}, middleware`, check: inExpress },
];
