// People sign in to the console: an invitation is traded for a passkey (Web Authentication Level 3), a passkey for a session of
// twelve hours, which stands in the place of an access token on the routes that the person's role has.

import { accountObject } from "../../accounts/held.js";
import { roleOf } from "../../accounts/roles.js";
import { challengeEnd, hashOf, newChallenge, personOf } from "../../accounts/sessions.js";
import { json, redirect, timeOf } from "../../http/answers.js";
import { sessionCookie, sessionOf } from "../../http/cookies.js";
import { Refusal } from "../../http/problem.js";
import { SESSION_MS } from "../../objects/account/people/console_people.js";
import { fromBase64url, random, toBase64url } from "../../platform/bytes.js";
import { asset } from "../service/assets.js";

/** @import { AccountNamed, Enrolment, InvitationSecret, SessionQuery, SignIn } from "../../schemas/console.js" */
/** @import { Asked, Context, Handler } from "../../types.d.ts" */

/** What a challenge is for: to make a passkey for an invitation, or to use one. */
const [MAKE, USE] = ["make", "use"];
/** ES256, EdDSA and RS256 of the COSE registry: what authenticators of every kind have. */
const ALGORITHMS = [-7, -8, -257];
const text = new TextDecoder();

/** POST /v1/console/invitation: looks at an invitation, which stays whole. @param {Asked<typeof InvitationSecret>} context */
export async function openInvitation(context) {
  const { config, env, now } = context;
  const { account, invitation } = context.body;
  const hash = await hashOf(invitation);
  const invited = await (await accountObject(env, config, account)).invited(hash, now);
  if (!invited) throw new Refusal("invitation_invalid");
  const { generateRegistrationOptions } = await import("../../platform/webauthn.js");
  const options = await generateRegistrationOptions({
    rpName: `Handstamp · ${account}`,
    rpID: new URL(config.consoleUrl).hostname,
    userID: /** @type {Uint8Array<ArrayBuffer>} */ (new TextEncoder().encode(invited.person)),
    userName: `${invited.name} (${account})`,
    userDisplayName: invited.name,
    challenge: await newChallenge(config, now, account, MAKE, hash),
    attestationType: "none",
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  return json({ account, role: invited.role, name: invited.name, expiresAt: timeOf(invited.until), options });
}

/** POST /v1/console/passkeys: the invitation is used up, and the person is signed in. @param {Asked<typeof Enrolment>} context */
export async function enrol(context) {
  const { config, env, now } = context;
  const { account, credential, invitation } = context.body;
  const object = await accountObject(env, config, account);
  const hash = await hashOf(invitation);
  if (!(await object.invited(hash, now))) throw new Refusal("invitation_invalid");
  const { verifyRegistrationResponse } = await import("../../platform/webauthn.js");
  const { verified, spent } = await judged(context, [account, MAKE, hash], (expected) => verifyRegistrationResponse({ ...expected, response: /** @type {any} */ (credential) }));
  const made = verified.registrationInfo?.credential;
  if (!verified.verified || !made) throw new Refusal("passkey_invalid");
  const session = toBase64url(random(32));
  const passkey = { id: made.id, key: toBase64url(made.publicKey), counter: made.counter };
  const person = await object.enrol(hash, passkey, spent, await hashOf(session), now);
  if (!person) throw new Refusal("invitation_invalid");
  return signedIn(context, account, session, person, 201);
}

/** POST /v1/console/challenge: what a passkey of any person of the account is asked to sign. @param {Asked<typeof AccountNamed>} context */
export async function challenge(context) {
  const { config, now } = context;
  const { generateAuthenticationOptions } = await import("../../platform/webauthn.js");
  const options = await generateAuthenticationOptions({
    rpID: new URL(config.consoleUrl).hostname,
    challenge: await newChallenge(config, now, context.body.account, USE),
    userVerification: "required",
  });
  return json({ options });
}

/** POST /v1/console/session: signs a person in, or says once more that it is them. @param {Asked<typeof SignIn>} context */
export async function signIn(context) {
  const { config, env, now, request } = context;
  const { account, credential } = context.body;
  const object = await accountObject(env, config, account);
  const { id } = /** @type {{ id?: unknown }} */ (credential);
  const passkey = typeof id === "string" && (await object.passkey(id));
  if (!passkey) throw new Refusal("passkey_invalid");
  const { verifyAuthenticationResponse } = await import("../../platform/webauthn.js");
  const publicKey = /** @type {Uint8Array<ArrayBuffer>} */ (fromBase64url(passkey.key));
  const { verified, spent } = await judged(context, [account, USE], (expected) =>
    verifyAuthenticationResponse({ ...expected, response: /** @type {any} */ (credential), credential: { id: passkey.id, publicKey, counter: passkey.counter } }),
  );
  if (!verified.verified) throw new Refusal("passkey_invalid");
  const session = toBase64url(random(32));
  const held = sessionOf(request, account);
  const hashes = { session: await hashOf(session), ...(held && { before: await hashOf(held) }) };
  const person = await object.signInPerson({ id: passkey.id, counter: verified.authenticationInfo.newCounter }, spent, hashes, now);
  if (!person) throw new Refusal("passkey_invalid");
  return signedIn(context, account, session, person, 200);
}

/**
 * Has the answer of a passkey judged, whose challenge has to be ours.
 * @template T
 * @param {Context} context
 * @param {string[]} about
 * @param {(expected: { expectedChallenge: (challenge: string) => Promise<boolean>, expectedOrigin: string, expectedRPID: string, requireUserVerification: true }) => Promise<T>} judge
 * @returns {Promise<{ verified: T, spent: { challenge: string, until: number } }>}
 */
async function judged({ config, now }, about, judge) {
  const { consoleUrl } = config;
  const spent = { challenge: "", until: 0 };
  const expectedChallenge = async (/** @type {string} */ given) => {
    const signed = text.decode(fromBase64url(given));
    Object.assign(spent, { challenge: signed, until: (await challengeEnd(config, signed, now, ...about)) ?? 0 });
    return spent.until > 0;
  };
  try {
    const verified = await judge({ expectedChallenge, expectedOrigin: consoleUrl, expectedRPID: new URL(consoleUrl).hostname, requireUserVerification: true });
    return { verified, spent };
  } catch {
    // The library throws for whatever is wrong with an answer, and says no more by a code.
    throw new Refusal("passkey_invalid");
  }
}

/**
 * @param {Context} context
 * @param {string} account
 * @param {string} session
 * @param {{ id: string, role: string, name: string }} person
 * @param {number} status
 */
function signedIn(context, account, session, { id, role, name }, status) {
  context.facts.client = id;
  const headers = { "set-cookie": sessionCookie(account, session, SESSION_MS / 1000) };
  return json(told(context, account, { id, role, name, recent: true, until: context.now + SESSION_MS }), { status, headers });
}

/** @param {Context} context @param {string} account @param {{ id: string, role: string, name: string, recent: boolean, until: number }} person */
const told = ({ config }, account, { id, role, name, recent, until }) => ({
  account,
  person: { id, role, name },
  scope: roleOf(role).scope,
  publicUrl: config.publicUrl,
  recent,
  expiresAt: timeOf(until),
});

/** GET /v1/console/session @param {Asked<undefined, typeof SessionQuery>} context */
export async function whoAmI(context) {
  const { account } = context.query;
  return json(told(context, account, await personOf(context, account)));
}

/** DELETE /v1/console/session @param {Asked<undefined, typeof SessionQuery>} context */
export async function signOut(context) {
  const { config, env, query, request } = context;
  const session = sessionOf(request, query.account);
  if (session) await (await accountObject(env, config, query.account)).signOutPerson(await hashOf(session));
  const headers = { "cache-control": "no-store", "set-cookie": sessionCookie(query.account, "", 0) };
  return new Response(null, { status: 204, headers });
}

/** GET /console/{account}: at the console's own origin only. @type {Handler} */
export async function consolePage(context) {
  const { config, url } = context;
  if (url.host !== new URL(config.consoleUrl).host) return redirect(302, config.consoleUrl + url.pathname);
  const page = await asset({ ...context, url: new URL("/desk/", url) });
  // The one frame of the console: the campaign, as a preview.
  page.headers.set("content-security-policy", `${page.headers.get("content-security-policy")}; frame-src ${config.publicUrl}/campaign/`);
  return page;
}
