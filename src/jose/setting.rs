//! What settings of keys have in common: known members only, secrets with their encoding said, a status.

use super::{base64url, jwk, material::Material};
use crate::{
    Code, Error, Result,
    json::{Object, Value},
    secret::Secret,
};
use alloc::{format, vec::Vec};

/// Where a key stands in its rotation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
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

/// The members of one setting; places are relative to it.
pub(super) struct Setting<'a>(&'a Object);

impl<'a> Setting<'a> {
    /// Takes an object with no other members than the known ones; `id` and `status` are always known.
    pub(super) fn new(value: &'a Value, known: &[&str]) -> Result<Self> {
        let members = value.as_object().ok_or_else(|| wrong("", "an object", value.kind()))?;
        match members.iter().find(|(name, _)| !known.contains(name) && !matches!(*name, "id" | "status")) {
            Some((name, _)) => Err(Error::new(Code::SettingsUnknown)
                .at(format!("/{}", name.replace('~', "~0").replace('/', "~1")))
                .expected(format!("one of {}", known.join(", ")))),
            None => Ok(Self(members)),
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(&format!("/{name}"), "a string", other.kind())),
        }
    }

    pub(super) fn required(&self, name: &str, expected: &str) -> Result<&'a str> {
        self.text(name)?.ok_or_else(|| wrong(&format!("/{name}"), expected, "nothing"))
    }

    pub(super) fn status(&self) -> Result<Status> {
        Ok(match self.text("status")? {
            None | Some("active") => Status::Active,
            Some("next") => Status::Next,
            Some("retiring") => Status::Retiring,
            Some("revoked") => Status::Revoked,
            Some(_) => return Err(wrong("/status", "next, active, retiring or revoked", "another word")),
        })
    }

    /// The key as it is given: text or JWK.
    pub(super) fn key(&self) -> Result<Given<'a>> {
        match self.0.get("key") {
            Some(Value::String(text)) => Ok(Given::Text(text)),
            Some(Value::Object(jwk)) => Ok(Given::Jwk(jwk)),
            Some(other) => {
                Err(Error::new(Code::KeyInvalid).at("/key").expected("a text or a JWK").got(other.kind()))
            }
            None => Err(Error::new(Code::KeyInvalid).at("/key").expected("a key").got("nothing")),
        }
    }

    /// The bytes of a secret that is given as text; the encoding must be said, as guessing would accept a
    /// different key than the one that was meant.
    pub(super) fn secret_text(&self, text: &str) -> Result<Secret> {
        let bytes = match self.text("encoding")? {
            None => return Err(Error::new(Code::KeyEncodingMissing).at("/encoding")),
            Some("utf8") => Some(Vec::from(text)),
            Some("base64") => base64url::decode_standard(text.as_bytes()),
            Some("base64url") => base64url::decode_secret(text.as_bytes()),
            Some("hex") => hexadecimal(text),
            Some(_) => return Err(wrong("/encoding", "utf8, base64, base64url or hex", "another word")),
        };
        let length = || format!("a text of {} characters that is not", text.chars().count());
        let stated = self.text("encoding")?.unwrap_or_default();
        bytes.map(Secret::new).ok_or_else(|| {
            Error::new(Code::KeyEncodingInvalid).at("/key").expected(format!("{stated} text")).got(length())
        })
    }
}

/// A key as it is given.
pub(super) enum Given<'a> {
    Text(&'a str),
    Jwk(&'a Object),
}

/// The secret of a JWK.
pub(super) fn secret_of_jwk(members: &Object) -> Result<Secret> {
    match jwk::read(members)? {
        Material::Secret(secret) => Ok(secret),
        other => Err(Error::new(Code::KeyWrongType).at("/kty").expected("oct").got(other.kind().as_str())),
    }
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |[high, low]: &[u8; 2]| Some((digit(*high)? << 4) | digit(*low)?);
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

pub(super) fn wrong(place: &str, expected: &str, got: &str) -> Error {
    Error::new(Code::SettingsInvalid).at(place).expected(expected).got(got)
}
