//! The thumbprint of a key (RFC 7638 with SHA-256): what it is known by, whatever its spelling and its name.

use crate::jose::{algorithm::material::Material, base64url};
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
            // Names of the standard, base64url and names of curves: nothing that JSON would write otherwise.
            public => {
                let jwk = public.to_jwk().unwrap_or_default();
                let members = jwk.iter().zip(core::iter::once("{").chain(core::iter::repeat(",")));
                let hash = members.fold(Sha256::new(), |hash, ((name, value), before)| {
                    let value = value.as_str().unwrap_or_default();
                    [before, "\"", name, "\":\"", value, "\""]
                        .iter()
                        .fold(hash, |hash, part| hash.chain_update(part))
                });
                hash.chain_update("}").finalize()
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
