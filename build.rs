//! Turns `errors.json`, the one catalogue of what can go wrong, into the enums of `src/error.rs`, and `boundary.json`, the
//! names that the two sides of the JavaScript boundary number, into `src/jose/host/boundary.rs` and `src/wasm/boundary.rs`.

#![allow(clippy::expect_used, clippy::indexing_slicing)] // A build script may stop the build.
use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn variant(code: &str) -> String {
    code.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .map(Option::unwrap_or_default)
        .collect()
}

/// One enum with `ALL`, `as_str` and further text columns.
fn enumeration(out: &mut String, name: &str, doc: &str, rows: &[(String, String)]) {
    let _ = writeln!(
        out,
        "/// {doc}\n#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n#[non_exhaustive]\npub enum {name} {{"
    );
    for (code, says) in rows {
        let _ = writeln!(out, "    /// {says}\n    {},", variant(code));
    }
    let _ = writeln!(
        out,
        "}}\nimpl {name} {{\n    /// Every value, in the catalogue's order.\n    pub const ALL: &'static [Self] = &["
    );
    for (code, _) in rows {
        let _ = writeln!(out, "        Self::{},", variant(code));
    }
    let _ = writeln!(
        out,
        "    ];\n    /// Returns the stable snake_case name.\n    pub const fn as_str(self) -> &'static str {{\n        match self {{"
    );
    for (code, _) in rows {
        let _ = writeln!(out, "            Self::{} => {code:?},", variant(code));
    }
    let _ = writeln!(
        out,
        "        }}\n    }}\n    /// Returns the sentence of the catalogue.\n    pub const fn says(self) -> &'static str {{\n        match self {{"
    );
    for (code, says) in rows {
        let _ = writeln!(out, "            Self::{} => {says:?},", variant(code));
    }
    let _ = writeln!(out, "        }}\n    }}\n}}");
}

type Section = serde_json::Map<String, serde_json::Value>;

/// One column of a section, beside the names.
fn column(rows: &Section, name: &str) -> Vec<(String, String)> {
    let text = |row: &serde_json::Value| row[name].as_str().expect("every row has every column").to_owned();
    rows.iter().map(|(code, row)| (code.clone(), text(row))).collect()
}

/// A method that gives one text for each value.
fn texts(out: &mut String, name: &str, method: &str, doc: &str, rows: &[(String, String)]) {
    let _ = writeln!(
        out,
        "impl {name} {{\n    /// {doc}\n    pub const fn {method}(self) -> &'static str {{\n        match self {{"
    );
    for (code, text) in rows {
        let _ = writeln!(out, "            Self::{} => {text:?},", variant(code));
    }
    let _ = writeln!(out, "        }}\n    }}\n}}");
}

/// One list of `boundary.json`: the numbers of the names are their places.
fn numbers(lists: &Section, name: &str, doc: &str) -> String {
    let names = lists[name].as_array().expect("a list of names").iter().zip(0_u32..);
    let mut out = format!("/// {doc}\npub mod {name} {{\n");
    for (name, number) in names {
        let name = name.as_str().expect("a name");
        let _ = writeln!(out, "    /// `{name}`.\n    pub const {}: u32 = {number};", name.to_uppercase());
    }
    out + "}\n"
}

/// The names as they are, in the order of their numbers.
fn names(lists: &Section, name: &str, doc: &str) -> String {
    let names = lists[name].as_array().expect("a list of names");
    let text = serde_json::to_string(names).expect("names are JSON");
    format!("/// {doc}\npub const {}: [&str; {}] = {text};\n", name.to_uppercase(), names.len())
}

fn boundary(directory: &Path) {
    println!("cargo::rerun-if-changed=boundary.json");
    let text = fs::read_to_string("boundary.json").expect("boundary.json stands beside Cargo.toml");
    let lists: Section = serde_json::from_str(&text).expect("boundary.json is an object");
    let host = [
        names(&lists, "way", "Which way is taken where module and host can compute."),
        names(&lists, "runtime", "Which host this is."),
        names(&lists, "ability", "What a host may lack; `*` is everything."),
    ];
    fs::write(directory.join("host.rs"), host.concat()).expect("OUT_DIR can be written");
    let wasm = [
        numbers(&lists, "reply", "The host's answers to an operation."),
        numbers(&lists, "outcome", "What a call has come to."),
        numbers(&lists, "word", "Where a number stands among the words that a call leaves."),
    ];
    fs::write(directory.join("wasm.rs"), wasm.concat()).expect("OUT_DIR can be written");
}

fn main() {
    println!("cargo::rerun-if-changed=errors.json");
    let text = fs::read_to_string("errors.json").expect("errors.json stands beside Cargo.toml");
    let catalogue: serde_json::Value = serde_json::from_str(&text).expect("errors.json is JSON");
    let section = |name: &str| catalogue[name].as_object().expect("a section of errors.json").clone();
    let plain = |name: &str| -> Vec<(String, String)> {
        section(name)
            .into_iter()
            .map(|(code, says)| (code, says.as_str().expect("a sentence").to_owned()))
            .collect()
    };

    let codes = section("codes");
    let says = |rows: &Section| column(rows, "says");
    let mut out = String::new();
    let about = "The cause of a refusal: one stable name for each.";
    enumeration(&mut out, "Code", about, &says(&codes));
    enumeration(&mut out, "Public", "The reasons that a visitor may see.", &plain("public"));
    let about = "A warning: accepted, but to be corrected.";
    enumeration(&mut out, "Warning", about, &says(&section("warnings")));
    let about = "A clue: a likely cause of a refusal, found by a closer look or by trying.";
    enumeration(&mut out, "Clue", about, &says(&section("clues")));

    let _ = writeln!(
        out,
        "impl Code {{\n    /// Returns the reason that a visitor may see.\n    pub const fn public(self) -> Public {{\n        match self {{"
    );
    for (code, reason) in column(&codes, "public") {
        let _ = writeln!(out, "            Self::{} => Public::{},", variant(&code), variant(&reason));
    }
    let _ = writeln!(out, "        }}\n    }}\n}}");
    for (name, rows) in [("Code", codes), ("Warning", section("warnings")), ("Clue", section("clues"))] {
        texts(&mut out, name, "how", "Returns the fix, as a sentence.", &column(&rows, "how"));
        let about = "Returns who can fix it: issuer, settings, service or participant.";
        texts(&mut out, name, "fix", about, &column(&rows, "fix"));
    }
    let directory = env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR");
    fs::write(Path::new(&directory).join("codes.rs"), out).expect("OUT_DIR can be written");
    boundary(Path::new(&directory));
}
