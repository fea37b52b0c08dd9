//! Numbers modulo n, the number of points of the curve, and their digits.
#![allow(clippy::arithmetic_side_effects, reason = "each step says what it holds")]

use super::words::{ORDER, U256, low};

/// 2^512 modulo n.
const SQUARE: U256 = U256([
    0xbe79_eea2,
    0x8324_4c95,
    0x49bd_6fa6,
    0x4699_799c,
    0x2b6b_ec59,
    0x2845_b239,
    0xf3d9_5620,
    0x66e1_2d94,
]);
/// −1/n modulo 2^32.
const RECIPROCAL: u32 = 0xee00_bc4f;

/// a · 2^256 modulo n, for products by [`times`].
pub(super) fn prepared(a: &U256) -> U256 {
    times(a, &SQUARE)
}

/// a · b / 2^256 modulo n (Montgomery), below n; b must be below n.
pub(super) fn times(a: &U256, b: &U256) -> U256 {
    // Before and after each turn below 2 n, so that a ninth word of 1 is enough.
    let (mut sum, mut ninth) = ([0_u32; 8], 0_u32);
    for a in &a.0 {
        let lowest = sum[0].wrapping_add(a.wrapping_mul(b.0[0]));
        let quotient = lowest.wrapping_mul(RECIPROCAL);
        // A word, a product of two and a carry of one: at most 2^64 − 1, twice.
        let (mut carry, mut other) = (0, 0);
        let mut column = |word: u32, b: u32, n: u32| {
            let first = u64::from(word) + u64::from(*a) * u64::from(b) + carry;
            let second = u64::from(low(first)) + u64::from(quotient) * u64::from(n) + other;
            (carry, other) = (first >> 32, second >> 32);
            low(second)
        };
        let mut next = [0; 8];
        let [b0, b @ ..] = &b.0;
        let [n0, n @ ..] = &ORDER.0;
        let [s0, s @ ..] = &sum;
        // The lowest word is now 0, by the choice of the quotient.
        column(*s0, *b0, *n0);
        for (out, ((s, b), n)) in next.iter_mut().zip(s.iter().zip(b).zip(n)) {
            *out = column(*s, *b, *n);
        }
        let top = u64::from(ninth) + carry + other;
        next[7] = low(top);
        (sum, ninth) = (next, low(top >> 32));
    }
    reduced(ninth, &U256(sum))
}

/// A number below 2^256 modulo n, which is more than half of that.
pub(super) fn modulo(number: &U256) -> U256 {
    reduced(0, number)
}

/// ninth · 2^256 + number modulo n, for less than 2 n.
fn reduced(ninth: u32, number: &U256) -> U256 {
    if ninth == 0 && number.is_below(&ORDER) { *number } else { number.minus(&ORDER) }
}

/// Digits of so many bits, from −2^(bits − 1) + 1 to 2^(bits − 1), the lowest first; as many as hold 257 bits.
pub(super) fn digits<const BITS: u32, const DIGITS: usize>(number: &U256) -> [i32; DIGITS] {
    let mut digits = number.split::<BITS, DIGITS>();
    let mut carry = 0;
    for digit in &mut digits {
        *digit += carry;
        carry = i32::from(*digit > 1 << (BITS - 1));
        *digit -= carry << BITS;
    }
    digits
}

/// The digit of each bit in the form that has few of them (wNAF): odd, from −15 to 15, and at least four zeros
/// after each; the lowest first.
pub(super) fn sparse(number: &U256) -> [i32; 257] {
    let bits = number.split::<1, 262>();
    let mut digits = [0; 257];
    let (mut carry, mut skip) = (0, 0);
    for (digit, window) in digits.iter_mut().zip(bits.windows(5)) {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let value = window.iter().rev().fold(0, |value, bit| 2 * value + bit) + carry;
        if value % 2 == 1 {
            carry = i32::from(value > 16);
            *digit = value - (carry << 5);
            skip = 4;
        }
    }
    digits
}
