//! Encrypted tokens. Decryption proves nothing about the sender: what comes out must be verified. Every failure
//! is the one `decryption_failed`, whatever failed.

use super::pending::{ContentKey, Decrypted, Unopened};
use crate::{
    Code, Error, Result,
    jose::{
        algorithm::{
            Content, Management, agreement,
            key_management::{self, Derivation, HeaderParameters, Scheme},
        },
        compact::{Compact, Form},
        header::Algorithm,
        host::{Host, Outcome, Work, checks},
        key::{DecryptKey, KeyStatus, PrivateKey, decryption::Recipient},
    },
    secret::Secret,
};
use alloc::{string::String, vec::Vec};

/// An operation on a private key is told from others by all that is in it.
const BY_CONTENT: Option<fn() -> String> = None;

/// Decrypts a token with the first key that can.
///
/// ```
/// use handstamp::{jose::{Compact, jwe, key::DecryptKey}, json::Value};
/// let setting = br#"{ "key": "a decryption key of 32 bytes, ok", "encoding": "utf8", "alg": "dir", "enc": "A256GCM" }"#;
/// let setting = Value::parse(setting)?;
/// let ours = jwe::EncryptKey::from_settings(&setting, "/key")?;
/// let token = jwe::encrypt(b"hello", &ours, &[7; 12], jwe::Labels::default())?; // Random in earnest.
/// let key = DecryptKey::from_settings(&setting, "/decrypt")?;
/// assert_eq!(jwe::decrypt(&Compact::parse(&token)?, &[key])?.plaintext, b"hello");
/// # Ok::<(), handstamp::Error>(())
/// ```
///
/// # Errors
/// `encryption_unexpected` without any key, `alg_not_allowed` and `enc_not_allowed` if no key serves the header's
/// pair, `header_invalid` if the sender's ephemeral key is on no key's curve, `sync_unsupported` for what only the
/// host computes, `decryption_failed` for everything else.
pub fn decrypt(token: &Compact<'_>, keys: &[DecryptKey]) -> Result<Decrypted> {
    decrypt_by(token, keys, &mut Host::none())
}

/// Works as [`decrypt`], by the module or by the host.
///
/// # Errors
/// As `decrypt`, and `needs_webcrypto` where neither can.
pub fn decrypt_by(token: &Compact<'_>, keys: &[DecryptKey], host: &mut Host) -> Result<Decrypted> {
    let (parameters, keys) = served(token, keys)?;
    decrypt_with(token, &parameters, &keys, host)
}

/// Works as [`decrypt_by`], but a content that the host is to decrypt waits for that.
///
/// # Errors
/// As `decrypt_by`.
pub fn begin(token: &Compact<'_>, all: &[DecryptKey], host: &mut Host) -> Result<Decrypting> {
    let (parameters, keys) = served(token, all)?;
    if let Some(key) = handed_over(token, &parameters, (all, &keys), host)?
        && let Some(unopened) = Unopened::new(token, key)
    {
        return Ok(Decrypting::Unopened(unopened));
    }
    decrypt_with(token, &parameters, &keys, host).map(Decrypting::Decrypted)
}

/// The outcome of starting to decrypt a token.
pub enum Decrypting {
    /// It is decrypted.
    Decrypted(Decrypted),
    /// The host is to decrypt it.
    Unopened(Unopened),
}

/// Returns the header's parameters of the content key, and the keys to try.
fn served<'k>(
    token: &Compact<'_>,
    keys: &'k [DecryptKey],
) -> Result<(HeaderParameters, Vec<&'k DecryptKey>)> {
    let (Algorithm::Encryption(management, content), Form::Jwe { .. }) =
        (token.header.algorithm(), &token.form)
    else {
        return Err(Error::new(Code::TokenSegments).expected("5 parts (JWE)").got("3 parts"));
    };
    let parameters = HeaderParameters::read(management.scheme(), token.header.members())?;
    let keys = fitting(keys, management, content, &parameters)?;
    Ok((parameters, keys))
}

fn decrypt_with(
    token: &Compact<'_>,
    parameters: &HeaderParameters,
    keys: &[&DecryptKey],
    host: &mut Host,
) -> Result<Decrypted> {
    for key in keys {
        if let Some(plaintext) = open(token, key, parameters, host)? {
            return Ok(Decrypted { header: token.header.clone(), plaintext });
        }
    }
    Err(Error::new(Code::DecryptionFailed))
}

/// The key that the host is to decrypt the content with; nothing where the module decrypts it.
fn handed_over(
    token: &Compact<'_>,
    parameters: &HeaderParameters,
    (all, keys): (&[DecryptKey], &[&DecryptKey]),
    host: &mut Host,
) -> Result<Option<ContentKey>> {
    let (Form::Jwe { encrypted_key, ciphertext, .. }, [first, ..]) = (&token.form, keys) else {
        return Ok(None);
    };
    let direct = matches!(first.management.scheme(), Scheme::Direct);
    let Some(work) = checks::decryption(first.content, ciphertext, !direct) else { return Ok(None) };
    if !host.is_preferred(true, || work)? || host.is_lacking("AES-GCM") {
        return Ok(None);
    }
    if direct {
        // An encrypted key where none belongs is refused here.
        let place = |key: &&DecryptKey| all.iter().position(|other| core::ptr::eq(other, *key));
        return Ok(encrypted_key
            .is_empty()
            .then(|| ContentKey::Configured(keys.iter().filter_map(place).collect())));
    }
    for key in keys {
        let found = content_key(key, parameters, encrypted_key, host)?;
        if let Some(found) = found.filter(|found| found.len() == key.content.key_bytes()) {
            return Ok(Some(ContentKey::Own(found, true)));
        }
    }
    Ok(Some(ContentKey::Own(substitute(first), false)))
}

/// The keys that may be tried.
fn fitting<'k>(
    keys: &'k [DecryptKey],
    management: Management,
    content: Content,
    parameters: &HeaderParameters,
) -> Result<Vec<&'k DecryptKey>> {
    let mut keys: Vec<_> = keys.iter().filter(|key| key.status() != KeyStatus::Revoked).collect();
    let names = |keys: &[&DecryptKey], name: fn(&DecryptKey) -> &'static str| {
        let mut names: Vec<_> = keys.iter().map(|key| name(key)).collect();
        names.dedup();
        names.join(" or ")
    };
    if keys.is_empty() {
        return Err(Error::new(Code::EncryptionUnexpected));
    }
    if !keys.iter().any(|key| key.management == management) {
        let expected = names(&keys, |key| key.management.name());
        return Err(Error::new(Code::AlgNotAllowed)
            .at("header/alg")
            .expected(expected)
            .got(management.name()));
    }
    if !keys.iter().any(|key| key.management == management && key.content == content) {
        let expected = names(&keys, |key| key.content.name());
        return Err(Error::new(Code::EncNotAllowed).at("header/enc").expected(expected).got(content.name()));
    }
    keys.retain(|key| key.management == management && key.content == content);
    if let HeaderParameters::Agreement { epk, .. } = parameters {
        keys.retain(|key| key.shares_curve(epk));
        if keys.is_empty() {
            let fault = Error::new(Code::HeaderInvalid).at("header/epk/crv");
            return Err(fault.expected("the curve of the configured key").got(epk.curve().name()));
        }
    }
    Ok(keys)
}

/// The plaintext, or nothing, whatever failed.
fn open(
    token: &Compact<'_>,
    key: &DecryptKey,
    parameters: &HeaderParameters,
    host: &mut Host,
) -> Result<Option<Vec<u8>>> {
    let Form::Jwe { additional_data, encrypted_key, iv, ciphertext, tag } = &token.form else {
        return Ok(None);
    };
    let cipher = key.content.cipher();
    let content_key = content_key(key, parameters, encrypted_key, host)?;
    let content_key = content_key.filter(|content_key| content_key.len() == cipher.key_bytes);
    let (content_key, good) = content_key.map_or_else(|| (substitute(key), false), |key| (key, true));
    let plaintext = (cipher.open)(&content_key, iv, additional_data.as_bytes(), ciphertext, tag);
    Ok(plaintext.filter(|_| good))
}

/// Without a content key the same is computed with another, so that the time tells nothing either.
fn substitute(key: &DecryptKey) -> Secret {
    Secret::new(alloc::vec![0; key.content.key_bytes()])
}

fn content_key(
    key: &DecryptKey,
    parameters: &HeaderParameters,
    encrypted_key: &[u8],
    host: &mut Host,
) -> Result<Option<Secret>> {
    let scheme = key.management.scheme();
    let elsewhere = |error: Error| error.at("header/alg").got(key.management.name());
    match (&key.material, scheme, parameters) {
        (
            Recipient::Private(PrivateKey::Ec(ours)),
            Scheme::Agree(wrap),
            HeaderParameters::Agreement { epk, .. },
        ) => {
            let here = agreement::is_computed(epk.curve());
            let shared = match host
                .ask(here, || Work { name: "ECDH", bytes: 0 }, BY_CONTENT, || checks::agreement(ours, epk))
                .map_err(elsewhere)?
            {
                Outcome::Here => ours.agree(epk),
                Outcome::Bytes(shared) => Some(shared).filter(|shared| shared.len() == epk.curve().bytes()),
                Outcome::Flag(_) => None,
            };
            let purpose = Derivation {
                management: key.management.name(),
                content: key.content.name(),
                key_bytes: key.content.key_bytes(),
            };
            let unwrap = |shared| {
                key_management::unwrap_agreed(wrap.as_ref(), parameters, &shared, &purpose, encrypted_key)
            };
            Ok(shared.and_then(unwrap))
        }
        (Recipient::Private(PrivateKey::Rsa(ours)), Scheme::Oaep(hash), _) => {
            let asked = host.ask(
                false,
                || Work { name: "RSA-OAEP", bytes: 0 },
                BY_CONTENT,
                || checks::unwrapping(ours, hash, encrypted_key),
            );
            match asked.map_err(elsewhere)? {
                Outcome::Bytes(content_key) => Ok(Some(content_key)),
                Outcome::Here | Outcome::Flag(_) => Ok(None),
            }
        }
        (Recipient::Secret(secret), ..) => {
            Ok(key_management::unwrap_with(scheme, parameters, secret, encrypted_key))
        }
        _ => Ok(None),
    }
}
