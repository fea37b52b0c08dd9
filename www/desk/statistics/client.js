// The statistics for a client of the account, at /stats/{account}: signs in with its secret. The access token is kept in a variable
// of this page and nowhere else.

import { account } from "../api.js";
import { html, useState } from "../html.js";
import { chosenAmong, say } from "../words/speech.js";
import { signIn } from "../../board/access.js";
import { byClient } from "./source.js";
import { Statistics } from "./statistics.js";

/** @import { Listed } from "./figures.js" */

/** @param {{ languages: unknown, onLanguage: (lang: string) => void }} properties onLanguage: the account speaks others than the reader */
export function ByClient({ languages, onLanguage }) {
  const [source, setSource] = useState(/** @type {import("./source.js").Source | undefined} */ (undefined));
  const [campaigns, setCampaigns] = useState(/** @type {Listed[]} */ ([]));
  const [wrong, setWrong] = useState(/** @type {"" | "stats.lost" | "client.wrong" | "client.again" | "client.elsewhere"} */ (""));
  const out = (/** @type {"client.again" | "client.elsewhere"} */ why) => {
    setSource(undefined);
    setWrong(why);
  };
  const enter = async (/** @type {any} */ event) => {
    event.preventDefault();
    setWrong("");
    const token = await signIn(event.currentTarget, "statistics").catch(() => null);
    if (!token) return setWrong(token === null ? "stats.lost" : "client.wrong");
    const found = byClient(token, out);
    try {
      const { campaigns: listed } = /** @type {{ campaigns: Listed[] }} */ (await found.read(""));
      const spoken = listed.flatMap(({ title, languages: own }) => (own.length > 0 ? own : Object.keys(title)));
      onLanguage(chosenAmong(new URLSearchParams(location.search).get("lang"), navigator.languages, spoken));
      setCampaigns(listed);
      setSource(found);
    } catch {
      setWrong((before) => before || "stats.lost");
    }
  };
  return html`<div class="stack">
    <div class="head"><h1 id="title">${say("stats.title", { account })}</h1>${languages}</div>
    ${source ? html`<${Statistics} source=${source} campaigns=${campaigns} />` : html`<form class="card stack narrow" id="sign-in" onSubmit=${enter}>
      <h2>${say("client.title")}</h2>
      <p class="soft">${say("client.text")}</p>
      <label class="field"><span>${say("client.client")}</span><input name="client" autocomplete="username" autocapitalize="none" spellcheck=${false} required /></label>
      <label class="field"><span>${say("client.secret")}</span><input name="secret" type="password" autocomplete="current-password" required /></label>
      <div class="row"><button class="primary">${say("client.show")}</button></div>
      <p id="wrong" class="fault" role="alert">${wrong && say(wrong)}</p>
    </form>`}
  </div>`;
}
