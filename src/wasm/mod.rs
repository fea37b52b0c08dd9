//! The boundary to JavaScript, the only place that names `wasm_bindgen` and `js_sys`: settings, bytes and JSON text
//! come in, the core is called, JSON text goes out. No logic and no policy: `pkg-template/api/api.js` gives it its shape.

mod account;
mod admission;
mod boundary;
mod convert;
mod exchange;
mod keys;
mod names;
mod oauth;
mod remembered;
mod seals;
mod settings;
mod token;
