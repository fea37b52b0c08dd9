// The console: who is there, and the view that they look at. The view stands in the fragment, the invitation's secret did until
// it was read.

import { Refused, account, ask, own, whenLost } from "./api.js";
import { Clash } from "./campaigns/clash.js";
import { DOCUMENT } from "./campaigns/schema.js";
import { whenClashing } from "./document.js";
import { Invitation, SignIn, WhichAccount } from "./entrance.js";
import { keepFocus } from "./focus.js";
import { html, render, useEffect, useState } from "./html.js";
import { Question, Trouble } from "./pieces.js";
import { VIEWS } from "./views.js";
import { ByClient } from "./statistics/client.js";
import { language, say, sayOf, setLanguage } from "./words/speech.js";
import { LanguageChoice } from "./words/choice.js";
import { keepAccount } from "../shared/own_account.js";

/** @import { Session } from "./api.js" */
/**
 * A question that a call waits for: answered, or left, so that the call is refused and what was typed stays.
 * @template T
 * @typedef {{ resolve: (answer: T) => void, leave: () => void }} Asked
 */

const INVITATION = /^#invitation=([\w-]{43})(?:&view=(\w+))?$/;
const [, brought, wanted] = /** @type {(string | undefined)[]} */ (INVITATION.exec(location.hash) ?? []);
/** The same pages serve the statistics of an account to its clients, at /stats/{account}. */
const IS_STATISTICS = location.pathname.startsWith("/stats/");
// Not left where it could be seen, bookmarked or sent on.
if (brought) history.replaceState(null, "", location.pathname + (wanted ? `#${wanted}` : ""));

/** What would be gone with a view: what was typed and not sent, or refused, and a secret or a link that is shown once. */
const HELD = 'form[data-typed], form .notice[role="alert"], .notice .copied';
const typed = (/** @type {any} */ { target }) => target.form?.setAttribute("data-typed", "");
const sent = (/** @type {any} */ { target }) => target.removeAttribute("data-typed");

function App() {
  const [me, setMe] = useState(/** @type {Session | undefined} */ (undefined));
  const [state, setState] = useState(/** @type {"looking" | "out" | "in" | "failed"} */ ("looking"));
  const [fault, setFault] = useState(/** @type {unknown} */ (undefined));
  const [invitation, setInvitation] = useState(brought);
  const [, speakAgain] = useState(language());
  const choose = (/** @type {string} */ lang) => (setLanguage(lang), speakAgain(lang));
  const onIn = (/** @type {Session} */ session) => {
    setInvitation(undefined);
    setMe(session);
    setState("in");
  };
  const look = () => {
    if (!account || invitation || IS_STATISTICS) return setState("out");
    setState("looking");
    ask("GET", `/v1/console/session?account=${account}`).then(onIn, (problem) => {
      const isOut = problem instanceof Refused && problem.status === 401;
      setFault(isOut ? undefined : problem);
      setState(isOut ? "out" : "failed");
    });
  };
  useEffect(look, []);
  const languages = html`<${LanguageChoice} onChoose=${choose} />`;
  if (IS_STATISTICS) {
    document.title = say("stats.title", { account });
    return html`<${ByClient} languages=${languages} onLanguage=${choose} />`;
  }
  document.title = `${account ? say("signin.console", { account }) : say("which.title")} · Handstamp`;
  if (state === "looking" && account) return html`<p class="soft" role="status">${say("wait.moment")}</p>`;
  if (state === "failed") return html`<${Trouble} fault=${fault} again=${look} />`;
  if (me && state === "in") return html`<${Desk} me=${me} onIn=${onIn} onOut=${() => setState("out")} languages=${languages} />`;
  const entrance = !account ? html`<${WhichAccount} />` : invitation ? html`<${Invitation} invitation=${invitation} onIn=${onIn} />` : html`<${SignIn} onIn=${onIn} />`;
  return html`<div class="stack"><div class="head">${languages}</div>${entrance}</div>`;
}

/** @param {{ me: Session, onIn: (session: Session) => void, onOut: () => void, languages: unknown }} properties */
function Desk({ me, onIn, onOut, languages }) {
  const views = VIEWS.filter(({ scope }) => me.scope.some((held) => held === scope || (held === "accounts" && ["accounts:read", "accounts:write", "secrets:write"].includes(scope))));
  // Behind the name of a view stands what it shows: `#statistics/123456`.
  const named = () => views.find(({ name }) => location.hash.slice(1).split("/")[0] === name) ?? views[0];
  const [shown, setShown] = useState(() => [named()?.name]);
  const [lost, setLost] = useState(/** @type {Asked<void> | undefined} */ (undefined));
  const [clash, setClash] = useState(/** @type {(import("./document.js").Clash & Asked<boolean[]>) | undefined} */ (undefined));
  const [warned, setWarned] = useState(0);
  useEffect(() => {
    const follow = () => setShown((before) => [named()?.name, ...before.filter((name) => name !== named()?.name && document.querySelector(`#view-${name} :is(${HELD})`))]);
    const stay = (/** @type {Event} */ event) => document.querySelector(HELD) && event.preventDefault();
    addEventListener("hashchange", follow);
    addEventListener("beforeunload", stay);
    whenLost((fault) => new Promise((resolve, reject) => setLost({ resolve, leave: () => reject(fault) })).finally(() => setLost(undefined)));
    whenClashing((found, fault) => new Promise((resolve, reject) => setClash({ ...found, resolve, leave: () => reject(fault) })).finally(() => setClash(undefined)));
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("beforeunload", stay);
    };
  }, []);
  useEffect(() => keepAccount(account), []);
  // What will refuse tokens in days is seen wherever somebody works.
  useEffect(() => void (views.some(({ name }) => name === "keys") && ask("GET", own("/keys")).then(({ warnings }) => setWarned(warnings.length), () => {})), []);
  const back = (/** @type {Session} */ session) => {
    onIn(session);
    lost?.resolve();
  };
  const leave = async () => {
    await ask("DELETE", `/v1/console/session?account=${account}`).catch(() => {});
    onOut();
  };
  return html`<div class="stack">
    <div class="head"><h1>${account}</h1><span class="soft">${me.person.name}, ${sayOf("role", me.person.role)}</span>${languages}<button type="button" class="quiet" onClick=${leave}>${say("signin.out")}</button></div>
    <nav aria-label=${say("view.all")}><ul class="tabs">${views.map(({ name }) => html`<li><a href=${`#${name}`} aria-current=${name === shown[0] ? "page" : undefined}>${sayOf("view", name)}${name === "keys" && warned > 0 && html` <span class="badge warn">${warned}<span class="unseen"> ${say("view.keys.warned")}</span></span>`}</a></li>`)}</ul></nav>
    ${views.filter(({ name }) => shown.includes(name)).map(({ name, show }) => html`<div key=${name} id=${`view-${name}`} hidden=${name !== shown[0]} onInput=${typed} onSubmit=${sent}><${show} me=${me} /></div>`)}
    ${clash && html`<${Question} label=${say("clash.title")} onLeave=${clash.leave}><${Clash} clash=${clash} states=${clash.states} root=${DOCUMENT} onSettle=${clash.resolve} /><//>`}
    ${lost && html`<${Question} label=${say("signin.ended")} onLeave=${lost.leave}><${SignIn} onIn=${back} again /><//>`}
  </div>`;
}

const place = document.getElementById("console");
if (place) {
  place.replaceChildren();
  render(html`<${App} />`, place);
  keepFocus(place);
}
