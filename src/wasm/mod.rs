//! The boundary to JavaScript, the only place that names `wasm_bindgen`: bytes and JSON text come in, the
//! core is called, JSON text goes out. No logic and no policy: `pkg-template/api.js` gives it its shape.

mod convert;

use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

/// The crate's version, which is the package's.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}
