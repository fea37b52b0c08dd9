// The second way in: a login at the customer's OpenID Provider.

import { Participant } from "../site/participant.mjs";
import { signIn } from "./login.mjs";
import { statisticsOnce } from "./statistics.mjs";

const ACCOUNT = "demo";
const CAMPAIGN = "100002";

/**
 * Answers a question, keeps the draft and starts the login.
 * @param {import("../start.mjs").Demo} demo @param {Participant} participant @param {any} campaign
 */
async function leave({ addresses }, participant, campaign) {
  const answers = Object.fromEntries(campaign.questions.map((/** @type {any} */ { id, choices }) => [id, choices[0].id]));
  const draft = await participant.post("/v1/drafts", {
    account: ACCOUNT, campaignId: CAMPAIGN, step: "identityset", answers, lang: "en", host: { path: "/", scroll: 40, fragment: "#prizes" },
  });
  const query = new URLSearchParams({ account: ACCOUNT, campaignId: CAMPAIGN, step: "identityset", lang: "en", return: "0:/", bind: draft.body.bind });
  const start = await participant.request(`${addresses.worker}/oauth/start?${query}`, { headers: { referer: `${addresses.site}/` } });
  return { answers, draft, start };
}

/** @param {string} address @returns {string} the ticket in its fragment */
const ticketOf = (address) => new URLSearchParams(new URL(address).hash.slice(1)).get("handstamp") ?? "";

/** @param {import("../start.mjs").Demo} demo @param {import("./transcript.mjs").Transcript} transcript */
export async function byLogin(demo, transcript) {
  const { addresses, operator } = demo;
  transcript.chapter("Login (OpenID Connect)");
  const participant = new Participant(addresses.worker);
  const { campaign } = await participant.open(ACCOUNT, CAMPAIGN);
  const { answers, draft, start } = await leave(demo, participant, campaign);
  transcript.expect("POST /v1/drafts", draft.status, 200, "answers kept before the login");
  const authorization = start.headers.get("location") ?? "";
  const asked = new URL(authorization, addresses.worker);
  const way = [start.status, asked.origin, asked.searchParams.get("code_challenge_method")];
  transcript.expect("GET /oauth/start", way, [302, addresses.provider, "S256"], "on the way to the login page, with PKCE");

  const returned = await signIn(participant, authorization);
  transcript.expect("login and consent", new URL(returned).pathname, "/oauth/callback", "the provider sent a code back");
  const callback = await participant.request(returned);
  const home = callback.headers.get("location") ?? "";
  const there = new URL(home, addresses.worker);
  const back = [callback.status, there.origin, there.search];
  transcript.expect("GET /oauth/callback", back, [303, addresses.site, ""], "back on the customer's site; no code in the address");

  const stranger = await new Participant(addresses.worker).post("/v1/oauth/redeem", { ticket: ticketOf(home) });
  const stolen = [stranger.status, stranger.body.reason];
  transcript.expect("redeem without the proof", stolen, [403, "wrong_browser"], "a stolen ticket is worth nothing, and is not used up");
  const redeemed = await participant.post("/v1/oauth/redeem", { ticket: ticketOf(home) });
  const admitted = [redeemed.status, redeemed.body.admission?.decision];
  transcript.expect("POST /v1/oauth/redeem", admitted, [200, "allowed"], "the code was exchanged, the ID token verified");
  transcript.expect("  draft", redeemed.body.draft?.answers, answers, "the answers given before are there after it");
  transcript.expect("  prefill", redeemed.body.admission?.prefill.form.email, "lea@example.com", "the form is filled from the profile");

  const submission = { pass: redeemed.body.pass, form: redeemed.body.admission?.prefill.form, optin: {}, answers };
  const recorded = await participant.submit(submission);
  transcript.expect("POST /v1/participations", recorded.status, 201, "recorded");
  const again = await participant.submit(submission);
  transcript.expect("  the same again", [again.status, again.body.reason], [409, "quota_reached"], "one login, one participation");
  transcript.expect("GET /v1/statistics", await statisticsOnce(operator, ACCOUNT, CAMPAIGN, 1), 1, "counted once");
}

/** @param {import("../start.mjs").Demo} demo @param {import("./transcript.mjs").Transcript} transcript */
export async function cancelledLogin(demo, transcript) {
  transcript.chapter("A login that was cancelled");
  const participant = new Participant(demo.addresses.worker);
  const { campaign } = await participant.open(ACCOUNT, CAMPAIGN);
  const { answers, start } = await leave(demo, participant, campaign);
  const returned = await signIn(participant, start.headers.get("location") ?? "", "cancel");
  const callback = await participant.request(returned);
  const { status, body } = await participant.post("/v1/oauth/redeem", { ticket: ticketOf(callback.headers.get("location") ?? "") });
  transcript.expect("POST /v1/oauth/redeem", [status, body.reason], [401, "login_cancelled"], "told as it is");
  transcript.expect("  draft", body.draft?.answers, answers, "and no answer was lost");
}
