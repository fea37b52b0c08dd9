//! A key set (RFC 7517 section 5), prepared once. Of a fetched set, keys that are not for us are skipped with a
//! remark, as the standard says; of a configured one, each fault is an error. Shared secrets never come by wire.

use super::{jwk, verification::Key};
use crate::{
    Code, Error, Result, Warning, bounds,
    error::Remark,
    jose::algorithm::Signature,
    json::{
        Object, Value,
        members::{element, pointer},
    },
};
use alloc::{string::String, vec::Vec};

/// Verification keys by name.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<Key>,
    /// Why a key cannot be used: better told than "unknown".
    skipped: Vec<Skipped>,
}

/// A key of a fetched set that cannot be used, and why: the place leads through the set to the member.
#[derive(Clone, Debug)]
struct Skipped {
    kid: Option<String>,
    why: Error,
}

impl KeySet {
    /// Parses a key set that was fetched from a URL.
    ///
    /// ```
    /// use handstamp::{Warning, jose::{Signature, key::KeySet}};
    /// let text = br#"{ "keys": [
    ///   { "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
    ///   { "kty": "RSA", "use": "enc", "kid": "b" } ] }"#;
    /// let (keys, remarks) = KeySet::fetched(text, None)?;
    /// assert!(keys.select(Some("a"), Signature::EDDSA).is_ok());
    /// assert_eq!((remarks[0].warning, remarks[0].at.as_deref()), (Warning::KeySkipped, Some("/keys/1")));
    /// # Ok::<(), handstamp::Error>(())
    /// ```
    ///
    /// # Errors
    /// `key_set_invalid` for a string that is not a valid key set or too large, `key_set_empty` if nothing in it can be
    /// used: with the place and the fault of a key, of a private one before any other.
    pub fn fetched(text: &[u8], algs: Option<&[Signature]>) -> Result<(Self, Vec<Remark>)> {
        let (set, remarks) = Self::read(text, algs)?;
        if set.keys.is_empty() { Err(set.none_usable()) } else { Ok((set, remarks)) }
    }

    /// Returns the fault of each key of a fetched set that cannot be used, with its place; the issuer can fix it.
    ///
    /// # Errors
    /// `key_set_invalid`.
    pub fn faults(text: &[u8], algs: Option<&[Signature]>) -> Result<Vec<Error>> {
        Ok(Self::read(text, algs)?.0.skipped.into_iter().map(|skipped| skipped.why).collect())
    }

    /// Returns why a fetched set cannot be used, to explain: the fault of a key where that is the cause.
    pub(super) fn why_unusable(text: &[u8], algs: Option<&[Signature]>) -> Option<Error> {
        let (set, _) = Self::read(text, algs).ok()?;
        set.first_fault().cloned()
    }

    fn read(text: &[u8], algs: Option<&[Signature]>) -> Result<(Self, Vec<Remark>)> {
        if text.len() > bounds::KEY_SET_BYTES {
            let expected = told!("at most {} bytes", bounds::KEY_SET_BYTES);
            return Err(Error::new(Code::KeySetInvalid)
                .expected(expected)
                .got(told!("{} bytes", text.len())));
        }
        let members = Value::parse_object(text).map_err(|error| {
            let got = error.detail().and_then(|detail| detail.got.as_deref()).unwrap_or_default();
            Error::new(Code::KeySetInvalid)
                .expected("a JSON object")
                .got(told!("{} ({got})", error.code().as_str()))
        })?;
        let (mut set, mut remarks) = (Self::default(), Vec::new());
        for (index, value) in keys_of(&members)?.iter().enumerate() {
            let place = element("/keys", index);
            match public_key(value, algs.unwrap_or(Signature::ALL)) {
                Ok(key) if key.rows().is_empty() => set.skip(value, outside_algs().within(&place)),
                Ok(key) => {
                    let short = key.short_coordinate().map(|name| pointer(&place, name));
                    remarks.extend(short.map(|place| Remark::at(Warning::CoordinateShort, place)));
                    set.keys.push(key);
                }
                Err(error) => {
                    set.skip(value, error.within(&place));
                    remarks.push(Remark::at(Warning::KeySkipped, place));
                }
            }
        }
        Ok((set, remarks))
    }

    /// Reads a key set that is part of the settings: public keys, or shared secrets, never both.
    ///
    /// # Errors
    /// `key_set_invalid`, `key_set_empty`, `key_set_mixed`, and every fault of a key, with its place.
    pub fn configured(members: &Object, algs: Option<&[Signature]>, allow_short: bool) -> Result<Self> {
        let mut keys: Vec<Key> = Vec::new();
        for (index, value) in keys_of(members)?.iter().enumerate() {
            let place = element("/keys", index);
            let read = || {
                let jwk = as_jwk(value)?;
                let key = Key::from_jwk_within(jwk, algs.unwrap_or(Signature::ALL), allow_short)?;
                if key.kid().is_none() {
                    return Err(Error::new(Code::KeyInvalid)
                        .at("/kid")
                        .expected("a kid, because tokens select the key by it"));
                }
                if key.rows().is_empty() { Err(outside_algs()) } else { Ok(key) }
            };
            let key = read().map_err(|error| error.within(&place))?;
            if keys.first().is_some_and(|first| first.is_symmetric() != key.is_symmetric()) {
                return Err(Error::new(Code::KeySetMixed).at(place));
            }
            keys.push(key);
        }
        if keys.is_empty() {
            Err(Error::new(Code::KeySetEmpty).at("/keys"))
        } else {
            Ok(Self { keys, ..Self::default() })
        }
    }

    /// Returns the one key of that name that serves the row.
    ///
    /// # Errors
    /// `kid_missing`, `kid_unknown`, `kid_ambiguous`, `alg_not_allowed`, or why the named key was skipped.
    pub fn select(&self, kid: Option<&str>, alg: Signature) -> Result<&Key> {
        let kid = kid.ok_or_else(|| Error::new(Code::KidMissing).at("header/kid"))?;
        match self.single(|key| key.kid() == Some(kid) && key.serves(alg)) {
            Some(Ok(key)) => Ok(key),
            Some(Err(_)) => Err(Error::new(Code::KidAmbiguous).at("header/kid")),
            None => Err(self.why_not(kid, alg)),
        }
    }

    /// Returns the one key that serves the row, for tokens without kid (OpenID Connect Core section 10.1).
    ///
    /// # Errors
    /// `alg_not_allowed` if there is none, `kid_missing` if there are several.
    pub(crate) fn only(&self, alg: Signature) -> Result<&Key> {
        match self.single(|key| key.serves(alg)) {
            Some(Ok(key)) => Ok(key),
            Some(Err(_)) => {
                let expected = told!("a kid, because several keys are usable for {}", alg.name());
                Err(Error::new(Code::KidMissing).at("header/kid").expected(expected))
            }
            None => {
                let served =
                    Signature::ALL.iter().filter(|row| self.keys.iter().any(|key| key.serves(**row)));
                let names: Vec<_> = served.map(|row| row.name()).collect();
                let fault = Error::new(Code::AlgNotAllowed).at("header/alg");
                Err(fault.expected(told!("{}", names.join(" or "))).got(alg.name()))
            }
        }
    }

    /// Returns the usable keys.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    fn named(&self, kid: &str) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.kid() == Some(kid))
    }

    /// The only key of some; keys of the same material are one. Several are an error.
    fn single(&self, fits: impl Fn(&Key) -> bool) -> Option<core::result::Result<&Key, ()>> {
        let mut fitting = self.keys.iter().filter(|key| fits(key));
        let first = fitting.next()?;
        let is_other = |key: &Key| key.known_by() != first.known_by();
        Some(if fitting.any(is_other) { Err(()) } else { Ok(first) })
    }

    fn why_not(&self, kid: &str, alg: Signature) -> Error {
        if let Some(key) = self.named(kid).next() {
            return key.not_served(alg);
        }
        match self.skipped.iter().find(|skipped| skipped.kid.as_deref() == Some(kid)) {
            Some(skipped) => skipped.why.clone(),
            None => Error::new(Code::KidUnknown).at("header/kid"),
        }
    }

    fn skip(&mut self, value: &Value, why: Error) {
        let kid = match value.as_object().and_then(|jwk| jwk.get("kid")) {
            Some(Value::String(kid)) => Some(kid.clone()),
            // Not a valid name, but the one that the issuer means.
            Some(Value::Number(kid)) => Some(kid.as_text().into()),
            _ => None,
        };
        let key = kid.as_deref().map_or_else(|| told!("a key without kid"), key_named);
        let got = match why.detail().and_then(|detail| detail.got.as_deref()) {
            Some(got) => told!("{got} ({key})"),
            None => key,
        };
        self.skipped.push(Skipped { kid, why: why.got(got).of_issuer() });
    }

    /// The fault to read first: of a key that is disclosed, then of any other.
    fn first_fault(&self) -> Option<&Error> {
        let is_private = |skipped: &&Skipped| skipped.why.code() == Code::KeyIsPrivate;
        let first = self.skipped.iter().find(is_private).or(self.skipped.first());
        first.map(|skipped| &skipped.why)
    }

    /// The refusal of a set of which no key can be used.
    fn none_usable(&self) -> Error {
        let refusal = Error::new(Code::KeySetEmpty);
        let Some((why, detail)) = self.first_fault().and_then(|why| Some((why, why.detail()?))) else {
            return refusal.at("/keys").expected("a public key for signatures").got("no keys");
        };
        let got = told!("{}: {}", detail.got.as_deref().unwrap_or_default(), why.code().as_str());
        let expected = detail.expected.as_deref().unwrap_or("a public key for signatures");
        refusal.at(detail.at.as_deref().unwrap_or_default()).expected(expected).got(got)
    }
}

/// A key by its name, which is shown if it is short.
fn key_named(kid: &str) -> String {
    told!("the key {}", crate::error::shown(kid))
}

fn keys_of(members: &Object) -> Result<&[Value]> {
    let fault = |got: &str| Error::new(Code::KeySetInvalid).at("/keys").expected("an array of keys").got(got);
    let instead = || {
        if cfg!(not(feature = "whole")) {
            return "";
        }
        let is_set =
            |(_, value): (&str, &Value)| value.pointer("/keys").is_some_and(|keys| keys.as_array().is_some());
        let is_pem =
            |(_, value): (&str, &Value)| value.as_str().is_some_and(|text| text.starts_with("-----BEGIN "));
        match ["jwks_uri", "kty"].map(|name| members.get(name).is_some()) {
            [true, _] => "the metadata of an identity provider, whose jwks_uri is the URL of its key set",
            [_, true] => "a single key",
            _ if members.iter().any(is_set) => "a key set inside another member",
            _ if members.iter().any(is_pem) => "certificates or keys in PEM by their IDs, not JWKs",
            _ => "nothing",
        }
    };
    let keys = members.get("keys").ok_or_else(|| fault(instead()))?;
    let keys = keys.as_array().ok_or_else(|| fault(keys.kind()))?;
    if keys.len() > bounds::KEY_SET_KEYS {
        let expected = told!("at most {} keys", bounds::KEY_SET_KEYS);
        return Err(Error::new(Code::KeySetInvalid)
            .at("/keys")
            .expected(expected)
            .got(told!("{} keys", keys.len())));
    }
    Ok(keys)
}

fn as_jwk(value: &Value) -> Result<&Object> {
    value.as_object().ok_or_else(|| Error::new(Code::KeyInvalid).expected("a JWK").got(value.kind()))
}

fn public_key(value: &Value, algs: &[Signature]) -> Result<Key> {
    let jwk = &jwk::without_nulls(as_jwk(value)?);
    if jwk.get("kty").and_then(Value::as_str) == Some("oct") {
        return Err(Error::new(Code::KeyWrongType)
            .at("/kty")
            .expected("a public key")
            .got("a shared secret"));
    }
    Key::from_jwk_within(jwk, algs, false)
}

fn outside_algs() -> Error {
    Error::new(Code::AlgNotAllowed).expected("a key for one of the configured algs")
}
