//! A signed token inside an encrypted one (RFC 7519 section 5.2): decrypted, then verified, never one without the
//! other. A token that is encrypted but not signed proves no sender and is refused (CVE-2026-29000).

use super::{
    algorithm::key_management::ephemeral,
    compact::{Compact, Form},
    header::Header,
    host::{Host, here},
    jwe,
    jws::{self, Verified},
    key::{DecryptKey, KeySource, jwk},
};
use crate::{Code, Error, Result, Warning, bounds, error::Remark, json::Value};
use alloc::{format, string::String, vec::Vec};

/// Whether tokens come encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encryption {
    /// They do not.
    Off,
    /// They may.
    Accept,
    /// They must.
    Require,
}

impl Encryption {
    /// Returns the name that it has in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Accept => "accept",
            Self::Require => "require",
        }
    }
}

/// A verified token, and how it came.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Opened {
    /// The inner token, or the only one.
    pub verified: Verified,
    /// Whether it came encrypted.
    pub encrypted: bool,
}

/// Takes a token apart, decrypts it if it is encrypted, and verifies it.
///
/// # Errors
/// `encryption_required`, `encryption_unexpected`, `jwe_without_jws`, and those of [`Compact::parse`],
/// [`jwe::decrypt`] and [`jws::verify`]; places of the inner token begin with `inner `.
pub fn open(
    text: &str,
    decrypt: &[DecryptKey],
    encryption: Encryption,
    verify: &[KeySource],
) -> Result<Opened> {
    here(opening(text, decrypt, encryption, verify, &Host::none()))
}

/// Works as [`open`], by the module or by the host.
///
/// # Errors
/// As `open`, and `needs_webcrypto` where neither can.
pub async fn opening(
    text: &str,
    decrypt: &[DecryptKey],
    encryption: Encryption,
    verify: &[KeySource],
    host: &Host,
) -> Result<Opened> {
    let outer = parse(text, encryption, host)?;
    if !outer.is_encrypted() {
        return Ok(Opened { verified: jws::verifying(outer, verify, host).await?, encrypted: false });
    }
    let decrypted = jwe::decrypting(&outer, decrypt, host).await?;
    check_content_type(&decrypted.header)?;
    let inner = inner(&decrypted.plaintext, host)?;
    let verified = jws::verifying(inner, verify, host).await.map_err(within_inner)?;
    from_inside(verified, &decrypted.header)
}

/// Decrypts a token and returns its contents, where the signed token in it is verified elsewhere.
///
/// # Errors
/// Those of [`jwe::decrypt`]; `jwe_without_jws` for a media type other than that of a token.
pub(crate) async fn contents(token: &Compact<'_>, decrypt: &[DecryptKey], host: &Host) -> Result<Vec<u8>> {
    let decrypted = jwe::decrypting(token, decrypt, host).await?;
    check_content_type(&decrypted.header)?;
    Ok(decrypted.plaintext)
}

fn parse<'a>(text: &'a str, encryption: Encryption, host: &Host) -> Result<Compact<'a>> {
    let outer = Compact::parse_by(text, bounds::TOKEN_BYTES, host.header)?;
    match (outer.is_encrypted(), encryption) {
        (true, Encryption::Off) => Err(Error::new(Code::EncryptionUnexpected)),
        (false, Encryption::Require) => Err(Error::new(Code::EncryptionRequired)),
        _ => Ok(outer),
    }
}

/// A verified token that came in an encrypted one of this header.
fn from_inside(verified: Verified, outer: &Header) -> Result<Opened> {
    check_copies(outer, verified.payload())?;
    let short = short_coordinate(outer).map(|place| Remark::at(Warning::CoordinateShort, place));
    Ok(Opened { verified: verified.with_remarks(short), encrypted: true })
}

/// The place of a coordinate of the sender's ephemeral key that was written without its leading zeros.
fn short_coordinate(outer: &Header) -> Option<String> {
    let epk = outer.members().get("epk")?;
    let point = ephemeral(Some(epk)).ok()?;
    Some(format!("header/epk/{}", jwk::short_coordinate(epk.as_object()?, &point)?))
}

/// Returns header and payload of the inner token, or of the only one, not verified. Use it only for questions with the
/// answer yes or no.
///
/// # Errors
/// As [`open`], but for the signature.
pub(crate) async fn unproven(
    text: &str,
    decrypt: &[DecryptKey],
    encryption: Encryption,
    host: &Host,
) -> Result<(Header, Vec<u8>)> {
    let of = |token: Compact<'_>| match token.form {
        Form::Jws { payload, .. } => Ok((token.header, payload)),
        Form::Jwe { .. } => Err(Error::new(Code::JweWithoutJws)),
    };
    let outer = parse(text, encryption, host)?;
    if !outer.is_encrypted() {
        return of(outer);
    }
    let decrypted = jwe::decrypting(&outer, decrypt, host).await?;
    check_content_type(&decrypted.header)?;
    let (header, payload) = of(inner(&decrypted.plaintext, host)?)?;
    check_copies(&decrypted.header, &payload)?;
    Ok((header, payload))
}

/// Refuses the same key for verification and decryption: one key, one use (RFC 8725 section 3.1).
///
/// # Errors
/// `key_shared`, with the place of the decryption key.
pub fn check_keys(decrypt: &[DecryptKey], verify: &[KeySource]) -> Result<()> {
    let keys = || verify.iter().flat_map(KeySource::configured_keys);
    match decrypt.iter().find(|ours| keys().any(|theirs| ours.is_also(theirs))) {
        Some(key) => Err(Error::new(Code::KeyShared).at(format!("{}/key", key.place()))),
        None => Ok(()),
    }
}

/// The media type may be left out by issuers; another one is a contradiction.
fn check_content_type(header: &Header) -> Result<()> {
    match header.cty() {
        Some(cty) if !["JWT", "application/jwt"].iter().any(|name| name.eq_ignore_ascii_case(cty)) => {
            Err(Error::new(Code::JweWithoutJws).at("header/cty").expected("JWT").got("a different type"))
        }
        _ => Ok(()),
    }
}

fn inner<'a>(plaintext: &'a [u8], host: &Host) -> Result<Compact<'a>> {
    let without = |got: &str| Error::new(Code::JweWithoutJws).at("plaintext").expected("a JWS").got(got);
    let text = core::str::from_utf8(plaintext).map_err(|_| without("bytes that are not UTF-8"))?;
    match Compact::parse_by(text, bounds::TOKEN_BYTES, host.header) {
        Ok(compact) if compact.is_encrypted() => Err(without("a second JWE")),
        Ok(compact) => Ok(compact),
        Err(error) => Err(match error.code() {
            Code::TokenMissing => without("nothing"),
            Code::TokenIsJson => without("JSON without a signature"),
            // A token all the same, but for a line break or a space.
            Code::TokenWhitespace if text.split_whitespace().collect::<String>().split('.').count() == 3 => {
                error.at("inner token")
            }
            Code::TokenSegments | Code::TokenCharacters | Code::TokenWhitespace => {
                without("a different string")
            }
            _ => within_inner(error),
        }),
    }
}

/// Marks a place as one of the inner token.
fn within_inner(error: Error) -> Error {
    match error.detail().and_then(|detail| detail.at.as_deref()) {
        Some(place) if !place.starts_with('/') => error.within("inner "),
        _ => error,
    }
}

/// Claims copied into the outer header must equal those inside (RFC 7519 section 5.3).
fn check_copies(header: &Header, payload: &[u8]) -> Result<()> {
    let copies = ["iss", "sub", "aud"].map(|name| (name, header.members().get(name)));
    if copies.iter().all(|(_, copy)| copy.is_none()) {
        return Ok(());
    }
    let claims = Value::parse_object(payload).map_err(|error| error.within("payload"))?;
    match copies.iter().find(|(name, copy)| copy.is_some() && claims.get(name) != *copy) {
        Some((name, _)) => Err(Error::new(Code::HeaderInvalid)
            .at(format!("header/{name}"))
            .expected("the same value as in the signed token")),
        None => Ok(()),
    }
}
