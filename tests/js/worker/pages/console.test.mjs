// People at the console: invited, signed in by passkey, held to their role on every route, and gone when they are removed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { routeTable } from "../../../../xtask/js/routes.mjs";
import { ConsolePerson } from "../../support/worker/console.mjs";
import { customer } from "../../support/worker/customer.mjs";
import { call, Deployment, random } from "../../support/worker/deployment.mjs";
import { asked, send } from "../../support/worker/route_requests.mjs";
import "../../support/patience.mjs";

/** @type {Deployment} */ let worker;
const { routes } = await routeTable();
const acme = customer("acme");

/** The operations that each role may call: the promise, beside the scopes that keep it. @type {Record<string, string[]>} */
const MAY = {
  support: ["listRefusals", "getRefusal"],
  manager: ["getAccount", "putAccount", "listVersions", "compareVersions", "rollBack", "listSecrets", "listDeadLetters", "replayDeadLetters", "readAccountStatistics", "readStatistics", "createConnectionLink", "readTrial", "lookAtKeySet", "lookAtIssuer", "listClients", "listAudit", "exportAccount", "createPreview", "lookAtTrail", "listCampaigns", "readCampaignDraft", "writeCampaignDraft", "discardCampaignDraft", "publishCampaign", "listKeys"],
  setup: ["getAccount", "putAccount", "listVersions", "compareVersions", "rollBack", "listSecrets", "putSecret", "listDeadLetters", "replayDeadLetters", "listRefusals", "getRefusal", "explainToken", "createConnectionLink", "readTrial", "lookAtKeySet", "lookAtIssuer", "listClients", "listAudit", "exportAccount", "deleteSecret", "createPreview", "lookAtTrail", "listCampaigns", "readCampaignDraft", "writeCampaignDraft", "discardCampaignDraft", "publishCampaign", "listKeys", "rotateKeys"],
};

before(async () => {
  worker = await Deployment.start();
  await worker.account(acme.document, acme.secrets);
  const other = customer("other");
  await worker.account(other.document, other.secrets);
});
after(() => worker.stop());

/** @param {string} role */
const invite = async (role, more = {}) => worker.post("/v1/accounts/acme/invitations", { role, name: "Somebody", ...more }, await worker.bearer());
const secretOf = (/** @type {string} */ link) => new URL(link).hash.split("=")[1];

test("an invitation is looked at as often as anybody likes, makes one passkey, and is used up by it alone", async () => {
  const { body } = await invite("owner");
  assert.match(body.link, /^http:\/\/localhost:\d+\/console\/acme#invitation=[\w-]{43}$/);
  assert.ok(Math.abs(Date.parse(body.expiresAt) - Date.now() - 7 * 86_400_000) < 60_000);
  const person = new ConsolePerson(worker, "acme");
  const invitation = secretOf(body.link);
  for (const times of [1, 2]) {
    const opened = await person.ask("POST", "/v1/console/invitation", { account: "acme", invitation });
    assert.deepEqual([opened.status, opened.body.role, opened.body.name, times], [200, "owner", "Somebody", times]);
  }
  const enrolled = await person.enrol(invitation);
  assert.deepEqual([enrolled.status, enrolled.body.person.role, enrolled.body.recent], [201, "owner", true], enrolled.text);
  const [cookie] = enrolled.headers.getSetCookie();
  assert.match(cookie, /^__Host-hs_console_acme=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200$/);
  const again = await new ConsolePerson(worker, "acme").ask("POST", "/v1/console/invitation", { account: "acme", invitation });
  assert.deepEqual([again.status, again.body.code], [401, "invitation_invalid"]);
  const me = await person.ask("GET", "/v1/console/session?account=acme");
  assert.deepEqual([me.status, me.body.person.id], [200, enrolled.body.person.id]);

  const list = await person.ask("GET", "/v1/accounts/acme/people");
  assert.deepEqual(list.body.people.map((/** @type {any} */ { id, role }) => [id, role]), [[enrolled.body.person.id, "owner"]]);
});

test("a passkey signs in, its answer counts once, and for this account, origin, challenge and verified person alone", async () => {
  const person = await ConsolePerson.invited(worker, "acme", "owner");
  const before = person.cookie;
  const credential = person.authenticator.get(await person.challenge(), person.origin);
  const first = await person.ask("POST", "/v1/console/session", { account: "acme", credential });
  assert.equal(first.status, 200, first.text);
  assert.notEqual(person.cookie, before, "a new session");
  assert.equal((await person.ask("GET", "/v1/console/session?account=acme", undefined, { cookie: before })).status, 401, "the one before has ended");
  const refused = async (/** @type {string} */ what, /** @type {any} */ answer, account = "acme") => {
    const { status, body, text } = await new ConsolePerson(worker, account).ask("POST", "/v1/console/session", { account, credential: answer });
    assert.deepEqual([status, body.code], [401, "passkey_invalid"], `${what}: ${text}`);
  };
  await refused("the same answer again", credential);
  await refused("a person who is not there and verified", person.authenticator.get(await person.challenge(), person.origin, 0x01));
  await refused("another origin", person.authenticator.get(await person.challenge(), "https://evil.example"));
  await refused("another account", person.authenticator.get(await person.challenge(), person.origin), "other");
  await refused("a challenge of another account", person.authenticator.get(await new ConsolePerson(worker, "other").challenge(), person.origin));
  await refused("a challenge of nobody", person.authenticator.get({ ...(await person.challenge()), challenge: random() }, person.origin));
  await refused("another relying party", person.authenticator.get({ ...(await person.challenge()), rpId: "evil.example" }, person.origin));
  await refused("an unknown passkey", new ConsolePerson(worker, "acme").authenticator.get(await person.challenge(), person.origin));
  await refused("no answer at all", { id: 7 });
  const moved = person.authenticator;
  moved.counter = 0;
  await refused("a copied passkey, whose counter runs behind", moved.get(await person.challenge(), person.origin));
  assert.equal((await person.ask("DELETE", "/v1/console/session?account=acme")).status, 204);
  assert.equal((await person.ask("GET", "/v1/console/session?account=acme", undefined, { cookie: before })).status, 401);
});

test("a session counts for the console's own page at its own origin, and on no other account", async () => {
  const person = await ConsolePerson.invited(worker, "acme", "owner");
  const from = (/** @type {Record<string, string>} */ headers) => person.ask("GET", "/v1/accounts/acme", undefined, headers);
  assert.equal((await from({})).status, 200);
  for (const headers of /** @type {Record<string, string>[]} */ ([{ "sec-fetch-site": "same-site" }, { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "none" }, { origin: "https://evil.example" }, { origin: worker.url }]))
    assert.deepEqual([(await from(headers)).status, (await from(headers)).body.code], [403, "origin_refused"], JSON.stringify(headers));
  const { origin: _, ...silent } = person.headers();
  assert.equal((await call(`${person.origin}/v1/accounts/acme/people/x`, { method: "DELETE", headers: silent })).body.code, "origin_refused", "a change without Origin");
  assert.equal((await call(`${worker.url}/v1/accounts/acme`, { headers: person.headers() })).body.code, "origin_refused", "at the campaigns' origin");
  assert.equal((await person.ask("GET", "/v1/accounts/other")).status, 401);
  assert.equal((await person.ask("GET", "/v1/accounts/other", undefined, { cookie: person.cookie.replace("acme", "other") })).status, 401, "under another account's name");
  const page = await call(`${worker.url}/console/acme`);
  assert.deepEqual([page.status, page.headers.get("location")], [302, `${person.origin}/console/acme`]);
  assert.equal((await call(`${person.origin}/campaign/acme/100001`)).status, 404, "campaigns are not at the console's origin");
});

test("roles × routes: each role may call what it is promised and nothing else, of all rows", async () => {
  const scoped = routes.filter(({ scope, openInDevelopment }) => scope && !openInDevelopment);
  const every = scoped.filter(({ forOperators }) => !forOperators).map(({ id }) => id ?? "");
  /** @type {Record<string, Record<string, string>>} */
  const found = {};
  for (const role of ["owner", "setup", "manager", "support"]) {
    const may = MAY[role] ?? every;
    assert.deepEqual(may.filter((id) => !every.includes(id)), [], "each promise has its row");
    const person = await ConsolePerson.invited(worker, "acme", role);
    for (const route of scoped) {
      const request = asked(route);
      // Judged and then refused for what they ask: nothing is changed by this test.
      if (route.method !== "GET") request.query = { ...request.query, nothing: "x" };
      else if (route.query?.entries.account || !route.path.includes("{account}")) request.query = { ...request.query, account: "acme" };
      if (route.body?.schema.entries?.account) request.body = { .../** @type {object} */ (request.body), account: "acme" };
      const { status, body, text } = await send(person.origin, route, request, person.headers());
      const isIn = !["role_missing", "unauthorized", "session_missing"].includes(body?.code) && status !== 401;
      assert.equal(isIn, may.includes(route.id ?? ""), `${role} ${route.id}: ${status} ${text.slice(0, 200)}`);
      (found[route.id ?? ""] ??= {})[role] = isIn ? "yes" : "–";
    }
  }
  console.table(found);
});

test("nobody invites to a role that has more than they have", async () => {
  const { body: made } = await worker.post("/v1/accounts/acme/clients", { scope: "people refusals" }, await worker.bearer());
  const { body } = await worker.accessToken({ clientId: made.clientId, secret: made.clientSecret });
  const invited = async (/** @type {string} */ role) => worker.post("/v1/accounts/acme/invitations", { role, name: "A friend" }, { authorization: `Bearer ${body.access_token}` });
  for (const role of ["owner", "setup", "manager"]) assert.deepEqual([(await invited(role)).status, (await invited(role)).body.code], [403, "scope_missing"], role);
  assert.equal((await invited("support")).status, 201);
});

test("nobody removes or replaces a person whose role has more than they have, nor a client with more scope", async () => {
  const client = async (/** @type {string} */ scope) => {
    const { body: made } = await worker.post("/v1/accounts/acme/clients", { scope }, await worker.bearer());
    const { body } = await worker.accessToken({ clientId: made.clientId, secret: made.clientSecret });
    return { id: made.clientId, headers: { authorization: `Bearer ${body.access_token}` } };
  };
  const people = await client("people refusals");
  const [owner, support] = [await ConsolePerson.invited(worker, "acme", "owner"), await ConsolePerson.invited(worker, "acme", "support")];
  const idOf = async (/** @type {ConsolePerson} */ person) => (await person.ask("GET", "/v1/console/session?account=acme")).body.person.id;
  const remove = (/** @type {string} */ id) => call(`${worker.url}/v1/accounts/acme/people/${id}`, { method: "DELETE", headers: people.headers });
  const [ofOwner, ofSupport] = [await idOf(owner), await idOf(support)];
  const { body: open } = await invite("manager");
  const { body: anew } = await invite("owner", { person: ofSupport });
  const replaced = worker.post("/v1/accounts/acme/invitations", { role: "support", name: "A friend", person: ofOwner }, people.headers);
  for (const [what, answer] of Object.entries({ "an owner": await remove(ofOwner), "a manager's invitation": await remove(open.id), "somebody who is to be an owner": await remove(ofSupport), "that invitation": await remove(anew.id), "an owner, by inviting them to less": await replaced }))
    assert.deepEqual([answer.status, answer.body.code], [403, "scope_missing"], what);
  assert.equal(await idOf(owner), ofOwner, "the owner is still there");
  assert.equal((await new ConsolePerson(worker, "acme").ask("POST", "/v1/console/invitation", { account: "acme", invitation: secretOf(anew.link) })).status, 200, "and the invitations");
  assert.equal((await owner.ask("DELETE", `/v1/accounts/acme/people/${anew.id}`)).status, 204);
  assert.equal((await remove(ofSupport)).status, 204, "a role that they have themselves");

  const [clients, more] = [await client("clients"), await client("clients crypto")];
  const drop = (/** @type {string} */ id) => call(`${worker.url}/v1/accounts/acme/clients/${id}`, { method: "DELETE", headers: clients.headers });
  assert.deepEqual([(await drop(more.id)).status, (await drop(people.id)).status], [403, 403]);
  assert.equal((await drop(clients.id)).status, 204);
  for (const { id } of [people, more]) assert.equal((await owner.ask("DELETE", `/v1/accounts/acme/clients/${id}`)).status, 204);
});

test("what a role may not write, it does not take away either: by leaving out, by renaming, or by another kind of value", async () => {
  const { source } = await (await worker.accountObject("acme")).source();
  const document = JSON.parse(source);
  const own = { signIn: ["oauth"], fields: [], oauth: { issuer: "https://id.brand.example", clientId: "brand", clientAuth: { method: "none" } } };
  const mapped = { signIn: ["token"], fields: [], mapping: { email: "mail" } };
  const whole = { ...document, campaigns: { ...document.campaigns, own, mapped, plain: { fields: [] } } };
  assert.equal((await worker.put("/v1/accounts/acme", whole)).status, 200);
  const { source: before } = await (await worker.accountObject("acme")).source();
  const manager = await ConsolePerson.invited(worker, "acme", "manager");
  const without = (/** @type {string} */ id, more = {}) => ({ ...whole, campaigns: { ...Object.fromEntries(Object.entries(whole.campaigns).filter(([name]) => name !== id)), ...more } });
  const { campaigns: _all, ...none } = whole;
  for (const [changed, at] of /** @type {[any, string][]} */ ([
    [without("own"), "/campaigns/own/oauth"],
    [without("mapped"), "/campaigns/mapped/mapping"],
    [without("own", { own: { ...own, oauth: undefined, signIn: ["token"] } }), "/campaigns/own/oauth"],
    [without("own", { renamed: own }), "/campaigns/own/oauth"],
    [without("own", { own: { ...own, oauth: { ...own.oauth, redirectUri: "campaign" } } }), "/campaigns/own/oauth/redirectUri"],
    [none, "/campaigns/own/oauth"],
  ])) {
    const { status, body, text } = await manager.ask("PUT", "/v1/accounts/acme", changed);
    assert.deepEqual([status, body.code, body.at], [403, "role_missing", at], text);
  }
  assert.equal((await (await worker.accountObject("acme")).source()).source, before, "nothing is changed");
  assert.equal((await manager.ask("PUT", "/v1/accounts/acme", without("plain"))).status, 200, "a campaign of theirs");
  assert.equal((await worker.put("/v1/accounts/acme", document)).status, 200);
});

test("nor does it take away a colleague's draft of what it may not write", async () => {
  const path = "/v1/accounts/acme/campaigns/drawn/draft";
  const own = { signIn: ["oauth"], fields: [], oauth: { issuer: "https://id.brand.example", clientId: "brand", clientAuth: { method: "none" } } };
  const [owner, manager] = [await ConsolePerson.invited(worker, "acme", "owner"), await ConsolePerson.invited(worker, "acme", "manager")];
  const put = (/** @type {ConsolePerson} */ person, /** @type {object} */ campaign) => person.ask("PUT", path, { campaign, from: 0 });
  assert.equal((await put(owner, own)).status, 200);
  const { oauth: _, ...without } = own;
  for (const tried of [manager.ask("DELETE", path), put(manager, without), put(manager, {})]) {
    const { status, body, text } = await tried;
    assert.deepEqual([status, body.code, body.at], [403, "role_missing", "/campaigns/drawn/oauth"], text);
  }
  assert.deepEqual((await manager.ask("GET", path)).body.campaign, own, "it is there");
  assert.equal((await owner.ask("DELETE", path)).status, 204);
  assert.equal((await put(manager, without)).status, 200);
  assert.equal((await manager.ask("DELETE", path)).status, 204, "one of theirs");
});

test("what a role may not change of the document, it does not change", async () => {
  const { source } = await (await worker.accountObject("acme")).source();
  const put = (/** @type {ConsolePerson} */ person, /** @type {any} */ document) => person.ask("PUT", "/v1/accounts/acme", document);
  const document = JSON.parse(source);
  const campaign = { ...document, campaigns: { ...document.campaigns, 777: { fields: [] } } };
  const issuer = { ...document, secureToken: { ...document.secureToken, issuer: "com.other" } };
  const webhook = { ...document, webhook: { url: "https://evil.example/take", secret: { secret: "HOOK" } } };
  const signIn = { ...document, campaigns: { ...document.campaigns, 100001: { ...document.campaigns[100001], login: "redirect" } } };
  const [manager, setup] = [await ConsolePerson.invited(worker, "acme", "manager"), await ConsolePerson.invited(worker, "acme", "setup")];
  const profileApi = { url: "https://evil.example/take" };
  const sent = { ...document, campaigns: { ...document.campaigns, 100001: { ...document.campaigns[100001], profileApi } } };
  const whole = { ...document, campaigns: { ...document.campaigns, 777: { fields: [], mapping: { email: "mail" } } } };
  for (const [person, one, at] of /** @type {[ConsolePerson, any, string][]} */ ([[manager, sent, "/campaigns/100001/profileApi"], [manager, whole, "/campaigns/777/mapping"], [manager, issuer, "/secureToken/issuer"], [manager, webhook, "/webhook"], [setup, webhook, "/webhook"], [setup, campaign, "/campaigns/777"]])) {
    const { status, body, text } = await put(person, one);
    assert.deepEqual([status, body.code, body.at], [403, "role_missing", at], text);
  }
  assert.equal((await (await worker.accountObject("acme")).source()).source, source, "nothing is changed");
  for (const [person, one] of /** @type {[ConsolePerson, any][]} */ ([[manager, campaign], [manager, document], [setup, signIn], [setup, document]])) {
    const { status, text } = await put(person, one);
    assert.equal(status, 200, text);
  }
});

test("a change that was judged against an older document is judged once more, so that a role takes nobody's change back", async () => {
  const { document, secrets } = customer("busy");
  await worker.account(document, secrets);
  const object = await worker.accountObject("busy");
  const { version } = await object.summary();
  const newer = { ...document, secureToken: { ...document.secureToken, issuer: "com.newer" } };
  const manager = await ConsolePerson.invited(worker, "busy", "manager");
  const change = async (/** @type {number} */ n) => manager.ask("PUT", "/v1/accounts/busy", { ...document, campaigns: { ...document.campaigns, [n]: { fields: [] } } });
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const answers = await Promise.all(numbers.map((n) => (n === 10 ? worker.put("/v1/accounts/busy", newer) : change(n))));
  assert.ok(answers.every(({ status }) => [200, 403].includes(status)) && answers[10].status === 200, JSON.stringify(answers));
  assert.equal((await object.inForce()).secureToken.issuer, "com.newer");
  assert.equal(await object.write(JSON.stringify(document), document, { revoked: [], used: [] }, Date.now(), { over: version }), null);
});

test("secrets and people take the passkey again after five minutes, and looking does not", async () => {
  const owner = await ConsolePerson.invited(worker, "acme", "owner");
  const object = await worker.accountObject("acme");
  const long = await owner.ask("GET", "/v1/console/session?account=acme");
  assert.equal(long.body.recent, true);
  // Signed in ten minutes ago, past every route: the object is told another time.
  const { hash, credential } = { hash: random(), credential: owner.authenticator };
  const { createHash } = await import("node:crypto");
  const digest = createHash("sha256").update(hash).digest("base64url");
  const id = credential.id.toString("base64url");
  assert.ok(await object.signInPerson({ id, counter: 1 }, { challenge: random(), until: Date.now() + 1000 }, { session: digest }, Date.now() - 600_000));
  owner.cookie = `__Host-hs_console_acme=${hash}`;
  const write = () => owner.ask("PUT", "/v1/accounts/acme/secrets/NEW_ONE", { value: random() });
  for (const [answer, what] of /** @type {const} */ ([[await write(), "a secret"], [await owner.ask("POST", "/v1/accounts/acme/invitations", { role: "support", name: "X" }), "an invitation"], [await owner.ask("POST", "/v1/accounts/acme/clients", { scope: "explain" }), "a client"]]))
    assert.deepEqual([answer.status, answer.body.code], [401, "passkey_again"], what);
  assert.equal((await owner.ask("GET", "/v1/accounts/acme/people")).status, 200, "looking takes none");
  assert.equal((await owner.usePasskey()).status, 200);
  assert.equal((await write()).status, 204);
});

test("who has lost a passkey is invited again and stays the same person; who is removed is gone, with sessions and name", async () => {
  const person = await ConsolePerson.invited(worker, "acme", "setup", "Lost Passkey");
  const { body: me } = await person.ask("GET", "/v1/console/session?account=acme");
  const { body } = await invite("setup", { person: me.person.id });
  const anew = new ConsolePerson(worker, "acme");
  const enrolled = await anew.enrol(secretOf(body.link));
  assert.equal(enrolled.body.person.id, me.person.id);
  assert.equal((await person.ask("GET", "/v1/console/session?account=acme")).status, 401, "earlier sessions end");
  assert.equal((await person.usePasskey()).body.code, "passkey_invalid", "the earlier passkey is no longer known");
  assert.equal((await invite("setup", { person: "QUJDREVGR0hJSktM" })).status, 404);

  const gone = await call(`${worker.url}/v1/accounts/acme/people/${me.person.id}`, { method: "DELETE", headers: await worker.bearer() });
  assert.equal(gone.status, 204);
  const { body: audit } = await worker.read("/v1/accounts/acme/audit");
  const told = audit.entries.filter((/** @type {any} */ { about }) => about?.includes(me.person.id)).map((/** @type {any} */ { action, actor }) => [action, actor.kind]);
  assert.deepEqual(told, [["removePerson", "operator"], ["invitePerson", "operator"]], JSON.stringify(audit));
  assert.ok(audit.entries.some((/** @type {any} */ { action, actor }) => action === "enrolPerson" && actor.kind === "person" && actor.id === me.person.id));
  assert.ok(!JSON.stringify(audit).includes("Lost Passkey"), "a name is not kept beside a change");
  assert.equal((await anew.ask("GET", "/v1/console/session?account=acme")).body.code, "session_missing");
  assert.equal((await anew.usePasskey()).status, 401);
  const { body: list } = await worker.read("/v1/accounts/acme/people");
  assert.ok(!JSON.stringify(list).includes("Lost Passkey") || list.people.every((/** @type {any} */ one) => one.id !== me.person.id));
  const { body: open } = await invite("support");
  assert.equal((await call(`${worker.url}/v1/accounts/acme/people/${open.id}`, { method: "DELETE", headers: await worker.bearer() })).status, 204, "an invitation is withdrawn");
  assert.equal((await new ConsolePerson(worker, "acme").ask("POST", "/v1/console/invitation", { account: "acme", invitation: secretOf(open.link) })).body.code, "invitation_invalid");
});

test("the object keeps to its times: seven days, twelve hours, and one use of a challenge", async () => {
  const namespace = await worker.miniflare.getDurableObjectNamespace("ACCOUNT");
  const object = /** @type {any} */ (namespace.get(namespace.newUniqueId()));
  const [week, halfDay, T] = [7 * 86_400_000, 12 * 3_600_000, Date.now()];
  assert.equal(await object.invited("hash", 1), null, "asking makes nothing");
  await object.invite("hash", { id: "i", person: "p", role: "owner", name: "A" }, T, { actor: { kind: "operator", id: "o" }, action: "invitePerson" });
  assert.equal((await object.invited("hash", T - 1 + week)).role, "owner");
  assert.equal(await object.invited("hash", T + week), null);
  const passkey = { id: "k", key: "x", counter: 0 };
  assert.ok(await object.enrol("hash", passkey, { challenge: "c", until: T + 1000 }, "session", T + 500));
  assert.equal(await object.enrol("hash", passkey, { challenge: "d", until: T + 1000 }, "session2", T + 500), null, "once");
  assert.equal((await object.session("session", T + 499 + halfDay)).id, "p");
  assert.equal(await object.session("session", T + 500 + halfDay), null);
  assert.equal(await object.signInPerson({ id: "k", counter: 1 }, { challenge: "c", until: T + 1000 }, { session: "s3" }, T + 600), null, "a challenge that was used");
});
