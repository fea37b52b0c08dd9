// "Now break it": tokens with one mistake each, as customers really make them.

import { randomBytes, randomUUID } from "node:crypto";
import { claimsFor, signShared } from "./tokens.mjs";

/** @typedef {{ secret: string, campaignId: string, play: (token: string) => Promise<void> }} Workshop */

const now = () => Math.floor(Date.now() / 1000);

/** Changes one letter of the payload, as a bad copy would. @param {string} token */
function changeLetter(token) {
  const [header, payload, signature] = token.split(".");
  const claims = Buffer.from(payload, "base64url").toString();
  const changed = claims.replace("lea@", "leo@");
  return [header, Buffer.from(changed).toString("base64url"), signature].join(".");
}

/** @type {Record<string, (workshop: Workshop) => Promise<string>>} */
export const mistakes = {
  expired: ({ secret, campaignId }) => signShared(claimsFor(campaignId, { iat: now() - 7200, exp: now() - 3600 }), secret),
  key: ({ campaignId }) => signShared(claimsFor(campaignId), randomBytes(32).toString("base64url")),
  milliseconds: ({ secret, campaignId }) => signShared(claimsFor(campaignId, { exp: Date.now() + 300_000 }), secret),
  letter: async ({ secret, campaignId }) => changeLetter(await signShared(claimsFor(campaignId), secret)),
  refused: ({ secret, campaignId }) => signShared(claimsFor(campaignId, { sub: `refused-${randomUUID()}`, limit: { canPlay: false } }), secret),
  /** Somebody who has two participations, and has just used both. */
  async played({ secret, campaignId, play }) {
    const person = { sub: `twice-${randomUUID()}`, limit: { nb: 2 }, custom: { played: 2 } };
    for (let time = 0; time < 2; time += 1) await play(await signShared(claimsFor(campaignId, person), secret));
    return signShared(claimsFor(campaignId, person), secret);
  },
};
