// What can be found out about the identity providers that an account signs people in at: their metadata and key sets, each through the
// object that holds its copy, as a sign-in reads them. The core judges it.

import { accountObject } from "../accounts/held.js";
import { markOf } from "../accounts/key_marks.js";
import { oauth } from "../platform/handstamp.js";
import { keySetOf, settingsOf } from "../sign_in/connection.js";
import { memberOf } from "../sign_in/connection_rows.js";
import { readKept } from "../sign_in/follow.js";
import { sharedRedirectUri } from "../sign_in/redirects.js";
import { fetched, note } from "./findings.js";

/** @import { Held } from "../accounts/held.js" */
/** @import { Configuration } from "../platform/configuration.js" */
/** @import { CoreAnswer, Env } from "../types.d.ts" */

/** Of one account in one look: an account may have one for each campaign. */
const PROVIDERS = 8;

/** @typedef {{ fetchedAt: number, issuer: string, answer?: string }} Metadata fetchedAt: seconds, 0 for none; answer: a newer one that does not serve */

/** @param {Env} env @param {Configuration} config @param {Held} held @param {number} now milliseconds */
export async function lookAtProviders(env, config, held, now) {
  const found = await Promise.all(campaignsOf(held).slice(0, PROVIDERS).map((campaignId) => lookAt(env, config, held, campaignId, now)));
  const keySets = found.flatMap(({ keySet }) => keySet ?? []);
  await note(await accountObject(env, config, held.name), keySets);
  return { keySets, metadata: found.flatMap(({ metadata }) => metadata ?? []) };
}

/** A campaign for each identity provider. @param {Held} held */
function campaignsOf({ document: { campaigns, oauth: own } }) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [id, campaign] of Object.entries(campaigns)) {
    const settings = campaign.oauth ?? own;
    if (!settings || !campaign.signIn.includes("oauth")) continue;
    const { issuer, discovery, endpoints, timeoutSeconds } = /** @type {Record<string, unknown>} */ (settings);
    const server = JSON.stringify([issuer, discovery, endpoints, timeoutSeconds]);
    if (!found.has(server)) found.set(server, id);
  }
  return [...found.values()];
}

/** @param {Env} env @param {Configuration} config @param {Held} held @param {string} campaignId @param {number} now */
async function lookAt(env, config, held, campaignId, now) {
  const at = held.document.campaigns[campaignId].oauth ? `/campaigns/${campaignId}/oauth` : "/oauth";
  const { answer, metadata } = await readMetadata(env, config, held, campaignId, now);
  const { algs, isNeeded, request } = keySetOf(settingsOf(held, campaignId), answer && memberOf({ answer }));
  const set = isNeeded && request ? { at, mark: await markOf(config, `provider ${request.url}`), request, algs } : undefined;
  return { metadata: metadata && { at, ...metadata }, keySet: set && (await fetched(env, config, held.name, set, now)) };
}

/** The first request of a sign-in, if the document does not name the endpoints. @param {Env} env @param {Configuration} config @param {Held} held @param {string} campaignId @param {number} now */
async function readMetadata(env, config, held, campaignId, now) {
  const input = { account: held.document, secrets: held.secrets, campaignId, ring: config.ring, now, webCrypto: /** @type {const} */ (true), redirectUri: sharedRedirectUri(config) };
  /** @type {{ answer?: CoreAnswer, metadata?: Metadata }} */
  const found = {};
  try {
    let step = oauth.start(input);
    // Metadata may stand at either of two URLs; what a sign-in asks for after that is not for us.
    while (step.request?.purpose === "discovery" && !step.request.refresh) {
      const { answer, fetchedAt, failure } = await readKept(env, config, held.name, step.request, now);
      const newer = failure && failure.failed === undefined && failure.status === 200 ? { answer: failure.body } : {};
      found.answer = answer;
      found.metadata = { fetchedAt, issuer: String(step.request.issuer), ...newer };
      step = oauth.start(/** @type {any} */ (step.resume), /** @type {any} */ (answer));
    }
  } catch {
    // A sign-in would be refused here, by what was found or by settings; those are judged where they are written.
  }
  return found;
}
