// A refusal in plain words: the reason, the number to give when asking for help, and a way on.

import { dateIn } from "../../shared/dates.js";
import { element } from "../../shared/element.js";
import { icon } from "../pictures.js";
import { actions, heading, primary, secondary } from "../screen.js";

/**
 * @typedef {object} Refusal
 * @property {"token" | "login" | "limit" | "campaign" | "error"} kind
 * @property {string} reason one of the public reasons
 * @property {string} [ref]
 * @property {() => void} [again] what to try again
 * @property {string} [until] when to come again
 */

/**
 * A moment in words, in the campaign's zone, which is named to visitors elsewhere. Midnight is the day that begins, or the one
 * that ends with it.
 * @param {number} moment @param {string} lang @param {string} timeZone @param {boolean} [ends]
 */
function inWords(moment, lang, timeZone, ends = false) {
  const day = /** @type {const} */ ({ weekday: "long", year: "numeric", month: "long", day: "numeric", timeZone });
  const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(moment);
  if (clock === "00:00") return dateIn(lang, day)(ends ? moment - 1 : moment);
  const isHere = new Intl.DateTimeFormat().resolvedOptions().timeZone === timeZone;
  return dateIn(lang, { ...day, hour: "numeric", minute: "2-digit", ...(!isHere && { timeZoneName: "short" }) })(moment);
}

/**
 * What texts may say of times: `starts`, `ends`, and `until` for when to come again.
 * @param {import("../campaign.js").Campaign} campaign @param {string} [until]
 */
function momentsOf({ lang, period }, until) {
  const { starts, ends, timeZone = "UTC" } = period ?? {};
  return {
    ...(starts && { starts: inWords(starts, lang, timeZone) }),
    ...(ends && { ends: inWords(ends, lang, timeZone, true) }),
    ...(until && { until: inWords(Date.parse(until), lang, timeZone) }),
  };
}

/** @param {import("../play.js").Play} play @param {Refusal} refusal @returns {import("../screen.js").View} */
export function sorry({ say, campaign, host, canSignIn, signIn, mayBeGuest, enterAsGuest, readmit, back, kept }, { kind, reason, ref, again, until }) {
  // On a page with the tag there was no link: the page itself said who it is, or should have.
  const of = (/** @type {string} */ key) => (host.origin ? [`${key}.page`, key] : [key]);
  // With a time where one is known: a text whose value is missing leaves the word to the next.
  const timed = ["until", "starts", "ends"].map((name) => `sorry.${reason}.${name}`);
  const text = say([...timed, ...of(`sorry.${reason}`)], momentsOf(campaign, until)) || say("sorry.try_again");
  const site = host.origin || campaign.origins[0];
  const leave = () => element("a", { className: "secondary", href: site, target: "_top", rel: "noreferrer" }, say("sorry.site", { site: new URL(site).host }));
  const login = kind === "login" || reason === "expired" ? "sorry.login" : "sorry.login.instead";
  // Whoever stopped met no fault: nothing to be alarmed at, nothing to look up.
  const isFault = reason !== "login_cancelled" && kind !== "campaign";
  const mayLogin = canSignIn() && (kind === "token" || kind === "login");
  const reloads = !again && kind === "token" && host.renews();
  const isLost = kind === "error" && !again;
  // What ends by itself: a start that comes, a place that is free again, a raised cap, a fault. And where there is nowhere to go.
  const returns = reason === "campaign_not_yet" || reason === "campaign_full" || (isLost && reason !== "pass_expired") || (!site && (kind === "campaign" || kind === "limit"));
  return {
    name: "sorry",
    content: [
      element("div", { className: "lead" },
        (isFault || kind === "campaign") && element("span", { className: "badge" }, icon("away")),
        heading(say([...of(`sorry.title.${reason}`), "sorry.title"]) || say("sorry.title.try_again")),
        element("p", {}, text),
        isFault && ref && element("p", { className: "ref" }, `${say("sorry.ref")} `, element("b", {}, ref))),
      actions(
        again && primary(say("sorry.again"), { onclick: again }),
        reloads && primary(say("sorry.reload"), { onclick: readmit }),
        returns && primary(say("sorry.reload"), { onclick: () => location.reload() }),
        mayLogin && (again || reloads ? secondary(say(login), signIn) : primary(say(login), { onclick: signIn })),
        kind === "token" && reason !== "expired" && mayBeGuest() && secondary(say("login.skip"), enterAsGuest),
        kind === "login" && Object.keys(kept().answers).length > 0 && secondary(say("sorry.back"), back),
        (kind === "token" || kind === "limit" || kind === "campaign" || isLost) && site && leave()),
    ],
  };
}
