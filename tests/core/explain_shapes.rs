//! What a report says of tokens that were damaged or that call things by other names, and of claims in a wrong unit.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::{
    common::{self, rows, signed_with},
    explained::{CLAIMS, NOW, Rsa, SECRET, encode, got, one, refused, settings, shared},
};
use handstamp::{
    explain::{Status, Verdict, explain},
    jose::key::DecryptKey,
    secure_token::Settings,
};
use serde_json::json;

#[test]
fn what_happened_to_a_token_is_named() {
    let ours = shared(SECRET, "HS256");
    let good = signed_with(SECRET, br#"{"alg":"HS256","kid":"a/b?c"}"#, CLAIMS.as_bytes());
    for (token, first) in [
        (format!("https://www.acme.example/play?lang=nl&token={good}&utm=x"), "token_in_link"),
        (format!("https://www.acme.example/play#token={good}"), "token_in_link"),
        (format!("?token={good}"), "token_in_link"),
        (format!("JWT {good}"), "token_prefix"),
        (format!("jwt {good}"), "token_prefix"),
        (format!("Token: {good}"), "token_prefix"),
        (format!("Authorization: Bearer {good}"), "token_bearer_prefix"),
        ("{{token}}".into(), "token_placeholder"),
        ("${TOKEN}".into(), "token_placeholder"),
        ("%%token%%".replace("%%", "%"), "token_placeholder"),
        ("<your token>".into(), "token_placeholder"),
        ("undefined".into(), "token_placeholder"),
        ("[object Object]".into(), "token_placeholder"),
        (format!("“{good}”"), "token_quoted"),
        (format!("«{good}»"), "token_quoted"),
        (format!("`{good}`"), "token_quoted"),
        (format!("\u{feff}{good}"), "token_invisible"),
        (good.replacen('.', ".\u{200b}", 1), "token_invisible"),
        (good.to_lowercase(), "token_lower_cased"),
        (good.to_uppercase(), "token_lower_cased"),
        (format!("\u{200e}{good}"), "token_invisible"),
        (format!("<{good}>"), "token_quoted"),
        (format!("<token>{good}</token>"), "token_quoted"),
        (format!("{good},"), "token_quoted"),
        (format!("{good}&lang=nl"), "token_in_link"),
        (format!("Bearer%20{good}"), "token_bearer_prefix"),
        (format!("curl -H \"Authorization: Bearer {good}\""), "token_bearer_prefix"),
        (format!("Set-Cookie: token={good}; Path=/"), "token_prefix"),
        ("YOUR_TOKEN".into(), "token_placeholder"),
        ("*|TOKEN|*".into(), "token_placeholder"),
        ("<%= token %>".into(), "token_placeholder"),
        ("true".into(), "token_placeholder"),
        (format!("{}:ab:cd", &good[..good.len() - 6]), "token_characters"),
        ("PHNhbWw6QXNzZXJ0aW9uLz4=".into(), "token_other_kind"),
        (format!("{}...", &good[..50]), "token_truncated"),
        (format!("{}…", &good[..50]), "token_truncated"),
        (format!("{good}{good}"), "token_several"),
        (encode(good.as_bytes()), "token_several"),
    ] {
        let report = refused(&ours, &token, first);
        if ![
            "token_placeholder",
            "token_lower_cased",
            "token_truncated",
            "token_several",
            "token_characters",
            "token_other_kind",
        ]
        .contains(&first)
        {
            assert_eq!(one(&report, "signature").status, Status::Pass, "{first}: the rest is checked");
        }
    }
    // A form decoder takes the plus signs for spaces.
    let plus = (0..500).map(|index| {
        signed_with(SECRET, br#"{"alg":"HS256"}"#, CLAIMS.replace("1234", &format!("{index}")).as_bytes())
    });
    let plus: Vec<_> = plus
        .map(|token| token.replace('_', "/").replace('-', "+"))
        .filter(|token| token.contains('+'))
        .collect();
    assert!(plus.len() > 50);
    for token in plus.iter().take(50) {
        refused(&ours, &token.replace('+', " "), "token_plus_as_space");
    }
}

#[test]
fn a_header_that_calls_things_by_other_names_is_named() {
    let ours = shared(SECRET, "HS256");
    for (uri, name) in [
        ("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "HS256"),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "RS256"),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "ES384"),
        ("http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", "PS512"),
    ] {
        let token = signed_with(SECRET, json!({ "alg": uri }).to_string().as_bytes(), CLAIMS.as_bytes());
        let report = refused(&ours, &token, "alg_xmldsig");
        assert_eq!(one(&report, "alg_xmldsig").expected.as_deref(), Some(name));
    }
    let report =
        explain(&ours, &signed_with(SECRET, br#"{"alg":"http://www.w3.org/x#y"}"#, b"{}"), None, NOW);
    assert_eq!(report.code(), Some("alg_unknown"));
}

fn encrypted() -> Settings {
    let decrypt = json!({ "key": encode([7; 32]), "encoding": "base64url", "alg": "dir", "enc": "A256GCM" });
    let verify =
        json!({ "method": "symmetricKey", "alg": "HS256", "key": encode(SECRET), "encoding": "base64url" });
    settings(&verify, json!({ "decrypt": decrypt }))
}

/// A token under the key of [`encrypted`], with any header and plaintext.
fn encrypt(header: &str, plaintext: &[u8]) -> String {
    use aes_gcm::{
        Aes256Gcm, KeyInit,
        aead::{Aead, Payload},
    };
    let header = encode(header);
    let payload = Payload { msg: plaintext, aad: header.as_bytes() };
    let sealed = Aes256Gcm::new_from_slice(&[7; 32]).unwrap().encrypt(&[5; 12].into(), payload).unwrap();
    let (content, tag) = sealed.split_at(sealed.len() - 16);
    format!("{header}..{}.{}.{}", encode([5; 12]), encode(content), encode(tag))
}

#[test]
fn an_encrypted_token_in_a_wrong_form_is_named() {
    let ours = encrypted();
    let inner = signed_with(SECRET, br#"{"alg":"HS256"}"#, CLAIMS.as_bytes());
    let header = r#"{"alg":"dir","enc":"A256GCM","cty":"JWT"}"#;
    let whole = encrypt(header, inner.as_bytes());
    assert_eq!(explain(&ours, &whole, Some("100001"), NOW).verdict(), Verdict::Accepted);
    let parts: Vec<&str> = whole.split('.').collect();
    for count in [3, 4] {
        let report = refused(&ours, &parts[..count].join("."), "token_truncated");
        assert_eq!(got(&report, "token_truncated"), format!("{count} parts"));
    }
    for cty in ["json", "application/json", "text"] {
        let token = encrypt(&header.replace("JWT", cty), inner.as_bytes());
        assert_eq!(
            one(&refused(&ours, &token, "content_type"), "content_type").path.as_deref(),
            Some("header/cty")
        );
    }
    for end in ["\n", "\r\n", " "] {
        let report = refused(&ours, &encrypt(header, format!("{inner}{end}").as_bytes()), "token_whitespace");
        assert_eq!(one(&report, "token_whitespace").check, "inner");
    }
    let long = format!("{whole}AAAA");
    assert_eq!(got(&refused(&ours, &long, "tag_length"), "tag_length"), "19 bytes");
    let short = &whole[..whole.len() - 4];
    refused(&ours, short, "token_truncated");
    // Another padding than the configured one: the configured one is named.
    let rsa = Rsa::new();
    let n = encode(&rsa.n);
    let all = rows("rfc/rfc7517.json", "keys");
    let sets = all.iter().flat_map(|row| row["keySet"]["keys"].as_array().cloned().unwrap_or_default());
    let mut key = sets.into_iter().find(|key| key["n"] == json!(n) && key["d"].is_string()).unwrap();
    for member in ["alg", "use", "kid"] {
        key.as_object_mut().unwrap().remove(member);
    }
    let verify =
        json!({ "method": "symmetricKey", "alg": "HS256", "key": encode(SECRET), "encoding": "base64url" });
    let decrypt = json!({ "key": key, "alg": "RSA-OAEP-256", "enc": "A256GCM" });
    let ours = settings(&verify, json!({ "decrypt": decrypt }));
    let token = format!(
        "{}.{}.{}.AA.{}",
        encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#),
        encode([1; 256]),
        encode([5; 12]),
        encode([0; 16])
    );
    let report = refused(&ours, &token, "alg_not_allowed");
    let check = one(&report, "alg_not_allowed");
    assert_eq!((check.expected.as_deref(), check.got.as_deref()), (Some("RSA-OAEP-256"), Some("RSA-OAEP")));
    assert!(!check.hint().unwrap().contains("Sign with"), "{:?}", check.hint());
    // Keys to decrypt that are for something else, or in an older form.
    let refusal = |key: serde_json::Value| {
        let setting = json!({ "key": key, "alg": "RSA-OAEP-256", "enc": "A256GCM" }).to_string();
        let error = DecryptKey::from_settings(&common::value(&setting), "/decrypt").unwrap_err();
        (error.code().as_str(), error.to_string(), error.code().how())
    };
    let mut signing = key;
    signing["use"] = "sig".into();
    let (code, sentence, how) = refusal(signing);
    assert_eq!(code, "key_use");
    assert!(sentence.contains("/decrypt/key/use") && sentence.contains("Expected enc"), "{sentence}");
    assert!(how.contains("use enc to decrypt"), "{how}");
    for (label, name) in
        [("RSA PRIVATE KEY", "PKCS#1"), ("EC PRIVATE KEY", "SEC 1"), ("ENCRYPTED PRIVATE KEY", "ENCRYPTED")]
    {
        let (code, sentence, _) =
            refusal(json!(format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n")));
        assert_eq!(code, "key_invalid");
        assert!(sentence.contains("openssl pkcs8 -topk8") && sentence.contains(name), "{sentence}");
    }
}

#[test]
fn a_time_in_a_small_unit_is_named_by_its_unit() {
    let ours = shared(SECRET, "HS256");
    for (time, first, unit) in [
        ("1800000300000", "exp_looks_like_milliseconds", "a date tens of thousands of years away"),
        ("1800000300000000", "time_unit", "microseconds"),
        ("1800000300000000000", "time_unit", "nanoseconds"),
        ("639356257000000000", "time_unit", "ticks of .NET, of 100 nanoseconds since the year 1"),
        ("134456257000000000", "time_unit", "a file time of Windows, of 100 nanoseconds since 1601"),
        ("1.8000003e18", "time_unit", "nanoseconds"),
    ] {
        for name in ["exp", "nbf", "iat"] {
            let claims = match name {
                "exp" => CLAIMS.replace("1800000300", time),
                _ => CLAIMS.replace("\"sub\"", &format!("\"{name}\":{time},\"sub\"")),
            };
            let token = signed_with(SECRET, br#"{"alg":"HS256"}"#, claims.as_bytes());
            let report = refused(&ours, &token, first);
            assert_eq!(got(&report, first), unit, "{name}");
            assert_eq!(one(&report, first).path, Some(format!("/{name}")));
        }
    }
}

#[test]
fn a_small_difference_to_what_was_expected_is_named() {
    let ours = |more: serde_json::Value| {
        let verify = json!({ "method": "symmetricKey", "alg": "HS256", "key": encode(SECRET), "encoding": "base64url" });
        settings(&verify, more)
    };
    let token = |claims: &str| signed_with(SECRET, br#"{"alg":"HS256"}"#, claims.as_bytes());
    for id in ["100001.0", "\"100001.0\""] {
        let report =
            refused(&ours(json!({})), &token(&CLAIMS.replace("\"100001\"", id)), "campaign_mismatch");
        assert_eq!(got(&report, "campaign_mismatch"), "the same number with .0 at its end");
    }
    let with = |iss: &str| token(&CLAIMS.replace("\"sub\"", &format!("\"iss\":\"{iss}\",\"sub\"")));
    for (expected, iss, words) in [
        ("https://id.acme.example", "http://id.acme.example", "the same URL with http"),
        ("https://id.acme.example", "http://id.acme.example/", "the same URL with http"),
        ("http://id.acme.example/a", "https://id.acme.example/a", "the same URL with https"),
    ] {
        let report = refused(&ours(json!({ "issuer": expected })), &with(iss), "issuer_mismatch");
        assert_eq!(got(&report, "issuer_mismatch"), words);
    }
}

/// A report begins with the fault of the published key, and lays it to the issuer; also where the token is encrypted, as
/// the set says nothing of the token.
#[test]
fn the_fault_of_a_published_key_is_the_cause() {
    let disclosed = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "one", "d": "AQ", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] });
    let decrypt = json!({ "key": encode([7; 32]), "encoding": "base64url", "alg": "dir", "enc": "A256GCM" });
    let set = |number: u8| json!({ "method": "jwks", "url": format!("https://id.acme.example/{number}") });
    let inner = signed_with(SECRET, br#"{"alg":"EdDSA","kid":"one"}"#, CLAIMS.as_bytes());
    let whole = encrypt(r#"{"alg":"dir","enc":"A256GCM"}"#, inner.as_bytes());
    for (token, more) in [(&inner, json!({})), (&whole, json!({ "decrypt": decrypt }))] {
        let mut ours = settings(&json!([set(1), set(2)]), more);
        // The set of another source does not matter.
        ours.install(1, disclosed.to_string().as_bytes()).unwrap_err();
        assert_eq!(explain(&ours, token, Some("100001"), NOW).code(), Some("key_set_not_loaded"));
        ours.install(0, disclosed.to_string().as_bytes()).unwrap_err();
        let report = explain(&ours, token, Some("100001"), NOW);
        let check = one(&report, "key_is_private");
        assert_eq!((report.code(), check.fix()), (Some("key_is_private"), Some("issuer")));
        assert_eq!(check.path.as_deref(), Some("/keys/0/d"));
        assert_eq!(check.got.as_deref(), Some("a private key (the key \"one\")"));
        let shown = handstamp::json::Value::from(report.outline()).to_text();
        assert!(shown.contains(r#""fix":"issuer""#), "{shown}");
        ours.install(0, b"<html>").unwrap_err();
        assert_eq!(explain(&ours, token, Some("100001"), NOW).code(), Some("key_set_invalid"));
        let good = disclosed.to_string().replace(r#""d":"AQ","#, "");
        ours.install(0, good.as_bytes()).unwrap();
        ours.install(1, good.as_bytes()).unwrap();
        assert_eq!(
            explain(&ours, token, Some("100001"), NOW)
                .checks
                .iter()
                .find(|check| check.code == "key_is_private"),
            None
        );
    }
}

#[test]
fn a_document_in_the_place_of_a_key_set_is_named() {
    use handstamp::jose::key::KeySet;
    let discovery =
        json!({ "issuer": "https://id.acme.example", "jwks_uri": "https://id.acme.example/keys" });
    for (document, words) in [
        (discovery, "the metadata of an identity provider, whose jwks_uri is the URL of its key set"),
        (json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" }), "a single key"),
        (json!({ "error": "not found" }), "nothing"),
        (json!({ "data": { "keys": [] } }), "a key set inside another member"),
        (
            json!({ "k1": "-----BEGIN CERTIFICATE-----\n" }),
            "certificates or keys in PEM by their IDs, not JWKs",
        ),
    ] {
        let error = KeySet::fetched(document.to_string().as_bytes(), None).unwrap_err();
        assert_eq!((error.code().as_str(), error.fix()), ("key_set_invalid", "issuer"));
        assert_eq!(error.detail().unwrap().got.as_deref(), Some(words));
    }
}
