//! The pages about the repository: each path that ARCHITECTURE.md names exists, each folder has its line there, and no
//! page says a thing twice.

use super::root;
use std::{collections::BTreeSet, fs};

/// Folders that are made, not written.
const MADE: [&str; 3] = ["node_modules", "pkg", "target"];

/// The paths that a page names in backticks: words with a slash, or with the ending of a file.
fn paths(page: &str) -> BTreeSet<&str> {
    let words = page.split("```").step_by(2).flat_map(|text| text.split('`').skip(1).step_by(2));
    let is_path = |word: &&str| {
        let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        let ending = word.rsplit_once('.').map(|(_, ending)| ending);
        plain && (word.contains('/') || matches!(ending, Some("rs" | "js" | "mjs" | "json" | "md" | "toml")))
    };
    words.filter(is_path).collect()
}

/// The folders of the repository that are written.
fn folders() -> Vec<String> {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap());
    let names = entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter(|name| !name.starts_with('.') && !MADE.contains(&name.as_str())).collect()
}

#[test]
fn what_the_architecture_names_exists() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let named = paths(&page);
    assert!(named.len() > 50, "only {named:?} were found");
    // `pkg/` is made; `handstamp/…` are the package's entries.
    let own = named.iter().filter(|path| !path.starts_with("pkg/") && !path.starts_with("handstamp/"));
    let missing: Vec<_> = own.filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names {missing:?}, which do not exist");
    for folder in folders() {
        assert!(page.contains(&format!("\n| `{folder}/` |")), "{folder}/ has no line in ARCHITECTURE.md");
    }
}

#[test]
fn the_architecture_lists_the_rooms_as_they_are_held() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rooms: BTreeSet<_> = page.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    for folder in ["src", "pkg-template", "worker/src", "www"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let is_room = root().join(folder).join(&name).is_dir();
            assert!(
                !is_room || rooms.contains(name.as_str()),
                "ARCHITECTURE.md does not name {folder}/{name}"
            );
        }
    }
}

#[test]
fn the_architecture_stays_one_page() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    assert!(page.lines().count() <= 110, "{} lines are more than a page", page.lines().count());
}

/// The sentences of a page that stand there twice.
fn repeated(page: &str) -> Vec<&str> {
    let sentences = page.lines().flat_map(|line| line.trim_start_matches(['-', ' ', '*']).split(". "));
    let mut seen = BTreeSet::new();
    let long =
        sentences.map(|sentence| sentence.trim_end_matches('.')).filter(|sentence| sentence.len() > 20);
    long.filter(|sentence| !seen.insert(*sentence)).collect()
}

#[test]
fn no_page_says_a_sentence_twice() {
    for page in ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        assert_eq!(repeated(&text), [""; 0], "{page}");
    }
    assert_eq!(repeated("- It says one thing twice. And more.\n- It says one thing twice.").len(), 1);
}

#[test]
fn the_changelog_has_a_section_for_this_version() {
    let page = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let sections: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(sections.first(), Some(&"Unreleased"));
    let version = concat!(env!("CARGO_PKG_VERSION"), " - ");
    assert_eq!(sections.iter().filter(|section| section.starts_with(version)).count(), 1, "{sections:?}");
}

#[test]
fn a_path_is_told_from_a_word() {
    let page = "`src/lib.rs` and `errors.json`, `A*KW`, `hmac`, `Settings::parse`, `{a/b}`\n```text\n`no/path`\n```\n`jwa/`";
    assert_eq!(paths(page), BTreeSet::from(["errors.json", "jwa/", "src/lib.rs"]));
}
