// The diagnosis page: whatever is pasted is judged at once, and again with each second and each change.

import "./silence.js";
import { element } from "../shared/element.js";
import { tokenOfLink } from "../shared/links.js";
import { checkGroups } from "./checks.js";
import { goTo, isLive, moment, prepareClock, setTimes, showMoment } from "./clock.js";
import { EXAMPLES } from "./examples.js";
import { takeFragment } from "./fragment.js";
import { version } from "./handstamp.js";
import { judge } from "./judge.js";
import { layerViews } from "./layers_view.js";
import { prepareMaking } from "./make.js";
import { fill, part } from "./page.js";
import { reportText } from "./report_text.js";
import { clearSettings, prepareSettings, readSettings, writeSettings } from "./settings.js";
import { showVerdict, verdictOf } from "./verdict.js";

/** @import { TokenSettings } from "../../pkg/dist/index.js" */
/** @import { Judgement } from "./judge.js" */

const empty = [...part("checks").childNodes];
const noLayers = [...part("layers").childNodes];
/** Pasted key sets by their address. @type {Map<string, string>} */
const sets = new Map();
/** Counts the judgements: a slow one must not overtake a newer one. */
let turn = 0;
/** @type {Judgement | undefined} */
let last;

async function refresh() {
  const mine = ++turn;
  const token = part("token").value;
  const given = readSettings();
  const judgement = await judge({ token, ...given, now: moment(), sets });
  if (mine !== turn) return;
  last = judgement;
  setTimes(claimsOf(judgement));
  show(token === "" && !judgement.fault ? undefined : judgement);
  offerSets(judgement.urls);
}

/** The innermost claims that can be seen. @param {Judgement} judgement @returns {Record<string, unknown>} */
const claimsOf = ({ layers }) => layers.at(-1)?.inspection.parts.find(({ name }) => name === "payload")?.members ?? {};

/** @param {Judgement | undefined} judgement */
function show(judgement) {
  showVerdict(verdictOf(judgement));
  fill(part("checks"), judgement?.report ? checkGroups(judgement.report, judgement) : empty);
  fill(part("layers"), judgement && judgement.layers.length > 0 ? layerViews(judgement.layers, moment()) : noLayers);
  const letters = part("token").value.length;
  part("token-note").textContent = letters === 0 ? "Three parts are a signed token, five an encrypted one. A whole link is good, too." : `${letters.toLocaleString("en")} characters${ofLink}`;
}

/** Where the token was taken from, to be said beside it. */
let ofLink = "";

/** Takes a link apart that was put in as a whole; one that is typed is left until it is done. @param {InputEvent} event */
function read({ data }) {
  ofLink = "";
  const link = data?.length === 1 ? undefined : tokenOfLink(part("token").value);
  if (link) {
    part("token").value = link.token;
    if (link.campaignId !== undefined) part("campaign").value = link.campaignId;
    ofLink = `, taken out of the ${link.place} of the link${link.campaignId === undefined ? "" : `, with its campaign ${link.campaignId}`}`;
  }
  soon();
}

/** A field for each key set that is known by its address only. @param {{ url: string }[]} urls */
function offerSets(urls) {
  const shown = [...part("sets").querySelectorAll("textarea")].map(({ name }) => name);
  if (shown.join() === urls.map(({ url }) => url).join()) return;
  part("sets").replaceChildren(...urls.map(({ url }, index) => {
    const field = element("textarea", { id: `set-${index}`, name: url, className: "code", rows: 4, spellcheck: false, value: sets.get(url) ?? "" });
    field.addEventListener("input", () => {
      sets.set(url, field.value);
      refresh();
    });
    return element("div", { className: "field" }, element("label", { htmlFor: `set-${index}` }, "The content of this URL: ", element("code", {}, url)), field);
  }));
}

/** Takes a token with its settings from an example, the maker or a link. @param {{ token?: string, settings?: TokenSettings, campaignId?: string, now?: number }} given */
async function take({ token, settings, campaignId, now }) {
  part("token").value = token ?? "";
  ofLink = "";
  if (settings) writeSettings(settings, campaignId);
  else if (campaignId !== undefined) part("campaign").value = campaignId;
  goTo(now ?? null);
  part("verdict").ariaBusy = "true";
  await refresh();
  part("verdict").ariaBusy = "false";
  part("verdict").scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  part("sentence").focus({ preventScroll: true });
}

async function copy() {
  if (!last) return;
  const text = reportText(verdictOf(last), last, readSettings().settings, moment());
  try {
    await navigator.clipboard.writeText(text);
    part("copied").textContent = "Copied. It contains no token and no value of a claim.";
  } catch {
    part("copied").textContent = "The browser does not allow this page to copy.";
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 60);
};

part("version").textContent = version;
// From a disk there is nowhere to go.
for (const name of ["offline", "topbar"]) part(name).hidden = location.protocol === "file:";
part("chips").append(...Object.entries(EXAMPLES).map(([name, make]) => element("button", { type: "button", onclick: async () => take(await make()) }, name)));
part("token").addEventListener("input", read);
part("copy").addEventListener("click", copy);
part("clear").addEventListener("click", () => {
  clearSettings();
  sets.clear();
  take({});
});
prepareSettings(soon);
prepareClock(refresh);
prepareMaking(take);
const linked = takeFragment();
addEventListener("hashchange", () => {
  const again = takeFragment();
  if (again) take(again);
});
if (linked) take(linked);
else refresh();

setInterval(() => {
  if (!isLive() || document.hidden) return;
  showMoment();
  if (part("token").value !== "") refresh();
}, 1000);
