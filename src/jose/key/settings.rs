//! The common parts of key settings: a key as text or JWK, secrets with their encoding said, algorithms by name, a
//! status.

use super::{disguise, jwk};
use crate::{
    Code, Error, Result,
    jose::{algorithm::material::Material, base64url, hexadecimal},
    json::{
        Object, Value,
        members::{Members, element},
    },
    secret::Secret,
};
use alloc::vec::Vec;

/// Where a key stands in its rotation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyStatus {
    /// Published, not yet used by the issuer.
    Next,
    /// In use.
    #[default]
    Active,
    /// No longer used by the issuer; what was made with it is still good.
    Retiring,
    /// Never to be used again.
    Revoked,
}

/// Reads the member `status`.
pub(in crate::jose) fn status(members: &Members<'_>) -> Result<KeyStatus> {
    use KeyStatus::{Active, Next, Retiring, Revoked};
    let words = [("next", Next), ("active", Active), ("retiring", Retiring), ("revoked", Revoked)];
    members.choice("status", &words).map(Option::unwrap_or_default)
}

/// A key as it is given.
#[derive(Clone, Copy)]
pub(in crate::jose) enum Given<'a> {
    Text(&'a str),
    Jwk(&'a Object),
}

/// Reads the member `key`.
pub(in crate::jose) fn key<'a>(members: &Members<'a>) -> Result<Given<'a>> {
    let fault = |got: &str| {
        Error::new(Code::KeyInvalid).at(members.place("key")).expected("a string or a JWK").got(got)
    };
    match members.get("key") {
        Some(Value::String(text)) => Ok(Given::Text(text)),
        Some(Value::Object(jwk)) => Ok(Given::Jwk(jwk)),
        Some(other) => Err(fault(other.kind())),
        None => Err(fault("nothing")),
    }
}

/// The row that a member names.
pub(in crate::jose) fn row<T: Copy>(
    members: &Members<'_>,
    member: &str,
    rows: &[T],
    name: fn(T) -> &'static str,
) -> Result<T> {
    members.required(member, "the name of an algorithm")?;
    let place = members.chosen(member, &|place| rows.get(place).map(|row| name(*row)))?;
    let row = place.and_then(|place| rows.get(place));
    row.copied().ok_or_else(|| Error::new(Code::SettingsInvalid).at(members.place(member)))
}

/// The bytes of a secret that is given as text. The encoding must be said: guessing would accept another key than
/// the one that was meant.
pub(super) fn secret_of_text(members: &Members<'_>, text: &str) -> Result<Secret> {
    type Decode = fn(&[u8]) -> Option<Vec<u8>>;
    let words: [(&str, (&str, Decode)); 4] = [
        ("utf8", ("UTF-8", |text| Some(text.to_vec()))),
        ("base64", ("base64", base64url::decode_standard)),
        ("base64url", ("base64url", base64url::decode_secret)),
        ("hex", ("hexadecimal", hexadecimal::decode)),
    ];
    // Looked at before the encoding: a public key is the fault to name.
    disguise::check(text.as_bytes()).map_err(|error| error.at(members.place("key")))?;
    let Some((name, decode)) = members.choice("encoding", &words)? else {
        return Err(Error::new(Code::KeyEncodingMissing).at(members.place("encoding")));
    };
    decode(text.as_bytes()).map(Secret::new).ok_or_else(|| {
        let got = told!("{} characters that are not {name}", text.chars().count());
        Error::new(Code::KeyEncodingInvalid)
            .at(members.place("key"))
            .expected(told!("a {name} string"))
            .got(got)
    })
}

/// The secret of a JWK.
pub(super) fn secret_of_jwk(members: &Object) -> Result<Secret> {
    match jwk::read(members)? {
        Material::Secret(secret) => Ok(secret),
        other => Err(Error::new(Code::KeyWrongType).at("/kty").expected("oct").got(other.kind().as_str())),
    }
}

/// Reads one object or an array of 1 to `most` of them.
pub(in crate::jose) fn list<T>(
    value: &Value,
    place: &str,
    most: usize,
    read: impl Fn(&Value, &str) -> Result<T>,
) -> Result<Vec<T>> {
    let Some(elements) = value.as_array() else { return Ok(alloc::vec![read(value, place)?]) };
    if elements.is_empty() {
        return Err(Error::new(Code::KeysMissing).at(place));
    }
    if elements.len() > most {
        let fault = Error::new(Code::SettingsInvalid).at(place).expected(told!("at most {most}"));
        return Err(fault.got(told!("{}", elements.len())));
    }
    elements.iter().enumerate().map(|(index, one)| read(one, &element(place, index))).collect()
}
