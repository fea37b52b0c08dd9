//! Private keys in PKCS #8: which versions and members are read, and which words refuse the rest. Each key is written here, byte
//! by byte.
#![allow(clippy::unwrap_used)] // A test may stop.

use crate::common::decrypt_key;
use handstamp::{
    jose::{
        base64url,
        primitives::{agreement::EcPrivateKey, curve::Curve},
    },
    secret::Secret,
};
use serde_json::json;

const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const SECP256K1: &[u8] = &[0x2b, 0x81, 4, 0, 10];
const X25519: &[u8] = &[0x2b, 0x65, 0x6e];

/// An element of DER.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u8::try_from(content.len()).unwrap();
    let head = if length < 128 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [head, content].concat()
}

fn number(value: u8) -> Vec<u8> {
    element(2, &[&[value]])
}

/// A public point as the content of a BIT STRING.
fn point(private: u8) -> Vec<u8> {
    let key = EcPrivateKey::new(Curve::P256, Secret::new([private; 32]), None).unwrap();
    [&[0], key.point().sec1()].concat()
}

/// An ECPrivateKey (RFC 5915 section 3) with what follows the number.
fn ec(version: u8, more: &[&[u8]]) -> Vec<u8> {
    element(0x30, &[&number(version), &element(4, &[&[7; 32]]), &more.concat()])
}

/// A PrivateKeyInfo (RFC 5208) or OneAsymmetricKey (RFC 5958) with what follows the key.
fn info(version: u8, algorithm: &[&[u8]], key: &[u8], more: &[&[u8]]) -> Vec<u8> {
    let algorithm = algorithm.iter().map(|identifier| element(6, &[identifier])).collect::<Vec<_>>().concat();
    element(0x30, &[&number(version), &element(0x30, &[&algorithm]), &element(4, &[key]), &more.concat()])
}

/// The words that refuse a private key in PEM.
fn refusal(label: &str, der: &[u8]) -> Option<String> {
    let body = base64url::encode(der).replace('-', "+").replace('_', "/");
    let pem = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
    let setting = json!({ "key": pem, "alg": "ECDH-ES", "enc": "A256GCM" });
    decrypt_key(&setting.to_string()).err().map(|error| error.to_string())
}

#[test]
fn pkcs8_is_read_in_both_versions_with_what_each_may_hold() {
    let plain = ec(1, &[]);
    let attributes = element(0xa0, &[&element(0x30, &[])]);
    let public = element(0x81, &[&point(7)]);
    let curve = element(0xa0, &[&element(6, &[P256])]);
    let own = element(0xa1, &[&element(3, &[&point(7)])]);
    let invalid =
        |at: &str, expected: &str| Some(format!("A key is not valid. At {at}. Expected {expected}."));
    let no_info = || invalid("/decrypt/key", "a PKCS#8 PrivateKeyInfo");
    let no_key = || invalid("/decrypt/key", "an ECPrivateKey");
    let wrong = |expected: &str, got: &str| {
        let says = "A key has the wrong type for its algorithm.";
        Some(format!("{says} At /decrypt/key. Expected {expected}. Got {got}."))
    };
    let of = |version, key: &[u8], more: &[&[u8]]| info(version, &[EC, P256], key, more);
    for (case, der, expected) in [
        ("version 0", of(0, &plain, &[]), None),
        ("attributes", of(0, &plain, &[&attributes]), None),
        ("a public half", of(1, &plain, &[&public]), None),
        ("attributes and a public half", of(1, &plain, &[&attributes, &public]), None),
        ("version 1 without its public half", of(1, &plain, &[]), no_info()),
        ("version 0 with a public half", of(0, &plain, &[&public]), no_info()),
        ("version 2", of(2, &plain, &[&public]), no_info()),
        ("something behind", of(1, &plain, &[&public, &attributes]), no_info()),
        ("the curve inside", of(0, &ec(1, &[&curve]), &[]), None),
        ("the point inside", of(0, &ec(1, &[&own]), &[]), None),
        ("curve and point inside", of(0, &ec(1, &[&curve, &own]), &[]), None),
        (
            "the point of another key",
            of(0, &ec(1, &[&curve, &element(0xa1, &[&element(3, &[&point(8)])])]), &[]),
            invalid("/decrypt/key/d", "the private key of this public key"),
        ),
        (
            "two points in one",
            of(0, &ec(1, &[&element(0xa1, &[&element(3, &[&point(7)]), &number(1)])]), &[]),
            no_key(),
        ),
        ("version 0 inside", of(0, &ec(0, &[]), &[]), no_key()),
        (
            "another curve",
            info(0, &[EC, SECP256K1], &plain, &[]),
            wrong("P-256, P-384 or P-521", "a different curve"),
        ),
        (
            "another kind",
            info(0, &[X25519], &element(4, &[&[7; 32]]), &[]),
            wrong(
                "an RSA key, or a key on P-256, P-384 or P-521",
                "a key with the object identifier 1.3.101.110",
            ),
        ),
    ] {
        assert_eq!(refusal("PRIVATE KEY", &der), expected, "{case}");
    }
}

#[test]
fn a_pem_key_under_another_label_is_refused_by_its_name() {
    let der = info(0, &[EC, P256], &ec(1, &[]), &[]);
    for label in ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE"] {
        let says = "A key has the wrong type for its algorithm. At /decrypt/key.";
        let expected = format!("{says} Expected a private key. Got a public key.");
        assert_eq!(refusal(label, &der), Some(expected), "{label}");
    }
    for (label, got) in [
        ("RSA PRIVATE KEY", "RSA PRIVATE KEY (PKCS#1)"),
        ("EC PRIVATE KEY", "EC PRIVATE KEY (SEC 1)"),
        ("EC PARAMETERS", "EC PRIVATE KEY (SEC 1)"),
        ("ENCRYPTED PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
        ("OPENSSH PRIVATE KEY", "OPENSSH PRIVATE KEY"),
        ("DSA PRIVATE KEY", "another label"),
    ] {
        let expected = "PRIVATE KEY (PKCS#8, not encrypted) in the first line, as `openssl pkcs8 -topk8 -nocrypt` writes it";
        let expected = format!("A key is not valid. At /decrypt/key. Expected {expected}. Got {got}.");
        assert_eq!(refusal(label, &der), Some(expected), "{label}");
    }
}
