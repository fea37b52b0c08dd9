//! EdDSA on Ed25519 (RFC 8037 section 3.1, RFC 8032).

use crate::{Code, Error, Result, jose::base64url, json::Object};
use alloc::format;
use ed25519_dalek::{Signature, VerifyingKey};

/// A point of Ed25519: canonical, on the curve, not of small order.
#[derive(Clone)]
pub struct Ed25519PublicKey(VerifyingKey);

impl Ed25519PublicKey {
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

    /// Returns the 32 bytes of RFC 8032.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Returns the key as a public JWK.
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

/// The y of the points of small order, little-endian: of order 4, 1, 8, 8 and 2.
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    MODULUS_LESS_ONE,
];

/// p − 1 for p = 2^255 − 19, little-endian: the largest y that is one.
const MODULUS_LESS_ONE: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xec;
    bytes[31] = 0x7f;
    bytes
};

/// Whether a signature obeys the strict rules that hosts differ in, before any is computed: s below the order, and R in
/// the only spelling of a point that is not of small order. That R is a point at all, no host can overlook: either it
/// reads R, or it compares R with a point that it has computed.
pub(in crate::jose) fn is_canonical(signature: &[u8]) -> bool {
    let Some((r, s)) = signature.split_first_chunk::<32>() else { return false };
    let mut y = *r;
    y[31] &= 0x7f; // The sign of x.
    s.len() == 32
        && s.iter().rev().lt(ORDER.iter().rev())
        && y.iter().rev().le(MODULUS_LESS_ONE.iter().rev())
        && !SMALL_ORDER.contains(&y)
}

/// EdDSA, by the strict rules: s below the order, no small-order R.
pub(super) fn verify_ed25519(key: &Ed25519PublicKey, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|signature| key.0.verify_strict(message, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The strict rules by reading R.
    fn is_strict(signature: &[u8]) -> bool {
        let (r, s) = signature.split_at(32);
        s.iter().rev().lt(ORDER.iter().rev()) && Ed25519PublicKey::new(r).is_ok()
    }

    #[test]
    fn the_checks_before_a_host_computes_refuse_what_is_not_strict_and_nothing_that_is() {
        let mut seed = 1_u32;
        let (mut both, mut no_point) = (0, 0);
        let mut check = |signature: &[u8; 64]| match (is_strict(signature), is_canonical(signature)) {
            (true, ours) => {
                assert!(ours, "{signature:?}");
                both += 1;
            }
            // What only reading R can tell: there is no such point.
            (false, true) => {
                let point = VerifyingKey::from_bytes(signature.first_chunk().unwrap_or(&[0; 32]));
                assert!(point.is_err(), "{signature:?}");
                no_point += 1;
            }
            (false, false) => {}
        };
        for round in 0..2000_u32 {
            let mut signature = [0; 64];
            for byte in &mut signature {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                [*byte, ..] = seed.to_be_bytes();
            }
            signature[63] &= if round % 8 == 0 { 0x1f } else { 0x0f };
            check(&signature);
        }
        // Around every special y, with either sign: as it is, one more, one less.
        for y in SMALL_ORDER.iter().chain([&[0xff; 32], &[0xf0; 32]]) {
            for sign in [0, 0x80] {
                for step in [0, 1, 0xff] {
                    let mut signature = [0; 64];
                    signature[..32].copy_from_slice(y);
                    signature[0] = signature[0].wrapping_add(step);
                    signature[31] ^= sign;
                    check(&signature);
                }
            }
        }
        assert!(both > 500 && no_point > 500, "{both} {no_point}");
    }

    #[test]
    fn points_of_small_order_are_no_keys() {
        for y in SMALL_ORDER {
            assert!(Ed25519PublicKey::new(&y).is_err(), "{y:?}");
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&y);
            assert!(!is_canonical(&signature));
        }
    }
}
