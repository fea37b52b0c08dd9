//! The checks before WebCrypto computes, and the operation that it is then given. Hosts differ in the keys and
//! signatures that they refuse; one that is refused here never reaches a host.
#![cfg_attr(not(feature = "whole"), allow(dead_code, reason = "the small module has no host"))]

use super::{
    abilities::{ASYMMETRIC, Work},
    operation::{Handover, Operation, Pieces, Task},
};
use crate::jose::{
    algorithm::{
        Content, Signature, agreement, content, curve::Point, eddsa, material::Material, rsa,
        rsa_private::RsaPrivateKey,
    },
    base64url,
};
use crate::json::{Object, Value};
use crate::secret::Secret;
use alloc::sync::Arc;

/// The row of a key on P-256 that the module has tables for.
pub(in crate::jose) const PREPARED: &str = "ECDSA prepared";

/// Describes a verification, to choose between module and host.
pub(in crate::jose) fn work(alg: Signature, material: &Material, message: &[u8]) -> Work {
    let name = match material {
        Material::Secret(_) if alg.hash_bytes() == 32 => "HMAC SHA-256",
        Material::Secret(_) => "HMAC SHA-512",
        Material::Ec(key) if key.is_prepared() => PREPARED,
        Material::Rsa(_) | Material::Ec(_) | Material::Ed25519(_) => ASYMMETRIC,
    };
    Work { name, bytes: message.len() }
}

/// Makes every check of a signature that decides a verdict, but for computing it; nothing where hosts differ.
fn check(alg: Signature, material: &Material, signature: &[u8]) -> Option<bool> {
    Some(match material {
        Material::Secret(_) => signature.len() == alg.hash_bytes(),
        Material::Rsa(key) if !usual(key) => return None,
        Material::Rsa(key) => signature.len() == key.modulus().len() && signature < key.modulus(),
        Material::Ec(key) => {
            let curve = key.point().curve();
            let halves = signature.split_at_checked(curve.bytes());
            halves.is_some_and(|(r, s)| curve.is_scalar(r) && curve.is_scalar(s))
        }
        Material::Ed25519(_) => eddsa::is_canonical(signature),
    })
}

/// The row of the table for a content, where a host may decrypt it: AES-GCM, but not with 192 bits, which Chromium
/// has not. `own` says whether the key has to be imported for this token alone.
pub(in crate::jose) fn decryption(content: Content, ciphertext: &[u8], own: bool) -> Option<Work> {
    let name = if own { "AES-GCM, own key" } else { "AES-GCM" };
    let usual = [Content::A128GCM, Content::A256GCM].contains(&content);
    usual.then_some(Work { name, bytes: ciphertext.len() })
}

/// Prepares the verification of a signature over a message, with a key that the host may know by its place.
pub(in crate::jose) fn verification(
    alg: Signature,
    key: &Arc<Material>,
    place: Option<u32>,
    message: &[u8],
    signature: &[u8],
) -> Handover {
    match check(alg, key, signature) {
        Some(true) => {}
        Some(false) => return Handover::Refused,
        None => return Handover::Never,
    }
    let ends = [message.len(), message.len().saturating_add(signature.len())];
    let parts = Pieces::of(&[message, signature], ends);
    Handover::Operation(Operation { place, task: Task::Verify { alg, key: Arc::clone(key), parts } })
}

/// Prepares the hashing of a message.
pub(in crate::jose) fn digest(message: &[u8]) -> Handover {
    Handover::Operation(Operation { place: None, task: Task::Digest { message: message.to_vec() } })
}

/// An encrypted content, as it came.
pub(in crate::jose) struct Sealed<'a> {
    pub iv: &'a [u8],
    pub covered: &'a str,
    pub ciphertext: &'a [u8],
    pub tag: &'a [u8],
}

/// Prepares the decryption of a content; IV and tag must have the lengths that they must have.
pub(in crate::jose) fn opening(content: &Sealed<'_>, key: &Secret, place: Option<u32>) -> Handover {
    if content.iv.len() != content::IV_BYTES || content.tag.len() != content::TAG_BYTES {
        return Handover::Never;
    }
    let sealed = content.ciphertext.len().saturating_add(content.tag.len());
    let ends = [sealed, sealed.saturating_add(content.iv.len())];
    let parts = Pieces::of(&[content.ciphertext, content.tag, content.iv, content.covered.as_bytes()], ends);
    Handover::Operation(Operation { place, task: Task::Open { key: key.clone(), parts } })
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
    private("deriveBits", algorithm, key, more)
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
    private("decrypt", algorithm, private_jwk(ours), more)
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
    private("sign", algorithm, private_jwk(ours), more)
}

fn private_jwk(ours: &RsaPrivateKey) -> Object {
    let mut key = ours.public().to_jwk();
    for (name, number) in ours.numbers() {
        key.set(name, base64url::encode(number.expose()));
    }
    key
}

fn private(kind: &'static str, algorithm: Object, key: Object, more: Object) -> Handover {
    Handover::Operation(Operation { place: None, task: Task::Private { kind, algorithm, key, more } })
}

/// Whether every host takes the key: some refuse other exponents than these two.
pub(in crate::jose) fn usual(key: &rsa::RsaPublicKey) -> bool {
    matches!(key.exponent(), [3] | [1, 0, 1])
}
