//! RSA moduli of the chips whose keys can be factored (ROCA, CVE-2017-15361): their primes are powers of 65537
//! modulo many small primes, and so is the modulus, which an honest one is by chance once in 2²⁷.

const PRIMES: [u8; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Whether a modulus, big-endian, bears the mark.
pub(super) fn bears_mark(modulus: &[u8]) -> bool {
    PRIMES.into_iter().map(u32::from).all(|prime| is_power(remainder(modulus, prime), prime))
}

fn remainder(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest: u32, byte| {
        rest.wrapping_mul(256).wrapping_add(u32::from(*byte)).checked_rem(prime).unwrap_or_default()
    })
}

/// Whether a number is a power of 65537 modulo a small prime.
fn is_power(number: u32, prime: u32) -> bool {
    let mut power = 1;
    for _ in 1..prime {
        if power == number {
            return true;
        }
        power = (65537_u32.checked_rem(prime).unwrap_or_default())
            .wrapping_mul(power)
            .checked_rem(prime)
            .unwrap_or_default();
    }
    false
}
