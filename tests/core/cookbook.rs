//! The complete examples that RFC 7515, 7516, 7517, 7519, 7520, 7797 and 8037 print, each read, or refused with
//! the code that its row names. An example whose algorithm is not computed here must say so when its key is
//! configured; the day the algorithm is, the same row must verify or decrypt.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.
#![allow(clippy::arithmetic_side_effects)]

use crate::common;
use common::{decrypt_key, hs256, source, vectors, verify};
use handstamp::{
    Code, Error,
    jose::{Compact, Content, Management, Signature, jwe, key::KeySet},
};
use std::io::Write as _;

const FILES: [&str; 7] = ["rfc7515", "rfc7516", "rfc7517", "rfc7519", "rfc7520", "rfc7797", "rfc8037"];

/// The rows of one kind in every file; a file may have none of it.
fn rows(member: &str) -> Vec<serde_json::Value> {
    let file = |name: &&str| vectors(&format!("rfc/{name}.json"))[member].as_array().cloned();
    let rows: Vec<_> = FILES.iter().filter_map(file).flatten().collect();
    assert!(!rows.is_empty(), "no {member}");
    rows
}

fn text<'a>(row: &'a serde_json::Value, member: &str) -> &'a str {
    row[member].as_str().unwrap_or_else(|| panic!("{} has no {member}", row["source"]))
}

/// Says the counts past the capture of the test runner.
fn say(line: &str) {
    std::io::stdout().write_all(format!("RFC examples: {line}\n").as_bytes()).unwrap();
}

/// What is not computed here says so: when its key is configured, or else by each of its tokens.
fn not_here<T>(row: &serde_json::Value, result: Result<T, Error>) {
    let code = result.err().unwrap_or_else(|| panic!("{} is computed", row["source"])).code();
    assert!(matches!(code, Code::SyncUnsupported | Code::NeedsWebcrypto), "{}: {code:?}", row["source"]);
}

#[test]
fn signed_examples_verify() {
    let (mut verified, mut known) = (0, Vec::new());
    for row in rows("signed") {
        let (name, alg) = (text(&row, "source"), text(&row, "alg"));
        let method = if row["key"]["kty"] == "oct" { "symmetricKey" } else { "publicKey" };
        let key = source(&format!(r#"{{"method":"{method}","alg":"{alg}","key":{}}}"#, row["key"]));
        if !Signature::from_name(alg).unwrap().is_computed() {
            not_here(&row, key.and_then(|key| verify(text(&row, "token"), &[key])));
            known.push(name.to_owned());
            continue;
        }
        let token =
            verify(text(&row, "token"), &[key.unwrap()]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(token.payload(), text(&row, "payload").as_bytes(), "{name}");
        assert_eq!(token.header().alg(), alg, "{name}");
        verified += 1;
    }
    assert!(verified >= 9, "only {verified} were verified");
    say(&format!("{verified} signed tokens verify, {} by name only: {}", known.len(), known.join(", ")));
}

#[test]
fn encrypted_examples_decrypt() {
    let (mut decrypted, mut known) = (0, Vec::new());
    for row in rows("encrypted") {
        let (name, alg, enc) = (text(&row, "source"), text(&row, "alg"), text(&row, "enc"));
        let key = decrypt_key(&format!(r#"{{"alg":"{alg}","enc":"{enc}","key":{}}}"#, row["key"]));
        if !Management::from_name(alg).unwrap().is_computed() || Content::from_name(enc).is_none() {
            let token = Compact::parse(text(&row, "token"));
            not_here(&row, key.and_then(|key| jwe::decrypt(&token?, &[key])));
            known.push(name.to_owned());
            continue;
        }
        let token = Compact::parse(text(&row, "token")).unwrap();
        let opened = jwe::decrypt(&token, &[key.unwrap()]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(opened.plaintext, text(&row, "plaintext").as_bytes(), "{name}");
        assert_eq!((opened.header.alg(), opened.header.enc()), (alg, Some(enc)), "{name}");
        decrypted += 1;
    }
    assert!(decrypted >= 1);
    say(&format!("{decrypted} encrypted tokens decrypt, {} by name only: {}", known.len(), known.join(", ")));
}

#[test]
fn examples_of_what_we_do_not_take_are_refused_by_name() {
    let rows = rows("refused");
    for row in &rows {
        let error = verify(text(row, "token"), &[hs256()]).err();
        let code = error.unwrap_or_else(|| panic!("{} is accepted", row["source"])).code();
        assert_eq!(code.as_str(), text(row, "code"), "{}", row["source"]);
    }
    say(&format!("{} examples are refused by name", rows.len()));
}

#[test]
fn key_sets_are_read_key_by_key() {
    let rows = rows("keys");
    for row in &rows {
        let name = text(row, "source");
        let result = KeySet::fetched(row["keySet"].to_string().as_bytes(), None);
        if let Some(code) = row["code"].as_str() {
            assert_eq!(result.expect_err(name).code().as_str(), code, "{name}");
            continue;
        }
        let (set, remarks) = result.unwrap_or_else(|error| panic!("{name}: {error}"));
        let kids: Vec<_> = set.keys().iter().map(|key| key.kid()).collect();
        let usable: Vec<_> = row["usable"].as_array().unwrap().iter().map(|kid| kid.as_str()).collect();
        assert_eq!(kids, usable, "{name}");
        let skipped: Vec<_> = remarks.iter().map(|remark| remark.at.as_deref()).collect();
        let expected: Vec<_> = row["skipped"].as_array().unwrap().iter().map(|at| at.as_str()).collect();
        assert_eq!(skipped, expected, "{name}");
    }
    say(&format!("{} key sets are read", rows.len()));
}
