// How the customer's back end makes secure tokens, with npm jose: one per page view, good for five minutes.

import { CompactEncrypt, SignJWT, importJWK } from "jose";

/** The customer's member who is signed in on the demo site. */
export const MEMBER = {
  id: "lea-1001",
  /** Opens the member's profile at the site's own API. */
  accessToken: "lea-may-read-her-profile",
  /** The API answers it with 503. */
  onABadDay: "lea-on-a-bad-day",
  form: { email: "lea@example.com", firstname: "Lea", lastname: "Example", city: "Namur", birthdate: "1991-04-23" },
};

const LIFETIME = 300;
const seconds = () => Math.floor(Date.now() / 1000);

/** @param {string} campaignId @param {Record<string, unknown>} [more] further claims, or others in their place */
export const claimsFor = (campaignId, more = {}) => ({
  sub: MEMBER.id,
  campaignId,
  iat: seconds(),
  exp: seconds() + LIFETIME,
  jti: crypto.randomUUID(),
  form: MEMBER.form,
  ...more,
});

/** Account demo: HS256 with the shared secret. @param {Record<string, unknown>} claims @param {string} secret base64url */
export const signShared = (claims, secret) =>
  new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(Buffer.from(secret, "base64url"));

/**
 * Account acme: ES256 with a key of /keys.json, then encrypted with the shared content key.
 * @param {Record<string, unknown>} claims @param {import("jose").JWK} key @param {string} secret base64url
 */
export async function signAndEncrypt(claims, key, secret) {
  const signed = await new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: key.kid })
    .sign(await importJWK(key, "ES256"));
  return new CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", cty: "JWT" })
    .encrypt(Buffer.from(secret, "base64url"));
}
