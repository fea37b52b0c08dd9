// A slow network: 1.6 Mbit/s and 150 ms there and back.

import { createServer, request as send } from "node:http";
import { gzipSync } from "node:zlib";

const [BYTES_PER_MS, ONE_WAY_MS] = [200, 75];

export const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A proxy with one line for all, which compresses as an edge does. */
export async function slowLine() {
  let free = 0;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    await pause(ONE_WAY_MS);
    const { method, headers } = request;
    const onward = send(/** @type {string} */ (request.url), { method, headers: { ...headers, "accept-encoding": "identity" } }, async (answer) => {
      const parts = [];
      for await (const part of answer) parts.push(part);
      const plain = Buffer.concat(parts);
      const small = plain.length > 500 && /wasm|javascript|css|html|json/.test(answer.headers["content-type"] ?? "") ? gzipSync(plain) : plain;
      const { "content-length": _length, "transfer-encoding": _encoding, ...rest } = answer.headers;
      const now = performance.now();
      free = Math.max(free, now) + small.length / BYTES_PER_MS;
      await pause(free - now + ONE_WAY_MS);
      response.writeHead(answer.statusCode ?? 502, { ...rest, ...(small !== plain && { "content-encoding": "gzip" }), "content-length": small.length });
      response.end(small);
    });
    onward.on("error", () => response.destroy());
    onward.end(Buffer.concat(chunks));
  });
  // A new connection takes a round trip of its own.
  server.on("connection", (socket) => {
    socket.pause();
    setTimeout(() => socket.resume(), 2 * ONE_WAY_MS);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return { url: `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`, close: () => server.close() };
}
