// The route table of the worker, read in Node: the platform and the package, which the rows do not need, are left out.
import { build } from "esbuild";

/** @import { Route } from "../../worker/src/types.d.ts" */

/** @type {import("esbuild").Plugin} */
const leftOut = {
  name: "left out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cloudflare:workers$|\/pkg\/dist\// }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "module.exports = { DurableObject: class {} };" }));
  },
};

/** @returns {Promise<{ routes: Route[], schemas: Record<string, import("valibot").GenericSchema> }>} the rows, and the schemas that have a name */
export async function routeTable() {
  const files = ["account", "campaign", "connection", "operations", "people", "problem"];
  const contents = [
    'export { ROUTES as routes } from "./routes/table.js";',
    ...files.map((file) => `import * as ${file} from "./schemas/${file}.js";`),
    `export const schemas = { ${files.map((file) => `...${file}`).join(", ")} };`,
  ].join("\n");
  const resolveDir = new URL("../../worker/src", import.meta.url).pathname;
  const result = await build({ stdin: { contents, resolveDir }, bundle: true, format: "esm", platform: "neutral", write: false, plugins: [leftOut], logLevel: "error" });
  return import(`data:text/javascript,${encodeURIComponent(result.outputFiles[0].text)}`);
}
