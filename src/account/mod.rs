//! The account document: a customer as data. A JSON text enters; an [`Account`] leaves, in normal form with every
//! default filled, or every fault of the text at once. Its published form is `worker/account.schema.json`.
//!
//! A document holds no secrets of the customer's identity provider; it names them, `{ "secret": "NAME" }`, and the host
//! keeps them for this account alone.

mod campaigns;
mod challenge;
mod document;
mod keys;
mod profile;
mod reading;
mod return_paths;
mod sign_in;
mod sources;
mod token;
mod webhook;

pub use document::Account;
pub(crate) use keys::Secrets;
pub use keys::{SecretPlace, SecretPurpose, key_turn, watch as watch_keys};
pub use reading::{Fault, FaultReason};
pub(crate) use reading::{Faults, is_name};
pub(crate) use return_paths::{is_plain_path, stays};
pub(crate) use sign_in::{LOGIN, OAuth, Register, STANDARD};
pub use sign_in::{PRESETS, Preset, Redirect};
pub use token::KeyName;
pub(crate) use token::resolve_key;
