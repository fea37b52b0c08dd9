// The reference campaign: reads its data, finds its host, and plays.

import { pageData, readCampaign } from "./campaign.js";
import { openHost } from "./host/host.js";
import { openWindow } from "./host/window.js";
import { createPlay } from "./play.js";
import { openScreen } from "./screen.js";
import { Session } from "./session.js";
import { isTested } from "./tested.js";

const shell = readCampaign(pageData());
/** @type {{ campaign: typeof shell, refused?: string, step?: import("./campaign.js").Step }} */
const { campaign, refused, step } = shell.draft ? await (await import("./draft.js")).readDraft(shell) : { campaign: shell };
const root = /** @type {HTMLElement} */ (document.querySelector("main"));
document.documentElement.lang = campaign.lang;

const session = new Session(campaign);
const opened = session.open();

/** Shows this page in another language. @param {string} lang */
function showIn(lang) {
  const query = new URLSearchParams(location.search);
  query.set("lang", lang);
  location.search = query.toString();
}

/** The page, or the way back from a login, asks for a language; what the participant chose stands above both. */
async function turnToChosen() {
  const { lang } = session.kept;
  if (lang === campaign.lang || !campaign.languages.includes(lang)) return;
  showIn(lang);
  await new Promise(() => {});
}

// A window of our own has its token or link in the address, which it leaves only once the page stays.
if (window.parent === window) await opened.then(turnToChosen);
// A draft stands on no page with the tag.
const [host] = await Promise.all([shell.draft ? openWindow(campaign) : openHost(campaign), opened]);
await turnToChosen();
session.tested = isTested(campaign, host);
if (session.tested) session.kept.preview = true;
const screen = openScreen(root, host, campaign.brand);
// The page names its file of words, so that both come at once; a draft says only now which one it is.
const { [campaign.words]: ours } = await import(`/campaign/languages/${campaign.words}.js`);
const play = createPlay(campaign, session, host, screen, ours);

if (campaign.languages.length > 1) {
  screen.offerLanguages(campaign.languages, campaign.lang, play.say("language"), async (chosen) => {
    play.keep({ lang: chosen, turned: true });
    await session.settled();
    showIn(chosen);
  });
}
screen.wait(play.title, play.say("loading"));
if (window.parent === window) {
  const { ticket } = await host.arrival();
  const isPopup = ticket !== null || location.search.includes("popup");
  const standIn = isPopup && (await import("./popup/window.js")).standIn;
  if (standIn && (await standIn(campaign, ticket, screen, play.say))) await new Promise(() => {});
}
host.event("ready", { title: play.title });
if (refused) play.refuse({ kind: "error", reason: refused });
else await play.arrive();
if (step && session.kept.pass) play.go(step);

// Back from the login page by the browser's own button: the page is as it was left, in the middle of leaving.
addEventListener("pageshow", ({ persisted }) => persisted && play.draw());
