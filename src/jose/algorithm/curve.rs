//! The NIST curves (RFC 7518 section 6.2.1.1), as far as a verdict needs them whoever computes: which point lies
//! on its curve, which number is a private key or a part of a signature.

#[cfg(feature = "variable-time")]
use super::secp256r1;
use crate::{Code, Error, Result, jose::base64url, json::Object};
use alloc::vec::Vec;
use p256::elliptic_curve::bigint::{NonZero, U576};

/// A curve of prime order: y² = x³ − 3x + b over p, with n points.
struct DomainParameters {
    name: &'static str,
    bytes: usize,
    p: U576,
    b: U576,
    n: U576,
}

// All three in the width of the largest.
const P256: DomainParameters = DomainParameters {
    name: "P-256",
    bytes: 32,
    p: U576::from_be_hex(
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    ),
    b: U576::from_be_hex(
        "000000000000000000000000000000000000000000000000000000000000000000000000000000005ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    ),
    n: U576::from_be_hex(
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    ),
};
const P384: DomainParameters = DomainParameters {
    name: "P-384",
    bytes: 48,
    p: U576::from_be_hex(
        "000000000000000000000000000000000000000000000000fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    ),
    b: U576::from_be_hex(
        "000000000000000000000000000000000000000000000000b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    ),
    n: U576::from_be_hex(
        "000000000000000000000000000000000000000000000000ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    ),
};
const P521: DomainParameters = DomainParameters {
    name: "P-521",
    bytes: 66,
    p: U576::from_be_hex(
        "00000000000001ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ),
    b: U576::from_be_hex(
        "0000000000000051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    ),
    n: U576::from_be_hex(
        "00000000000001fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    ),
};

/// A curve by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// P-256.
    P256,
    /// P-384.
    P384,
    /// P-521.
    P521,
}

impl Curve {
    /// Every curve.
    pub const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    /// Returns the curve of a `crv`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.name() == name)
    }

    /// Returns the registered name.
    pub const fn name(self) -> &'static str {
        self.parameters().name
    }

    /// Returns the length of a coordinate, of a private key, and of each half of a signature.
    pub const fn bytes(self) -> usize {
        self.parameters().bytes
    }

    /// Checks whether bytes are a number from 1 to n − 1: a private key, or r or s of a signature (CVE-2022-21449).
    pub fn is_scalar(self, bytes: &[u8]) -> bool {
        self.number(bytes).is_some_and(|number| number != U576::ZERO && number < self.parameters().n)
    }

    /// Whether two coordinates, each below p, are a point of the curve.
    fn holds(self, x: &[u8], y: &[u8]) -> bool {
        // The only curve there.
        if cfg!(not(feature = "whole")) {
            return false;
        }
        let DomainParameters { p, b, .. } = self.parameters();
        let (Some(x), Some(y)) = (self.number(x), self.number(y)) else { return false };
        let Some(modulus) = NonZero::new(*p).into_option() else { return false };
        if x >= *p || y >= *p {
            return false;
        }
        let multiply = |one: &U576, other: &U576| one.mul_mod(other, &modulus);
        // (x² − 3) · x + b
        let factor = multiply(&x, &x).sub_mod(&U576::from_u8(3), &modulus);
        multiply(&y, &y) == multiply(&factor, &x).add_mod(b, &modulus)
    }

    fn number(self, bytes: &[u8]) -> Option<U576> {
        let mut wide = [0; 72];
        if bytes.len() != self.bytes() {
            return None;
        }
        let from = wide.len().checked_sub(bytes.len())?;
        wide.get_mut(from..)?.copy_from_slice(bytes);
        Some(U576::from_be_slice(&wide))
    }

    const fn parameters(self) -> &'static DomainParameters {
        match self {
            Self::P256 => &P256,
            Self::P384 => &P384,
            Self::P521 => &P521,
        }
    }
}

/// A finite point, checked to lie on its curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    curve: Curve,
    sec1: Vec<u8>,
    /// The key that the check has made of it, on P-256.
    #[cfg(feature = "variable-time")]
    key: Option<secp256r1::PublicKey>,
}

impl Point {
    /// Takes the two coordinates of a JWK, each of its full length (RFC 7518 section 6.2.1.2).
    ///
    /// # Errors
    /// `key_invalid` for another length, `key_off_curve` for a point elsewhere (CVE-2016-9121).
    pub fn from_coordinates(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self> {
        for (name, coordinate) in [("/x", x), ("/y", y)] {
            if coordinate.len() != curve.bytes() {
                let got = told!("{} bytes", coordinate.len());
                let expected = told!("{} bytes", curve.bytes());
                return Err(Error::new(Code::KeyInvalid).at(name).expected(expected).got(got));
            }
        }
        #[cfg(feature = "variable-time")]
        if curve == Curve::P256 {
            return secp256r1::PublicKey::from_coordinates(x, y).map(Self::of).ok_or_else(off_curve);
        }
        if !curve.holds(x, y) {
            return Err(off_curve());
        }
        Ok(Self {
            curve,
            sec1: [&[4], x, y].concat(),
            #[cfg(feature = "variable-time")]
            key: None,
        })
    }

    /// Takes the point of a key, which is known to be one of P-256.
    #[cfg(feature = "variable-time")]
    pub(super) fn of(key: secp256r1::PublicKey) -> Self {
        let [x, y] = key.coordinates();
        Self { curve: Curve::P256, sec1: [&[4], x.as_slice(), &y].concat(), key: Some(key) }
    }

    /// The key on P-256 that this is the point of.
    #[cfg(feature = "variable-time")]
    pub(super) const fn key(&self) -> Option<&secp256r1::PublicKey> {
        self.key.as_ref()
    }

    /// Takes two coordinates that may be short of their leading zeros, as some libraries write them: one key of 128 on P-256,
    /// two of three on P-521.
    ///
    /// # Errors
    /// Those of [`from_coordinates`](Self::from_coordinates) for any other length, and for whole coordinates that are not those of a point.
    pub fn from_short(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self> {
        let whole = |coordinate: &[u8]| {
            let zeros = alloc::vec![0; curve.bytes().saturating_sub(coordinate.len())];
            [&zeros, coordinate].concat()
        };
        let point = Self::from_coordinates(curve, &whole(x), &whole(y));
        point.or_else(|fault| Self::from_coordinates(curve, x, y).and(Err(fault)))
    }

    /// Takes a point in SEC 1 form, uncompressed, as in a PEM key.
    ///
    /// # Errors
    /// `key_off_curve` for anything but a finite point of the curve.
    pub fn from_sec1(curve: Curve, bytes: &[u8]) -> Result<Self> {
        match bytes.split_first() {
            Some((4, rest)) if rest.len() == curve.bytes().saturating_mul(2) => {
                let (x, y) = rest.split_at(curve.bytes());
                Self::from_coordinates(curve, x, y)
            }
            _ => Err(off_curve().expected("an uncompressed point")),
        }
    }

    /// Returns the curve.
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// Returns the point in SEC 1 form, uncompressed.
    pub fn sec1(&self) -> &[u8] {
        &self.sec1
    }

    /// Returns the point as a public JWK.
    pub fn to_jwk(&self) -> Object {
        let coordinates = self.sec1.get(1..).unwrap_or_default();
        let (x, y) = coordinates.split_at_checked(self.curve.bytes()).unwrap_or_default();
        let mut jwk = Object::new();
        jwk.set("crv", self.curve.name());
        jwk.set("kty", "EC");
        jwk.set("x", base64url::encode(x));
        jwk.set("y", base64url::encode(y));
        jwk
    }
}

pub(super) fn off_curve() -> Error {
    Error::new(Code::KeyOffCurve)
}
