// The first calls of a module, made as it is imported, where nobody waits for them: a host compiles each function, of the module and of
// the package, when it is first called, which takes ten times as long as a verification does. Neither key is anybody's.

/** Members of each kind: {"iss":"a","aud":["b"],"sub":"é\n","iat":1,"nbf":1,"exp":9,"limit":{"nb":3},"form":{"a":"b"},"custom":{"a":[true,null,-1.5]}} */
const CLAIMS = "eyJpc3MiOiJhIiwiYXVkIjpbImIiXSwic3ViIjoiw6lcbiIsImlhdCI6MSwibmJmIjoxLCJleHAiOjksImxpbWl0Ijp7Im5iIjozfSwiZm9ybSI6eyJhIjoiYiJ9LCJjdXN0b20iOnsiYSI6W3RydWUsbnVsbCwtMS41XX19";

/** Verified by the module. */
const SHARED = {
  settings: { verify: { method: "symmetricKey", alg: "HS256", key: "bm90aGluZyBpcyBrZXB0IHNlY3JldCBieSB0aGlzIGtleQ", encoding: "base64url" } },
  token: `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${CLAIMS}.sy_923qiWPmCh3QF3-sLauu1W7icMmSZ7CZoyOZmMX0`,
  now: 2,
};
/** The example of RFC 7515, appendix A.3, verified by the host. */
const PUBLIC = {
  settings: {
    verify: {
      method: "publicKey", alg: "ES256",
      key: { kty: "EC", crv: "P-256", x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" },
    },
  },
  token: "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
  now: 1_300_000_000,
};

/** @param {typeof import("../index.js").createVerifier} createVerifier */
export async function rehearseFirstCalls(createVerifier) {
  for (const { settings, token, now } of [SHARED, PUBLIC]) {
    try {
      const verifier = await createVerifier(/** @type {import("../index.js").TokenSettings} */ (settings));
      await verifier.verify(token, { now });
      verifier.close();
    } catch {
      // The first call that somebody waits for says what is wrong.
    }
  }
}
