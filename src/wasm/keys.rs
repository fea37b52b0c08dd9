//! JOSE alone: any payload, one key, no claims.

use super::convert::{Returned, answer, asked, host, json, object, refusal, token as text};
use crate::Result;
use crate::jose::{
    base64url,
    compact::Compact,
    header::Header,
    host::Host,
    jwe, jws,
    key::{DecryptKey, KeySource, pem},
};
use crate::json::Value;
use crate::secret::Secret;
use alloc::{format, string::String};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Verifies a signed token: `[header as JSON, payload]`, or `[{ operation }]` where the host computes first.
#[wasm_bindgen(js_name = verifyCompact, unchecked_return_type = "[string, Uint8Array<ArrayBuffer>] | [string]")]
pub fn verify_compact(token: &[u8], key: &str, host: Option<String>) -> core::result::Result<Array, JsValue> {
    opening(host, |host| {
        let source = KeySource::from_settings(&json(key)?, "", false)?;
        let verified = jws::verify_by(&Compact::parse(text(token)?)?, &[source], host)?;
        Ok(opened(verified.header(), verified.payload()))
    })
}

/// Decrypts an encrypted token: `[header as JSON, plaintext]`, or `[{ operation }]` where the host computes first.
#[wasm_bindgen(js_name = decryptCompact, unchecked_return_type = "[string, Uint8Array<ArrayBuffer>] | [string]")]
pub fn decrypt_compact(
    token: &[u8],
    key: &str,
    host: Option<String>,
) -> core::result::Result<Array, JsValue> {
    opening(host, |host| {
        let key = DecryptKey::from_settings(&json(key)?, "")?;
        let decrypted = jwe::decrypt_by(&Compact::parse(text(token)?)?, &[key], host)?;
        Ok(opened(&decrypted.header, &decrypted.plaintext))
    })
}

/// Returns the host's operation that comes first, for RSA and the larger curves: `{ algorithm, key, keyBytes, ivBytes,
/// bits? }`, or null.
#[wasm_bindgen(js_name = encryptionOfKey)]
pub fn encryption_of_key(key: &str) -> Returned {
    answer(encrypt_key(key).map(|key| key.handed_over().map_or(Value::Null, Value::from)))
}

/// Encrypts under a content key that the host has encrypted.
#[wasm_bindgen(js_name = encryptWrapped)]
pub fn encrypt_wrapped(
    plaintext: &[u8],
    key: &str,
    content_key: &[u8],
    wrapped: &[u8],
    iv: &[u8],
    kid: Option<String>,
    cty: Option<String>,
) -> Returned {
    encrypting(key, [&kid, &cty], |key, labels| {
        let by_host = jwe::WrappedKey { content_key: &Secret::new(content_key), wrapped };
        jwe::encrypt_wrapped(plaintext, key, &by_host, iv, labels)
    })
}

/// Encrypts under what the host has agreed with the recipient by an ephemeral key of its own.
#[wasm_bindgen(js_name = encryptAgreed)]
#[allow(clippy::too_many_arguments)] // The boundary takes bytes and texts, no structures.
pub fn encrypt_agreed(
    plaintext: &[u8],
    key: &str,
    epk: &str,
    shared: &[u8],
    content_key: &[u8],
    iv: &[u8],
    kid: Option<String>,
    cty: Option<String>,
) -> Returned {
    encrypting(key, [&kid, &cty], |key, labels| {
        let (epk, shared, content_key) = (json(epk)?, Secret::new(shared), Secret::new(content_key));
        let by_host = jwe::AgreedKey { epk: &epk, shared: &shared, content_key: &content_key };
        jwe::encrypt_agreed(plaintext, key, &by_host, iv, labels)
    })
}

/// Returns how many random bytes an encryption with this key takes.
#[wasm_bindgen(js_name = entropyBytes)]
pub fn entropy_bytes(key: &str) -> core::result::Result<usize, JsValue> {
    encrypt_key(key).map(|key| key.entropy_bytes()).map_err(refusal)
}

/// Encrypts; `entropy` is that many random bytes that were never used before.
#[wasm_bindgen(js_name = encryptCompact)]
pub fn encrypt_compact(
    plaintext: &[u8],
    key: &str,
    entropy: &[u8],
    kid: Option<String>,
    cty: Option<String>,
) -> Returned {
    encrypting(key, [&kid, &cty], |key, labels| jwe::encrypt(plaintext, key, entropy, labels))
}

/// Signs with a shared secret.
#[wasm_bindgen(js_name = signHmac)]
pub fn sign_hmac(header: &str, payload: &[u8], key: &str) -> Returned {
    let sign = || {
        let source = KeySource::from_settings(&json(key)?, "", false)?;
        let members = object(header)?;
        jws::sign_hmac(&members, payload, source.find(&Header::signed(header.as_bytes())?)?)
    };
    sign().map_err(refusal)
}

/// Returns the signing input (RFC 7515 section 5.1), if the host has the private key.
#[wasm_bindgen(js_name = signingInput)]
pub fn signing_input(header: &str, payload: &[u8]) -> Returned {
    Header::signed(header.as_bytes()).map_err(refusal)?;
    Ok(format!("{}.{}", base64url::encode(header.as_bytes()), base64url::encode(payload)))
}

/// When the certificate of a PEM text ends, as RFC 3339 writes a time; nothing for what is not a certificate.
#[wasm_bindgen(js_name = certificateEnd)]
pub fn certificate_end(text: &str) -> Option<String> {
    pem::certificate_end(text)
}

fn opening(
    given: Option<String>,
    run: impl FnOnce(&mut Host) -> Result<Array>,
) -> core::result::Result<Array, JsValue> {
    let mut host = host(given).map_err(refusal)?;
    let result = run(&mut host);
    match host.take_operation() {
        Some(operation) => Ok(Array::of1(&JsValue::from_str(&asked(operation)))),
        None => result.map_err(refusal),
    }
}

fn opened(header: &Header, content: &[u8]) -> Array {
    let header = Value::from(header.members().clone()).to_text();
    Array::of2(&JsValue::from_str(&header), &Uint8Array::from(content))
}

fn encrypting(
    key: &str,
    [kid, cty]: [&Option<String>; 2],
    encrypt: impl FnOnce(&jwe::EncryptKey, jwe::Labels<'_>) -> Result<String>,
) -> Returned {
    let labels = jwe::Labels { kid: kid.as_deref(), cty: cty.as_deref() };
    encrypt_key(key).and_then(|key| encrypt(&key, labels)).map_err(refusal)
}

fn encrypt_key(key: &str) -> Result<jwe::EncryptKey> {
    jwe::EncryptKey::from_settings(&json(key)?, "")
}
