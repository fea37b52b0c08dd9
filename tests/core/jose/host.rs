//! What is left to the host's WebCrypto: asked as data, bound to its question, checked beforehand, never a verdict
//! where the host cannot.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use crate::management::computed;
use common::{assert_code, decrypt_key, hs256, object, rows, source};
use handstamp::{
    Code, Error,
    jose::{
        Compact, Header, Host, Signature, base64url, here, jwe, jws,
        key::KeySource,
        nested::{self, Encryption},
        primitives::{
            agreement,
            curve::{Curve, Point},
        },
    },
    json::Value,
    secret::Secret,
};

fn host(text: &str) -> Host {
    Host::from_json(&object(text)).unwrap()
}

/// The source and a good token of one algorithm.
fn sample(alg: &str) -> (KeySource, String) {
    let rows = rows("python/signed.json", "tokens");
    let row = rows.iter().find(|row| row["key"]["alg"] == alg).unwrap_or_else(|| panic!("no {alg}"));
    (source(&row["key"].to_string()).unwrap(), row["token"].as_str().unwrap().to_owned())
}

/// A verification with these words of the host: its outcome, and what the host is asked.
fn verify(token: &str, source: &KeySource, words: &str) -> (Result<(), Error>, Option<Value>) {
    let host = host(words);
    let call = jws::verifying(Compact::parse(token).unwrap(), core::slice::from_ref(source), &host);
    (here(call).map(drop), host.take_operation().map(|operation| operation.to_json()))
}

fn text<'a>(operation: &'a Value, pointer: &str) -> &'a str {
    operation.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer}"))
}

fn with_signature(token: &str, change: impl Fn(&mut Vec<u8>)) -> String {
    let (input, signature) = token.rsplit_once('.').unwrap();
    let mut signature = base64url::decode(signature).unwrap();
    change(&mut signature);
    format!("{input}.{}", base64url::encode(&signature))
}

const PUBLIC: [&str; 5] = ["RS256", "PS256", "ES256", "ES384", "EdDSA"];

fn available() -> Vec<&'static str> {
    let rows = rows("python/signed.json", "tokens");
    PUBLIC.into_iter().filter(|alg| rows.iter().any(|row| row["key"]["alg"] == *alg)).collect()
}

#[test]
fn an_operation_is_asked_as_data_and_its_answer_is_the_verdict() {
    assert!(available().len() >= 3, "{:?}", available());
    for alg in available() {
        let (source, token) = sample(alg);
        let (paused, operation) = verify(&token, &source, r#"{"way":"host"}"#);
        assert!(paused.is_err());
        let operation = operation.unwrap();
        let input = token.rsplit_once('.').unwrap().0;
        assert_eq!((text(&operation, "/kind"), text(&operation, "/data")), ("verify", input), "{alg}");
        assert_eq!(text(&operation, "/signature"), token.rsplit_once('.').unwrap().1);
        assert!(operation.pointer("/key/d").is_none() && operation.pointer("/key/kty").is_some());
        let id = text(&operation, "/id");
        for (value, code) in [("true", None), ("false", Some(Code::SignatureInvalid))] {
            let words = format!(r#"{{"way":"host","answers":[{{"id":"{id}","value":{value}}}]}}"#);
            let (result, operation) = verify(&token, &source, &words);
            assert_eq!((result.err().map(|error| error.code()), operation), (code, None), "{alg} {value}");
        }
        // Bytes are no truth.
        let words = format!(r#"{{"way":"host","answers":[{{"id":"{id}","value":"AQ"}}]}}"#);
        assert_eq!(verify(&token, &source, &words).0.unwrap_err().code(), Code::SignatureInvalid, "{alg}");
    }
}

#[test]
fn an_answer_counts_for_its_own_question_only() {
    let (source, token) = sample("ES256");
    let id = |token: &str| {
        let operation = verify(token, &source, r#"{"way":"host"}"#).1.unwrap();
        text(&operation, "/id").to_owned()
    };
    let good = id(&token);
    let words = format!(r#"{{"way":"host","answers":[{{"id":"{good}","value":true}}]}}"#);
    let other_signature = with_signature(&token, |signature| signature[9] ^= 1);
    assert_ne!(id(&other_signature), good);
    let (result, operation) = verify(&other_signature, &source, &words);
    assert!(result.is_err() && operation.is_some(), "asked anew");
    let (input, signature) = token.rsplit_once('.').unwrap();
    let other_payload = format!("{}.{signature}", input.replace(input.split('.').nth(1).unwrap(), "e30"));
    let (result, operation) = verify(&other_payload, &source, &words);
    assert!(result.is_err() && operation.is_some(), "asked anew");
}

#[test]
fn what_the_checks_refuse_is_never_asked() {
    for alg in available() {
        let (source, token) = sample(alg);
        type Change = fn(&mut Vec<u8>);
        let mut cases: Vec<(&str, Change)> = vec![
            ("one byte less", |bytes| bytes.truncate(bytes.len() - 1)),
            ("one byte more", |bytes| bytes.push(0)),
            ("none", Vec::clear),
            ("all ones", |bytes| bytes.fill(0xff)),
        ];
        if alg.starts_with("ES") {
            cases.push(("r of zero", |bytes| {
                let half = bytes.len() / 2;
                bytes[..half].fill(0);
            }));
            cases.push(("s of zero", |bytes| {
                let half = bytes.len() / 2;
                bytes[half..].fill(0);
            }));
        }
        if alg == "EdDSA" {
            cases.push(("R of small order", |bytes| bytes[..32].fill(0)));
            cases.push(("s beyond the order", |bytes| bytes[63] |= 0xf0));
        }
        for (case, change) in cases {
            for way in ["host", "module"] {
                let (result, operation) =
                    verify(&with_signature(&token, change), &source, &format!(r#"{{"way":"{way}"}}"#));
                let code = result.unwrap_err().code();
                assert_eq!((code, operation), (Code::SignatureInvalid, None), "{alg} {case} {way}");
            }
        }
        if alg.starts_with(['R', 'P']) {
            // A signature is below the modulus, and an exponent that some hosts refuse is for the module.
            let n = verify(&token, &source, r#"{"way":"host"}"#).1.unwrap();
            let n = text(&n, "/key/n").to_owned();
            let key = format!(r#"{{"kty":"RSA","n":"{n}","e":"BQ"}}"#);
            let key = format!(r#"{{"method":"publicKey","alg":"{alg}","key":{key}}}"#);
            let as_modulus = format!("{}.{n}", token.rsplit_once('.').unwrap().0);
            for (token, source) in [(&as_modulus, &source), (&token, &self::source(&key).unwrap())] {
                let (result, operation) = verify(token, source, r#"{"way":"host"}"#);
                let code = result.unwrap_err().code();
                assert_eq!((code, operation), (Code::SignatureInvalid, None), "{alg}");
            }
        }
    }
}

#[test]
fn a_host_that_cannot_leaves_it_to_the_module() {
    let (source, token) = sample("RS256");
    let operation = verify(&token, &source, "{}").1.expect("by the table the host verifies RSA");
    let (id, name) = (text(&operation, "/id"), text(&operation, "/name"));
    for words in [
        format!(r#"{{"answers":[{{"id":"{id}"}}]}}"#),
        format!(r#"{{"lacks":["{name}"]}}"#),
        r#"{"lacks":["*"]}"#.to_owned(),
        r#"{"lacks":["*","*"]}"#.to_owned(),
        r#"{"way":"module"}"#.to_owned(),
    ] {
        let (result, operation) = verify(&token, &source, &words);
        assert!(result.is_ok() && operation.is_none(), "{words}");
    }
    // A shared secret is in no operation.
    let (source, token) = sample("HS256");
    let (result, operation) = verify(&token, &source, r#"{"way":"host"}"#);
    assert!(result.is_ok() && operation.is_none());
}

#[test]
fn t33_rsa_decryption_is_the_hosts_alone_and_fails_in_one_way() {
    for row in rows("python/management.json", "tokens").iter().filter(|row| row["curve"] == "RSA") {
        let token = row["token"].as_str().unwrap();
        let keys = [decrypt_key(&row["decrypt"].to_string()).unwrap()];
        let decrypt = |token: &str, words: &str| {
            let host = host(words);
            let result = here(jwe::decrypting(&Compact::parse(token).unwrap(), &keys, &host));
            (result.map(drop), host.take_operation().map(|operation| operation.to_json()))
        };
        let (_, operation) = decrypt(token, "{}");
        let operation = operation.unwrap();
        assert_eq!((text(&operation, "/kind"), text(&operation, "/algorithm/name")), ("decrypt", "RSA-OAEP"));
        let given = &row["decrypt"]["key"];
        for member in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
            assert_eq!(text(&operation, &format!("/key/{member}")), given[member], "{member}");
        }
        let id = text(&operation, "/id");
        for (words, code) in [
            (r#"{"lacks":["*"]}"#.to_owned(), Code::NeedsWebcrypto),
            (r#"{"lacks":["RSA-OAEP"],"way":"host"}"#.to_owned(), Code::NeedsWebcrypto),
            (format!(r#"{{"answers":[{{"id":"{id}"}}]}}"#), Code::NeedsWebcrypto),
            (format!(r#"{{"answers":[{{"id":"{id}","value":false}}]}}"#), Code::DecryptionFailed),
            (format!(r#"{{"answers":[{{"id":"{id}","value":"AAAA"}}]}}"#), Code::DecryptionFailed),
            (format!(r#"{{"answers":[{{"id":"{id}","value":""}}]}}"#), Code::DecryptionFailed),
        ] {
            let (result, operation) = decrypt(token, &words);
            assert_eq!((result.unwrap_err().code(), operation), (code, None), "{words}");
        }
        // A wrapped key that no RSA decryption could open is not asked about.
        let parts: Vec<_> = token.split('.').collect();
        for wrapped in [vec![], vec![1; 255], vec![0xff; 256], vec![1; 257]] {
            let changed = [parts[0], &base64url::encode(&wrapped), parts[2], parts[3], parts[4]].join(".");
            let (result, operation) = decrypt(&changed, "{}");
            assert_eq!((result.unwrap_err().code(), operation), (Code::DecryptionFailed, None));
        }
    }
}

#[test]
fn a_secret_that_the_host_agreed_on_opens_the_token() {
    let rows = computed().into_iter().filter(|row| row["alg"].as_str().unwrap().starts_with("ECDH-ES"));
    let rows: Vec<_> = rows.filter(|row| row["curve"] == "P-256").collect();
    assert!(!rows.is_empty());
    for row in rows {
        let keys = [decrypt_key(&row["decrypt"].to_string()).unwrap()];
        let token = Compact::parse(row["token"].as_str().unwrap()).unwrap();
        let decrypt = |words: &str| {
            let host = host(words);
            let result = here(jwe::decrypting(&token, &keys, &host)).map(|decrypted| decrypted.plaintext);
            (result, host.take_operation().map(|operation| operation.to_json()))
        };
        // The module could as well, and is slower.
        let operation = decrypt("{}").1.unwrap();
        let number = |pointer: &str| base64url::decode(text(&operation, pointer)).unwrap();
        let ours = agreement::EcPrivateKey::new(Curve::P256, Secret::new(number("/key/d")), None).unwrap();
        let theirs = Point::from_coordinates(Curve::P256, &number("/public/x"), &number("/public/y"));
        let shared = ours.agree(&theirs.unwrap()).unwrap();
        let plaintext = decrypt(r#"{"way":"module"}"#).0.unwrap();
        let id = text(&operation, "/id");
        let answer = |value: &str| format!(r#"{{"answers":[{{"id":"{id}"{value}}}]}}"#);
        let bytes = |bytes: &[u8]| format!(r#","value":"{}""#, base64url::encode(bytes));
        for value in [bytes(shared.expose()), String::new()] {
            assert_eq!(decrypt(&answer(&value)), (Ok(plaintext.clone()), None), "{} {value}", row["alg"]);
        }
        for value in [bytes(&shared.expose()[1..]), bytes(&[0; 32]), r#","value":false"#.to_owned()] {
            assert_code(&value, decrypt(&answer(&value)).0, Code::DecryptionFailed);
        }
    }
}

#[test]
fn a_header_is_read_by_the_reader_that_the_host_brings() {
    let token = common::signed(r#"{"alg":"HS256"}"#, b"{}");
    let open = |header| {
        let host = Host::none().with_headers(header);
        here(nested::opening(&token, &[], Encryption::Off, &[hs256()], &host)).map(drop)
    };
    assert_eq!(open(Header::from_part), Ok(()));
    assert_code("another", open(|_| Header::signed(br#"{"alg":"none"}"#)), Code::AlgNone);
}

#[test]
fn the_words_of_the_host_are_read_strictly() {
    for words in [
        r#"{"way":"else"}"#,
        r#"{"way":1}"#,
        r#"{"answers":[1]}"#,
        r#"{"answers":[{"value":true}]}"#,
        r#"{"answers":[{"id":"a","value":"+"}]}"#,
    ] {
        let error = Host::from_json(&object(words)).unwrap_err();
        assert_eq!(error.code(), Code::SettingsInvalid, "{words}");
    }
    assert!(Signature::RS256.is_computed());
}
