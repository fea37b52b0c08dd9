// The object of a sign-in: one for each, named by its id, which the ticket carries as well. Until that ticket, nobody but the
// browser that began the sign-in can have anything kept there.

import { oauth } from "../platform/handstamp.js";
import { DIGEST, objectName } from "../platform/names.js";
import { objectNamed } from "../platform/objects.js";
import { sharedRedirectUri } from "./redirects.js";

/** @import { Configuration } from "../platform/configuration.js" */
/** @import { Context, Env, LoginRecord } from "../types.d.ts" */

/**
 * Keeps what a sign-in brings back.
 * @param {Context} context
 * @param {LoginRecord} record
 */
export async function deliver({ config, env, now }, record) {
  const code = record.exchange && (await nameOfCode(config, record.exchange));
  return (await named(env, config, record.sid)).deliver(record, now, code);
}

/**
 * Finds the object of a ticket. A ticket of the previous release names its object itself.
 * @param {Env} env
 * @param {Configuration} config
 * @param {string} ticket
 */
export async function loginOfTicket(env, config, ticket) {
  return named(env, config, DIGEST.test(ticket) ? ticket : oauth.openTicket(config.ring, ticket).sid);
}

/**
 * Names the object that keeps a code to one sign-in: of all accounts on the shared callback, but of one account on its own, where
 * no other account's code can come. Else an account could use up the codes that another's identity provider is going to give.
 * @param {Configuration} config
 * @param {NonNullable<LoginRecord["exchange"]>} exchange
 */
function nameOfCode(config, { code, redirectUri }) {
  const own = redirectUri.slice(sharedRedirectUri(config).length);
  return objectName(config, "code", spelled(code), ...(own ? [own] : []));
}

/**
 * A code without what an identity provider may read over: capitals, padding, blanks and other signs.
 * @param {string} code
 */
const spelled = (code) => code.toLowerCase().replace(/[^a-z0-9]/g, "") || code;

/** @param {Env} env @param {Configuration} config @param {string} id */
async function named(env, config, id) {
  return objectNamed(config, env.LOGIN, await objectName(config, "login", id));
}
