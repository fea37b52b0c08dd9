//! Base64url (RFC 4648 section 5) sixteen symbols at a time, where the target has vectors: of a long token this is what
//! its reader would take longest for. The end of a text, and what a fault is, are for that reader.

use alloc::vec::Vec;
use core::arch::wasm32::{
    i8x16_swizzle, u8x16, u8x16_add, u8x16_all_true, u8x16_eq, u8x16_lt, u8x16_splat, u8x16_sub, u16x8_shl,
    u16x8_shr, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_splat, u64x2, v128_and, v128_or,
};

/// Decodes as many whole groups of sixteen symbols as there are, and gives the rest; `None` for a foreign symbol.
pub fn decode_groups<'a>(text: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (groups, rest) = text.as_chunks::<16>();
    out.resize(groups.len().saturating_mul(12), 0);
    let mut known = u8x16_splat(0xff);
    for (group, bytes) in groups.iter().zip(out.as_chunks_mut::<12>().0) {
        let ([low, high], _) = group.as_chunks::<8>() else { return None };
        let symbols = u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high));
        // Of each alphabet's part, which symbols are of it, and what they stand for.
        let within = |first, count| u8x16_lt(u8x16_sub(symbols, u8x16_splat(first)), u8x16_splat(count));
        let (upper, lower, digit) = (within(b'A', 26), within(b'a', 26), within(b'0', 10));
        let (dash, line) = (u8x16_eq(symbols, u8x16_splat(b'-')), u8x16_eq(symbols, u8x16_splat(b'_')));
        let value = v128_or(
            v128_or(
                v128_and(upper, u8x16_sub(symbols, u8x16_splat(b'A'))),
                v128_and(lower, u8x16_sub(symbols, u8x16_splat(b'a' - 26))),
            ),
            v128_or(
                v128_and(digit, u8x16_add(symbols, u8x16_splat(52 - b'0'))),
                v128_or(v128_and(dash, u8x16_splat(62)), v128_and(line, u8x16_splat(63))),
            ),
        );
        let of_any = v128_or(v128_or(upper, lower), v128_or(digit, v128_or(dash, line)));
        known = v128_and(known, of_any);
        // Six bits and six to twelve, twelve and twelve to twenty-four; the first symbol's are the highest.
        let twelve = v128_or(u16x8_shr(value, 8), u16x8_shr(u16x8_shl(value, 8), 2));
        let high = v128_and(u32x4_shl(twelve, 12), u32x4_splat(0x00ff_f000));
        let whole = v128_or(high, u32x4_shr(twelve, 16));
        let order = u8x16(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 16, 16, 16, 16);
        let packed = i8x16_swizzle(whole, order);
        // Word by word: single bytes would be stored one after the other.
        let ([first, second, third], _) = bytes.as_chunks_mut::<4>() else { return None };
        *first = u32x4_extract_lane::<0>(packed).to_le_bytes();
        *second = u32x4_extract_lane::<1>(packed).to_le_bytes();
        *third = u32x4_extract_lane::<2>(packed).to_le_bytes();
    }
    u8x16_all_true(known).then_some(rest)
}
