//! Bytes and numbers in; JSON text or a refusal out.

use crate::json::{Object, Value};
use crate::time::UnixTime;
use crate::{Code, Error, Result, bounds};
use alloc::string::String;
use wasm_bindgen::JsValue;

/// What an exported function returns: JSON text, or a refusal that is thrown as a JavaScript string.
pub type Answer = core::result::Result<String, JsValue>;

/// A result as JSON text, or its refusal.
pub fn answer(result: Result<impl Into<Value>>) -> Answer {
    result.map(|value| value.into().to_text()).map_err(refusal)
}

/// A refusal as JSON text: `{ code, at?, expected?, got? }`. The sentences are in the catalogue.
pub fn refusal(error: Error) -> JsValue {
    let mut out = Object::new();
    out.set("code", error.code().as_str());
    if let Some(detail) = error.detail() {
        out.set_some("at", detail.at.as_deref());
        out.set_some("expected", detail.expected.as_deref());
        out.set_some("got", detail.got.as_deref());
    }
    JsValue::from_str(&Value::from(out).to_text())
}

/// A token, key or set as text.
pub fn text(bytes: &[u8]) -> Result<&str> {
    core::str::from_utf8(bytes).map_err(|_| Error::new(Code::TokenCharacters))
}
