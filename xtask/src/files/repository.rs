//! Where things are.

use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The repository's root folder.
pub fn root() -> PathBuf {
    // Cargo says where this package is when it runs it; the fallback serves a binary started by hand.
    let xtask =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    xtask.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// A path inside the repository.
pub fn path(inside: impl AsRef<Path>) -> PathBuf {
    root().join(inside)
}

/// Cargo's target folder, where `CARGO_TARGET_DIR` puts it or in its usual place.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| path("target"), |folder| path(PathBuf::from(folder)))
}

/// Where cargo keeps the sources of other crates.
pub fn cargo_home() -> PathBuf {
    let usual = || env::home_dir().unwrap_or_default().join(".cargo");
    env::var_os("CARGO_HOME").map_or_else(usual, PathBuf::from)
}

/// The version in the root manifest: the version of the crate, the package and the tag.
pub fn version() -> Result<String> {
    let manifest = read_text("Cargo.toml")?;
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
    let version = line.and_then(|rest| rest.split('"').next()).context("Cargo.toml has no version")?;
    Ok(version.to_owned())
}

/// A text file of the repository.
pub fn read_text(inside: &str) -> Result<String> {
    fs::read_to_string(path(inside)).with_context(|| format!("cannot read {inside}"))
}

/// Every file below a folder, sorted, as paths relative to it. A missing folder has no files.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list {}", next.display()))?.path();
            if entry.is_dir() {
                waiting.push(entry);
            } else {
                found.push(entry.strip_prefix(folder)?.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}
