//! Names that were misspelt.

use crate::json::members::nearest;
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::wasm_bindgen;

/// Finds the known name that `name` was probably meant to be.
#[wasm_bindgen(js_name = nearestName)]
pub fn nearest_name(name: &str, known: Vec<String>) -> Option<String> {
    nearest(name, known.iter().map(String::as_str)).map(String::from)
}
