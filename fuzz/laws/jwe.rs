//! The laws of encrypted tokens, for any input.

use handstamp::{
    Code,
    jose::{
        Compact, jwe,
        key::{DecryptKey, KeySource},
        nested::{self, Encryption},
    },
    json::Value,
};

const DECRYPT: &[u8] = br#"{"key":"sixteen bytes ok","encoding":"utf8","alg":"dir","enc":"A128GCM"}"#;
const VERIFY: &[u8] =
    br#"{"method":"symmetricKey","alg":"HS256","key":"an example secret of 32 bytes ok","encoding":"utf8"}"#;

/// Never a panic. A refused decryption says nothing but that; what opens as a nested token was encrypted and
/// decrypts by itself; the plaintext, encrypted again, decrypts to the same.
pub fn hold(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    let decrypt = Value::parse(DECRYPT).and_then(|key| DecryptKey::from_settings(&key, "/decrypt"));
    let verify = Value::parse(VERIFY).and_then(|key| KeySource::from_settings(&key, "/verify", false));
    let (decrypt, verify) = ([decrypt.expect("the key is good")], [verify.expect("the key is good")]);
    let opened = nested::open(text, &decrypt, Encryption::Require, &verify);
    let decrypted = match Compact::parse(text).and_then(|token| jwe::decrypt(&token, &decrypt)) {
        Ok(decrypted) => decrypted,
        Err(error) => {
            assert!(opened.is_err());
            assert!(error.code() != Code::DecryptionFailed || error.detail().is_none());
            return;
        }
    };
    assert!(opened.is_err() || core::str::from_utf8(&decrypted.plaintext).is_ok());
    let ours = Value::parse(DECRYPT).and_then(|key| jwe::EncryptKey::from_settings(&key, "/key"));
    let ours = ours.expect("the key is good");
    let again =
        jwe::encrypt(&decrypted.plaintext, &ours, &[7; 12], jwe::Labels::default()).expect("a dir key");
    let Ok(again) = Compact::parse(&again) else { return };
    let again = jwe::decrypt(&again, &decrypt).expect("what we encrypt we decrypt");
    assert_eq!(again.plaintext, decrypted.plaintext);
}
