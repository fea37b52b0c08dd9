//! Encrypted tokens, and signed tokens inside them. Cases are named after the table of negative cases (T32 …).
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{SECRET, assert_code, decrypt_key, encrypt_for, hs256, refusal, rows, signed, source};
use handstamp::{
    Code, Error,
    jose::{
        Compact, base64url,
        jwe::{self, Decrypted, EncryptKey, Labels},
        key::DecryptKey,
        nested::{self, Encryption, Opened},
    },
    json::Value,
};

fn decrypt(token: &str, keys: &[DecryptKey]) -> Result<Decrypted, Error> {
    jwe::decrypt(&Compact::parse(token)?, keys)
}

/// A key of 32 bytes for A256GCM.
const A256GCM: &str =
    r#"{"key":"a decryption key of 32 bytes, ok","encoding":"utf8","alg":"dir","enc":"A256GCM"}"#;

fn a256gcm() -> DecryptKey {
    decrypt_key(A256GCM).unwrap()
}

fn encrypted(plaintext: &[u8], cty: Option<&str>) -> String {
    encrypt_for(A256GCM, plaintext, [7; 12], cty)
}

fn open(token: &str) -> Result<Opened, Error> {
    nested::open(token, &[a256gcm()], Encryption::Require, &[hs256()])
}

#[test]
fn the_example_of_rfc_7520_decrypts() {
    for row in rows("rfc/examples.json", "encrypted") {
        let key =
            decrypt_key(&format!(r#"{{"key":{},"alg":{},"enc":{}}}"#, row["key"], row["alg"], row["enc"]))
                .unwrap();
        let decrypted = decrypt(row["token"].as_str().unwrap(), &[key]).unwrap();
        assert_eq!(decrypted.plaintext, row["plaintext"].as_str().unwrap().as_bytes());
        assert_eq!((decrypted.header.alg(), decrypted.header.enc()), ("dir", Some("A128GCM")));
    }
}

#[test]
fn nested_tokens_of_other_libraries_are_opened() {
    for row in rows("python/encrypted.json", "tokens") {
        let (token, inner) = (row["token"].as_str().unwrap(), row["inner"].as_str().unwrap());
        let keys = [decrypt_key(&row["decrypt"].to_string()).unwrap()];
        let verify = [source(&row["verify"].to_string()).unwrap()];
        let opened = nested::open(token, &keys, Encryption::Require, &verify)
            .unwrap_or_else(|error| panic!("{}: {error}", row["enc"]));
        assert!(opened.encrypted);
        let claims: serde_json::Value = serde_json::from_slice(opened.verified.payload()).unwrap();
        assert_eq!(claims, row["claims"]);
        let plain = nested::open(inner, &keys, Encryption::Accept, &verify).unwrap();
        assert!(!plain.encrypted);
        assert_eq!(plain.verified.payload(), opened.verified.payload());
    }
}

#[test]
fn t24_every_flipped_byte_and_every_truncation_of_a_nested_token_is_refused() {
    for row in rows("python/encrypted.json", "tokens") {
        let token = row["token"].as_str().unwrap();
        let keys = [decrypt_key(&row["decrypt"].to_string()).unwrap()];
        let verify = [source(&row["verify"].to_string()).unwrap()];
        let open = |token: &str| nested::open(token, &keys, Encryption::Require, &verify);
        assert!(open(token).is_ok());
        for position in 0..token.len() {
            for flip in [0x01, 0x20] {
                let mut bytes = token.as_bytes().to_vec();
                bytes[position] ^= flip;
                assert!(open(&String::from_utf8(bytes).unwrap()).is_err(), "{} byte {position}", row["enc"]);
            }
            assert!(open(&token[..position]).is_err(), "{} cut at {position}", row["enc"]);
        }
    }
}

#[test]
fn what_is_encrypted_here_decrypts_here() {
    for (enc, bytes) in [("A128GCM", 16), ("A192GCM", 24), ("A256GCM", 32)] {
        let secret = base64url::encode(&vec![5; bytes]);
        let settings = format!(r#"{{"key":"{secret}","encoding":"base64url","alg":"dir","enc":"{enc}"}}"#);
        let key = decrypt_key(&settings).unwrap();
        let ours = EncryptKey::from_settings(&Value::parse(settings.as_bytes()).unwrap(), "").unwrap();
        for plaintext in [&b""[..], b"x", &[0xff; 3000]] {
            let token = jwe::encrypt(plaintext, &ours, &[9; 12], Labels { kid: Some("k"), cty: Some("JWT") })
                .unwrap();
            let decrypted = decrypt(&token, core::slice::from_ref(&key)).unwrap();
            assert_eq!(decrypted.plaintext, plaintext);
            let header = Value::from(decrypted.header.members().clone()).to_text();
            assert_eq!(header, format!(r#"{{"alg":"dir","enc":"{enc}","kid":"k","cty":"JWT"}}"#));
        }
    }
}

/// Puts a changed part into an encrypted token.
fn with_part(index: usize, bytes: &[u8]) -> String {
    let token = encrypted(signed(r#"{"alg":"HS256"}"#, b"{}").as_bytes(), None);
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts[index] = base64url::encode(bytes);
    parts.join(".")
}

#[test]
fn t34_and_t36_parts_of_another_length_fail_like_everything_else() {
    for (case, token) in [
        ("no IV", with_part(2, &[])),
        ("an IV of 8 bytes", with_part(2, &[7; 8])),
        ("an IV of 16 bytes", with_part(2, &[7; 16])),
        ("another IV", with_part(2, &[8; 12])),
        ("no tag", with_part(4, &[])),
        ("a tag of 4 bytes", with_part(4, &[0; 4])),
        ("a tag of 8 bytes", with_part(4, &[0; 8])),
        ("a tag of 12 bytes", with_part(4, &[0; 12])),
        ("a tag of 15 bytes", with_part(4, &[0; 15])),
        ("a tag of 17 bytes", with_part(4, &[0; 17])),
        ("another tag", with_part(4, &[0; 16])),
        ("no ciphertext", with_part(3, &[])),
        ("another ciphertext", with_part(3, &[0; 64])),
        ("a wrapped key with dir", with_part(1, &[1; 32])),
    ] {
        let error = open(&token).unwrap_err();
        assert_eq!(error.code(), Code::DecryptionFailed, "{case}");
        assert_eq!(error.detail(), None, "{case} says nothing more");
        assert_eq!(error.to_string(), "The token could not be decrypted.");
    }
    let other = decrypt_key(
        r#"{"key":"another key of exactly 32 bytes!","encoding":"utf8","alg":"dir","enc":"A256GCM"}"#,
    );
    let token = encrypted(b"x", None);
    assert_code("another key", decrypt(&token, &[other.unwrap()]), Code::DecryptionFailed);
}

#[test]
fn the_header_is_covered_by_the_tag() {
    let token = encrypted(signed(r#"{"alg":"HS256"}"#, b"{}").as_bytes(), None);
    let (_, rest) = token.split_once('.').unwrap();
    let header = base64url::encode(br#"{"alg":"dir","enc":"A256GCM","x":1}"#);
    assert_code("another header", open(&format!("{header}.{rest}")), Code::DecryptionFailed);
}

#[test]
fn t32_algorithms_are_refused_by_name() {
    let token = |header: &str| {
        format!("{}.AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", base64url::encode(header.as_bytes()))
    };
    for (header, code) in [
        (r#"{"alg":"RSA1_5","enc":"A128GCM"}"#, Code::AlgRefused),
        (r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":2147483648,"p2s":"AAAA"}"#, Code::AlgRefused),
        (r#"{"alg":"none","enc":"A256GCM"}"#, Code::AlgNone),
        (r#"{"alg":"HS256","enc":"A256GCM"}"#, Code::AlgNotAllowed),
        (r#"{"alg":"DIR","enc":"A256GCM"}"#, Code::AlgUnknown),
        (r#"{"alg":"dir"}"#, Code::EncMissing),
        (r#"{"alg":"dir","enc":1}"#, Code::HeaderInvalid),
        (r#"{"alg":"dir","enc":"a256gcm"}"#, Code::EncUnknown),
        (r#"{"alg":"dir","enc":"A256CBC"}"#, Code::EncUnknown),
        (r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#, Code::ZipRefused),
        (r#"{"alg":"dir","enc":"A256GCM","crit":["exp"]}"#, Code::CritUnsupported),
        (r#"{"alg":"dir","enc":"A256GCM","enc":"A256GCM"}"#, Code::JsonDuplicateMember),
    ] {
        assert_eq!(refusal(&token(header)).code(), code, "{header}");
    }
    for (header, code, text) in [
        (
            r#"{"alg":"A256KW","enc":"A256GCM"}"#,
            Code::AlgNotAllowed,
            "The algorithm is not the one of the configured key. At header/alg. Expected dir. Got A256KW.",
        ),
        (
            r#"{"alg":"dir","enc":"A128GCM"}"#,
            Code::EncNotAllowed,
            "The token's content encryption (enc) is not the configured one. At header/enc. Expected A256GCM. Got A128GCM.",
        ),
    ] {
        let error = open(&token(header)).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (code, text));
    }
    // Each half is that of a key, but not of one and the same.
    let wrap = r#"{"key":"AAAAAAAAAAAAAAAAAAAAAQ","encoding":"base64url","alg":"A128KW","enc":"A128GCM"}"#;
    let keys = [a256gcm(), decrypt_key(wrap).unwrap()];
    let mixed = decrypt(&token(r#"{"alg":"dir","enc":"A128GCM"}"#), &keys);
    let error = mixed.err().unwrap();
    let detail = error.detail().unwrap();
    let expected = detail.expected.as_deref();
    assert_eq!((error.code(), expected), (Code::EncNotAllowed, Some("A256GCM")), "of two keys");
}

#[test]
fn t40_the_form_must_be_the_configured_one() {
    let plain = signed(r#"{"alg":"HS256"}"#, b"{}");
    let nested = encrypted(plain.as_bytes(), Some("JWT"));
    let open =
        |token: &str, keys: &[DecryptKey], encryption| nested::open(token, keys, encryption, &[hs256()]);
    assert_code("readable", open(&plain, &[a256gcm()], Encryption::Require), Code::EncryptionRequired);
    assert_code("encrypted", open(&nested, &[a256gcm()], Encryption::Off), Code::EncryptionUnexpected);
    assert_code("no key", open(&nested, &[], Encryption::Accept), Code::EncryptionUnexpected);
    assert!(open(&plain, &[], Encryption::Off).is_ok());
    assert!(open(&nested, &[a256gcm()], Encryption::Accept).unwrap().encrypted);
    assert_code("JWS as JWE", decrypt(&plain, &[a256gcm()]), Code::TokenSegments);
    assert_code("JWE as JWS", common::verify(&nested, &[hs256()]), Code::AlgNotAllowed);
}

#[test]
fn t41_what_is_not_signed_inside_is_refused() {
    let plain = signed(r#"{"alg":"HS256"}"#, b"{}");
    for (case, inner, code) in [
        ("claims without signature", br#"{"sub":"x"}"#.to_vec(), Code::JweWithoutJws),
        ("an unsigned token", b"eyJhbGciOiJub25lIn0.e30.".to_vec(), Code::AlgNone),
        ("another JWE", encrypted(plain.as_bytes(), None).into_bytes(), Code::JweWithoutJws),
        ("nothing", Vec::new(), Code::JweWithoutJws),
        ("words", b"hello world".to_vec(), Code::JweWithoutJws),
        ("two parts", b"e30.e30".to_vec(), Code::JweWithoutJws),
        ("bytes", vec![0xff; 40], Code::JweWithoutJws),
        ("another signature", format!("{}A", &plain[..plain.len() - 1]).into_bytes(), Code::SignatureInvalid),
        ("another algorithm", signed(r#"{"alg":"HS512"}"#, b"{}").into_bytes(), Code::AlgNotAllowed),
        ("an extension", signed(r#"{"alg":"HS256","crit":[]}"#, b"{}").into_bytes(), Code::CritUnsupported),
    ] {
        assert_code(case, open(&encrypted(&inner, None)), code);
    }
    let error = open(&encrypted(signed(r#"{"alg":"HS512"}"#, b"{}").as_bytes(), None)).unwrap_err();
    assert_eq!(error.detail().unwrap().at.as_deref(), Some("inner header/alg"));
    // A place in the settings is none in the inner token.
    let k = base64url::encode(SECRET.as_bytes());
    let sources = ["active", "revoked"].map(|status| {
        let set = format!(r#"{{"keys":[{{"kty":"oct","kid":"{status}","k":"{k}"}}]}}"#);
        source(&format!(r#"{{"method":"jwks","keys":{set},"status":"{status}"}}"#)).unwrap()
    });
    let token = encrypted(signed(r#"{"alg":"HS256","kid":"active"}"#, b"{}").as_bytes(), None);
    let error = nested::open(&token, &[a256gcm()], Encryption::Require, &sources).unwrap_err();
    let place = error.detail().unwrap().at.as_deref();
    assert_eq!((error.code(), place), (Code::KeyRevoked, Some("/verify")));
}

#[test]
fn t42_the_outer_header_must_not_contradict_the_inner_token() {
    let inner = signed(r#"{"alg":"HS256"}"#, br#"{"iss":"https://a.example","aud":["a","b"]}"#);
    for cty in [None, Some("JWT"), Some("jwt"), Some("application/jwt")] {
        assert!(open(&encrypted(inner.as_bytes(), cty)).is_ok(), "{cty:?}");
    }
    for cty in ["JWE", "json", "", "application/json"] {
        assert_code(cty, open(&encrypted(inner.as_bytes(), Some(cty))), Code::JweWithoutJws);
    }
    let with_copy = |copy: &str| {
        let header = base64url::encode(format!(r#"{{"alg":"dir","enc":"A256GCM",{copy}}}"#).as_bytes());
        let key = aes_gcm::Aes256Gcm::new_from_slice(b"a decryption key of 32 bytes, ok").unwrap();
        let payload = aes_gcm::aead::Payload { msg: inner.as_bytes(), aad: header.as_bytes() };
        let sealed = key.encrypt(&[7; 12].into(), payload).unwrap();
        let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
        let encode = base64url::encode;
        format!("{header}..{}.{}.{}", encode(&[7; 12]), encode(ciphertext), encode(tag))
    };
    use aes_gcm::{KeyInit, aead::Aead};
    assert!(open(&with_copy(r#""iss":"https://a.example","aud":["a","b"]"#)).is_ok());
    for (copy, at) in [
        (r#""iss":"https://b.example""#, "header/iss"),
        (r#""sub":"x""#, "header/sub"),
        (r#""aud":"a""#, "header/aud"),
    ] {
        let error = open(&with_copy(copy)).unwrap_err();
        assert_eq!(
            (error.code(), error.detail().unwrap().at.as_deref()),
            (Code::HeaderInvalid, Some(at)),
            "{copy}"
        );
    }
}

#[test]
fn keys_rotate_and_revoked_ones_decrypt_nothing() {
    let key = |status: &str| {
        decrypt_key(&format!(
            r#"{{"key":"a decryption key of 32 bytes, ok","encoding":"utf8","alg":"dir","enc":"A256GCM","status":"{status}","id":"x"}}"#
        ))
        .unwrap()
    };
    let other = decrypt_key(
        r#"{"key":"another key of exactly 32 bytes!","encoding":"utf8","alg":"dir","enc":"A256GCM"}"#,
    )
    .unwrap();
    let small =
        decrypt_key(r#"{"key":"sixteen bytes ok","encoding":"utf8","alg":"dir","enc":"A128GCM"}"#).unwrap();
    let token = encrypted(b"x", None);
    assert!(decrypt(&token, &[small.clone(), other.clone(), key("retiring")]).is_ok());
    assert_code("revoked", decrypt(&token, &[other, key("revoked")]), Code::DecryptionFailed);
    assert_code("all revoked", decrypt(&token, &[key("revoked")]), Code::EncryptionUnexpected);
    let list = |count: usize| {
        let one = r#"{"key":"sixteen bytes ok","encoding":"utf8","alg":"dir","enc":"A128GCM"}"#;
        DecryptKey::list_from_settings(
            &common::value(&format!("[{}]", vec![one; count].join(","))),
            "/decrypt",
        )
    };
    assert_eq!(list(8).unwrap()[7].place(), "/decrypt/7");
    assert_code("nine", list(9), Code::SettingsInvalid);
    assert_code("none", list(0), Code::KeysMissing);
}

#[test]
fn faults_of_settings_are_named_with_their_place() {
    for (text, code, at) in [
        (r#"{"key":"x","encoding":"utf8","enc":"A256GCM"}"#, Code::SettingsInvalid, "/decrypt/alg"),
        (r#"{"key":"x","encoding":"utf8","alg":"dir"}"#, Code::SettingsInvalid, "/decrypt/enc"),
        (
            r#"{"key":"x","encoding":"utf8","alg":"direct","enc":"A256GCM"}"#,
            Code::SettingsInvalid,
            "/decrypt/alg",
        ),
        (r#"{"key":"x","encoding":"utf8","alg":"RSA1_5","enc":"A256GCM"}"#, Code::AlgRefused, "/decrypt/alg"),
        (r#"{"key":"x","encoding":"utf8","alg":"A256KW","enc":"A256GCM"}"#, Code::KeySize, "/decrypt/key"),
        (r#"{"key":"x","encoding":"utf8","alg":"dir","enc":"A256CBC-HS512"}"#, Code::KeySize, "/decrypt/key"),
        (
            r#"{"key":"x","encoding":"utf8","alg":"ECDH-ES","enc":"A256GCM"}"#,
            Code::SettingsInvalid,
            "/decrypt/encoding",
        ),
        (r#"{"key":"x","alg":"RSA-OAEP","enc":"A256GCM"}"#, Code::KeyInvalid, "/decrypt/key"),
        (r#"{"key":"x","encoding":"utf8","alg":"dir","enc":"A256"}"#, Code::SettingsInvalid, "/decrypt/enc"),
        (r#"{"encoding":"utf8","alg":"dir","enc":"A256GCM"}"#, Code::KeyInvalid, "/decrypt/key"),
        (r#"{"key":"x","alg":"dir","enc":"A256GCM"}"#, Code::KeyEncodingMissing, "/decrypt/encoding"),
        (
            r#"{"key":"x","encoding":"hex","alg":"dir","enc":"A256GCM"}"#,
            Code::KeyEncodingInvalid,
            "/decrypt/key",
        ),
        (
            r#"{"key":"x","encoding":"utf8","alg":"dir","enc":"A256GCM","kid":"x"}"#,
            Code::SettingsUnknown,
            "/decrypt/kid",
        ),
        (
            r#"{"key":{"kty":"oct","k":"AAAA","use":"sig"},"alg":"dir","enc":"A256GCM"}"#,
            Code::KeyUse,
            "/decrypt/key/use",
        ),
        (
            r#"{"key":{"kty":"oct","k":"AAAA","alg":"HS256"},"alg":"dir","enc":"A256GCM"}"#,
            Code::KeyUse,
            "/decrypt/key/alg",
        ),
        (
            r#"{"key":{"kty":"oct","k":"AAAA","key_ops":["sign"]},"alg":"dir","enc":"A256GCM"}"#,
            Code::KeyUse,
            "/decrypt/key/key_ops",
        ),
        (r#"{"key":{"kty":"oct","k":"AAAA"},"alg":"dir","enc":"A256GCM"}"#, Code::KeySize, "/decrypt/key"),
    ] {
        let error = decrypt_key(text).unwrap_err();
        let place = error.detail().and_then(|detail| detail.at.clone()).unwrap_or_default();
        assert_eq!((error.code(), place.as_str()), (code, at), "{text}: {error}");
    }
    for (enc, bytes) in [("A128GCM", 16), ("A192GCM", 24), ("A256GCM", 32)] {
        for wrong in [bytes - 1, bytes + 1, 0] {
            let hex = "5a".repeat(wrong);
            let error =
                decrypt_key(&format!(r#"{{"key":"{hex}","encoding":"hex","alg":"dir","enc":"{enc}"}}"#))
                    .unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "A key has the wrong size for its algorithm. At /decrypt/key. Expected {bytes} bytes for {enc}. Got {wrong} bytes."
                )
            );
        }
    }
}

#[test]
fn one_secret_serves_one_purpose() {
    let shared =
        decrypt_key(&format!(r#"{{"key":"{SECRET}","encoding":"utf8","alg":"dir","enc":"A256GCM"}}"#))
            .unwrap();
    let error = nested::check_keys(&[a256gcm(), shared], &[hs256()]).unwrap_err();
    assert_eq!(error.code(), Code::KeyShared);
    assert_eq!(error.detail().unwrap().at.as_deref(), Some("/decrypt/key"));
    assert!(nested::check_keys(&[a256gcm()], &[hs256()]).is_ok());
}
