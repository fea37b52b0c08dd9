// Objects as an earlier release stored them, put on the disk row by row before today's worker starts.

import { createHmac } from "node:crypto";
import { Miniflare } from "miniflare";

const SCRIPT = `import { DurableObject } from "cloudflare:workers";
class Stored extends DurableObject {
  run(statements) { for (const [sql, ...values] of statements) this.ctx.storage.sql.exec(sql, ...values); }
}
export class Account extends Stored {}
export class Participant extends Stored {}
export class Person extends Stored {}
export default { fetch: () => new Response("nothing is served here") };`;

/**
 * @param {string} stateDir
 * @param {{ vars: Record<string, string>, objects: Record<string, any[][]> | { of: string[], statements: any[][] }[] }} recorded objects: those of
 *   accounts by their names, or of any kind by binding and parts of their names
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
    durableObjects: Object.fromEntries(["Account", "Participant", "Person"].map((className) => [className.toUpperCase(), { className, useSQLite: true }])),
  });
  const nameKey = Buffer.from(vars.NAME_KEY, "base64url");
  const all = Array.isArray(objects) ? objects : Object.entries(objects).map(([account, statements]) => ({ of: ["ACCOUNT", account], statements }));
  for (const { of: [binding, ...parts], statements } of all) {
    const namespace = /** @type {any} */ (await miniflare.getDurableObjectNamespace(binding));
    const name = createHmac("sha256", nameKey).update(JSON.stringify([binding.toLowerCase(), ...parts])).digest("base64url");
    await namespace.get(namespace.idFromName(name)).run(statements);
  }
  await miniflare.dispose();
}
