//! What a key is made of: one variant per kind, each already checked.

use super::{ecdsa, eddsa, rsa};
use crate::secret::Secret;

/// The kinds of keys that the algorithms of JOSE use; some are known by name only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A shared secret (`kty` oct).
    Secret,
    /// RSA.
    Rsa,
    /// An elliptic curve P-256 point.
    P256,
    /// An elliptic curve P-384 point.
    P384,
    /// An elliptic curve P-521 point.
    P521,
    /// An Ed25519 point.
    Ed25519,
}

impl Kind {
    /// The kind in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "a shared secret",
            Self::Rsa => "an RSA key",
            Self::P256 => "a P-256 key",
            Self::P384 => "a P-384 key",
            Self::P521 => "a P-521 key",
            Self::Ed25519 => "an Ed25519 key",
        }
    }
}

/// A checked key of a kind that is computed here.
#[derive(Clone)]
pub enum Material {
    /// A shared secret.
    Secret(Secret),
    /// An RSA public key.
    Rsa(rsa::PublicKey),
    /// A P-256 public key.
    P256(ecdsa::PublicKey),
    /// An Ed25519 public key.
    Ed25519(eddsa::PublicKey),
}

impl Material {
    /// Which kind this is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Secret(_) => Kind::Secret,
            Self::Rsa(_) => Kind::Rsa,
            Self::P256(_) => Kind::P256,
            Self::Ed25519(_) => Kind::Ed25519,
        }
    }
}

// A secret must not show, and a public key says nothing to a reader.
impl core::fmt::Debug for Material {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.kind().as_str())
    }
}
