//! The settings for secure tokens, as a document has them and as [`crate::secure_token`] takes them.

pub(super) mod key_names;
mod report_only;
pub(super) mod secure_token;
pub(super) mod token_settings;

pub use key_names::KeyName;
pub(crate) use token_settings::resolve_key;
