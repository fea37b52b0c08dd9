//! Signed tokens: the only way to a [`Verified`].

use super::{
    base64url,
    compact::{Compact, Form},
    header::Header,
    host::Host,
    key::Key,
    key_set::KeySet,
    source::KeySource,
};
use crate::{
    Code, Error, Result, Warning, bounds,
    error::Remark,
    json::{Object, Value},
};
use alloc::{format, string::String, vec::Vec};

/// A header and a payload whose signature was checked with one of the configured keys.
#[derive(Clone)]
pub struct Verified {
    header: Header,
    payload: Vec<u8>,
    signing_input: String,
    source: usize,
    remarks: Vec<Remark>,
}

impl Verified {
    /// The protected header.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The payload's bytes.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The payload, to keep.
    pub fn into_payload(self) -> Vec<u8> {
        self.payload
    }

    /// What the signature is over: the first two parts as received. It tells one token from another.
    pub fn signing_input(&self) -> &str {
        &self.signing_input
    }

    /// Which of the sources held the key.
    pub const fn source(&self) -> usize {
        self.source
    }

    /// What was accepted but should be put right.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}

// The payload is personal data.
impl core::fmt::Debug for Verified {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Verified({}, {} bytes)", self.header.alg(), self.payload.len())
    }
}

/// Verifies a token with the first source that can.
///
/// ```
/// use handstamp::{jose::{algorithm::Signature, compact::Compact, jws, key::Key, source::KeySource}, json::{Object, Value}};
/// let secret = "an example secret of 32 bytes ok";
/// let key = Key::from_secret(secret.as_bytes(), Signature::HS256, false)?;
/// let token = jws::sign_hmac(&Object::new(), br#"{"sub":"1234"}"#, &key)?;
///
/// let setting = format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{secret}","encoding":"utf8"}}"#);
/// let source = KeySource::from_settings(&Value::parse(setting.as_bytes())?, "/verify", false)?;
/// let verified = jws::verify(&Compact::parse(&token)?, &[source])?;
/// assert_eq!(verified.payload(), br#"{"sub":"1234"}"#);
/// # Ok::<(), handstamp::Error>(())
/// ```
///
/// # Errors
/// Of one source, its own refusal. Of several, the one that leads furthest: a key set that is not loaded or does
/// not know the kid yet (the host may fetch it), then `signature_invalid`, then the others.
pub fn verify(token: &Compact<'_>, sources: &[KeySource]) -> Result<Verified> {
    verify_by(token, sources, &mut Host::none())
}

/// As [`verify`], by the module or by the host.
///
/// # Errors
/// As `verify`, and `needs_webcrypto` where neither can.
pub fn verify_by(token: &Compact<'_>, sources: &[KeySource], host: &mut Host) -> Result<Verified> {
    if sources.len() > bounds::KEY_SOURCES {
        let expected = told!("at most {} sources", bounds::KEY_SOURCES);
        return Err(Error::new(Code::SettingsInvalid).at("/verify").expected(expected));
    }
    let mut refusal = Error::new(Code::KeysMissing);
    for (index, source) in sources.iter().enumerate() {
        match source.find(&token.header).and_then(|key| verify_key(token, key, host)) {
            Ok(mut verified) => {
                verified.source = index;
                for remark in &mut verified.remarks {
                    remark.at = Some(source.place().into());
                }
                if source.ignores_kid() && verified.header.kid().is_some() {
                    verified.remarks.push(Remark::at(Warning::KidIgnored, "header/kid"));
                }
                return Ok(verified);
            }
            Err(error) if host.is_asked() => return Err(error),
            Err(error) if rank(&error) > rank(&refusal) => refusal = error,
            Err(_) => {}
        }
    }
    Err(refusal)
}

/// Verifies a token with one key set, by the module or by the host; without kid, where that is allowed, if exactly
/// one key fits.
///
/// # Errors
/// Those of [`KeySet::select`] and [`KeySet::only`], `signature_invalid`, and `sync_unsupported` or
/// `needs_webcrypto` where neither can.
pub fn verify_with(
    token: &Compact<'_>,
    keys: &KeySet,
    allow_missing_kid: bool,
    host: &mut Host,
) -> Result<Verified> {
    let alg = token.header.signature().ok_or_else(not_signed)?;
    let key = match token.header.kid() {
        None if allow_missing_kid => keys.only(alg)?,
        kid => keys.select(kid, alg)?,
    };
    verify_key(token, key, host)
}

/// Signs a payload with a shared secret. The header's `alg` is one of the key's rows; if it has only one, `alg`
/// may be left out.
///
/// # Errors
/// `alg_missing`, `alg_not_allowed`, `header_invalid` for an `alg` that is no text, `key_wrong_type` for a
/// public key.
pub fn sign_hmac(header: &Object, payload: &[u8], key: &Key) -> Result<String> {
    let alg = match (header.get("alg"), key.rows()) {
        (None, [row]) => *row,
        (None, _) => return Err(Error::new(Code::AlgMissing).at("header/alg")),
        (Some(Value::String(name)), rows) => {
            let row = rows.iter().find(|row| row.name() == name);
            *row.ok_or_else(|| Error::new(Code::AlgNotAllowed).at("header/alg"))?
        }
        (Some(_), _) => return Err(Error::new(Code::HeaderInvalid).at("header/alg").expected("a string")),
    };
    let mut members = Object::new();
    members.set("alg", alg.name());
    for (name, value) in header.iter() {
        members.set(name, value.clone());
    }
    let header = base64url::encode(Value::from(members).to_text().as_bytes());
    let input = format!("{header}.{}", base64url::encode(payload));
    let signature = base64url::encode(&key.sign(alg, input.as_bytes())?);
    Ok(format!("{input}.{signature}"))
}

fn verify_key(token: &Compact<'_>, key: &Key, host: &mut Host) -> Result<Verified> {
    let Form::Jws { signing_input, payload, signature } = &token.form else { return Err(not_signed()) };
    let alg = token.header.signature().ok_or_else(not_signed)?;
    key.verify_by(alg, signing_input.as_bytes(), signature, host)?;
    let remarks = if key.is_short() { alloc::vec![Remark::new(Warning::SecretShort)] } else { Vec::new() };
    Ok(Verified {
        header: token.header.clone(),
        payload: payload.clone(),
        signing_input: (*signing_input).into(),
        source: 0,
        remarks,
    })
}

fn not_signed() -> Error {
    Error::new(Code::TokenSegments).expected("3 parts (JWS)").got("5 parts")
}

/// How far a refusal leads, among those of several sources.
const fn rank(error: &Error) -> u8 {
    match error.code() {
        Code::KeysMissing => 0,
        Code::AlgNotAllowed => 1,
        Code::SignatureInvalid => 3,
        Code::SyncUnsupported | Code::NeedsWebcrypto => 4,
        Code::KidUnknown => 5,
        Code::KeySetNotLoaded => 6,
        _ => 2,
    }
}
