//! Signed tokens: the only way to a [`Verified`].

use super::verified::{SignedContent, Verified};
use crate::{
    Code, Error, Result, Warning, bounds,
    error::Remark,
    jose::{
        algorithm::Signature,
        compact::{Compact, Form},
        host::{Host, here},
        key::{Key, KeySet, KeySource, KeyStatus, Signed},
    },
};

/// Verifies a token with the first source that can.
///
/// ```
/// use handstamp::{jose::{Signature, Compact, jws, key::{Key, KeySource}}, json::{Object, Value}};
/// let secret = "an example secret of 32 bytes ok";
/// let key = Key::from_secret(secret.as_bytes(), Signature::HS256, false)?;
/// let token = jws::sign_hmac(&Object::new(), br#"{"sub":"1234"}"#, &key)?;
///
/// let setting = format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{secret}","encoding":"utf8"}}"#);
/// let source = KeySource::from_settings(&Value::parse(setting.as_bytes())?, "/verify", false)?;
/// let verified = jws::verify(&Compact::parse(&token)?, &[source])?;
/// assert_eq!(verified.payload(), br#"{"sub":"1234"}"#);
/// # Ok::<(), handstamp::Error>(())
/// ```
///
/// # Errors
/// Of one source, its own refusal. Of several, the one that leads furthest: a key set that is not loaded or does
/// not know the kid yet (the host may fetch it), then `signature_invalid`, then the others.
pub fn verify(token: &Compact<'_>, sources: &[KeySource]) -> Result<Verified> {
    here(verifying(token.clone(), sources, &Host::none()))
}

/// Works as [`verify`], by the module or by the host.
///
/// # Errors
/// As `verify`, and `needs_webcrypto` where neither can.
pub async fn verifying(token: Compact<'_>, sources: &[KeySource], host: &Host) -> Result<Verified> {
    let found = first(&token, sources, host).await?;
    Ok(Verified::proven(found.content(token)))
}

/// A key that a source holds for a token.
struct Candidate<'a> {
    index: usize,
    source: &'a KeySource,
    key: &'a Key,
}

impl Candidate<'_> {
    /// The token with what is to be said of it, once this key has verified it.
    fn content(&self, token: Compact<'_>) -> SignedContent {
        let mut content = SignedContent::new(token, self.key.known_by());
        content.source = self.index;
        if self.key.is_short() {
            content.remarks.push(Remark::at(Warning::SecretShort, self.source.place()));
        }
        if self.key.short_coordinate().is_some() {
            content.remarks.push(Remark::at(Warning::CoordinateShort, self.source.place()));
        }
        if self.source.ignores_kid() && content.header.kid().is_some() {
            content.remarks.push(Remark::at(Warning::KidIgnored, "header/kid"));
        }
        content
    }
}

/// The first source with a key that verifies; or of the refusals the one that leads furthest.
async fn first<'a>(token: &Compact<'_>, sources: &'a [KeySource], host: &Host) -> Result<Candidate<'a>> {
    if sources.len() > bounds::KEY_SOURCES {
        let expected = told!("at most {} sources", bounds::KEY_SOURCES);
        return Err(Error::new(Code::SettingsInvalid).at("/verify").expected(expected));
    }
    let mut refusal = Error::new(Code::KeysMissing);
    for (index, source) in sources.iter().enumerate() {
        let found = source.find(&token.header).and_then(|key| {
            // A source of one key says itself where it stands.
            if !source.ignores_kid() {
                not_revoked(key, sources)?;
            }
            Ok((key, signed(token)?))
        });
        let tried = match found {
            Ok((key, signed)) => {
                key.verifying(signed, place(index, source, key, signed.alg), host).await.map(|()| key)
            }
            Err(error) => Err(error),
        };
        match tried {
            Ok(key) => return Ok(Candidate { index, source, key }),
            Err(error) if rank(&error) > rank(&refusal) => refusal = error,
            Err(_) => {}
        }
    }
    Err(refusal)
}

/// Where a key stands among the sources, and in the lowest byte the row that it is to serve, as a number.
fn place(index: usize, source: &KeySource, key: &Key, alg: Signature) -> Option<u32> {
    let position = source.known_keys().iter().position(|known| core::ptr::eq(known, key))?;
    let row = Signature::ALL.iter().position(|row| *row == alg)?;
    let [index, position, row] = [index, position, row].map(|number| u8::try_from(number).ok());
    Some(u32::from_be_bytes([0, index?, position?, row?]))
}

/// Checks that no source revokes this key of a set: it is listed as revoked beside the set, which may be fetched and
/// still have it.
fn not_revoked(key: &Key, sources: &[KeySource]) -> Result<()> {
    let mut revoked = sources.iter().filter(|source| source.status() == KeyStatus::Revoked);
    let holds =
        |source: &&KeySource| source.known_keys().iter().any(|other| other.known_by() == key.known_by());
    match revoked.find(holds) {
        Some(source) => Err(Error::new(Code::KeyRevoked).at(source.place())),
        None => Ok(()),
    }
}

/// Verifies a token with one key set, by the module or by the host; without kid, where that is allowed, if exactly
/// one key fits.
///
/// # Errors
/// Those of [`KeySet::select`], `kid_missing` without a name where several keys fit, `signature_invalid`, and `sync_unsupported` or
/// `needs_webcrypto` where neither can.
pub async fn verify_with(
    token: &Compact<'_>,
    keys: &KeySet,
    allow_missing_kid: bool,
    host: &Host,
) -> Result<Verified> {
    let alg = token.header.signature().ok_or_else(not_signed)?;
    let key = match token.header.kid() {
        None if allow_missing_kid => keys.only(alg)?,
        kid => keys.select(kid, alg)?,
    };
    key.verifying(signed(token)?, None, host).await?;
    Ok(Verified::proven(SignedContent::new(token.clone(), key.known_by())))
}

/// Returns the signature with what it is to be one of.
fn signed<'a>(token: &'a Compact<'_>) -> Result<Signed<'a>> {
    let alg = token.header.signature().ok_or_else(not_signed)?;
    match &token.form {
        Form::Jws { signing_input, signature, .. } => {
            Ok(Signed { alg, message: signing_input.as_bytes(), signature })
        }
        Form::Jwe { .. } => Err(not_signed()),
    }
}

fn not_signed() -> Error {
    Error::new(Code::TokenSegments).expected("3 parts (JWS)").got("5 parts")
}

/// How far a refusal leads, among those of several sources.
const fn rank(error: &Error) -> u8 {
    match error.code() {
        Code::KeysMissing => 0,
        Code::AlgNotAllowed => 1,
        Code::SignatureInvalid => 3,
        Code::SyncUnsupported | Code::NeedsWebcrypto => 4,
        Code::KidUnknown => 5,
        Code::KeySetNotLoaded => 6,
        _ => 2,
    }
}
