//! Powers modulo public keys of every size and exponent, and encodings that are a little wrong.

use crate::{Count, numbers::Random};
use handstamp::jose::{base64url, primitives::rsa::RsaPublicKey};
use handstamp_jwa::rsa_power::Power;
use rsa::{BoxedUint, hazmat::rsa_encrypt};

/// Powers with each modulus: preparing one costs as much as several.
const PER_KEY: u64 = 50;

/// Runs so many powers from a seed; how many had a result and how many none, by exponent.
pub fn run(cases: u64, seed: u64, done: fn(u64)) -> Vec<Count> {
    let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let mut counts = ["3", "65537", "another"].map(|exponent| (exponent, 0, 0)).to_vec();
    let mut key = new_key(&mut random);
    for turn in 0..cases {
        if turn.is_multiple_of(PER_KEY) {
            key = new_key(&mut random);
        }
        let (modulus, row, ours, theirs) = &key;
        let signature = number(&mut random, modulus);
        let expected = (signature.len() == modulus.len() && signature < *modulus).then(|| {
            let power = rsa_encrypt(theirs, &BoxedUint::from_be_slice_vartime(&signature)).unwrap();
            let bytes = power.to_be_bytes();
            let zeros = bytes.len().saturating_sub(modulus.len());
            [vec![0; modulus.len().saturating_sub(bytes.len())], bytes[zeros..].to_vec()].concat()
        });
        assert_eq!(
            ours.of(&signature),
            expected,
            "modulus {} row {row} signature {}",
            base64url::encode(modulus),
            base64url::encode(&signature)
        );
        let row = &mut counts[*row];
        *(if expected.is_some() { &mut row.1 } else { &mut row.2 }) += 1;
        done(turn + 1);
    }
    counts
}

type Pair = (Vec<u8>, usize, Power, rsa::PublicKey);

/// Any odd modulus of 2048 to 4096 bits, prime or not, and any odd exponent of at most 33 bits.
fn new_key(random: &mut Random) -> Pair {
    loop {
        let bits = match random.below(4) {
            0 => 2048,
            1 => 4096,
            2 => 2048 + 27 * random.below(75),
            _ => 2048 + random.below(2049),
        };
        let mut modulus: Vec<u8> = (0..bits.div_ceil(8)).map(|_| random.word() as u8).collect();
        match random.below(4) {
            0 => modulus.fill(0xff),
            1 => modulus.fill(0),
            _ => {}
        }
        let spare = modulus.len() * 8 - bits;
        modulus[0] = (modulus[0] & (0xff >> spare)) | (0x80 >> spare);
        *modulus.last_mut().unwrap() |= 1;
        if random.below(3) == 0 {
            let place = 1 + random.below(modulus.len() - 2);
            modulus[place] ^= 1 << random.below(8);
        }
        let (row, exponent) = match random.below(4) {
            0 => (0, 3),
            1 | 2 => (1, 65_537),
            _ => (2, random.word() >> (31 + random.below(31)) | 3),
        };
        let exponent: Vec<u8> = exponent.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        let number = BoxedUint::from_be_slice_vartime;
        let theirs = rsa::PublicKey::new(number(&modulus), number(&exponent));
        // The few that bear the mark of ROCA are no keys.
        if let (Ok(_), Ok(theirs)) = (RsaPublicKey::new(&modulus, &exponent), theirs) {
            let ours = Power::new(&modulus, &exponent).expect("a key has powers");
            return (modulus, row, ours, theirs);
        }
    }
}

/// A number as long as the modulus: random, close to 0, close to the modulus, or with runs of equal bits.
fn number(random: &mut Random, modulus: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; modulus.len()];
    match random.below(6) {
        0 => {
            bytes.copy_from_slice(modulus);
            let last = bytes.len() - 1;
            bytes[last] = bytes[last].wrapping_sub(random.below(4) as u8);
        }
        1 => *bytes.last_mut().unwrap() = random.below(5) as u8,
        2 => {
            let place = random.below(bytes.len());
            bytes[place] = 1 << random.below(8);
        }
        3 => {
            bytes.fill(0xff);
            bytes[0] = random.below(usize::from(modulus[0]) + 1) as u8;
        }
        _ => {
            bytes.iter_mut().for_each(|byte| *byte = random.word() as u8);
            bytes[0] %= modulus[0].max(1);
        }
    }
    if random.below(50) == 0 {
        bytes.pop();
    }
    bytes
}
