// Node: everything that can be installed there.

import { createPublicKey, createSecretKey, verify as nodeVerify, createHmac, timingSafeEqual } from "node:crypto";
import { createVerifier as fastJwt } from "fast-jwt";
import jsonwebtoken from "jsonwebtoken";
import * as handstamp from "../../pkg/dist/node.js";
import { contenders } from "./contenders.js";
import { interleaved } from "./measure.js";

const FAST_JWT = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

function synchronous({ alg, token, jwk, pem, decrypt, many }) {
  if (decrypt || many) return [];
  const secret = jwk.k ? Buffer.from(jwk.k, "base64url") : undefined;
  const all = [];
  if (FAST_JWT.includes(alg)) {
    const verify = fastJwt({ key: secret ?? pem, algorithms: [alg], cache: false });
    all.push({ name: "fast-jwt", sync: true, run: () => verify(token) });
  }
  if (alg !== "EdDSA") {
    const key = secret ? createSecretKey(secret) : createPublicKey(pem);
    all.push({ name: "jsonwebtoken", sync: true, run: () => jsonwebtoken.verify(token, key, { algorithms: [alg] }) });
  }
  const [head, payload, last] = token.split(".");
  const [data, signature] = [Buffer.from(`${head}.${payload}`), Buffer.from(last, "base64url")];
  const raw = { RS256: "sha256", ES256: "sha256", ES384: "sha384", EdDSA: null };
  if (alg === "HS256") {
    all.push({ name: "node:crypto alone", sync: true, run: () => timingSafeEqual(createHmac("sha256", secret).update(data).digest(), signature) });
  } else if (alg in raw) {
    const key = { key: createPublicKey(pem), dsaEncoding: /** @type {const} */ ("ieee-p1363") };
    all.push({ name: "node:crypto alone", sync: true, run: () => nodeVerify(raw[alg], data, key, signature) });
  }
  return all;
}

/** @param {import("./cases.mjs").Case} given @param {object} plan */
export async function measure(given, plan) {
  return interleaved([...(await contenders(handstamp, given)), ...synchronous(given)], plan);
}
