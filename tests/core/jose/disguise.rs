//! Public keys in the place of a shared secret: every form, every encoding, every place that takes a secret.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{assert_code, decrypt_key, rows, source, value};
use handstamp::{
    Code, Error,
    jose::{Signature, base64url, jwe::EncryptKey, key::Key, primitives::read_pem},
};
use serde_json::json;

/// The public keys of the vectors, in each form, with the code that refuses it.
fn forms() -> Vec<(String, Vec<u8>, Code)> {
    let mut forms = vec![
        (
            "an XML key".to_owned(),
            b"<RSAKeyValue> <Modulus>xA7SEU+e0yQH5rm9kbCDN9o3aPIo7HbP7tX6WOocLZAtNfyxSZDU16ksL6W</Modulus></RSAKeyValue>".to_vec(),
            Code::KeyIsPublic,
        ),
        (
            "RFC 4716".to_owned(),
            b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAAC3NzaC1lZDI1NTE5AAAAIA==\n---- END SSH2 PUBLIC KEY ----".to_vec(),
            Code::KeyIsPublic,
        ),
    ];
    for row in rows("python/keys.json", "good") {
        let (case, pem) = (row["case"].as_str().unwrap(), row["pem"].as_str().unwrap());
        let mut add = |what: &str, bytes: Vec<u8>, code| forms.push((format!("{case}: {what}"), bytes, code));
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = base64url::decode(&body.replace('+', "-").replace('/', "_").replace('=', "")).unwrap();
        let jwk = handstamp::json::Value::from(read_pem(pem).unwrap().to_jwk().unwrap()).to_text();
        add("PEM", pem.as_bytes().to_vec(), Code::KeyIsPem);
        add("DER", der, Code::KeyIsPem);
        add("JWK", jwk.clone().into_bytes(), Code::KeyIsPublic);
        add("a JWK of Python", jwk.replace('"', "'").replace(':', ": ").into_bytes(), Code::KeyIsPublic);
        add("a JWK as a JSON string", json!(jwk).to_string().into_bytes(), Code::KeyIsPublic);
        let set = format!("\u{feff}{{ \"keys\" : [ {{\"kty\":\"oct\",\"k\":\"AAAA\"}}, {jwk} ] }}\n");
        add("JWK set", set.into_bytes(), Code::KeyIsPublic);
        if let Some(x) = value(&jwk).pointer("/x").and_then(handstamp::json::Value::as_str) {
            let x = base64url::decode(x).unwrap();
            if let Some(y) = value(&jwk).pointer("/y").and_then(handstamp::json::Value::as_str) {
                add("a point", [&[4][..], &x, &base64url::decode(y).unwrap()].concat(), Code::KeyIsPublic);
            }
            let name = if x.len() == 32 { "ssh-ed25519" } else { "ecdsa-sha2-nistp384" };
            let part =
                |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
            let wire = [part(name.as_bytes()), part(&x)].concat();
            add("SSH in bytes", wire.clone(), Code::KeyIsPublic);
            let line = format!("no-pty {name} {} somebody@example\n", base64(&wire));
            add("SSH", line.into_bytes(), Code::KeyIsPublic);
        }
    }
    assert!(forms.len() > 40, "{}", forms.len());
    forms
}

fn base64(bytes: &[u8]) -> String {
    let mut text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    text.extend(core::iter::repeat_n('=', (4 - text.len() % 4) % 4));
    text
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The encodings that a form travels in; the last two are of two layers.
fn encoded(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let lines =
        base64(bytes).as_bytes().chunks(64).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n");
    vec![
        ("base64", base64(bytes)),
        ("base64 in lines", lines),
        ("base64url", base64url::encode(bytes)),
        ("hexadecimal", hexadecimal(bytes)),
        ("base64 twice", base64(base64(bytes).as_bytes())),
        ("hexadecimal of base64", hexadecimal(base64(bytes).as_bytes())),
    ]
}

#[test]
fn public_key_material_is_no_secret_in_any_form_encoding_or_place() {
    let mut tried = 0;
    let mut refused = |case: &str, result: Option<Error>, at: &str, code: Code| {
        let error = result.unwrap_or_else(|| panic!("{case} is a secret"));
        assert_eq!(
            (error.code(), error.detail().and_then(|detail| detail.at.as_deref())),
            (code, Some(at)),
            "{case}"
        );
        tried += 1;
    };
    for (name, bytes, code) in forms() {
        let text = String::from_utf8(bytes.clone()).ok().map(|text| ("utf8", text));
        for (encoding, secret) in text.into_iter().chain(encoded(&bytes)) {
            let case = &format!("{name}, {encoding}");
            // The encoding that the settings name does not matter, nor that they name none.
            for said in [json!("utf8"), json!("base64"), json!("base64url"), json!("hex"), json!(null)] {
                let setting =
                    json!({"method": "symmetricKey", "alg": "HS256", "key": secret, "encoding": said});
                refused(case, source(&setting.to_string()).err(), "/verify/key", code);
            }
            let key = json!({"key": secret, "encoding": "utf8", "alg": "dir", "enc": "A256GCM"}).to_string();
            refused(case, decrypt_key(&key).err(), "/decrypt/key", code);
            refused(case, EncryptKey::from_settings(&value(&key), "/key").err(), "/key/key", code);
            let k = base64url::encode(secret.as_bytes());
            let jwk = json!({"kty": "oct", "k": k, "kid": "a"});
            let one = json!({"method": "symmetricKey", "alg": "HS256", "key": jwk});
            refused(case, source(&one.to_string()).err(), "/verify/key/k", code);
            let set = json!({"method": "jwks", "keys": {"keys": [jwk]}});
            refused(case, source(&set.to_string()).err(), "/verify/keys/keys/0/k", code);
            let key = json!({"key": jwk, "alg": "dir", "enc": "A256GCM"}).to_string();
            refused(case, decrypt_key(&key).err(), "/decrypt/key/k", code);
            assert_code(case, Key::from_secret(secret.as_bytes(), Signature::HS256, false), code);
        }
        assert_code(&name, Key::from_secret(&bytes, Signature::HS256, true), code);
    }
    assert!(tried > 2000, "{tried}");
}

/// One key of each form, as short as a secret may be, and in each encoding.
#[test]
fn a_public_key_is_refused_by_the_name_of_its_form() {
    let pem = b"-----BEGIN PUBLIC KEY-----AAAAAA";
    assert_eq!(pem.len(), 32);
    let (is_pem, is_public) =
        ("A PEM key was given as a shared secret.", "A public key was given as a shared secret.");
    for (secret, says, form) in [
        (String::from_utf8(pem.to_vec()).unwrap(), is_pem, "a PEM key"),
        (base64(pem), is_pem, "a PEM key"),
        (base64url::encode(pem), is_pem, "a PEM key"),
        (hexadecimal(pem), is_pem, "a PEM key"),
        (base64(base64(pem).as_bytes()), is_pem, "a PEM key"),
        (r#"{ "kty" : "RSA", "n" : "AQAB" }  "#.into(), is_public, "a JWK"),
        (r#"{'keys':[{'kty':'oct','k':'AAAA'},{'kty':'EC'}]}"#.into(), is_public, "a JWK"),
        (base64(br#"{"kty":"OKP","crv":"Ed25519"}    "#), is_public, "a JWK"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA".into(), is_public, "an SSH key"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA".into(), is_public, "an SSH key"),
        ("<RSAKeyValue><Modulus>xA7S</Modulus>".into(), is_public, "an XML key"),
    ] {
        let error = Key::from_secret(secret.as_bytes(), Signature::HS256, false).unwrap_err();
        assert_eq!(error.to_string(), format!("{says} Expected a shared secret. Got {form}."), "{secret}");
    }
    // No public key is shorter.
    assert_code("31 bytes", Key::from_secret(&pem[..31], Signature::HS256, false), Code::KeyTooShort);
}

/// A rule that refuses good secrets would be worse than none.
#[test]
fn secrets_that_look_a_little_like_keys_are_taken() {
    for secret in [
        "{\"kty\":\"oct\",\"k\":\"c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0\"}",
        "the word kty: in a sentence about keys",
        "ssh-rsa is what this pass phrase begins with",
        "AAAA is how a key of SSH begins, and this secret",
        "---- BEGIN of a secret that is no key ----",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE and nothing after it",
        "<Modulus> and <Exponent> stand in this secret",
        "00000000000000000000000000000000",
    ] {
        let made = Key::from_secret(secret.as_bytes(), Signature::HS256, false);
        assert!(made.is_ok(), "{secret}: {:?}", made.err());
    }
}

#[test]
fn random_secrets_are_taken() {
    let mut seed = 1_u32;
    for round in 0..20_000_u32 {
        let bytes: Vec<u8> = (0..32 + round % 200)
            .map(|index| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Half of them begin as DER, SSH or a point does.
                match (round % 8, index) {
                    (1, 0) => 0x30,
                    (2, 0) | (3, 0..3) => {
                        if round % 8 == 2 {
                            4
                        } else {
                            0
                        }
                    }
                    _ => seed.to_be_bytes()[0],
                }
            })
            .collect();
        let encoded = base64(&bytes);
        assert!(Key::from_secret(&bytes, Signature::HS256, false).is_ok(), "{encoded}");
        assert!(Key::from_secret(encoded.as_bytes(), Signature::HS256, false).is_ok(), "{encoded}");
    }
}
