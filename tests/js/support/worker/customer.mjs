// A customer: an account document with two campaigns, and the tokens that its back end signs.

import { randomBytes } from "node:crypto";
import { SignJWT } from "jose";

export const tokenKey = randomBytes(32);
export const secrets = { TOKEN_KEY: tokenKey.toString("base64url"), OIDC_CLIENT: "a client secret that nobody may see" };

const fields = [
  { name: "email", type: "email", required: true },
  { name: "firstname", type: "text", required: true },
  { name: "birthdate", type: "date" },
  { name: "adult", type: "checkbox" },
];
const optins = [{ name: "news", wording: { en: "Send me news", fr: "Envoyez-moi des nouvelles" } }];
const questions = [
  {
    id: "colour",
    text: { en: "Which colour?" },
    choices: [
      { id: "red", text: { en: "Red" } },
      { id: "blue", text: { en: "Blue" } },
    ],
  },
];

/**
 * @param {Record<string, unknown>} [more]
 * @returns {{ account: string, secureToken: any, campaigns: Record<string, any>, [member: string]: any }}
 */
export function acme(more = {}) {
  return {
    account: "acme",
    origins: ["http://localhost:8788"],
    secureToken: { verify: [{ id: "first", method: "symmetricKey", key: { secret: "TOKEN_KEY" }, encoding: "base64url", alg: "HS256" }] },
    // A copy, as tests change what they get.
    campaigns: structuredClone({
      100001: {
        title: { en: "Win a bike" },
        fields,
        optins,
        questions,
        texts: { en: { "sorry.quota_reached": "You have played {custom.played} times." } },
      },
      100002: { fields },
    }),
    ...more,
  };
}

/**
 * @param {Record<string, unknown>} [claims]
 * @param {{ key?: Uint8Array, header?: { kid?: string } }} [options]
 */
export function sign(claims = {}, { key = tokenKey, header = {} } = {}) {
  return new SignJWT({ sub: "1234", campaignId: "100001", form: { email: "an@example.org", firstname: "An" }, ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT", ...header })
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(key);
}

/**
 * Another customer, with a key of its own.
 * @param {string} account
 * @param {Record<string, unknown>} [more]
 */
export function customer(account, more = {}) {
  const key = randomBytes(32);
  return {
    document: acme({ ...more, account }),
    secrets: { ...secrets, TOKEN_KEY: key.toString("base64url") },
    sign: (/** @type {Record<string, unknown>} */ claims = {}) => sign(claims, { key }),
  };
}

export const form = { email: "an@example.org", firstname: "An" };
