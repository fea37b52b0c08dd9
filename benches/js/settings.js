// A case as settings of a verifier.

/** @param {Pick<import("./cases.mjs").Case, "alg" | "jwk" | "decrypt">} given */
export const settings = ({ alg, jwk, decrypt }) => ({
  verify: alg.startsWith("HS")
    ? { method: "symmetricKey", alg, key: jwk.k, encoding: "base64url" }
    : { method: "publicKey", alg, key: jwk },
  ...(decrypt && { decrypt: { key: decrypt.k, encoding: "base64url", alg: decrypt.alg, enc: "A256GCM" } }),
});
