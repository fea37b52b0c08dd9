//! RSA private keys (RFC 7518 section 6.3.2), taken apart: the host alone computes with them (RUSTSEC-2023-0071).

use super::rsa;
use crate::secret::Secret;
use alloc::vec::Vec;

/// The numbers of an RSA private key by their names in a JWK (RFC 7518 section 6.3.2).
#[derive(Clone, Debug)]
pub struct RsaPrivateKey {
    public: rsa::RsaPublicKey,
    numbers: Vec<(&'static str, Secret)>,
}

/// The names of the numbers that are not public, in the order of PKCS#1 (RFC 8017 appendix A.1.2).
pub(in crate::jose) const NUMBERS: [&str; 6] = ["d", "p", "q", "dp", "dq", "qi"];

impl RsaPrivateKey {
    /// Puts a key together: its public half, and the numbers by their names.
    pub(in crate::jose) const fn new(
        public: rsa::RsaPublicKey,
        numbers: Vec<(&'static str, Secret)>,
    ) -> Self {
        Self { public, numbers }
    }

    /// Returns the public half.
    pub const fn public(&self) -> &rsa::RsaPublicKey {
        &self.public
    }

    /// Returns the numbers that are not public, by their names.
    pub fn numbers(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        self.numbers.iter().map(|(name, number)| (*name, number))
    }
}
