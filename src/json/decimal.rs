//! A decimal number as the nearest double, ties to even (IEEE 754), by whole numbers of any length. The way of `core` is
//! faster for long numbers and brings 15 KB of tables and code into the module; numbers of tokens are short.
#![allow(clippy::arithmetic_side_effects, reason = "each step says what it holds")]

use alloc::vec::Vec;

/// Bits of the fraction of a double, and between which powers of two its last bit is.
const FRACTION_BITS: i32 = 52;
const LEAST: i32 = -1074;
const MOST: i32 = 971;
/// Powers of ten up to this are doubles.
const EXACT: i32 = 22;

/// The number that a text spells, which follows the grammar of JSON (RFC 8259 section 6) and has at most 64 characters;
/// `None` if it is beyond every double.
pub(crate) fn nearest(text: &str) -> Option<f64> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.bytes().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(place) => text.split_at_checked(place)?,
        None => (text, ""),
    };
    let mut digits = Vec::new();
    let mut power = exponent_of(exponent.get(1..).unwrap_or_default());
    let mut behind = false;
    for byte in mantissa.bytes() {
        match byte {
            b'.' => behind = true,
            digit => {
                // Zeros in front say nothing.
                if digit != b'0' || !digits.is_empty() {
                    digits.push(u32::from(digit - b'0'));
                }
                power -= i32::from(behind); // 64 at most
            }
        }
    }
    let size = magnitude(&digits, power)?;
    Some(if negative { -size } else { size })
}

/// The exponent, held where it decides all the same.
fn exponent_of(text: &str) -> i32 {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let size = digits.bytes().fold(0, |number: i32, digit| (number * 10 + i32::from(digit - b'0')).min(9999));
    if negative { -size } else { size }
}

/// The number of these digits times a power of ten.
fn magnitude(digits: &[u32], power: i32) -> Option<f64> {
    let count = i32::try_from(digits.len()).ok()?;
    // Below half of the smallest double, and above the largest.
    if count == 0 || count + power < -330 {
        return Some(0.0);
    }
    if count + power > 310 {
        return None;
    }
    if count <= 15 && power.abs() <= EXACT {
        // Both are doubles, so the one operation rounds rightly.
        let number = digits.iter().fold(0.0, |number, digit| number * 10.0 + f64::from(*digit));
        let scale = (0..power.abs()).fold(1.0, |scale: f64, _| scale * 10.0);
        return Some(if power < 0 { number / scale } else { number * scale });
    }
    long(digits, power)
}

/// The same for numbers that few texts have.
#[cold]
#[inline(never)] // Hosts compile a function when it is first called.
fn long(digits: &[u32], power: i32) -> Option<f64> {
    let (mut above, mut below) = (Natural::default(), Natural(alloc::vec![1]));
    for digit in digits {
        above.times_plus(10, *digit);
    }
    let scaled = if power < 0 { &mut below } else { &mut above };
    let mut rest = power.unsigned_abs();
    while rest > 0 {
        let step = rest.min(9);
        scaled.times_plus(10_u32.pow(step), 0); // below 2^30
        rest -= step;
    }
    rounded(above, below)
}

/// above / below, as the nearest double. Both are less than 2^1600.
fn rounded(mut above: Natural, mut below: Natural) -> Option<f64> {
    // 2^exponent is the power of two in the number.
    let mut exponent = above.bits() - below.bits();
    let (mut left, mut right) = (above.clone(), below.clone());
    if exponent < 0 {
        left.shift(-exponent)
    } else {
        right.shift(exponent)
    }
    if left.is_below(&right) {
        exponent -= 1;
    }
    // The last bit of the double is worth 2^last.
    let last = (exponent - FRACTION_BITS).max(LEAST);
    if last > MOST {
        return None;
    }
    if last < 0 {
        above.shift(-last)
    } else {
        below.shift(last)
    }
    // above / below is less than 2^53: bit by bit from the highest.
    below.shift(FRACTION_BITS);
    let mut quotient: u64 = 0;
    for step in 0..=FRACTION_BITS {
        if step > 0 {
            below.halve();
        }
        quotient *= 2;
        if !above.is_below(&below) {
            above.minus(&below);
            quotient += 1;
        }
    }
    above.shift(1);
    if below.is_below(&above) || (!above.is_below(&below) && quotient & 1 == 1) {
        quotient += 1;
    }
    // The bit that is not written carries into the exponent, as does a quotient that was rounded up to 2^53.
    let biased = u64::try_from(last - LEAST).ok()?;
    let double = f64::from_bits((biased << FRACTION_BITS) + quotient);
    double.is_finite().then_some(double)
}

/// A whole number in limbs of 32 bits, the lowest first.
#[derive(Clone, Default)]
struct Natural(Vec<u32>);

impl Natural {
    #[allow(clippy::cast_possible_truncation, reason = "the low half of a product")]
    fn times_plus(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for limb in &mut self.0 {
            let product = u64::from(*limb) * u64::from(factor) + carry; // below 2^64
            *limb = product as u32;
            carry = product >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// How many bits it has; there are no zeros in the highest limb.
    fn bits(&self) -> i32 {
        let whole = i32::try_from(self.0.len()).unwrap_or_default() * 32;
        let spare = self.0.last().map_or(0, |limb| limb.leading_zeros());
        whole - i32::try_from(spare).unwrap_or_default()
    }

    /// Times two to a power that is not negative.
    fn shift(&mut self, mut power: i32) {
        while power > 0 {
            let step = power.min(31);
            self.times_plus(1 << step, 0);
            power -= step;
        }
    }

    /// Half of a number that is even.
    fn halve(&mut self) {
        let mut carry = 0;
        for limb in self.0.iter_mut().rev() {
            let low = *limb << 31;
            *limb = *limb >> 1 | carry;
            carry = low;
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn is_below(&self, other: &Self) -> bool {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev())).is_lt()
    }

    /// Less a number that is not larger.
    fn minus(&mut self, other: &Self) {
        let mut borrow = false;
        let others = other.0.iter().copied().chain(core::iter::repeat(0));
        for (limb, other) in self.0.iter_mut().zip(others) {
            let (difference, first) = limb.overflowing_sub(other);
            let (difference, second) = difference.overflowing_sub(u32::from(borrow));
            (*limb, borrow) = (difference, first || second);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A test may stop.

    use super::nearest;
    use alloc::{format, string::String};

    fn same_as_core(text: &str) {
        let expected = text.parse::<f64>().unwrap();
        let expected = expected.is_finite().then_some(expected.to_bits());
        assert_eq!(nearest(text).map(f64::to_bits), expected, "{text}");
    }

    #[test]
    fn the_hard_cases_are_rounded_as_core_rounds_them() {
        for text in [
            "0",
            "-0",
            "0.0",
            "0e999",
            "1",
            "-1",
            "0.1",
            "1e22",
            "1e23",
            "9007199254740993",
            "9007199254740992.5",
            "1700000000",
            "1700000000.75",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e309",
            "1e-323",
            "4.9e-324",
            "2.5e-324",
            "2.4e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.2250738585072014e-308",
            "2.2250738585072011e-308",
            "2.2250738585072012e-308",
            "6.929e-310",
            "1e-400",
            "1e400",
            "-1e-9999999999",
            "1e99999999999999999999",
            "0.000000000000000000000000000000000000000000000000000001e54",
            "8.5e-310",
            "123456789012345678901234567890123456789012345678901234567890",
            "5e-324",
            "1448997445238699",
            "8.37377e9",
            "3.5844466002796428e+298",
        ] {
            same_as_core(text);
        }
    }

    #[test]
    fn any_number_is_rounded_as_core_rounds_it() {
        // A small generator with a fixed seed: SplitMix64.
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        for _ in 0..20_000 {
            // A double as it is written, and close to the middle between two.
            let double = f64::from_bits(next() >> 1);
            if double.is_finite() {
                same_as_core(&format!("{double:e}"));
                same_as_core(&format!("{double:.24e}"));
                let above = f64::from_bits(double.to_bits() + 1);
                same_as_core(&format!("{:.30e}", double / 2.0 + above / 2.0));
            }
            let digits: String =
                format!("{}{}", next(), next()).chars().take(1 + next() as usize % 38).collect();
            let digits = digits.trim_start_matches('0');
            if !digits.is_empty() {
                same_as_core(&format!("{digits}e{}", next() as i64 % 345));
                same_as_core(&format!("0.{digits}"));
                same_as_core(digits);
            }
        }
    }
}
