//! The metadata of an identity provider (OpenID Connect Discovery 1.0, RFC 8414): whose it is, and whether a copy of it
//! may take the place of one that worked.

use crate::{
    Code, Error, Result,
    json::{Object, Value},
    url::{check_url, is_loopback_url},
};
use alloc::{format, string::String};

/// The endpoints without which nobody can sign in.
const NEEDED: [&str; 2] = ["authorization_endpoint", "token_endpoint"];

/// Returns a short foreign text that is shown to an account's owner: cut, and nothing but plain characters.
pub fn printable(text: &str, otherwise: &str) -> String {
    let plain: String = text.chars().filter(|character| character.is_ascii_graphic()).take(200).collect();
    if plain.is_empty() { otherwise.into() } else { plain }
}

/// Checks that the metadata is that of this issuer, character by character as both standards demand.
///
/// # Errors
/// `discovery_issuer_mismatch`
pub fn check_issuer(metadata: &Object, issuer: &str) -> Result<()> {
    let named = metadata.get("issuer").and_then(Value::as_str).unwrap_or_default();
    if named == issuer {
        return Ok(());
    }
    let error = Error::new(Code::DiscoveryIssuerMismatch).at("/issuer");
    Err(error.expected(issuer).got(printable(named, "no issuer")))
}

/// Returns the URL of an endpoint, where the metadata names one: `null` and an empty string are none.
///
/// # Errors
/// `discovery_invalid` for a value that is not a string, `address_refused` for a URL that may not be fetched: an identity
/// provider of the open internet must not lead us to an inner address. The provider mends it, not the settings.
pub fn endpoint<'a>(metadata: &'a Object, member: &str, issuer: &str) -> Result<Option<&'a str>> {
    let place = || format!("/{member}");
    let Some(value) = metadata.get(member).filter(|value| **value != Value::Null) else { return Ok(None) };
    let wrong = || Error::new(Code::DiscoveryInvalid).at(place()).expected("a URL").got(value.kind());
    let url = value.as_str().ok_or_else(wrong)?;
    if url.is_empty() {
        return Ok(None);
    }
    check_url(url, is_loopback_url(issuer))
        .map_err(|fault| Error::new(Code::AddressRefused).at(place()).got(fault).of_issuer())?;
    Ok(Some(url))
}

/// Checks that a copy can sign people in at this issuer.
///
/// # Errors
/// `discovery_issuer_mismatch`, and `discovery_invalid` or `address_refused` for an endpoint.
pub fn check_usable(metadata: &Object, issuer: &str) -> Result<()> {
    check_issuer(metadata, issuer)?;
    NEEDED.iter().try_for_each(|member| {
        let missing = || Error::new(Code::DiscoveryInvalid).at(format!("/{member}")).got("nothing");
        endpoint(metadata, member, issuer)?.map(|_| ()).ok_or_else(missing)
    })
}

/// Checks whether a copy can sign people in. With an issuer it must also be of that issuer.
pub fn is_usable(metadata: &Object, issuer: Option<&str>) -> bool {
    let Some(issuer) = issuer else { return metadata.get("issuer").and_then(Value::as_str).is_some() };
    check_usable(metadata, issuer).is_ok()
}
