//! Whole numbers of 256 bits, as eight words of 32 bits, the lowest first.
#![allow(clippy::arithmetic_side_effects, reason = "each step says what it holds")]

/// A number below 2^256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct U256(pub(super) [u32; 8]);

/// p, the modulus of coordinates.
pub(super) const MODULUS: U256 = U256([0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0, 0, 0, 1, 0xffff_ffff]);
/// n, the number of points: the modulus of their multiples.
pub(super) const ORDER: U256 =
    U256([0xfc63_2551, 0xf3b9_cac2, 0xa717_9e84, 0xbce6_faad, 0xffff_ffff, 0xffff_ffff, 0, 0xffff_ffff]);

impl U256 {
    pub(super) const ZERO: Self = Self([0; 8]);

    /// Reads 32 bytes, the highest first.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut words = [0; 8];
        for (word, group) in words.iter_mut().rev().zip(bytes.as_chunks::<4>().0) {
            *word = u32::from_be_bytes(*group);
        }
        Self(words)
    }

    /// As 32 bytes, the highest first.
    pub(super) fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (group, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(self.0.iter().rev()) {
            *group = word.to_be_bytes();
        }
        bytes
    }

    pub(super) const fn is_odd(&self) -> bool {
        self.0[0] % 2 == 1
    }

    /// Whether self < other.
    pub(super) fn is_below(&self, other: &Self) -> bool {
        self.0.iter().rev().lt(other.0.iter().rev())
    }

    /// self + other, where that stays below 2^256.
    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = [0; 8];
        let mut carry = 0;
        for (out, (a, b)) in sum.iter_mut().zip(self.0.iter().zip(&other.0)) {
            let column = u64::from(*a) + u64::from(*b) + carry; // at most 2^33 − 1
            *out = low(column);
            carry = column >> 32;
        }
        (carry == 0).then_some(Self(sum))
    }

    /// self − other, modulo 2^256.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut difference = [0; 8];
        let mut borrow = false;
        for (out, (a, b)) in difference.iter_mut().zip(self.0.iter().zip(&other.0)) {
            let (first, under) = a.overflowing_sub(*b);
            let (second, again) = first.overflowing_sub(u32::from(borrow));
            (*out, borrow) = (second, under || again);
        }
        Self(difference)
    }

    /// Nine limbs of 29 bits, each from 0 to 2^29 − 1.
    pub(super) fn to_limbs(self) -> [i32; 9] {
        self.split::<29, 9>()
    }

    /// The number in limbs of so many bits, at most 30, the lowest first.
    pub(super) fn split<const BITS: u32, const LIMBS: usize>(self) -> [i32; LIMBS] {
        let mut words = self.0.iter();
        let (mut buffer, mut held) = (0_u64, 0_u32);
        let mut limbs = [0; LIMBS];
        for limb in &mut limbs {
            if held < BITS {
                // Fewer than 30 bits are held, so that 62 are at most.
                buffer |= u64::from(words.next().copied().unwrap_or_default()) << held;
                held += 32;
            }
            *limb = (low(buffer) & ((1 << BITS) - 1)).cast_signed();
            buffer >>= BITS;
            held -= BITS;
        }
        limbs
    }

    /// The number that limbs of 29 bits spell, negative ones among them; `None` if it is negative or above 2^256.
    pub(super) fn from_limbs(limbs: &[i32; 9]) -> Option<Self> {
        Self::join::<29, 9>(limbs)
    }

    /// The number that limbs of so many bits spell, at most 30.
    pub(super) fn join<const BITS: u32, const LIMBS: usize>(limbs: &[i32; LIMBS]) -> Option<Self> {
        let mut words = [0; 8];
        let mut out = words.iter_mut();
        let (mut buffer, mut held, mut carry) = (0_u64, 0_u32, 0_i64);
        for limb in limbs {
            let column = i64::from(*limb) + carry;
            let digit = column & ((1 << BITS) - 1);
            carry = (column - digit) >> BITS;
            // Fewer than 32 bits are held, so that 62 are at most.
            buffer |= digit.cast_unsigned() << held;
            held += BITS;
            if held >= 32
                && let Some(word) = out.next()
            {
                *word = low(buffer);
                buffer >>= 32;
                held -= 32;
            }
        }
        // Whatever is left is above 2^256, or the sign.
        (buffer == 0 && carry == 0).then_some(Self(words))
    }
}

/// The lower half.
#[allow(clippy::cast_possible_truncation, reason = "the upper half is taken elsewhere")]
pub(super) const fn low(double: u64) -> u32 {
    double as u32
}
