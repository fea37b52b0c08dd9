//! Looking at text sixteen bytes at a time, where the target has vectors.

use crate::vectors::load;
use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, v128_or};

/// Returns how many dots there are.
pub fn dots(text: &[u8]) -> usize {
    let dot = u8x16_splat(b'.');
    let (groups, rest) = text.as_chunks::<16>();
    let in_groups =
        groups.iter().map(|group| u8x16_bitmask(u8x16_eq(load(group), dot)).count_ones() as usize);
    let in_rest = rest.iter().filter(|byte| **byte == b'.').count();
    in_groups.sum::<usize>().saturating_add(in_rest)
}

/// Returns how many bytes there are before the first one that is not ASCII.
pub fn ascii_bytes(text: &[u8]) -> usize {
    let mut ascii: usize = 0;
    for group in text.as_chunks::<16>().0 {
        let foreign = u8x16_bitmask(load(group));
        if foreign != 0 {
            return ascii.saturating_add(foreign.trailing_zeros() as usize);
        }
        ascii = ascii.saturating_add(16);
    }
    let rest = text.get(ascii..).unwrap_or_default();
    ascii.saturating_add(rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len()))
}

/// Returns how many bytes there are before the first quote, backslash or control character.
pub fn plain_bytes(text: &[u8]) -> usize {
    let (quote, backslash, space) = (u8x16_splat(b'"'), u8x16_splat(b'\\'), u8x16_splat(b' '));
    let mut plain: usize = 0;
    for group in text.as_chunks::<16>().0 {
        let bytes = load(group);
        let special =
            v128_or(v128_or(u8x16_eq(bytes, quote), u8x16_eq(bytes, backslash)), u8x16_lt(bytes, space));
        let special = u8x16_bitmask(special);
        if special != 0 {
            return plain.saturating_add(special.trailing_zeros() as usize);
        }
        plain = plain.saturating_add(16);
    }
    let rest = text.get(plain..).unwrap_or_default();
    let special = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
    plain.saturating_add(special.unwrap_or(rest.len()))
}
