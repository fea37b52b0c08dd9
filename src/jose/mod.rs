//! JOSE: compact tokens, keys, signatures and encryption, with the policy that the standards leave to us.
//!
//! ```text
//! text ─ compact (base64url, header) ─┬─ JWE ─ jwe ─ text ─┐
//!                                     └─ JWS ──────────────┴─ jws ─ Verified
//! settings ─ key (source, set, jwk, pem ─ algorithm) ──────┘
//! ```
//! `nested` is the whole way. Operations that the module leaves to WebCrypto go out and comes back as data (`host`);
//! each function that may need it has a form ending in `_by` that takes the [`host::Host`]. In the common cases, one
//! signature or a content and the signature inside, the token itself waits for the answer ([`jws::Unproven`],
//! [`jwe::Unopened`]).
//!
//! Nothing here reads a clock, a claim or a network.

pub(crate) mod algorithm;
pub mod base64url;
pub(crate) mod compact;
pub(crate) mod der;
pub(crate) mod header;
pub(crate) mod hexadecimal;
pub(crate) mod host;
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
pub use host::Host;
