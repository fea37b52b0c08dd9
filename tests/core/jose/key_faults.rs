//! The sentences that refuse a key: what was expected in its place, and what it is.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common::{decrypt_key, object, rows, value};
use handstamp::{
    Error,
    jose::{
        Signature, base64url,
        jwe::EncryptKey,
        key::Key,
        primitives::{agreement::EcPrivateKey, curve::Curve, read_pem},
    },
    json::Value,
    secret::Secret,
};
use serde_json::json;

const TYPE: &str = "A key has the wrong type for its algorithm.";
const INVALID: &str = "A key is not valid.";

fn ec(curve: Curve) -> serde_json::Value {
    let number = [vec![0; curve.bytes() - 1], vec![7]].concat();
    let key = EcPrivateKey::new(curve, Secret::new(number), None).unwrap();
    serde_json::from_str(&Value::from(key.point().to_jwk()).to_text()).unwrap()
}

fn rsa() -> serde_json::Value {
    json!({ "kty": "RSA", "n": base64url::encode(&[0xff; 256]), "e": "AQAB" })
}

fn ed25519() -> serde_json::Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
}

fn with(mut key: serde_json::Value, member: &str, value: serde_json::Value) -> serde_json::Value {
    key[member] = value;
    key
}

fn of(key: &serde_json::Value, alg: Signature) -> Result<Key, Error> {
    Key::from_jwk(&object(&key.to_string()), Some(alg), false)
}

#[test]
fn a_key_of_another_kind_is_named_beside_the_one_that_the_algorithm_takes() {
    let secret = json!({ "kty": "oct", "k": base64url::encode(&[7; 64]) });
    for (key, alg, expected, got) in [
        (rsa(), Signature::ES256, "a P-256 key for ES256", "an RSA key"),
        (ed25519(), Signature::RS256, "an RSA key for RS256", "an Ed25519 key"),
        (ec(Curve::P256), Signature::ES384, "a P-384 key for ES384", "a P-256 key"),
        (ec(Curve::P384), Signature::ES512, "a P-521 key for ES512", "a P-384 key"),
        (ec(Curve::P521), Signature::EDDSA, "an Ed25519 key for EdDSA", "a P-521 key"),
        (secret, Signature::PS512, "an RSA key for PS512", "a shared secret"),
        (rsa(), Signature::HS256, "a shared secret for HS256", "an RSA key"),
    ] {
        let error = of(&key, alg).unwrap_err();
        assert_eq!(error.to_string(), format!("{TYPE} Expected {expected}. Got {got}."));
    }
}

#[test]
fn a_key_that_does_not_decrypt_or_encrypt_for_the_algorithm_is_named() {
    let setting =
        |key: serde_json::Value, alg: &str| json!({ "key": key, "alg": alg, "enc": "A256GCM" }).to_string();
    let rows = rows("python/management.json", "tokens");
    let private =
        |curve: &str| rows.iter().find(|row| row["curve"] == curve).unwrap()["decrypt"]["key"].clone();
    let decrypt = |key, alg| decrypt_key(&setting(key, alg)).unwrap_err().to_string();
    let encrypt =
        |key, alg| EncryptKey::from_settings(&value(&setting(key, alg)), "/key").unwrap_err().to_string();
    for (found, at, expected, got) in [
        (decrypt(private("P-256"), "RSA-OAEP"), "/decrypt/key", "an RSA key for RSA-OAEP", "a P-256 key"),
        (
            decrypt(private("RSA"), "ECDH-ES+A128KW"),
            "/decrypt/key",
            "a P-256, P-384 or P-521 key for ECDH-ES+A128KW",
            "an RSA key",
        ),
        (encrypt(ed25519(), "RSA-OAEP-256"), "/key/key", "an RSA key for RSA-OAEP-256", "an Ed25519 key"),
        (encrypt(rsa(), "ECDH-ES"), "/key/key", "a P-256, P-384 or P-521 key for ECDH-ES", "an RSA key"),
    ] {
        assert_eq!(found, format!("{TYPE} At {at}. Expected {expected}. Got {got}."));
    }
    // The place is said once.
    assert_eq!(
        decrypt(json!(7), "ECDH-ES"),
        format!("{INVALID} At /decrypt/key. Expected a string or a JWK. Got a number.")
    );
}

/// A secret that wraps keys is for the one direction that it is asked for.
#[test]
fn a_secret_that_names_another_operation_is_refused() {
    let setting = |alg: &str, operation: &str| {
        let bytes = if alg == "dir" { 32 } else { 16 };
        let key = json!({ "kty": "oct", "k": base64url::encode(&vec![7; bytes]), "key_ops": [operation] });
        json!({ "key": key, "alg": alg, "enc": "A256GCM" }).to_string()
    };
    for (alg, operation, decrypts, encrypts) in [
        ("A128KW", "unwrapKey", true, false),
        ("A128KW", "wrapKey", false, true),
        ("A128KW", "decrypt", true, false),
        ("A128KW", "encrypt", false, true),
        ("dir", "decrypt", true, false),
        ("dir", "encrypt", false, true),
        ("dir", "unwrapKey", false, false),
        ("dir", "wrapKey", false, false),
    ] {
        let text = setting(alg, operation);
        assert_eq!(decrypt_key(&text).is_ok(), decrypts, "{alg} {operation}");
        assert_eq!(EncryptKey::from_settings(&value(&text), "/key").is_ok(), encrypts, "{alg} {operation}");
    }
}

#[test]
fn a_member_of_a_jwk_is_refused_at_its_place() {
    for (key, says) in [
        (
            with(ed25519(), "x", json!("")),
            "A key is not valid. At /x. Expected base64url. Got an empty string.",
        ),
        (with(ed25519(), "x", json!(1)), "A key is not valid. At /x. Expected a string. Got a number."),
        (
            with(ed25519(), "crv", json!("X25519")),
            "A key has the wrong type for its algorithm. At /crv. Expected Ed25519.",
        ),
        (
            with(ed25519(), "kty", json!("AKP")),
            "A key has the wrong type for its algorithm. At /kty. Expected RSA, EC, OKP or oct.",
        ),
        (
            with(ec(Curve::P256), "crv", json!("secp256k1")),
            "A key has the wrong type for its algorithm. At /crv. Expected P-256, P-384 or P-521.",
        ),
    ] {
        assert_eq!(of(&key, Signature::EDDSA).unwrap_err().to_string(), says);
    }
}

/// Some libraries write every member that a private key would have, and nothing into those of a public one.
#[test]
fn a_private_member_that_says_nothing_discloses_nothing() {
    for (value, good) in [
        (json!(null), true),
        (json!(""), true),
        (json!([]), true),
        (json!("AQ"), false),
        (json!(false), false),
    ] {
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth"] {
            let key = of(&with(rsa(), member, value.clone()), Signature::RS256);
            let says = "A private key was given where a public key is expected.";
            let refused = format!("{says} At /{member}. Expected a public key. Got a private key.");
            let expected = if good { None } else { Some(refused) };
            assert_eq!(key.err().map(|error| error.to_string()), expected, "{member} {value}");
        }
    }
}

#[test]
fn a_pem_key_is_read_by_its_label_alone() {
    let good = rows("python/keys.json", "good");
    let pem = |label: &str| {
        let mine = good.iter().map(|row| row["pem"].as_str().unwrap());
        mine.into_iter().find(|pem| pem.contains(&format!("BEGIN {label}-----"))).unwrap()
    };
    let (key, certificate) = (pem("PUBLIC KEY"), pem("CERTIFICATE"));
    assert!(read_pem(&certificate.replace("CERTIFICATE", "X509 CERTIFICATE")).is_ok());
    let labels = "PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE in the first line";
    for (text, expected) in [
        (certificate.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), labels),
        (certificate.replace("CERTIFICATE", "PKCS7"), labels),
        (key.replace("PUBLIC KEY", "DH PARAMETERS"), labels),
        (key.replace("PUBLIC KEY", "CERTIFICATE"), "an X.509 certificate"),
        (key.replace("PUBLIC KEY", "RSA PUBLIC KEY"), "an RSAPublicKey of modulus and exponent"),
        (certificate.replace("CERTIFICATE", "PUBLIC KEY"), "a SubjectPublicKeyInfo"),
    ] {
        assert_eq!(read_pem(&text).unwrap_err().to_string(), format!("{INVALID} Expected {expected}."));
    }
}
