//! Public keys as PEM text: SubjectPublicKeyInfo (RFC 5280), `RSA PUBLIC KEY` (RFC 8017), or an X.509 certificate,
//! of which only the key is read: who issued it, and until when, is not ours to judge. The armour may be bent
//! (`\n` as two characters, CRLF, other line lengths, no last newline), as settings pass through many hands.

use super::{base64url, curve::Curve, ecdsa, eddsa, material::Material, rsa};
use crate::{Code, Error, Result};
use ::rsa::{
    pkcs1,
    pkcs8::{
        ObjectIdentifier, SubjectPublicKeyInfoRef,
        der::{
            self, Decode, Reader, SliceReader, Tag, TagNumber, Tagged,
            asn1::{AnyRef, UintRef},
        },
    },
};
use alloc::{format, string::String, vec::Vec};

pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(super) const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Reads the first public key of a PEM text.
///
/// ```
/// use handstamp::jose::{material::Kind, pem};
/// let text = r"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";
/// assert_eq!(pem::read(text)?.kind(), Kind::Ed25519);
/// # Ok::<(), handstamp::Error>(())
/// ```
///
/// # Errors
/// `key_is_private` if any block is a private key; `key_invalid`; `key_wrong_type` for a kind of key that JOSE or
/// we do not use; and the checks of the key itself.
pub fn read(text: &str) -> Result<Material> {
    if text.contains("PRIVATE KEY-----") {
        return Err(Error::new(Code::KeyIsPrivate).expected("a public key").got("a private key"));
    }
    let (label, der) = unarmour(text)?;
    match label {
        "PUBLIC KEY" => subject_public_key_info(&der),
        "RSA PUBLIC KEY" => pkcs1_public_key(&der),
        "CERTIFICATE" | "X509 CERTIFICATE" => {
            let key = key_of_certificate(&der).map_err(|_| invalid("an X.509 certificate"))?;
            subject_public_key_info(key)
        }
        _ => Err(invalid("PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE in the first line")),
    }
}

/// Whether bytes that should be a secret are a public key after all (CVE-2016-10555 and its kin).
pub(super) fn is_public_key(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains("-----BEGIN")
        || SubjectPublicKeyInfoRef::from_der(bytes).is_ok()
        || pkcs1::RsaPublicKey::<UintRef<'_>>::from_der(bytes).is_ok()
}

pub(super) fn invalid(expected: &str) -> Error {
    Error::new(Code::KeyInvalid).expected(expected)
}

/// Label and bytes of the first block.
pub(super) fn unarmour(text: &str) -> Result<(&str, Vec<u8>)> {
    let block = || {
        let (_, rest) = text.split_once("-----BEGIN ")?;
        let (label, rest) = rest.split_once("-----")?;
        let (body, end) = rest.split_once("-----END ")?;
        end.strip_prefix(label)?.starts_with("-----").then_some((label, body))
    };
    let (label, body) = block()
        .ok_or_else(|| invalid("a PEM text from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----"))?;
    let body = body.replace("\\r", "").replace("\\n", "");
    let symbols: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let der = base64url::decode_standard(&symbols).filter(|der| !der.is_empty());
    der.map(|der| (label, der)).ok_or_else(|| invalid("base64 between the lines of the PEM text"))
}

fn subject_public_key_info(der: &[u8]) -> Result<Material> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| invalid("a SubjectPublicKeyInfo"))?;
    let bytes = info.subject_public_key.as_bytes().ok_or_else(|| invalid("a key of whole bytes"))?;
    match info.algorithm.oid {
        RSA => pkcs1_public_key(bytes),
        ED25519 => eddsa::PublicKey::new(bytes).map(Material::Ed25519),
        ELLIPTIC_CURVE => match info.algorithm.parameters_oid().ok().and_then(curve_of) {
            Some(curve) => ecdsa::PublicKey::from_sec1(curve, bytes).map(Material::Ec),
            None => {
                Err(Error::new(Code::KeyWrongType).expected("P-256, P-384 or P-521").got("another curve"))
            }
        },
        other => Err(Error::new(Code::KeyWrongType)
            .expected("an RSA, elliptic-curve or Ed25519 key")
            .got(format!("a key with the object identifier {other}"))),
    }
}

/// The curve of an object identifier.
pub(super) fn curve_of(identifier: ObjectIdentifier) -> Option<Curve> {
    match identifier {
        P256 => Some(Curve::P256),
        P384 => Some(Curve::P384),
        P521 => Some(Curve::P521),
        _ => None,
    }
}

fn pkcs1_public_key(der: &[u8]) -> Result<Material> {
    let key = pkcs1::RsaPublicKey::<UintRef<'_>>::from_der(der)
        .map_err(|_| invalid("an RSAPublicKey of modulus and exponent"))?;
    rsa::PublicKey::new(key.modulus.as_bytes(), key.public_exponent.as_bytes()).map(Material::Rsa)
}

/// The SubjectPublicKeyInfo of a certificate (RFC 5280 section 4.1): the seventh member of its first member, or
/// the sixth where the version is left out.
fn key_of_certificate(der: &[u8]) -> der::Result<&[u8]> {
    let certificate = AnyRef::from_der(der)?;
    certificate.tag().assert_eq(Tag::Sequence)?;
    let to_be_signed: AnyRef<'_> = SliceReader::new(certificate.value())?.decode()?;
    to_be_signed.tag().assert_eq(Tag::Sequence)?;
    let mut members = SliceReader::new(to_be_signed.value())?;
    let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    if Tag::peek(&members)? == version {
        members.tlv_bytes()?;
    }
    for _ in ["serialNumber", "signature", "issuer", "validity", "subject"] {
        members.tlv_bytes()?;
    }
    members.tlv_bytes()
}
