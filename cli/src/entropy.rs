//! Random bytes: of the system, or from a seed, so that the same is made again (for vectors, never for real keys).

use anyhow::{Context as _, Result};
use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use sha2::{Digest as _, Sha256};

/// The source of everything random in one run.
pub struct Entropy(pub ChaCha20Rng);

impl Entropy {
    /// From a seed, or else from the system.
    pub fn new(seed: Option<&str>) -> Result<Self> {
        let mut bytes = [0; 32];
        match seed {
            Some(seed) => bytes = Sha256::digest(seed).into(),
            None => getrandom::fill(&mut bytes).context("the system gives no random bytes")?,
        }
        Ok(Self(ChaCha20Rng::from_seed(bytes)))
    }

    /// So many random bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}
