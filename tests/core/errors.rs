//! The catalogue of codes, and that nothing secret shows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{SECRET, hs256, signed, verify};
use handstamp::{
    Clue, Code, Error, Public, Warning,
    error::Remark,
    jose::{
        Signature,
        key::Key,
        nested::{self, Encryption},
    },
    profile::Unfit,
    secret::Secret,
};
use std::collections::BTreeSet;

fn catalogue() -> serde_json::Value {
    serde_json::from_str(include_str!("../../errors.json")).unwrap()
}

fn section(name: &str) -> serde_json::Map<String, serde_json::Value> {
    catalogue()[name].as_object().unwrap().clone()
}

fn is_sentence(text: &str) -> bool {
    let lower_case_start =
        ["alg ", "kid ", "exp ", "limit.", "campaignId "].iter().any(|word| text.starts_with(word));
    text.ends_with('.') && (lower_case_start || text.starts_with(|first: char| first.is_uppercase()))
}

#[test]
fn every_row_is_complete() {
    let public = section("public");
    assert!(section("codes").len() > 100);
    for (code, row) in section("codes") {
        let row = row.as_object().unwrap();
        let names: BTreeSet<_> = row.keys().map(String::as_str).collect();
        let open = if row.contains_key("open") { vec!["open"] } else { vec![] };
        let expected = ["public", "fix", "retry", "status", "says", "how"].into_iter().chain(open).collect();
        assert_eq!(names, expected, "{code}");
        assert!((400..600).contains(&row["status"].as_i64().unwrap()), "{code} has no such status");
        assert!(
            row.get("open").is_none_or(|open| open.as_bool() == Some(true)),
            "{code} is open or says nothing"
        );
        let text = |name: &str| row[name].as_str().unwrap();
        assert!(public.contains_key(text("public")), "{code} has no such public reason");
        assert!(["issuer", "settings", "service", "participant"].contains(&text("fix")), "{code}");
        assert!(["no", "later", "new_token", "login"].contains(&text("retry")), "{code}");
        assert!(is_sentence(text("says")), "{code}: {}", text("says"));
        assert!(is_sentence(text("how")), "{code}: {}", text("how"));
        assert_ne!(text("says"), text("how"), "{code}");
    }
    for (name, says) in &public {
        assert!(is_sentence(says.as_str().unwrap()), "{name}: {says}");
    }
    for (code, row) in ["warnings", "clues", "ignored"].into_iter().flat_map(section) {
        let row = row.as_object().unwrap();
        let names: BTreeSet<_> = row.keys().map(String::as_str).collect();
        assert_eq!(names, ["fix", "retry", "says", "how"].into(), "{code}");
        let text = |name: &str| row[name].as_str().unwrap();
        assert!(["issuer", "settings", "service", "participant"].contains(&text("fix")), "{code}");
        assert_eq!(text("retry"), "no", "{code}: what is no refusal needs no retry");
        assert!(is_sentence(text("says")) && is_sentence(text("how")), "{code}: {row:?}");
    }
}

#[test]
fn names_are_stable_words() {
    let mut all = BTreeSet::new();
    for name in ["public", "codes", "warnings", "clues", "ignored"] {
        for code in section(name).keys() {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            assert!(code.bytes().all(plain) && !code.contains("__"), "{code}");
            // A public reason may have the name of the code that stands for it alone.
            assert!(name == "public" || all.insert(code.clone()), "{code} has two meanings");
        }
    }
    let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}

#[test]
fn the_enums_and_the_catalogue_are_one() {
    let codes = section("codes");
    assert_eq!(Code::ALL.len(), codes.len());
    for code in Code::ALL {
        let row = &codes[code.as_str()];
        assert_eq!(code.says(), row["says"], "{code:?}");
        assert_eq!(code.how(), row["how"], "{code:?}");
        assert_eq!(code.fix(), row["fix"], "{code:?}");
        assert_eq!(code.public().as_str(), row["public"], "{code:?}");
    }
    let names = |name: &str| section(name).keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(
        Public::ALL.iter().map(|public| public.as_str().to_owned()).collect::<BTreeSet<_>>(),
        names("public")
    );
    let warnings: BTreeSet<_> = Warning::ALL.iter().map(|warning| warning.as_str().to_owned()).collect();
    assert_eq!(warnings, names("warnings"));
    let clues: BTreeSet<_> = Clue::ALL.iter().map(|clue| clue.as_str().to_owned()).collect();
    assert_eq!(clues, names("clues"));
    let ignored: BTreeSet<_> = Unfit::ALL.iter().map(|reason| reason.as_str().to_owned()).collect();
    assert_eq!(ignored, names("ignored"));
    for warning in Warning::ALL {
        let row = &section("warnings")[warning.as_str()];
        assert_eq!((row["how"].as_str(), row["fix"].as_str()), (Some(warning.how()), Some(warning.fix())));
    }
    for clue in Clue::ALL {
        let row = &section("clues")[clue.as_str()];
        assert_eq!((row["how"].as_str(), row["fix"].as_str()), (Some(clue.how()), Some(clue.fix())));
    }
}

/// A code that nothing of ours can give would mislead its reader.
#[test]
fn every_code_is_given_somewhere() {
    let mut sources = String::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<_> =
        ["src", "worker", "pkg-template", "www", "demo"].map(|part| root.join(part)).into();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| ["rs", "js", "mjs"].iter().any(|known| extension == *known))
            {
                sources += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    let given = |code: &&Code| {
        sources.contains(&format!("Code::{code:?}")) || sources.contains(&format!("\"{}\"", code.as_str()))
    };
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !given(code)).map(|code| code.as_str()).collect();
    assert_eq!(missing, [""; 0]);
}

/// A code that no test and no vector brings about may have stopped to exist unnoticed.
#[test]
fn every_code_is_brought_about_by_a_test() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = String::new();
    let mut folders = vec![root.join("tests"), root.join("src")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            // Of the core, what stands below its code.
            let own = if path.starts_with(root.join("src")) { text.find("#[cfg(test)]") } else { Some(0) };
            tests += own.and_then(|from| text.get(from..)).unwrap_or_default();
        }
    }
    let named = |name: &str, variant: &str| {
        let word = |text: &str, edge: fn(char) -> bool| {
            tests.match_indices(text).any(|(at, _)| {
                let (before, after) = (&tests[..at], &tests[at + text.len()..]);
                !before.ends_with(edge) && !after.starts_with(edge)
            })
        };
        let part = |character: char| character.is_alphanumeric() || character == '_';
        word(&format!("\"{name}\""), |_| false) || word(variant, part)
    };
    let codes = Code::ALL.iter().map(|code| (code.as_str(), format!("{code:?}")));
    let warnings = Warning::ALL.iter().map(|warning| (warning.as_str(), format!("{warning:?}")));
    let clues = Clue::ALL.iter().map(|clue| (clue.as_str(), format!("{clue:?}")));
    let reasons = Unfit::ALL.iter().map(|reason| (reason.as_str(), format!("{reason:?}")));
    let all = codes.chain(warnings).chain(clues).chain(reasons);
    let missing: Vec<_> = all.filter(|(name, variant)| !named(name, variant)).map(|(name, _)| name).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn an_error_says_what_where_expected_and_got() {
    let error =
        Error::new(Code::KeySize).at("/decrypt/0/key").expected("32 bytes for A256GCM").got("16 bytes");
    assert_eq!(
        error.to_string(),
        "A key has the wrong size for its algorithm. At /decrypt/0/key. Expected 32 bytes for A256GCM. Got 16 bytes."
    );
    assert_eq!(format!("{error:?}"), format!("key_size: {error}"));
    assert_eq!(error.public(), Public::TryAgain);
    let inner = Error::new(Code::KeyInvalid).at("/kty").within("/keys/3");
    assert_eq!(inner.detail().unwrap().at.as_deref(), Some("/keys/3/kty"));
    assert_eq!(Error::new(Code::KeyInvalid).within("/key").detail().unwrap().at.as_deref(), Some("/key"));
    assert_eq!(Error::new(Code::SignatureInvalid).detail(), None);
    assert_eq!(Remark::at(Warning::KeySkipped, "/keys/0").at.as_deref(), Some("/keys/0"));
}

#[test]
fn secrets_never_show() {
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    let bytes = format!("{:?}", SECRET.as_bytes());
    let shows = |text: &str| {
        let text = text.to_lowercase();
        text.contains("example secret") || text.contains(&hex[..16]) || text.contains(&bytes[1..20])
    };
    assert!(shows(SECRET) && shows(&hex) && shows(&bytes), "the test would see it");
    let secret = Secret::new(SECRET.as_bytes());
    let key = Key::from_secret(SECRET.as_bytes(), Signature::HS256, false).unwrap();
    let decrypt = common::decrypt_key(&format!(
        r#"{{"key":"{SECRET}","encoding":"utf8","alg":"dir","enc":"A256GCM"}}"#
    ));
    let decrypt = decrypt.unwrap();
    let verified = verify(&signed(r#"{"alg":"HS256"}"#, SECRET.as_bytes()), &[hs256()]).unwrap();
    for text in [
        format!("{secret:?} {secret:#?}"),
        format!("{key:?} {key:#?}"),
        format!("{:?} {:#?}", hs256(), hs256()),
        format!("{decrypt:?} {decrypt:#?}"),
        format!("{verified:?} {verified:#?}"),
    ] {
        assert!(!shows(&text), "{text}");
    }
    assert_eq!(format!("{secret:?}"), "Secret(…)");
    let shared = nested::check_keys(&[decrypt], &[hs256()]).unwrap_err();
    assert!(!shows(&format!("{shared:?}")));
}

#[test]
fn no_refusal_repeats_the_token() {
    let payload = br#"{"email":"participant@example.com","note":"private words"}"#;
    let good = signed(r#"{"alg":"HS256","kid":"k"}"#, payload);
    for token in [
        format!("{good}A"),
        format!("{good}="),
        format!("{good} "),
        good.replacen('.', "..", 1),
        signed(r#"{"alg":"HS512"}"#, payload),
        signed(r#"{"alg":"none"}"#, payload),
        signed(r#"{"alg":"private words"}"#, payload),
        signed(r#"{"alg":"HS256","private words":1,"private words":2}"#, payload),
        signed(r#"{"alg":"HS256","kid":["private words"]}"#, payload),
        format!("{}A.{}", &good[..good.len() - 1], "A"),
    ] {
        let error = nested::open(&token, &[], Encryption::Off, &[hs256()]).err().unwrap();
        let text = format!("{error:?} {error} {:?}", error.detail());
        assert!(!text.contains("private words") && !text.contains("participant@"), "{text}");
        assert!(!token.split('.').any(|part| part.len() > 8 && text.contains(part)), "{text}");
    }
}
