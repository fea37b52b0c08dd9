//! The thumbprint of a key (RFC 7638 with SHA-256): what it is known by, whatever its spelling and its name.

use crate::{
    jose::{algorithm::material::Material, base64url},
    json::Value,
};
use alloc::string::String;
use core::fmt;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A thumbprint. That of a shared secret says nothing of it as long as the secret is random; it must not be shown all
/// the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// Computes it: the required members in the order of their names, hashed (RFC 7638 section 3).
    pub(super) fn of(material: &Material) -> Self {
        let digest = match material {
            Material::Secret(secret) => {
                let value = Zeroizing::new(base64url::encode(secret.expose()));
                let parts = [r#"{"k":""#, value.as_str(), r#"","kty":"oct"}"#];
                parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize()
            }
            public => {
                Sha256::digest(public.to_jwk().map(|jwk| Value::from(jwk).to_text()).unwrap_or_default())
            }
        };
        Self(digest.into())
    }

    /// Writes it as base64url.
    pub fn to_text(self) -> String {
        base64url::encode(&self.0)
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Thumbprint(…)")
    }
}
