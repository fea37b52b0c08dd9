//! `pkg/public/`: the static files that the worker serves. www/ as it is, the top bar in its pages, but for the campaign and the
//! console, whose scripts are one file each, the diagnosis page, which is one file altogether, the customer's site of the
//! demo, which is a template, the tag under its names with their digests, the module that the frame loads, the chart
//! library, and the description of the worker's API.

use crate::command::Program;
use crate::fingerprint::{Fingerprint, Mark};
use crate::folder::{Files, write_folder};
use crate::minify::minified;
use crate::module;
use crate::repository::{self, path};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::Path;

/// The module that the campaign frame loads, as its script names it.
const MODULE: &str = "/pkg/handstamp_look.wasm";

/// Pages whose scripts are bundled, each from its app.js.
const BUNDLED: [&str; 2] = ["campaign", "desk"];

/// The top bar, which pages name as `{{bar}}`.
const BAR: &str = "www/design/bar.html";

/// The chart library: where it is served, and its file among the npm packages.
const CHARTS: [(&str, &str); 2] = [
    ("board/uplot.js", "node_modules/uplot/dist/uPlot.esm.js"),
    ("board/uplot.css", "node_modules/uplot/dist/uPlot.min.css"),
];

/// What /openapi.json is made of, beside the worker's own files.
const DESCRIPTION: [&str; 3] = ["worker/examples/api.json", "xtask/js/openapi.mjs", "xtask/js/routes.mjs"];

/// Makes pkg/public/ from www/ and the package that was made from `package`.
pub fn make(package: &str) -> Result<()> {
    let mut fingerprint = Fingerprint::new()?;
    fingerprint.folder(&path("www"))?;
    for file in CHARTS.map(|(_, file)| file).into_iter().chain(DESCRIPTION) {
        fingerprint.file(&path(file))?;
    }
    let fingerprint = format!("{package} {}", fingerprint.finish());
    let mark = Mark::at(path("pkg/.public-made-from"));
    if mark.is(&fingerprint) {
        return Ok(());
    }
    mark.clear();
    let mut files = Files::new();
    let bar = repository::read_text(BAR)?;
    for file in repository::files_below(&path("www"))? {
        let ends_with = |known: &str| file.extension().is_some_and(|extension| extension == known);
        let is_bundled = |folder: &&str| file.starts_with(folder) && ends_with("js");
        let is_elsewhere =
            file.starts_with("diagnosis") || file.starts_with("demo") || path(BAR).ends_with(&file);
        if is_elsewhere || BUNDLED.iter().any(is_bundled) || ends_with("ts") || ends_with("json") {
            continue;
        }
        let mut content = fs::read(path("www").join(&file))?;
        if ends_with("html") {
            content = String::from_utf8(content)?.replace("{{bar}}\n", &bar).into_bytes();
        }
        files.insert(file, content);
    }
    // One file: a page that had to find its scripts one behind the other would start late.
    let (name, module) = frame_module()?;
    for folder in BUNDLED {
        let script = minified(&format!("www/{folder}/app.js"), "esm", &repository::version()?)?;
        let script = script.replace(MODULE, &format!("/{name}"));
        files.insert(Path::new(folder).join("app.js"), script.into_bytes());
    }
    files.insert(name.into(), module);
    diagnosis(&mut files)?;
    let description = Program::node("xtask/js/openapi.mjs").arg(repository::version()?).stdout()?;
    files.insert("openapi.json".into(), description.into_bytes());
    tag(&mut files)?;
    for (name, file) in CHARTS {
        files.insert(name.into(), fs::read(path(file))?);
    }
    write_folder(&path("pkg/public"), &files, &[])?;
    mark.set(&fingerprint)
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
    let content = module::LOOK.optimised()?;
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let digest = hasher.finish() >> 16;
    Ok((format!("pkg/handstamp_look@{digest:012x}.wasm"), content))
}
