// The reference campaign: reads its data, finds its host, and plays.

import { readCampaign } from "./campaign.js";
import { openHost } from "./host/host.js";
import { createPlay } from "./play.js";
import { openScreen } from "./screen.js";
import { Session } from "./session.js";
import { isTested } from "./tested.js";

const campaign = readCampaign(document);
const root = /** @type {HTMLElement} */ (document.querySelector("main"));
document.documentElement.lang = campaign.lang;

const session = new Session(campaign);
const [host] = await Promise.all([openHost(campaign), session.open()]);
session.tested = isTested(campaign, host);
if (session.tested) session.kept.preview = true;
/** Shows this page in another language. @param {string} lang */
function showIn(lang) {
  const query = new URLSearchParams(location.search);
  query.set("lang", lang);
  location.search = query.toString();
}

// The page, or the way back from a login, asks for a language; what the participant chose stands above both.
const { lang } = session.kept;
if (lang !== campaign.lang && campaign.languages.includes(lang)) {
  showIn(lang);
  await new Promise(() => {});
}
const screen = openScreen(root, host);
const play = createPlay(campaign, session, host, screen);

if (campaign.languages.length > 1) {
  screen.offerLanguages(campaign.languages, campaign.lang, play.say("language"), async (chosen) => {
    play.keep({ lang: chosen });
    await session.settled();
    showIn(chosen);
  });
}
screen.wait(play.title, play.say("loading"));
host.event("ready", { title: play.title });
await play.arrive();

// Back from the login page by the browser's own button: the page is as it was left, in the middle of leaving.
addEventListener("pageshow", ({ persisted }) => persisted && play.draw());
