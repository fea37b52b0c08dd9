//! Elliptic-curve Diffie-Hellman with an ephemeral key of the sender (RFC 7518 section 4.6), and the derivation of
//! a key from what was agreed (NIST SP 800-56A, one step, SHA-256).

use super::curve::{Curve, Point};
use crate::{Code, Error, Result, secret::Secret};
use alloc::vec::Vec;
use sha2::{Digest, Sha256};

/// A private key: a number of its curve, and its public point.
#[derive(Clone, Debug)]
pub struct EcPrivateKey {
    scalar: Secret,
    point: Point,
}

impl EcPrivateKey {
    /// Takes the private number, and the public point where it stands beside it.
    ///
    /// # Errors
    /// `key_invalid` for another length, a number outside 1 to n − 1, a point that is not its own, or none where
    /// it cannot be computed here.
    pub fn new(curve: Curve, scalar: Secret, point: Option<Point>) -> Result<Self> {
        let fault = |expected: &str| Error::new(Code::KeyInvalid).at("/d").expected(expected);
        if !curve.is_scalar(scalar.expose()) {
            return Err(fault("a private key of this curve, in its full length"));
        }
        let own = public_point(curve, &scalar);
        match (own, point) {
            (Some(own), Some(point)) if own != point => Err(fault("the private key of this public key")),
            (Some(point), _) | (None, Some(point)) => Ok(Self { scalar, point }),
            (None, None) => Err(fault("a private key together with its public key")),
        }
    }

    /// A key from random bytes: the first of them that are a number of the curve.
    pub(in crate::jose) fn from_entropy(curve: Curve, entropy: &[u8]) -> Option<Self> {
        let number = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            // 521 bits are 65 bytes and one bit.
            if let (Curve::P521, Some(first)) = (curve, bytes.first_mut()) {
                *first &= 1;
            }
            curve.is_scalar(&bytes).then(|| Secret::new(bytes))
        };
        let scalar = entropy.chunks_exact(curve.bytes()).find_map(number)?;
        Self::new(curve, scalar, None).ok()
    }

    /// Returns the public point.
    pub const fn point(&self) -> &Point {
        &self.point
    }

    /// Returns the private number.
    pub const fn scalar(&self) -> &Secret {
        &self.scalar
    }

    /// Returns the shared secret of the two parties; `None` on a different curve, or one that is not computed here.
    pub fn agree(&self, theirs: &Point) -> Option<Secret> {
        macro_rules! agree {
            ($curve:ident) => {{
                let ours = $curve::SecretKey::from_slice(self.scalar.expose()).ok()?;
                let theirs = $curve::PublicKey::from_sec1_bytes(theirs.sec1()).ok()?;
                Some(Secret::new(ours.diffie_hellman(&theirs).raw_secret_bytes().to_vec()))
            }};
        }
        if self.point.curve() != theirs.curve() {
            return None;
        }
        match theirs.curve() {
            Curve::P256 => agree!(p256),
            #[cfg(feature = "p384")]
            Curve::P384 => agree!(p384),
            #[cfg(feature = "p521")]
            Curve::P521 => agree!(p521),
            #[cfg(not(all(feature = "p384", feature = "p521")))]
            _ => None,
        }
    }
}

/// Checks whether a curve is computed here.
pub const fn is_computed(curve: Curve) -> bool {
    match curve {
        Curve::P256 => true,
        Curve::P384 => cfg!(feature = "p384"),
        Curve::P521 => cfg!(feature = "p521"),
    }
}

fn public_point(curve: Curve, scalar: &Secret) -> Option<Point> {
    macro_rules! point {
        ($curve:ident) => {{
            let key = $curve::SecretKey::from_slice(scalar.expose()).ok()?.public_key();
            Point::from_sec1(curve, $curve::ecdsa::VerifyingKey::from(key).to_sec1_point(false).as_bytes())
                .ok()
        }};
    }
    match curve {
        Curve::P256 => point!(p256),
        #[cfg(feature = "p384")]
        Curve::P384 => point!(p384),
        #[cfg(feature = "p521")]
        Curve::P521 => point!(p521),
        #[cfg(not(all(feature = "p384", feature = "p521")))]
        _ => None,
    }
}

/// Derives a key of so many bytes for one algorithm and two parties (RFC 7518 section 4.6.2).
pub fn derive(shared: &Secret, algorithm: &str, apu: &[u8], apv: &[u8], bytes: usize) -> Option<Secret> {
    let length = |bytes: usize| u32::try_from(bytes).map(u32::to_be_bytes).ok();
    let bits = length(bytes.checked_mul(8)?)?;
    let mut info = Vec::new();
    for party in [algorithm.as_bytes(), apu, apv] {
        info.extend_from_slice(&length(party.len())?);
        info.extend_from_slice(party);
    }
    info.extend_from_slice(&bits);
    let mut key = Vec::with_capacity(bytes.checked_add(32)?);
    let mut round: u32 = 0;
    while key.len() < bytes {
        round = round.checked_add(1)?;
        let hash = Sha256::new().chain_update(round.to_be_bytes()).chain_update(shared.expose());
        key.extend_from_slice(&hash.chain_update(&info).finalize());
    }
    key.truncate(bytes);
    Some(Secret::new(key))
}
