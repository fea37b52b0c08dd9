//! `cargo xtask sbom`: what the module and the package are made of, as bills of materials (CycloneDX 1.5).
//!
//! Ready-made tools list something else: `cargo-cyclonedx` 0.5.9, asked for the module's target and features, names six crates
//! that are not in the module (71 components instead of 65, P-384, P-521 and serde among them, by the features of the whole
//! workspace), and `@cyclonedx/cyclonedx-npm` 6.0.1 names none, as the package has no npm dependencies.

use crate::files::repository;
use crate::package;
use crate::package::module;
use crate::programs::command::Program;
use crate::programs::setup;
use anyhow::Result;
use std::fs;

/// Writes both files; whether they could be written.
pub fn run() -> Result<bool> {
    package::make()?;
    let folder = repository::target().join("sbom");
    fs::create_dir_all(&folder)?;
    let metadata = folder.join("metadata.json");
    let features = ["--no-default-features", "--features", module::FEATURES];
    let target = ["metadata", "--format-version", "1", "--locked", "--filter-platform", setup::WASM];
    fs::write(&metadata, Program::cargo().args(target).args(features).stdout()?)?;
    // Metadata names what any feature of the workspace would bring; the tree names what this build brings.
    let tree = folder.join("tree.txt");
    let edges = ["tree", "--locked", "--target", setup::WASM, "--edges", "normal", "--prefix", "none"];
    fs::write(&tree, Program::cargo().args(edges).args(features).stdout()?)?;
    for (kind, name) in [("crate", "handstamp-module.cdx.json"), ("package", "handstamp-package.cdx.json")] {
        let file = folder.join(name);
        Program::node("xtask/js/sbom.mjs").arg(kind).arg(&metadata).arg(&tree).arg(&file).run()?;
        println!("{}", file.display());
    }
    Ok(true)
}
