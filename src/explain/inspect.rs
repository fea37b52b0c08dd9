//! The parts of a token, not verified, to be shown beside a report. Nothing of it is verified, and no key is needed.

use super::transport::repair;
use crate::{
    Error, bounds,
    jose::base64url,
    json::{Object, Value},
};
use alloc::{string::String, vec::Vec};

/// The names of the parts of a signed and of an encrypted token (RFC 7515 section 7.1, RFC 7516 section 7.1).
const SIGNED: [&str; 3] = ["header", "payload", "signature"];
const ENCRYPTED: [&str; 5] = ["header", "encrypted_key", "iv", "ciphertext", "tag"];

/// Takes a text apart as far as that is possible:
/// `{ form: "jws" | "jwe" | "other", repaired, parts: [{ name, text, bytes?, json?, fault? }] }`.
///
/// `repaired` says whether the text was changed to be read; `json` is the text of the header, and of the payload of a
/// signed token, as it stands there; `fault` is `{ code, expected?, got? }` of what could not be read.
///
/// ```
/// use handstamp::{explain::inspect, json::Value};
/// let seen = Value::from(inspect("Bearer eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AA.AA.AA"));
/// assert_eq!(seen.pointer("/form").and_then(Value::as_str), Some("jwe"));
/// assert_eq!(seen.pointer("/parts/0/json").and_then(Value::as_str), Some(r#"{"alg":"dir","enc":"A256GCM"}"#));
/// ```
pub fn inspect(text: &str) -> Object {
    let mut out = Object::new();
    if text.len() > bounds::TOKEN_BYTES {
        out.set("form", "other");
        out.set("repaired", false);
        out.set("parts", Vec::<Value>::new());
        return out;
    }
    let token = repair(text);
    let texts: Vec<&str> = token.text.split('.').collect();
    let (form, names): (_, &[&str]) = match texts.len() {
        3 => ("jws", &SIGNED),
        5 => ("jwe", &ENCRYPTED),
        _ => ("other", &SIGNED),
    };
    out.set("form", form);
    out.set("repaired", token.fault.is_some());
    let shown: Vec<Value> = names.iter().zip(texts).map(|(name, text)| part(name, text).into()).collect();
    out.set("parts", shown);
    out
}

fn part(name: &str, text: &str) -> Object {
    let mut out = Object::new();
    out.set("name", name);
    out.set("text", text);
    let bytes = match base64url::decode(text) {
        Ok(bytes) => bytes,
        Err(fault) => {
            out.set("fault", shown(&fault));
            return out;
        }
    };
    out.set_some("bytes", i64::try_from(bytes.len()).ok());
    if matches!(name, "header" | "payload") {
        if let Err(fault) = Value::parse_object(&bytes) {
            out.set("fault", shown(&fault));
        }
        out.set_some("json", String::from_utf8(bytes).ok());
    }
    out
}

fn shown(fault: &Error) -> Object {
    let mut out = Object::new();
    out.set("code", fault.code().as_str());
    if let Some(detail) = fault.detail() {
        out.set_some("expected", detail.expected.as_deref());
        out.set_some("got", detail.got.as_deref());
    }
    out
}
