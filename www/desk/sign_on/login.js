// Sign-in at the account's own identity provider: what to register there, our client, a test of each step, and the mapping of the claims
// that came to the fields of the form.

import { Administrator } from "./administrator.js";
import { account, ask, call, own } from "../api.js";
import { Campaigns } from "../campaigns.js";
import { campaignsOf, freeName, list, load, save, set, setTechnique } from "../document.js";
import { faultAt } from "../faults.js";
import { html, useEffect, useState } from "../html.js";
import { useLook } from "./look.js";
import { Mapping } from "./mapping.js";
import { Copied, Field, Loaded, Saved, Trouble, useWork } from "../pieces.js";
import { Steps } from "../steps.js";
import { day, say, sayOf } from "../words/speech.js";

/** @import { Document, Read } from "../document.js" */

/** @type {[name: string, title: string, issuer: string][]} */
const PRESETS = [
  ["keycloak", "Keycloak", "https://id.example.com/realms/NAME"],
  ["okta", "Okta", "https://NAME.okta.com/oauth2/default"],
  ["auth0", "Auth0", "https://NAME.eu.auth0.com/"],
  ["gigya", "SAP Customer Data Cloud (Gigya)", "https://fidm.eu1.gigya.com/oidc/op/v1.0/KEY"],
  ["entra", "Microsoft Entra ID", "https://login.microsoftonline.com/TENANT/v2.0"],
  ["azure-b2c", "Azure AD B2C", "https://NAME.b2clogin.com/TENANT/v2.0/"],
  ["cognito", "Amazon Cognito", "https://cognito-idp.REGION.amazonaws.com/POOL"],
  ["google", "Google", "https://accounts.google.com"],
  ["line", "LINE", "https://access.line.me"],
  ["linkedin", "LinkedIn", "https://www.linkedin.com/oauth"],
  ["generic", "", "https://id.example.com"],
];
const METHODS = ["client_secret_basic", "client_secret_post", "client_secret_jwt", "none"];
const PROFILES = ["userinfo", "id_token", "access_token"];
const WAIT_MS = 3000;

/** @param {Document} oauth */
const formOf = ({ preset = "keycloak", issuer = "", clientId = "", clientAuth = {}, scope = "openid email profile", profileFrom = "userinfo" }) => ({
  preset, issuer, clientId, scope: list(scope).join(" "), profileFrom, method: clientAuth.method ?? "client_secret_basic", secret: "",
});

/** @param {{ me: import("../api.js").Session }} properties */
export const Login = ({ me }) => html`<${Loaded} load=${load} show=${(/** @type {Read} */ first) => html`<${Settings} me=${me} first=${first} />`} />`;

/** @param {{ me: import("../api.js").Session, first: Read }} properties */
function Settings({ me, first }) {
  const [{ document, redirectUri, secrets }, setLoaded] = useState(first);
  const before = document.oauth ?? {};
  const [form, setForm] = useState(formOf(before));
  const [chosen, setChosen] = useState(document.oauth ? campaignsOf(document, "oauth") : Object.keys(document.campaigns ?? {}).slice(0, 1));
  const [saved, setSaved] = useState(/** @type {any} */ (undefined));
  const { busy, fault, run } = useWork();
  const change = (/** @type {Partial<typeof form>} */ part) => setForm({ ...form, ...part });
  const stored = secrets.find(({ name }) => name === before.clientAuth?.secret?.secret);
  // Once it is saved, the test below says more.
  const isNew = form.issuer !== before.issuer || form.preset !== before.preset;
  const discovered = useLook("/discovery", "issuer", { preset: form.preset, issuer: isNew ? form.issuer.trim() : "" });

  const store = () => run(async () => {
    setSaved(undefined);
    const isPublic = form.method === "none";
    const name = stored?.name ?? freeName("OIDC_CLIENT", secrets);
    if (form.secret && !isPublic) await call("PUT", own(`/secrets/${name}`), { value: form.secret, purpose: "client" });
    const result = await save((changed) => {
      const oauth = (changed.oauth ??= {});
      for (const key of /** @type {const} */ (["preset", "issuer", "clientId", "profileFrom"])) set(oauth, key, form[key].trim());
      set(oauth, "scope", form.scope.trim());
      const { secret: _secret, ...rest } = oauth.clientAuth ?? {};
      oauth.clientAuth = { ...rest, method: form.method, ...(!isPublic && { secret: { secret: name } }) };
      setTechnique(changed, "oauth", chosen);
    }, document);
    // The form shows what is stored: somebody else's value, where that was taken. The secret is written once, and never read back.
    const now = await load();
    setLoaded(now);
    setForm(formOf(now.document.oauth));
    setChosen(campaignsOf(now.document, "oauth"));
    setSaved(result);
  });

  return html`<div class="stack">
    <form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void store(); }}>
      <h2>${say("login.title")}</h2>
      <${Copied} label=${say("login.redirect")} value=${redirectUri} note=${say("login.redirect.note")} />
      <div class="beside">
        <${Field} label=${say("login.provider")} value=${form.preset} onInput=${(/** @type {string} */ preset) => change({ preset })} choices=${PRESETS.map(([name, title]) => [name, title || say("login.provider.generic")])} fault=${faultAt(fault, "/oauth/preset")} />
        <${Field} label=${say("login.issuer")} type="url" value=${form.issuer} onInput=${(/** @type {string} */ issuer) => change({ issuer })} required placeholder=${PRESETS.find(([name]) => name === form.preset)?.[2]} note=${say("login.issuer.note")} fault=${faultAt(fault, "/oauth/issuer") ?? discovered.fault} />
        <${Field} label=${say("login.client")} value=${form.clientId} onInput=${(/** @type {string} */ clientId) => change({ clientId })} required note=${say("login.client.note")} fault=${faultAt(fault, "/oauth/clientId")} />
        <${Field} label=${say("login.secret")} type="password" value=${form.secret} onInput=${(/** @type {string} */ secret) => change({ secret })} required=${form.method !== "none" && !stored} note=${stored ? say("login.secret.stored", { day: day(stored.at) }) : say("login.secret.note")} fault=${faultAt(fault, "/oauth/clientAuth/secret") ?? faultAt(fault, "/value")} />
        <${Field} label=${say("login.method")} value=${form.method} onInput=${(/** @type {string} */ method) => change({ method })} choices=${METHODS.map((name) => [name, sayOf("login.method", name)])} fault=${faultAt(fault, "/oauth/clientAuth/method") ?? faultAt(fault, "/oauth/clientAuth")} />
        <${Field} label=${say("login.scope")} value=${form.scope} onInput=${(/** @type {string} */ scope) => change({ scope })} note=${say("login.scope.note")} fault=${faultAt(fault, "/oauth/scope")} />
        <${Field} label=${say("login.profile")} value=${form.profileFrom} onInput=${(/** @type {string} */ profileFrom) => change({ profileFrom })} choices=${PROFILES.map((name) => [name, sayOf("login.profile", name)])} fault=${faultAt(fault, "/oauth/profileFrom")} />
        <${Campaigns} document=${document} chosen=${chosen} onChange=${setChosen} />
      </div>
      ${discovered.judged && html`<${Steps} steps=${[discovered.judged]} />`}
      <div class="row"><button class="primary" disabled=${busy}>${say("login.save")}</button></div>
      <${Trouble} fault=${fault} />
      ${saved && html`<${Saved} says=${say("login.saved", { version: saved.version })} warnings=${saved.warnings} />`}
    </form>
    ${document.oauth && html`<${Test} document=${document} onMapped=${async () => {
      const now = await load();
      setLoaded(now);
      return now.document;
    }} />`}
    ${me.scope.includes("people") && html`<${Administrator} />`}
  </div>`;
}

/** @returns {Promise<string>} a new link to the page of the test, good once */
const newLink = async () => (await call("POST", own("/connection-links"))).link;

/** @param {{ document: Document, onMapped: () => Promise<Document> }} properties */
function Test({ document, onMapped }) {
  const [steps, setSteps] = useState(/** @type {any[] | undefined} */ (undefined));
  const [trial, setTrial] = useState(/** @type {any} */ (undefined));
  const [waiting, setWaiting] = useState(false);
  const { busy, fault, run } = useWork();
  const [began] = useState(() => new Date().toISOString());
  const look = async () => {
    const { trial: found } = await ask("GET", own("/trial")).catch(() => ({ trial: null }));
    if (!found) return;
    setTrial(found);
    if (found.at > began) setWaiting(false);
  };
  useEffect(() => void look(), []);
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => void look(), WAIT_MS);
    addEventListener("focus", look);
    return () => {
      clearInterval(timer);
      removeEventListener("focus", look);
    };
  }, [waiting]);

  const test = () => run(async () => {
    setSteps(undefined);
    const { session } = await ask("POST", "/v1/connections", { account, link: new URL(await newLink()).hash.slice(1) });
    setSteps((await ask("POST", "/v1/connections/test", { account }, { authorization: `Bearer ${session}` })).steps);
  });
  const signIn = () => run(async () => {
    // Opened at the click: later the browser would take it for a pop-up that nobody asked for.
    const tab = open("", "_blank");
    const link = await newLink();
    if (tab) tab.location.href = link;
    setWaiting(true);
  });

  return html`<section class="card stack">
    <h2>${say("login.test.title")}</h2>
    <p class="soft">${say("login.test.text")}</p>
    <div class="row"><button type="button" class="primary" disabled=${busy} onClick=${test}>${say("login.test")}</button>
      <button type="button" disabled=${busy} onClick=${signIn}>${say("login.try")}</button></div>
    ${waiting && html`<p role="status" class="notice">${say("login.waiting")}</p>`}
    <${Trouble} fault=${fault} />
    ${steps && html`<${Steps} steps=${steps} />`}
    ${trial?.claims?.length > 0 ? html`<${Mapping} document=${document} trial=${trial} onSaved=${onMapped} />` : trial && html`<${Steps} steps=${trial.steps} />`}
  </section>`;
}
