//! Loads of sixteen bytes, where the target has vectors.

use core::arch::wasm32::{u8x16, v128};

/// Loads sixteen bytes: spelt so, it is one instruction.
#[inline(always)]
pub(crate) fn load(group: &[u8; 16]) -> v128 {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *group;
    u8x16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
}
