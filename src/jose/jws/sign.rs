//! Signing with a shared secret (RFC 7515 section 5.1).

use crate::{
    Code, Error, Result,
    jose::{base64url, key::Key},
    json::{Object, Value},
};
use alloc::{format, string::String};

/// Signs a payload with a shared secret. The header's `alg` is one of the key's rows; if it has only one, `alg`
/// may be left out.
///
/// # Errors
/// `alg_missing`, `alg_not_allowed`, `header_invalid` for an `alg` that is not a string, `key_wrong_type` for a public
/// key.
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
