//! What is checked before WebCrypto computes, and the operation it is then given. Hosts differ in what they refuse
//! at import and in verification; what is refused here never reaches one.

use super::{
    agreement,
    algorithm::Signature,
    base64url,
    curve::Point,
    eddsa,
    host::{Handover, Operation, Work},
    material::Material,
    private_key::RsaPrivateKey,
    rsa,
};
use crate::json::{Object, Value};
use alloc::string::String;
use sha2::{Digest, Sha256};

/// What a verification is, for the choice of who computes.
pub(super) fn work(alg: Signature, material: &Material, message: &[u8]) -> Work {
    let name = match material {
        Material::Secret(_) => "HMAC",
        Material::Rsa(_) if alg.name().starts_with("PS") => "RSA-PSS",
        Material::Rsa(_) => "RSASSA-PKCS1-v1_5",
        Material::Ec(key) if key.is_prepared() => "ECDSA prepared",
        Material::Ec(_) => "ECDSA",
        Material::Ed25519(_) => "Ed25519",
    };
    Work { name, bytes: message.len() }
}

/// What binds the answer of a verification to its question, without preparing it.
pub(super) fn id(alg: Signature, material: &Material, message: &[u8], signature: &[u8]) -> String {
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

/// Prepares the verification of a signature over a signing input.
pub(super) fn verification(
    alg: Signature,
    material: &Material,
    message: &[u8],
    signature: &[u8],
) -> Handover {
    let hash = match alg.hash_bytes() {
        32 => "SHA-256",
        48 => "SHA-384",
        _ => "SHA-512",
    };
    let mut algorithm = Object::new();
    let good = match material {
        Material::Secret(_) => return Handover::Never,
        Material::Rsa(key) if !usual(key) => return Handover::Never,
        Material::Rsa(key) => {
            let pss = alg.name().starts_with("PS");
            algorithm.set("name", if pss { "RSA-PSS" } else { "RSASSA-PKCS1-v1_5" });
            algorithm.set("hash", hash);
            if pss {
                algorithm.set_some("saltLength", i64::try_from(alg.hash_bytes()).ok());
            }
            signature.len() == key.modulus().len() && signature < key.modulus()
        }
        Material::Ec(key) => {
            let curve = key.point().curve();
            algorithm.set("name", "ECDSA");
            algorithm.set("namedCurve", curve.name());
            algorithm.set("hash", hash);
            let halves = signature.split_at_checked(curve.bytes());
            halves.is_some_and(|(r, s)| curve.is_scalar(r) && curve.is_scalar(s))
        }
        Material::Ed25519(_) => {
            algorithm.set("name", "Ed25519");
            eddsa::is_canonical(signature)
        }
    };
    let (true, Some(key), Ok(text)) = (good, material.to_jwk(), core::str::from_utf8(message)) else {
        return Handover::Refused;
    };
    let mut more = Object::new();
    more.set("data", text);
    more.set("signature", base64url::encode(signature));
    Handover::Operation(Operation { kind: "verify", algorithm, key, more })
}

/// Prepares an agreement with the sender.
pub(super) fn agreement(ours: &agreement::PrivateKey, theirs: &Point) -> Handover {
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
pub(super) fn unwrapping(ours: &RsaPrivateKey, hash: &str, wrapped: &[u8]) -> Handover {
    if !usual(ours.public()) {
        return Handover::Never;
    }
    if wrapped.len() != ours.public().modulus().len() || wrapped >= ours.public().modulus() {
        return Handover::Refused;
    }
    let mut algorithm = Object::new();
    algorithm.set("name", "RSA-OAEP");
    algorithm.set("hash", hash);
    let mut key = ours.public().to_jwk();
    for (name, number) in ours.numbers() {
        key.set(name, base64url::encode(number.expose()));
    }
    let mut more = Object::new();
    more.set("data", Value::String(base64url::encode(wrapped)));
    Handover::Operation(Operation { kind: "decrypt", algorithm, key, more })
}

/// Whether every host takes the key: some refuse other exponents than these two.
pub(super) fn usual(key: &rsa::PublicKey) -> bool {
    matches!(key.exponent(), [3] | [1, 0, 1])
}
