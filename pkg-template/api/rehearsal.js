// The first calls of a module, made as it is imported, where nobody waits for them: a host compiles each function when it is first
// called, which takes ten times as long as a verification does. Neither key is anybody's, and nothing comes of either token.

import { rehearse } from "../host/exchange.js";
import { refusing } from "../loading/error.js";
import { prepare } from "./verifier.js";

/** @typedef {import("../loading/instance.js").Module} Module */

/** Members of each kind: {"iss":"a","aud":["b"],"sub":"é\n","iat":1,"nbf":1,"exp":9,"limit":{"nb":3},"form":{"a":"b"},"custom":{"a":[true,null,-1.5]}} */
const CLAIMS = "eyJpc3MiOiJhIiwiYXVkIjpbImIiXSwic3ViIjoiw6lcbiIsImlhdCI6MSwibmJmIjoxLCJleHAiOjksImxpbWl0Ijp7Im5iIjozfSwiZm9ybSI6eyJhIjoiYiJ9LCJjdXN0b20iOnsiYSI6W3RydWUsbnVsbCwtMS41XX19";
const NOW = 2;
/** Verified by the module. */
export const SHARED = {
  settings: { verify: { method: "symmetricKey", alg: "HS256", key: "bm90aGluZyBpcyBrZXB0IHNlY3JldCBieSB0aGlzIGtleQ", encoding: "base64url" } },
  token: `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImEifQ.${CLAIMS}.dC9iN4V-kw26F_reMrOAAaEhuflKADsTN_IwW8MFHno`,
};
/** The key of RFC 7515, appendix A.3: as far as the question to the host, which is answered with no. */
const PUBLIC = {
  settings: {
    verify: {
      method: "publicKey", alg: "ES256",
      key: { kty: "EC", crv: "P-256", x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" },
    },
  },
  token: `eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImEifQ.${CLAIMS}.${"AQEB".repeat(21)}AQ`,
};

/** @param {() => Module} loaded */
export function rehearseFirstCalls(loaded) {
  try {
    const module = loaded();
    const verifier = prepare(module, SHARED.settings, undefined);
    if (!(verifier instanceof Promise)) {
      verifier.verify(SHARED.token, { now: NOW }).catch(() => {});
      verifier.close();
    }
    const handle = refusing(() => new module.Verifier(new TextEncoder().encode(JSON.stringify(PUBLIC.settings))));
    rehearse(module, PUBLIC.token, (length, host) => handle.verify(length, host, NOW));
    handle.free();
  } catch {
    // The first call that somebody waits for says what is wrong.
  }
}
