//! The laws of compact tokens, for any input.

use handstamp::{
    jose::{Compact, Form, base64url, jws, key::KeySource},
    json::Value,
};

const KEY: &[u8] =
    br#"{"method":"symmetricKey","alg":"HS256","key":"an example secret of 32 bytes ok","encoding":"utf8"}"#;

/// Never a panic. What is taken apart has one spelling: encoded again it is the input. What is verified says so
/// twice, and no longer once its last bit is another.
pub fn hold(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    let token = match Compact::parse(text) {
        Ok(token) => token,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let encode = base64url::encode;
    let again = match &token.form {
        Form::Jws { signing_input, payload, signature } => {
            let header = signing_input.split('.').next().unwrap_or_default();
            format!("{header}.{}.{}", encode(payload), encode(signature))
        }
        Form::Jwe { additional_data, encrypted_key, iv, ciphertext, tag } => {
            let parts = [encrypted_key, iv, ciphertext, tag].map(|part| encode(part));
            format!("{additional_data}.{}", parts.join("."))
        }
    };
    assert_eq!(again, text);
    // The header, written and read again, is the same header.
    let header = Value::from(token.header.members().clone()).to_text();
    assert_eq!(Value::parse_object(header.as_bytes()).as_ref(), Ok(token.header.members()));

    let key = Value::parse(KEY).and_then(|key| KeySource::from_settings(&key, "/verify", false));
    let sources = [key.expect("the key is good")];
    if jws::verify(&token, &sources).is_ok() {
        let mut token = token;
        if let Form::Jws { signature, .. } = &mut token.form
            && let Some(last) = signature.last_mut()
        {
            *last ^= 1;
        }
        assert!(jws::verify(&token, &sources).is_err());
    }
}
