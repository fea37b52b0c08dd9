//! `cargo xtask pkg`: the module by cargo and wasm-bindgen, the hand-written files of pkg-template, its entries, and
//! what is generated from errors.json, assembled into pkg/.

use crate::files::fingerprint::{Fingerprint, Mark};
use crate::files::folder::{Files, write_folder};
use crate::files::repository::{self, path};
use crate::package::minify::minified;
use crate::package::module::Module;
use crate::package::{account_types, bounds, catalogue, entries, module, notices, public};
use crate::programs::command::Program;
use crate::programs::setup;
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

/// The package behind `npm create handstamp`: its folder here, and in cargo's target folder.
const CREATE: &str = "create-handstamp";

/// Makes pkg/, or leaves it alone when nothing that it is made from has changed.
pub fn make() -> Result<()> {
    setup::rust_target(setup::WASM)?;
    fs::create_dir_all(path("pkg"))?;
    // Two of us at once would write into each other's files.
    let lock = fs::File::create(path("pkg/.lock"))?;
    lock.lock().context("cannot lock pkg/")?;

    // Each of the three mostly waits for one core or for the network. Modules of one crate are made in one folder.
    let modules = thread::scope(|scope| -> Result<_> {
        let compile = |modules: &[Module]| modules.iter().map(Module::compile).collect::<Result<Vec<_>>>();
        let npm = scope.spawn(setup::npm_packages);
        let small = scope.spawn(move || compile(&[module::VERIFY, module::LOOK]));
        let mut modules = compile(&[module::ACCOUNTS, module::TOKENS]);
        npm.join().unwrap_or_else(|fault| resume_unwind(fault))?;
        let small = small.join().unwrap_or_else(|fault| resume_unwind(fault))?;
        modules.iter_mut().for_each(|modules| modules.extend_from_slice(&small));
        modules
    })?;
    let mut fingerprint = Fingerprint::new()?;
    for module in &modules {
        fingerprint.file(module)?;
    }
    fingerprint.folder(&path("pkg-template"))?;
    fingerprint.folder(&path("worker/src"))?;
    fingerprint.folder(&path("worker/migrations"))?;
    fingerprint.folder(&path("worker/examples"))?;
    fingerprint.folder(&path("worker/command"))?;
    fingerprint.folder(&path(CREATE))?;
    fingerprint.file(&path("worker/account.schema.json"))?;
    for file in [
        "boundary.json",
        "errors.json",
        "Cargo.toml",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "SECURITY.md",
        "CHANGELOG.md",
        "docs/coming-from.md",
        "docs/claims.md",
        "docs/settings.md",
        "worker/PRODUCTION.md",
        "worker/wrangler.jsonc",
        "package-lock.json",
        "xtask/js/door.mjs",
        "src/bounds.rs",
    ] {
        fingerprint.file(&path(file))?;
    }
    let (mark, fingerprint) = (Mark::at(path("pkg/.made-from")), fingerprint.finish());
    let project = repository::target().join(CREATE);
    if !mark.is(&fingerprint) || !project.exists() {
        let started = Instant::now();
        mark.clear();
        write_folder(&path("pkg"), &assemble()?, &["public"])?;
        write_folder(&project, &create()?, &[])?;
        mark.set(&fingerprint)?;
        println!("package  made in {:.1} s", started.elapsed().as_secs_f32());
    }
    public::make(&fingerprint)
}

fn assemble() -> Result<Files> {
    let version = repository::version()?;
    let mut files = Files::new();
    for file in repository::files_below(&path("pkg-template"))? {
        let text = repository::read_text(&format!("pkg-template/{}", file.display()))?;
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match name {
            // The package's own pages stay at its root; everything else is code.
            "package.json" | "README.md" => {
                let text =
                    text.replace("0.0.0-version", &version).replace("0.0.0-wrangler", &wrangler_version()?);
                files.insert(file, text.into_bytes());
            }
            // Bundled on their own, and what only the checks of this repository read.
            "tag.js" | "tag-trail.js" | "tag-shim.js" | "stub.js" | "tsconfig.json" | "modules.d.ts" => {}
            name => {
                let text = side_by_side(&text);
                let copy = entries::LOADS_MODULE.contains(&name).then(|| entries::with_accounts(&text));
                let copy = copy.map(|text| (format!("accounts-{name}"), text));
                // Node has one module, whatever is imported.
                let own = (name != "host-node.js").then(|| (name.to_owned(), text));
                for (name, text) in own.into_iter().chain(copy) {
                    if files.insert(Path::new("dist").join(&name), text.into_bytes()).is_some() {
                        bail!("two files of pkg-template are named {name}");
                    }
                }
            }
        }
    }
    pages(&["LICENSE-MIT", "LICENSE-APACHE", "SECURITY.md", "CHANGELOG.md"], &mut files)?;
    // The pages that errors.json names; what is www/ here is public/ there.
    for page in ["docs/claims.md", "docs/settings.md", "docs/coming-from.md"] {
        let text = repository::read_text(page)?.replace("](../www/", "](../public/");
        files.insert(page.into(), text.into_bytes());
    }
    files.insert("NOTICES.md".into(), notices::page()?.into_bytes());
    glue(&module::TOKENS, "inlined", &mut files)?;
    glue(&module::ACCOUNTS, "accounts-inlined", &mut files)?;
    let small = module::VERIFY.optimised()?;
    files.insert("dist/handstamp_verify.wasm".into(), fs::read(&small)?);
    inlined(&small, "verify-inlined", &mut files)?;
    catalogue::add(&version, &mut files)?;
    boundary(&mut files)?;
    bounds::add(&mut files)?;
    account_types::add(&mut files)?;
    tag(&version, &mut files)?;
    worker(&mut files)?;
    entries::add(&mut files)?;
    entry_types(&mut files)?;
    Ok(files)
}

/// The version of the platform's tool that a project of somebody else starts with: the one of this repository.
fn wrangler_version() -> Result<String> {
    let manifest: Value = serde_json::from_str(&repository::read_text("package.json")?)?;
    manifest["devDependencies"]["wrangler"].as_str().map(String::from).context("package.json has no wrangler")
}

/// Adds pages of the repository's root as they are.
fn pages(names: &[&str], files: &mut Files) -> Result<()> {
    for page in names {
        files.insert(page.into(), fs::read(path(page))?);
    }
    Ok(())
}

/// The package behind `npm create handstamp`, of the same version as the package that it installs.
fn create() -> Result<Files> {
    let (version, mut files) = (repository::version()?, Files::new());
    for file in repository::files_below(&path(CREATE))? {
        let text = repository::read_text(&format!("{CREATE}/{}", file.display()))?;
        files.insert(file, text.replace("0.0.0-version", &version).into_bytes());
    }
    pages(&["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"], &mut files)?;
    Ok(files)
}

/// Rewrites what a file imports from another room, `"../room/file.js"`, for dist/, where all files lie side by side.
fn side_by_side(text: &str) -> String {
    let mut parts = text.split("\"../");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (file, rest) = part.split_once('"').unwrap_or((part, ""));
        let name = file.rsplit('/').next().unwrap_or_default();
        let _ = write!(out, "\"./{name}\"{rest}");
    }
    out
}

/// The glue and the module by wasm-bindgen, and the module once more as text for hosts that cannot load files.
fn glue(module: &Module, text: &str, files: &mut Files) -> Result<()> {
    let name = module.name;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module.path()).out_name(name).typescript(true);
    bindgen.web(true).context("wasm-bindgen does not know its own target")?;
    // Bundlers would follow the glue's `new URL("….wasm")` from every entry; only web.js has one.
    bindgen.omit_default_module_path(true);
    // After a trap the memory cannot be trusted: `__wbg_reset_state` makes a new instance of the same module.
    bindgen.reset_state_function(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut output = bindgen.generate_output().context("wasm-bindgen cannot read the module")?;
    let folder = repository::target().join("bindgen");
    fs::create_dir_all(&folder)?;
    output.emit(&folder).context("wasm-bindgen cannot write its files")?;
    for ending in [".js", ".d.ts", "_bg.wasm", "_bg.wasm.d.ts"] {
        let name = format!("{name}{ending}");
        let mut content =
            fs::read(folder.join(&name)).with_context(|| format!("wasm-bindgen wrote no {name}"))?;
        if ending == ".js" {
            content =
                without_fetch(String::from_utf8(content).context("the glue is not text")?)?.into_bytes();
        }
        files.insert(Path::new("dist").join(name), content);
    }
    inlined(&folder.join(format!("{name}_bg.wasm")), text, files)
}

/// The glue without its looks at what might be fetched: it is given compiled modules only, and Node loads its whole
/// fetch, some 40 ms of it, when these names are first looked at.
fn without_fetch(glue: String) -> Result<String> {
    let looks = ["Request", "Response"].map(|name| format!("typeof {name} === 'function' &&"));
    if let Some(look) = looks.iter().find(|look| glue.matches(look.as_str()).count() != 1) {
        bail!("the glue has changed: `{look}` is not in it once");
    }
    Ok(looks.iter().fold(glue, |glue, look| glue.replace(look.as_str(), "false &&")))
}

/// A module once more as text, deflated: 250 KB where the file as base64 has 315 after gzip.
///
/// No one form serves every host. workerd and Vercel's edge compile no bytes at run time: they take a file. esbuild, Rollup and
/// Rolldown leave `new URL("….wasm", import.meta.url)` as it is, without the file, and bundlers for Node take the script away from
/// the files beside it: they take what stands in a script.
fn inlined(module: &Path, name: &str, files: &mut Files) -> Result<()> {
    let text = Program::node("xtask/js/deflated.mjs").arg(module).stdout()?;
    let inlined = format!(
        "// The module, deflated and as base64, for hosts that cannot load a file. Generated.\nexport default \"{text}\";\n"
    );
    files.insert(format!("dist/{name}.js").into(), inlined.into_bytes());
    let types = b"declare const base64: string;\nexport default base64;\n".to_vec();
    files.insert(format!("dist/{name}.d.ts").into(), types);
    Ok(())
}

/// boundary.json as a module: the number of each name, which is its place.
fn boundary(files: &mut Files) -> Result<()> {
    let lists: BTreeMap<String, Vec<String>> = serde_json::from_str(&repository::read_text("boundary.json")?)
        .context("boundary.json has no lists of names")?;
    let about = "// Generated from boundary.json: the names that the module and its host number.\n";
    let (mut module, mut types) = (about.to_owned(), about.to_owned());
    for (list, names) in lists {
        let numbers: Map<String, Value> = names.into_iter().zip((0..).map(Value::from)).collect();
        let kind = serde_json::to_string(&numbers)?.replace(',', "; ");
        let _ = writeln!(module, "export const {list} = {};", serde_json::to_string(&numbers)?);
        let _ = writeln!(types, "export const {list}: {kind};");
    }
    files.insert("dist/boundary.d.ts".into(), types.into_bytes());
    files.insert("dist/boundary.js".into(), module.into_bytes());
    Ok(())
}

/// What host pages load, minified: the tag as a script for pages and as a module for bundlers, what few pages
/// need beside it, and the stub.
const TAG: [(&str, &str, &str); 5] = [
    ("tag.js", "iife", "dist/tag.js"),
    ("tag.js", "esm", "dist/tag.mjs"),
    ("tag-trail.js", "esm", "dist/tag-trail.js"),
    ("tag-shim.js", "iife", "dist/tag-shim.js"),
    ("stub.js", "es5", "dist/stub.js"),
];

fn tag(version: &str, files: &mut Files) -> Result<()> {
    for (source, format, name) in TAG {
        files.insert(
            name.into(),
            minified(&format!("pkg-template/tag/{source}"), format, version)?.into_bytes(),
        );
    }
    Ok(())
}

/// The worker as a part of the package: its files where they are in the repository, the package beside them.
fn worker(files: &mut Files) -> Result<()> {
    for file in repository::files_below(&path("worker"))? {
        let text = repository::read_text(&format!("worker/{}", file.display()));
        let ends_with = |known: &str| file.extension().is_some_and(|extension| extension == known);
        let script = file.starts_with("src") && ends_with("js") || file.starts_with("command");
        // Its paths, too, are those of an installed package.
        if script || file == Path::new("wrangler.jsonc") {
            let text = text?.replace("/pkg/", "/").replace("../node_modules/", "../../");
            files.insert(Path::new("worker").join(file), text.into_bytes());
        } else if file.starts_with("migrations")
            || ends_with("jsonc") && file.starts_with("examples")
            || ["account.schema.json", "PRODUCTION.md"].iter().any(|name| file == Path::new(name))
        {
            files.insert(Path::new("worker").join(file), text?.into_bytes());
        }
    }
    for (door, package) in [("valibot.js", "valibot"), ("webauthn.js", "@simplewebauthn/server")] {
        let arguments = [format!("worker/src/platform/{door}"), package.to_owned()];
        let part = Program::node("xtask/js/door.mjs").args(arguments).stdout()?;
        files.insert(Path::new("worker").join(door), part.into_bytes());
    }
    Ok(())
}

/// Each entry that has no types of its own has those of the API it stands for: `oauth.…` or the main one.
fn entry_types(files: &mut Files) -> Result<()> {
    let manifest = files.get(Path::new("package.json")).context("pkg-template has no package.json")?;
    let manifest: Value =
        serde_json::from_slice(manifest).context("pkg-template/package.json is not JSON")?;
    let mut targets = Vec::new();
    collect_targets(&manifest["exports"], &mut targets);
    for target in targets {
        let entry = PathBuf::from(target.trim_start_matches("./"));
        if !files.contains_key(&entry) && entry != Path::new("package.json") {
            bail!("package.json exports {target}, which is not there");
        }
        // The worker's types are written beside those of the other entries.
        if entry.starts_with("worker") {
            continue;
        }
        let types = entry.with_extension("d.ts");
        if entry.extension().is_some_and(|extension| extension == "js") && !files.contains_key(&types) {
            let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let api = match name.split('.').next() {
                Some("oauth") => "./oauth.js",
                Some("verify") => "./verify.js",
                Some("accounts" | "node") => "./accounts.js",
                _ => "./index.js",
            };
            files.insert(types, format!("export * from \"{api}\";\n").into_bytes());
        }
    }
    Ok(())
}

fn collect_targets(exports: &Value, targets: &mut Vec<String>) {
    match exports {
        Value::String(target) => targets.push(target.clone()),
        Value::Object(conditions) => conditions.values().for_each(|inner| collect_targets(inner, targets)),
        _ => {}
    }
}
#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn what_a_file_imports_lies_beside_it_in_the_package() {
        let text = "import { a } from \"../room/a.js\";\nimport \"../b.js\";\nimport \"./c.js\";";
        let flat = "import { a } from \"./a.js\";\nimport \"./b.js\";\nimport \"./c.js\";";
        assert_eq!(side_by_side(text), flat);
    }
}
