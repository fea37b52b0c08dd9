//! The keys and secrets of a document: where it names them, the values behind the names, and their rotation.

pub mod key_turn;
mod key_watch;
mod secret_places;
mod secrets;

pub use key_watch::watch;
pub use secret_places::{SecretPlace, SecretPurpose};
pub(super) use secret_places::{WEBHOOK, is_reference, is_shared};
pub(crate) use secrets::Secrets;
pub(super) use secrets::{read_secret_reference, secret_reference};
