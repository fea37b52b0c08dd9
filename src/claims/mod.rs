//! From a verified payload to claims that may be acted on: first what every JWT says ([`standard`]), then what a
//! campaign token says ([`campaign`]). Each stage consumes the one before, so no claim is reached unchecked.

pub mod campaign;
pub(crate) mod misspelt;
pub mod standard;
mod valid;

pub use valid::{ValidClaims, ValidText};
