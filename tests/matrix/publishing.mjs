// What would be published: each package of npm and each crate, with all that belongs into one; and the command line, installed from
// its crate as `cargo install` does it, through the quick start of its page.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "./consumer.mjs";
import { PACKAGES } from "./registry.mjs";

/** @typedef {import("./runtimes.mjs").Row} Row */

const CRATES = ["handstamp-jwa", "handstamp", "handstamp-cli"];
const PAGES = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

/** Where the source is, which every manifest says the same of: provenance is refused where it does not. */
const repository = async () => /^repository = "(.+)"$/m.exec(await readFile(join(root, "Cargo.toml"), "utf8"))?.[1];

async function npmPackages() {
  const source = await repository();
  for (const folder of PACKAGES) {
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const { name, version, license, repository, homepage, bugs } = manifest;
    assert.deepEqual([repository.url, homepage, bugs, license], [`git+${source}.git`, `${source}#readme`, `${source}/issues`, "MIT OR Apache-2.0"], name);
    const told = JSON.parse(await run("npm", ["publish", "--dry-run", "--json", "--access", "public", folder], { cwd: root }));
    const { files, version: packed } = told[name] ?? told;
    const paths = files.map((/** @type {{ path: string }} */ { path }) => path);
    for (const page of [...PAGES, "NOTICES.md"]) assert.ok(paths.includes(page), `${name} comes without ${page}`);
    assert.equal(packed, version);
    const strays = paths.filter((/** @type {string} */ path) => /(^|\/)(\.|node_modules|tests?\/)|secrets\.json/.test(path));
    assert.deepEqual(strays, [], name);
  }
}

/** @type {Promise<string> | undefined} */
let unpacked;
/** The crates as they would be uploaded, unpacked outside the workspace. */
const crates = () => (unpacked ??= (async () => {
  await run("cargo", ["package", "--quiet", "--locked", "--allow-dirty", "--no-verify", ...CRATES.flatMap((name) => ["--package", name])], { cwd: root });
  const folder = await mkdtemp(join(tmpdir(), "handstamp-crates-"));
  const version = await versionOf();
  for (const name of CRATES) await run("tar", ["-xzf", join(target, `package/${name}-${version}.crate`), "-C", folder], { cwd: root });
  return folder;
})());
const versionOf = async () => String(/^version = "(.+)"$/m.exec(await readFile(join(root, "Cargo.toml"), "utf8"))?.[1]);

export async function closePublishing() {
  const folder = await unpacked?.catch(() => undefined);
  if (folder) await rm(folder, { recursive: true, force: true });
}

async function rustCrates() {
  const [folder, version, source] = [await crates(), await versionOf(), await repository()];
  for (const name of CRATES) {
    const own = join(folder, `${name}-${version}`);
    const manifest = await readFile(join(own, "Cargo.toml"), "utf8");
    for (const line of [`repository = "${source}"`, `homepage = "${source}#readme"`, 'license = "MIT OR Apache-2.0"', 'readme = "README.md"']) assert.ok(manifest.includes(line), `${name}: ${line}`);
    for (const page of PAGES) assert.ok((await readFile(join(own, page), "utf8")).length > 100, `${name} comes without ${page}`);
  }
}

async function commandLine() {
  const [folder, version] = [await crates(), await versionOf()];
  // None of them is at the registry yet, so each finds the others here.
  const beside = ["handstamp", "handstamp-jwa"].flatMap((name) => ["--config", `patch.crates-io.${name}.path=${JSON.stringify(join(folder, `${name}-${version}`))}`]);
  const installed = join(folder, "installed");
  await run("cargo", ["install", "--quiet", "--debug", "--root", installed, "--path", join(folder, `handstamp-cli-${version}`), ...beside], { cwd: folder, env: { CARGO_TARGET_DIR: join(target, "installed") } });
  const page = await readFile(join(folder, `handstamp-cli-${version}/README.md`), "utf8");
  const lines = String(/^```sh\n(.*?)^```/ms.exec(page)?.[1]).split("\n").filter((line) => line && !line.startsWith("cargo install "));
  assert.ok(lines.length >= 4, "the quick start is found");
  const said = await run("bash", ["-euo", "pipefail", "-c", lines.join("\n")], { cwd: folder, env: { PATH: `${join(installed, "bin")}:${process.env.PATH}` } });
  assert.match(said, /^accepted$/m);
}

/** @type {Row[]} */
export const publishing = [
  { what: "npm publish", where: "dry run of both packages", check: npmPackages },
  { what: "cargo package", where: CRATES.join(", "), check: rustCrates },
  { what: "cargo install", where: "handstamp-cli, quick start", check: commandLine },
];
