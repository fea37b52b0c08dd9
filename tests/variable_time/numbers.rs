//! Numbers to test with: random ones that a seed repeats, and those at the edges of how numbers are held.

/// SplitMix64: the same numbers for the same seed on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.word() % bound as u64) as usize
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for group in bytes.chunks_mut(8) {
            group.copy_from_slice(&self.word().to_be_bytes()[..group.len()]);
        }
        bytes
    }

    /// 32 bytes: random ones; runs of equal bits; one bit, or all but one; a number close to 0 or to 2^256.
    pub fn edge(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        match self.below(6) {
            0 => return self.bytes(),
            1 => {
                let mut bit = self.below(2) == 0;
                let mut left = 0;
                for index in 0..256 {
                    if left == 0 {
                        (bit, left) = (!bit, 1 + self.below(64));
                    }
                    left -= 1;
                    bytes[index / 8] |= u8::from(bit) << (7 - index % 8);
                }
            }
            2 => bytes[self.below(32)] = 1 << self.below(8),
            3 => {
                bytes = [0xff; 32];
                bytes[self.below(32)] ^= 1 << self.below(8);
            }
            4 => bytes[31] = self.below(40) as u8,
            _ => {
                bytes = [0xff; 32];
                bytes[31] = 0xff - self.below(40) as u8;
            }
        }
        bytes
    }
}
