//! ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4): ES256. A signature is r and s, 32 bytes each, never DER.

use crate::{Code, Error, Result};
use alloc::format;
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};

/// A point of P-256, checked to lie on the curve.
#[derive(Clone)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Takes the two coordinates of a JWK, each of exactly 32 bytes (RFC 7518 section 6.2.1.2).
    ///
    /// # Errors
    /// `key_invalid` for another length, `key_off_curve` for a point elsewhere (CVE-2016-9121).
    pub fn from_coordinates(x: &[u8], y: &[u8]) -> Result<Self> {
        for (name, coordinate) in [("/x", x), ("/y", y)] {
            if coordinate.len() != 32 {
                let got = format!("{} bytes", coordinate.len());
                return Err(Error::new(Code::KeyInvalid).at(name).expected("32 bytes").got(got));
            }
        }
        Self::from_point(&[&[4], x, y].concat())
    }

    /// Takes a point in SEC 1 form, as in a PEM key.
    ///
    /// # Errors
    /// `key_off_curve` for anything but a finite point of the curve.
    pub fn from_point(point: &[u8]) -> Result<Self> {
        VerifyingKey::from_sec1_bytes(point).map(Self).map_err(|_| Error::new(Code::KeyOffCurve))
    }
}

/// ES256. `from_slice` refuses another length, and r or s outside 1 to n − 1 (CVE-2022-21449).
pub(super) fn verify_p256(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|signature| key.0.verify(message, &signature).is_ok())
}
