//! A `Jwk` or `JwkSet` in, a checked key out (RFC 7517); of a key of ours, its public half as a `Jwk`. `Parameters` of
//! `jose-jwk` has no name for an algorithm of JWE, so those are arguments here and are left out of what is written.

use crate::{
    Code, Error, Result,
    jose::{
        algorithm::{Content, Management, material::Material},
        key::{DecryptKey, Key, KeySet, SigningKey},
    },
    json::{Object, Value},
};
use alloc::vec::Vec;
use jose_jwk::{Class, Jwk, JwkSet};
use serde::Serialize;
use zeroize::Zeroizing;

/// A verification key with the rows that its `alg` names, or else those of its kind.
///
/// ```
/// use handstamp::jose::key::Key;
/// let jwk = r#"{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "a" }"#;
/// let theirs: jose_jwk::Jwk = serde_json::from_str(jwk).unwrap();
/// let ours = Key::try_from(&theirs)?;
/// assert_eq!((ours.kid(), ours.rows().len()), (Some("a"), 1));
/// let back = jose_jwk::Jwk::try_from(&ours)?;
/// assert_eq!((back.key, back.prm.kid), (theirs.key, theirs.prm.kid));
/// # Ok::<(), handstamp::Error>(())
/// ```
impl TryFrom<&Jwk> for Key {
    type Error = Error;

    fn try_from(jwk: &Jwk) -> Result<Self> {
        Self::from_jwk(&members(jwk)?, None, false)
    }
}

/// A private P-256 key, to sign with ES256.
impl TryFrom<&Jwk> for SigningKey {
    type Error = Error;

    fn try_from(jwk: &Jwk) -> Result<Self> {
        Self::from_jwk(&members(jwk)?)
    }
}

/// A decryption key for one pair of algorithms; the place of a fault begins with `/key`, as in settings.
impl TryFrom<(&Jwk, Management, Content)> for DecryptKey {
    type Error = Error;

    fn try_from((jwk, alg, enc): (&Jwk, Management, Content)) -> Result<Self> {
        let mut settings = Object::new();
        settings.set("key", members(jwk)?);
        settings.set("alg", alg.name());
        settings.set("enc", enc.name());
        Self::from_settings(&settings.into(), "")
    }
}

/// A key set that is at hand: every key must be usable and have a `kid`, as in settings.
impl TryFrom<&JwkSet> for KeySet {
    type Error = Error;

    fn try_from(set: &JwkSet) -> Result<Self> {
        Self::configured(&members(set)?, None, false)
    }
}

/// A public key, to be published: with its `kid`, `use`, and its `alg` if it serves one alone. A shared secret is refused.
impl TryFrom<&Key> for Jwk {
    type Error = Error;

    fn try_from(key: &Key) -> Result<Self> {
        let mut jwk = public(key.material())?;
        jwk.set_some("kid", key.kid());
        jwk.set("use", "sig");
        jwk.set_some("alg", key.rows().first().filter(|_| key.rows().len() == 1).map(|row| row.name()));
        typed(jwk)
    }
}

/// The public half of a signing key, to be published.
impl TryFrom<&SigningKey> for Jwk {
    type Error = Error;

    fn try_from(key: &SigningKey) -> Result<Self> {
        typed(key.public_jwk())
    }
}

/// The public half of a decryption key, to be given to senders. A shared secret is refused.
impl TryFrom<&DecryptKey> for Jwk {
    type Error = Error;

    fn try_from(key: &DecryptKey) -> Result<Self> {
        let mut jwk: Self = typed(key.public_jwk().ok_or_else(is_secret)?)?;
        jwk.prm.cls = Some(Class::Encryption);
        Ok(jwk)
    }
}

/// The usable public keys of a set.
impl TryFrom<&KeySet> for JwkSet {
    type Error = Error;

    fn try_from(set: &KeySet) -> Result<Self> {
        set.keys().iter().map(Jwk::try_from).collect::<Result<_>>().map(|keys| Self { keys })
    }
}

/// Reads one of their values as JSON. The text may hold a private key, and is wiped.
fn members(theirs: &impl Serialize) -> Result<Object> {
    let text: Zeroizing<Vec<u8>> =
        serde_json::to_vec(theirs).map_err(|_| Error::new(Code::KeyInvalid))?.into();
    Value::parse_object(&text)
}

/// Writes public members as one of their keys.
fn typed(members: Object) -> Result<Jwk> {
    serde_json::from_str(&Value::from(members).to_text()).map_err(|_| Error::new(Code::KeyInvalid))
}

fn public(material: &Material) -> Result<Object> {
    material.to_jwk().ok_or_else(is_secret)
}

fn is_secret() -> Error {
    Error::new(Code::KeyWrongType).expected("a public key").got("a shared secret")
}
