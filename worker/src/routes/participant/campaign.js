// GET /campaign/{account}/{campaignId}: the shell of the reference campaign. It is what a frame shows, so it
// sets the proof cookie and says who may frame it; script and style are static files of our own origin.

import { seenBy } from "../../accounts/drafted.js";
import { campaignOf, firstLookOf, loadAccount } from "../../accounts/held.js";
import { openPass } from "../../accounts/seals.js";
import { json } from "../../http/answers.js";
import { newProof, proofCookie, proofs } from "../../http/cookies.js";
import { escapeHtml } from "../../http/error_page.js";
import { count } from "../../observe/funnel.js";
import { accepted, base, direction } from "../../http/languages.js";
import { spokenFor } from "../../http/page_words.js";
import { fieldRules, version } from "../../platform/handstamp.js";
import { LANGUAGE } from "../../platform/names.js";
import { under } from "../../platform/under.js";
import { momentsOf, phaseOf } from "../../sign_in/period.js";
import { isFull } from "../../sign_in/places.js";
import { Refusal } from "../../http/problem.js";
import { inLanguage, urlIn } from "../../http/texts.js";
import { partsOf, wordsOf } from "../../record/wording.js";

/** @import { ShownRequest } from "../../schemas/campaign.js" */
/** @import { AccountDocument, Asked, Campaign, Context, Handler, ToTag } from "../../types.d.ts" */

/** @type {Handler} */
export async function campaignPage(context) {
  try {
    return await page(context);
  } catch (fault) {
    if (fault instanceof Refusal) fault.answer.toTag = sayingOf(fault, context);
    throw fault;
  }
}

/**
 * The sentence for whoever puts the tag into a page.
 * @param {Refusal} refusal
 * @param {Context} context
 * @returns {ToTag | undefined}
 */
function sayingOf({ code, detail }, { params: { account, campaignId } }) {
  if (code === "account_unknown") return { code: "E_ACCOUNT", says: `There is no account ${account}.` };
  if (code === "campaign_unknown") return { code: "E_CAMPAIGN", says: `The account ${account} has no campaign ${campaignId}.` };
  if (code === "origin_unlisted") return { code: "E_ORIGIN", says: `Add ${detail.got} to the origins of account ${account}.` };
  return undefined;
}

/**
 * Refuses a page that may not show the campaign, as far as the browser says which it is. The policy of the campaign's own page
 * holds for all: this only has words for it, where a blocked frame has none.
 * @param {Context} context
 * @param {string[]} origins
 */
function checkHost({ config, params, request: { headers } }, origins) {
  const origin = hostOf({ headers });
  if (!/^i?frame$/.test(headers.get("sec-fetch-dest") ?? "") || !origin || origin === config.publicUrl || origins.includes(origin)) return;
  const url = `${config.publicUrl}/campaign/${params.account}/${params.campaignId}`;
  throw new Refusal("origin_unlisted", { expected: "an origin of the account", got: origin }, { wayOn: { url, to: "campaign" } });
}

/** The origin of the page that shows the campaign, as far as the browser says it. @param {Pick<Request, "headers">} request */
const hostOf = ({ headers }) => URL.parse(headers.get("referer") ?? "")?.origin;

/** @param {Context} context */
async function page(context) {
  const { config, env, now, params, request, url } = context;
  const { account, campaignId } = params;
  const held = await loadAccount(env, config, account, { now });
  if (url.searchParams.has("draft")) return draftPage(context);
  const campaign = campaignOf(held, campaignId);
  const { origins, testOrigins = [] } = held.document;
  const hosts = [...origins, ...testOrigins];
  checkHost(context, hosts);
  const preview = testOrigins.includes(hostOf(request) ?? "");
  context.facts.version = held.version;
  const lang = languageOf(campaign, url.searchParams.get("lang"), request.headers.get("accept-language"));
  if (!preview && !url.searchParams.has("popup") && request.method === "GET") count(context, account, campaignId, "opened");
  const { siteKey } = (campaign.signIn.includes("anonymous") && held.document.challenge) || {};
  const challenge = siteKey === undefined ? undefined : { siteKey, url: config.challengeUrl };
  const settings = campaign.signIn.includes("token") && (await firstLookOf(held, campaignId));
  const look = settings ? { settings, now: Math.floor(now / 1000) } : undefined;
  const period = preview ? undefined : periodData(campaign, now);
  const full = !preview && (await isFull(env, config, { account, campaignId, campaign }, now));
  const data = { ...campaignData(held.document, campaign, campaignId, lang), preview, challenge, period, full, look };
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-language": lang,
    vary: "accept-language",
    "content-security-policy": policy(hosts, challenge?.url),
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    // To our own start, where it proves that the sign-in was begun here; to nobody else.
    "referrer-policy": "same-origin",
  });
  // A proof that came stays: it is what a login under way will be redeemed with.
  if (proofs(request).length === 0) headers.append("set-cookie", proofCookie(newProof()));
  return new Response(shell(data, themeOf(url.searchParams.get("theme"))), { headers });
}

/**
 * The page of a preview of a draft. Nothing of the draft is in it: the pass, which has not been shown yet, stands in the
 * fragment. The console shows it in a frame.
 * @param {Context} context
 */
function draftPage({ config, params: { account, campaignId }, request, url }) {
  const lang = accepted(request.headers.get("accept-language")).find((one) => LANGUAGE.test(one)) ?? "en";
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": policy([config.consoleUrl]),
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
  });
  return new Response(shell({ account, campaignId, title: campaignId, lang, words: spokenFor(lang), draft: true }, themeOf(url.searchParams.get("theme"))), { headers });
}

/** POST /v1/draft-campaign: what the page shows, for the pass. @param {Asked<typeof ShownRequest>} context */
export async function showDraft(context) {
  const { body: { account, campaignId, lang: asked, pass: text }, config, env, now, request } = context;
  const pass = openPass(config, text, { now: Math.floor(now / 1000) });
  if (typeof pass.preview !== "object" || pass.preview.draft !== true || pass.account !== account || pass.campaignId !== campaignId) throw new Refusal("pass_invalid");
  const { document } = await seenBy(env, config, await loadAccount(env, config, account, { now, fresh: true }), pass);
  const campaign = under(document.campaigns, campaignId);
  if (!campaign) throw new Refusal("campaign_unknown");
  const lang = languageOf(campaign, asked ?? null, request.headers.get("accept-language"));
  return json({ campaign: { ...campaignData(document, campaign, campaignId, lang), draft: true, dir: direction(lang), period: periodData(campaign, now) } });
}

/**
 * The language that is asked for, by the page or else by the browser, as far as the campaign speaks it.
 * @param {Campaign} campaign
 * @param {string | null} asked
 * @param {string | null} header Accept-Language
 */
function languageOf(campaign, asked, header) {
  const languages = campaign.languages?.length ? campaign.languages : ["en"];
  const wanted = asked && LANGUAGE.test(asked) ? [asked] : accepted(header);
  const found = wanted.map((one) => languages.find((lang) => lang === one) ?? languages.find((lang) => base(lang) === base(one)));
  return found.find(Boolean) ?? languages[0];
}

/**
 * The colours of the page: `light` or `dark`, by default as the browser prefers, and `transparent` for the host page's own
 * ground. Words that are not known change nothing.
 * @param {string | null} asked words apart by white space
 */
function themeOf(asked) {
  const words = (asked ?? "").split(/\s+/);
  const scheme = ["light", "dark"].find((word) => words.includes(word));
  return { scheme: scheme ?? "light dark", isClear: words.includes("transparent") };
}

/** When the dark colours count, by scheme. @type {Record<string, string>} */
const DARK = { light: "not all", dark: "all", "light dark": "(prefers-color-scheme: dark)" };

/** @param {string[]} origins @param {string} [challengeUrl] origin of the challenge's widget, where there is one */
function policy(origins, challengeUrl) {
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", challengeUrl].filter(Boolean).join(" "),
    ...(challengeUrl ? [`frame-src ${challengeUrl}`] : []),
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${["'self'", ...origins].join(" ")}`,
  ].join("; ");
}

/**
 * The phase of a campaign, and its times with the zone that they are shown in.
 * @param {Campaign} campaign
 * @param {number} now milliseconds
 */
function periodData(campaign, now) {
  const { starts, ends } = momentsOf(campaign);
  const { phase } = phaseOf(campaign, now);
  // To a visitor it is over, whatever its dates were.
  if (phase === "archived") return { phase: /** @type {const} */ ("over"), timeZone: campaign.timeZone ?? "UTC" };
  return { phase, ...(starts !== undefined && { starts }), ...(ends !== undefined && { ends }), timeZone: campaign.timeZone ?? "UTC" };
}

/**
 * What the page may know: the campaign in one language, and nothing of login settings. What it may look at of a token
 * comes from the core.
 * @param {AccountDocument} document
 * @param {Campaign} campaign
 * @param {string} campaignId
 * @param {string} lang
 */
function campaignData(document, campaign, campaignId, lang) {
  const { fields, optins, questions = [], signIn, login, form, record = [], brand = {}, exit = {} } = campaign;
  return {
    account: document.account,
    campaignId,
    title: inLanguage(campaign.title, lang) ?? campaignId,
    lang,
    words: spokenFor(lang),
    languages: campaign.languages ?? [lang],
    steps: ["intro", ...(questions.length > 0 ? ["questions"] : []), "identityset", "exit"],
    questions: questions.map(({ id, text, choices = [] }) => ({
      id,
      text: inLanguage(text, lang) ?? id,
      choices: choicesIn(choices, lang),
    })),
    fields: fields.filter(({ type }) => type !== "hidden").map(({ label, choices, ...field }) => ({
      ...field,
      label: inLanguage(label, lang) ?? field.name,
      ...(choices && { choices: choicesIn(choices, lang) }),
    })),
    optins: optins.map((optin) => {
      const parts = partsOf(optin, lang);
      return { name: optin.name, required: optin.required ?? false, wording: wordsOf(parts), ...(optin.links && { parts }) };
    }),
    fieldRules: fieldRules(),
    // In this language alone: where the account has none, the page's own words are in it.
    texts: campaign.texts?.[lang] ?? campaign.texts?.[base(lang)] ?? {},
    signIn,
    login,
    registers: signIn.includes("oauth") && (campaign.oauth ?? document.oauth)?.register !== undefined,
    form,
    brand,
    exit: { url: urlIn(exit.url, lang), share: urlIn(exit.share, lang) },
    // What the page itself must say, if it is to be recorded.
    record: record.filter((name) => ["source", "duration", "step"].includes(name)),
    // By their places, as a sign-in names the one to return to.
    origins: [...document.origins, ...(document.testOrigins ?? [])],
    testOrigins: document.testOrigins ?? [],
    version,
  };
}

/** @param {import("../../types.d.ts").Choice[]} choices @param {string} lang */
const choicesIn = (choices, lang) => choices.map(({ id, text }) => ({ id, text: inLanguage(text, lang) ?? id }));

/**
 * @param {{ lang: string, words: string, title: string, account: string, campaignId: string, draft: true } | ReturnType<typeof campaignData> & { preview: boolean, full: boolean, period?: ReturnType<typeof periodData>, challenge?: { siteKey: string, url: string }, look?: { settings: object, now: number } }} data
 * @param {ReturnType<typeof themeOf>} theme
 */
function shell(data, { scheme, isClear }) {
  // `<` must not appear in the block: a browser ends it at the first closing tag, wherever that stands.
  const block = JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return `<!doctype html>
<html lang="${escapeHtml(data.lang)}" dir="${direction(data.lang)}"${isClear ? ' class="clear"' : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${scheme}">
<meta name="robots" content="noindex">
<title>${escapeHtml(data.title)}</title>
<link rel="stylesheet" href="/campaign/style.css">
<link rel="stylesheet" href="/campaign/dark.css" media="${DARK[scheme]}">
<script type="application/json" id="campaign">${block}</script>
<script type="module" src="/campaign/languages/${data.words}.js"></script>
<script type="module" src="/campaign/app.js"></script>
</head>
<body>
<main id="app" aria-live="polite"><div class="skeleton" aria-hidden="true">${"<i></i>".repeat(5)}</div></main>
<noscript>This campaign needs JavaScript.</noscript>
</body>
</html>
`;
}
