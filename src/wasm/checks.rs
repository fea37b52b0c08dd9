//! Checks of a configuration beside its document: keys, key sets, certificates and names.

use super::convert::{Returned, answer, json, object};
use crate::jose::key;
use crate::json::{Value, members::nearest};
use crate::oauth;
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::wasm_bindgen;

/// Tries the keys that decrypt the tokens of the identity provider: `null`, or the refusal.
#[wasm_bindgen(js_name = oauthCheckKeys)]
pub fn check_keys(input: &str) -> Returned {
    answer(object(input).and_then(|input| oauth::check_keys(&input)).map(|()| Value::Null))
}

/// Judges a key set that an identity provider publishes; `algs` is a JSON array of names, or null.
#[wasm_bindgen(js_name = keySetJudge)]
pub fn key_set_judge(text: &str, algs: &str) -> Returned {
    let judged = || {
        let algs = json(algs)?;
        let names: Option<Vec<&str>> =
            algs.as_array().map(|all| all.iter().filter_map(Value::as_str).collect());
        Ok(key::judge(text.as_bytes(), names.as_deref()))
    };
    answer(judged())
}

/// Returns when the certificate of a PEM text ends, as RFC 3339 writes a time; nothing for what is not a certificate.
#[wasm_bindgen(js_name = certificateEnd)]
pub fn certificate_end(text: &str) -> Option<String> {
    key::certificate_end(text)
}

/// Finds the known name that `name` was probably meant to be.
#[wasm_bindgen(js_name = nearestName)]
pub fn nearest_name(name: &str, known: Vec<String>) -> Option<String> {
    nearest(name, known.iter().map(String::as_str)).map(String::from)
}
