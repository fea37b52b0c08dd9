// A refusal in plain words: the reason, the number to give when asking for help, and a way on.

import { element } from "../../shared/element.js";
import { icon } from "../pictures.js";
import { actions, heading, primary, secondary } from "../screen.js";

/**
 * @typedef {object} Refusal
 * @property {"token" | "login" | "limit" | "error"} kind
 * @property {string} reason one of the public reasons
 * @property {string} [ref]
 * @property {() => void} [again] what to try again
 */

/** @param {import("../play.js").Play} play @param {Refusal} refusal @returns {import("../screen.js").View} */
export function sorry({ say, campaign, host, canSignIn, signIn, mayBeGuest, enterAsGuest, back, kept }, { kind, reason, ref, again }) {
  const text = say(`sorry.${reason}`) || say("sorry.try_again");
  const site = host.origin || campaign.origins[0];
  const leave = () => element("a", { className: "secondary", href: site, target: "_top" }, say("sorry.site", { site: new URL(site).host }));
  const login = kind === "login" || reason === "expired" ? "sorry.login" : "sorry.login.instead";
  // Whoever stopped met no fault: nothing to be alarmed at, nothing to look up.
  const isFault = reason !== "login_cancelled";
  const mayLogin = canSignIn() && kind !== "limit" && kind !== "error";
  return {
    name: "sorry",
    content: [
      element("div", { className: "lead" },
        isFault && element("span", { className: "badge" }, icon("away")),
        heading(say([`sorry.title.${reason}`, "sorry.title"]) || say("sorry.title.try_again")),
        element("p", {}, text),
        isFault && ref && element("p", { className: "ref" }, `${say("sorry.ref")} `, element("b", {}, ref))),
      actions(
        again && primary(say("sorry.again"), { onclick: again }),
        mayLogin && (again ? secondary(say(login), signIn) : primary(say(login), { onclick: signIn })),
        kind === "token" && reason !== "expired" && mayBeGuest() && secondary(say("login.skip"), enterAsGuest),
        kind === "login" && Object.keys(kept().answers).length > 0 && secondary(say("sorry.back"), back),
        (kind === "token" || kind === "limit") && site && leave()),
    ],
  };
}
