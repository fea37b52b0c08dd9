//! What computes, by itself: for tests of published vectors, the fuzzer and the benchmarks. No part of what the crate
//! promises: it changes without notice.

pub use super::{
    algorithm::{agreement, content, curve, rsa},
    key::pem::read as read_pem,
};

#[cfg(feature = "variable-time")]
pub use super::algorithm::secp256r1;
