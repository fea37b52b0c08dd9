//! EdDSA on Ed25519 (RFC 8037 section 3.1, RFC 8032).

use super::base64url;
use crate::{Code, Error, Result, json::Object};
use alloc::format;
use ed25519_dalek::{Signature, VerifyingKey};

/// A point of Ed25519: canonical, on the curve, not of small order.
#[derive(Clone)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Takes the 32 bytes of RFC 8032.
    ///
    /// # Errors
    /// `key_invalid` for another length, `key_off_curve` for a point that is not one, not in its only spelling,
    /// or so weak that a signature would say nothing.
    pub fn new(bytes: &[u8]) -> Result<Self> {
        let array = bytes.try_into().map_err(|_| {
            Error::new(Code::KeyInvalid).at("/x").expected("32 bytes").got(format!("{} bytes", bytes.len()))
        })?;
        VerifyingKey::from_bytes(array)
            .ok()
            .filter(|key| !key.is_weak() && key.to_edwards().compress().as_bytes() == array)
            .map(Self)
            .ok_or_else(|| Error::new(Code::KeyOffCurve))
    }

    /// The 32 bytes of RFC 8032.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key as a public JWK.
    pub fn to_jwk(&self) -> Object {
        let mut jwk = Object::new();
        jwk.set("crv", "Ed25519");
        jwk.set("kty", "OKP");
        jwk.set("x", base64url::encode(self.0.as_bytes()));
        jwk
    }
}

/// The order of the group, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Whether a signature obeys the strict rules before any is computed: R a point in its only spelling and not of
/// small order, s below the order.
pub(super) fn is_canonical(signature: &[u8]) -> bool {
    let Some((r, s)) = signature.split_at_checked(32) else { return false };
    s.len() == 32 && s.iter().rev().lt(ORDER.iter().rev()) && PublicKey::new(r).is_ok()
}

/// EdDSA, by the strict rules: s below the order, no small-order R.
pub(super) fn verify_ed25519(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|signature| key.0.verify_strict(message, &signature).is_ok())
}
