//! Bytes, numbers and JSON text in; JSON text or a refusal out.

use crate::json::{Object, Value};
use crate::time::UnixTime;
use crate::{Error, Result};
use alloc::string::String;
use wasm_bindgen::JsValue;

/// The return type of an exported function: a string, or a refusal that is thrown as a JavaScript string.
pub type Returned = core::result::Result<String, JsValue>;

/// Returns a result as JSON text, or its refusal.
pub fn answer(result: Result<impl Into<Value>>) -> Returned {
    result.map(|value| value.into().to_text()).map_err(refusal)
}

/// Returns a refusal as JSON text: `{ code, at?, expected?, got?, fix? }`. The sentences are in the catalogue.
pub fn refused(error: &Error) -> String {
    let mut out = Object::new();
    out.set("code", error.code().as_str());
    if let Some(detail) = error.detail() {
        out.set_some("at", detail.at.as_deref());
        out.set_some("expected", detail.expected.as_deref());
        out.set_some("got", detail.got.as_deref());
        out.set_some("fix", detail.fix);
    }
    Value::from(out).to_text()
}

/// Returns a refusal as [`refused`] does, to be thrown.
pub fn refusal(error: Error) -> JsValue {
    JsValue::from_str(&refused(&error))
}

/// Parses JSON.
pub fn json(text: &str) -> Result<Value> {
    Value::parse(text.as_bytes())
}

/// Parses a JSON object.
pub fn object(text: &str) -> Result<Object> {
    Value::parse_object(text.as_bytes())
}

/// Returns the seconds since 1970. The cast holds at the ends of the range.
#[allow(clippy::cast_possible_truncation)]
pub const fn time(seconds: f64) -> UnixTime {
    UnixTime(seconds as i64)
}

/// Returns a count. The cast holds at the ends of the range.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn count(number: Option<f64>) -> Option<u64> {
    number.map(|number| number as u64)
}
