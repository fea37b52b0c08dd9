//! The boundary to JavaScript, the only place that names `wasm_bindgen` and `js_sys`: settings, bytes and JSON text
//! come in, the core is called, JSON text goes out. No logic and no policy: `pkg-template/api/api.js` gives it its shape.

#[cfg(feature = "accounts")]
mod account;
mod admission;
mod allocator;
mod boundary;
#[cfg(feature = "accounts")]
mod campaign;
#[cfg(feature = "accounts")]
mod checks;
mod convert;
mod exchange;
mod freshness;
mod keys;
#[cfg(feature = "accounts")]
mod oauth;
#[cfg(feature = "accounts")]
mod previews;
mod remembered;
#[cfg(feature = "accounts")]
mod seals;
mod settings;
mod token;
