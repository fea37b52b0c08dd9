// The reader's own names in the guides: the URL is this site's; the account is the one that the reader types, or whose console was
// open last; campaign and names of secrets are read with the reader's session at the console, if there is one. No link names an
// account: nobody puts one of theirs into the snippets that others copy.

import { element } from "../shared/element.js";
import { keepAccount, keptAccount } from "../shared/own_account.js";

/** @typedef {Record<string, string>} Own by what a place stands for: url, account, campaign, verify, decrypt, client */
/** @typedef {{ document?: any, session?: any }} Known */

const ACCOUNT = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const places = [...document.querySelectorAll("var[data-fill]")].map((place) => ({ place: /** @type {HTMLElement} */ (place), word: place.textContent ?? "" }));

/** @param {Own} own */
function fill(own) {
  for (const { place, word } of places) {
    const value = own[place.dataset.fill ?? ""];
    place.textContent = value ?? word;
    place.classList.toggle("filled", value !== undefined);
  }
}

/** An answer, or nothing: a reader without a session has none. Throws where the service did not answer. @param {string} path @returns {Promise<any>} */
async function read(path) {
  const answer = await fetch(path);
  if (answer.status === 429 || answer.status >= 500) throw new Error(`status ${answer.status}`);
  return answer.ok ? answer.json() : undefined;
}

/** @param {string} account @returns {Promise<Known>} */
async function lookUp(account) {
  const session = await read(`/v1/console/session?account=${account}`);
  const mayRead = session?.scope.some((/** @type {string} */ scope) => ["accounts", "accounts:read"].includes(scope));
  return { session, document: mayRead && (await read(`/v1/accounts/${account}`))?.document };
}

/** The name of the first secret among some. @param {any} keys one, a list or none @returns {string | undefined} */
const secretOf = (keys) => [keys ?? []].flat().map((key) => key.key?.secret ?? key.secret?.secret).find(Boolean);

/** @param {string} account @param {Known} known @returns {Own} */
function ownOf(account, { session, document: settings }) {
  const names = {
    url: session?.publicUrl,
    account,
    campaign: Object.keys(settings?.campaigns ?? {})[0],
    verify: secretOf(settings?.secureToken?.verify),
    decrypt: secretOf(settings?.secureToken?.decrypt),
    client: secretOf(settings?.oauth?.clientAuth),
  };
  return { url: location.origin, ...Object.fromEntries(Object.entries(names).filter(([, name]) => name)) };
}

/** @param {string} account @param {Known} known */
function words(account, { session, document: settings }) {
  if (!session) return [`Filled in: this URL and ${account}. `, element("a", { href: `/console/${account}` }, "Sign in to its console"), ", and campaign and keys are filled in too."];
  const campaign = Object.keys(settings?.campaigns ?? {})[0];
  return [campaign ? `Filled in from the account ${account}, with its campaign ${campaign}.` : `Filled in: this URL and ${account}. The account has no campaign that you may see.`];
}

const input = element("input", { name: "account", autocomplete: "off", spellcheck: false, autocapitalize: "off", maxLength: 32, placeholder: "its name", "aria-describedby": "filled" });
const said = element("p", { id: "filled", className: "note", role: "status" }, "Until then, your-account and your-campaign stand for your own.");

async function show() {
  const account = input.value.trim();
  if (account !== "" && !ACCOUNT.test(account)) return said.replaceChildren("The name of an account has lower-case letters, digits, - and _, and at most 32 of them.");
  keepAccount(account);
  if (account === "") {
    fill({ url: location.origin });
    return said.replaceChildren("Nothing is filled in: your-account and your-campaign stand for your own.");
  }
  try {
    const known = await lookUp(account);
    fill(ownOf(account, known));
    said.replaceChildren(...words(account, known));
  } catch {
    fill(ownOf(account, {}));
    said.replaceChildren(`Filled in: this URL and ${account}. The service did not answer; choose “Fill in” to ask once more.`);
  }
}

fill({ url: location.origin });
if (places.some(({ place }) => place.dataset.fill !== "url")) {
  const form = element("form", { className: "yours", onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), show()) },
    element("label", {}, "Your account ", input), element("button", { type: "submit" }, "Fill in"), said);
  (document.querySelector("main > .lead") ?? document.querySelector("main > h1"))?.after(form);
  input.value = keptAccount();
  if (input.value) show();
}
