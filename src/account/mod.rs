//! The account document: a customer as data. A JSON text enters; an [`Account`] leaves, in normal form with every
//! default filled, or every fault of the text at once. Its published form is `worker/account.schema.json`.
//!
//! A document holds no secrets of the customer's identity provider; it names them, `{ "secret": "NAME" }`, and the host
//! keeps them for this account alone.

mod address;
mod campaign;
mod content;
mod document;
mod fault;
mod key_names;
mod oauth;
mod preset;
mod profile_sources;
mod reader;
mod report_only;
mod return_paths;
mod secrets;
mod secure_token;
mod token_settings;
mod webhook;

pub use address::{check_url, is_at, is_loopback_url};
pub use campaign::is_id as is_campaign_id;
pub use document::Account;
pub use fault::{Fault, Faults};
pub use key_names::KeyName;
pub use oauth::OAuth;
pub use preset::{PRESETS, Preset};
pub use reader::is_name;
pub use return_paths::{is_plain_path, lists, stays};
pub use secrets::Secrets;
