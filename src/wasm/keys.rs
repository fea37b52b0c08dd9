//! JOSE alone: any payload, one key, no claims.

use super::convert::{Returned, answer, json, object, refusal};
use super::exchange::{Said, about_token};
use crate::Result;
use crate::jose::{
    base64url,
    compact::Compact,
    header::Header,
    host::Host,
    jwe, jws,
    key::{DecryptKey, KeySource},
};
use crate::json::Value;
use crate::secret::Secret;
use alloc::{format, string::String, vec::Vec};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Verifies the signed token in the room: its header as JSON, and its payload.
#[wasm_bindgen(js_name = verifyCompact)]
pub fn verify_compact(length: usize, host: u32, key: String) -> u32 {
    about_token(length, Host::from_bits(host).without_secrets(), |token, host| async move {
        let source = KeySource::from_settings(&json(&key)?, "", false)?;
        let verified = jws::verifying(Compact::parse(&token)?, &[source], &host).await?;
        Ok(opened(verified.header(), verified.payload().to_vec()))
    })
}

/// Decrypts the encrypted token in the room: its header as JSON, and its plaintext.
#[wasm_bindgen(js_name = decryptCompact)]
pub fn decrypt_compact(length: usize, host: u32, key: String) -> u32 {
    about_token(length, Host::from_bits(host).without_secrets(), |token, host| async move {
        let key = DecryptKey::from_settings(&json(&key)?, "")?;
        let decrypted = jwe::decrypting(&Compact::parse(&token)?, &[key], &host).await?;
        Ok(opened(&decrypted.header, decrypted.plaintext))
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

fn opened(header: &Header, content: Vec<u8>) -> Said {
    Said::content(Value::from(header.members().clone()).to_text(), content)
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
