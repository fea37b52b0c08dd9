//! A key set (RFC 7517 section 5), prepared once. Of a fetched set, keys that are not for us are skipped with a
//! remark, as the standard says; of a configured one, each fault is an error. Shared secrets never come by wire.

use super::verification::Key;
use crate::{
    Code, Error, Result, Warning, bounds,
    error::Remark,
    jose::algorithm::Signature,
    json::{Object, Value, members::element},
};
use alloc::{string::String, vec::Vec};

/// Verification keys by name.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<Key>,
    /// Why a named key cannot be used: better told than "unknown".
    skipped: Vec<(String, Error)>,
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
    /// used.
    pub fn fetched(text: &[u8], algs: Option<&[Signature]>) -> Result<(Self, Vec<Remark>)> {
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
                Ok(key) => set.keys.push(key),
                Err(error) => {
                    set.skip(value, error.within(&place));
                    remarks.push(Remark::at(Warning::KeySkipped, place));
                }
            }
        }
        if set.keys.is_empty() { Err(Error::new(Code::KeySetEmpty).at("/keys")) } else { Ok((set, remarks)) }
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
            Ok(Self { keys, skipped: Vec::new() })
        }
    }

    /// Returns the one key of that name that serves the row.
    ///
    /// # Errors
    /// `kid_missing`, `kid_unknown`, `kid_ambiguous`, `alg_not_allowed`, or why the named key was skipped.
    pub fn select(&self, kid: Option<&str>, alg: Signature) -> Result<&Key> {
        let kid = kid.ok_or_else(|| Error::new(Code::KidMissing).at("header/kid"))?;
        match one_of(self.named(kid).filter(|key| key.serves(alg))) {
            One::Key(key) => Ok(key),
            One::OfSeveral => Err(Error::new(Code::KidAmbiguous).at("header/kid")),
            One::Nothing => Err(self.why_not(kid, alg)),
        }
    }

    /// Returns the one key that serves the row, for tokens without kid (OpenID Connect Core section 10.1).
    ///
    /// # Errors
    /// `alg_not_allowed` if there is none, `kid_missing` if there are several.
    pub(crate) fn only(&self, alg: Signature) -> Result<&Key> {
        match one_of(self.keys.iter().filter(|key| key.serves(alg))) {
            One::Key(key) => Ok(key),
            One::OfSeveral => {
                let expected = told!("a kid, because several keys are usable for {}", alg.name());
                Err(Error::new(Code::KidMissing).at("header/kid").expected(expected))
            }
            One::Nothing => {
                let mut names: Vec<_> = self.keys.iter().flat_map(Key::rows).map(|row| row.name()).collect();
                names.sort_unstable();
                names.dedup();
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

    fn why_not(&self, kid: &str, alg: Signature) -> Error {
        if let Some(key) = self.named(kid).next() {
            return key.not_served(alg);
        }
        match self.skipped.iter().find(|(name, _)| name == kid) {
            Some((_, error)) => error.clone(),
            None => Error::new(Code::KidUnknown).at("header/kid"),
        }
    }

    fn skip(&mut self, value: &Value, why: Error) {
        if let Some(kid) = value.as_object().and_then(|jwk| jwk.get("kid")).and_then(Value::as_str) {
            self.skipped.push((kid.into(), why));
        }
    }
}

/// The keys that fit a token.
enum One<'a> {
    Nothing,
    Key(&'a Key),
    OfSeveral,
}

/// Returns the one key of these; a key that is listed twice is one.
fn one_of<'a>(mut fitting: impl Iterator<Item = &'a Key>) -> One<'a> {
    let Some(first) = fitting.next() else { return One::Nothing };
    let is_same = |other: &Key| other.known_by() == first.known_by();
    if fitting.all(is_same) { One::Key(first) } else { One::OfSeveral }
}

fn keys_of(members: &Object) -> Result<&[Value]> {
    let fault = |got: &str| Error::new(Code::KeySetInvalid).at("/keys").expected("an array of keys").got(got);
    let keys = members.get("keys").ok_or_else(|| fault("nothing"))?;
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
    let jwk = as_jwk(value)?;
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
