//! `pkg/public/`: the static files that the worker serves. www/ as it is, the tag under its three names,
//! and the part of the package that the campaign frame loads.

use crate::fingerprint::{Fingerprint, Mark};
use crate::package::{Files, write_folder};
use crate::repository::{self, path};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The entry that the campaign frame loads, and the module it fetches.
const FRAME: [&str; 2] = ["web.js", "handstamp_bg.wasm"];

/// Makes pkg/public/ from www/ and the package that was made from `package`.
pub fn make(package: &str) -> Result<()> {
    let mut fingerprint = Fingerprint::new()?;
    fingerprint.folder(&path("www"))?;
    let fingerprint = format!("{package} {}", fingerprint.finish());
    let mark = Mark::at(path("pkg/.public-made-from"));
    if mark.is(&fingerprint) {
        return Ok(());
    }
    mark.clear();
    let mut files = Files::new();
    for file in repository::files_below(&path("www"))? {
        if file != Path::new("tsconfig.json") {
            let content = fs::read(path("www").join(&file))?;
            files.insert(file, content);
        }
    }
    let tag = fs::read(path("pkg/dist/tag.js")).context("the package has no tag")?;
    for name in ["tag.js".to_owned(), format!("tag@{}.js", repository::version()?), "tag@1.js".to_owned()] {
        files.insert(name.into(), tag.clone());
    }
    for name in frame()? {
        let content = fs::read(path("pkg/dist").join(&name))?;
        files.insert(Path::new("pkg").join(name), content);
    }
    write_folder(&path("pkg/public"), &files, &[])?;
    mark.set(&fingerprint)
}

/// The frame's entry and everything that it imports, directly or not.
fn frame() -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<_> = FRAME.iter().map(|&name| name.to_owned()).collect();
    while let Some(name) = waiting.pop() {
        if name.ends_with(".js") && !found.contains(&name) {
            let text = fs::read_to_string(path("pkg/dist").join(&name))
                .with_context(|| format!("the package has no {name}"))?;
            let statements =
                text.lines().filter(|line| line.starts_with("import ") || line.starts_with("export "));
            waiting.extend(
                statements.filter_map(|line| Some(line.split_once("\"./")?.1.split_once('"')?.0.to_owned())),
            );
        }
        found.insert(name);
    }
    Ok(found)
}
