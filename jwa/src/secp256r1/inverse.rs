//! Inverses modulo p and modulo n by division steps (Bernstein and Yang, "Fast constant-time gcd computation and
//! modular inversion", 2019), in the variable-time form that libsecp256k1 uses for public data: thirty steps at a
//! time on the lowest bits alone, gathered in a matrix, which is then applied to the whole numbers.
//!
//! Whole numbers have nine signed limbs of 30 bits; all but the last are from 0 to 2^30 − 1. The bounds:
//! - The entries of a matrix of thirty steps are within 2^30, and |u| + |v| ≤ 2^30, |q| + |r| ≤ 2^30.
//! - A column is then at most 2^30 · 2^30 of the matrix, as much of the modulus, and a carry below 2^33: within 2^62.
//! - f and g stay within the modulus, d and e from −2 to 1 times the modulus, as the paper shows.
#![allow(clippy::arithmetic_side_effects, reason = "the bounds are argued above")]

use super::words::{MODULUS, ORDER, U256};

type Limbs = [i32; 9];

const MASK: i32 = 0x3fff_ffff;
/// 741 steps are enough for numbers of 256 bits (section 11 of the paper); 25 rounds are 750.
const ROUNDS: usize = 25;

/// The inverse modulo p; `None` for a multiple of it.
pub(super) fn modulo_p(number: &U256) -> Option<U256> {
    // 1/p modulo 2^30 is −1.
    inverse(number, &MODULUS, MASK)
}

/// The inverse modulo n; `None` for a multiple of it.
pub(super) fn modulo_n(number: &U256) -> Option<U256> {
    inverse(number, &ORDER, 0x11ff_43b1)
}

/// `reciprocal` is that of the odd modulus, modulo 2^30.
fn inverse(number: &U256, modulus: &U256, reciprocal: i32) -> Option<U256> {
    let modulus = modulus.split::<30, 9>();
    let (mut f, mut g) = (modulus, number.split::<30, 9>());
    let (mut d, mut e): (Limbs, Limbs) = ([0; 9], [1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut eta = -1;
    for _ in 0..ROUNDS {
        let matrix = steps(&mut eta, f[0], g[0]);
        (d, e) = matrix.apply_modulo(&d, &e, &modulus, reciprocal);
        (f, g) = matrix.apply(&f, &g);
        if g == [0; 9] {
            // f is now plus or minus the greatest common divisor, and d its multiple of the inverse.
            return signed_one(&f).and_then(|negative| normal(&d, negative, &modulus));
        }
    }
    None
}

/// Whether f is −1; `None` if it is neither that nor 1.
fn signed_one(f: &Limbs) -> Option<bool> {
    const ONE: Limbs = [1, 0, 0, 0, 0, 0, 0, 0, 0];
    const MINUS_ONE: Limbs = [MASK, MASK, MASK, MASK, MASK, MASK, MASK, MASK, -1];
    match *f {
        ONE => Some(false),
        MINUS_ONE => Some(true),
        _ => None,
    }
}

/// d, or −d, from −2 to 1 times the modulus, as the number from 0 to the modulus − 1.
fn normal(d: &Limbs, negative: bool, modulus: &Limbs) -> Option<U256> {
    let add = |a: &Limbs, sign: i32, b: &Limbs| {
        let mut out = *a;
        for (out, b) in out.iter_mut().zip(b) {
            *out = sign * *out + b;
        }
        carried(&out)
    };
    let is_negative = |number: &Limbs| number[8] < 0;
    let mut d = if is_negative(d) { add(d, 1, modulus) } else { *d };
    if negative {
        d = add(&d, -1, &[0; 9]);
    }
    if is_negative(&d) {
        d = add(&d, 1, modulus);
    }
    U256::join::<30, 9>(&d)
}

fn carried(limbs: &Limbs) -> Limbs {
    let mut out = *limbs;
    let mut carry = 0;
    for limb in out.iter_mut().take(8) {
        let column = *limb + carry;
        *limb = column & MASK;
        carry = column >> 30;
    }
    out[8] += carry;
    out
}

/// What thirty division steps do: (f, g) becomes (u f + v g, q f + r g) / 2^30.
struct Matrix {
    u: i32,
    v: i32,
    q: i32,
    r: i32,
}

/// Thirty division steps on the lowest bits of f and g; f is odd.
fn steps(eta: &mut i32, f: i32, g: i32) -> Matrix {
    let (mut f, mut g) = (f.cast_unsigned(), g.cast_unsigned());
    let (mut u, mut v, mut q, mut r) = (1_u32, 0_u32, 0_u32, 1_u32);
    let mut left = 30_u32;
    loop {
        // As many steps as g is even, at most as many as are left.
        let zeros = (g | (u32::MAX << left)).trailing_zeros();
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        *eta -= zeros.cast_signed();
        left -= zeros;
        if left == 0 {
            let [u, v, q, r] = [u, v, q, r].map(u32::cast_signed);
            return Matrix { u, v, q, r };
        }
        if *eta < 0 {
            *eta = -*eta;
            (f, g) = (g, f.wrapping_neg());
            (u, q) = (q, u.wrapping_neg());
            (v, r) = (r, v.wrapping_neg());
        }
        // Up to six further bits of g vanish by one multiple of f: f·(f² − 2) is −1/f modulo 64.
        let bits = (*eta + 1).cast_unsigned().min(left).min(6);
        let mask = (1 << bits) - 1;
        let w = f.wrapping_mul(g).wrapping_mul(f.wrapping_mul(f).wrapping_sub(2)) & mask;
        g = g.wrapping_add(f.wrapping_mul(w));
        q = q.wrapping_add(u.wrapping_mul(w));
        r = r.wrapping_add(v.wrapping_mul(w));
    }
}

impl Matrix {
    /// (u f + v g, q f + r g) / 2^30, which is exact.
    fn apply(&self, f: &Limbs, g: &Limbs) -> (Limbs, Limbs) {
        let none = [0; 9];
        (row(self.u, self.v, f, g, 0, &none), row(self.q, self.r, f, g, 0, &none))
    }

    /// The same modulo the modulus: as much of it is added as makes the division exact and keeps the range.
    fn apply_modulo(&self, d: &Limbs, e: &Limbs, modulus: &Limbs, reciprocal: i32) -> (Limbs, Limbs) {
        let times = |a: i32, b: i32| {
            let range = if d[8] < 0 { i64::from(a) } else { 0 } + if e[8] < 0 { i64::from(b) } else { 0 };
            let lowest = i64::from(a) * i64::from(d[0]) + i64::from(b) * i64::from(e[0]);
            range - (i64::from(reciprocal).wrapping_mul(lowest).wrapping_add(range) & i64::from(MASK))
        };
        (
            row(self.u, self.v, d, e, times(self.u, self.v), modulus),
            row(self.q, self.r, d, e, times(self.q, self.r), modulus),
        )
    }
}

/// (a f + b g + times · modulus) / 2^30, where that is exact.
fn row(a: i32, b: i32, f: &Limbs, g: &Limbs, times: i64, modulus: &Limbs) -> Limbs {
    let (a, b) = (i64::from(a), i64::from(b));
    let mut columns = f
        .iter()
        .zip(g)
        .zip(modulus)
        .map(|((f, g), m)| a * i64::from(*f) + b * i64::from(*g) + times * i64::from(*m));
    let mut carry = columns.next().unwrap_or_default() >> 30;
    let mut out = [0; 9];
    for (limb, column) in out.iter_mut().zip(columns) {
        carry += column;
        *limb = low(carry) & MASK;
        carry >>= 30;
    }
    out[8] = low(carry);
    out
}

/// The lower half: of a limb before it is masked, and of the last, which is within 2^31 by the range of the whole.
#[allow(clippy::cast_possible_truncation, reason = "said above")]
const fn low(column: i64) -> i32 {
    column as i32
}
