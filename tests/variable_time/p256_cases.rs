//! Signatures on P-256: good ones, broken ones, and those made to meet the cases that the formulas leave out.

use crate::{Count, numbers::Random};
use handstamp::jose::primitives::secp256r1::{Preparation, PreparedKey, PublicKey};
use p256::{
    AffinePoint, ProjectivePoint, Scalar,
    ecdsa::{Signature, VerifyingKey, signature::hazmat::PrehashVerifier},
    elliptic_curve::{
        Group, PrimeField,
        ff::Field,
        ops::Reduce,
        point::{AffineCoordinates, DecompressPoint},
        sec1::ToSec1Point,
        subtle::Choice,
    },
};

const PREPARATIONS: [Preparation; 3] = [Preparation::Little, Preparation::Small, Preparation::Large];
/// Cases for each key: a large comb costs as much as thirty verifications.
const PER_KEY: u64 = 1_000;
/// Of the cases whose verdict is known from how they were made, one in so many is asked about all the same.
const ASKED: u64 = 10;

/// A case: what is signed, and r and s side by side. The points of most were computed by the `p256` crate on the way,
/// which says what its verification must come to.
struct Case {
    kind: usize,
    hash: [u8; 32],
    signature: [u8; 64],
}

const KINDS: [&str; 9] = [
    "good",
    "another hash",
    "another r or s",
    "random r and s",
    "numbers at the edges",
    "chosen multiples",
    "equal or opposite points",
    "x of n or more",
    "x of n or more, missed",
];

/// A key with what is known about it.
struct Key {
    secret: Option<Scalar>,
    point: ProjectivePoint,
    theirs: VerifyingKey,
    ours: Vec<PreparedKey>,
    adaptive: PublicKey,
}

impl Key {
    fn new(point: ProjectivePoint, secret: Option<Scalar>) -> Self {
        let affine = point.to_affine();
        let sec1 = affine.to_sec1_point(false);
        let adaptive = PublicKey::from_sec1(sec1.as_bytes()).unwrap();
        let ours = PREPARATIONS.map(|preparation| PreparedKey::new(adaptive.clone(), preparation).unwrap());
        let theirs = VerifyingKey::from_affine(affine).unwrap();
        Self { secret, point, theirs, ours: ours.into(), adaptive }
    }

    /// Both verdicts of a case, which must be one.
    fn judge(&self, case: &Case, turn: u64) -> bool {
        let ask = || {
            Signature::from_slice(&case.signature)
                .is_ok_and(|signature| self.theirs.verify_prehash(&case.hash, &signature).is_ok())
        };
        let known = match case.kind {
            0 | 5 => Some(true),
            1..=3 => Some(false),
            _ => None,
        };
        let theirs = known.filter(|_| !turn.is_multiple_of(ASKED)).unwrap_or_else(ask);
        let told = |ours: bool, by: &str| {
            let Case { kind, hash, signature } = case;
            let key = self.point.to_affine().to_sec1_point(false);
            assert_eq!(
                ours, theirs,
                "{}, {by}: key {key:x?} hash {hash:x?} signature {signature:x?}",
                KINDS[*kind]
            );
        };
        // Each preparation in its turn, and all of them where the case is made for one of them.
        for (index, ours) in self.ours.iter().enumerate() {
            if case.kind >= 6 || turn % 3 == index as u64 {
                told(ours.verify(&case.hash, &case.signature), ["little", "small", "large"][index]);
            }
        }
        if turn.is_multiple_of(50) {
            told(self.adaptive.verify(&case.hash, &case.signature), "adaptive");
        }
        theirs
    }
}

/// Runs so many cases from a seed; how many were accepted and refused, by kind.
pub fn run(cases: u64, seed: u64, done: fn(u64)) -> Vec<Count> {
    let mut random = Random(seed.wrapping_mul(0x1234_5678_9abc_def1));
    let mut walk = Walk::new(&mut random);
    let mut counts = KINDS.map(|kind| (kind, 0, 0)).to_vec();
    let mut key = None;
    for turn in 0..cases {
        if turn.is_multiple_of(PER_KEY) {
            key = None;
        }
        let key = key.get_or_insert_with(|| any_key(&mut random));
        // The kinds that need a key of their own bring it.
        let (case, own) = match (random.below(40), key.secret) {
            _ if turn % 100 == 99 => x_above_order(&mut random),
            (pick, Some(secret)) => (with_secret(pick, &mut random, &mut walk, secret), None),
            (pick, None) => (without_secret(pick, &mut random, key.point), None),
        };
        let accepted = own.as_ref().unwrap_or(key).judge(&case, turn);
        let row = &mut counts[case.kind];
        *(if accepted { &mut row.1 } else { &mut row.2 }) += 1;
        done(turn + 1);
    }
    counts
}

fn scalar(bytes: [u8; 32]) -> Scalar {
    <Scalar as Reduce<p256::FieldBytes>>::reduce(&bytes.into())
}

fn bytes(scalar: Scalar) -> [u8; 32] {
    scalar.to_repr().into()
}

fn nonzero(scalar: Scalar) -> Scalar {
    if bool::from(scalar.is_zero()) { Scalar::ONE } else { scalar }
}

fn power_of_two(exponent: usize) -> Scalar {
    (0..exponent).fold(Scalar::ONE, |power, _| power.double())
}

fn any_key(random: &mut Random) -> Key {
    let secret = match random.below(8) {
        // A point of which nobody knows the secret.
        0 => return Key::new(decompressed(random.bytes()), None),
        1 => scalar(random.edge()),
        2 => Scalar::from(1 + random.below(70) as u64),
        3 => -Scalar::from(1 + random.below(70) as u64),
        4 => power_of_two(random.below(256)),
        _ => scalar(random.bytes()),
    };
    let secret = nonzero(secret);
    Key::new(ProjectivePoint::GENERATOR * secret, Some(secret))
}

/// The next point whose x is this or little more.
fn decompressed(mut x: [u8; 32]) -> ProjectivePoint {
    loop {
        let point = AffinePoint::decompress(&x.into(), Choice::from(x[31] & 1));
        if let Some(point) = Option::<AffinePoint>::from(point) {
            return point.into();
        }
        for byte in x.iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
    }
}

fn x_of(point: ProjectivePoint) -> [u8; 32] {
    if bool::from(point.is_identity()) { [0; 32] } else { point.to_affine().x().into() }
}

/// Nonces with their points, one addition apart.
struct Walk {
    nonce: Scalar,
    point: ProjectivePoint,
    steps: Vec<(Scalar, ProjectivePoint)>,
}

impl Walk {
    fn new(random: &mut Random) -> Self {
        let mut pair = || {
            let scalar = nonzero(scalar(random.bytes()));
            (scalar, ProjectivePoint::GENERATOR * scalar)
        };
        let (nonce, point) = pair();
        Self { nonce, point, steps: (0..64).map(|_| pair()).collect() }
    }

    fn next(&mut self, random: &mut Random) -> (Scalar, [u8; 32]) {
        let (step, point) = self.steps[random.below(64)];
        self.nonce += step;
        self.point += point;
        (self.nonce, x_of(self.point))
    }
}

fn joined(kind: usize, hash: [u8; 32], r: [u8; 32], s: [u8; 32]) -> Case {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice(&s);
    Case { kind, hash, signature }
}

fn with_secret(pick: usize, random: &mut Random, walk: &mut Walk, secret: Scalar) -> Case {
    match pick {
        0..=4 => return at_the_edges(random),
        5..=8 => return chosen(random, secret),
        9..=13 => return degenerate(random, secret),
        _ => {}
    }
    let (nonce, x) = walk.next(random);
    let hash = if pick < 20 { random.edge() } else { random.bytes() };
    let r = scalar(x);
    let s = nonce.invert().unwrap() * (scalar(hash) + r * secret);
    let mut case = joined(0, hash, bytes(r), bytes(s));
    match pick {
        30..=33 => {
            case.kind = 1;
            case.hash[random.below(32)] ^= 1 << random.below(8);
        }
        34..=37 => {
            case.kind = 2;
            case.signature[random.below(64)] ^= 1 << random.below(8);
        }
        38.. => {
            case.kind = 3;
            case.signature = random.bytes();
        }
        _ => {}
    }
    case
}

fn without_secret(pick: usize, random: &mut Random, point: ProjectivePoint) -> Case {
    if pick < 10 {
        return at_the_edges(random);
    }
    // u·G + v·Q is known without the secret: so are r = x, s = r/v and the hash u·s.
    let (u, v) = (scalar(random.bytes()), nonzero(scalar(random.bytes())));
    let r = scalar(x_of(ProjectivePoint::GENERATOR * u + point * v));
    let s = r * v.invert().unwrap();
    joined(0, bytes(u * s), bytes(r), bytes(s))
}

/// The numbers around which r, s and hash decide: 0, 1, n, p, and those of [`Random::edge`].
fn at_the_edges(random: &mut Random) -> Case {
    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    const MODULUS: &str = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    let near = |text: &str, random: &mut Random| {
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).unwrap();
        }
        bytes[31] = bytes[31].wrapping_add(random.below(5) as u8).wrapping_sub(2);
        bytes
    };
    let mut number = || match random.below(4) {
        0 => near(ORDER, random),
        1 => near(MODULUS, random),
        _ => random.edge(),
    };
    let (hash, r, s) = (number(), number(), number());
    joined(4, hash, r, s)
}

/// A good signature whose multiples of G and Q are at the edges, if they do not cancel out.
fn chosen(random: &mut Random, secret: Scalar) -> Case {
    let (u, v) = (scalar(random.edge()), nonzero(scalar(random.edge())));
    with_multiples(5, u, v, secret, random)
}

/// A signature for which some addition is one of a point to itself or to its opposite, or comes to infinity.
fn degenerate(random: &mut Random, secret: Scalar) -> Case {
    // A few digits of 5 or 7 bits: sums of them are what the tables add one by one.
    let bits = [5, 7][random.below(2)];
    let mut v = Scalar::ZERO;
    for _ in 0..=random.below(3) {
        let place = power_of_two(bits * random.below(36));
        v += place * Scalar::from(1 + random.below(1 << (bits - 1)) as u64);
    }
    let v = nonzero(v);
    let u = match random.below(6) {
        0 => v * secret,
        1 => -(v * secret),
        // What remains is one more digit.
        2 => v * secret + Scalar::from(1 + random.below(64) as u64),
        3 => -(v * secret) + Scalar::from(1 + random.below(64) as u64),
        4 => Scalar::from(random.below(64) as u64),
        _ => v,
    };
    with_multiples(6, u, v, secret, random)
}

/// r, s and hash such that verification computes u·G + v·Q.
fn with_multiples(kind: usize, u: Scalar, v: Scalar, secret: Scalar, random: &mut Random) -> Case {
    let r = scalar(x_of(ProjectivePoint::GENERATOR * (u + v * secret)));
    // Infinity has no x, so no r makes the signature good.
    let (kind, r) = if bool::from(r.is_zero()) { (6, nonzero(scalar(random.edge()))) } else { (kind, r) };
    let s = r * v.invert().unwrap();
    joined(kind, bytes(u * s), bytes(r), bytes(s))
}

/// A signature whose point has an x of n or more, so that r is x − n: one in 2^32 by chance.
fn x_above_order(random: &mut Random) -> (Case, Option<Key>) {
    const ORDER: [u8; 16] =
        [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let mut x = [0; 32];
    x[..16].copy_from_slice(&ORDER);
    x[16..].copy_from_slice(&random.bytes::<16>());
    x[16] |= 0xc0; // n goes on with bc
    let point = decompressed(x);
    let (u, v) = (scalar(random.bytes()), nonzero(scalar(random.bytes())));
    let key = Key::new((point - ProjectivePoint::GENERATOR * u) * v.invert().unwrap(), None);
    let missed = random.below(3) == 0;
    let r = scalar(x_of(point)) + if missed { Scalar::ONE } else { Scalar::ZERO };
    let s = r * v.invert().unwrap();
    (joined(7 + usize::from(missed), bytes(u * s), bytes(r), bytes(s)), Some(key))
}
