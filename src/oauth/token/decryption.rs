//! Tokens that the identity provider encrypts for us (OpenID Connect Core section 10.2): decrypted with a key that the
//! document names, then verified like any other. Encryption proves nothing about the sender.

use super::claims::refused;
use crate::{
    Code, Error, Result,
    account::{OAuth, SecretPurpose, resolve_key},
    bounds,
    input::Input,
    jose::{compact::Compact, key::DecryptKey, nested},
    json::Value,
    oauth::{
        host::{Played, Replay},
        provider::Server,
    },
};
use alloc::{format, string::String, vec::Vec};

/// Reads the document's decryption keys; none that is revoked.
///
/// # Errors
/// `secret_unknown`, and those of the key.
pub fn keys(input: Input<'_>, settings: &OAuth) -> Result<Vec<DecryptKey>> {
    let mut out = Vec::new();
    for (index, entry) in settings.deviations.decrypt.iter().enumerate() {
        let place = format!("/oauth/decrypt/{index}");
        let Some(entry) = entry.as_object() else { continue };
        if entry.get("status").and_then(Value::as_str) == Some("revoked") {
            continue;
        }
        let secrets = input.secrets()?.ok_or_else(|| Error::new(Code::SecretUnknown).at(place.as_str()))?;
        let key = Value::from(resolve_key(entry, SecretPurpose::Decrypt, &place, &secrets)?);
        out.push(DecryptKey::from_settings(&key, &place)?);
    }
    Ok(out)
}

/// Returns the contents of an encrypted token. Refusals have the code and stand at the place that are given.
///
/// # Errors
/// The code, without a key or with one that does not fit.
pub(in crate::oauth) fn contents(
    token: &Compact<'_>,
    (code, place): (Code, &'static str),
    server: &Server<'_>,
    replay: &mut Replay,
) -> Played<String> {
    if server.decrypt.is_empty() {
        let error = Error::new(code).at(place).expected("a signed token, or a key in the setting `decrypt`");
        return Err(error.got("an encrypted token").into());
    }
    let told = |error: Error| refused(code, place, &error);
    let bytes = replay.compute(async |host| nested::contents(token, server.decrypt, host).await);
    let bytes = bytes.map_err(|pause| pause.refused(told))?;
    let unreadable = |_| told(Error::new(Code::JweWithoutJws).got("bytes that are not UTF-8"));
    Ok(String::from_utf8(bytes).map_err(unreadable)?)
}

/// Parses a token of the identity provider: as long as its answer may be.
///
/// # Errors
/// Those of [`Compact::parse`].
pub fn parse(text: &str) -> Result<Compact<'_>> {
    Compact::parse_within(text, bounds::PROFILE_BYTES)
}

/// Parses the token that was in an encrypted one.
///
/// # Errors
/// Those of [`Compact::parse`]; `jwe_without_jws` for one that is encrypted again.
pub fn parse_inner(text: &str) -> Result<Compact<'_>> {
    let token = parse(text)?;
    if token.is_encrypted() {
        return Err(Error::new(Code::JweWithoutJws).expected("a signed token").got("a second JWE"));
    }
    Ok(token)
}
