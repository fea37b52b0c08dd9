//! Private keys of a recipient, as JWK or as PKCS#8 in PEM (RFC 5208). Another type than verification keys, so
//! that one cannot stand in the other's place. RSA keys are taken apart here, and used by the host alone
//! (RUSTSEC-2023-0071).

use super::{
    agreement,
    curve::{Curve, Point},
    jwk::{bytes, text},
    material::Kind,
    pem::{self, invalid},
    rsa,
};
use crate::{Code, Error, Result, json::Object, secret::Secret};
use ::rsa::{
    pkcs1,
    pkcs8::{
        PrivateKeyInfoRef,
        der::{
            self, Decode, Reader, SliceReader, Tag, TagNumber, Tagged,
            asn1::{AnyRef, BitStringRef, OctetStringRef, UintRef},
        },
    },
};
use alloc::{format, vec::Vec};

/// A private key, checked.
#[derive(Clone, Debug)]
pub enum PrivateKey {
    /// On an elliptic curve.
    Ec(agreement::PrivateKey),
    /// RSA.
    Rsa(RsaPrivateKey),
}

/// The numbers of an RSA private key by their names in a JWK (RFC 7518 section 6.3.2).
#[derive(Clone, Debug)]
pub struct RsaPrivateKey {
    public: rsa::PublicKey,
    numbers: Vec<(&'static str, Secret)>,
}

const NUMBERS: [&str; 6] = ["d", "p", "q", "dp", "dq", "qi"];

impl PrivateKey {
    /// Reads a private JWK.
    ///
    /// # Errors
    /// `key_wrong_type` for a public key or another type; `key_invalid` with the member, and the checks of the
    /// public half.
    pub fn from_jwk(jwk: &Object) -> Result<Self> {
        let kty = text(jwk, "kty")?;
        if matches!(kty, "EC" | "RSA") && jwk.get("d").is_none() {
            return Err(Error::new(Code::KeyWrongType).expected("a private key").got("a public key"));
        }
        match kty {
            "EC" => {
                let curve = Curve::from_name(text(jwk, "crv")?).ok_or_else(|| {
                    Error::new(Code::KeyWrongType).at("/crv").expected("P-256, P-384 or P-521")
                })?;
                let point = Point::from_coordinates(curve, &bytes(jwk, "x")?, &bytes(jwk, "y")?)?;
                agreement::PrivateKey::new(curve, Secret::new(bytes(jwk, "d")?), Some(point)).map(Self::Ec)
            }
            "RSA" => {
                if jwk.get("oth").is_some() {
                    return Err(Error::new(Code::KeyInvalid).at("/oth").expected("two primes").got("more"));
                }
                let number = |name| bytes(jwk, name).map(|bytes| (name, Secret::new(bytes)));
                let numbers = NUMBERS.into_iter().map(number).collect::<Result<_>>()?;
                let public = rsa::PublicKey::new(&bytes(jwk, "n")?, &bytes(jwk, "e")?)?;
                Ok(Self::Rsa(RsaPrivateKey { public, numbers }))
            }
            _ => Err(Error::new(Code::KeyWrongType).at("/kty").expected("EC or RSA")),
        }
    }

    /// Reads a PKCS#8 private key in PEM.
    ///
    /// # Errors
    /// `key_wrong_type` for a public key or another type, `key_invalid`, and the checks of the public half.
    pub fn from_pem(text: &str) -> Result<Self> {
        let (label, der) = pem::unarmour(text)?;
        let der = Secret::new(der);
        match label {
            "PRIVATE KEY" => {
                let info = PrivateKeyInfoRef::try_from(der.expose())
                    .map_err(|_| invalid("a PKCS#8 PrivateKeyInfo"))?;
                from_pkcs8(&info)
            }
            "PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE" => {
                Err(Error::new(Code::KeyWrongType).expected("a private key").got("a public key"))
            }
            _ => Err(invalid("PRIVATE KEY (PKCS#8, not encrypted) in the first line")),
        }
    }

    /// Which kind of key this is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Ec(key) => Kind::of(key.point().curve()),
            Self::Rsa(_) => Kind::Rsa,
        }
    }
}

impl RsaPrivateKey {
    /// The public half.
    pub const fn public(&self) -> &rsa::PublicKey {
        &self.public
    }

    /// The numbers that are not public, by their names.
    pub fn numbers(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        self.numbers.iter().map(|(name, number)| (*name, number))
    }
}

fn from_pkcs8(info: &PrivateKeyInfoRef<'_>) -> Result<PrivateKey> {
    let key = info.private_key.as_bytes();
    match info.algorithm.oid {
        pem::RSA => {
            let key = pkcs1::RsaPrivateKey::<UintRef<'_>>::from_der(key)
                .ok()
                .filter(|key| key.other_prime_infos.is_none())
                .ok_or_else(|| invalid("an RSAPrivateKey of two primes"))?;
            let public = rsa::PublicKey::new(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
            let numbers =
                [key.private_exponent, key.prime1, key.prime2, key.exponent1, key.exponent2, key.coefficient];
            let numbers =
                NUMBERS.into_iter().zip(numbers.map(|number| Secret::new(number.as_bytes()))).collect();
            Ok(PrivateKey::Rsa(RsaPrivateKey { public, numbers }))
        }
        pem::ELLIPTIC_CURVE => {
            let curve = info.algorithm.parameters_oid().ok().and_then(pem::curve_of).ok_or_else(|| {
                Error::new(Code::KeyWrongType).expected("P-256, P-384 or P-521").got("another curve")
            })?;
            let (scalar, point) = ec_private_key(key).map_err(|_| invalid("an ECPrivateKey"))?;
            let point = point.map(|point| Point::from_sec1(curve, point)).transpose()?;
            agreement::PrivateKey::new(curve, Secret::new(scalar), point).map(PrivateKey::Ec)
        }
        other => Err(Error::new(Code::KeyWrongType)
            .expected("an RSA key, or one on P-256, P-384 or P-521")
            .got(format!("a key with the object identifier {other}"))),
    }
}

/// ECPrivateKey (RFC 5915): version 1, the number, and perhaps the curve and the point.
fn ec_private_key(key: &[u8]) -> der::Result<(&[u8], Option<&[u8]>)> {
    let sequence = AnyRef::from_der(key)?;
    sequence.tag().assert_eq(Tag::Sequence)?;
    let mut members = SliceReader::new(sequence.value())?;
    let version: u8 = members.decode()?;
    if version != 1 {
        return Err(Tag::Integer.value_error().into());
    }
    let scalar: &OctetStringRef = members.decode()?;
    let mut point = None;
    while !members.is_finished() {
        let member: AnyRef<'_> = members.decode()?;
        if member.tag() == (Tag::ContextSpecific { constructed: true, number: TagNumber(1) }) {
            point = BitStringRef::from_der(member.value())?.as_bytes();
        }
    }
    Ok((scalar.as_bytes(), point))
}
