//! Signed tokens (RFC 7515): the only way to a [`Verified`].

mod sign;
mod verified;
mod verify;

pub use sign::sign_hmac;
pub use verified::Verified;
pub use verify::{verify, verify_with, verifying};
