//! `pkg/public/`: the static files that the worker serves. www/ as it is, but for its pages, which xtask/js/pages.mjs makes, with
//! those of docs/ and the description of the worker's API; the campaign and the console, whose scripts are one file each, beside
//! the campaign's words, one file for each language; the diagnosis page, which is one file altogether; the customer's site of
//! the demo, which is a template. Beside it the tag under its names with their digests, the module that the frame loads, and the
//! chart library.

use crate::files::fingerprint::{Fingerprint, Mark};
use crate::files::folder::{Files, write_folder};
use crate::files::repository::{self, path};
use crate::package::minify::minified;
use crate::package::module;
use crate::programs::command::Program;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, hash_map::DefaultHasher};
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// The module that the campaign frame loads, as its script names it.
const MODULE: &str = "/pkg/handstamp_look.wasm";

/// Pages whose scripts are bundled, each from its app.js.
const BUNDLED: [&str; 2] = ["campaign", "desk"];

/// The chart library: where it is served, and its file among the npm packages.
const CHARTS: [(&str, &str); 2] = [
    ("board/uplot.js", "node_modules/uplot/dist/uPlot.esm.js"),
    ("board/uplot.css", "node_modules/uplot/dist/uPlot.min.css"),
];

/// What the console shows of a page that embeds a campaign, as files that it fetches: the stub and the wrappers.
const EMBEDDED: [(&str, &str); 4] = [
    ("desk/embed/stub.txt", "pkg/dist/stub.js"),
    ("desk/embed/react.txt", "examples/react/Campaign.jsx"),
    ("desk/embed/vue.txt", "examples/vue/Campaign.vue"),
    ("desk/embed/svelte.txt", "examples/svelte/Campaign.svelte"),
];

/// What the pages and /openapi.json are made of, beside www/ and the worker's own files.
const PAGES: [&str; 10] = [
    "package-lock.json",
    "worker/examples/api.json",
    "worker/account.schema.json",
    "xtask/js/api_page.mjs",
    "xtask/js/bundle.mjs",
    "xtask/js/openapi.mjs",
    "xtask/js/pages.mjs",
    "xtask/js/routes.mjs",
    "xtask/js/sequence.mjs",
    "xtask/js/snippets.mjs",
];

/// Makes pkg/public/ from www/ and the package that was made from `package`.
pub fn make(package: &str) -> Result<()> {
    let mut fingerprint = Fingerprint::new()?;
    for folder in ["www", "docs"] {
        fingerprint.folder(&path(folder))?;
    }
    for (_, file) in &EMBEDDED[1..] {
        fingerprint.file(&path(file))?;
    }
    for file in CHARTS.map(|(_, file)| file).into_iter().chain(PAGES) {
        fingerprint.file(&path(file))?;
    }
    let fingerprint = format!("{package} {}", fingerprint.finish());
    let mark = Mark::at(path("pkg/.public-made-from"));
    if mark.is(&fingerprint) {
        return Ok(());
    }
    mark.clear();
    let mut files = Files::new();
    for file in repository::files_below(&path("www"))? {
        let ends_with = |known: &str| file.extension().is_some_and(|extension| extension == known);
        let is_bundled = |folder: &&str| file.starts_with(folder) && ends_with("js");
        let is_elsewhere =
            ["diagnosis", "demo", "guides/snippets"].iter().any(|folder| file.starts_with(folder));
        let is_made = ["html", "ts", "json"].into_iter().any(ends_with) || BUNDLED.iter().any(is_bundled);
        if let Some(format) = smaller(&file) {
            let name = format!("www/{}", file.display());
            files.insert(file, minified(&name, format, &repository::version()?)?.into_bytes());
        } else if !is_elsewhere && !is_made {
            let content = fs::read(path("www").join(&file))?;
            files.insert(file, content);
        }
    }
    let pages = Program::node("xtask/js/pages.mjs").arg(repository::version()?).stdout()?;
    let pages: BTreeMap<PathBuf, String> = serde_json::from_str(&pages).context("pages.mjs wrote no JSON")?;
    files.extend(pages.into_iter().map(|(file, page)| (file, page.into_bytes())));
    // One file: a page that had to find its scripts one behind the other would start late.
    let (name, module) = frame_module()?;
    for folder in BUNDLED {
        let script = minified(&format!("www/{folder}/app.js"), "esm", &repository::version()?)?;
        let script = script.replace(MODULE, &format!("/{name}"));
        files.insert(Path::new(folder).join("app.js"), script.into_bytes());
    }
    files.insert(name.into(), module);
    diagnosis(&mut files)?;
    tag(&mut files)?;
    for (name, file) in CHARTS.into_iter().chain(EMBEDDED) {
        files.insert(name.into(), fs::read(path(file))?);
    }
    write_folder(&path("pkg/public"), &files, &[])?;
    mark.set(&fingerprint)
}

/// How a file is made small that a campaign's page loads beside its script: the words of one language, and the style.
fn smaller(file: &Path) -> Option<&'static str> {
    let is_style = file.extension().is_some_and(|extension| extension == "css");
    match (file.starts_with("campaign"), file.starts_with("campaign/languages")) {
        (_, true) => Some("esm"),
        (true, _) if is_style => Some("css"),
        _ => None,
    }
}

/// The diagnosis page with everything in it, and the policy that the worker sends with it.
fn diagnosis(files: &mut Files) -> Result<()> {
    let version = repository::version()?;
    let parts = ["www/diagnosis/index.html", "www/design", version.as_str()];
    let made = Program::node("xtask/js/single_page.mjs").args(parts).stdout()?;
    let made: Value = serde_json::from_str(&made).context("single_page.mjs wrote no JSON")?;
    let page = made["page"].as_str().context("single_page.mjs made no page")?;
    files.insert("diagnosis/index.html".into(), page.as_bytes().to_vec());
    let policy = serde_json::json!({ "policy": made["policy"] });
    files.insert("diagnosis/policy.json".into(), policy.to_string().into_bytes());
    Ok(())
}

/// What host pages load: each file of the tag under the names that it is served by, and their digests.
fn tag(files: &mut Files) -> Result<()> {
    let version = repository::version()?;
    let exact = |name: &str| format!("{name}@{version}.js");
    // The path of the older tag that the shim stands in for: where its host's name leads to us, pages stay as they are.
    let names = [
        ("tag.js", vec!["tag.js".to_owned(), exact("tag"), "tag@1.js".to_owned()]),
        ("tag-trail.js", vec!["tag-trail.js".to_owned()]),
        ("tag-shim.js", vec!["tag-shim.js".to_owned(), exact("tag-shim"), "kit/qualp.2.min.js".to_owned()]),
    ];
    let mut digests = Program::node("xtask/js/integrity.mjs");
    for (source, names) in names {
        let from = path("pkg/dist").join(source);
        let content = fs::read(&from).with_context(|| format!("the package has no {source}"))?;
        for name in names {
            digests = digests.arg(format!("/{name}={}", from.display()));
            files.insert(name.into(), content.clone());
        }
    }
    files.insert("integrity.json".into(), digests.stdout()?.into_bytes());
    Ok(())
}

/// The frame's module under a name that holds its digest, so that browsers may keep it for ever, and its content.
fn frame_module() -> Result<(String, Vec<u8>)> {
    let content = fs::read(module::LOOK.optimised()?)?;
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let digest = hasher.finish() >> 16;
    Ok((format!("pkg/handstamp_look@{digest:012x}.wasm"), content))
}
