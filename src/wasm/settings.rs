//! Settings as a program of JavaScript has them, through `serde-wasm-bindgen`: `undefined` is absent, but for the checks that
//! would vanish with it, and what is not plain data (a `Date`, a function, an object with `toJSON`) is refused at its place.

use super::convert::refusal;
use crate::json::{
    Value,
    serde::{At, Look, read},
};
use alloc::{format, string::String, vec::Vec};
use js_sys::{Function, Reflect};
use serde::{Deserializer as _, de::Error as _};
use serde_wasm_bindgen::{Deserializer, preserve};
use wasm_bindgen::{
    JsCast as _,
    prelude::{JsValue, wasm_bindgen},
};

/// Returns settings as JSON text: what a verifier is made of, and made of again after a trap. `settings_invalid` with the
/// place is thrown for what is not plain data. `checks` are the members that stay, as `null`, where they are `undefined`.
#[wasm_bindgen(js_name = settingsText)]
pub fn settings_text(settings: JsValue, checks: Vec<String>) -> core::result::Result<Vec<u8>, JsValue> {
    read(Deserializer::from(settings), OfJavaScript(&checks))
        .map(|value| value.to_text().into_bytes())
        .map_err(refusal)
}

#[derive(Clone, Copy)]
struct OfJavaScript<'a>(&'a [String]);

impl Look for OfJavaScript<'_> {
    fn look<'de, D: serde::Deserializer<'de>>(
        given: D,
        at: At<'_, Self>,
    ) -> core::result::Result<Option<Value>, D::Error> {
        let given: JsValue = preserve::deserialize(given)?;
        // What most of settings is, at once: each look at a value is a crossing.
        if let Some(text) = given.as_string() {
            return Ok(Some(text.into()));
        }
        if given.is_undefined() {
            let name = at.place.rsplit('/').next().unwrap_or_default();
            return Ok(at.look.0.iter().any(|check| check == name).then_some(Value::Null));
        }
        if let Some(kind) = unfit(&given) {
            return Err(at.refuse("plain data", &kind));
        }
        Deserializer::from(given).deserialize_any(at).map(Some).map_err(|_| D::Error::custom(""))
    }
}

/// Names the kind of what is not plain data: it has no members, such as a `Map`, or a form of its own in JSON.
fn unfit(given: &JsValue) -> Option<String> {
    if given.is_function() || given.is_symbol() || given.is_bigint() {
        return given.js_typeof().as_string().map(|kind| format!("a {kind}"));
    }
    if !given.is_object() || js_sys::Array::is_array(given) {
        return None;
    }
    let member = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
    let above = Reflect::get_prototype_of(given).map(JsValue::from).unwrap_or_default();
    // Whatever realm it comes from: nothing stands above the prototype of a plain object.
    let is_plain = above.is_null() || Reflect::get_prototype_of(&above).is_ok_and(|above| above.is_null());
    let has_members = || js_sys::Object::keys::<js_sys::Object>(given.unchecked_ref()).length() > 0;
    if !member(given, "toJSON").has_type::<Function>() && (is_plain || has_members()) {
        return None;
    }
    let name = member(&member(given, "constructor"), "name").as_string().unwrap_or_default();
    let is_shown =
        !is_plain && (1..=32).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    Some(if is_shown { format!("an object of the class {name}") } else { "an object with toJSON".into() })
}
