// The shape of the JavaScript house, as tests/layout.rs holds that of the Rust one: which room may import from which, no
// circle, no file outside a room. Imports are read by esbuild. Types in comments (`@import`) may point anywhere: nothing
// of them is left when the code runs.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path/posix";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import "./support/patience.mjs";

/**
 * @typedef {object} Tree
 * @property {string[][]} levels rooms from the ground up; a room imports only from rooms of lines before its own. A file
 *   that stands in no room has a place here too
 * @property {RegExp} loose files that stand in no room
 * @property {Record<string, RegExp>} doors what is imported from outside the tree, and the only files that do it
 * @property {[from: string, to: string, reason: string][]} exceptions
 */

/** @type {Record<string, Tree>} */
const TREES = {
  "worker/src": {
    levels: [
      ["platform"],
      ["http"],
      ["outgoing", "accounts"],
      ["sign_in", "record", "observe"],
      ["schemas", "objects", "keys"],
      ["routes"],
      ["index.js"],
    ],
    loose: /^(index\.js|types\.d\.ts)$/,
    doors: { "pkg/dist/base64.js": /^platform\/bytes\.js$/, "pkg/dist/capped.js": /^platform\/bytes\.js$/, "pkg/dist/addresses.js": /^platform\/addresses\.js$/, "pkg/dist": /^platform\/handstamp\.js$/, "pkg/worker": /^platform\/(valibot|webauthn)\.js$/, "cloudflare:workers": /^objects\// },
    exceptions: [],
  },
  "pkg-template": {
    levels: [["refusals", "tag"], ["loading", "outgoing"], ["host", "shared"], ["api", "verify"], ["entries"]],
    loose: /^(README\.md|package\.json|tsconfig\.json|(index|accounts|oauth|verify|errors|words|testing|worker|tag|modules|handstamp_verify\.wasm)\.d\.ts)$/,
    // What `cargo xtask pkg` makes stands beside the rooms.
    doors: {
      "pkg-template/catalogue.js": /^(refusals|api)\//,
      "pkg-template/codes.js": /^(refusals|verify|entries)\//,
      "pkg-template/boundary.js": /^host\//,
      "pkg-template/bounds.js": /^(refusals|outgoing|host|shared|verify)\//,
      "handstamp": /^entries\/testing\.js$/,
      "pkg-template/handstamp.js": /^loading\//,
      "pkg-template/inlined.js": /^host\//,
      "pkg-template/handstamp_bg.wasm": /^host\//,
      "pkg-template/verify-inlined.js": /^entries\/verify(\.node)?\.js$/,
      "node:zlib": /^(host\/host-node|entries\/verify\.node)\.js$/,
      "pkg-template/handstamp_verify.wasm": /^entries\/verify\./,
    },
    exceptions: [],
  },
  www: {
    levels: [
      ["shared", "design"],
      ["board"],
      ["api", "campaign", "codes", "connection", "demo", "desk", "diagnosis", "guides", "home", "operations", "privacy"],
    ],
    loose: /^tsconfig\.json$/,
    doors: { "pkg/dist": /^(diagnosis\/handstamp|desk\/document)\.js$/, "worker/account.schema.json": /^desk\/campaigns\/schema\.js$/, "www/board/uplot.js": /^board\/chart\.js$/, "htm/preact": /^desk\/html\.js$/, "preact/hooks": /^desk\/html\.js$/ },
    exceptions: [
      ["desk/campaigns/built_in.js", "campaign/languages/en.js", "the editor shows the page's own words where an account gives none"],
      ["desk/campaigns/built_in.js", "campaign/languages/fr.js", "the same"],
      ["desk/campaigns/built_in.js", "campaign/languages/nl.js", "the same"],
    ],
  },
};

const root = fileURLToPath(new URL("../../", import.meta.url));

/** @typedef {Map<string, string[]>} Imports what each file imports: paths inside the tree, or from the repository's root */

/** Lists what stands below a folder. @param {string} folder */
const filesBelow = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)))
    .sort();

/** Reads what the scripts of a tree import. @param {string} folder @param {string[]} files @returns {Promise<Imports>} */
async function importsOf(folder, files) {
  const scripts = files.filter((file) => file.endsWith(".js"));
  /** @type {Imports} */
  const imports = new Map(scripts.map((file) => [file, []]));
  await build({
    absWorkingDir: join(root, folder),
    entryPoints: scripts,
    bundle: true,
    write: false,
    outdir: "out",
    format: "esm",
    platform: "neutral",
    logLevel: "silent",
    plugins: [
      {
        name: "imports",
        setup: ({ onResolve }) =>
          onResolve({ filter: /./ }, ({ path, importer, kind }) => {
            if (kind === "entry-point") return null;
            const file = relative(join(root, folder), importer);
            if (!path.startsWith("/")) imports.get(file)?.push(placeOf(folder, file, path));
            return { path, external: true };
          }),
      },
    ],
  });
  return imports;
}

/**
 * Gives the place of what a file names: inside its tree, from the root of the repository, or the name of a package.
 * @param {string} folder
 * @param {string} file
 * @param {string} path
 */
function placeOf(folder, file, path) {
  if (!path.startsWith(".")) return path;
  const place = join(folder, dirname(file), path.replace(/\?.*/, ""));
  const inside = relative(folder, place);
  return inside.startsWith("..") || !existsSync(join(root, place)) ? place : inside;
}

/**
 * Reads the scripts and styles that pages name.
 * @param {string[]} files
 * @param {(file: string) => string} read
 * @returns {Imports}
 */
function namedByPages(files, read) {
  const rooms = new Set(files.map(roomOf));
  const named = (/** @type {string} */ file) =>
    [...read(file).matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="\/([^"{]+\.(?:js|css))"/g)].map(([, path]) => path).filter((path) => rooms.has(roomOf(path)));
  return new Map(files.filter((file) => file.endsWith(".html")).map((file) => [file, named(file)]));
}

/** @param {string} file */
const roomOf = (file) => file.split("/")[0];

/**
 * Finds the arrows that do not point down.
 * @param {Tree} tree
 * @param {Imports} imports
 */
function arrowsUp({ levels, exceptions }, imports) {
  const levelOf = (/** @type {string} */ file) => levels.findIndex((rooms) => rooms.includes(roomOf(file)));
  return [...imports].flatMap(([from, targets]) => {
    if (levelOf(from) < 0) return [`${roomOf(from)} has no level: add it to TREES in tests/js/layout.test.mjs`];
    return targets
      .filter((to) => levelOf(to) >= 0 && roomOf(to) !== roomOf(from) && levelOf(to) >= levelOf(from))
      .filter((to) => !exceptions.some(([one, other]) => one === from && other === to))
      .map((to) => `${from} imports ${to}, which stands above or beside it`);
  });
}

/**
 * Finds the files that import each other in a circle.
 * @param {Imports} imports
 * @returns {string[]}
 */
function circle(imports) {
  const left = new Map(imports);
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const [file, targets] of left) {
      const isImported = [...left].some(([other, those]) => other !== file && those.includes(file));
      if (!isImported || !targets.some((to) => to !== file && left.has(to))) left.delete(file);
    }
  }
  return [...left.keys()];
}

/**
 * Finds imports from outside the tree that do not go through their door.
 * @param {Tree} tree
 * @param {Imports} imports
 */
function besideTheDoor({ levels, doors }, imports) {
  const rooms = levels.flat();
  return [...imports].flatMap(([from, targets]) =>
    targets
      .filter((to) => !imports.has(to) && !rooms.includes(roomOf(to)))
      .filter((to) => !Object.entries(doors).some(([beginning, door]) => to.startsWith(beginning) && door.test(from)))
      .map((to) => `${from} imports ${to}, which is not in its tree`),
  );
}

/**
 * Finds files that stand in no room and are none of the few that may.
 * @param {Tree} tree
 * @param {string[]} files
 */
const loose = (tree, files) => files.filter((file) => !file.includes("/") && !tree.loose.test(file));

for (const [folder, tree] of Object.entries(TREES)) {
  const files = filesBelow(folder);
  const imports = await importsOf(folder, files);

  test(`${folder}: every arrow points down`, () => {
    assert.ok([...imports.values()].flat().length > 20, "the imports are found");
    assert.deepEqual(arrowsUp(tree, imports), []);
    const isRoom = (/** @type {string} */ room) => files.some((file) => roomOf(file) === room);
    assert.deepEqual(tree.levels.flat().filter((room) => !isRoom(room)), [], "each room of TREES is there");
  });

  test(`${folder}: files form no circle`, () => assert.deepEqual(circle(imports), []));

  test(`${folder}: what is outside is imported through its door only`, () => assert.deepEqual(besideTheDoor(tree, imports), []));

  test(`${folder}: every file stands in a room`, () => assert.deepEqual(loose(tree, files), []));
}

test("www: no page names a script or a style of another page", () => {
  const files = filesBelow("www");
  const named = namedByPages(files, (file) => readFileSync(join(root, "www", file), "utf8"));
  assert.ok([...named.values()].flat().length > 10, "the names are found");
  assert.deepEqual(arrowsUp(TREES.www, named), []);
});

/**
 * What is written once: a mark of it, the trees it is looked for in, the files that have it, and where they have it for
 * another reason, that reason.
 * @type {Record<string, { mark: RegExp, trees: string[], files: Record<string, string> }>}
 */
const ONCE = {
  "base64url": {
    mark: /\("[-+]", "[-+]"\)|charCodeAt\(\w*index|Uint8Array\.from\(atob/,
    trees: ["worker/src", "pkg-template", "www"],
    files: {
      "pkg-template/loading/base64.js": "",
      "worker/src/record/webhook.js": "a secret of Standard Webhooks is base64, and read as strictly",
    },
  },
  "JSON Pointers": { mark: /"~[01]"/, trees: ["worker/src", "pkg-template", "www"], files: { "worker/src/platform/pointer.js": "" } },
  "a member by its name": {
    mark: /Object\.hasOwn\((.+?), (.+?)\) \? \1\[\2\] : undefined/,
    trees: ["worker/src", "www"],
    files: { "worker/src/platform/under.js": "", "www/shared/under.js": "a tree of its own" },
  },
  "a moment as answers write it": { mark: /new Date\([^()\n]+\)\.toISOString\(\)(?!\.slice)/, trees: ["worker/src"], files: { "worker/src/http/answers.js": "" } },
  "the link of a code at the console": { mark: /\/codes\/#\$\{/, trees: ["www/desk"], files: { "www/desk/pieces.js": "" } },
  "the names of those who can fix something": { mark: /^\s+participant: "/m, trees: ["www"], files: { "www/shared/owners.js": "" } },
  "making an element": { mark: /\bcreateElement(NS)?\(/, trees: ["www"], files: { "www/shared/element.js": "" } },
  "reading DER": {
    mark: /\b0x(30|82)\b/,
    trees: ["worker/src", "pkg-template", "www"],
    files: { "www/diagnosis/examples.js": "a signature as other libraries write it, to be explained" },
  },
  "computing with a key of a token": {
    mark: /subtle\.(verify|decrypt|deriveBits)\(/,
    trees: ["pkg-template"],
    files: { "pkg-template/host/webcrypto.js": "", "pkg-template/api/encrypt.js": "an agreement by a key of its own, to encrypt" },
  },
  "the module's memory": { mark: /new Uint(8|32)Array\(buffer|\.memory\b/, trees: ["pkg-template"], files: { "pkg-template/host/exchange.js": "", "pkg-template/verify/verify-module.js": "the small module has no glue" } },
  "reading a table that may not be there": {
    mark: /hasTable\([^)]+\)(\) return \w*(\[\]|\{\})?;\n| \? | && )[^;]*\.(toArray|one)\(/,
    trees: ["worker/src/objects"],
    files: { "worker/src/objects/tables.js": "" },
  },
  "the constructor of tables": { mark: /constructor\(sql\) \{/, trees: ["worker/src/objects"], files: { "worker/src/objects/tables.js": "" } },
  "signing and verifying": {
    mark: /subtle\.(sign|verify)\(|"(ECDSA|RSASSA-PKCS1-v1_5|RSA-PSS)"/,
    trees: ["worker/src"],
    files: { "worker/src/platform/bytes.js": "HMAC of names, which is no token" },
  },
};

for (const [what, { mark, trees, files }] of Object.entries(ONCE)) {
  test(`${what} stands in one place`, () => {
    const scripts = trees.flatMap((tree) => filesBelow(tree).map((file) => `${tree}/${file}`)).filter((file) => file.endsWith(".js") && !file.startsWith("pkg-template/tag/"));
    assert.deepEqual(scripts.filter((file) => mark.test(readFileSync(join(root, file), "utf8"))).sort(), Object.keys(files).sort());
    assert.ok(Object.values(files).filter((reason) => reason === "").length <= 1);
  });
}

test("no crate is a release candidate, which others cannot use beside the release", () => {
  const crates = [...readFileSync(join(root, "Cargo.lock"), "utf8").matchAll(/name = "(.+)"\nversion = "(.+)"/g)].map(([, name, version]) => `${name} ${version}`);
  assert.ok(crates.length > 100 && crates.some((crate) => /^rsa 0\.10\.\d+$/.test(crate)));
  assert.deepEqual(crates.filter((crate) => /-(?:rc|pre|alpha|beta)[.\d]*$/.test(crate)), []);
});

test("an exception that nobody needs any more is taken away", () => {
  for (const [folder, { exceptions }] of Object.entries(TREES)) {
    for (const [from, to, reason] of exceptions) {
      assert.ok(reason && readFileSync(join(root, folder, from), "utf8").includes(to), `${from} does not name ${to}`);
    }
  }
});

test("each check finds what it is there for", () => {
  /** @type {Tree} */
  const tree = { levels: [["low", "beside"], ["high"]], loose: /^a\.js$/, doors: { out: /^high\/door\.js$/ }, exceptions: [["low/c.js", "high/c.js", "so"]] };
  const up = (/** @type {[string, string[]][]} */ ...rows) => arrowsUp(tree, new Map(rows)).length;
  assert.deepEqual([up(["high/a.js", ["low/a.js", "high/b.js"]]), up(["low/c.js", ["high/c.js"]])], [0, 0]);
  assert.deepEqual([up(["low/a.js", ["high/a.js"]]), up(["low/a.js", ["beside/a.js"]]), up(["new/a.js", []])], [1, 1, 1]);
  assert.deepEqual(circle(new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]], ["d", []]])), ["b", "c"]);
  assert.deepEqual(circle(new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", []]])), []);
  assert.deepEqual(besideTheDoor(tree, new Map([["high/door.js", ["out/a.js"]]])), []);
  assert.equal(besideTheDoor(tree, new Map([["high/a.js", ["out/a.js"]]])).length, 1);
  assert.deepEqual(loose(tree, ["a.js", "b.js", "low/c.js"]), ["b.js"]);
  const page = '<link rel="stylesheet" href="/two/style.css"><script type="module" src="/one/a.js"></script><script src="/pkg/x.js"></script>';
  assert.deepEqual(namedByPages(["one/index.html", "two/style.css"], () => page).get("one/index.html"), ["two/style.css", "one/a.js"]);
});

test("the tests of the worker stand in rooms, each under a name of its own", () => {
  const tests = filesBelow("tests/js/worker").filter((file) => file.endsWith(".test.mjs"));
  assert.deepEqual(tests.filter((file) => !file.includes("/")), ["attacks.test.mjs"]);
  for (const room of new Set(tests.map((file) => dirname(file)))) {
    const count = tests.filter((file) => dirname(file) === room).length;
    assert.ok(count <= 16, `${room} has ${count} files`);
  }
  assert.equal(new Set(tests.map((file) => basename(file))).size, tests.length, "SECURITY.md and the planted faults name them so");
});

test("each attack of SECURITY.md names the tests that hold it, and each attack of the harness is named there, in a file of 60 lines", () => {
  const rows = readFileSync(join(root, "SECURITY.md"), "utf8").split("| attack | held by | test |\n")[1].split("\n\n")[0].split("\n").slice(1);
  assert.ok(rows.length >= 30);
  const places = (/** @type {string} */ name) => [name, `tests/${name}.rs`, `tests/${name}/mod.rs`, `tests/js/${name}.test.mjs`, `tests/js/worker/${name}.mjs`];
  const ofRooms = filesBelow("tests/js/worker").map((file) => basename(file));
  const named = rows.flatMap((row) => {
    // Situations of a test stand in brackets behind it.
    const tests = [...(row.split(" | ").at(-1)?.replace(/\(.*?\)/g, "") ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    assert.ok(tests.length > 0, row);
    return tests;
  });
  for (const name of named) assert.ok(ofRooms.includes(`${name}.test.mjs`) || places(name).some((place) => existsSync(join(root, place))), `${name} is a test`);
  const attacks = filesBelow("tests/js/worker/attacks").filter((file) => file !== "world.mjs");
  for (const file of attacks) {
    assert.ok(named.includes(`attacks/${file.replace(".mjs", "")}`), `SECURITY.md names attacks/${file}`);
    assert.ok(readFileSync(join(root, "tests/js/worker/attacks", file), "utf8").split("\n").length <= 61, `${file} has at most 60 lines`);
  }
});
