// The console: who is there, and the view that they look at. The view stands in the fragment, the invitation's secret did until
// it was read.

import { Refused, account, ask, own, whenLost } from "./api.js";
import { Clash } from "./campaigns/clash.js";
import { DOCUMENT } from "./campaigns/schema.js";
import { whenClashing } from "./document.js";
import { Invitation, SignIn, WhichAccount } from "./entrance.js";
import { keepFocus } from "./focus.js";
import { html, render, useEffect, useRef, useState } from "./html.js";
import { Trouble } from "./pieces.js";
import { VIEWS } from "./views.js";
import { ByClient } from "./statistics/client.js";
import { language, say, sayOf, setLanguage } from "./words/speech.js";
import { LanguageChoice } from "./words/choice.js";

/** @import { Session } from "./api.js" */

const INVITATION = /^#invitation=([\w-]{43})(?:&view=(\w+))?$/;
const [, brought, wanted] = /** @type {(string | undefined)[]} */ (INVITATION.exec(location.hash) ?? []);
/** The same pages serve the statistics of an account to its clients, at /stats/{account}. */
const IS_STATISTICS = location.pathname.startsWith("/stats/");
// Not left where it could be seen, bookmarked or sent on.
if (brought) history.replaceState(null, "", location.pathname + (wanted ? `#${wanted}` : ""));

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
  useEffect(() => {
    if (!account || invitation || IS_STATISTICS) return setState("out");
    ask("GET", `/v1/console/session?account=${account}`).then(onIn, (problem) => {
      const isOut = problem instanceof Refused && problem.status === 401;
      setFault(isOut ? undefined : problem);
      setState(isOut ? "out" : "failed");
    });
  }, []);
  const languages = html`<${LanguageChoice} onChoose=${choose} />`;
  if (IS_STATISTICS) {
    document.title = say("stats.title", { account });
    return html`<${ByClient} languages=${languages} onLanguage=${choose} />`;
  }
  document.title = `${account ? say("signin.console", { account }) : say("which.title")} · Handstamp`;
  if (state === "looking" && account) return html`<p class="soft" role="status">${say("wait.moment")}</p>`;
  if (state === "failed") return html`<${Trouble} fault=${fault} />`;
  if (me && state === "in") return html`<${Desk} me=${me} onIn=${onIn} onOut=${() => setState("out")} languages=${languages} />`;
  const entrance = !account ? html`<${WhichAccount} />` : invitation ? html`<${Invitation} invitation=${invitation} onIn=${onIn} />` : html`<${SignIn} onIn=${onIn} />`;
  return html`<div class="stack"><div class="head">${languages}</div>${entrance}</div>`;
}

/** @param {{ me: Session, onIn: (session: Session) => void, onOut: () => void, languages: unknown }} properties */
function Desk({ me, onIn, onOut, languages }) {
  const views = VIEWS.filter(({ scope }) => me.scope.some((held) => held === scope || (held === "accounts" && ["accounts:read", "accounts:write", "secrets:write"].includes(scope))));
  // Behind the name of a view stands what it shows: `#statistics/123456`.
  const named = () => views.find(({ name }) => location.hash.slice(1).split("/")[0] === name) ?? views[0];
  const [view, setView] = useState(named);
  const [lost, setLost] = useState(/** @type {{ resolve: () => void } | undefined} */ (undefined));
  const [warned, setWarned] = useState(0);
  const dialog = useRef(/** @type {any} */ (null));
  useEffect(() => {
    const follow = () => setView(named());
    addEventListener("hashchange", follow);
    whenLost(() => new Promise((resolve) => setLost({ resolve: () => resolve() })));
    whenClashing((found) => new Promise((resolve) => setClash({ ...found, resolve })));
    return () => removeEventListener("hashchange", follow);
  }, []);
  // What will refuse tokens in days is seen wherever somebody works.
  useEffect(() => void (views.some(({ name }) => name === "keys") && ask("GET", own("/keys")).then(({ warnings }) => setWarned(warnings.length), () => {})), []);
  const [clash, setClash] = useState(/** @type {(import("./document.js").Clash & { resolve: (theirs: boolean[]) => void }) | undefined} */ (undefined));
  useEffect(() => void ((lost || clash) && dialog.current?.showModal()), [lost, clash]);
  const settle = (/** @type {boolean[]} */ theirs) => {
    dialog.current?.close();
    clash?.resolve(theirs);
    setClash(undefined);
  };
  // Closed by Escape, nothing would be settled: it is asked again.
  const stay = (/** @type {Event} */ event) => event.preventDefault();
  const back = (/** @type {Session} */ session) => {
    onIn(session);
    dialog.current?.close();
    lost?.resolve();
    setLost(undefined);
  };
  const leave = async () => {
    await ask("DELETE", `/v1/console/session?account=${account}`).catch(() => {});
    onOut();
  };
  return html`<div class="stack">
    <div class="head"><h1>${account}</h1><span class="soft">${me.person.name}, ${sayOf("role", me.person.role)}</span>${languages}<button type="button" class="quiet" onClick=${leave}>${say("signin.out")}</button></div>
    <nav aria-label=${say("view.all")}><ul class="tabs">${views.map(({ name }) => html`<li><a href=${`#${name}`} aria-current=${name === view?.name ? "page" : undefined}>${sayOf("view", name)}${name === "keys" && warned > 0 && html` <span class="badge warn">${warned}<span class="unseen"> ${say("view.keys.warned")}</span></span>`}</a></li>`)}</ul></nav>
    ${view && html`<${view.show} key=${view.name} me=${me} />`}
    ${clash && !lost && html`<dialog ref=${dialog} aria-label=${say("clash.title")} onCancel=${stay}><${Clash} clash=${clash} states=${clash.states} root=${DOCUMENT} onSettle=${settle} /></dialog>`}
    ${lost && html`<dialog ref=${dialog} aria-label=${say("signin.ended")}><${SignIn} onIn=${back} again /></dialog>`}
  </div>`;
}

const place = document.getElementById("console");
if (place) {
  place.replaceChildren();
  render(html`<${App} />`, place);
  keepFocus(place);
}

// The guides are filled in for this account.
const guides = /** @type {HTMLAnchorElement | null} */ (document.querySelector('#topbar a[href="/guides/"]'));
if (guides && account) guides.hash = `account=${account}`;
