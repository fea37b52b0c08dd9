//! The protected header (RFC 7515 section 4, RFC 7516 section 4): which algorithm, which key, which type. Members that
//! would change how the token is read (`crit`, `b64`, `zip`) are refused; keys and URLs that a token contains (`jwk`,
//! `jku`, `x5c`, `x5u`) are never looked at.

use super::{
    algorithm::{self, Content, Management, Signature, key_management::HeaderParameters},
    base64url,
};
use crate::{
    Code, Error, Result, bounds,
    error::characters_of,
    json::{Object, Value},
};
use alloc::{borrow::ToOwned, string::String, sync::Arc, vec::Vec};

/// The rows that the header picks, of the table that its form allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// A JWS.
    Signature(Signature),
    /// A JWE.
    Encryption(Management, Content),
}

/// A header that was read and may be acted on.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    algorithm: Algorithm,
    members: Arc<Object>,
}

impl Header {
    /// Reads the header of a JWS.
    ///
    /// # Errors
    /// `header_too_large`, the `json_*` codes, then in this order the codes of `alg`, `crit`, `b64`, `zip`,
    /// `kid`, `typ` and `cty`.
    pub fn signed(bytes: &[u8]) -> Result<Self> {
        let (members, name) = read(bytes)?;
        let row = Signature::from_name(&name)
            .ok_or_else(|| not_here(&name, Management::NAMES.contains(&&*name)))?;
        Ok(Self { algorithm: Algorithm::Signature(row), members: members.into() })
    }

    /// Reads the first part of a JWS.
    ///
    /// # Errors
    /// As [`Header::signed`], those of [`base64url`], and `token_segments` for an empty part.
    pub fn from_part(text: &str) -> Result<Self> {
        Self::signed(&decode(text)?)
    }

    /// Reads the header of a JWE.
    ///
    /// # Errors
    /// As for a JWS, then the codes of `enc`, and `header_invalid` for `iv`, `tag`, `epk`, `apu` and `apv` where the
    /// key management needs them.
    pub fn encrypted(bytes: &[u8]) -> Result<Self> {
        let (members, name) = read(bytes)?;
        let row = Management::from_name(&name)
            .ok_or_else(|| not_here(&name, Signature::from_name(&name).is_some()))?;
        let enc = match members.get("enc") {
            None => return Err(Error::new(Code::EncMissing).at("header/enc")),
            Some(Value::String(enc)) => enc,
            Some(other) => return Err(wrong_type("enc", other)),
        };
        let content = Content::from_name(enc)
            .ok_or_else(|| Error::new(Code::EncUnknown).at("header/enc").got(presentable(enc)))?;
        HeaderParameters::read(row.scheme(), &members)?;
        Ok(Self { algorithm: Algorithm::Encryption(row, content), members: members.into() })
    }

    /// Returns the rows that the header picks.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the signature row, of a JWS.
    pub const fn signature(&self) -> Option<Signature> {
        if let Algorithm::Signature(row) = self.algorithm { Some(row) } else { None }
    }

    /// Returns the registered name of the algorithm.
    pub const fn alg(&self) -> &'static str {
        match self.algorithm {
            Algorithm::Signature(row) => row.name(),
            Algorithm::Encryption(row, _) => row.name(),
        }
    }

    /// Returns the registered name of the content encryption, of a JWE.
    pub const fn enc(&self) -> Option<&'static str> {
        if let Algorithm::Encryption(_, row) = self.algorithm { Some(row.name()) } else { None }
    }

    /// Returns the name of the key.
    pub fn kid(&self) -> Option<&str> {
        self.text("kid")
    }

    /// Returns the type of the token.
    pub fn typ(&self) -> Option<&str> {
        self.text("typ")
    }

    /// Returns the type of the content.
    pub fn cty(&self) -> Option<&str> {
        self.text("cty")
    }

    /// Returns every member as it was written.
    pub fn members(&self) -> &Object {
        &self.members
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }
}

/// Reads what both forms share; the name of the algorithm is a string that is neither none nor refused.
fn read(bytes: &[u8]) -> Result<(Object, String)> {
    if bytes.len() > bounds::HEADER_BYTES {
        let expected = told!("at most {} bytes", bounds::HEADER_BYTES);
        let fault = Error::new(Code::HeaderTooLarge).at("header").expected(expected);
        return Err(fault.got(told!("{} bytes", bytes.len())));
    }
    let members = Value::parse_object(bytes).map_err(|error| error.within("header"))?;
    let name = match members.get("alg") {
        None => return Err(Error::new(Code::AlgMissing).at("header/alg")),
        Some(Value::String(name)) => name.clone(),
        Some(other) => return Err(wrong_type("alg", other)),
    };
    if name.eq_ignore_ascii_case("none") {
        return Err(Error::new(Code::AlgNone).at("header/alg"));
    }
    if algorithm::is_refused(&name) {
        return Err(Error::new(Code::AlgRefused).at("header/alg").got(name));
    }
    for (member, code) in
        [("crit", Code::CritUnsupported), ("b64", Code::B64Unsupported), ("zip", Code::ZipRefused)]
    {
        if members.get(member).is_some() {
            return Err(Error::new(code).at(["header/", member].concat()));
        }
    }
    if let Some(kid) = members.get("kid") {
        check_kid(kid).map_err(|error| error.within("header/kid"))?;
    }
    for member in ["typ", "cty"] {
        if let Some(other) = members.get(member).filter(|value| value.as_str().is_none()) {
            return Err(wrong_type(member, other));
        }
    }
    Ok((members, name))
}

/// Whether a value may be a key's name: it is only ever compared, and may be shown.
pub(super) fn check_kid(value: &Value) -> Result<&str> {
    let fault = |got: String| {
        let expected = told!("a string of 1 to {} characters", bounds::KID_CHARACTERS);
        Err(Error::new(Code::KidInvalid).expected(expected).got(got))
    };
    let Some(kid) = value.as_str() else { return fault(told!("{}", value.kind())) };
    // Counted one by one: what `count` and `nth` go by is larger than all of this.
    let is_long = kid.chars().map(|_| 1_usize).sum::<usize>() > bounds::KID_CHARACTERS;
    match kid {
        _ if kid.is_empty() || is_long => fault(characters_of(kid)),
        _ if kid.chars().any(char::is_control) => fault(told!("a control character")),
        _ => Ok(kid),
    }
}

/// Decodes the first part of a token.
pub(super) fn decode(text: &str) -> Result<Vec<u8>> {
    if text.is_empty() {
        return Err(Error::new(Code::TokenSegments).at("header").got("an empty header"));
    }
    base64url::decode(text).map_err(|error| error.at("header"))
}

fn wrong_type(member: &str, got: &Value) -> Error {
    Error::new(Code::HeaderInvalid).at(["header/", member].concat()).expected("a string").got(got.kind())
}

/// A name that the table at hand does not have: known elsewhere, misspelt, or unknown.
#[cold]
#[inline(never)] // Nobody compiles it before it is needed.
fn not_here(name: &str, known_elsewhere: bool) -> Error {
    if known_elsewhere {
        let expected = if Signature::from_name(name).is_some() {
            "a key management algorithm, because the token has five parts"
        } else {
            "a signature algorithm, because the token has three parts"
        };
        return Error::new(Code::AlgNotAllowed).at("header/alg").expected(expected).got(name);
    }
    let error = Error::new(Code::AlgUnknown).at("header/alg").got(presentable(name));
    if cfg!(not(feature = "whole")) {
        return error;
    }
    let names = Signature::names().chain(Management::NAMES.iter().copied());
    match names.into_iter().find(|known| known.eq_ignore_ascii_case(name)) {
        Some(known) => error.expected(known),
        None => error,
    }
}

/// A name to show if it looks like a name, or else its length.
fn presentable(name: &str) -> String {
    if cfg!(not(feature = "whole")) {
        return String::new();
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'.');
    match name.len() {
        0 => "an empty name".to_owned(),
        1..=32 if name.bytes().all(plain) => name.to_owned(),
        _ => told!("a name of {}", characters_of(name)),
    }
}
