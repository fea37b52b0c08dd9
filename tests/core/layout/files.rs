//! How long a file may be, how it begins, and which words it never holds.

use super::{
    files,
    names::{code, word},
    root,
};
use std::collections::BTreeMap;

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
            for name in [
                "std::",
                "getrandom",
                "OsRng",
                "SystemTime",
                "Instant::",
                "::now()",
                "unsafe ",
                "println!",
                "dbg!",
            ] {
                // It takes the time of a clock that the caller has read.
                if file == "time.rs" && ["std::", "SystemTime"].contains(&name) {
                    continue;
                }
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
fn der_is_read_in_one_place() {
    // The tag of a sequence, and a length of two bytes. A hash is wrapped in a constant.
    for (file, text) in files("src") {
        let may = ["jose/der.rs", "jose/algorithm/rsa_encoding.rs"].contains(&file.as_str());
        for byte in ["0x30", "0x82"] {
            assert!(may || !code(&text).contains(byte), "src/{file} reads DER by itself: {byte}");
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
        for (file, text) in files(folder).into_iter().filter(|(file, _)| file != "core/layout/files.rs") {
            for word in ["TODO", "FIXME", "XXX", "todo!", "unimplemented!"] {
                assert!(!text.contains(word), "{folder}/{file} says {word}");
            }
        }
    }
}

#[test]
fn every_test_file_belongs_to_a_program() {
    let tests = files("tests");
    let text = |name: &str| tests.iter().find(|(file, _)| file == name).map(|(_, text)| text);
    let mut alone = Vec::new();
    for (file, _) in tests.iter().filter(|(file, _)| !file.ends_with("/main.rs")) {
        let module = file.trim_end_matches("/mod.rs").trim_end_matches(".rs");
        let (folder, name) = module.rsplit_once('/').unwrap_or(("", module));
        // What programs share stands beside them and is named by its path.
        let folder = if folder == "support" { "core" } else { folder };
        let contents =
            ["main", "mod"].into_iter().find_map(|contents| text(&format!("{folder}/{contents}.rs")));
        if !contents.is_some_and(|contents| contents.contains(&format!("\nmod {name};\n"))) {
            alone.push(file);
        }
    }
    assert!(alone.is_empty(), "nothing names {alone:?} in tests/, so cargo does not run them");
}

#[test]
fn a_type_name_stands_for_one_type() {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let both = ["src", "jwa/src"].into_iter();
    let both = both.flat_map(|folder| {
        files(folder).into_iter().map(move |(file, text)| (format!("{folder}/{file}"), text))
    });
    for (file, text) in both {
        let code = code(&text);
        for line in code.lines().filter(|line| !line.starts_with(' ')) {
            let mut words = line
                .split_whitespace()
                .skip_while(|word| word.starts_with("pub") || *word == "in" || word.ends_with(')'));
            let is_type =
                words.next().is_some_and(|word| ["struct", "enum", "trait", "type"].contains(&word));
            if let (true, Some(name)) = (is_type, words.next()) {
                let other = found.insert(word(name).into(), file.clone());
                assert!(other.is_none(), "{} is a type of {file} and of {}", word(name), other.unwrap());
            }
        }
    }
    assert!(found.len() > 120, "only {} types were found", found.len());
}
