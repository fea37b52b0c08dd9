//! Signed tokens (RFC 7515): the only way to a [`Verified`].

mod pending;
mod sign;
mod verified;
mod verify;

pub use pending::{Place, Unproven};
pub use sign::sign_hmac;
pub use verified::Verified;
pub(crate) use verify::{Verifying, begin, verify_taken};
pub use verify::{verify, verify_by, verify_with};
