//! The checks before WebCrypto computes, and the operation that it is then given. Hosts differ in the keys and
//! signatures that they refuse; one that is refused here never reaches a host.

use super::abilities::{Handover, Operation, Work};
use crate::jose::{
    algorithm::{
        Content, Signature, agreement,
        curve::{Curve, Point},
        eddsa,
        material::Material,
        rsa,
        rsa_private::RsaPrivateKey,
    },
    base64url,
};
use crate::json::{Object, Value};
use alloc::string::String;
use sha2::{Digest, Sha256};

/// Describes a verification, to choose between module and host.
pub(in crate::jose) fn work(alg: Signature, material: &Material, message: &[u8]) -> Work {
    let name = match material {
        Material::Secret(_) if alg.hash_bytes() == 32 => "HMAC SHA-256",
        Material::Secret(_) => "HMAC SHA-512",
        Material::Rsa(_) if is_pss(alg) => "RSA-PSS",
        Material::Rsa(_) => "RSASSA-PKCS1-v1_5",
        Material::Ec(key) if key.is_prepared() => "ECDSA prepared",
        Material::Ec(_) => "ECDSA",
        Material::Ed25519(_) => "Ed25519",
    };
    Work { name, bytes: message.len() }
}

/// Returns the ID that binds the answer of a verification to its question, without preparing it.
pub(in crate::jose) fn id(alg: Signature, material: &Material, message: &[u8], signature: &[u8]) -> String {
    let mut hash = Sha256::new().chain_update(alg.name());
    let mut add = |part: &[u8]| {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    };
    match material {
        Material::Secret(_) => {}
        Material::Rsa(key) => {
            add(key.modulus());
            add(key.exponent());
        }
        Material::Ec(key) => add(key.point().sec1()),
        Material::Ed25519(key) => add(key.as_bytes()),
    }
    add(signature);
    add(message);
    base64url::encode(&hash.finalize())
}

/// The outcome of the checks before a verification.
pub(in crate::jose) enum Precheck {
    /// They have refused.
    Refused,
    /// Hosts differ in this.
    Never,
    /// The host may compute: an operation of this name.
    Passed(&'static str),
}

/// Makes every check of a signature that decides a verdict, but for computing it.
pub(in crate::jose) fn check(alg: Signature, material: &Material, signature: &[u8]) -> Precheck {
    let (name, good) = match material {
        Material::Secret(_) => ("HMAC", signature.len() == alg.hash_bytes()),
        Material::Rsa(key) if !usual(key) => return Precheck::Never,
        Material::Rsa(key) => {
            let name = if is_pss(alg) { "RSA-PSS" } else { "RSASSA-PKCS1-v1_5" };
            (name, signature.len() == key.modulus().len() && signature < key.modulus())
        }
        Material::Ec(key) => {
            let curve = key.point().curve();
            let name = match curve {
                Curve::P256 => "ECDSA P-256",
                Curve::P384 => "ECDSA P-384",
                Curve::P521 => "ECDSA P-521",
            };
            let halves = signature.split_at_checked(curve.bytes());
            (name, halves.is_some_and(|(r, s)| curve.is_scalar(r) && curve.is_scalar(s)))
        }
        Material::Ed25519(_) => ("Ed25519", eddsa::is_canonical(signature)),
    };
    if good { Precheck::Passed(name) } else { Precheck::Refused }
}

/// The row of the table for a content, where a host may decrypt it: AES-GCM, but not with 192 bits, which Chromium
/// has not. `own` says whether the key has to be imported for this token alone.
pub(in crate::jose) fn decryption(content: Content, ciphertext: &[u8], own: bool) -> Option<Work> {
    let name = if own { "AES-GCM, own key" } else { "AES-GCM" };
    let usual = [Content::A128GCM, Content::A256GCM].contains(&content);
    usual.then_some(Work { name, bytes: ciphertext.len() })
}

/// The algorithm as WebCrypto takes it.
pub(in crate::jose) fn algorithm(alg: Signature, material: &Material) -> Object {
    let hash = match alg.hash_bytes() {
        32 => "SHA-256",
        48 => "SHA-384",
        _ => "SHA-512",
    };
    let mut algorithm = Object::new();
    match material {
        Material::Secret(_) => {
            algorithm.set("name", "HMAC");
            algorithm.set("hash", hash);
        }
        Material::Rsa(_) => {
            algorithm.set("name", if is_pss(alg) { "RSA-PSS" } else { "RSASSA-PKCS1-v1_5" });
            algorithm.set("hash", hash);
            if is_pss(alg) {
                algorithm.set_some("saltLength", i64::try_from(alg.hash_bytes()).ok());
            }
        }
        Material::Ec(key) => {
            algorithm.set("name", "ECDSA");
            algorithm.set("namedCurve", key.point().curve().name());
            algorithm.set("hash", hash);
        }
        Material::Ed25519(_) => algorithm.set("name", "Ed25519"),
    }
    algorithm
}

/// Prepares the verification of a signature over a signing input; none with a shared secret, which no operation holds.
pub(in crate::jose) fn verification(
    alg: Signature,
    material: &Material,
    message: &[u8],
    signature: &[u8],
) -> Handover {
    match check(alg, material, signature) {
        Precheck::Refused => return Handover::Refused,
        Precheck::Never => return Handover::Never,
        Precheck::Passed(_) => {}
    }
    let Some(key) = material.to_jwk() else { return Handover::Never };
    let Ok(text) = core::str::from_utf8(message) else { return Handover::Refused };
    let mut more = Object::new();
    more.set("data", text);
    more.set("signature", base64url::encode(signature));
    Handover::Operation(Operation { kind: "verify", algorithm: algorithm(alg, material), key, more })
}

fn is_pss(alg: Signature) -> bool {
    alg.name().starts_with("PS")
}

/// Prepares an agreement with the sender.
pub(in crate::jose) fn agreement(ours: &agreement::EcPrivateKey, theirs: &Point) -> Handover {
    let curve = theirs.curve();
    let mut algorithm = Object::new();
    algorithm.set("name", "ECDH");
    algorithm.set("namedCurve", curve.name());
    let mut key = ours.point().to_jwk();
    key.set("d", base64url::encode(ours.scalar().expose()));
    let mut more = Object::new();
    more.set("public", theirs.to_jwk());
    more.set_some("bits", i64::try_from(curve.bytes().saturating_mul(8)).ok());
    Handover::Operation(Operation { kind: "deriveBits", algorithm, key, more })
}

/// Prepares the decryption of a content key.
pub(in crate::jose) fn unwrapping(ours: &RsaPrivateKey, hash: &str, wrapped: &[u8]) -> Handover {
    if !usual(ours.public()) {
        return Handover::Never;
    }
    if wrapped.len() != ours.public().modulus().len() || wrapped >= ours.public().modulus() {
        return Handover::Refused;
    }
    let mut algorithm = Object::new();
    algorithm.set("name", "RSA-OAEP");
    algorithm.set("hash", hash);
    let mut more = Object::new();
    more.set("data", Value::String(base64url::encode(wrapped)));
    Handover::Operation(Operation { kind: "decrypt", algorithm, key: private_jwk(ours), more })
}

/// Prepares our signature by RS256.
pub(in crate::jose) fn signing(ours: &RsaPrivateKey, message: &str) -> Handover {
    if !usual(ours.public()) {
        return Handover::Never;
    }
    let mut algorithm = Object::new();
    algorithm.set("name", "RSASSA-PKCS1-v1_5");
    algorithm.set("hash", "SHA-256");
    let mut more = Object::new();
    more.set("data", message);
    Handover::Operation(Operation { kind: "sign", algorithm, key: private_jwk(ours), more })
}

fn private_jwk(ours: &RsaPrivateKey) -> Object {
    let mut key = ours.public().to_jwk();
    for (name, number) in ours.numbers() {
        key.set(name, base64url::encode(number.expose()));
    }
    key
}

/// Whether every host takes the key: some refuse other exponents than these two.
pub(in crate::jose) fn usual(key: &rsa::RsaPublicKey) -> bool {
    matches!(key.exponent(), [3] | [1, 0, 1])
}
