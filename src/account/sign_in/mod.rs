//! The settings for a sign-in at the identity provider, with what such providers are known to do differently.

mod deviations;
mod oauth;
mod preset;
mod redirect;

pub(crate) use deviations::{LOGIN, Register};
pub(crate) use oauth::OAuth;
pub(crate) use preset::STANDARD;
pub use preset::{PRESETS, Preset};
pub use redirect::Redirect;
