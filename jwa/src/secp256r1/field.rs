//! Numbers modulo p = 2^256 − 2^224 + 2^192 + 2^96 − 1, as nine signed limbs of 29 bits times R = 2^261 (Montgomery).
//!
//! The bounds, on which every product here rests:
//! - A *tight* element has limbs 0 to 7 from −2^28 to 2^28, and a limb 8 that is what is left of its value. Products
//!   are tight. Their value is at most |a|·|b|/R + q·p/R with |q| < 2^260 · 1.001, and p < R/32; counted in p, that
//!   is |a|·|b|/32 + 0.501.
//! - Sums and differences are plain limb by limb, so that n tight terms have limbs up to n·2^28.
//! - A column holds at most nine products. With limbs up to 2^29.6 on both sides, 9 · 2^59.2 < 2^62.4; the quotients
//!   add less than 2^53 and a carry less than 2^35. An `i64` holds it. Of two products that are subtracted from each
//!   other, `point` says why both together stay below.
//!
//! Tests run with overflow checks, so that a broken bound stops them.
#![allow(clippy::arithmetic_side_effects, reason = "the bounds are argued above")]

use super::{
    inverse,
    words::{MODULUS, U256},
};
use alloc::vec::Vec;

/// A number modulo p.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element([i32; 9]);

type Columns = [i64; 17];

impl Element {
    pub(super) const ZERO: Self = Self([0; 9]);
    /// R, tight.
    pub(super) const ONE: Self = Self([0x20, 0x0, 0x0, -0x4000, 0x0, 0x0, -0x800000, 0x4000000, 0x0]);
    /// b of the curve's equation, tight.
    pub(super) const B: Self = Self([
        -124273669, -52469206, 25462469, 24324129, -38970912, 180318739, -100216560, -143516383, 8782020,
    ]);
    /// R², which takes a number into the form.
    const R2: Self =
        Self([0xc00, 0, 0x1fff_0000, 0x1fdf_ffff, 0x1fbf_ffff, 0x1fff_ffff, 0x1fff_ffff, 0x1fff_fffe, 0x13]);

    /// A number below p; `None` for others.
    pub(super) fn from_words(words: &U256) -> Option<Self> {
        words.is_below(&MODULUS).then(|| Self(words.to_limbs()).times(&Self::R2))
    }

    /// The number from 0 to p − 1, for a value within 8 p.
    pub(super) fn to_words(self) -> U256 {
        // Divided by R, it lies within 0.6 p, and a negative one lacks p.
        let value = self.reduced();
        U256::from_limbs(&value.0)
            .unwrap_or_else(|| U256::from_limbs(&value.plus(&Self(MODULUS.to_limbs())).0).unwrap_or(MODULUS))
    }

    /// self · other.
    pub(super) fn times(&self, other: &Self) -> Self {
        reduce(product(&self.0, &other.0), &Self::ZERO)
    }

    /// self².
    pub(super) fn square(&self) -> Self {
        reduce(square(&self.0), &Self::ZERO)
    }

    /// self² + other; other within 2^30 for a limb.
    pub(super) fn square_plus(&self, other: &Self) -> Self {
        reduce(square(&self.0), other)
    }

    /// self · a − b · c, reduced once.
    pub(super) fn times_minus(&self, a: &Self, b: &Self, c: &Self) -> Self {
        let [p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16] =
            product(&self.0, &a.0);
        let [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16] = product(&b.0, &c.0);
        let columns = [
            p0 - m0,
            p1 - m1,
            p2 - m2,
            p3 - m3,
            p4 - m4,
            p5 - m5,
            p6 - m6,
            p7 - m7,
            p8 - m8,
            p9 - m9,
            p10 - m10,
            p11 - m11,
            p12 - m12,
            p13 - m13,
            p14 - m14,
            p15 - m15,
            p16 - m16,
        ];
        reduce(columns, &Self::ZERO)
    }

    /// self + other, limb by limb.
    pub(super) fn plus(&self, other: &Self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0;
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = other.0;
        Self([a0 + b0, a1 + b1, a2 + b2, a3 + b3, a4 + b4, a5 + b5, a6 + b6, a7 + b7, a8 + b8])
    }

    /// self − other, limb by limb.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0;
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = other.0;
        Self([a0 - b0, a1 - b1, a2 - b2, a3 - b3, a4 - b4, a5 - b5, a6 - b6, a7 - b7, a8 - b8])
    }

    /// Whether this is a multiple of p, for a value within 8 p. Divided by R, it lies within 0.6 p, where 0 is the
    /// only one, and tight limbs spell 0 in one way.
    pub(super) fn is_zero(&self) -> bool {
        self.reduced().0 == [0; 9]
    }

    /// 1 / self; `None` for zero.
    pub(super) fn inverse(&self) -> Option<Self> {
        Self::from_words(&inverse::modulo_p(&self.to_words())?)
    }

    /// A number whose square is self, if there is one: self^((p + 1) / 4), as p is 3 modulo 4.
    pub(super) fn root(&self) -> Option<Self> {
        const EXPONENT: U256 = U256([0x0, 0x0, 0x40000000, 0x0, 0x0, 0x40000000, 0xc0000000, 0x3fffffff]);
        let mut power = Self::ONE;
        for bit in EXPONENT.split::<1, 256>().iter().rev() {
            power = power.square();
            if *bit == 1 {
                power = power.times(self);
            }
        }
        power.square().minus(self).is_zero().then_some(power)
    }

    /// The inverse of each, for one inversion and three products each; `None`, and nothing changed, if one is zero.
    pub(super) fn invert_all(elements: &mut [Self]) -> Option<()> {
        let mut product = Self::ONE;
        let mut before = Vec::with_capacity(elements.len());
        for element in elements.iter() {
            before.push(product);
            product = product.times(element);
        }
        let mut rest = product.inverse()?;
        for (element, before) in elements.iter_mut().zip(before).rev() {
            let inverse = rest.times(&before);
            rest = rest.times(element);
            *element = inverse;
        }
        Some(())
    }

    /// self / R, tight.
    fn reduced(&self) -> Self {
        self.times(&Self([1, 0, 0, 0, 0, 0, 0, 0, 0]))
    }
}

#[inline(always)]
fn m(a: &i32, b: &i32) -> i64 {
    i64::from(*a) * i64::from(*b)
}

#[inline(always)]
#[rustfmt::skip]
fn product([a0, a1, a2, a3, a4, a5, a6, a7, a8]: &[i32; 9], [b0, b1, b2, b3, b4, b5, b6, b7, b8]: &[i32; 9]) -> Columns {
    [
        m(a0, b0),
        m(a0, b1) + m(a1, b0),
        m(a0, b2) + m(a1, b1) + m(a2, b0),
        m(a0, b3) + m(a1, b2) + m(a2, b1) + m(a3, b0),
        m(a0, b4) + m(a1, b3) + m(a2, b2) + m(a3, b1) + m(a4, b0),
        m(a0, b5) + m(a1, b4) + m(a2, b3) + m(a3, b2) + m(a4, b1) + m(a5, b0),
        m(a0, b6) + m(a1, b5) + m(a2, b4) + m(a3, b3) + m(a4, b2) + m(a5, b1) + m(a6, b0),
        m(a0, b7) + m(a1, b6) + m(a2, b5) + m(a3, b4) + m(a4, b3) + m(a5, b2) + m(a6, b1) + m(a7, b0),
        m(a0, b8) + m(a1, b7) + m(a2, b6) + m(a3, b5) + m(a4, b4) + m(a5, b3) + m(a6, b2) + m(a7, b1) + m(a8, b0),
        m(a1, b8) + m(a2, b7) + m(a3, b6) + m(a4, b5) + m(a5, b4) + m(a6, b3) + m(a7, b2) + m(a8, b1),
        m(a2, b8) + m(a3, b7) + m(a4, b6) + m(a5, b5) + m(a6, b4) + m(a7, b3) + m(a8, b2),
        m(a3, b8) + m(a4, b7) + m(a5, b6) + m(a6, b5) + m(a7, b4) + m(a8, b3),
        m(a4, b8) + m(a5, b7) + m(a6, b6) + m(a7, b5) + m(a8, b4),
        m(a5, b8) + m(a6, b7) + m(a7, b6) + m(a8, b5),
        m(a6, b8) + m(a7, b7) + m(a8, b6),
        m(a7, b8) + m(a8, b7),
        m(a8, b8),
    ]
}

#[inline(always)]
#[rustfmt::skip]
fn square([a0, a1, a2, a3, a4, a5, a6, a7, a8]: &[i32; 9]) -> Columns {
    [
        m(a0, a0),
        2 * m(a0, a1),
        2 * m(a0, a2) + m(a1, a1),
        2 * (m(a0, a3) + m(a1, a2)),
        2 * (m(a0, a4) + m(a1, a3)) + m(a2, a2),
        2 * (m(a0, a5) + m(a1, a4) + m(a2, a3)),
        2 * (m(a0, a6) + m(a1, a5) + m(a2, a4)) + m(a3, a3),
        2 * (m(a0, a7) + m(a1, a6) + m(a2, a5) + m(a3, a4)),
        2 * (m(a0, a8) + m(a1, a7) + m(a2, a6) + m(a3, a5)) + m(a4, a4),
        2 * (m(a1, a8) + m(a2, a7) + m(a3, a6) + m(a4, a5)),
        2 * (m(a2, a8) + m(a3, a7) + m(a4, a6)) + m(a5, a5),
        2 * (m(a3, a8) + m(a4, a7) + m(a5, a6)),
        2 * (m(a4, a8) + m(a5, a7)) + m(a6, a6),
        2 * (m(a5, a8) + m(a6, a7)),
        2 * m(a6, a8) + m(a7, a7),
        2 * m(a7, a8),
        m(a8, a8),
    ]
}

/// The lowest 29 bits as a number from −2^28 to 2^28 − 1.
#[inline(always)]
fn low(column: i64) -> i64 {
    (column << 35) >> 35
}

/// columns / R + addend, tight. Since p = −1 modulo 2^29, the lowest limb of a column is itself the multiple of p
/// that makes the column vanish; p's other four terms are shifts.
#[inline(always)]
fn reduce(columns: Columns, addend: &Element) -> Element {
    let [c0, mut c1, mut c2, mut c3, mut c4, mut c5, mut c6, mut c7, mut c8, mut c9, ..] = columns;
    let [.., mut c10, mut c11, mut c12, mut c13, mut c14, mut c15, mut c16] = columns;
    let mut c17 = 0;
    // 2^96 = 2^(3·29+9), 2^192 = 2^(6·29+18), 2^224 = 2^(7·29+21), 2^256 = 2^(8·29+24).
    macro_rules! vanish {
        ($($column:ident $next:ident $third:ident $sixth:ident $seventh:ident $eighth:ident;)*) => {$(
            let quotient = low($column);
            $next += ($column - quotient) >> 29;
            $third += quotient << 9;
            $sixth += quotient << 18;
            $seventh -= quotient << 21;
            $eighth += quotient << 24;
        )*};
    }
    vanish! {
        c0 c1 c3 c6 c7 c8;
        c1 c2 c4 c7 c8 c9;
        c2 c3 c5 c8 c9 c10;
        c3 c4 c6 c9 c10 c11;
        c4 c5 c7 c10 c11 c12;
        c5 c6 c8 c11 c12 c13;
        c6 c7 c9 c12 c13 c14;
        c7 c8 c10 c13 c14 c15;
        c8 c9 c11 c14 c15 c16;
    }
    let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = addend.0;
    macro_rules! carry {
        ($($limb:ident $column:ident $addend:ident $next:ident;)*) => {$(
            $column += i64::from($addend);
            let $limb = low($column);
            $next += ($column - $limb) >> 29;
        )*};
    }
    carry! {
        l0 c9 a0 c10;
        l1 c10 a1 c11;
        l2 c11 a2 c12;
        l3 c12 a3 c13;
        l4 c13 a4 c14;
        l5 c14 a5 c15;
        l6 c15 a6 c16;
        l7 c16 a7 c17;
    }
    let l8 = c17 + i64::from(a8);
    Element([l0, l1, l2, l3, l4, l5, l6, l7, l8].map(narrow))
}

/// A limb: each is within 2^29, by the bounds above.
#[inline(always)]
#[allow(clippy::cast_possible_truncation, reason = "the bounds are argued above")]
fn narrow(limb: i64) -> i32 {
    debug_assert!(limb.unsigned_abs() <= 1 << 29, "a limb is too large");
    limb as i32
}
