//! The tokens that the identity provider issues for us: decrypted, verified, and their claims judged.

mod claims;
pub(super) mod decryption;
pub(super) mod id_token;
mod keys;
pub(super) mod shared_key;

pub(super) use claims::{Claims, check_subject, policy, refused};
pub use keys::check_keys;
