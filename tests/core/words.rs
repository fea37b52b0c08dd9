//! The words of the catalogue, the documents, the guides and the doc comments: CONTRIBUTING.md has the rules.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What may stay, each with its reason. One that no file has any more is a failure too.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

/// One rule: its name, whether it holds for doc comments too, and whether a sentence breaks it.
type Rule = (&'static str, bool, fn(&str) -> bool);

const RULES: [Rule; 4] = [
    ("write \"is not a valid X\", not \"is no X\"", true, says_is_no),
    ("name the subject of a sentence; it does not begin with what, who or whoever", true, hides_its_subject),
    ("write \"identity provider\"", true, |sentence| sentence.to_lowercase().contains("login server")),
    ("write \"URL\" for a URL; an address is an IP or e-mail address", false, says_address),
];

fn words(sentence: &str) -> Vec<String> {
    let plain = |word: &str| word.trim_matches(|mark: char| !mark.is_alphanumeric()).to_lowercase();
    sentence.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect()
}

fn says_is_no(sentence: &str) -> bool {
    let words = words(sentence);
    let negated = |at: usize| matches!(words[at].as_str(), "is" | "are" | "was") && words[at + 1] == "no";
    (0..words.len().saturating_sub(2)).any(|at| {
        let about_existence = at > 0 && words[at - 1] == "there";
        negated(at)
            && !about_existence
            && !["longer", "more", "less", "later", "other"].contains(&words[at + 2].as_str())
    })
}

fn hides_its_subject(sentence: &str) -> bool {
    let first = words(sentence).into_iter().next().unwrap_or_default();
    ["what", "who", "whoever", "whatever"].contains(&first.as_str()) && !sentence.trim_end().ends_with('?')
}

fn says_address(sentence: &str) -> bool {
    let words = words(sentence);
    let mut before = "";
    words.iter().any(|word| {
        let wrong = ["address", "addresses"].contains(&word.as_str()) && !["ip", "e-mail"].contains(&before);
        before = word;
        wrong
    })
}

/// Sentences of running text without code, markup and quotations of names.
fn sentences(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for (index, part) in text.split('`').enumerate() {
        plain += if index % 2 == 0 { part } else { "NAME" };
    }
    let plain = plain.replace("e.g. ", "").replace(" | ", ".\n").replace("? ", "?\n").replace(". ", ".\n");
    plain.lines().map(|line| line.trim_matches(|mark| " |#>*-".contains(mark)).to_owned()).collect()
}

/// Joins the lines of each paragraph, as a sentence may go over several.
fn paragraphs(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut in_code = false;
    for line in text.lines().map(str::trim) {
        let fence = line.starts_with("```");
        in_code ^= fence;
        let begins = ["| ", "- ", "#", "1."].iter().any(|mark| line.starts_with(mark));
        if fence || in_code || line.is_empty() || begins {
            out.push(String::new());
        }
        if !fence && !in_code {
            let last = out.last_mut().unwrap();
            *last = format!("{last} {line}");
        }
    }
    out
}

/// The text of a page of HTML: what stands between its tags, without snippets.
fn text_of_html(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        out += before;
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        let name = tag.split([' ', '\n']).next().unwrap();
        let skipped = ["pre", "style", "script", "code"].into_iter().find(|skipped| name == *skipped);
        let inline = ["a", "/a", "b", "/b", "em", "/em"].contains(&name);
        rest = match skipped.and_then(|skipped| after.split_once(&format!("</{skipped}>"))) {
            Some((_, after)) => after,
            None => after,
        };
        out += match name {
            "code" => "NAME",
            _ if inline => "",
            _ => "\n\n",
        };
    }
    out
}

/// The doc comments of a file of Rust, those side by side joined, without their examples.
fn doc_comments(source: &str) -> String {
    let mut out = String::new();
    for line in source.lines().map(str::trim) {
        match line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) {
            Some(text) => out += &format!("{text}\n"),
            None => out.push('\n'),
        }
    }
    out
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Names of the files of a folder of the repository that have that ending.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let below = files_below(&root().join(folder)).into_iter();
    let names = below.map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
    let found: Vec<_> = names.filter(|name| name.ends_with(ending)).collect();
    assert!(!found.is_empty(), "{folder} has no {ending}");
    found
}

/// Every string of a JSON document that has one of those names, or any.
fn strings(value: &serde_json::Value, names: &[&str], out: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(text) if names.is_empty() || names.contains(&name.as_str()) => {
                        out.push(text.to_owned())
                    }
                    _ => strings(member, names, out),
                }
            }
        }
        serde_json::Value::Array(elements) => {
            elements.iter().for_each(|element| strings(element, names, out))
        }
        _ => {}
    }
}

/// Every paragraph with the name of its file; whether it is a doc comment.
fn texts() -> Vec<(String, bool, String)> {
    let mut out = Vec::new();
    for (name, members) in
        [("errors.json", &["says", "how"][..]), ("worker/account.schema.json", &["title", "description"])]
    {
        let mut found = Vec::new();
        let document: serde_json::Value = serde_json::from_str(&read(name)).unwrap();
        strings(&document, members, &mut found);
        if let Some(public) = document.get("public") {
            strings(public, &[], &mut found);
        }
        assert!(found.len() > 100, "{name}");
        out.extend(found.into_iter().map(|text| (name.to_owned(), false, text)));
    }
    let own = [
        "README.md",
        "ARCHITECTURE.md",
        "SECURITY.md",
        "worker/README.md",
        "worker/PRODUCTION.md",
        "worker/SCALE.md",
        "cli/README.md",
        "create-handstamp/README.md",
        "examples/relying-party/README.md",
        "jwa/README.md",
    ];
    for name in own.map(String::from).into_iter().chain(files("docs", ".md")) {
        out.extend(paragraphs(&read(&name)).into_iter().map(|text| (name.clone(), false, text)));
    }
    let pages = ["www/privacy/index.html", "www/connection/index.html", "www/diagnosis/index.html"];
    for name in pages.map(String::from).into_iter().chain(files("www/guides", ".html")) {
        let text = text_of_html(&read(&name));
        out.extend(paragraphs(&text).into_iter().map(|text| (name.clone(), false, text)));
    }
    for name in files("src", ".rs") {
        let text = doc_comments(&read(&name));
        out.extend(paragraphs(&text).into_iter().map(|text| (name.clone(), true, text)));
    }
    out
}

#[test]
fn sentences_are_in_the_words_of_the_field() {
    let mut faults = Vec::new();
    let mut used = BTreeSet::new();
    let texts = texts();
    for (file, is_comment, text) in &texts {
        for sentence in sentences(text) {
            for (rule, _, _) in
                RULES.iter().filter(|(_, comments, broken)| (*comments || !is_comment) && broken(&sentence))
            {
                let excepted = EXCEPTIONS
                    .iter()
                    .position(|(where_, words, _)| file == where_ && sentence.contains(words));
                match excepted {
                    Some(index) => drop(used.insert(index)),
                    None => faults.push(format!("{file}: {rule}: {sentence}")),
                }
            }
        }
    }
    assert!(texts.iter().filter(|(_, is_comment, _)| *is_comment).count() > 500);
    assert!(faults.is_empty(), "{} sentences:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(used.len(), EXCEPTIONS.len(), "an exception that is not needed any more");
}

#[test]
fn the_rules_find_what_they_are_for_and_nothing_else() {
    let broken = |sentence: &str| -> Vec<usize> {
        sentences(sentence)
            .iter()
            .flat_map(|sentence| {
                (0..RULES.len()).filter(|index| RULES[*index].2(sentence)).collect::<Vec<_>>()
            })
            .collect()
    };
    let nothing: [usize; 0] = [];
    assert_eq!(broken("A telephone number is no number."), [0]);
    assert_eq!(broken("There is no token. The key is no longer known."), nothing);
    assert_eq!(broken("It is read. Whoever writes it must know."), [1]);
    assert_eq!(broken("| `lazy` | What it loads |"), [1]);
    assert_eq!(broken("What is a token?"), nothing);
    assert_eq!(broken("Register at your login server."), [2]);
    assert_eq!(broken("Configure the final address."), [3]);
    assert_eq!(broken("Your IP address, an e-mail address and `address_refused` are fine."), nothing);
    assert_eq!(text_of_html("<p>One <b>two</b> <code>x</code></p><pre>what</pre>").trim(), "One two NAME");
    assert_eq!(
        paragraphs("a\nb\n\n```\nc\n```\n- d")
            .into_iter()
            .filter(|one| !one.trim().is_empty())
            .collect::<Vec<_>>(),
        [" a b", " - d"]
    );
}
