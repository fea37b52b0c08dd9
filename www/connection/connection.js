// The IT administrator's page, /connect/{account}: opened by a link that is good once and for five minutes, it says what
// to register at the identity provider and tries a login out, step by step. What has to outlive the way to the login page and
// back is in the tab's session storage, and taken out of it when its half hour is over.

import { by, fill } from "../board/table.js";
import { element } from "../shared/element.js";
import { FIXES } from "../shared/owners.js";
import { authentications, failures, places, skipped, steps } from "./words.js";

/** @typedef {"pass" | "warn" | "fail" | "skip"} Status */
/** @typedef {{ step: string, status: Status, code?: string, says?: string, how?: string, fix?: string, at?: string, expected?: string, got?: string, found?: Record<string, any>, fetched?: Looked[] }} Outcome */
/** @typedef {{ url: string, method: string, ms: number, status?: number, failed?: string, bytes?: number, limit?: number, part?: string }} Looked */
/** @typedef {{ name: string, value: string, says: string }} Parameter */
/** @typedef {{ path: string, type: string, length?: number, shown?: string, locked?: boolean }} Claim */
/** @typedef {{ campaignId?: string, preset: string, issuer: string, redirectUri: string, grantTypes: string[], responseTypes: string[], scope: string[], clientId: string, clientAuth?: string, pkce: string }} Register */
/** @typedef {{ steps: Outcome[], authorize?: { endpoint: string, parameters: Parameter[] }, verdict: Record<"iss" | "pkce", { status: Status, says: string }>, login?: string }} Trial */
/** @typedef {{ steps: Outcome[], claims?: { from: string, rows: Claim[] }[], mapped?: Claim[], ignored?: { name: string, reason: string }[] }} Finished */
/** @typedef {{ session: string, expiresAt: string, register: Register, others?: Register[], chosen?: string, trial?: Trial }} Kept chosen: a campaign with an identity provider of its own */

const SECRET = /^#([A-Za-z0-9_-]{43})$/;
const TICKET = /^#handstamp=((?:[\w-]{16}\.)?[\w-]{43})$/;
const account = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const PLACE = `handstamp-connection:${account}`;

/** @returns {Kept | undefined} */
function kept() {
  const text = sessionStorage.getItem(PLACE);
  const held = text ? /** @type {Kept} */ (JSON.parse(text)) : undefined;
  if (held && Date.parse(held.expiresAt) > Date.now()) return held;
  sessionStorage.removeItem(PLACE);
  return undefined;
}

/** @param {Kept} held */
const keep = (held) => sessionStorage.setItem(PLACE, JSON.stringify(held));

/** @param {string} path @param {object} body @param {string} [session] */
async function post(path, body, session) {
  const headers = { "content-type": "application/json", ...(session && { authorization: `Bearer ${session}` }) };
  const answer = await fetch(`/v1/connections${path}`, { method: "POST", headers, body: JSON.stringify({ account, ...body }) });
  return answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)));
}

/** @param {string} why @param {string} what */
function close(why, what) {
  sessionStorage.removeItem(PLACE);
  for (const id of ["register", "trial", "result"]) by(id).hidden = true;
  by("closed").hidden = false;
  by("why").textContent = why;
  by("what").textContent = what;
}

/** What is to be registered, each at an identity provider of its own. @param {Kept} held */
const registersOf = ({ register, others = [] }) => [register, ...others];

/** Lets the visitor choose between identity providers, where there is more than one. @param {Kept} held @param {Register} chosen */
function choices(held, chosen) {
  const all = registersOf(held);
  by("which").hidden = all.length === 1;
  const options = all.map(({ campaignId, issuer }, place) => element("option", { value: String(place), selected: all[place] === chosen }, `${campaignId ? `Campaign ${campaignId}` : "All other campaigns"}: ${issuer}`));
  by("provider").replaceChildren(...options);
}

/** @param {Kept} held */
function open(held) {
  const { expiresAt, trial, chosen } = held;
  const register = registersOf(held).find(({ campaignId }) => campaignId === chosen) ?? held.register;
  choices(held, register);
  for (const id of ["register", "trial"]) by(id).hidden = false;
  by("as-of").textContent = `account ${account}, open until ${new Date(expiresAt).toLocaleTimeString([], { timeStyle: "short" })}`;
  by("where").textContent = places[register.preset] ?? places.generic;
  const { clientAuth = "" } = register;
  by("settings").replaceChildren(
    row("Redirect URI", register.redirectUri, "Exactly this string: no pattern, and no slash at the end."),
    row("Grant", register.grantTypes.join(" "), `Response type ${register.responseTypes.join(" ")}; no implicit flow.`),
    row("Scopes", register.scope.join(" "), "The parts of the profile that we request."),
    row("Client authentication", clientAuth, authentications[clientAuth] ?? ""),
    row("Client ID", register.clientId, "As in the account document."),
    row("PKCE", register.pkce, "Always sent; you may require it."),
    row("Issuer", register.issuer, "The issuer that must sign the ID tokens, as in your metadata."),
  );
  show(trial, undefined);
}

/** @param {string} name @param {string} value @param {string} note */
function row(name, value, note) {
  const button = element("button", { type: "button" });
  const say = (/** @type {string} */ word) => {
    button.textContent = word;
    button.setAttribute("aria-label", `${word} ${name}`);
  };
  say("Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(value);
      say("Copied");
    } catch {
      // No permission: at least it is marked, so that two keys copy it.
      getSelection()?.selectAllChildren(code);
      say("Marked");
    }
    by("as-of").textContent = `${name}: ${String(button.textContent).toLowerCase()}`;
    setTimeout(say, 2000, "Copy");
  });
  const code = element("code", {}, value);
  const said = element("div", {}, code, element("span", { class: "note" }, note));
  return element("div", {}, element("dt", {}, name), element("dd", {}, said, button));
}

/** @param {Trial | undefined} trial @param {Finished | undefined} finished */
function show(trial, finished) {
  // What went wrong later counts, also of a step that was taken before.
  const outcomes = [...(finished?.steps ?? []), ...(trial?.steps ?? [])];
  const own = steps.map(([name, title, says]) => stepRow(title, says, outcomes.find(({ step }) => step === name), name, trial));
  const settings = outcomes.find(({ step }) => step === "settings");
  const verdicts = trial ? Object.entries(trial.verdict).map(([name, verdict]) => verdictRow(name, verdict, !trial.authorize)) : [];
  by("steps").replaceChildren(...(settings ? [stepRow("Settings", "", settings, "settings", trial)] : []), ...own, ...verdicts);
  by("login").hidden = !trial?.login || finished !== undefined;
  by("test").textContent = trial ? "Test again" : "Test connection";
  by("result").hidden = !finished?.claims?.length;
  if (finished) tables(finished);
}

/** @param {string} name @param {{ status: Status, says: string }} verdict @param {boolean} early before the identity provider has said what it can do */
function verdictRow(name, { status, says }, early) {
  const title = name === "iss" ? "Verdict on iss" : "Verdict on PKCE";
  if (early && status !== "pass") return item(undefined, title, [element("p", {}, "Available when the steps above have passed.")]);
  return item(status, title, [element("p", {}, says), ...advice(name, status)]);
}

/** What to do about a verdict. @param {string} name @param {Status} status */
function advice(name, status) {
  if (status === "pass") return [];
  const how = {
    iss: "Let the identity provider send iss with its answer (RFC 9207), or set redirectUri to \"account\".",
    pkce: "Nothing needs to be done. If your identity provider can require PKCE with S256 for this client, turn it on.",
  };
  return [element("p", { class: "how" }, how[/** @type {"iss" | "pkce"} */ (name)])];
}

/** @param {string} title @param {string} says @param {Outcome | undefined} outcome @param {string} name @param {Trial | undefined} trial */
function stepRow(title, says, outcome, name, trial) {
  if (!outcome) return item(undefined, title, []);
  const { status, code, how, fix, at, expected, got, found, fetched } = outcome;
  const facts = [at && `at ${at}`, expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean).join(" · ");
  const lines = [element("p", {}, outcome.says ?? (status === "skip" ? (skipped[name] ?? "Not reached.") : says))];
  if (how) lines.push(element("p", { class: "how" }, how));
  if (facts || code) lines.push(element("p", { class: "facts" }, ...(code ? [element("a", { href: `/codes/#${code}`, target: "_blank", rel: "noreferrer" }, element("code", {}, code)), " "] : []), facts));
  if (fix && status !== "pass") lines.push(element("p", { class: "fix" }, `Who fixes it: ${FIXES[fix] ?? fix}`));
  if (found) lines.push(more("Details", foundRows(found)));
  if (fetched) lines.push(more("Fetched for this step", fetched.map(fetchedRow)));
  if (name === "authorize" && trial?.authorize) {
    const { endpoint, parameters } = trial.authorize;
    lines.push(more("Every parameter, explained", [[endpoint, "", "The authorization endpoint."], ...parameters.map(({ name: parameter, value, says: meaning }) => [parameter, value, meaning])]));
  }
  return item(status, title, lines);
}

/** @param {Looked} fetched */
function fetchedRow({ url, method, ms, status, failed, bytes, part }) {
  const what = failed ? (failures[failed] ?? failed) : `status ${status}, ${bytes} byte${bytes === 1 ? "" : "s"}`;
  return [`${method} ${url}`, `${what}, ${ms} ms`, part ?? ""];
}

/** @param {Status | undefined} status @param {string} title @param {HTMLElement[]} lines */
function item(status, title, lines) {
  const word = status === "skip" || !status ? "–" : status;
  return element("li", { "data-step": title }, element("span", { class: `badge ${status ?? ""}` }, word), element("div", {}, element("h3", {}, title), ...lines));
}

/** @param {Record<string, any>} found @returns {string[][]} */
function foundRows(found) {
  if (Array.isArray(found.keys)) return found.keys.map(({ kid, kty, alg, use, usable }) => [String(kid ?? "no kid"), [kty, alg].filter(Boolean).join(" "), use === "enc" ? "for encryption" : usable === false ? "cannot be used" : "for signatures"]);
  return Object.entries(found).map(([name, value]) => [name, value === undefined ? "–" : String(value), ""]);
}

/** @param {string} title @param {string[][]} rows */
function more(title, rows) {
  const body = rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell))));
  return element("details", {}, element("summary", {}, title), element("table", {}, element("tbody", {}, ...body)));
}

/** @param {Finished} finished */
function tables({ claims = [], mapped = [], ignored = [] }) {
  const cells = (/** @type {Claim} */ { path, type, length, shown, locked }) => [
    { text: path },
    { text: length === undefined ? type : `${type}, ${length} character${length === 1 ? "" : "s"}` },
    { text: `${shown ?? ""}${locked ? " (read-only)" : ""}` },
  ];
  fill(by("claims"), ["Claim", "Kind", "Begins"], claims.flatMap(({ from, rows }) => [[{ text: from }, { text: "" }, { text: "" }], ...rows.map(cells)]));
  for (const line of by("claims").querySelectorAll("tbody tr")) if (line.children[1].textContent === "") line.children[0].className = "from";
  fill(by("mapped"), ["Field", "Kind", "Begins"], mapped.map(cells));
  by("ignored").replaceChildren(...ignored.map(({ name, reason }) => element("li", {}, `${name} stays empty: ${reason.replaceAll("_", " ")}`)));
}

/**
 * Does it, and says when it did not work.
 * @param {(held: Kept) => Promise<void>} work
 * @param {string} refused what it means when we do not take it
 */
async function trying(work, refused) {
  by("trouble").textContent = "";
  const held = kept();
  if (!held) return close("The session has expired after 30 minutes", "Ask for a new link; your registration at the identity provider stays as it is.");
  try {
    await work(held);
  } catch (fault) {
    const known = fault instanceof Error && fault.message === "401";
    by("trouble").textContent = known ? refused : "The service could not be reached. Nothing is lost; try again.";
  }
}

by("test").addEventListener("click", () => void trying(async (held) => {
  const campaignId = held.chosen ?? held.register.campaignId;
  const trial = /** @type {Trial} */ (await post("/test", { ...(campaignId && { campaignId }) }, held.session));
  keep({ ...held, trial });
  show(trial, undefined);
  (trial.login ? by("login") : by("test")).focus();
}, "This session has expired: ask for a new link."));
by("provider").addEventListener("change", () => void trying(async (held) => {
  const { campaignId } = registersOf(held)[Number(/** @type {HTMLSelectElement} */ (by("provider")).value)];
  keep({ ...held, chosen: campaignId, trial: undefined });
  open({ ...held, chosen: campaignId, trial: undefined });
}, ""));
by("login").addEventListener("click", () => {
  const { trial } = kept() ?? {};
  if (trial?.login) location.assign(trial.login);
  else void trying(async () => {}, "");
});

async function begin() {
  const secret = SECRET.exec(location.hash)?.[1];
  const ticket = TICKET.exec(location.hash)?.[1];
  // Neither is left in the address, where it could be seen or bookmarked.
  history.replaceState(null, "", location.pathname);
  if (secret) {
    try {
      keep(/** @type {Kept} */ (await post("", { link: secret })));
    } catch (fault) {
      const used = fault instanceof Error && fault.message === "401";
      return close(used ? "This link was already used, or it has expired" : "The service could not be reached", used ? "Ask for a new link." : "Try the link again.");
    }
  }
  const held = kept();
  if (!held) return close("This page needs its link", "Open it with a link that works once, within five minutes. Ask the team that runs your campaigns for one.");
  open(held);
  if (ticket) {
    await trying(async () => {
      const finished = /** @type {Finished} */ (await post("/login", { ticket }, held.session));
      show(held.trial, finished);
      by("trial").scrollIntoView();
    }, "The sign-in took longer than a minute to return here, or its answer was already used. Test again.");
  }
}
void begin();
