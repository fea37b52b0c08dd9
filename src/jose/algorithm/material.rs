//! Key material: one variant per kind, each already checked.

use super::{curve::Curve, ecdsa, eddsa, rsa};
use crate::{json::Object, secret::Secret};

/// The kinds of keys that the algorithms of JOSE use.
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
    /// Returns the kind of the keys on a curve.
    pub const fn of(curve: Curve) -> Self {
        match curve {
            Curve::P256 => Self::P256,
            Curve::P384 => Self::P384,
            Curve::P521 => Self::P521,
        }
    }

    /// Returns the kind in words.
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

/// A checked key.
#[derive(Clone)]
pub enum Material {
    /// A shared secret.
    Secret(Secret),
    /// An RSA public key.
    Rsa(rsa::RsaPublicKey),
    /// A public key on an elliptic curve.
    Ec(ecdsa::EcPublicKey),
    /// An Ed25519 public key.
    Ed25519(eddsa::Ed25519PublicKey),
}

impl Material {
    /// Returns which kind this is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Secret(_) => Kind::Secret,
            Self::Rsa(_) => Kind::Rsa,
            Self::Ec(key) => Kind::of(key.point().curve()),
            Self::Ed25519(_) => Kind::Ed25519,
        }
    }
}

impl Material {
    /// Returns the key as a JWK with what it is made of, in the order of the names; a shared secret has no public form.
    pub fn to_jwk(&self) -> Option<Object> {
        match self {
            Self::Secret(_) => None,
            Self::Rsa(key) => Some(key.to_jwk()),
            Self::Ec(key) => Some(key.point().to_jwk()),
            Self::Ed25519(key) => Some(key.to_jwk()),
        }
    }
}

// A secret must not show, and a public key says nothing to a reader.
impl core::fmt::Debug for Material {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.kind().as_str())
    }
}
