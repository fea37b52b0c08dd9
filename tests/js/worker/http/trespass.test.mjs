// Every route of the table, tried by those who may not: with another account's access token, a deleted client's, one
// without the scope, none, from another origin, and with sealed values that were made for another purpose. Each is
// refused and nothing is written. A new row is tried by itself; the table is printed.

import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { routeTable } from "../../../../xtask/js/routes.mjs";
import { Browser } from "../../support/worker/browser.mjs";
import { customer, form } from "../../support/worker/customer.mjs";
import { call, Deployment, random } from "../../support/worker/deployment.mjs";
import { oauth } from "../../support/worker/package.mjs";
import { Provider } from "../../support/worker/provider.mjs";
import { pause } from "../../support/patience.mjs";
import { asked, send } from "../../support/worker/route_requests.mjs";

/** @import { Row } from "../../../../xtask/js/routes.mjs" */
/** @import { Asked } from "../../support/worker/route_requests.mjs" */

const CAMPAIGN = "100001";
/** The database of an object that was asked and holds nothing. */
const EMPTY_BYTES = 4096;
/** A ticket is good for a minute from its last delivery, and a busy machine takes longer: it is delivered anew, as a browser may do. */
const DELIVER_MS = 15_000;
/** @type {NodeJS.Timeout | undefined} */ let deliveries;
const { routes } = await routeTable();
/** As the rows have them. */
const SCOPES = [...new Set(routes.flatMap(({ scope }) => scope ?? []))];
/** The older name, and the four that it stands for. */
const [ACCOUNTS, OF_ACCOUNTS] = ["accounts", ["accounts:read", "accounts:write", "secrets:write", "clients"]];
/** @type {Deployment} */ let worker;
/** @type {Provider} */ let provider;
/** @type {Browser} */ let visitor;
/** @type {Record<string, string>} access tokens, by whom they are of */
const bearers = {};
/** @type {string[]} */
const clientIds = [];
/** @type {any} */ let first;
/** What is sealed or secret, each good for one purpose. @type {Record<string, string>} */
const values = {};
/** @type {Map<string, Map<string, number>>} what came of each kind of try, by path and then by answer */
const table = new Map();
/** How often each kind was tried on each route: `TRESPASS_TABLE=1` prints it. @type {Map<string, Record<string, number>>} */
const byRoute = new Map();

/** @param {string} account @param {string[]} scope */
async function client(account, scope) {
  const { body } = await worker.post(`/v1/accounts/${account}/clients`, { scope: scope.join(" ") }, await worker.bearer());
  const granted = await worker.accessToken({ clientId: body.clientId, secret: body.clientSecret });
  clientIds.push(body.clientId);
  return { id: body.clientId, token: granted.body.access_token };
}

before(async () => {
  [worker, provider] = await Promise.all([Deployment.start(), Provider.start()]);
  const victim = customer("acme", { oauth: provider.settings(), mapping: { email: "email", firstname: "given_name" } });
  victim.document.campaigns[CAMPAIGN] = { ...victim.document.campaigns[CAMPAIGN], signIn: ["token", "oauth"] };
  const evil = customer("evil");
  await worker.account(victim.document, victim.secrets);
  await worker.account(evil.document, evil.secrets);

  bearers.elsewhere = (await client("evil", SCOPES)).token;
  const gone = await client("acme", SCOPES);
  bearers.gone = gone.token;
  assert.deepEqual(SCOPES.filter((scope) => OF_ACCOUNTS.includes(scope)).sort(), [...OF_ACCOUNTS].sort());
  for (const scope of SCOPES) bearers[`with ${scope}`] = (await client("acme", [scope])).token;
  bearers[ACCOUNTS] = (await client("acme", [ACCOUNTS])).token;
  for (const scope of SCOPES) bearers[`without ${scope}`] = (await client("acme", SCOPES.filter((each) => each !== scope))).token;
  assert.equal((await call(`${worker.url}/v1/accounts/acme/clients/${gone.id}`, { method: "DELETE", headers: await worker.bearer() })).status, 204);

  const { body: admitted } = await worker.post("/v1/token/admit", { account: "acme", campaignId: CAMPAIGN, token: await victim.sign({ sub: "victim" }) });
  visitor = new Browser(worker.url);
  const { body: draft } = await visitor.post("/v1/drafts", { account: "acme", campaignId: CAMPAIGN, step: "identityset", answers: { colour: "red" } });
  const { callback, ticket } = await visitor.login({ account: "acme", campaignId: CAMPAIGN, bind: draft.bind, return: "0:/play" });
  deliveries = setInterval(() => void visitor.go(callback).catch(() => {}), DELIVER_MS);
  const { location } = await visitor.go(`/oauth/start?account=acme&campaignId=${CAMPAIGN}`);
  const links = await Promise.all([1, 2].map(() => worker.post("/v1/accounts/acme/connection-links", {}, worker.token ? { authorization: `Bearer ${worker.token}` } : {})));
  const [link, used] = links.map(({ body }) => body.link.split("#")[1]);
  const opened = await worker.post("/v1/connections", { account: "acme", link: used });
  const invited = await worker.post("/v1/accounts/acme/invitations", { role: "owner", name: "X" }, await worker.bearer());
  const { ring } = worker.secrets;
  Object.assign(values, {
    pass: admitted.pass,
    state: new URL(location).searchParams.get("state") ?? "",
    ticket,
    link,
    invitation: new URL(invited.body.link).hash.split("=")[1],
    session: opened.body.session,
    access: worker.token,
    bind: draft.bind,
    "sealed secret": `acme:${oauth.seal("secret", ring, "acme", { value: "x" })}`,
    "sealed flow": `acme:${oauth.seal("flow", ring, "acme", { sid: "x" })}`,
  });
  for (const [name, value] of Object.entries(values)) assert.ok(typeof value === "string" && value.length > 20, name);
});
after(async () => {
  clearInterval(deliveries);
  provider.stop();
  await worker.stop();
});

/** What is kept: which objects hold anything, what those of the accounts and of the victim hold, and the statistics. */
async function written() {
  // What is told a moment after its answer has been told by then.
  await pause(1500);
  const entries = (await readdir(worker.stateDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = new Map(await Promise.all(entries.map(async ({ parentPath, name }) => /** @type {const} */ ([join(parentPath, name), (await stat(join(parentPath, name))).size]))));
  const isKept = (/** @type {string} */ file) => (sizes.get(file) ?? 0) + (sizes.get(`${file}-wal`) ?? 0) > EMPTY_BYTES;
  const objects = [...sizes.keys()].filter((file) => /handstamp-(?!Metrics)\w+\/\w+\.sqlite$/.test(file) && isKept(file)).map((file) => file.slice(worker.stateDir.length));
  assert.ok(objects.length >= 4, "the objects are found");
  const accounts = ["acme", "evil", "*"].map(async (name) => {
    const object = await worker.accountObject(name);
    const [record, source, versions, secrets] = [await object.read(), await object.source(), await object.versions(), await object.secretNames()];
    const [refusals, counts, tallied, letters] = [await object.refusalList(Date.now(), 100, {}), await object.refusalCounts("100001"), await object.tallied(0), await object.deadLetters(500)];
    const clients = await Promise.all(clientIds.map((id) => object.client(id)));
    // But for the two exports by which people are looked at below.
    const audit = (await object.audited({ limit: 1000 }, Date.now())).filter((/** @type {any} */ { action }) => action !== "exportParticipant");
    // A link to a preview that does not open gets a number, as a refused token does, and is found under it.
    const isOther = (/** @type {any} */ { code, name: counted }) => !["pass_invalid", "try_again"].includes(code ?? counted);
    const { try_again: _again, ...counted } = counts;
    const told = { refusals: refusals.filter(isOther), counts: counted, tallied: tallied.filter(isOther) };
    return { name, record, source, versions, secrets, clients, audit, ...told, letters, holders: await object.secretHolders("", 100) };
  });
  const draft = await worker.get(`/v1/drafts?account=acme&campaignId=${CAMPAIGN}`, { headers: { cookie: visitor.cookieHeader } });
  const people = ["victim", "1234"].map(async (subject) => ({ ...(await worker.read(`/v1/participants/acme/${subject}`)).body, asOf: null }));
  const statistics = await worker.miniflare.getD1Database("STATISTICS");
  const rows = ["participation", "erased"].map(async (name) => (await statistics.prepare(`SELECT * FROM ${name}`).all()).results);
  return JSON.parse(JSON.stringify({ objects: objects.sort(), accounts: await Promise.all(accounts), draft: draft.body, people: await Promise.all(people), rows: await Promise.all(rows) }));
}

const consoleOrigin = () => worker.url.replace("127.0.0.1", "localhost");

/**
 * @param {string} kind of the try
 * @param {Row} route
 * @param {Asked} request
 * @param {Record<string, string>} headers
 * @param {number[]} statuses one of which must come
 */
async function refused(kind, route, request, headers, statuses) {
  // The console's routes answer at the console's own origin.
  const ask = () => send(route.console ? consoleOrigin() : worker.url, route, request, headers);
  // Who is refused before the body is read may find the connection closed the next time.
  const { status, body, text } = await ask().catch(ask);
  assert.ok(statuses.includes(status), `${kind}: ${route.method} ${route.path}: ${status} ${text.slice(0, 200)}`);
  const answers = table.get(kind) ?? new Map();
  const answer = `${status} ${body?.code ?? ""}`;
  table.set(kind, answers.set(answer, (answers.get(answer) ?? 0) + 1));
  const path = `${route.method} ${route.path}`;
  const kinds = byRoute.get(path) ?? {};
  byRoute.set(path, { ...kinds, [kind]: (kinds[kind] ?? 0) + 1 });
}

/** A request for what is acme's, also where the example leaves the account to the token. @param {Row} route */
function ofVictim(route) {
  const request = asked(route);
  const names = (/** @type {any} */ schema) => Object.keys(schema?.entries ?? {});
  if (names(route.query).includes("account")) request.query.account = "acme";
  if (names(route.body?.schema).includes("account")) request.body = { .../** @type {object} */ (request.body), account: "acme" };
  return request;
}

const scoped = routes.filter(({ scope, openInDevelopment }) => scope && !openInDevelopment);
const bearer = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });

/** Where a row takes something sealed or secret: its kind, and the request with another value there. @param {Row} route @returns {{ kind: string, at: (value: string) => [Asked, Record<string, string>] }[]} */
function slots(route) {
  const request = ofVictim(route);
  const own = route.security?.some((way) => "connection" in way) ? bearer(values.session) : route.console ? { origin: consoleOrigin(), "sec-fetch-site": "same-origin" } : {};
  const member = (/** @type {string} */ kind) => ({ kind, at: (/** @type {string} */ value) => /** @type {[Asked, Record<string, string>]} */ ([{ ...request, body: { .../** @type {object} */ (request.body), [kind]: value } }, own]) });
  const header = (/** @type {string} */ kind) => ({ kind, at: (/** @type {string} */ value) => /** @type {[Asked, Record<string, string>]} */ ([request, bearer(value)]) });
  // A draft keeps the pass as it is and gives it back to the same browser; it opens none.
  const members = Object.keys(route.id === "keepDraft" ? {} : (route.body?.schema.entries ?? {})).filter((name) => ["pass", "ticket", "link", "invitation"].includes(name));
  return [
    ...members.map(member),
    ...(route.scope && !route.openInDevelopment ? [header("access")] : []),
    ...(route.security?.some((way) => "connection" in way) ? [header("session")] : []),
    ...(route.path.startsWith("/oauth/callback") ? [{ kind: "state", at: (/** @type {string} */ value) => /** @type {[Asked, Record<string, string>]} */ ([{ ...request, query: { state: value, code: "x" } }, { cookie: visitor.cookieHeader }]) }] : []),
  ];
}

test("whoever may not is refused by every route, and nothing is written", async () => {
  first = await written();
  for (const route of scoped) {
    const request = ofVictim(route);
    await refused("another account's token", route, request, bearer(bearers.elsewhere), [403]);
    await refused("a deleted client's token", route, request, bearer(bearers.gone), route.forOperators ? [403] : [401]);
    await refused("a token without the scope", route, request, bearer(bearers[`without ${route.scope}`]), [403]);
    await refused("no token", route, request, {}, [401]);
  }
  for (const route of routes.filter(({ ownPage }) => ownPage)) {
    const request = ofVictim(route);
    const cookie = { cookie: visitor.cookieHeader };
    await refused("another origin, by Origin", route, request, { ...cookie, origin: "https://evil.example" }, [403]);
    await refused("another origin, by Sec-Fetch-Site", route, request, { ...cookie, "sec-fetch-site": "cross-site" }, [403]);
    await refused("another origin, of the same site", route, request, { ...cookie, "sec-fetch-site": "same-site" }, [403]);
  }
  for (const route of routes.filter((row) => row.console)) {
    const request = ofVictim(route);
    await refused("the console's route from nowhere", route, request, {}, [403]);
    await refused("the console's route from the campaigns' origin", route, request, { origin: worker.url, "sec-fetch-site": "same-origin" }, [403]);
  }
  for (const route of routes.filter(({ id }) => id === "startLogin")) await refused("a start that is no navigation", route, ofVictim(route), { "sec-fetch-dest": "iframe" }, [403]);
  for (const route of routes) {
    for (const { kind, at } of slots(route)) {
      // A body also takes the spellings with and without the account's name before it.
      const spellings = (/** @type {string} */ value) => (["access", "session"].includes(kind) ? [value] : [value, value.replace(/^\w+:/, ""), `acme:${value}`]);
      const others = Object.entries(values).flatMap(([made, value]) => (made === kind ? [] : spellings(value)));
      await Promise.all([...new Set(others)].map((value) => refused(`another value as ${kind}`, route, ...at(value), [400, 401, 403, 404])));
    }
  }
  const submit = routes.find(({ id }) => id === "participate");
  const callback = routes.find(({ id }) => id === "finishLoginOfAccount");
  assert.ok(submit && callback);
  await refused("a pass under another account's name", submit, { ...asked(submit), body: { pass: values.pass.replace("acme:", "evil:"), form } }, {}, [401]);

  assert.deepEqual(await written(), first, "nothing is written");
  // This one is reported to the account whose state it is.
  const elsewhere = { ...asked(callback), params: { account: "evil" }, query: { state: values.state, code: "x" } };
  await refused("a state at another account's callback", callback, elsewhere, { cookie: visitor.cookieHeader }, [400, 401, 403]);
  const lines = [...table].map(([kind, answers]) => `${kind.padEnd(38)} ${[...answers.values()].reduce((sum, n) => sum + n).toString().padStart(4)}  ${[...answers].map(([answer, n]) => `${answer} × ${n}`).join(", ")}`);
  console.log(`refused, of ${routes.length} routes:\n${lines.join("\n")}`);
  if (process.env.TRESPASS_TABLE) console.log([...byRoute].map(([path, kinds]) => `| ${path} | ${Object.entries(kinds).map(([kind, n]) => `${kind} ${n}`).join(" · ")} |`).join("\n"));
});

test("a client gives no scope that it does not have, under the new names and the old one, and a token is for no more than was asked", async () => {
  const make = (/** @type {string} */ token, /** @type {string} */ scope) => worker.post("/v1/accounts/acme/clients", { scope }, bearer(token));
  // An account has fifty clients at most.
  const drop = async (/** @type {string} */ id) => call(`${worker.url}/v1/accounts/acme/clients/${id}`, { method: "DELETE", headers: await worker.bearer() });
  for (const held of [...SCOPES, ACCOUNTS]) {
    const giver = await client("acme", held === ACCOUNTS ? [ACCOUNTS] : [...new Set(["clients", held])]);
    const own = held === ACCOUNTS ? [...OF_ACCOUNTS, ACCOUNTS] : ["clients", held];
    for (const given of [...SCOPES, ACCOUNTS]) {
      const { status, body } = await make(giver.token, given);
      const expected = own.includes(given) ? [201, undefined] : [403, "scope_missing"];
      assert.deepEqual([status, body.code], expected, `${held} gives ${given}`);
      if (status === 201) await drop(body.clientId);
    }
    await drop(giver.id);
  }
  const whole = await make(await client("acme", OF_ACCOUNTS).then(({ token }) => token), ACCOUNTS);
  assert.equal(whole.status, 201, "the four are the old name");
  const part = { clientId: whole.body.clientId, secret: whole.body.clientSecret };
  for (const scope of OF_ACCOUNTS) assert.deepEqual((await worker.accessToken(part, { scope })).body.scope, scope);
  const narrow = (await worker.accessToken(part, { scope: "clients" })).body.access_token;
  assert.equal((await make(narrow, "accounts:write")).status, 403, "the token counts, not what its client could have asked");
  assert.equal((await worker.accessToken(part, { scope: "statistics" })).status, 400);
});

test("the older name opens what each of the four opens, and one of them nothing of the others", async () => {
  const ofAccounts = scoped.filter(({ scope }) => OF_ACCOUNTS.includes(scope ?? ""));
  assert.ok(ofAccounts.length >= 10);
  for (const route of ofAccounts) {
    const request = ofVictim(route);
    // A body that no route takes: who is let in is told so, and nothing is written.
    const empty = { ...request, ...(request.body && { body: {} }) };
    if (!route.forOperators && (route.method === "GET" || route.body)) assert.notEqual((await send(worker.url, route, empty, bearer(bearers[ACCOUNTS]))).status, 403, `${route.method} ${route.path}`);
    for (const scope of SCOPES.filter((each) => each !== route.scope))
      assert.equal((await send(worker.url, route, empty, bearer(bearers[`with ${scope}`]))).status, 403, `${scope}: ${route.method} ${route.path}`);
  }
});

test("who may write a document and no secret has no stored secret sent to another place", async () => {
  const { body } = await worker.read("/v1/accounts/acme");
  const url = "http://127.0.0.1:9/in";
  assert.equal((await worker.put("/v1/accounts/acme/secrets/HOOK", { value: random(), purpose: "webhook" })).status, 204);
  const hooked = { ...body.document, webhook: { url, secret: { secret: "HOOK" } } };
  assert.equal((await worker.put("/v1/accounts/acme", hooked)).status, 200);
  const both = (await client("acme", ["accounts:write", "secrets:write"])).token;
  const put = (/** @type {string} */ token, /** @type {object} */ document) =>
    call(`${worker.url}/v1/accounts/acme`, { method: "PUT", headers: { "content-type": "application/json", ...bearer(token) }, body: JSON.stringify(document) });
  const writer = bearers["with accounts:write"];
  const elsewhere = [
    { ...hooked, webhook: { ...hooked.webhook, url: "http://127.0.0.1:9/other" } },
    { ...hooked, webhook: { ...hooked.webhook, authorization: { secret: "HOOK2" } } },
    { ...hooked, webhook: { ...hooked.webhook, authorization: { secret: "HOOK" } } },
    { ...hooked, oauth: { ...hooked.oauth, clientAuth: { ...hooked.oauth.clientAuth, method: "client_secret_post" } } },
    { ...hooked, oauth: { ...hooked.oauth, issuer: "http://127.0.0.1:9" } },
    { ...hooked, oauth: { ...hooked.oauth, endpoints: { token: "http://127.0.0.1:9/token" }, redirectUri: "account" } },
    { ...hooked, oauth: { ...hooked.oauth, discovery: "http://127.0.0.1:9/metadata", redirectUri: "account" } },
  ];
  for (const document of elsewhere) {
    const { status, body: refusal } = await put(writer, document);
    assert.deepEqual([status, refusal.code], [403, "scope_missing"], JSON.stringify(refusal));
  }
  assert.equal((await put(writer, { ...hooked, returnPaths: ["/play"] })).status, 200, "what sends nothing elsewhere takes no more");
  assert.equal((await put(both, elsewhere[0])).status, 200);
  const back = await worker.post("/v1/accounts/acme/rollback", { version: 2 }, bearer(writer));
  assert.equal(back.status, 403, "nor by a rollback");
});

test("every route with a scope, of our own pages alone or with something sealed was tried", () => {
  const tries = (/** @type {string} */ kind) => [...(table.get(kind)?.values() ?? [])].reduce((sum, n) => sum + n, 0);
  const scopes = routes.filter(({ scope }) => scope).length - 1;
  for (const kind of ["another account's token", "a deleted client's token", "a token without the scope", "no token"]) assert.equal(tries(kind), scopes, kind);
  assert.ok(scopes >= 20, "all but /metrics, which is open in development");
  assert.equal(tries("another origin, by Origin"), routes.filter(({ ownPage }) => ownPage).length);
  assert.ok(routes.filter(({ ownPage }) => ownPage).length >= 6);
  for (const kind of ["pass", "ticket", "link", "session", "state", "access"]) assert.ok(tries(`another value as ${kind}`) >= 8, kind);
});

test("nothing of what was tried is used up: each is good for its own purpose still", async () => {
  clearInterval(deliveries);
  const { body, status } = await visitor.post("/v1/oauth/redeem", { ticket: values.ticket, account: "acme", campaignId: CAMPAIGN });
  assert.deepEqual([status, body.draft.answers], [200, { colour: "red" }]);
  assert.equal((await worker.post("/v1/participations", { pass: values.pass, form }, { "idempotency-key": random(12) })).status, 201);
  assert.equal((await worker.post("/v1/connections", { account: "acme", link: values.link })).status, 200);
  assert.equal((await worker.post("/v1/connections/test", { account: "acme" }, bearer(values.session))).status, 200);
  const { objects, people, ...rest } = await written();
  assert.ok(objects.length > first.objects.length && people[0].participants.length === 1, "what is written is seen");
  assert.notDeepEqual(rest.accounts, first.accounts);
});
