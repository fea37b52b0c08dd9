// The objects of accounts as an earlier release stored them, put on the disk row by row before today's worker starts.

import { createHmac } from "node:crypto";
import { Miniflare } from "miniflare";

const SCRIPT = `import { DurableObject } from "cloudflare:workers";
export class Account extends DurableObject {
  run(statements) { for (const [sql, ...values] of statements) this.ctx.storage.sql.exec(sql, ...values); }
}
export default { fetch: () => new Response("nothing is served here") };`;

/**
 * @param {string} stateDir
 * @param {{ vars: Record<string, string>, objects: Record<string, any[][]> }} recorded
 */
export async function storedBefore(stateDir, { vars, objects }) {
  const miniflare = new Miniflare({
    name: "handstamp",
    modules: true,
    script: SCRIPT,
    compatibilityDate: "2026-04-01",
    defaultPersistRoot: stateDir,
    cf: false,
    telemetry: { enabled: false },
    durableObjects: { ACCOUNT: { className: "Account", useSQLite: true } },
  });
  const namespace = /** @type {any} */ (await miniflare.getDurableObjectNamespace("ACCOUNT"));
  const nameKey = Buffer.from(vars.NAME_KEY, "base64url");
  for (const [account, statements] of Object.entries(objects)) {
    const name = createHmac("sha256", nameKey).update(JSON.stringify(["account", account])).digest("base64url");
    await namespace.get(namespace.idFromName(name)).run(statements);
  }
  await miniflare.dispose();
}
