//! The algorithms (RFC 7518, RFC 8037): the table of their rows, the material that they compute with, and a file for
//! each computation. Nothing here knows a token or a setting.

pub mod agreement;
pub mod content;
pub mod curve;
pub mod ecdsa;
pub mod eddsa;
mod hmac;
pub mod key_management;
pub mod key_wrap;
pub mod material;
mod roca;
pub mod rsa;
#[cfg(feature = "variable-time")]
mod rsa_encoding;
pub mod rsa_private;
mod table;

// A crate of its own, to be compiled for speed.
#[cfg(feature = "variable-time")]
pub use handstamp_jwa::secp256r1;
pub use table::{Content, Management, Signature, is_refused};
