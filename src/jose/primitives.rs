//! The computations by themselves, for tests of published vectors, the fuzzer and the benchmarks. The crate
//! promises nothing of them: they change without notice.

pub use super::{
    algorithm::{agreement, content, curve, rsa},
    key::pem::read as read_pem,
};

#[cfg(feature = "variable-time")]
pub use super::algorithm::secp256r1;
