//! JOSE: compact tokens, keys, signatures and encryption, with the policy that the standards leave to us.
//!
//! ```text
//! text ─ compact (base64url, header) ─┬─ JWE ─ jwe ─ text ─┐
//!                                     └─ JWS ──────────────┴─ jws ─ Verified
//! settings ─ key (source, set, jwk, pem ─ algorithm) ──────┘
//! ```
//! `nested` is the whole way. Each function that may need the host's WebCrypto is a future that takes the [`Host`]:
//! [`Pending`] runs it until it needs an operation, and goes on with the answer; without a host it ends at once
//! ([`here`]), which is all that the synchronous functions do.
//!
//! Nothing here reads a clock, a claim or a network.

pub(crate) mod algorithm;
pub mod base64url;
pub(crate) mod compact;
pub(crate) mod der;
pub(crate) mod header;
pub(crate) mod hexadecimal;
pub(crate) mod host;
#[cfg(feature = "interop")]
mod interop;
pub mod jwe;
pub mod jws;
pub mod key;
pub mod nested;
// The primitives, for tests of their vectors and for measurements: no part of the crate's promise.
#[doc(hidden)]
pub mod primitives;

pub use algorithm::{Content, Management, Signature};
pub use compact::{Compact, Form};
pub use header::Header;
pub use host::{Host, HostAnswer, Inputs, Operation, Pending, Progress, Waiting, here};
