//! Base64url (RFC 4648 section 5) sixteen symbols at a time, where the target has vectors: of a long token this is what
//! its reader would take longest for. The end of a text, and what a fault is, are for that reader.

use crate::vectors::load;
use alloc::vec::Vec;
use core::arch::wasm32::{
    i8x16_swizzle, u8x16, u8x16_add, u8x16_eq, u8x16_splat, u16x8_shl, u16x8_shr, u16x8_splat,
    u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_splat, v128_and, v128_any_true, v128_or,
};

/// Decodes as many whole groups of sixteen symbols as there are, and gives the rest; `None` for a foreign symbol.
pub fn decode_groups<'a>(text: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (groups, rest) = text.as_chunks::<16>();
    out.resize(groups.len().saturating_mul(12), 0);
    let mut foreign = u8x16_splat(0);
    // By the lower and by the upper half of a symbol, the rules that each breaks: both halves of a foreign one break the
    // same. Upper halves without any symbol break a rule that every lower half breaks.
    let by_lower = u8x16(0x0b, 3, 3, 3, 3, 3, 3, 3, 3, 3, 7, 0x37, 0x37, 0x35, 0x37, 0x27);
    let by_upper = u8x16(1, 1, 2, 4, 8, 16, 8, 32, 1, 1, 1, 1, 1, 1, 1, 1);
    // From a symbol to the number that it stands for, by its upper half; `_` alone is not in its row.
    let shifts = u8x16(0, 0, 17, 4, 191, 191, 185, 185, 0, 0, 0, 0, 0, 0, 0, 0);
    let order = u8x16(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 16, 16, 16, 16);
    let half = u8x16_splat(15);
    for (group, bytes) in groups.iter().zip(out.as_chunks_mut::<12>().0) {
        let symbols = load(group);
        let upper = v128_and(u32x4_shr(symbols, 4), half);
        let lower = v128_and(symbols, half);
        let broken = v128_and(i8x16_swizzle(by_lower, lower), i8x16_swizzle(by_upper, upper));
        foreign = v128_or(foreign, broken);
        let line = v128_and(u8x16_eq(symbols, u8x16_splat(b'_')), u8x16_splat(33));
        let value = u8x16_add(u8x16_add(symbols, i8x16_swizzle(shifts, upper)), line);
        // Six bits and six to twelve, twelve and twelve to twenty-four; the first symbol's are the highest.
        let twelve = v128_or(u16x8_shr(value, 8), u16x8_shl(v128_and(value, u16x8_splat(0xff)), 6));
        let high = u32x4_shl(v128_and(twelve, u32x4_splat(0xfff)), 12);
        let packed = i8x16_swizzle(v128_or(high, u32x4_shr(twelve, 16)), order);
        // Word by word: single bytes would be stored one after the other.
        let ([first, second, third], _) = bytes.as_chunks_mut::<4>() else { return None };
        *first = u32x4_extract_lane::<0>(packed).to_le_bytes();
        *second = u32x4_extract_lane::<1>(packed).to_le_bytes();
        *third = u32x4_extract_lane::<2>(packed).to_le_bytes();
    }
    (!v128_any_true(foreign)).then_some(rest)
}
