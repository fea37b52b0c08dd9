//! What a report says of the mistakes of programs that build tokens by hand, and of strings that are no tokens.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::{
    common::signed_with,
    explained::{CLAIMS, NOW, Rsa, SECRET, base64, encode, got, input, one, refused, settings, shared},
};
use ed25519_dalek::{Signer as _, SigningKey};
use handstamp::{
    explain::{Status, Verdict, explain},
    secure_token::Settings,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::{Digest, Sha256, Sha512};

const HS256: &str = r#"{"alg":"HS256"}"#;

fn mac(secret: &[u8], text: &[u8]) -> String {
    encode(Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(text).finalize().into_bytes())
}

fn signed(claims: &[u8]) -> String {
    signed_with(SECRET, HS256.as_bytes(), claims)
}

#[test]
fn the_text_that_was_signed_instead_is_named() {
    let ours = shared(SECRET, "HS256");
    let input = input(HS256);
    for (text, words) in [
        (CLAIMS.as_bytes().to_vec(), "of the claims alone, as JSON"),
        (encode(CLAIMS).into_bytes(), "of the claims alone"),
        (format!("{HS256}.{CLAIMS}").into_bytes(), "of header and claims before they were encoded"),
        (input.replace('.', "").into_bytes(), "of header and claims without the dot between them"),
        (Sha256::digest(&input).to_vec(), "of the hash of the text, so that it is hashed twice"),
    ] {
        let report = refused(&ours, &format!("{input}.{}", mac(SECRET, &text)), "signed_text_changed");
        assert!(
            got(&report, "signed_text_changed").ends_with(words),
            "{}",
            got(&report, "signed_text_changed")
        );
    }
    let report = refused(&ours, &format!("{input}.{}", mac(SECRET, b"another text")), "secret_mismatch");
    assert_eq!(one(&report, "secret_mismatch").fix(), Some("issuer"));

    // A key service that is given a hash, and hashes what it is given.
    let key = SigningKey::from_bytes(&[7; 32]);
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(key.verifying_key().as_bytes()) });
    let edwards = settings(&json!({ "method": "publicKey", "alg": "EdDSA", "key": jwk }), json!({}));
    let input = crate::explained::input(r#"{"alg":"EdDSA"}"#);
    let twice = encode(key.sign(&Sha512::digest(&input)).to_bytes());
    let report = refused(&edwards, &format!("{input}.{twice}"), "signed_text_changed");
    assert!(got(&report, "signed_text_changed").ends_with("hashed twice"));

    let rsa = Rsa::new();
    let input = crate::explained::input(r#"{"alg":"RS256"}"#);
    let info = [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];
    let by = |text: &[u8]| rsa.pkcs1(&info, &Sha256::digest(text));
    for (signature, first, words) in [
        (by(CLAIMS.as_bytes()), "signed_text_changed", "of the claims alone, as JSON"),
        (by(&Sha256::digest(&input)), "signed_text_changed", "so that it is hashed twice"),
        (by(b"another text"), "signed_text_changed", "of another text"),
        (by(input.as_bytes()).into_iter().rev().collect(), "signature_encoded", "in little-endian order"),
    ] {
        let report = refused(&rsa.settings("RS256"), &format!("{input}.{}", encode(signature)), first);
        assert!(got(&report, first).ends_with(words), "{}", got(&report, first));
    }
}

#[test]
fn a_secret_that_was_hashed_or_never_set_is_named() {
    let input = input(HS256);
    let by = |secret: &[u8]| format!("{input}.{}", mac(secret, input.as_bytes()));
    let ours = shared(b"a passphrase of more than thirty-two letters", "HS256");
    let hash = Sha256::digest(b"a passphrase of more than thirty-two letters");
    let report = refused(&ours, &by(&hash), "secret_encoding");
    assert_eq!(got(&report, "secret_encoding"), "the secret hashed by SHA-256, of 32 bytes");
    let digits = crate::explained::hexadecimal(&hash);
    let report = refused(&ours, &by(digits.as_bytes()), "secret_encoding");
    assert_eq!(
        got(&report, "secret_encoding"),
        "the secret as the hexadecimal string of its SHA-256, of 64 bytes"
    );
    for (secret, words) in [("", "an empty secret"), ("undefined", "the word undefined")] {
        let report = refused(&ours, &by(secret.as_bytes()), "secret_unset");
        assert_eq!(got(&report, "secret_unset"), words);
    }
}

#[test]
fn a_string_that_is_no_signed_token_is_named() {
    let ours = shared(SECRET, "HS256");
    let good = signed(CLAIMS.as_bytes());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let [header, claims] = [0, 1].map(|part| good.split('.').nth(part).unwrap());
    for (text, first, words) in [
        ("8f14e45f-ceea-467f-a0b1-6c1f4f9b1d2a".into(), "token_other_kind", "opaque string"),
        ("gAAAAABkT1x9dGVzdA==".into(), "token_other_kind", "opaque string"),
        (base64(b"<samlp:Response></samlp:Response>"), "token_other_kind", "a SAML response"),
        (format!("v4.public.{claims}"), "token_other_kind", "a PASETO token"),
        (format!("v2.local.{claims}.{claims}"), "token_other_kind", "a PASETO token"),
        (claims.into(), "token_other_kind", "which nobody has signed"),
        (format!("{header}..{signature}"), "token_other_kind", "(detached)"),
        (head.into(), "token_segments", "2 parts"),
        (format!("{good}."), "token_quoted", "a dot at its end"),
    ] {
        let report = refused(&ours, &text, first);
        let found = report.checks.iter().find(|check| check.code == first).unwrap();
        assert!(found.got.as_deref().unwrap_or_default().contains(words), "{text} {found:?}");
    }
    // Not every short string, and none that only lacks its dots.
    for (text, first) in [("8f14e45f", "token_segments"), (&*good.replace('.', ""), "token_segments")] {
        refused(&ours, text, first);
    }
}

#[test]
fn an_escaped_token_is_named_and_checked() {
    let ours = shared(SECRET, "HS256");
    let good = signed(CLAIMS.as_bytes());
    let soft = |end: &str| {
        let lines: Vec<_> = good.as_bytes().chunks(60).map(|line| String::from_utf8_lossy(line)).collect();
        lines.join(end)
    };
    let encoded = |text: &str| text.replace('"', "%22");
    for (token, first) in [
        (soft("=\r\n"), "token_escaped"),
        (soft("=\n"), "token_escaped"),
        (good.replace('.', "\\u002e"), "token_escaped"),
        (good.replace('.', "&#46;"), "token_escaped"),
        (good.replace('.', "&period;"), "token_escaped"),
        (encoded(&format!("\"{good}\"")), "token_percent_encoded"),
    ] {
        let report = refused(&ours, &token, first);
        assert_eq!(one(&report, "signature").status, Status::Pass, "the rest is checked: {token}");
    }
}

#[test]
fn an_algorithm_under_the_name_of_a_library_is_named() {
    let ours = shared(SECRET, "HS256");
    for (alg, name) in [
        ("HMACSHA256", "HS256"),
        ("HmacSHA512", "HS512"),
        ("HS-256", "HS256"),
        ("SHA256withRSA", "RS256"),
        ("RSA-SHA384", "RS384"),
        ("RSASSA_PKCS1_V1_5_SHA_256", "RS256"),
        ("RSASSA_PSS_SHA_512", "PS512"),
        ("ECDSA_SHA_256", "ES256"),
        ("SHA256withECDSA", "ES256"),
    ] {
        let token = signed_with(SECRET, format!(r#"{{"alg":"{alg}"}}"#).as_bytes(), CLAIMS.as_bytes());
        let report = refused(&ours, &token, "alg_other_name");
        assert_eq!(one(&report, "alg_other_name").expected.as_deref(), Some(name), "{alg}");
        assert_eq!(one(&report, "alg_unknown").got.as_deref(), Some(alg));
    }
    for alg in ["ES256K", "SHA256", "Ed448", "RSA-OAEP-256", "nothing"] {
        let token = signed_with(SECRET, format!(r#"{{"alg":"{alg}"}}"#).as_bytes(), CLAIMS.as_bytes());
        let report = explain(&ours, &token, None, NOW);
        assert!(!report.checks.iter().any(|check| check.code == "alg_other_name"), "{alg}");
    }
    let ours = encrypting();
    for (header, right) in [
        (r#"{"alg":"dir","enc":"aes-256-gcm"}"#, "A256GCM"),
        (r#"{"alg":"dir","enc":"a256gcm"}"#, "A256GCM"),
        (r#"{"alg":"dir","enc":"A256CBC"}"#, "A256CBC-HS512"),
        (
            r#"{"alg":"A256GCM","enc":"A256GCM"}"#,
            "a way to encrypt the content key, such as dir; this is a value of enc",
        ),
    ] {
        let token =
            format!("{}..{}.{}.{}", encode(header), encode([1; 12]), encode([2; 40]), encode([3; 16]));
        let report = refused(&ours, &token, "alg_other_name");
        assert_eq!(one(&report, "alg_other_name").expected.as_deref(), Some(right), "{header}");
    }
    let token =
        format!("{}..{}.{}.", encode(r#"{"alg":"dir","enc":"A256GCM"}"#), encode([1; 12]), encode([2; 56]));
    let report = refused(&ours, &token, "tag_in_ciphertext");
    assert_eq!(got(&report, "tag_in_ciphertext"), "0 bytes");
}

fn encrypting() -> Settings {
    let verify =
        json!({ "method": "symmetricKey", "alg": "HS256", "key": encode(SECRET), "encoding": "base64url" });
    let key = json!({ "key": encode([9; 32]), "encoding": "base64url", "alg": "dir", "enc": "A256GCM" });
    settings(&verify, json!({ "decrypt": key }))
}

#[test]
fn a_payload_in_another_form_is_named() {
    let ours = shared(SECRET, "HS256");
    let good = signed(CLAIMS.as_bytes());
    for (payload, form) in [
        (encode(CLAIMS).into_bytes(), "JSON that was encoded in base64 once more"),
        (base64(CLAIMS.as_bytes()).into_bytes(), "JSON that was encoded in base64 once more"),
        (good.clone().into_bytes(), "a signed token inside this one"),
        (b"eyJh.a.b.c.d".to_vec(), "an encrypted token: sign first, then encrypt the signed token"),
        (vec![0x1f, 0x8b, 8, 0], "compressed data"),
        (vec![0x78, 0x9c, 1], "compressed data"),
        (b"<claims/>".to_vec(), "XML"),
        (b"{'sub': '1'}".to_vec(), "the printed form of a Python dictionary"),
        (b"a:1:{s:3:\"sub\";s:1:\"1\";}".to_vec(), "the output of PHP's serialize"),
        (b"[object Object]".to_vec(), "the printed form of an object"),
        (b"sub=1&campaignId=2".to_vec(), "the parameters of a form"),
    ] {
        let report = refused(&ours, &signed(&payload), "payload_other_form");
        assert_eq!(got(&report, "payload_other_form"), form);
    }
    for payload in [&b"{\"sub\":\"1\",}"[..], b"hello world", b"[1]", b"null"] {
        let report = explain(&ours, &signed(payload), None, NOW);
        assert!(!report.checks.iter().any(|check| check.code == "payload_other_form"), "{payload:?}");
    }
}

#[test]
fn claims_at_another_place_and_values_that_are_none_are_told() {
    let ours = shared(SECRET, "HS256");
    let nested = |claims: &str| refused(&ours, &signed(claims.as_bytes()), "claims_nested");
    let report = nested(&format!(r#"{{"data":{CLAIMS}}}"#));
    assert_eq!(got(&report, "claims_nested"), "sub at /data/sub");
    let report = nested(r#"{"sub":"1","exp":1800000300,"context":{"campaignId":"100001"}}"#);
    assert_eq!(got(&report, "claims_nested"), "campaignId at /context/campaignId");
    refused(&ours, &signed(br#"{"sub":"1","exp":1800000300,"cid":"100001"}"#), "name_misspelt");

    for sub in ["undefined", "null", "{{user.id}}", "%USER_ID%"] {
        let token = signed(CLAIMS.replace("1234", sub).as_bytes());
        let report = explain(&ours, &token, Some("100001"), NOW);
        assert_eq!(
            (report.verdict(), report.code()),
            (Verdict::Accepted, Some("value_placeholder")),
            "{sub}"
        );
        assert_eq!(one(&report, "value_placeholder").path.as_deref(), Some("/sub"));
    }
    let token = signed(CLAIMS.replace("1234", "null-and-void-17").as_bytes());
    assert_eq!(explain(&ours, &token, Some("100001"), NOW).code(), None, "a name of a person's own");

    for (id, words) in [
        ("#100001", "the same string with more around it"),
        ("https://play.example/campaign/acme/100001", "the same string with more around it"),
        ("100001,100002", "the same string with more around it"),
        ("1000011", "a different string of 7 characters"),
        ("200001", "a different string of 6 characters"),
    ] {
        let claims = CLAIMS.replace("100001", id);
        assert_eq!(
            got(&refused(&ours, &signed(claims.as_bytes()), "campaign_mismatch"), "campaign_mismatch"),
            words
        );
    }
}
