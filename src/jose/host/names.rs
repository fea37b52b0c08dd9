//! Algorithms and keys as WebCrypto names them.

use crate::jose::algorithm::{Signature, curve::Curve, material::Material};
use crate::json::Object;

/// The algorithm with its curve: what a host has or lacks.
pub(super) fn name(alg: Signature, material: &Material) -> &'static str {
    match material {
        Material::Secret(_) => "HMAC",
        Material::Rsa(_) if is_pss(alg) => "RSA-PSS",
        Material::Rsa(_) => "RSASSA-PKCS1-v1_5",
        Material::Ec(key) => match key.point().curve() {
            Curve::P256 => "ECDSA P-256",
            Curve::P384 => "ECDSA P-384",
            Curve::P521 => "ECDSA P-521",
        },
        Material::Ed25519(_) => "Ed25519",
    }
}

/// The algorithm as WebCrypto takes it.
pub(super) fn algorithm(alg: Signature, material: &Material) -> Object {
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

/// Whether it is RSA with a salt.
fn is_pss(alg: Signature) -> bool {
    alg.name().starts_with("PS")
}
