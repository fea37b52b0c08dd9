// Every route, a row each: what it does and for whom, how often it may be asked, what it reads and what it answers. The
// entrance (entrance.js) holds each request to its row, the decision line and /openapi.json are made of the rows.

import { BODY_BYTES, POSTED_BYTES, TOKEN_BODY_BYTES, formBody, jsonBody, unreadBody, unreadForm } from "../http/body.js";
import { DRAFT_BYTES } from "../objects/participant/draft.js";
import { accountOfPass } from "../accounts/seals.js";
import * as of from "../schemas/account.js";
import * as play from "../schemas/campaign.js";
import * as trial from "../schemas/connection.js";
import * as desk from "../schemas/console.js";
import * as run from "../schemas/operations.js";
import * as people from "../schemas/people.js";
import { deleteAccount, exportAccount, listAccounts, restoreAccount } from "./account/account_life.js";
import { compareVersions, getAccount, listAudit, listVersions, putAccount, rollBack } from "./account/accounts.js";
import { discardCampaignDraft, listCampaigns, publishCampaign, readCampaignDraft, writeCampaignDraft } from "./account/campaigns.js";
import { asset } from "./service/assets.js";
import { accountOfClient, createClient, deleteClient, issueToken, listClients } from "./account/authorization.js";
import { accountOfState, callback } from "./participant/callback.js";
import { campaignPage, showDraft } from "./participant/campaign.js";
import { createConnectionLink, finishConnection, lastTrial, lookAtIssuer, lookAtKeySet, openConnection, testConnection } from "./account/connections.js";
import { challenge, consolePage, enrol, openInvitation, signIn, signOut, whoAmI } from "./people/console.js";
import { encrypt, encryptionKeys } from "./account/crypto.js";
import { readOwnDraft, writeDraft } from "./participant/drafts.js";
import { explain } from "./account/explain.js";
import { jwks } from "./service/keys.js";
import { metrics } from "./service/metrics.js";
import { healthz, home, openapi, readyz, versions } from "./service/operations.js";
import { overview } from "./service/overview.js";
import { connectionPage, managerPage } from "./service/pages.js";
import { eraseBySubject, eraseParticipant, exportBySubject, exportParticipant } from "./record/participants.js";
import { participate } from "./participant/participations.js";
import { createPreview } from "./account/previews.js";
import { invite, listPeople, removePerson } from "./people/people.js";
import { profile } from "./participant/profile.js";
import { redeem } from "./participant/redeem.js";
import { getRefusal, listRefusals } from "./record/refusals.js";
import { listKeys, rotate } from "./account/rotation.js";
import { deleteSecret, listSecrets, putSecret } from "./account/secrets.js";
import { postedCallback, accountOfPostedState } from "./participant/posted_callback.js";
import { start } from "./participant/start.js";
import { accountStatistics, statistics } from "./record/statistics.js";
import { arrive } from "./participant/steps.js";
import { lookAtTrail, sayOnTrail } from "./record/trails.js";
import { admit } from "./participant/token.js";
import { deadLetters, replay } from "./account/webhook.js";

/** @import { Given, Route } from "../types.d.ts" */

/** @param {import("../platform/valibot.js").GenericSchema} schema @param {string} says @param {string} [type] @returns {Given} */
const json = (schema, says, type = "application/json") => ({ says, type, schema });
/** @param {string} says @returns {Given} */
const keySet = (says, schema = /** @type {typeof run.KeySet | typeof of.EncryptionKeys} */ (run.KeySet)) => json(schema, says, "application/jwk-set+json");
/** @param {string} says @param {string} [type] @returns {Given} */
const plain = (says, type) => ({ says, ...(type && { type }) });
const page = plain("A page.", "text/html");
const anew = plain("To the sign-in page once more, as another code came before; the second code is not used.");
const leadsBack = plain("To the campaign, with `#handstamp=<ticket>`.");

const CAMPAIGN = /** @type {const} */ ({ tag: "campaign", audience: "campaign" });
const LOGIN = /** @type {const} */ ({ tag: "login", audience: "browser", page: true });
const ACCOUNT = /** @type {const} */ ({ tag: "account", audience: "the account's programs" });
const CONNECTION = /** @type {const} */ ({ tag: "connection", audience: "IT administrator" });
const CONSOLE = /** @type {const} */ ({ tag: "console", audience: "people at the console", console: true, limit: "console" });
const OPERATIONS = /** @type {const} */ ({ tag: "operations", audience: "everybody" });
const CHEAP = { none: "It reads nothing that is stored, and caches keep it." };
const FILE = { none: "A static file." };
/** Of a change that may be made from the newest version alone. */
const IF_MATCH = { "If-Match": { type: "string", optional: true, description: "The ETag that the change was made from: refused where another version has come since." } };
const IF_NONE = { "If-None-Match": { type: "string", optional: true, description: "`*` writes only where there is nothing yet." } };

/** @type {Route[]} */
export const ROUTES = [
  // Called by the campaign's own pages.
  {
    ...CAMPAIGN, method: "POST", path: "/v1/token/admit", handler: admit, id: "admitToken", line: ["token", "admit"], limit: "admit", ownPage: true,
    does: "Verifies a token, judges its limit, and gives what it says of the participant.",
    body: jsonBody(play.AdmitRequest, TOKEN_BODY_BYTES),
    gives: { 200: json(play.Admitted, "The token is good; `decision` says whether this person may play.") },
    refuses: [401, 403, 404, 409, 422, 502],
  },
  {
    ...CAMPAIGN, method: "POST", path: "/v1/draft-campaign", handler: showDraft, id: "showDraft", line: ["campaign", "draft"], limit: "admit", ownPage: true,
    does: "Gives what the campaign's page shows of a draft, for the pass of a preview of it.",
    body: jsonBody(play.ShownRequest, TOKEN_BODY_BYTES),
    gives: { 200: json(play.Shown, "The campaign.") },
    refuses: [401, 404, 422],
  },
  {
    ...CAMPAIGN, method: "POST", path: "/v1/profile", handler: profile, id: "readProfile", line: ["token", "profile"], limit: "profile", ownPage: true,
    does: "Asks the account's profile API about the person, once for a token, and gives the values with a pass that holds them.",
    accountOf: (_context, { pass }) => accountOfPass(pass),
    body: jsonBody(play.ProfileRequest, BODY_BYTES),
    gives: { 200: json(play.Profiled, "The values; `decision` says whether this person may still play.") },
    refuses: [401, 404, 502],
  },
  {
    ...CAMPAIGN, method: "POST", path: "/v1/participations", handler: participate, id: "participate", line: ["token", "submit"], limit: "submit", ownPage: true,
    does: "Records a participation, once; `Idempotency-Key` makes every retry safe.",
    accountOf: (_context, { pass }) => accountOfPass(pass),
    headers: { "Idempotency-Key": { type: "string", minLength: 8, maxLength: 128, description: "The same for every retry of one submission." } },
    body: jsonBody(play.Submission, BODY_BYTES),
    gives: { 201: json(play.Recorded, "It is on disk. The same key with the same body is answered the same.") },
    refuses: [401, 404, 409, 422, 502],
  },
  {
    ...CAMPAIGN, method: "POST", path: "/v1/steps", handler: arrive, id: "countStep", line: ["campaign", "arrive"], limit: "step", ownPage: true,
    does: "Counts that a person has come to a step. Only a number is kept.",
    body: jsonBody(play.StepReached),
    gives: { 204: plain("Counted.") },
    refuses: [404],
  },
  {
    ...CAMPAIGN, method: "POST", path: "/v1/trails", handler: sayOnTrail, id: "sayOnTrail", line: ["campaign", "trail"], limit: "trail", ownPage: true,
    does: "Says what happened on a page that is being checked from the console. Nothing is kept unless somebody looks, and then in memory alone.",
    body: jsonBody(play.TrailSaid),
    gives: { 204: plain("Said.") },
    refuses: [404],
  },
  {
    ...CAMPAIGN, method: "GET", path: "/v1/drafts", handler: readOwnDraft, id: "readDraft", line: ["campaign", "draft"], limit: "draft_read", ownPage: true,
    does: "Gives what is kept under the proof of this browser.",
    query: play.DraftQuery,
    gives: { 200: json(play.DraftFound, "The draft, or null.") },
  },
  {
    ...CAMPAIGN, method: "POST", path: "/v1/drafts", handler: writeDraft, id: "keepDraft", line: ["campaign", "draft"], limit: "draft", ownPage: true,
    does: "Keeps step, answers and place for an hour, under the proof of this browser.",
    body: jsonBody(play.DraftRequest, DRAFT_BYTES + 1024, "draft_too_large"),
    gives: { 200: json(play.DraftKept, "`bind` is the hash of the proof.") },
    refuses: [404],
  },
  {
    ...CAMPAIGN, method: "POST", path: "/v1/oauth/redeem", handler: redeem, id: "redeemTicket", line: ["oauth", "redeem"], limit: "redeem", ownPage: true,
    does: "Trades a ticket and the proof of this browser for an admission.",
    body: jsonBody(play.RedeemRequest, 4096),
    gives: { 200: json(play.Redeemed, "Signed in.") },
    refuses: [401, 403, 404, 502],
  },
  {
    ...CAMPAIGN, method: "GET", path: "/campaign/{account}/{campaignId}", handler: campaignPage, id: "showCampaign", line: ["campaign", "open"], limit: "campaign", page: true,
    audience: "browser",
    does: "Shows the reference campaign, in a frame or a window of its own; sets the proof cookie.",
    query: play.CampaignQuery,
    gives: { 200: page },
    refuses: [403, 404],
  },

  // Navigations of a browser.
  {
    ...LOGIN, method: "GET", path: "/oauth/start", handler: start, id: "startLogin", line: ["oauth", "start"], limit: "start",
    does: "Goes to the account's sign-in page: seals the state with the page that the `Referer` proves, and sets the flow cookie. A top-level navigation only.",
    query: play.StartQuery,
    gives: {
      302: plain("To the sign-in page."),
      303: plain("Back to the campaign with `#handstamp=<ticket>`, as the identity provider cannot be used."),
    },
    refuses: [403, 404],
  },
  {
    ...LOGIN, method: "GET", path: "/oauth/callback", handler: callback, id: "finishLogin", line: ["oauth", "callback"], limit: "callback", accountOf: accountOfState,
    does: "Keeps the code under a ticket and leads back: the shared redirect URI.",
    gives: { 302: anew, 303: leadsBack },
    refuses: [400, 401, 403, 404],
  },
  {
    ...LOGIN, method: "GET", path: "/oauth/callback/{account}", handler: callback, id: "finishLoginOfAccount", line: ["oauth", "callback"], limit: "callback", accountOf: accountOfState,
    does: "The same for an account with a redirect URI of its own, which is the default.",
    gives: { 302: anew, 303: leadsBack },
    refuses: [400, 401, 403, 404],
  },
  {
    ...LOGIN, method: "GET", path: "/oauth/callback/{account}/{campaignId}", handler: callback, id: "finishLoginOfCampaign", line: ["oauth", "callback"], limit: "callback", accountOf: accountOfState,
    does: "The same for a campaign with an identity provider of its own.",
    gives: { 302: anew, 303: leadsBack },
    refuses: [400, 401, 403, 404],
  },
  {
    ...LOGIN, method: "POST", path: "/oauth/callback/{account}", handler: postedCallback, id: "finishPostedLogin", line: ["oauth", "callback"], limit: "callback", accountOf: accountOfPostedState,
    does: "The same for an identity provider that posts its answer (`responseMode` form_post).",
    body: unreadForm(play.PostedAnswer, POSTED_BYTES),
    gives: { 302: anew, 303: leadsBack },
    refuses: [400, 401, 403, 404],
  },
  {
    ...LOGIN, method: "POST", path: "/oauth/callback/{account}/{campaignId}", handler: postedCallback, id: "finishPostedLoginOfCampaign", line: ["oauth", "callback"], limit: "callback", accountOf: accountOfPostedState,
    does: "The same for a campaign's own identity provider that posts its answer.",
    body: unreadForm(play.PostedAnswer, POSTED_BYTES),
    gives: { 302: anew, 303: leadsBack },
    refuses: [400, 401, 403, 404],
  },

  // Called by the account's programs, with an access token.
  {
    ...ACCOUNT, method: "POST", path: "/v1/auth/token", handler: issueToken, id: "issueToken", line: ["api", "auth_token"], limit: "token", accountOf: accountOfClient,
    audience: "clients",
    does: "Trades a client's secret (RFC 6749 section 4.4), or a token that the account has just signed (RFC 7523), for an access token of one hour.",
    security: [{ client: [] }, {}],
    body: formBody(of.TokenRequest, TOKEN_BODY_BYTES),
    gives: { 200: json(of.AccessToken, "An ES256 JWT with `typ` at+jwt.") },
    refuses: [401],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}", handler: getAccount, id: "getAccount", line: ["api", "accounts"], limit: "account", scope: "accounts:read",
    does: "Gives the account document as it was sent; a shared callback or no limit that it kept by leaving `redirectUri` or `limit` out is written into it.",
    query: of.VersionQuery,
    gives: { 200: json(of.AccountDocument, "The document.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "PUT", path: "/v1/accounts/{account}", handler: putAccount, id: "putAccount", line: ["api", "accounts"], limit: "account", scope: "accounts:write",
    does: "Writes the account document. The same text again makes no new version. One that sends a stored secret to another place also takes the scope `secrets:write`.",
    headers: { ...IF_MATCH, ...IF_NONE },
    query: of.ChangeQuery,
    body: unreadBody(of.Document),
    gives: { 200: json(of.AccountKept, "In force here at once, everywhere within ten seconds.") },
    refuses: [404, 409, 412, 422],
  },
  {
    ...ACCOUNT, method: "DELETE", path: "/v1/accounts/{account}", handler: deleteAccount, id: "deleteAccount", line: ["api", "accounts"], limit: "account", scope: "clients",
    does: "Begins the end of an account: its campaigns take nothing from now on, and in 30 days everything of it is deleted. Takes the whole scope `accounts`. Said again, nothing changes.",
    query: of.ChangeQuery,
    gives: { 202: json(of.AccountEnding, "When it ends; until then it can be restored and exported.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/restore", handler: restoreAccount, id: "restoreAccount", line: ["api", "accounts_restore"], limit: "account", scope: "clients",
    does: "Takes the end of an account back, as long as it has not come. Takes the whole scope `accounts`, as the end does. An end that operators began is theirs to take back.",
    gives: { 200: json(of.AccountRestored, "The account goes on.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/export", handler: exportAccount, id: "exportAccount", line: ["api", "accounts_export"], limit: "account", scope: "accounts:read",
    does: "Gives everything of an account to take along, a line of JSON each: versions, names of secrets, clients, the audit list and, with the scope `statistics`, participations.",
    gives: { 200: plain("Lines of JSON, each with its `kind`.", "application/x-ndjson") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts", handler: listAccounts, id: "listAccounts", line: ["api", "accounts"], limit: "account", scope: "accounts:read", forOperators: true,
    does: "Lists the accounts in the order of their names, a page at a time. For operators.",
    query: of.AccountsQuery,
    gives: { 200: json(of.Accounts, "The accounts.") },
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/versions", handler: listVersions, id: "listVersions", line: ["api", "accounts_versions"], limit: "account", scope: "accounts:read",
    does: "Lists versions, newest first, with author and reason; the last hundred are kept.",
    gives: { 200: json(of.Versions, "The versions.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/differences", handler: compareVersions, id: "compareVersions", line: ["api", "accounts_differences"], limit: "account", scope: "accounts:read",
    does: "Tells what changed from one version to another, place by place.",
    query: of.DifferencesQuery,
    gives: { 200: json(of.Differences, "The changes.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/rollback", handler: rollBack, id: "rollBack", line: ["api", "accounts_rollback"], limit: "account", scope: "accounts:write",
    does: "Makes an earlier document the newest version. A key that has been revoked since stays revoked.",
    headers: IF_MATCH,
    body: jsonBody(of.RollbackRequest),
    gives: { 200: json(of.AccountKept, "The new version.") },
    refuses: [404, 409, 412, 422],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/campaigns", handler: listCampaigns, id: "listCampaigns", line: ["api", "accounts_campaigns"], limit: "campaigns", scope: "accounts:read",
    does: "Lists the campaigns with their states, those that are drafts alone too.",
    gives: { 200: json(of.Campaigns, "The campaigns.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/campaigns/{campaignId}/draft", handler: readCampaignDraft, id: "readCampaignDraft", line: ["api", "accounts_draft"], limit: "campaigns", scope: "accounts:read",
    does: "Gives the draft of a campaign, and why it cannot be published as it is.",
    gives: { 200: json(of.CampaignDraft, "The draft.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "PUT", path: "/v1/accounts/{account}/campaigns/{campaignId}/draft", handler: writeCampaignDraft, id: "writeCampaignDraft", line: ["api", "accounts_draft"], limit: "campaigns", scope: "accounts:write",
    does: "Keeps the draft of a campaign, faults and all. Nobody can play it but by a preview. An account has at most a hundred.",
    headers: { ...IF_MATCH, ...IF_NONE },
    body: jsonBody(of.CampaignDraftRequest, BODY_BYTES),
    gives: { 200: json(of.CampaignDraft, "The draft as it is kept.") },
    refuses: [404, 412, 422],
  },
  {
    ...ACCOUNT, method: "DELETE", path: "/v1/accounts/{account}/campaigns/{campaignId}/draft", handler: discardCampaignDraft, id: "discardCampaignDraft", line: ["api", "accounts_draft"], limit: "campaigns", scope: "accounts:write",
    does: "Discards the draft of a campaign; what is published stays.",
    headers: IF_MATCH,
    gives: { 204: plain("Done.") },
    refuses: [404, 412],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/campaigns/{campaignId}/publication", handler: publishCampaign, id: "publishCampaign", line: ["api", "accounts_publication"], limit: "campaigns", scope: "accounts:write",
    does: "Publishes the draft of a campaign: it becomes part of the newest version of the document, and ends. Refused where the campaign was changed since the draft was made from it.",
    headers: IF_MATCH,
    query: of.ChangeQuery,
    gives: { 200: json(of.AccountKept, "The new version.") },
    refuses: [404, 409, 412, 413, 422],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/secrets", handler: listSecrets, id: "listSecrets", line: ["api", "accounts_secrets"], limit: "account", scope: "accounts:read",
    does: "Lists the names and purposes of the secrets; no value is ever read back.",
    gives: { 200: json(of.Secrets, "Names, purposes and dates.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "PUT", path: "/v1/accounts/{account}/secrets/{name}", handler: putSecret, id: "putSecret", line: ["api", "accounts_secrets"], limit: "account", scope: "secrets:write",
    does: 'Writes a secret that documents name as `{ "secret": "NAME" }`, for one purpose.',
    body: jsonBody(of.SecretRequest, BODY_BYTES),
    gives: { 204: plain("Done.") },
    refuses: [404, 422],
  },
  {
    ...ACCOUNT, method: "DELETE", path: "/v1/accounts/{account}/secrets/{name}", handler: deleteSecret, id: "deleteSecret", line: ["api", "accounts_secrets"], limit: "account", scope: "secrets:write",
    does: "Deletes a secret that the document in force does not name.",
    gives: { 204: plain("Done.") },
    refuses: [404, 409],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/keys", handler: listKeys, id: "listKeys", line: ["api", "accounts_keys"], limit: "account", scope: "accounts:read",
    does: "Lists the keys of secure tokens in time: status, since, until, last use, the keys that a set publishes, the next step of the rotation, and warnings.",
    gives: { 200: json(of.Keys, "No key and no secret.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/keys", handler: rotate, id: "rotateKeys", line: ["api", "accounts_keys"], limit: "account", scope: "secrets:write",
    does: "Takes one step of a rotation, by the rules of `handstamp keys rotate`: `add`, `activate`, `drop`, or `revoke` for a key that somebody else may have. Also takes `accounts:write`.",
    body: jsonBody(of.RotationRequest, BODY_BYTES),
    gives: { 200: json(of.Rotated, "The new version; a secret that was made is shown this once.") },
    refuses: [404, 409, 422],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/clients", handler: listClients, id: "listClients", line: ["api", "accounts_clients"], limit: "account", scope: "accounts:read",
    does: "Lists the API clients, oldest first; no secret is ever read back.",
    gives: { 200: json(of.Clients, "Ids, scopes and dates.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/audit", handler: listAudit, id: "listAudit", line: ["api", "accounts_audit"], limit: "account", scope: "accounts:read",
    does: "Lists what was done to the account, by whom and when, newest first. Nothing takes an entry away; each is kept for 400 days.",
    query: of.AuditQuery,
    gives: { 200: json(of.Audit, "The entries.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/clients", handler: createClient, id: "createClient", line: ["api", "accounts_clients"], limit: "account", scope: "clients",
    does: "Makes an API client of the account, with no scope that the caller does not have.",
    body: jsonBody(of.ClientRequest),
    gives: { 201: json(of.Client, "The secret is shown this once.") },
    refuses: [404, 422],
  },
  {
    ...ACCOUNT, method: "DELETE", path: "/v1/accounts/{account}/clients/{client}", handler: deleteClient, id: "deleteClient", line: ["api", "accounts_clients"], limit: "account", scope: "clients",
    does: "Removes an API client, and with it its access tokens.",
    gives: { 204: plain("Done.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/previews", handler: createPreview, id: "createPreview", line: ["api", "accounts_previews"], limit: "account", scope: "accounts:read",
    does: "Makes a link to try a campaign out, as a person of choice or as anybody. Nothing is recorded with it.",
    body: jsonBody(of.PreviewRequest, 8192),
    gives: { 201: json(of.Preview, "The link, with the pass in its fragment.") },
    refuses: [404, 422],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/webhook", handler: deadLetters, id: "listDeadLetters", line: ["api", "accounts_webhook"], limit: "account", scope: "accounts:read",
    does: "Lists participations that the webhook did not take after every attempt.",
    gives: { 200: json(of.DeadLetters, "Oldest first, at most 500.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/webhook/replay", handler: replay, id: "replayDeadLetters", line: ["api", "accounts_webhook_replay"], limit: "account", scope: "accounts:write",
    does: "Sends them again.",
    gives: { 200: json(of.Replayed, "How many, and whether more are left.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/trails/{trail}", handler: lookAtTrail, id: "lookAtTrail", line: ["api", "accounts_trail"], limit: "trail", scope: "accounts:read",
    does: "Gives what campaigns said on pages whose URL has `?handstamp-debug=<trail>`, from the first look on. The person who looks chooses the trail: 22 random characters of base64url.",
    gives: { 200: json(of.Trail, "The events so far.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/statistics/{account}", handler: accountStatistics, id: "readAccountStatistics", line: ["api", "statistics"], limit: "statistics", scope: "statistics", statistics: true,
    does: "Gives every campaign of the account in numbers.",
    query: people.AccountStatisticsQuery,
    gives: { 200: json(people.AccountStatistics, "As of `asOf`.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/statistics/{account}/{campaignId}", handler: statistics, id: "readStatistics", line: ["api", "statistics"], limit: "statistics", scope: "statistics", statistics: true,
    does: "Gives counts, how far people came, refusals by reason over time, and rows, newest first; as JSON or CSV.",
    query: people.StatisticsQuery,
    gives: { 200: { ...json(people.Statistics, "As of `asOf`; what was recorded just now may follow."), also: "text/csv" } },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/participants/{account}/export", handler: exportBySubject, id: "exportBySubject", line: ["api", "participants"], limit: "participant", scope: "participants",
    does: "Gives everything that is kept of one person in all campaigns of the account, for any subject.",
    body: jsonBody(people.PersonRequest, 4096),
    gives: { 200: json(people.Person, "Nothing is an answer too.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/participants/{account}/erase", handler: eraseBySubject, id: "eraseBySubject", line: ["api", "participants"], limit: "participant", scope: "participants",
    does: "Erases one person everywhere, for any subject: records, counts, outbox, statistics, profiles. Passes from before are refused. Safe to repeat.",
    body: jsonBody(people.PersonRequest, 4096),
    gives: { 200: json(people.Erased, "How much each place held.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/participants/{account}/{subject}", handler: exportParticipant, id: "exportParticipant", line: ["api", "participants"], limit: "participant", scope: "participants",
    does: "Gives everything that is kept of one person in all campaigns of the account, where a path can carry the subject.",
    gives: { 200: json(people.Person, "Nothing is an answer too.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "DELETE", path: "/v1/participants/{account}/{subject}", handler: eraseParticipant, id: "eraseParticipant", line: ["api", "participants"], limit: "participant", scope: "participants",
    does: "Erases one person everywhere, where a path can carry the subject: records, counts, outbox, statistics, profiles. Safe to repeat.",
    gives: { 200: json(people.Erased, "How much each place held.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/crypto/encrypt", handler: encrypt, id: "encryptToken", line: ["api", "crypto_encrypt"], limit: "crypto", scope: "crypto",
    does: "Encrypts a token that is signed with the account's keys. Nothing of it is stored.",
    body: jsonBody(of.EncryptRequest, TOKEN_BODY_BYTES),
    gives: { 200: json(of.Encrypted, "Under a content key that is new for each token.") },
    refuses: [404, 409, 422],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/crypto/{account}/jwks.json", handler: encryptionKeys, id: "readEncryptionKeys", line: ["api", "crypto_jwks_json"], limit: "jwks",
    audience: "everybody",
    does: "Gives the public keys for customers who encrypt their tokens themselves.",
    gives: { 200: keySet("A key set; empty where the account shares a secret instead.", of.EncryptionKeys) },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/refusals", handler: listRefusals, id: "listRefusals", line: ["api", "refusals"], limit: "refusals", scope: "refusals",
    does: "Lists a hundred refusals, of each code and campaign the newest, so that many of one do not hide the others.",
    query: of.RefusalsQuery,
    gives: { 200: json(of.RefusalList, "Newest first.") },
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/refusals/{ref}", handler: getRefusal, id: "getRefusal", line: ["api", "refusals"], limit: "refusals", scope: "refusals",
    does: "Tells why a participant was refused.",
    query: of.RefusalQuery,
    gives: { 200: json(of.RefusalReport, "The cause, and who can put it right.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/explain", handler: explain, id: "explainToken", line: ["api", "explain"], limit: "explain", scope: "explain",
    does: "Tells every check of a token with its outcome.",
    body: jsonBody(of.ExplainRequest, TOKEN_BODY_BYTES),
    gives: { 200: json(of.Report, "The report.") },
    refuses: [404],
  },

  // People at the console. With their session in the place of an access token they call the routes above, too.
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/people", handler: listPeople, id: "listPeople", line: ["api", "accounts_people"], limit: "account", scope: "people",
    does: "Lists the people who sign in to the console, and the invitations that are open.",
    gives: { 200: json(desk.People, "Names and roles; of passkeys nothing.") },
    refuses: [404],
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/invitations", handler: invite, id: "invitePerson", line: ["api", "accounts_invitations"], limit: "account", scope: "people",
    does: "Invites a person to the console with a role that has no scope which the caller does not have: a link for seven days, good once. Its secret is in the fragment.",
    body: jsonBody(desk.InvitationRequest),
    gives: { 201: json(desk.Invitation, "Opening the link uses nothing up; making a passkey does.") },
    refuses: [404, 422],
  },
  {
    ...ACCOUNT, method: "DELETE", path: "/v1/accounts/{account}/people/{person}", handler: removePerson, id: "removePerson", line: ["api", "accounts_people"], limit: "account", scope: "people",
    does: "Removes a person with passkeys and sessions, or withdraws an invitation, by its ID. Nothing of them is kept here.",
    gives: { 204: plain("Done.") },
    refuses: [404],
  },
  {
    ...CONSOLE, method: "POST", path: "/v1/console/invitation", handler: openInvitation, id: "openInvitation", line: ["console", "invitation"],
    does: "Looks at an invitation, and says how the browser makes a passkey for it. The invitation stays whole.",
    body: jsonBody(desk.InvitationSecret),
    gives: { 200: json(desk.Invited, "For navigator.credentials.create.") },
    refuses: [401],
  },
  {
    ...CONSOLE, method: "POST", path: "/v1/console/passkeys", handler: enrol, id: "enrolPerson", line: ["console", "enrol"],
    does: "Trades an invitation for a passkey, and signs the person in. The passkey replaces all earlier ones of this person.",
    body: jsonBody(desk.Enrolment, 16_384),
    gives: { 201: json(desk.Session, "The session cookie is set for twelve hours.") },
    refuses: [401],
  },
  {
    ...CONSOLE, method: "POST", path: "/v1/console/challenge", handler: challenge, id: "challengePerson", line: ["console", "challenge"],
    does: "Says what a passkey is asked to sign.",
    body: jsonBody(desk.AccountNamed),
    gives: { 200: json(desk.PasskeyOptions, "For navigator.credentials.get.") },
  },
  {
    ...CONSOLE, method: "POST", path: "/v1/console/session", handler: signIn, id: "signInPerson", line: ["console", "sign_in"],
    does: "Signs a person in with a passkey, or confirms with it a change that needs it again.",
    body: jsonBody(desk.SignIn, 16_384),
    gives: { 200: json(desk.Session, "The session cookie is set for twelve hours.") },
    refuses: [401],
  },
  {
    ...CONSOLE, method: "GET", path: "/v1/console/session", handler: whoAmI, id: "readSession", line: ["console", "session"],
    does: "Says who is signed in, and what their role may do.",
    query: desk.SessionQuery,
    gives: { 200: json(desk.Session, "The person.") },
    refuses: [401],
  },
  {
    ...CONSOLE, method: "DELETE", path: "/v1/console/session", handler: signOut, id: "signOutPerson", line: ["console", "sign_out"],
    does: "Signs a person out.",
    query: desk.SessionQuery,
    gives: { 204: plain("The session is gone.") },
  },

  // The customer's IT administrator, who comes by a one-time link.
  {
    ...CONNECTION, method: "POST", path: "/v1/accounts/{account}/connection-links", handler: createConnectionLink, id: "createConnectionLink", line: ["api", "accounts_connection_links"], limit: "account", scope: "accounts:write",
    does: "Makes a link for the customer's IT administrator: five minutes, good once. Its secret is in the fragment.",
    gives: { 201: json(trial.ConnectionLink, "To be handed over by a safe way.") },
    refuses: [404],
  },
  {
    ...CONNECTION, method: "POST", path: "/v1/connections", handler: openConnection, id: "openConnection", line: ["api", "connections"], limit: "connection",
    does: "Trades a link for half an hour, and tells what to register at the identity provider.",
    body: jsonBody(trial.LinkRequest),
    gives: { 200: json(trial.Connection, "The link is used up now.") },
    refuses: [401, 404],
  },
  {
    ...CONNECTION, method: "POST", path: "/v1/connections/test", handler: testConnection, id: "testConnection", line: ["api", "connections_test"], limit: "connection",
    does: "Tries out settings, discovery, keys and the way to the sign-in page. Sets the flow cookie of that login.",
    security: [{ connection: [] }],
    body: jsonBody(trial.TrialRequest),
    gives: { 200: json(trial.ConnectionTest, "Each step; go to `login` for the rest.") },
    refuses: [401, 404],
  },
  {
    ...CONNECTION, method: "POST", path: "/v1/connections/login", handler: finishConnection, id: "finishConnection", line: ["api", "connections_login"], limit: "connection",
    does: "Tries out the rest: login, exchange, profile, and the form beside the redacted claims. The redacted claims are kept for half an hour, for the mapping.",
    security: [{ connection: [] }],
    body: jsonBody(trial.TrialLoginRequest),
    gives: { 200: json(trial.ConnectionLogin, "Nobody is admitted.") },
    refuses: [401, 404],
  },
  {
    ...ACCOUNT, method: "GET", path: "/v1/accounts/{account}/trial", handler: lastTrial, id: "readTrial", line: ["api", "accounts_trial"], limit: "account", scope: "accounts:read",
    does: "Gives what the last trial of a sign-in brought, for half an hour: steps, and claims by place, type and length.",
    gives: { 200: json(trial.LastTrial, "No values; null where there was none.") },
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/key-set", handler: lookAtKeySet, id: "lookAtKeySet", line: ["api", "accounts_key_set"], limit: "account", scope: "accounts:write",
    does: "Fetches a key set and judges each key, before its URL is written into the document. Nothing is kept.",
    body: jsonBody(trial.KeySetRequest, 4096),
    gives: { 200: json(trial.Judged, "The keys, or what is wrong.") },
  },
  {
    ...ACCOUNT, method: "POST", path: "/v1/accounts/{account}/discovery", handler: lookAtIssuer, id: "lookAtIssuer", line: ["api", "accounts_discovery"], limit: "account", scope: "accounts:write",
    does: "Reads the metadata of an identity provider as a sign-in would, before its issuer is written into the document. Nothing is kept.",
    body: jsonBody(trial.IssuerRequest, 4096),
    gives: { 200: json(trial.Judged, "The endpoints, or what is wrong.") },
  },

  // Operations.
  {
    ...OPERATIONS, method: "GET", path: "/.well-known/jwks.json", handler: jwks, id: "readKeys", line: ["operations", "_well_known_jwks_json"], limit: CHEAP,
    does: "Gives the keys of our access tokens.",
    gives: { 200: keySet("A key set.") },
  },
  {
    ...OPERATIONS, method: "GET", path: "/openapi.json", handler: openapi, id: "describe", line: ["operations", "openapi_json"], limit: CHEAP,
    does: "Describes the API.",
    gives: { 200: plain("An OpenAPI 3.1 document.", "application/json") },
  },
  {
    ...OPERATIONS, method: "GET", path: "/healthz", handler: healthz, id: "health", line: ["operations", "healthz"], limit: { none: "A monitor that is sent away takes the worker for dead." }, always: true,
    does: "Says that the worker runs.",
    gives: { 200: json(run.Health, "It runs.") },
  },
  {
    ...OPERATIONS, method: "GET", path: "/readyz", handler: readyz, id: "readiness", line: ["operations", "readyz"], limit: "ready", always: true,
    does: "Says that the deployment can do its work.",
    gives: { 200: json(run.Readiness, "It can.") },
    refuses: [500, 503],
  },
  {
    ...OPERATIONS, method: "GET", path: "/metrics", handler: metrics, id: "readMetrics", line: ["operations", "metrics"], limit: "metrics", scope: "statistics", forOperators: true, openInDevelopment: true,
    does: "Gives decisions, durations and ages in the text format of OpenMetrics. For operators, but in development.",
    gives: { 200: plain("OpenMetrics 1.0.", "application/openmetrics-text") },
  },
  {
    ...OPERATIONS, method: "GET", path: "/v1/overview", handler: overview, id: "readOverview", line: ["api", "overview"], limit: "overview", scope: "statistics", forOperators: true,
    does: "Gives what the operators' page shows: the last day of decisions, durations and ages, and the keys of the accounts.",
    gives: { 200: json(run.Overview, "The last day.") },
  },
  {
    ...OPERATIONS, method: "GET", path: "/version", handler: versions, id: "version", line: ["operations", "version"], limit: CHEAP,
    does: "Says which version runs.",
    gives: { 200: json(run.Version, "The version.") },
  },

  {
    ...OPERATIONS, method: "GET", path: "/", handler: home, id: "home", line: ["operations", "home"], limit: CHEAP, page: true,
    does: "Says what this is; in development, leads to the demo.",
    gives: { 200: { ...json(run.Home, "What this is."), also: "text/html" }, 302: plain("To the demo.") },
  },

  // Pages. They are not part of the API.
  { method: "GET", path: "/stats/{account}", handler: managerPage, audience: "campaign managers", line: ["operations", "stats"], limit: FILE, page: true, does: "The statistics as a page, in the account's language.", gives: { 200: page } },
  { method: "GET", path: "/connect/{account}", handler: connectionPage, audience: "IT administrator", line: ["operations", "connect"], limit: FILE, page: true, does: "The page of the link: to copy, and to test.", gives: { 200: page } },
  { method: "GET", path: "/console/", handler: consolePage, audience: "people at the console", line: ["console", "page"], limit: FILE, page: true, does: "The console, which asks for the account.", gives: { 200: page, 302: plain("To the console’s own origin.") } },
  { method: "GET", path: "/console/{account}", handler: consolePage, audience: "people at the console", line: ["console", "page"], limit: FILE, page: true, does: "The console of an account: sign-on, keys, people.", gives: { 200: page, 302: plain("To the console’s own origin.") } },
  { method: "GET", path: "static", handler: asset, audience: "everybody", line: ["static", "file"], limit: FILE, page: true, does: "The static files of our own origin: tag, guides, diagnosis and the other pages.", gives: { 200: page } },
];
