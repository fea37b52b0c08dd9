// The program that makes a token, in the language that is picked.

import { call, own } from "../api.js";
import { html, useEffect, useState } from "../html.js";
import { LANGUAGES } from "./snippets.js";
import { list } from "../document.js";
import { useCopy } from "../pieces.js";
import { say, sayWith } from "../words/speech.js";

/** @param {{ active: any, settings: any, campaignId: string }} properties active: the key in use */
export function Snippets({ active, settings, campaignId }) {
  const [published, setPublished] = useState(/** @type {{ kid?: string, alg?: string } | undefined} */ (undefined));
  useEffect(() => {
    setPublished(undefined);
    // The program names the key that is published, as each token must.
    if (active.url) call("GET", own("/keys")).then(({ lists }) => setPublished(lists.flatMap((/** @type {any} */ { keys }) => keys).find((/** @type {any} */ { published: set }) => set?.url === active.url)?.published.keys.find((/** @type {any} */ { usable }) => usable)), () => {});
  }, [active.url]);
  const alg = active.alg ?? published?.alg ?? active.algs?.[0] ?? "ES256";
  const languages = LANGUAGES.filter(({ algs }) => algs.test(alg));
  const [name, setName] = useState("Node");
  const language = languages.find((each) => each.name === name) ?? languages[0];
  const kid = active.method === "jwks" ? (published?.kid ?? say("program.kid")) : "";
  const text = language.make({ campaignId, alg, kid, issuer: list(settings.issuer)[0] ?? "", audience: list(settings.audience)[0] ?? "" });
  const { word, copy } = useCopy(text);
  const variable = html`<code>${"TOKEN_KEY"}</code>`;
  return html`<section class="card stack">
    <h2>${say("program.title")}</h2>
    <p class="soft">${active.method === "symmetricKey" ? sayWith("program.text", { variable, name: html`<code>${active.key?.secret}</code>` }) : sayWith("program.private", { variable })}</p>
    <div class="tabs" role="group" aria-label=${say("program.language")}>${languages.map((each) => html`<button type="button" key=${each.name} aria-pressed=${each.name === language.name ? "true" : "false"} onClick=${() => setName(each.name)}>${each.name}</button>`)}</div>
    <figure><figcaption>${say(language.isRun ? "program.run" : "program.not", { language: language.name })}<button type="button" class="quiet" onClick=${copy} aria-label=${say("copy.what", { word, what: say("program.name") })}>${word}</button></figcaption>
      <pre tabindex="0" aria-label=${say("program.name")} id="snippet"><code>${text}</code></pre></figure>
  </section>`;
}
