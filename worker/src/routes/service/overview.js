// GET /v1/overview: what the operators' page shows. The last day of decisions, durations and levels, and of the
// accounts that were seen in it their keys. Read-only, and nothing in it names a person.

import { OPERATORS } from "../../accounts/access.js";
import { accountObject, loadAccount } from "../../accounts/held.js";
import { json, timeOf } from "../../http/answers.js";
import { BOUNDS, readMetrics } from "../../observe/metrics.js";
import { WINDOW_MS } from "../../objects/metrics.js";
import { shownWarning } from "../../keys/timeline.js";
import { certificateEnd } from "../../platform/handstamp.js";

/** @import { Context, Handler } from "../../types.d.ts" */

const DAY_MS = 24 * 3600_000;
/** Accounts whose keys are looked up for one page. */
const ACCOUNTS = 50;

/** @type {Handler} */
export async function overview(context) {
  const { config, env, now } = context;
  const { recent, levels } = await readMetrics(env, config, now - DAY_MS);
  const rows = recent.map(({ at, key, n }) => ({ at: timeOf(at), parts: JSON.parse(key), n }));
  const decisions = rows
    .filter(({ parts }) => parts[0] === "decision")
    .map(({ at, parts: [, account, flow, step, outcome, code], n }) => ({ at, account, flow, step, outcome, code, n }));
  const operators = await accountObject(env, config, OPERATORS);
  const warned = /** @type {string[]} */ (await operators.warnedAccounts(ACCOUNTS));
  const seen = new Set([...decisions.map(({ account }) => account), ...levels.map(({ key }) => JSON.parse(key)[1])]);
  return json({
    asOf: timeOf(now),
    windowSeconds: WINDOW_MS / 1000,
    bounds: BOUNDS,
    decisions,
    durations: rows
      .filter(({ parts }) => parts[0] === "took")
      .map(({ at, parts: [, step, bucket], n }) => ({ at, step, bucket, n })),
    wouldRefuse: rows
      .filter(({ parts }) => parts[0] === "would")
      .map(({ at, parts: [, account, code], n }) => ({ at, account, code, n })),
    levels: levels.map(({ key, at, value, low, high }) => {
      const [name, account] = JSON.parse(key);
      return { name, account, at: timeOf(at), value, low, high };
    }),
    accounts: await Promise.all([...seen].filter(Boolean).sort().slice(0, ACCOUNTS).map((name) => keysOf(context, name))),
    warnings: (await Promise.all(warned.map(async (account) => (await (await accountObject(env, config, account)).keyWarnings()).map((warning) => ({ account, ...shownWarning(warning) }))))).flat(),
  });
}

/**
 * @param {Context} context
 * @param {string} account
 */
async function keysOf({ config, env, now }, account) {
  const held = await loadAccount(env, config, account, { now }).catch(() => undefined);
  if (!held) return { account, version: null, keys: [] };
  const written = new Map((await (await accountObject(env, config, account)).secretNames()).map(({ name, at }) => [name, at]));
  const { verify, decrypt } = held.document.secureToken ?? {};
  const list = (/** @type {"verify" | "decrypt"} */ use, /** @type {unknown} */ sources) =>
    /** @type {Record<string, any>[]} */ ([sources ?? []].flat()).map((source, index) => {
      const { id, method, alg, key, keys, status = "active" } = source;
      const secret = key?.secret ?? keys?.secret;
      const until = certificateEnd(typeof key === "string" ? key : (held.secrets[secret]?.value ?? ""));
      const since = written.get(secret);
      return {
        use,
        name: id ?? secret ?? `${use} ${index + 1}`,
        method: method ?? null,
        alg: alg ?? null,
        status,
        ...(since !== undefined && { since: timeOf(since) }),
        ...(until && { until: timeOf(Date.parse(until)) }),
      };
    });
  return { account, version: held.version, keys: [...list("verify", verify), ...list("decrypt", decrypt)] };
}
