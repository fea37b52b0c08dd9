//! The freshness of fetched documents: JSON text in, JSON text out.

use super::convert::{Returned, answer, json, object, time};
use crate::freshness;
use wasm_bindgen::prelude::wasm_bindgen;

/// Returns the next decision about a fetched document: `{ decision, cache }`.
#[wasm_bindgen(js_name = keySetNext)]
pub fn key_set_next(cache: &str, event: &str, now: f64) -> Returned {
    let next = || freshness::next(&json(cache)?, &object(event)?, time(now));
    answer(next())
}
