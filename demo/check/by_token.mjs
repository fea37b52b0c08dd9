// The first way in: a secure token.

import { randomUUID } from "node:crypto";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { mistakes } from "../site/mistakes.mjs";
import { Participant } from "../site/participant.mjs";
import { MEMBER, claimsFor, signAndEncrypt, signShared } from "../site/tokens.mjs";
import { statisticsOnce } from "./statistics.mjs";

const ACCOUNT = "demo";
const CAMPAIGN = "100001";

/** @param {import("../start.mjs").Demo} demo @param {import("./transcript.mjs").Transcript} transcript */
export async function byToken({ addresses, operator, secrets }, transcript) {
  transcript.chapter("Secure token (HS256)");
  const participant = new Participant(addresses.worker);
  const { status, campaign } = await participant.open(ACCOUNT, CAMPAIGN);
  transcript.expect("GET /campaign", status, 200, `the frame "${campaign?.title}"`);

  const token = await signShared(claimsFor(CAMPAIGN), secrets.tokenKey);
  const admitted = await participant.admit(ACCOUNT, CAMPAIGN, token);
  const decision = [admitted.status, admitted.body.admission?.decision];
  transcript.expect("POST /v1/token/admit", decision, [200, "allowed"], "signature, times and campaign are right");
  transcript.expect("  prefill", admitted.body.admission?.prefill.form, MEMBER.form, "the form is filled from the token");

  const answers = { [campaign.questions[0].id]: campaign.questions[0].choices[0].id };
  const submission = { pass: admitted.body.pass, form: MEMBER.form, optin: {}, answers };
  const key = randomUUID();
  const first = await participant.submit(submission, key);
  transcript.expect("POST /v1/participations", first.status, 201, "recorded");
  const again = await participant.submit(submission, key);
  transcript.expect("  the same again", [again.status, again.body.participationId], [201, first.body.participationId], "the same answer, nothing recorded twice");
  const other = await participant.submit(submission);
  transcript.expect("  the same with another key", [other.status, other.body.reason], [409, "quota_reached"], "one token, one participation");
  transcript.expect("GET /v1/statistics", await statisticsOnce(operator, ACCOUNT, CAMPAIGN, 1), 1, "counted once");
  const { rows: [row] } = await operator.statistics(ACCOUNT, CAMPAIGN);
  transcript.expect("  the participant", [row.id, row.subject], [first.body.participationId, MEMBER.id], "under the customer's own ID of the person");
  const receipt = [...(await verifiedReceipt(addresses.worker, first.body.receipt)), again.body.receipt === first.body.receipt];
  transcript.expect("  the receipt", receipt, [MEMBER.id, CAMPAIGN, first.body.participationId, true], "verified by jose with /.well-known/jwks.json");

  await tryOut({ addresses, operator }, transcript);
  await refusals({ addresses, operator, secrets }, transcript);
}

/**
 * Verifies a receipt as the guide shows it.
 * @param {string} worker @param {string} receipt
 */
async function verifiedReceipt(worker, receipt) {
  const keys = createRemoteJWKSet(new URL(`${worker}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(receipt, keys, { typ: "participation+jwt", issuer: worker, audience: ACCOUNT, algorithms: ["ES256"] });
  return [payload.sub, payload.campaignId, payload.jti];
}

/** @param {Pick<import("../start.mjs").Demo, "addresses" | "operator">} demo @param {import("./transcript.mjs").Transcript} transcript */
async function tryOut({ addresses, operator }, transcript) {
  const participant = new Participant(addresses.worker);
  const made = await operator.call("POST", `/v1/accounts/${ACCOUNT}/previews`, { campaignId: CAMPAIGN, subject: "a-manager", claims: { form: MEMBER.form } });
  const opened = await participant.post("/v1/token/admit", { account: ACCOUNT, campaignId: CAMPAIGN, pass: made.body.pass });
  const shown = [made.status, opened.status, opened.body.preview, opened.body.admission?.prefill.form];
  transcript.expect("POST /v1/accounts/demo/previews", shown, [201, 200, true, MEMBER.form], "a preview fills the form of a person of choice");
  const { status, body } = await participant.submit({ pass: made.body.pass, form: MEMBER.form, optin: {}, answers: {} });
  const counted = await statisticsOnce(operator, ACCOUNT, CAMPAIGN, 1);
  transcript.expect("  submitted", [status, body.preview, body.receipt, counted], [201, true, undefined, 1], "not recorded, not counted, no receipt");
}

/** @param {Pick<import("../start.mjs").Demo, "addresses" | "operator" | "secrets">} demo @param {import("./transcript.mjs").Transcript} transcript */
async function refusals({ addresses, operator, secrets }, transcript) {
  transcript.chapter("Refused, and why");
  const participant = new Participant(addresses.worker);
  const workshop = { secret: secrets.tokenKey, campaignId: CAMPAIGN, play: async () => {} };
  /** @type {[string, string, string][]} */
  const cases = [
    ["expired", "token_expired", "token_expired"],
    ["key", "token_invalid", "signature_invalid"],
    ["milliseconds", "token_invalid", "exp_looks_like_milliseconds"],
    ["letter", "token_invalid", "signature_invalid"],
  ];
  for (const [kind, reason, code] of cases) {
    const { status, body } = await participant.admit(ACCOUNT, CAMPAIGN, await mistakes[kind](workshop));
    const cause = await operator.call("GET", `/v1/refusals/${body.ref}?account=${ACCOUNT}`);
    transcript.expect(`token: ${kind}`, [status, body.reason, cause.body?.code], [401, reason, code], `${body.ref} says ${code}`);
  }
  const refused = await participant.admit(ACCOUNT, CAMPAIGN, await mistakes.refused(workshop));
  const { admission, pass } = refused.body;
  const verdict = [refused.status, admission?.decision, admission?.reason, pass];
  transcript.expect("token: canPlay false", verdict, [200, "refused", "not_allowed", null], "refused, and no pass to submit with");
  transcript.expect("GET /v1/statistics", await statisticsOnce(operator, ACCOUNT, CAMPAIGN, 1), 1, "still one");
}

/** @param {import("../start.mjs").Demo} demo @param {import("./transcript.mjs").Transcript} transcript */
export async function byEncryptedToken({ addresses, secrets }, transcript) {
  transcript.chapter("Secure token (ES256 by key set, encrypted with A256GCM)");
  const participant = new Participant(addresses.worker);
  const { campaign } = await participant.open("acme", "200001");
  const full = await signAndEncrypt(claimsFor("200001"), secrets.siteKey, secrets.jweKey);
  const { status, body } = await participant.admit("acme", "200001", full);
  transcript.expect("POST /v1/token/admit", [status, body.admission?.decision], [200, "allowed"], "decrypted, then verified with a fetched key");

  const bare = await signAndEncrypt(claimsFor("200001", { form: undefined, access_token: MEMBER.accessToken }), secrets.siteKey, secrets.jweKey);
  const admitted = await participant.admit("acme", "200001", bare);
  transcript.expect("  a token without data", [admitted.status, admitted.body.admission?.prefill.form], [200, {}], "nothing is asked before the form");
  const fetched = await participant.post("/v1/profile", { pass: admitted.body.pass });
  transcript.expect("POST /v1/profile", [fetched.status, fetched.body.prefill?.form], [200, MEMBER.form], "at the form it is filled from the profile API");
  transcript.expect("  its access token", JSON.stringify([admitted.body, fetched.body]).includes(MEMBER.accessToken), false, "is shown to nobody");

  const unlucky = await signAndEncrypt(claimsFor("200001", { form: undefined, access_token: MEMBER.onABadDay }), secrets.siteKey, secrets.jweKey);
  const { body: known } = await participant.admit("acme", "200001", unlucky);
  const failed = await participant.post("/v1/profile", { pass: known.pass });
  transcript.expect("  a profile API that answers 503", [failed.status, failed.body.reason], [502, "try_again"], "is said, with a number for the account");
  const optin = Object.fromEntries(campaign.optins.map((/** @type {any} */ { name }) => [name, true]));
  const recorded = await participant.submit({ pass: known.pass, form: MEMBER.form, optin, answers: {} });
  transcript.expect("POST /v1/participations", recorded.status, 201, "and does not stop a play: the form was filled in by hand");
}
