// The route table of the worker, read in Node: the platform and the package, which the rows do not need, are left out.
// `node xtask/js/routes.mjs` writes it into worker/README.md.
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * As much of a row, `Route` in worker/src/types.d.ts, as is read here: its types know the platform, those of Node do not.
 * @typedef {object} Row
 * @property {string} method
 * @property {string} path
 * @property {string} [id]
 * @property {string} [tag]
 * @property {string} does
 * @property {string} audience
 * @property {string | { none: string }} limit
 * @property {string} [scope]
 * @property {boolean} [forOperators]
 * @property {boolean} [openInDevelopment]
 * @property {object[]} [security]
 * @property {boolean} [ownPage]
 * @property {boolean} [console]
 * @property {boolean} [page]
 * @property {boolean} [always]
 * @property {Record<string, { description?: string, optional?: boolean }>} [headers]
 * @property {Schema & { entries: Record<string, Schema> }} [query]
 * @property {{ type: string, schema: Schema & { entries?: Record<string, Schema> }, unread?: boolean }} [body]
 * @property {Record<number, { says: string, type?: string, schema?: Schema, also?: string }>} gives
 * @property {number[]} [refuses]
 */

/** @typedef {import("valibot").GenericSchema} Schema */

/** The purposes of secrets, as the package's types have them: the table names them, and the module that says them is left out. */
const types = await readFile(new URL("../../pkg-template/accounts.d.ts", import.meta.url), "utf8");
const purposes = [.../export type SecretPurpose = (.+);/.exec(types)?.[1].matchAll(/"(\w+)"/g) ?? []].map(([, name]) => name);

/** @type {import("esbuild").Plugin} */
const leftOut = {
  name: "left out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cloudflare:workers$|\/pkg\/dist\/|\/pkg\/worker\/webauthn/ }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: `module.exports = { DurableObject: class {}, secretPurposes: () => ${JSON.stringify(purposes)} };` }));
  },
};

/** @returns {Promise<{ routes: Row[], schemas: Record<string, Schema> }>} the rows, and the schemas that have a name */
export async function routeTable() {
  const files = ["account", "campaign", "connection", "console", "operations", "people", "problem"];
  const contents = [
    'export { ROUTES as routes } from "./routes/table.js";',
    ...files.map((file) => `import * as ${file} from "./schemas/${file}.js";`),
    `export const schemas = { ${files.map((file) => `...${file}`).join(", ")} };`,
  ].join("\n");
  const resolveDir = new URL("../../worker/src", import.meta.url).pathname;
  const result = await build({ stdin: { contents, resolveDir }, bundle: true, format: "esm", platform: "neutral", write: false, plugins: [leftOut], logLevel: "error" });
  return import(`data:text/javascript,${encodeURIComponent(result.outputFiles[0].text)}`);
}

const README = new URL("../../worker/README.md", import.meta.url);

/** worker/README.md with the routes as they are. */
export async function readme() {
  const { routes } = await routeTable();
  const rows = routes
    .filter(({ path }) => path.startsWith("/"))
    .map(({ method, path, scope, audience, does }) => `| \`${method} ${path}\` | ${scope ? `scope \`${scope}\`` : audience} | ${does} |`);
  const table = ["| route | for | effect |", "|---|---|---|", ...rows].join("\n");
  return (await readFile(README, "utf8")).replace(/(<!-- routes -->\n)[^]*(\n<!-- \/routes -->)/, (_all, begin, end) => begin + table + end);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await writeFile(README, await readme());
