// The first request to a worker: verifies one token with jose, or does nothing.

import { importJWK, jwtVerify } from "jose";

export default {
  async fetch(request) {
    if (request.method === "GET") return new Response("nothing");
    const { token, jwk, alg } = await request.json();
    await jwtVerify(token, await importJWK(jwk, alg), { algorithms: [alg] });
    return new Response("verified");
  },
};
