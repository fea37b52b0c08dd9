// Faults that tests must notice: in a file of worker/src the text `find`, which stands there once, becomes `replace`, and
// one of the tests in tests/js/worker fails: a file, or `file: words` for those of its tests whose names have the words. A
// fault that cannot be noticed has a reason.

/** @typedef {{ file: string, find: string, replace: string, tests: string[], reason?: string }} Fault */

/**
 * Faults of one file.
 * @param {string} file
 * @param {string[]} tests
 * @param {[find: string, replace: string, tests?: string[], reason?: string][]} rows
 * @returns {Fault[]}
 */
const of = (file, tests, rows) =>
  rows.map(([find, replace, own = tests, reason]) => ({ file, find, replace, tests: own, ...(reason !== undefined && { reason }) }));

/** @type {Fault[]} */
export const FAULTS = [
  ...of("objects/participant/participant.js", ["objects: judged in the order"], [
    ["if (earlier.hash !== input.hash) return", "if (input.hash === null) return"],
    ["if (Math.floor(now / 1000) > pass.expiresAt)", "if (now < 0)"],
    ["> pass.expiresAt)", ">= pass.expiresAt)", ["objects: in its last second"]],
    ["if (input.revoked) return", "if (input.revoked === undefined) return"],
    ["if (this.erasure.covers(pass.issuedAt))", "if (now < 0)", ["erasure"]],
    ["if (input.challenge) return", "if (input.challenge === 1) return", ["challenge"]],
    ["if (input.faults.length > 0)", "if (input.faults.length > 1)"],
    ["[...ids, ...raw].some(isUsed)", "ids.some(isUsed)", ["participation"]],
    ["limits.seen?.limit.nb === undefined && ", "", ["participation: a pass with a limit of its own"]],
    ["[...ids, ...raw].some(isUsed)) return", "[...ids, ...raw].every(isUsed)) return", ["token"]],
    ["participations: this.count(), ...(played", "participations: 0, ...(played", ["token"]],
    ["if (verdict.stated && this.#isThere()) {", "if (verdict.stated && this.count() < 0) {", ["participation"]],
    ["    if (stated) this.#keepStated(stated);\n", "", ["participation"]],
    ["INSERT OR REPLACE INTO stated", "INSERT OR IGNORE INTO stated", ["participation"]],
    ["if (input.person && !this.#isThere()) {", "if (input.person && this.count() < 0) {", ["privacy: the export of one person"]],
    ["this.#known(input) ?? this.#recorded(input, {", "this.#recorded(input, {", ["erasure: under way", "privacy: a pass from before an erasure records"]],
    ["this.erasure.learn(await objectNamed(configuration(this.env), this.env.PERSON, name).note(note));", "await objectNamed(configuration(this.env), this.env.PERSON, name).note(note);", ["privacy: a pass from before an erasure records"]],
    ["    this.erasure.keep();\n    const { stated", "    const { stated", ["privacy: started afterwards"]],
    ['for (const id of ids) this.sql.exec("DELETE FROM outbox WHERE id = ?", id);', "", ["privacy: by the alarm of its object"]],
    ["    this.sql.exec(\"DELETE FROM answer WHERE json_extract(body, '$.participationId') = ?\", id);\n", "", ["privacy: by the alarm of its object"]],
    ['row?.technique === "anonymous"', 'row?.technique === "nobody"', ["privacy: nobody's in particular"]],
    ["    await this.#hideTokenIds();\n", "", ["participation"]],
    ["    this.erasure.learn(at);\n", "", ["erasure: under way"]],
    ["Math.max(Date.now(), newest)", "Date.now()", ["privacy: an erasure says of itself"]],
    ["if (!isKept) await this.#end();", "", ["privacy: nobody's in particular"]],
    ["this.count() > 0 || this.#rows", "this.#rows", ["privacy: nobody's in particular"]],
    ["WHERE until <= ?\", now).map", "WHERE until <= ?\", 0).map", ["privacy: by the alarm of its object"]],
  ]),
  ...of("objects/participant/person.js", ["privacy"], [
    ["if (!this.erasure.covers(issuedAt)) {", "if (this.erasure.at() >= 0) {", ["privacy: a pass from before an erasure records"]],
    ["AND noted = ?\", object, noted", "AND noted >= ?\", object, 0", ["privacy: a place that was noted again"]],
    ["DO UPDATE SET noted = noted + 1", "DO UPDATE SET noted = noted", ["privacy: a place that was noted again"]],
    ["AND until = ?\", object, until", "AND until > ?\", object, until - 9", ["privacy: asked for anew"]],
    ["MAX(excluded.until, until + 1)", "excluded.until", ["privacy: asked for anew"]],
    ["if (!(await participant.isThere())) this", "if (await participant.isThere()) this", ["privacy: forgets a place"]],
    ["    await this.#visit(now);\n", "", ["privacy: forgets a place"]],
    ["    this.erasure.learn(Date.now());\n", "", ["privacy: a pass from before an erasure records"]],
    ["    this.erasure.keep();\n", "", ["privacy: started afterwards"]],
    ["this.sql.exec(\"DELETE FROM profile WHERE object = ? AND until = ?\", object, until);", "object.slice(until);", ["privacy: asked for anew"]],
    ["if (hasTable(this.sql, \"place\")) for (const place of places) this.#forgetPlace(place);", "", ["privacy: an erasure leaves nothing"]],
  ]),
  ...of("objects/participant/erasure.js", ["privacy"], [
    ["issuedAt <= Math.floor(this.at() / 1000)", "issuedAt < Math.floor(this.at() / 1000) - 1", ["privacy: a pass from before an erasure records"]],
    ["issuedAt !== undefined && issuedAt <=", "issuedAt !== undefined && this.at() > 0 && issuedAt >=", ["privacy: a pass from before an erasure records"]],
  ]),
  ...of("record/personal_data.js", ["privacy"], [
    [".bind(object, at),\n    // Not counted", ".bind(object, 0),\n    // Not counted", ["privacy: an erasure leaves nothing"]],
    ["recorded_at <= ? RETURNING id\").bind(object, at)", "recorded_at <= ? RETURNING id\").bind(object, 0)", ["privacy: an erasure leaves nothing"]],
    ["await person.forget({ places, profiles });", "await person.forget({ places, profiles: [] });", ["privacy: profile API said"]],
    ["profile: await PROFILES.erase(context, objects) }", "profile: 0 }", ["privacy: profile API said"]],
    ["await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));", "", ["privacy: a pass from before an erasure records"]],
    ["WHERE participant = ?\").bind(object).all();", "WHERE participant = ? AND preview = 2\").bind(object).all();", ["privacy: the export of one person"]],
    ["profiles: await PROFILES.find(context, account, objects)", "profiles: []", ["privacy: profile API said"]],
    [" AND recorded_at <= ? RETURNING id\").bind(object, at)", " RETURNING id\").bind(object)", ["erasure"]],
    ["const { at, ...held } = await recordOf(env, object).erase();", "const { at: late, ...held } = await recordOf(env, object).erase();\n  const at = late + 60_000;", ["erasure"]],
  ]),
  ...of("record/form.js", ["token", "form"], [
    ["under(locked, name) ?? own", "own", ["form"]],
    ["const form = { ...locked };", "const form = {};", ["token: a locked value"]],
    ["if (required && !value)", "if (required && value)", ["privacy: a preview is judged"]],
    ["if (!question || !fits)", "if (!question)"],
    ["new Set(list).size === list.length && ", ""],
    [" && list.every((item) => choices.includes(item))", ""],
    ["if (!campaign.optins.some((row) => row.name === name))", "if (name === \"\")"],
    ["!campaign.fields.some((field) => field.name === name) &&", "name === \"\" &&", ["privacy: only fields that"]],
    ["typeof lang === \"string\" && Object.hasOwn(wording, lang) ? lang : ", "", ["privacy: the export of one person"]],
    ["/\\p{Surrogate}/u.test(value)", "value === \"\"", ["form"]],
    ["given[name] !== null)", "given[name] !== 1)", ["form"]],
  ]),
  ...of("record/retention.js", ["privacy"], [
    ["sweep(env, \"retain_until <= ?\", [now])", "sweep(env, \"retain_until < ?\", [0])", ["privacy: the hourly job"]],
    ["now - days * DAY_MS, ...names", "0, ...names", ["privacy: the hourly job"]],
    ["now - ERASED_DAYS * DAY_MS", "0", ["privacy: the hourly job"]],
    [".forget(list);", ".held();", ["privacy: the hourly job"]],
  ]),
  ...of("record/statistics.js", ["privacy"], [
    ["WHERE ?11 > ?13 AND", "WHERE ?13 > 0 AND", ["privacy: an erasure leaves nothing"]],
    ["at >= ?5", "at > 9e15", ["privacy: an erasure leaves nothing"]],
    ["results.slice(0, limit)", "results", ["accounts"]],
    [".confirm(ids)", ".held()", ["privacy: by the alarm of its object"]],
  ]),
  ...of("record/webhook.js", ["webhook"], [
    ["status === 410 ?", "status === 0 ?"],
    ["status >= 200 && status < 300", "status >= 200 && status < 500"],
    ["`${id}.${at}.${body}`", "`${id}.${at}.`"],
    ["...(authorization && { authorization }),", ""],
    ["if (!webhook) return { outcome: \"done\", got: \"no webhook\" };", "if (!webhook) return { outcome: \"again\", got: \"no webhook\" };", ["privacy: taken away"]],
  ]),
  ...of("record/token_id.js", ["participation"], [
    ["await objectName(config, kind, id)", "id"],
    ["!MARK.test(id)", "id === \"\""],
    ["jti === undefined ? [] : [RAW_JTI + jti]", ""],
  ]),
  ...of("routes/participant/participations.js", ["token"], [
    ["{ now, fresh: true }", "{ now }", ["isolates"]],
    ["form, optin, answers })))", "form, answers })))"],
    ["form, optin, answers })))", "form, optin })))"],
    ["canonical({ pid: pass.pid, form", "canonical({ form"],
    ["Object.keys(value).sort()", "Object.keys(value)"],
    ["if (!KEY.test(key))", "if (key === \"\")"],
    ["judged.locked ?? {}", "{}", ["token", "isolation"]],
    ["...(await idsOf(config, pass)),", "ids: [pass.pid],", ["participation"]],
    ["issuedAt: pass.issuedAt,", "", ["privacy: a pass from before an erasure records"]],
    ["limits: limitsOf(campaign, judged, now),", "", ["participation"]],
    ["(await isRevoked(config, held, pass)) ?", "(await isRevoked(config, held, pass)) === null ?", ["revocation"]],
    ["if (!outcome.again)", "if (outcome)", ["privacy: the funnel"]],
    ["pass.preview !== undefined || body.preview === true;", "body.preview === true;", ["previews"]],
    ["  if (reason) throw new Refusal(reason);\n", "", ["previews"]],
    ["if (await isRevoked(config, held, pass)) throw", "if (held === null) throw", ["previews"]],
    ["pass.technique !== \"anonymous\" || isFaulty", "isFaulty", ["challenge"]],
    ["pass.technique !== \"anonymous\" || isFaulty", "pass.technique !== \"anonymous\"", ["challenge"]],
    ["pass.technique === \"anonymous\"\n          ? null", "pass.technique === \"token\"\n          ? null", ["privacy: the export of one person"]],
  ]),
  ...of("record/export.js", ["statistics"], [
    ["\\r\\uff1d\\uff0b\\uff0d\\uff20])/g", "\\r])/g", ["accounts"]],
    ["(?:^|[,;\\t\\r\\n])", "(?:^)"],
    ["(?:[^\\S\\t\\r\\n]|\")*", ""],
    ["const safe = harmless(cell);", "const safe = cell;"],
    ["/[\"\\r\\n]/.test(safe)", "/[\\r\\n]/.test(safe)", ["accounts"]],
  ]),
  ...of("record/export.js", ["statistics"], [
    ['excel ? BYTE_ORDER_MARK : ""', '""'],
    ["taken.add(own);", ""],
  ]),
  ...of("observe/funnel.js", ["statistics"], [["n > 0 || !BEFORE.includes(step)", "true"]]),
  ...of("objects/account/seen/trails.js", ["statistics"], [["&& found.events.length < EVENTS", ""]]),
  ...of("routes/record/statistics.js", ["accounts", "statistics"], [
    ["if (days > DAYS[by])", "if (days > 1e9)", ["statistics"]],
    ["row.campaignId === campaignId)", "row.campaignId !== \"\")", ["privacy: the funnel"]],
  ]),
  ...of("routes/record/participants.js", ["privacy: the scope participants"], [["if (isSubject(subject)) return subject;", "return subject;"]]),
  ...of("schemas/people.js", ["privacy"], [
    ["/^[^\\p{Cc}\\p{Cs}]{1,256}$/u", "/^[^\\p{Cc}\\p{Cs}]{1,255}$/u", ["privacy: every subject"]],
    ["/^[^\\p{Cc}\\p{Cs}]{1,256}$/u", "/^[^\\p{Cc}\\p{Cs}]{1,257}$/u", ["privacy: every subject"]],
    ["[^\\p{Cc}\\p{Cs}]", "[^\\p{Cc}]", ["privacy: every subject"]],
  ]),
  ...of("sign_in/participants.js", ["participation"], [
    ["document.sameSubjects ? \"same\" : issuer", "issuer"],
    ["if (campaign.limits === \"off\") return {};", ""],
    ["signedIn: technique === \"oauth\"", "signedIn: false"],
    ["...(signedAt !== undefined && { signedAt }), ", ""],
    ["if (admission.decision === \"refused\") return admission;\n", "", ["participation", "token"]],
  ]),
  ...of("outgoing/challenge.js", ["challenge"], [
    ["verdict?.success === true", "verdict?.success"],
    ["typeof answer !== \"string\" || answer === \"\"", "typeof answer !== \"string\""],
    ["answer.length > ANSWER_CHARACTERS", "answer.length < 0"],
    ["response: answer, ", "response: \"\", "],
    ["verdict?.success === false && ", ""],
    ["errors.every((error) => OF_THE_VISITOR.includes(String(error)))", "errors.length >= 0"],
  ]),
  // Checks of the sign-in and of the API that nobody would have missed.
  ...of("routes/account/authorization.js", ["access", "api", "crypto"], [
    ["if (!account || !client || !sameText(hash, client.hash)) throw wrong;", "if (!account || !client) throw wrong;"],
    ["if (claims.exp === undefined) throw wrong;", ""],
  ]),
  ...of("accounts/access.js", ["access"], [
    [" || Number(exp) * 1000 <= now", ""],
    ["warnings.length > 0 || iat === undefined", "warnings.length > 0"],
    ["    issuer: config.publicUrl,\n", ""],
    ["    audience: audience(config),\n    typ", "    typ"],
    ["    typ: TYP,\n    maxLifetimeSeconds", "    maxLifetimeSeconds"],
  ]),
  ...of("http/body.js", ["trespass: whoever may not is refused"], [
    ["(site && site !== \"none\") || (origin", "(origin"],
    ["(site && site !== \"none\") || (origin && origin !== publicUrl)", "(site && site !== \"none\")"],
  ]),
  ...of("accounts/held.js", ["attacks: a revoked key of a set", "revocation"], [["keys.every(gone)", "keys.some(gone)"]]),
  ...of("objects/sign_in/login.js", ["login-checks: a sign-in itself is handed out"], [["if (record?.step !== CONNECT) return null;", "if (!record) return null;"]]),
  ...of("routes/entrance.js", ["attacks: another invented account"], [
    ["if (account === undefined || !isHeld(account)) await ofStrangers(context);", ""],
    ["account === undefined || !isHeld(account)", "account === undefined"],
  ]),
  ...of("objects/account/seen/refusals.js", ["attacks: a flood of refusals"], [
    ["own >= WRITES_OF_KIND", "own >= 0"],
    ["ORDER BY n DESC, at LIMIT 1", "ORDER BY at LIMIT 1"],
    ["ORDER BY place, at DESC LIMIT ?", "ORDER BY at DESC LIMIT ?"],
    ["this.#writes.all >= WRITES || ", "", ["attacks: of all kinds together"]],
  ]),
  ...of("outgoing/share.js", ["share"], [
    ["atOnce: 1 - this.#held.atOnce", "atOnce: 1"],
    ["!fits(whole, more, WHOLE) || ", ""],
    [" || !fits(own, more, SHARE)", ""],
    ["[whole, own, this.#held]) add(amount, { atOnce: -atOnce", "[own, this.#held]) add(amount, { atOnce: -atOnce"],
  ]),
  ...of("sign_in/follow.js", ["attacks: slow and large answers"], [["share?.close();", ""]]),
  ...of("outgoing/fetcher.js", ["attacks: slow and large answers"], [["share.take(bytes)", "true"]]),
  ...of("accounts/account_check.js", ["accounts: keys that decrypt the identity provider"], [["oauth.checkKeys({ account: document, secrets })", "undefined"]]),
  // What is taken away, and from whom.
  ...of("accounts/roles.js", ["console: what a role may not write"], [["[...pathsOf(path, before), ...pathsOf(path, after)]", "pathsOf(path, after)"]]),
  ...of("objects/account/account.js", ["console: nobody removes or replaces"], [[".find((role) => !roles.includes(role))", ".find(() => false)"]]),
  ...of("objects/account/people/console_people.js", ["console: nobody removes or replaces"], [
    [" UNION SELECT role FROM invitation WHERE id = ? OR person = ?\", id, id, id)", "\", id)"],
    ["WHERE id = ? OR person = ?\", id, id, id)", "WHERE id = ? OR id = ?\", id, id, id)"],
  ]),
  ...of("routes/account/authorization.js", ["console: nobody removes or replaces"], [["if (found) holdTo(grantOf(context), found.scope.split(\" \"));", ""]]),
  ...of("routes/account/accounts.js", ["campaign-sources"], [
    ["!isBack && chosen.length > 0", "chosen.length < 0", ["attacks: a code of one identity provider never"]],
    ["JSON.parse(withKept(before, kept.source))", "JSON.parse(kept.source)"],
    ["  settings.redirectUri = before.redirectUri;\n", ""],
  ]),
  ...of("routes/participant/callback.js", ["campaign-sources"], [["...(params.campaignId && { pathCampaign: params.campaignId })", ""]]),
  ...of("routes/account/campaigns.js", ["console: nor does it take away a colleague's draft"], [
    ["await judgedOver(context, object), now", "preconditionOf(context.request), now"],
    ["const over = await judgedOver(context, object, campaign);", "const over = preconditionOf(context.request);"],
    ["if (inside.length > 0) throw invalid(inside);", "", ["attacks: no document and no draft"]],
  ]),
  ...of("routes/account/secrets.js", ["key-life: the service makes the first pair"], [["if (keyPair && purpose !== \"decrypt\") throw", "if (keyPair && purpose === \"verify\") throw"]]),
  ...of("sign_in/connection.js", ["attacks: looks at key sets and metadata"], [
    ["config, { share }).finally(() => share.close());", "config, {});"],
    ["    share.close();\n  }", "  }"],
  ]),
  ...of("record/statistics.js", ["statistics: may be called like members"], [["Object.assign(Object.create(null), JSON.parse(String(text)))", "JSON.parse(String(text))"]]),
  ...of("platform/network.js", ["limits"], [
    ["groups.slice(0, 4)", "groups.slice(0, 8)"],
    ["if (groups.slice(0, 6).join() === \"0,0,0,0,0,ffff\") return", "if (groups.length === 0) return"],
  ]),
];
