//! Public keys in the place of a shared secret (CVE-2016-10555 and its kin): bytes or a string in, a refusal out. As
//! everybody has a public key, everybody could sign with such a secret. Read are JWK and JWK set (RFC 7517), PEM and DER
//! (RFC 7468, RFC 5280), keys of SSH (RFC 4253 section 6.6, RFC 4716) and of XML-DSIG, and points (SEC 1), each also in
//! base64, base64url or hexadecimal.

use super::{certificate, pem};
use crate::{
    Code, Error, Result,
    jose::{
        algorithm::curve::{Curve, Point},
        base64url, der, hexadecimal,
    },
    secret::Secret,
};
use alloc::vec::Vec;

/// How often a key may be encoded over: once by its tool, once by the place that it is stored in.
const ENCODINGS: usize = 2;
/// No public key is shorter.
const LEAST_BYTES: usize = 32;

/// Refuses a public key as a shared secret, decoded or as it is configured.
///
/// # Errors
/// `key_is_pem` for PEM and DER, `key_is_public` for any other form.
pub(in crate::jose) fn check(secret: &[u8]) -> Result<()> {
    match within(secret, ENCODINGS) {
        Some((code, got)) => Err(Error::new(code).expected("a shared secret").got(got)),
        None => Ok(()),
    }
}

fn within(bytes: &[u8], encodings: usize) -> Option<(Code, &'static str)> {
    if bytes.len() < LEAST_BYTES {
        return None;
    }
    // White space, quotation marks and zero bytes come with shells, JSON and UTF-16.
    let is_between = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | b'\\' | b'"' | b'\'');
    let plain = Secret::new(bytes.iter().copied().filter(|byte| !is_between(byte)).collect::<Vec<_>>());
    let found = text(plain.expose()).or_else(|| binary(bytes));
    if found.is_some() || encodings == 0 {
        return found;
    }
    [base64url::decode_standard, base64url::decode_secret, hexadecimal::decode].into_iter().find_map(
        |decode| within(decode(plain.expose()).map(Secret::new)?.expose(), encodings.saturating_sub(1)),
    )
}

/// The beginnings of an SSH key in base64: the length of its type and the type, such as `ssh-rsa`.
const SSH: [&[u8]; 5] =
    [b"AAAAB3NzaC1", b"AAAAC3NzaC1", b"AAAAE2VjZHNhLXNo", b"AAAAGnNrLXNzaC1", b"AAAAInNrLWVjZHNh"];

/// A key in a form of text, of which white space, quotation marks and backslashes were taken out.
fn text(plain: &[u8]) -> Option<(Code, &'static str)> {
    let has = |mark: &&[u8]| plain.windows(mark.len()).any(|part| part == *mark);
    if has(&&b"-----BEGIN"[..]) {
        return Some((Code::KeyIsPem, "a PEM key"));
    }
    if SSH.iter().chain([&&b"----BEGINSSH2"[..]]).any(has) {
        return Some((Code::KeyIsPublic, "an SSH key"));
    }
    if has(&&b"<RSAKeyValue"[..]) {
        return Some((Code::KeyIsPublic, "an XML key"));
    }
    // Of a set, the first public key is found behind any shared secret.
    let mut rest = if has(&&b"{"[..]) { plain } else { &[] };
    while let Some(at) = rest.windows(4).position(|part| part == b"kty:") {
        rest = rest.get(at.saturating_add(4)..)?;
        if !rest.starts_with(b"oct") {
            return Some((Code::KeyIsPublic, "a JWK"));
        }
    }
    None
}

fn binary(bytes: &[u8]) -> Option<(Code, &'static str)> {
    if pem::key_info(bytes).is_some()
        || der::two_integers(bytes).is_some()
        || certificate::key(bytes).is_some()
    {
        return Some((Code::KeyIsPem, "a public key in DER"));
    }
    let start = base64url::encode(bytes.get(..LEAST_BYTES)?);
    if SSH.iter().any(|mark| start.as_bytes().starts_with(mark)) {
        return Some((Code::KeyIsPublic, "an SSH key"));
    }
    let is_point = |curve: Curve| Point::from_sec1(curve, bytes).is_ok();
    Curve::ALL.into_iter().any(is_point).then_some((Code::KeyIsPublic, "a point of an elliptic curve"))
}
