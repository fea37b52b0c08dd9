// node xtask/js/sbom.mjs crate|package METADATA TREE FILE: a bill of materials (CycloneDX 1.5, JSON) from what cargo says of the
// module: every crate that is compiled into it with version, licence, origin and digest, and who needs whom. The package
// holds the module and, for the worker, a part of Valibot; nothing else that we did not write.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @typedef {{ id: string, name: string, version: string, license: string | null, source: string | null, description: string | null }} Crate */
/** @typedef {{ id: string, deps: { pkg: string, dep_kinds: { kind: string | null }[] }[] }} Node */

/**
 * What of a graph is compiled in: normal dependencies, starting from ours, that stand in the tree of this build.
 * @param {Node[]} nodes
 * @param {string} start
 * @param {(id: string) => boolean} isBuilt
 */
export function reached(nodes, start, isBuilt) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = [start];
  for (const id of found) {
    for (const { pkg, dep_kinds } of byId.get(id)?.deps ?? []) {
      if (dep_kinds.some(({ kind }) => kind === null) && isBuilt(pkg) && !found.includes(pkg)) found.push(pkg);
    }
  }
  return found;
}

/** @param {string} lock Cargo.lock @returns {Map<string, string>} SHA-256 by name and version */
function checksums(lock) {
  const entries = lock.matchAll(/name = "([^"]+)"\nversion = "([^"]+)"\nsource = "[^"]+"\nchecksum = "([0-9a-f]{64})"/g);
  return new Map([...entries].map(([, name, version, sum]) => [`${name}@${version}`, sum]));
}

/**
 * @param {{ packages: Crate[], resolve: { nodes: Node[], root: string } }} metadata
 * @param {string} tree lines of `cargo tree --prefix none`
 * @param {string} lock
 */
function billOfCrate(metadata, tree, lock) {
  const { nodes, root: start } = metadata.resolve;
  const crates = new Map(metadata.packages.map((each) => [each.id, each]));
  const built = new Set([...tree.matchAll(/^(\S+) v(\S+)/gm)].map(([, name, version]) => `${name}@${version}`));
  const ids = reached(nodes, start, (id) => built.has(`${crates.get(id)?.name}@${crates.get(id)?.version}`));
  const sums = checksums(lock);
  const purl = (/** @type {string} */ id) => `pkg:cargo/${crates.get(id)?.name}@${crates.get(id)?.version}`;
  const component = (/** @type {string} */ id) => {
    const { name, version, license, description } = /** @type {Crate} */ (crates.get(id));
    const sum = sums.get(`${name}@${version}`);
    return {
      type: "library",
      "bom-ref": purl(id),
      name,
      version,
      ...(description && { description: description.trim() }),
      ...(license && { licenses: [{ expression: license.replaceAll("/", " OR ") }] }),
      ...(sum && { hashes: [{ alg: "SHA-256", content: sum }] }),
      purl: purl(id),
    };
  };
  const [own, ...others] = ids;
  const graph = new Map(nodes.map((node) => [node.id, node]));
  const dependencies = ids.map((id) => ({
    ref: purl(id),
    dependsOn: (graph.get(id)?.deps ?? []).map(({ pkg }) => pkg).filter((pkg) => ids.includes(pkg)).map(purl).sort(),
  }));
  return bill(component(own), others.map(component), dependencies);
}

/**
 * @param {object} component what the bill is about
 * @param {object[]} components what it is made of
 * @param {object[]} dependencies
 */
function bill(component, components, dependencies) {
  return { bomFormat: "CycloneDX", specVersion: "1.5", version: 1, metadata: { component }, components, dependencies };
}

/** @param {string} name of an npm package that is in ours */
async function npmComponent(name) {
  const { version, license, description } = JSON.parse(await readFile(`${root}/node_modules/${name}/package.json`, "utf8"));
  const ref = `pkg:npm/${name}@${version}`;
  return { type: "library", "bom-ref": ref, name, version, description, licenses: [{ expression: license }], purl: ref };
}

/** The package: its own page, and the module's bill below it. @param {ReturnType<typeof billOfCrate>} module */
async function billOfPackage(module) {
  const { name, version, license, description } = JSON.parse(await readFile(`${root}/pkg/package.json`, "utf8"));
  const wasm = await readFile(`${root}/pkg/dist/handstamp_accounts_bg.wasm`);
  const ref = `pkg:npm/${name}@${version}`;
  const hashes = [{ alg: "SHA-256", content: createHash("sha256").update(wasm).digest("hex") }];
  const own = { type: "library", "bom-ref": ref, name, version, description, licenses: [{ expression: license }], purl: ref };
  const inside = /** @type {Record<string, unknown>} */ (module.metadata.component);
  const schemas = await npmComponent("valibot");
  const components = [{ ...inside, hashes }, ...module.components, schemas];
  return bill(own, components, [{ ref, dependsOn: [inside["bom-ref"], schemas["bom-ref"]] }, ...module.dependencies, { ref: schemas["bom-ref"], dependsOn: [] }]);
}

const [, , kind, metadataFile, treeFile, file] = process.argv;
if (file) {
  const [metadata, tree, lock] = await Promise.all([metadataFile, treeFile, `${root}/Cargo.lock`].map((name) => readFile(name, "utf8")));
  const module = billOfCrate(JSON.parse(metadata), tree, lock);
  await writeFile(file, `${JSON.stringify(kind === "crate" ? module : await billOfPackage(module), null, 2)}\n`);
}
