//! ECDSA (RFC 7518 section 3.4): ES256, ES384, ES512. A signature is r and s, each of the curve's length, never DER.

use super::curve::{Curve, Point, off_curve};
#[cfg(feature = "variable-time")]
use super::secp256r1;
use crate::Result;
#[cfg(feature = "variable-time")]
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A point of its curve, prepared for verification where that curve is computed here.
#[derive(Clone)]
pub struct EcPublicKey {
    point: Point,
    prepared: Prepared,
}

#[derive(Clone)]
enum Prepared {
    #[cfg(feature = "variable-time")]
    P256(secp256r1::PublicKey),
    #[cfg(not(feature = "variable-time"))]
    P256(p256::ecdsa::VerifyingKey),
    #[cfg(feature = "p384")]
    P384(p384::ecdsa::VerifyingKey),
    #[cfg(feature = "p521")]
    P521(p521::ecdsa::VerifyingKey),
    /// The curve is left to the host.
    #[cfg(not(all(feature = "p384", feature = "p521")))]
    Elsewhere,
}

impl EcPublicKey {
    /// Takes the two coordinates of a JWK.
    ///
    /// # Errors
    /// Those of [`Point::from_short`].
    pub fn from_coordinates(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self> {
        Self::new(Point::from_short(curve, x, y)?)
    }

    /// Takes a point in SEC 1 form, as in a PEM key; on P-256 also a compressed one.
    ///
    /// # Errors
    /// `key_off_curve` for anything but a finite point of the curve.
    pub fn from_sec1(curve: Curve, bytes: &[u8]) -> Result<Self> {
        if curve != Curve::P256 {
            return Self::new(Point::from_sec1(curve, bytes)?);
        }
        #[cfg(feature = "variable-time")]
        let point = secp256r1::PublicKey::from_sec1(bytes).map(Point::of).ok_or_else(off_curve)?;
        #[cfg(not(feature = "variable-time"))]
        let point = {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).map_err(|_| off_curve())?;
            Point::from_sec1(curve, key.to_sec1_point(false).as_bytes())?
        };
        Self::new(point)
    }

    fn new(point: Point) -> Result<Self> {
        let prepared = match point.curve() {
            #[cfg(feature = "variable-time")]
            Curve::P256 => point.key().cloned().map(Prepared::P256),
            #[cfg(not(feature = "variable-time"))]
            Curve::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point.sec1()).ok().map(Prepared::P256),
            #[cfg(feature = "p384")]
            Curve::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point.sec1()).ok().map(Prepared::P384),
            #[cfg(feature = "p521")]
            Curve::P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(point.sec1()).ok().map(Prepared::P521),
            #[cfg(not(all(feature = "p384", feature = "p521")))]
            _ => Some(Prepared::Elsewhere),
        };
        let prepared = prepared.ok_or_else(off_curve)?;
        Ok(Self { point, prepared })
    }

    /// Whether the key has been used so often that a verification here is cheap; asking counts as a use.
    pub(in crate::jose) fn is_prepared(&self) -> bool {
        match &self.prepared {
            #[cfg(feature = "variable-time")]
            Prepared::P256(key) => key.note() > secp256r1::Preparation::Little,
            _ => false,
        }
    }

    /// Returns the hash that a signature was made with in the place of the curve's own: to explain, never to verify.
    pub(crate) fn made_with(&self, message: &[u8], signature: &[u8]) -> Option<&'static str> {
        #[cfg(feature = "variable-time")]
        {
            let is_of = |hash: &[u8]| {
                hash.get(..32).and_then(|hash| verify_hash(self, hash, signature)) == Some(true)
            };
            let others = [
                ("SHA-384", Sha384::digest(message).to_vec()),
                ("SHA-512", Sha512::digest(message).to_vec()),
            ];
            others.into_iter().find(|(_, hash)| is_of(hash)).map(|(name, _)| name)
        }
        #[cfg(not(feature = "variable-time"))]
        {
            let _ = (message, signature);
            None
        }
    }

    /// Returns the point.
    pub const fn point(&self) -> &Point {
        &self.point
    }
}

/// Verifies with the hash of the curve. `from_slice` refuses another length, and r or s outside 1 to n − 1
/// (CVE-2022-21449).
pub(super) fn verify(key: &EcPublicKey, message: &[u8], signature: &[u8]) -> bool {
    #[allow(unused_macros, reason = "with P-256 alone, all of it is computed by secp256r1")]
    macro_rules! verify {
        ($curve:ident $key:ident) => {{
            use $curve::ecdsa::{Signature, signature::Verifier};
            Signature::from_slice(signature).is_ok_and(|signature| $key.verify(message, &signature).is_ok())
        }};
    }
    match &key.prepared {
        #[cfg(feature = "variable-time")]
        Prepared::P256(key) => key.verify(&Sha256::digest(message).into(), signature),
        #[cfg(not(feature = "variable-time"))]
        Prepared::P256(key) => verify!(p256 key),
        #[cfg(feature = "p384")]
        Prepared::P384(key) => verify!(p384 key),
        #[cfg(feature = "p521")]
        Prepared::P521(key) => verify!(p521 key),
        #[cfg(not(all(feature = "p384", feature = "p521")))]
        Prepared::Elsewhere => false,
    }
}

/// Verifies with a hash that was computed elsewhere; nothing where that is not one of this key's, or its arithmetic is not here.
pub(in crate::jose) fn verify_hash(key: &EcPublicKey, hash: &[u8], signature: &[u8]) -> Option<bool> {
    match &key.prepared {
        #[cfg(feature = "variable-time")]
        Prepared::P256(key) => Some(key.verify(hash.try_into().ok()?, signature)),
        _ => None,
    }
}
