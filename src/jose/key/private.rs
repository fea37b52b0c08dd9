//! Private keys of a recipient, as JWK or as PKCS#8 in PEM (RFC 5208). Another type than verification keys, so
//! that one cannot stand in the other's place. RSA keys are taken apart here, and used by the host alone
//! (RUSTSEC-2023-0071).

use super::{
    jwk::{bytes, text},
    pem::{self, invalid},
};
use crate::{
    Code, Error, Result,
    jose::{
        algorithm::{
            agreement,
            curve::{Curve, Point},
            material::Kind,
            rsa,
            rsa_private::{NUMBERS, RsaPrivateKey},
        },
        der::{self, AlgorithmIdentifier, Elements},
    },
    json::Object,
    secret::Secret,
};

/// A private key, checked.
#[derive(Clone, Debug)]
pub enum PrivateKey {
    /// On an elliptic curve.
    Ec(agreement::EcPrivateKey),
    /// RSA.
    Rsa(RsaPrivateKey),
}

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
                agreement::EcPrivateKey::new(curve, Secret::new(bytes(jwk, "d")?), Some(point)).map(Self::Ec)
            }
            "RSA" => {
                if jwk.get("oth").is_some() {
                    return Err(Error::new(Code::KeyInvalid).at("/oth").expected("two primes").got("more"));
                }
                let number = |name| bytes(jwk, name).map(|bytes| (name, Secret::new(bytes)));
                let numbers = NUMBERS.into_iter().map(number).collect::<Result<_>>()?;
                let public = rsa::RsaPublicKey::new(&bytes(jwk, "n")?, &bytes(jwk, "e")?)?;
                Ok(Self::Rsa(RsaPrivateKey::new(public, numbers)))
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
                let info = key_info(der.expose()).ok_or_else(|| invalid("a PKCS#8 PrivateKeyInfo"))?;
                from_pkcs8(info)
            }
            "PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE" => {
                Err(Error::new(Code::KeyWrongType).expected("a private key").got("a public key"))
            }
            _ => {
                let got = match label {
                    "RSA PRIVATE KEY" => "RSA PRIVATE KEY (PKCS#1)",
                    "EC PRIVATE KEY" | "EC PARAMETERS" => "EC PRIVATE KEY (SEC 1)",
                    "ENCRYPTED PRIVATE KEY" => "ENCRYPTED PRIVATE KEY",
                    "OPENSSH PRIVATE KEY" => "OPENSSH PRIVATE KEY",
                    _ => "another label",
                };
                let expected = "PRIVATE KEY (PKCS#8, not encrypted) in the first line, as `openssl pkcs8 -topk8 -nocrypt` writes it";
                Err(invalid(expected).got(got))
            }
        }
    }

    /// Returns which kind of key this is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Ec(key) => Kind::of(key.point().curve()),
            Self::Rsa(_) => Kind::Rsa,
        }
    }
}

fn from_pkcs8((algorithm, key): (AlgorithmIdentifier<'_>, &[u8])) -> Result<PrivateKey> {
    match algorithm.identifier {
        pem::RSA => {
            let [modulus, exponent, numbers @ ..] =
                rsa_private_key(key).ok_or_else(|| invalid("an RSAPrivateKey of two primes"))?;
            let public = rsa::RsaPublicKey::new(modulus, exponent)?;
            let numbers = NUMBERS.into_iter().zip(numbers.map(Secret::new)).collect();
            Ok(PrivateKey::Rsa(RsaPrivateKey::new(public, numbers)))
        }
        pem::ELLIPTIC_CURVE => {
            let curve = algorithm.parameters.and_then(pem::curve_of).ok_or_else(|| {
                Error::new(Code::KeyWrongType).expected(pem::CURVES).got("a different curve")
            })?;
            let (scalar, point) = ec_private_key(key).ok_or_else(|| invalid("an ECPrivateKey"))?;
            let point = point.map(|point| Point::from_sec1(curve, point)).transpose()?;
            agreement::EcPrivateKey::new(curve, Secret::new(scalar), point).map(PrivateKey::Ec)
        }
        other => Err(Error::new(Code::KeyWrongType)
            .expected("an RSA key, or a key on P-256, P-384 or P-521")
            .got(pem::identified(other))),
    }
}

/// PrivateKeyInfo (RFC 5208 section 5) or OneAsymmetricKey (RFC 5958 section 2): the algorithm and the key.
fn key_info(der: &[u8]) -> Option<(AlgorithmIdentifier<'_>, &[u8])> {
    let mut members = Elements::of_sequence(der)?;
    let version = members.unsigned()?;
    let algorithm = members.algorithm()?;
    let key = members.take(der::OCTET_STRING)?;
    // Attributes say nothing to us; a public half comes with the second version alone.
    if members.tag() == Some(der::context(0)) {
        members.any()?;
    }
    match version {
        [0] => {}
        [1] => drop(members.take(PUBLIC_HALF)?),
        _ => return None,
    }
    members.end()?;
    Some((algorithm, key))
}

/// `[1] IMPLICIT BIT STRING`.
const PUBLIC_HALF: u8 = 0x81;

/// RSAPrivateKey (RFC 8017 appendix A.1.2) of two primes: the modulus, the public exponent, and the numbers.
fn rsa_private_key(key: &[u8]) -> Option<[&[u8]; 8]> {
    let mut members = Elements::of_sequence(key)?;
    if members.unsigned()? != [0] {
        return None;
    }
    let mut numbers: [&[u8]; 8] = [&[]; 8];
    for number in &mut numbers {
        *number = members.unsigned()?;
    }
    members.end()?;
    Some(numbers)
}

/// ECPrivateKey (RFC 5915): version 1, the number, and perhaps the curve and the point.
fn ec_private_key(key: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let mut members = Elements::of_sequence(key)?;
    if members.unsigned()? != [1] {
        return None;
    }
    let scalar = members.take(der::OCTET_STRING)?;
    let mut point = None;
    while members.end().is_none() {
        let (tag, content) = members.any()?;
        if tag == der::context(1) {
            let mut inner = Elements::of(content);
            point = Some(inner.bits()?);
            inner.end()?;
        }
    }
    Some((scalar, point))
}
