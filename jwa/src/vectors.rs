//! Loads of sixteen bytes, where the target has vectors.

use core::arch::wasm32::{u64x2, v128};

/// Loads sixteen bytes. Spelt so, it is one instruction at every level of optimisation; from bytes or from two words, it is one
/// for each of them where a module is made for size.
#[inline(always)]
#[allow(clippy::cast_possible_truncation, reason = "each half is taken")]
pub(crate) fn load(group: &[u8; 16]) -> v128 {
    let both = u128::from_le_bytes(*group);
    u64x2(both as u64, (both >> 64) as u64)
}
