//! Encrypted tokens. Decryption proves nothing about the sender: what comes out must be verified. Every failure
//! is the one `decryption_failed`, whatever failed.

use crate::{
    Code, Error, Result,
    jose::{
        algorithm::{
            Content, Management, agreement,
            key_management::{self, Derivation, HeaderParameters, Scheme},
        },
        compact::{Compact, Form},
        header::{Algorithm, Header},
        host::{
            ASYMMETRIC, Host, Outcome, Work,
            checks::{self, Sealed},
            here,
        },
        key::{DecryptKey, KeyStatus, PrivateKey, decryption::Recipient},
    },
    secret::Secret,
};
use alloc::vec::Vec;

/// From here on, the places of configured secrets; those of keys that verify are below.
const CONTENT: u32 = 1 << 24;

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
    here(decrypting(token, keys, &Host::none()))
}

/// A header and the plaintext; not yet verified.
#[derive(Clone)]
#[non_exhaustive]
pub struct Decrypted {
    /// The protected header.
    pub header: Header,
    /// The plaintext.
    pub plaintext: Vec<u8>,
}

/// Works as [`decrypt`], by the module or by the host.
///
/// # Errors
/// As `decrypt`, and `needs_webcrypto` where neither can.
pub async fn decrypting(token: &Compact<'_>, keys: &[DecryptKey], host: &Host) -> Result<Decrypted> {
    let (Algorithm::Encryption(management, content), Form::Jwe { .. }) =
        (token.header.algorithm(), &token.form)
    else {
        return Err(Error::new(Code::TokenSegments).expected("5 parts (JWE)").got("3 parts"));
    };
    let parameters = HeaderParameters::read(management.scheme(), token.header.members())?;
    for key in fitting(keys, management, content, &parameters)? {
        let position = keys.iter().position(|other| core::ptr::eq(other, key));
        let place = position.and_then(|position| u32::try_from(position).ok());
        if let Some(plaintext) = open(token, (key, place), &parameters, host).await? {
            return Ok(Decrypted { header: token.header.clone(), plaintext });
        }
    }
    Err(Error::new(Code::DecryptionFailed))
}

/// The keys that may be tried.
fn fitting<'k>(
    keys: &'k [DecryptKey],
    management: Management,
    content: Content,
    parameters: &HeaderParameters,
) -> Result<Vec<&'k DecryptKey>> {
    let keys: Vec<_> = keys.iter().filter(|key| key.status() != KeyStatus::Revoked).collect();
    if keys.is_empty() {
        return Err(Error::new(Code::EncryptionUnexpected));
    }
    let keys = serving(&keys, |key| key.management.name(), management.name(), (Code::AlgNotAllowed, "alg"))?;
    let mut keys = serving(&keys, |key| key.content.name(), content.name(), (Code::EncNotAllowed, "enc"))?;
    if let HeaderParameters::Agreement { epk, .. } = parameters {
        keys.retain(|key| key.shares_curve(epk));
        if keys.is_empty() {
            let fault = Error::new(Code::HeaderInvalid).at("header/epk/crv");
            return Err(fault.expected("the curve of the configured key").got(epk.curve().name()));
        }
    }
    Ok(keys)
}

/// The keys that serve the algorithm that a member of the header names; if there is none, a refusal with those that they serve.
fn serving<'k>(
    keys: &[&'k DecryptKey],
    name: fn(&DecryptKey) -> &'static str,
    wanted: &str,
    (code, member): (Code, &str),
) -> Result<Vec<&'k DecryptKey>> {
    let serving: Vec<_> = keys.iter().copied().filter(|key| name(key) == wanted).collect();
    if !serving.is_empty() {
        return Ok(serving);
    }
    let mut names: Vec<_> = keys.iter().map(|key| name(key)).collect();
    names.dedup();
    Err(Error::new(code).at(["header/", member].concat()).expected(names.join(" or ")).got(wanted))
}

/// The plaintext, or nothing, whatever failed. The place of the key names it to the host, as long as no setting changes.
async fn open(
    token: &Compact<'_>,
    (key, place): (&DecryptKey, Option<u32>),
    parameters: &HeaderParameters,
    host: &Host,
) -> Result<Option<Vec<u8>>> {
    let Form::Jwe { additional_data, encrypted_key, iv, ciphertext, tag } = &token.form else {
        return Ok(None);
    };
    let cipher = key.content.cipher();
    let found = content_key(key, parameters, encrypted_key, host).await?;
    let found = found.filter(|found| found.len() == cipher.key_bytes);
    let (content_key, good) = found.map_or_else(|| (substitute(key), false), |key| (key, true));
    let is_direct = matches!(key.management.scheme(), Scheme::Direct);
    let outcome = match checks::decryption(key.content, ciphertext, !is_direct) {
        // An encrypted key where none belongs is refused here.
        Some(work) if good || !is_direct => {
            let place = place.filter(|_| is_direct).map(|place| CONTENT | place);
            let sealed = Sealed { iv, covered: additional_data, ciphertext, tag };
            host.compute(true, work, &|| checks::opening(&sealed, &content_key, place)).await?
        }
        _ => Outcome::Here,
    };
    let plaintext = match outcome {
        Outcome::Bytes(plaintext) if plaintext.len() == ciphertext.len() => Some(plaintext),
        // What the host could not decrypt, the module has the last word on.
        _ => (cipher.open)(&content_key, iv, additional_data.as_bytes(), ciphertext, tag),
    };
    Ok(plaintext.filter(|_| good))
}

/// Without a content key the same is computed with another, so that the time tells nothing either.
fn substitute(key: &DecryptKey) -> Secret {
    Secret::new(alloc::vec![0; key.content.key_bytes()])
}

async fn content_key(
    key: &DecryptKey,
    parameters: &HeaderParameters,
    encrypted_key: &[u8],
    host: &Host,
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
            let work = Work { name: ASYMMETRIC, bytes: 0 };
            let agreed = host.compute(here, work, &|| checks::agreement(ours, epk)).await;
            let shared = match agreed.map_err(elsewhere)? {
                Outcome::Here => ours.agree(epk),
                Outcome::Bytes(shared) => {
                    Some(Secret::new(shared)).filter(|shared| shared.len() == epk.curve().bytes())
                }
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
            let work = Work { name: ASYMMETRIC, bytes: 0 };
            let unwrapped =
                host.compute(false, work, &|| checks::unwrapping(ours, hash, encrypted_key)).await;
            match unwrapped.map_err(elsewhere)? {
                Outcome::Bytes(content_key) => Ok(Some(Secret::new(content_key))),
                Outcome::Here | Outcome::Flag(_) => Ok(None),
            }
        }
        (Recipient::Secret(secret), ..) => {
            Ok(key_management::unwrap_with(scheme, parameters, secret, encrypted_key))
        }
        _ => Ok(None),
    }
}
