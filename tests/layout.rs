//! The shape of the house: what may name what, how long a file may be, how it begins.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The modules from the ground up, one line for each level. A module names only modules of lines before its own.
const LEVELS: &[&[&str]] = &[
    &["error"],
    &["bounds", "secret"],
    &["json"],
    &["time"],
    &["input", "profile", "participation"],
    &["jose"],
    &["claims", "freshness", "seal"],
    &["admission"],
    &["secure_token", "pass"],
    &["account"],
    &["oauth"],
    &["explain"],
    &["wasm"],
];

/// What `lib.rs` re-exports stands in `error`.
const OF_ERROR: &[&str] = &["Clue", "Code", "Error", "Public", "Result", "Warning"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under a folder, as its path inside that folder and its text.
fn files(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let (base, mut found) = (root().join(folder), Vec::new());
    walk(&base, &mut found);
    found.sort();
    assert!(!found.is_empty(), "{folder} holds no Rust file");
    let name = |path: &Path| path.strip_prefix(&base).unwrap().to_str().unwrap().replace('\\', "/");
    found.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// The code of a file without comments.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The names that follow a prefix: one, or those of a group in braces.
fn named(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let first_word = |text: &str| {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    };
    for (position, _) in code.match_indices(prefix) {
        // Part of a longer path, such as `$crate::` or `other_crate::`.
        if code[..position].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == ':') {
            continue;
        }
        let rest = &code[position + prefix.len()..];
        if !rest.starts_with('{') {
            names.insert(first_word(rest));
            continue;
        }
        let (mut depth, mut start) = (0, 1);
        for (index, character) in rest.char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => {}
                _ => continue,
            }
            if (character == ',' && depth == 1) || depth == 0 {
                names.insert(first_word(&rest[start..index]));
                start = index + 1;
            }
            if depth == 0 {
                break;
            }
        }
    }
    names.retain(|name| !name.is_empty() && name != "self");
    names
}

fn level(module: &str) -> usize {
    LEVELS
        .iter()
        .position(|modules| modules.contains(&module))
        .unwrap_or_else(|| panic!("{module} has no level: add it to LEVELS in tests/layout.rs"))
}

fn module_of(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn names_are_found_in_paths_and_groups() {
    let code = code(
        "use crate::{Code, json::{Object, Value}, a::b}; // crate::no\nlet x = crate::time::now(); $crate::z",
    );
    assert_eq!(named(&code, "crate::"), ["Code", "a", "json", "time"].map(String::from).into());
    assert_eq!(named("use super::{self, x::{y, z}};", "super::"), ["x"].map(String::from).into());
}

#[test]
fn every_arrow_points_down() {
    let mut arrows = 0;
    for (file, text) in files("src") {
        let module = module_of(&file);
        if module == "lib" {
            continue;
        }
        for name in named(&code(&text), "crate::") {
            let other = if OF_ERROR.contains(&name.as_str()) { "error" } else { name.as_str() };
            if other == module {
                continue;
            }
            assert!(
                level(other) < level(module),
                "src/{file} names crate::{name}, which stands above or beside it"
            );
            arrows += 1;
        }
    }
    assert!(arrows > 50, "only {arrows} arrows were found");
}

#[test]
fn files_of_one_folder_form_no_circle() {
    let mut folders: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (file, text) in files("src") {
        let Some((folder, name)) = file.rsplit_once('/') else { continue };
        let name = name.trim_end_matches(".rs");
        if name != "mod" {
            folders.entry(folder.into()).or_default().insert(name.into(), named(&code(&text), "super::"));
        }
    }
    assert!(folders.contains_key("jose"));
    for (folder, mut files) in folders {
        while !files.is_empty() {
            let names: BTreeSet<_> = files.keys().cloned().collect();
            let before = files.len();
            files.retain(|own, uses| uses.iter().any(|other| other != own && names.contains(other)));
            assert!(files.len() < before, "src/{folder}: a circle among {:?}", files.keys());
        }
    }
}

#[test]
fn only_the_boundary_names_javascript() {
    for (file, text) in files("src") {
        for name in ["wasm_bindgen", "js_sys", "serde_wasm_bindgen"] {
            let inside = file.starts_with("wasm/");
            assert!(inside || !code(&text).contains(name), "src/{file} names {name}");
        }
    }
}

#[test]
fn the_core_has_no_clock_no_randomness_and_no_io() {
    for folder in ["src", "jwa/src"] {
        for (file, text) in files(folder).into_iter().filter(|(file, _)| !file.starts_with("wasm/")) {
            for name in
                ["std::", "getrandom", "OsRng", "SystemTime", "Instant::", "unsafe ", "println!", "dbg!"]
            {
                let code = code(&text);
                let found = code.match_indices(name).any(|(position, _)| {
                    !code[..position].ends_with(|c: char| c.is_alphanumeric() || c == '_')
                });
                assert!(!found, "{folder}/{file} names {name}");
            }
        }
    }
}

#[test]
fn the_arithmetic_knows_nothing_of_the_core() {
    for (file, text) in files("jwa/src") {
        for name in ["handstamp", "json::", "Error", "String"] {
            assert!(!code(&text).contains(name), "jwa/src/{file} names {name}");
        }
    }
}

#[test]
fn every_file_opens_with_its_purpose_and_stays_short() {
    // A table of cases reads better whole than in pieces.
    for (folder, most) in [
        ("src", 350),
        ("cli/src", 350),
        ("jwa/src", 350),
        ("verify/src", 350),
        ("xtask/src", 350),
        ("tests", 500),
    ] {
        for (file, text) in files(folder) {
            assert!(text.starts_with("//!"), "{folder}/{file} does not begin with its purpose");
            let lines = text.lines().count();
            assert!(lines <= most, "{folder}/{file} has {lines} lines");
        }
    }
}

#[test]
fn a_folder_is_one_line_in_a_listing() {
    for (file, _) in files("src") {
        let beside = root().join("src").join(file.trim_end_matches(".rs"));
        assert!(!beside.is_dir(), "src/{file} stands beside a folder of its name: use mod.rs");
        let name = file.rsplit('/').next().unwrap().trim_end_matches(".rs");
        for vague in ["util", "utils", "helper", "helpers", "manager", "common", "misc", "service", "handler"]
        {
            assert_ne!(name, vague, "src/{file} says nothing about what it holds");
        }
    }
}

#[test]
fn nothing_is_left_to_do() {
    for folder in ["src", "jwa/src", "tests"] {
        for (file, text) in files(folder).into_iter().filter(|(file, _)| file != "layout.rs") {
            for word in ["TODO", "FIXME", "XXX", "todo!", "unimplemented!"] {
                assert!(!text.contains(word), "{folder}/{file} says {word}");
            }
        }
    }
}

#[test]
fn every_test_file_belongs_to_the_program() {
    let tests = files("tests");
    let program = &tests.iter().find(|(file, _)| file == "core.rs").unwrap().1;
    let alone: Vec<_> = tests
        .iter()
        .filter_map(|(file, _)| {
            file.strip_suffix(".rs").filter(|name| !name.contains('/') && *name != "core")
        })
        .filter(|name| !program.contains(&format!("\nmod {name};\n")))
        .collect();
    assert!(alone.is_empty(), "tests/core.rs does not name {alone:?}, so cargo does not run them");
}
