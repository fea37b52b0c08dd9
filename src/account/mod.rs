//! The account document: a customer as data. A JSON text enters; an [`Account`] leaves, in normal form with every
//! default filled, or every fault of the text at once. Its published form is `worker/account.schema.json`.
//!
//! A document holds no secrets of the customer's identity provider; it names them, `{ "secret": "NAME" }`, and the host
//! keeps them for this account alone.

mod brand;
mod campaign;
mod challenge;
mod consent;
mod content;
mod deviations;
mod document;
mod fault;
mod key_names;
pub mod key_turn;
mod key_watch;
mod localised;
mod oauth;
mod own_origin;
mod period;
mod preset;
mod profile_api;
mod profile_sources;
mod reader;
mod redirect;
mod report_only;
mod return_paths;
mod secret_places;
mod secrets;
mod secure_token;
mod sources;
mod texts;
mod token_settings;
mod webhook;

pub(crate) use deviations::{LOGIN, Register};
pub use document::Account;
pub(crate) use fault::Faults;
pub use fault::{Fault, FaultReason};
pub use key_names::KeyName;
pub use key_watch::watch as watch_keys;
pub(crate) use oauth::OAuth;
pub(crate) use preset::STANDARD;
pub use preset::{PRESETS, Preset};
pub(crate) use reader::is_name;
pub use redirect::Redirect;
pub(crate) use return_paths::{is_plain_path, stays};
pub use secret_places::{SecretPlace, SecretPurpose};
pub(crate) use secrets::Secrets;
pub(crate) use token_settings::resolve_key;
