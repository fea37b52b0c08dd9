// What objects hold on disk, read and changed past the worker, which stands aside meanwhile.

import { readdir } from "node:fs/promises";

/** @param {string} className */
const script = (className) => `import { DurableObject } from "cloudflare:workers";
export class ${className} extends DurableObject {
  run(sql) {
    return this.ctx.storage.sql.exec(sql).toArray();
  }
}
export default { fetch: () => new Response() };`;

/**
 * Runs a statement in every object of a class that has the table.
 * @param {import("./deployment.mjs").Deployment} worker
 * @param {string} className
 * @param {string} table
 * @param {string} sql
 * @returns {Promise<Record<string, any>[]>} the rows of all of them
 */
export async function atRest(worker, className, table, sql) {
  const { miniflare, stateDir } = worker;
  const files = await readdir(stateDir, { recursive: true });
  const ids = files.flatMap((file) => new RegExp(`handstamp-${className}/([0-9a-f]{64})\\.sqlite$`).exec(file)?.[1] ?? []);
  await miniflare.setOptions({
    name: "handstamp",
    modules: true,
    script: script(className),
    compatibilityDate: "2026-04-01",
    defaultPersistRoot: stateDir,
    durableObjects: { HELD: { className, useSQLite: true } },
  });
  try {
    const namespace = await miniflare.getDurableObjectNamespace("HELD");
    const rows = [];
    for (const id of ids) {
      const object = /** @type {any} */ (namespace.get(namespace.idFromString(id)));
      const [known] = await object.run(`SELECT name FROM sqlite_master WHERE name = '${table}'`);
      if (known) rows.push(...JSON.parse(JSON.stringify(await object.run(sql))));
    }
    return rows;
  } finally {
    await worker.deploy({});
  }
}
