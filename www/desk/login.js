// Sign-in at the account's own identity provider: what to register there, our client, a test of each step, and the mapping of the claims
// that came to the fields of the form.

import { Administrator } from "./administrator.js";
import { account, ask, call, own } from "./api.js";
import { Campaigns } from "./campaigns.js";
import { campaignsOf, freeName, list, load, save, set, setTechnique } from "./document.js";
import { html, useEffect, useState } from "./html.js";
import { Mapping } from "./mapping.js";
import { Copied, Field, Trouble, faultAt, useWork } from "./pieces.js";
import { Steps } from "./steps.js";

/** @import { Document, Loaded } from "./document.js" */

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
  ["generic", "Another OpenID Provider", "https://id.example.com"],
];
/** @type {[string, string][]} */
const METHODS = [
  ["client_secret_basic", "Secret in the Authorization header (client_secret_basic)"],
  ["client_secret_post", "Secret in the body (client_secret_post)"],
  ["client_secret_jwt", "Signed with the secret (client_secret_jwt)"],
  ["none", "No secret: a public client with PKCE"],
];
/** @type {[string, string][]} */
const PROFILES = [["userinfo", "The userinfo endpoint"], ["id_token", "The ID token"], ["access_token", "The access token, a JWT"]];
const WAIT_MS = 3000;

/** @param {Document} oauth */
const formOf = ({ preset = "keycloak", issuer = "", clientId = "", clientAuth = {}, scope = "openid email profile", profileFrom = "userinfo" }) => ({
  preset, issuer, clientId, scope: list(scope).join(" "), profileFrom, method: clientAuth.method ?? "client_secret_basic", secret: "",
});

/** @param {{ me: import("./api.js").Session }} properties */
export function Login({ me }) {
  const [loaded, setLoaded] = useState(/** @type {Loaded | undefined} */ (undefined));
  const { fault, run } = useWork();
  useEffect(() => void run(async () => setLoaded(await load())), []);
  return loaded ? html`<${Settings} me=${me} first=${loaded} />` : html`<${Trouble} fault=${fault} />`;
}

/** @param {{ me: import("./api.js").Session, first: Loaded }} properties */
function Settings({ me, first }) {
  const [{ document, secrets }, setLoaded] = useState(first);
  const before = document.oauth ?? {};
  const [form, setForm] = useState(formOf(before));
  const [chosen, setChosen] = useState(document.oauth ? campaignsOf(document, "oauth") : Object.keys(document.campaigns ?? {}).slice(0, 1));
  const [saved, setSaved] = useState(/** @type {any} */ (undefined));
  const { busy, fault, run } = useWork();
  const change = (/** @type {Partial<typeof form>} */ part) => setForm({ ...form, ...part });
  const stored = secrets.find(({ name }) => name === before.clientAuth?.secret?.secret);
  const path = before.redirectUri === "shared" ? "" : `/${account}`;

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
    });
    setLoaded(await load());
    // Written once, and never read back.
    setForm({ ...form, secret: "" });
    setSaved(result);
  });

  return html`<div class="stack">
    <form class="card stack" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); void store(); }}>
      <h2>Sign-in at your identity provider</h2>
      <${Copied} label="Redirect URI" value=${`${me.publicUrl}/oauth/callback${path}`} note="Register exactly this at the identity provider: no pattern, no slash at the end. Grant: authorization code." />
      <div class="beside">
        <${Field} label="Identity provider" value=${form.preset} onInput=${(/** @type {string} */ preset) => change({ preset })} choices=${PRESETS.map(([name, title]) => [name, title])} fault=${faultAt(fault, "/oauth/preset")} />
        <${Field} label="Issuer" type="url" value=${form.issuer} onInput=${(/** @type {string} */ issuer) => change({ issuer })} required placeholder=${PRESETS.find(([name]) => name === form.preset)?.[2]} note="As in its metadata, at /.well-known/openid-configuration." fault=${faultAt(fault, "/oauth/issuer")} />
        <${Field} label="Client ID" value=${form.clientId} onInput=${(/** @type {string} */ clientId) => change({ clientId })} required note="That it gave us." fault=${faultAt(fault, "/oauth/clientId")} />
        <${Field} label="Client secret" type="password" value=${form.secret} onInput=${(/** @type {string} */ secret) => change({ secret })} required=${form.method !== "none" && !stored} note=${stored ? `Stored on ${new Date(stored.at).toLocaleDateString("en-GB")}. Type another to replace it.` : "Stored sealed, and never shown again."} fault=${faultAt(fault, "/oauth/clientAuth")} />
        <${Field} label="Client authentication" value=${form.method} onInput=${(/** @type {string} */ method) => change({ method })} choices=${METHODS} />
        <${Field} label="Scope" value=${form.scope} onInput=${(/** @type {string} */ scope) => change({ scope })} note="openid, and the parts of the profile that the form needs." fault=${faultAt(fault, "/oauth/scope")} />
        <${Field} label="The profile is read from" value=${form.profileFrom} onInput=${(/** @type {string} */ profileFrom) => change({ profileFrom })} choices=${PROFILES} />
        <${Campaigns} document=${document} chosen=${chosen} onChange=${setChosen} />
      </div>
      <div class="row"><button class="primary" disabled=${busy}>Save</button></div>
      <${Trouble} fault=${fault} />
      ${saved && html`<div class="notice good" role="status"><p>Saved: version ${saved.version}. Now test it.</p>${saved.warnings.map((/** @type {any} */ { code, message }) => html`<p><code>${code}</code> ${message}</p>`)}</div>`}
    </form>
    ${document.oauth && html`<${Test} document=${document} onMapped=${async () => setLoaded(await load())} />`}
    ${me.scope.includes("people") && html`<${Administrator} />`}
  </div>`;
}

/** @returns {Promise<string>} a new link to the page of the test, good once */
const newLink = async () => (await call("POST", own("/connection-links"))).link;

/** @param {{ document: Document, onMapped: () => Promise<void> }} properties */
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
    <h2>Test the connection</h2>
    <p class="soft">Each step of a sign-in, in order, with its cause and who fixes it. Nobody is admitted and no participation is recorded.</p>
    <div class="row"><button type="button" class="primary" disabled=${busy} onClick=${test}>Test connection</button>
      <button type="button" disabled=${busy} onClick=${signIn}>Sign in there</button></div>
    ${waiting && html`<p role="status" class="notice">The test is open in another tab. Sign in there; the claims appear here.</p>`}
    <${Trouble} fault=${fault} />
    ${steps && html`<${Steps} steps=${steps} />`}
    ${trial?.claims?.length > 0 ? html`<${Mapping} document=${document} trial=${trial} onSaved=${onMapped} />` : trial && html`<${Steps} steps=${trial.steps} />`}
  </section>`;
}
