//! s^e modulo n for a public key (RSAVP1, RFC 8017 section 5.2.2), in variable time. **Public data only**: a modulus, an
//! exponent and a signature, from 2048 to 4096 bits.
//!
//! Numbers are limbs of 27 bits in `u64`, the lowest first, L of them: a multiple of four with 2^(27 L) ≥ 4 n. The
//! bounds:
//! - A product of two limbs is below 2^54. A column of a product modulo n holds at most L of them for the product and
//!   L for the multiples of n; L is at most 156, and 2 · 156 · 2^54 < 2^62.3. A carry below 2^37 comes on top. So
//!   columns are added up without any carry until the end.
//! - With R = 2^(27 L) ≥ 4 n and both factors below 2 n, (a b + q n) / R < (4 n² + R n) / R ≤ 2 n (Montgomery, without a
//!   subtraction at the end). The last product is of a number below 2 n with s below n, so the result is below 2 n,
//!   and at most one n is taken off.
//!
//! Tests run with overflow checks, so that a broken bound stops them.
#![allow(clippy::arithmetic_side_effects, reason = "the bounds are argued above")]

use alloc::{vec, vec::Vec};

const BITS: u32 = 27;
const MASK: u64 = (1 << BITS) - 1;

/// A public key, prepared.
#[derive(Clone)]
pub struct Power {
    modulus: Vec<u64>,
    bits: usize,
    bytes: usize,
    /// −1/n modulo 2^27.
    reciprocal: u64,
    /// R² modulo n, below 2 n.
    square: Vec<u64>,
    exponent: u64,
}

impl Power {
    /// Takes an odd modulus and an odd exponent of 3 or more, big-endian, without zeros in front; `None` for an exponent
    /// of more than 64 bits.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let exponent = match exponent.len() {
            0..=8 => exponent.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
            _ => return None,
        };
        let bytes = modulus.len();
        let bits = 8 * bytes - modulus.first()?.leading_zeros() as usize;
        // Two bits more than the modulus has, in blocks of four limbs.
        let limbs = (bits + 2).div_ceil(4 * BITS as usize) * 4;
        let modulus = limbs_of(modulus, limbs);
        let lowest = *modulus.first()?;
        // Newton: each step doubles the bits that are right, from 3.
        let inverse = (0..4).fold(lowest, |x, _| x.wrapping_mul(2_u64.wrapping_sub(lowest.wrapping_mul(x))));
        let reciprocal = inverse.wrapping_neg() & MASK;
        let mut power = Self { modulus, bits, bytes, reciprocal, square: Vec::new(), exponent };
        power.square = power.square_of_radix(limbs);
        Some(power)
    }

    /// Bits of the modulus.
    pub const fn bits(&self) -> usize {
        self.bits
    }

    /// s^e modulo n, big-endian, as long as the modulus; `None` unless s is as long and below n.
    pub fn of(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let plain = limbs_of(signature, self.modulus.len());
        if signature.len() != self.bytes || !is_below(&plain, &self.modulus) {
            return None;
        }
        let base = self.times(&plain, &self.square);
        let mut power = base.clone();
        // From the second highest bit down to bit 1.
        for bit in (1..self.exponent.ilog2()).rev() {
            power = self.squared(&power);
            if self.exponent >> bit & 1 == 1 {
                power = self.times(&power, &base);
            }
        }
        // Bit 0 is 1, and the plain number takes the result out of Montgomery's form.
        power = self.times(&self.squared(&power), &plain);
        if !is_below(&power, &self.modulus) {
            subtract(&mut power, &self.modulus);
        }
        Some(bytes_of(&power, self.bytes))
    }

    /// R² modulo n from R: with x = 2^k R the product of x and x is 2^(2k) R, and R² is 2^(27 L) R.
    fn square_of_radix(&self, limbs: usize) -> Vec<u64> {
        let bits = BITS as usize * limbs;
        // The highest bit of n alone is at most n. Doubled until it is R, then 2^k R with k the first six bits of 27 L.
        let first = bits >> bits.ilog2().saturating_sub(5);
        let top = self.bits - 1;
        let mut number = vec![0; limbs];
        if let Some(limb) = number.get_mut(top / BITS as usize) {
            *limb = 1 << (top % BITS as usize);
        }
        for _ in 0..bits - top + first {
            self.double(&mut number);
        }
        for bit in (0..bits.ilog2().saturating_sub(5)).rev() {
            number = self.squared(&number);
            if bits >> bit & 1 == 1 {
                self.double(&mut number);
            }
        }
        number
    }

    /// 2 x modulo n, below n, for x below 2 n.
    fn double(&self, number: &mut [u64]) {
        if !is_below(number, &self.modulus) {
            subtract(number, &self.modulus);
        }
        let mut carry = 0;
        for limb in number.iter_mut() {
            let double = 2 * *limb + carry;
            *limb = double & MASK;
            carry = double >> BITS;
        }
        if !is_below(number, &self.modulus) {
            subtract(number, &self.modulus);
        }
    }

    /// a b / R.
    fn times(&self, a: &[u64], b: &[u64]) -> Vec<u64> {
        let mut columns = vec![0; a.len() + b.len() + 4];
        for (block, rows) in a.as_chunks::<4>().0.iter().enumerate() {
            if let Some(columns) = columns.get_mut(4 * block..) {
                add_rows(columns, rows, [0; 3], b);
            }
        }
        self.reduced(columns)
    }

    /// a a / R: each product of two different limbs is computed once.
    fn squared(&self, a: &[u64]) -> Vec<u64> {
        let mut columns = vec![0; 2 * a.len() + 4];
        let mut rest = a;
        let mut place = 0;
        while let Some((rows, after)) = rest.split_first_chunk::<4>() {
            let [a0, a1, a2, a3] = *rows;
            let twice = [2 * a0, 2 * a1, 2 * a2, 2 * a3];
            let [d0, d1, d2, _] = twice;
            if let Some([c0, c1, c2, c3, c4, c5, c6, ..]) = columns.get_mut(place..) {
                *c0 += a0 * a0;
                *c1 += d0 * a1;
                *c2 += d0 * a2 + a1 * a1;
                *c3 += d0 * a3 + d1 * a2;
                *c4 += d1 * a3 + a2 * a2;
                *c5 += d2 * a3;
                *c6 += a3 * a3;
            }
            if let Some(columns) = columns.get_mut(place + 4..) {
                add_rows(columns, &twice, [0; 3], after);
            }
            rest = after;
            place += 8;
        }
        self.reduced(columns)
    }

    /// columns / R modulo n, as limbs.
    fn reduced(&self, mut columns: Vec<u64>) -> Vec<u64> {
        let Some(([n0, n1, n2, n3], n)) = self.modulus.split_first_chunk::<4>() else { return Vec::new() };
        let quotient = |column: u64| (column & MASK).wrapping_mul(self.reciprocal) & MASK;
        let mut rest = columns.as_mut_slice();
        for _ in 0..self.modulus.len() / 4 {
            let Some(([c0, c1, c2, c3], after)) = rest.split_first_chunk_mut::<4>() else {
                return Vec::new();
            };
            // Four columns vanish, one after the other, each leaving its carry to the next.
            let q0 = quotient(*c0);
            *c1 += q0 * n1 + ((*c0 + q0 * n0) >> BITS);
            let q1 = quotient(*c1);
            *c2 += q0 * n2 + q1 * n1 + ((*c1 + q1 * n0) >> BITS);
            let q2 = quotient(*c2);
            *c3 += q0 * n3 + q1 * n2 + q2 * n1 + ((*c2 + q2 * n0) >> BITS);
            let q3 = quotient(*c3);
            let carry = (*c3 + q3 * n0) >> BITS;
            add_rows(after, &[q0, q1, q2, q3], [*n3, *n2, *n1], n);
            if let Some(first) = after.first_mut() {
                *first += carry;
            }
            rest = after;
        }
        let mut carry = 0;
        let limbs = rest.iter().take(self.modulus.len()).map(|column| {
            let sum = column + carry;
            carry = sum >> BITS;
            sum & MASK
        });
        limbs.collect()
    }
}

/// Adds r0 · b + 2^27 · r1 · b + 2^54 · r2 · b + 2^81 · r3 · b to columns, four rows of a product at once. `before` are
/// the three limbs before b, the nearest first, whose products in columns before these were added already.
#[inline(always)]
fn add_rows(columns: &mut [u64], rows: &[u64; 4], before: [u64; 3], b: &[u64]) {
    let [r0, r1, r2, r3] = *rows;
    let [mut b1, mut b2, mut b3] = before;
    let Some((body, tail)) = columns.split_at_mut_checked(b.len()) else { return };
    for (column, b0) in body.iter_mut().zip(b) {
        *column += r0 * b0 + r1 * b1 + r2 * b2 + r3 * b3;
        (b1, b2, b3) = (*b0, b1, b2);
    }
    if let [t0, t1, t2, ..] = tail {
        *t0 += r1 * b1 + r2 * b2 + r3 * b3;
        *t1 += r2 * b1 + r3 * b2;
        *t2 += r3 * b1;
    }
}

fn is_below(a: &[u64], b: &[u64]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// a − b, for b of at most a.
fn subtract(a: &mut [u64], b: &[u64]) {
    let mut borrow = 0;
    for (a, b) in a.iter_mut().zip(b) {
        let difference = (*a + (1 << BITS)) - b - borrow;
        borrow = 1 - (difference >> BITS);
        *a = difference & MASK;
    }
}

fn limbs_of(bytes: &[u8], count: usize) -> Vec<u64> {
    let mut bytes = bytes.iter().rev();
    let (mut buffer, mut held) = (0_u64, 0_u32);
    let limb = |_| {
        while held < BITS {
            buffer |= u64::from(bytes.next().copied().unwrap_or_default()) << held;
            held += 8;
        }
        let limb = buffer & MASK;
        buffer >>= BITS;
        held -= BITS;
        limb
    };
    (0..count).map(limb).collect()
}

fn bytes_of(limbs: &[u64], count: usize) -> Vec<u8> {
    let mut limbs = limbs.iter();
    let (mut buffer, mut held) = (0_u64, 0_u32);
    let mut bytes = vec![0; count];
    for byte in bytes.iter_mut().rev() {
        if held < 8 {
            buffer |= limbs.next().copied().unwrap_or_default() << held;
            held += BITS;
        }
        [*byte, ..] = buffer.to_le_bytes();
        buffer >>= 8;
        held -= 8;
    }
    bytes
}
