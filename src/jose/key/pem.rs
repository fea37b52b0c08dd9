//! Public keys as PEM text: SubjectPublicKeyInfo (RFC 5280), `RSA PUBLIC KEY` (RFC 8017), or an X.509 certificate,
//! of which only the key is read: who issued it, and until when, is not ours to judge. The armour may be bent
//! (`\n` as two characters, CRLF, other line lengths, no last newline), as settings pass through many hands.

use super::certificate;
use crate::{
    Code, Error, Result,
    jose::{
        algorithm::{curve::Curve, ecdsa, material::Material, rsa},
        base64url,
        der::{self, AlgorithmIdentifier, Elements},
    },
};
use alloc::{format, string::String, vec::Vec};

/// Object identifiers as DER has them: 1.2.840.113549.1.1.1, 1.2.840.10045.2.1, 1.3.101.112, and of the curves
/// 1.2.840.10045.3.1.7, 1.3.132.0.34, 1.3.132.0.35.
pub(in crate::jose) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
pub(super) const ELLIPTIC_CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
#[cfg(feature = "whole")]
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];

/// The labels of a certificate (RFC 7468 section 5.1, and what older tools write).
const CERTIFICATE: [&str; 2] = ["CERTIFICATE", "X509 CERTIFICATE"];

/// Reads the first public key of a PEM text.
///
/// ```
/// use handstamp::jose::primitives::read_pem;
/// let text = r"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";
/// assert_eq!(read_pem(text)?.kind().as_str(), "an Ed25519 key");
/// # Ok::<(), handstamp::Error>(())
/// ```
///
/// # Errors
/// `key_is_private` if any block is a private key; `key_invalid`; `key_wrong_type` for a kind of key that JOSE or
/// we do not use; and the checks of the key itself.
pub fn read(text: &str) -> Result<Material> {
    if split(text, "PRIVATE KEY-----").is_some() {
        return Err(Error::new(Code::KeyIsPrivate).expected("a public key").got("a private key"));
    }
    let (label, der) = unarmour(text)?;
    match label {
        "PUBLIC KEY" => subject_public_key_info(&der),
        "RSA PUBLIC KEY" => pkcs1_public_key(&der),
        label if CERTIFICATE.contains(&label) => {
            let key = certificate::key(&der).ok_or_else(|| invalid("an X.509 certificate"))?;
            subject_public_key_info(key)
        }
        _ => Err(invalid("PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE in the first line")),
    }
}

/// Reads when the certificate of a PEM text ends, as RFC 3339 writes a time; `None` for what is not a certificate.
///
/// ```
/// use handstamp::jose::key::certificate_end;
/// assert_eq!(certificate_end("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"), None);
/// ```
#[cfg(feature = "whole")]
pub fn certificate_end(text: &str) -> Option<String> {
    let (label, der) = unarmour(text).ok()?;
    if CERTIFICATE.contains(&label) { certificate::end(&der) } else { None }
}

pub(super) fn invalid(expected: &str) -> Error {
    Error::new(Code::KeyInvalid).expected(expected)
}

/// Label and bytes of the first block.
pub(super) fn unarmour(text: &str) -> Result<(&str, Vec<u8>)> {
    let block = || {
        let (_, rest) = split(text, "-----BEGIN ")?;
        let (label, rest) = split(rest, "-----")?;
        let (body, end) = split(rest, "-----END ")?;
        end.strip_prefix(label)?.starts_with("-----").then_some((label, body))
    };
    let (label, body) = block()
        .ok_or_else(|| invalid("a PEM key from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----"))?;
    // Line breaks, also as the letters that stand for them: n and r belong to the alphabet, the backslash does not.
    let mut symbols = Vec::with_capacity(body.len());
    let mut rest = body.bytes().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' if rest.next_if(|next| matches!(next, b'n' | b'r')).is_some() => {}
            _ if byte.is_ascii_whitespace() => {}
            _ => symbols.push(byte),
        }
    }
    let der = base64url::decode_standard(&symbols).filter(|der| !der.is_empty());
    der.map(|der| (label, der)).ok_or_else(|| invalid("base64 between the BEGIN and END lines"))
}

/// Returns the strings before and after a mark, as `split_once` does, which would bring a search for long marks into
/// the module.
fn split<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let place = text.as_bytes().windows(mark.len()).position(|part| part == mark.as_bytes())?;
    Some((text.get(..place)?, text.get(place.checked_add(mark.len())?..)?))
}

fn subject_public_key_info(der: &[u8]) -> Result<Material> {
    let (algorithm, key) = key_info(der).ok_or_else(|| invalid("a SubjectPublicKeyInfo"))?;
    match algorithm.identifier {
        RSA => pkcs1_public_key(key),
        #[cfg(feature = "whole")]
        ED25519 => crate::jose::algorithm::eddsa::Ed25519PublicKey::new(key).map(Material::Ed25519),
        ELLIPTIC_CURVE => match algorithm.parameters.and_then(curve_of) {
            Some(curve) => ecdsa::EcPublicKey::from_sec1(curve, key).map(Material::Ec),
            None => Err(Error::new(Code::KeyWrongType).expected(CURVES).got("a different curve")),
        },
        other => Err(Error::new(Code::KeyWrongType).expected(KEYS).got(identified(other))),
    }
}

#[cfg(feature = "whole")]
const KEYS: &str = "an RSA, elliptic-curve or Ed25519 key";
#[cfg(not(feature = "whole"))]
const KEYS: &str = "an RSA or P-256 key";

/// The curves that are served, in words.
pub(super) const CURVES: &str = if cfg!(feature = "whole") { "P-256, P-384 or P-521" } else { "P-256" };

/// A key of another kind, by its object identifier in its usual form.
pub(super) fn identified(identifier: &[u8]) -> String {
    if cfg!(not(feature = "whole")) {
        return String::new();
    }
    let mut numbers = String::from("a key with the object identifier ");
    let (mut number, mut first) = (0_u64, true);
    for byte in identifier {
        number = number.wrapping_mul(128).wrapping_add((byte & 0x7f).into());
        if *byte < 0x80 {
            // The first two numbers are one: 40 times the first, which is 0, 1 or 2, plus the second.
            let text = match number {
                both if first => {
                    let one = (both / 40).min(2);
                    format!("{one}.{}", both.saturating_sub(one.saturating_mul(40)))
                }
                number => format!(".{number}"),
            };
            numbers.push_str(&text);
            (number, first) = (0, false);
        }
    }
    numbers
}

/// The curve of an object identifier.
pub(super) fn curve_of(identifier: &[u8]) -> Option<Curve> {
    match identifier {
        P256 => Some(Curve::P256),
        P384 if cfg!(feature = "whole") => Some(Curve::P384),
        P521 if cfg!(feature = "whole") => Some(Curve::P521),
        _ => None,
    }
}

fn pkcs1_public_key(der: &[u8]) -> Result<Material> {
    let [modulus, exponent] =
        der::two_integers(der).ok_or_else(|| invalid("an RSAPublicKey of modulus and exponent"))?;
    rsa::RsaPublicKey::new(modulus, exponent).map(Material::Rsa)
}

/// SubjectPublicKeyInfo (RFC 5280 section 4.1): the algorithm and the key.
pub(super) fn key_info(der: &[u8]) -> Option<(AlgorithmIdentifier<'_>, &[u8])> {
    let mut members = Elements::of_sequence(der)?;
    let algorithm = members.algorithm()?;
    let key = members.bits()?;
    members.end()?;
    Some((algorithm, key))
}
