//! The crates that we rest on: final releases, asked for so that a program of others can share them.

use super::root;
use std::fs;

/// The lines of a section of Cargo.toml, as name and requirement.
fn requirements(section: &str) -> Vec<(String, String)> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let start = format!("[{section}]\n");
    let rows = manifest.split(&start).nth(1).unwrap().split("\n\n").next().unwrap().to_owned();
    rows.lines()
        .filter_map(|row| {
            let (name, rest) = row.split_once(" = ")?;
            let version = rest.strip_prefix('"').or_else(|| rest.split("version = \"").nth(1))?;
            Some((name.to_owned(), version.split('"').next()?.to_owned()))
        })
        .collect()
}

/// An exact or unfinished version of a primitive could not stand beside the version that another crate asks for.
#[test]
fn primitives_are_final_releases_that_other_crates_can_share() {
    let asked = requirements("dependencies");
    assert!(asked.len() > 12 && asked.iter().any(|(name, _)| name == "rsa"), "{asked:?}");
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for (name, version) in asked {
        // The glue of the boundary is of one version with its command line, and no part of the crate as others use it.
        if name == "wasm-bindgen" {
            continue;
        }
        assert!(version.starts_with(|first: char| first.is_ascii_digit()), "{name} is pinned to {version}");
        assert!(!version.contains('-'), "{name} {version} is not final");
        let locked: Vec<&str> = lock
            .split("[[package]]\n")
            .filter_map(|package| package.strip_prefix(&format!("name = \"{name}\"\nversion = \"")))
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(
            !locked.is_empty() && locked.iter().all(|version| !version.contains('-')),
            "{name}: {locked:?}"
        );
    }
}
