//! What the tests share: vectors from their files, settings from JSON text, tokens with any header and payload.
#![allow(dead_code)] // Each test file uses its part.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use handstamp::{
    Code, Error,
    jose::{
        Compact, base64url,
        jwe::{self, EncryptKey, Labels},
        jws,
        key::{DecryptKey, KeySource},
    },
    json::{Object, Value},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A vector file under `tests/vectors`, read by another reader than the one under test.
pub fn vectors(name: &str) -> serde_json::Value {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The rows of one array of a vector file; an empty one would test nothing.
pub fn rows(name: &str, member: &str) -> Vec<serde_json::Value> {
    let rows = vectors(name)[member].as_array().unwrap().clone();
    assert!(!rows.is_empty(), "{name} has no {member}");
    rows
}

/// A value of our own reader.
pub fn value(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap()
}

/// An object of our own reader.
pub fn object(text: &str) -> Object {
    Value::parse_object(text.as_bytes()).unwrap()
}

/// A key source from its settings.
pub fn source(settings: &str) -> Result<KeySource, Error> {
    KeySource::from_settings(&value(settings), "/verify", false)
}

/// A decryption key from its settings.
pub fn decrypt_key(settings: &str) -> Result<DecryptKey, Error> {
    DecryptKey::from_settings(&value(settings), "/decrypt")
}

/// Takes apart and verifies.
pub fn verify(token: &str, sources: &[KeySource]) -> Result<jws::Verified, Error> {
    jws::verify(&Compact::parse(token)?, sources)
}

/// The refusal of a text as a token, before any key.
pub fn refusal(token: &str) -> Error {
    Compact::parse(token).err().unwrap_or_else(|| panic!("taken apart: {token:.60}"))
}

/// The secret of the tests: 32 bytes.
pub const SECRET: &str = "an example secret of 32 bytes ok";

/// The source that goes with [`SECRET`].
pub fn hs256() -> KeySource {
    source(&format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8"}}"#))
        .unwrap()
}

/// A token signed with [`SECRET`], whatever its header says.
pub fn signed(header: &str, payload: &[u8]) -> String {
    signed_with(SECRET.as_bytes(), header.as_bytes(), payload)
}

/// A token signed with any secret, whatever its header says.
pub fn signed_with(secret: &[u8], header: &[u8], payload: &[u8]) -> String {
    let input = format!("{}.{}", base64url::encode(header), base64url::encode(payload));
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(&input).finalize();
    format!("{input}.{}", base64url::encode(&mac.into_bytes()))
}

/// Asserts the code, naming the case.
#[track_caller]
pub fn assert_code<T>(case: &str, result: Result<T, Error>, code: Code) {
    match result {
        Ok(_) => panic!("{case}: accepted, expected {}", code.as_str()),
        Err(error) => assert_eq!(error.code(), code, "{case}: {error}"),
    }
}

/// Encrypts for a key as the settings have it.
pub fn encrypt_for(key: &str, plaintext: &[u8], iv: [u8; 12], cty: Option<&str>) -> String {
    let key = EncryptKey::from_settings(&Value::parse(key.as_bytes()).unwrap(), "/key").unwrap();
    jwe::encrypt(plaintext, &key, &iv, Labels { kid: None, cty }).unwrap()
}
