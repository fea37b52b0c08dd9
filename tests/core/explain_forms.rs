//! What a report says of signatures and secrets in a wrong form: the form is the cause, not the key.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::{
    common::signed_with,
    explained::{
        CLAIMS, MadeKey, NOW, Rsa, SECRET, base64, encode, got, hexadecimal, input, one, pkcs1_encoding,
        pss_encoding, refused, settings, shared,
    },
};
use handstamp::{
    explain::{Status, Verdict, explain},
    jose::base64url,
};
use serde_json::json;
use sha2::{Digest, Sha256, Sha384, Sha512};

#[test]
fn an_hmac_as_text_or_of_another_hash_is_named() {
    let header = r#"{"alg":"HS256"}"#;
    let ours = shared(SECRET, "HS256");
    let good = signed_with(SECRET, header.as_bytes(), CLAIMS.as_bytes());
    let (input, mac) = good.rsplit_once('.').unwrap();
    let mac = base64url::decode(mac).unwrap();
    for (part, words) in [
        (
            encode(hexadecimal(&mac)),
            "64 bytes, in hexadecimal, then in base64url; it matches once it is decoded",
        ),
        (
            encode(hexadecimal(&mac).to_uppercase()),
            "64 bytes, in hexadecimal, then in base64url; it matches once",
        ),
        (encode(encode(&mac)), "43 bytes, in base64"),
        (encode(base64(&mac)), "44 bytes, in base64, then in base64url; it matches once it is decoded"),
        (hexadecimal(&mac), "48 bytes, in hexadecimal; it matches once it is decoded"),
        (
            encode(hexadecimal(&[7; 32])),
            "64 bytes, in hexadecimal, then in base64url; it does not match either",
        ),
    ] {
        let report = refused(&ours, &format!("{input}.{part}"), "signature_encoded");
        assert!(
            got(&report, "signature_encoded").starts_with(words),
            "{}",
            got(&report, "signature_encoded")
        );
        assert_eq!(one(&report, "sub").status, Status::Pass, "the claims are still read");
    }
    macro_rules! mac {
        ($hash:ident) => {{
            use hmac::{Hmac, KeyInit, Mac};
            encode(
                Hmac::<sha2::$hash>::new_from_slice(SECRET)
                    .unwrap()
                    .chain_update(input)
                    .finalize()
                    .into_bytes(),
            )
        }};
    }
    for (part, alg) in [(mac!(Sha384), "HS384"), (mac!(Sha512), "HS512")] {
        let report = refused(&ours, &format!("{input}.{part}"), "signature_other_algorithm");
        assert_eq!(got(&report, "signature_other_algorithm"), alg);
    }
    // Of another secret, the length alone says which hash it was, or that it was cut.
    let report = refused(&ours, &format!("{input}.{}", encode([0x80; 64])), "signature_length");
    assert_eq!(got(&report, "signature_length"), "64 bytes, that of HS512");
    refused(&ours, &format!("{input}.{}", encode([0x80; 33])), "signature_length");
    refused(&ours, &format!("{input}.{}", encode([0x80; 31])), "token_truncated");
    refused(&ours, &format!("{input}.{}", encode([0x80; 32])), "secret_mismatch");
}

#[test]
fn an_ecdsa_signature_without_leading_zeros_is_named() {
    use p256::ecdsa::{Signature, SigningKey, signature::Signer};
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = (encode(&point.as_bytes()[1..33]), encode(&point.as_bytes()[33..]));
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
    let ours = settings(&json!({ "method": "publicKey", "alg": "ES256", "key": jwk }), json!({}));
    let (mut of_r, mut of_s) = (0, 0);
    for index in 0..2000 {
        if of_r > 0 && of_s > 0 {
            break;
        }
        let input = input(&format!(r#"{{"alg":"ES256","x":{index}}}"#));
        let signature: Signature = key.sign(input.as_bytes());
        let bytes = signature.to_bytes();
        let (r, s) = bytes.split_at(32);
        for (count, part) in [(&mut of_r, [&r[1..], s].concat()), (&mut of_s, [r, &s[1..]].concat())] {
            let zero = if part[..31] == r[1..] { r[0] } else { s[0] };
            if zero == 0 {
                let report = refused(&ours, &format!("{input}.{}", encode(&part)), "signature_unpadded");
                assert_eq!(got(&report, "signature_unpadded"), "63 bytes, which match once they are padded");
                *count += 1;
            } else if index == 0 {
                refused(&ours, &format!("{input}.{}", encode(&part)), "token_truncated");
            }
        }
        if index == 0 {
            refused(&ours, &format!("{input}.{}", encode(hexadecimal(&bytes))), "signature_encoded");
            refused(&ours, &format!("{input}.{}", encode([&bytes[..], &[1]].concat())), "signature_length");
            let (r, s) = bytes.split_at(32);
            refused(&ours, &format!("{input}.{}", encode([s, r].concat())), "signature_encoded");
            let backwards = |half: &[u8]| half.iter().rev().copied().collect::<Vec<u8>>();
            let turned = [backwards(r), backwards(s)].concat();
            refused(&ours, &format!("{input}.{}", encode(turned)), "signature_encoded");
            let zeros = [&[0], r, &[0], s].concat();
            refused(&ours, &format!("{input}.{}", encode(zeros)), "signature_unpadded");
            let report = refused(&ours, &format!("{input}.{}", encode([7; 96])), "signature_length");
            assert_eq!(got(&report, "signature_length"), "96 bytes, that of a P-384 key");
        }
    }
    assert!(of_r > 0 && of_s > 0, "{of_r} {of_s}");
}

const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];

#[test]
fn an_rsa_signature_of_another_kind_is_named() {
    let rsa = Rsa::new();
    let token = |alg: &str, sign: &dyn Fn(&[u8]) -> Vec<u8>| {
        let input = input(&format!(r#"{{"alg":"{alg}"}}"#));
        format!("{input}.{}", encode(sign(input.as_bytes())))
    };
    let pkcs1 = |message: &[u8]| rsa.pkcs1(&SHA256_INFO, &Sha256::digest(message));
    let pss = |message: &[u8]| rsa.pss::<Sha256>(message, &[5; 32]);
    for (alg, sign) in [("RS256", &pkcs1 as &dyn Fn(&[u8]) -> Vec<u8>), ("PS256", &pss)] {
        let report = explain(&rsa.settings(alg), &token(alg, sign), Some("100001"), NOW);
        assert_eq!(report.verdict(), Verdict::Accepted, "{alg}: the test signs well");
    }
    // RS and PS exchanged, and another hash.
    for (alg, sign, other) in [
        ("RS256", &pss as &dyn Fn(&[u8]) -> Vec<u8>, "PS256"),
        ("PS256", &pkcs1, "RS256"),
        ("RS384", &pkcs1, "RS256"),
        ("PS512", &pss, "PS256"),
    ] {
        let report = refused(&rsa.settings(alg), &token(alg, sign), "signature_other_algorithm");
        let check = one(&report, "signature_other_algorithm");
        assert_eq!((check.expected.as_deref(), check.got.as_deref()), (Some(alg), Some(other)));
    }
    for (bytes, words) in [(0, "0 bytes"), (20, "20 bytes"), (222, "222 bytes")] {
        let salted = |message: &[u8]| rsa.pss::<Sha256>(message, &vec![5; bytes]);
        let report = refused(&rsa.settings("PS256"), &token("PS256", &salted), "signature_salt");
        assert_eq!(got(&report, "signature_salt"), format!("PSS with SHA-256 and a salt of {words}"));
    }
    let salted = |message: &[u8]| rsa.pss::<Sha384>(message, &[5; 20]);
    let report = refused(&rsa.settings("PS384"), &token("PS384", &salted), "signature_salt");
    assert_eq!(got(&report, "signature_salt"), "PSS with SHA-384 and a salt of 20 bytes");
    let sha1 = [0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 0x14];
    let md5 = [0x30, 0x20, 0x30, 0x0c, 6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5, 5, 0, 4, 0x10];
    for (info, hash, name) in [(&sha1[..], &[9; 20][..], "SHA-1"), (&md5, &[9; 16], "MD5")] {
        let report =
            refused(&rsa.settings("RS256"), &token("RS256", &|_| rsa.pkcs1(info, hash)), "signature_hash");
        assert_eq!(got(&report, "signature_hash"), format!("PKCS #1 v1.5 with {name}"));
    }
    let text = |message: &[u8]| hexadecimal(&pkcs1(message)).into_bytes();
    refused(&rsa.settings("RS256"), &token("RS256", &text), "signature_encoded");
    let text = |message: &[u8]| base64(&pkcs1(message)).into_bytes();
    refused(&rsa.settings("RS256"), &token("RS256", &text), "signature_encoded");
    for (bytes, first, words) in [
        (384, "signature_length", "384 bytes, that of an RSA key of 3072 bits"),
        (128, "signature_length", "128 bytes, that of an RSA key of 1024 bits"),
        (257, "signature_length", "257 bytes"),
        (255, "token_truncated", "255 bytes"),
    ] {
        let report = refused(&rsa.settings("RS256"), &token("RS256", &|_| vec![0x80; bytes]), first);
        assert_eq!(got(&report, first), words);
    }
    let bare = |message: &[u8]| rsa.pkcs1(&[], &Sha256::digest(message));
    refused(&rsa.settings("RS256"), &token("RS256", &bare), "signature_hash");
    // The key is right, and the text is another.
    let other = |_: &[u8]| pkcs1(b"another text");
    refused(&rsa.settings("RS256"), &token("RS256", &other), "signed_text_changed");
    let other = |_: &[u8]| pss(b"another text");
    refused(&rsa.settings("PS256"), &token("PS256", &other), "signed_text_changed");
    // Nothing of it is right: then it is the key.
    refused(&rsa.settings("RS256"), &token("RS256", &|_| vec![0x40; 256]), "public_key_mismatch");
}

/// Each algorithm's encoding of another text is told from a signature of another key.
#[test]
fn an_rsa_signature_of_another_text_is_named_for_every_algorithm() {
    let sha512_info = [0x30, 0x51, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40];
    let other = b"another text";
    for (alg, encoding) in [
        ("RS256", pkcs1_encoding(&SHA256_INFO, &Sha256::digest(other))),
        ("RS512", pkcs1_encoding(&sha512_info, &Sha512::digest(other))),
        ("PS256", pss_encoding::<Sha256>(other, &[5; 32], 2048)),
        ("PS384", pss_encoding::<Sha384>(other, &[5; 48], 2048)),
        ("PS512", pss_encoding::<Sha512>(other, &[5; 64], 2048)),
    ] {
        let key = MadeKey::of(&encoding, 2048);
        let ours = settings(&json!({ "method": "publicKey", "alg": alg, "key": key.jwk() }), json!({}));
        let token = format!("{}.{}", input(&format!(r#"{{"alg":"{alg}"}}"#)), encode(&key.signature));
        refused(&ours, &token, "signed_text_changed");
    }
}

#[test]
fn an_ecdsa_signature_with_another_hash_is_named() {
    use p256::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner};
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = (encode(&point.as_bytes()[1..33]), encode(&point.as_bytes()[33..]));
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
    let ours = settings(&json!({ "method": "publicKey", "alg": "ES256", "key": jwk }), json!({}));
    let input = input(r#"{"alg":"ES256"}"#);
    for (hash, name) in
        [(Sha384::digest(&input).to_vec(), "SHA-384"), (Sha512::digest(&input).to_vec(), "SHA-512")]
    {
        let signature: Signature = key.sign_prehash(&hash).unwrap();
        let token = format!("{input}.{}", encode(signature.to_bytes()));
        let report = refused(&ours, &token, "signature_hash");
        assert_eq!(got(&report, "signature_hash"), format!("ECDSA with {name}"));
    }
}

#[test]
fn a_secret_in_another_form_is_named() {
    let text = "qMTb+2kPz7w/8cVnR5eYdLhJ3sXg1uFo0aWiNtBvKxE=";
    let bytes = base64url::decode(&text.replace('+', "-").replace('/', "_").replace('=', "")).unwrap();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (configured, meant, words) in [
        (format!("base64:{text}").into_bytes(), bytes.clone(), "decoded after its prefix base64:"),
        (
            bytes.clone(),
            format!("base64:{text}").into_bytes(),
            "as its base64 string with the prefix base64:",
        ),
        (
            b"a secret that people can read, in words".to_vec(),
            utf16("a secret that people can read, in words"),
            "in UTF-16",
        ),
        (
            utf16("a secret that people can read, in words"),
            b"a secret that people can read, in words".to_vec(),
            "read from UTF-16",
        ),
        (
            format!("{}\n{}", &text[..20], &text[20..]).into_bytes(),
            bytes.clone(),
            "decoded by a lenient reader of base64",
        ),
        (text.replace('+', "+!").into_bytes(), bytes, "decoded by a lenient reader of base64"),
    ] {
        let token = signed_with(&meant, br#"{"alg":"HS256"}"#, CLAIMS.as_bytes());
        let report = refused(&shared(&configured, "HS256"), &token, "secret_encoding");
        assert!(
            got(&report, "secret_encoding").starts_with(&format!("the secret {words}, of")),
            "{report:?}"
        );
    }
}
