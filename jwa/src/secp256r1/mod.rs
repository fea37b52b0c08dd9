//! Verification of ECDSA signatures on P-256 with SHA-256 (RFC 7518 section 3.4, FIPS 186-5 section 6.4), in variable
//! time and with prepared keys: several times faster in wasm than constant time would be.
//!
//! **Public data only.** Public keys, hashes of messages and signatures come in, a yes or no goes out. No secret has
//! a type that could be passed here: a [`PublicKey`] is made of a checked point, and nothing else takes part.
//!
//! `words` 256 bits · `field` modulo p · `scalar` modulo n · `inverse` of both · `point` sums, fast · `textbook` sums
//! with every case · `table` multiples of a point · `hot_keys` who has which. Each file argues its bounds. The feature
//! `variable-time` switches all of it off; then the `p256` crate verifies.

mod field;
mod hot_keys;
mod inverse;
mod point;
mod scalar;
mod table;
mod textbook;
mod words;

pub use hot_keys::Preparation;

use field::Element;
use hot_keys::Tables;
use point::{Point, Sum};
use table::Odd;
use words::Words;

/// A public key.
#[derive(Clone)]
pub struct PublicKey {
    name: [Words; 2],
    point: Point,
}

impl PublicKey {
    /// Takes the two coordinates, 32 bytes each; `None` for anything but a point of the curve.
    pub fn from_coordinates(x: &[u8], y: &[u8]) -> Option<Self> {
        let number = |bytes: &[u8]| bytes.try_into().ok().map(Words::from_bytes);
        Self::of(number(x)?, number(y)?).filter(|key| key.point.is_on_curve())
    }

    /// Takes a point in SEC 1 form (section 2.3.4), compressed or not; `None` for anything but a finite one of the curve.
    pub fn from_sec1(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (4, coordinates) => {
                let (x, y) = coordinates.split_at_checked(32)?;
                Self::from_coordinates(x, y)
            }
            (prefix @ (2 | 3), x) => {
                let x = Words::from_bytes(x.try_into().ok()?);
                let y = Point::y_of(&Element::from_words(&x)?)?.to_words();
                // Of the two roots y and p − y exactly one is odd; 0 is none, as there is no such point.
                let y = if y.is_odd() == (*prefix == 3) { y } else { words::MODULUS.minus(&y) };
                Self::of(x, y)
            }
            _ => None,
        }
    }

    /// The two coordinates.
    pub fn coordinates(&self) -> [[u8; 32]; 2] {
        self.name.map(Words::to_bytes)
    }

    /// The generator of the curve (SEC 2 section 2.4.2).
    fn generator() -> Option<Self> {
        let x = [
            0xd898_c296,
            0xf4a1_3945,
            0x2deb_33a0,
            0x7703_7d81,
            0x63a4_40f2,
            0xf8bc_e6e5,
            0xe12c_4247,
            0x6b17_d1f2,
        ];
        let y = [
            0x37bf_51f5,
            0xcbb6_4068,
            0x6b31_5ece,
            0x2bce_3357,
            0x7c0f_9e16,
            0x8ee7_eb4a,
            0xfe1a_7f9b,
            0x4fe3_42e2,
        ];
        Self::of(Words(x), Words(y))
    }

    fn of(x: Words, y: Words) -> Option<Self> {
        let point = Point { x: Element::from_words(&x)?, y: Element::from_words(&y)? };
        Some(Self { name: [x, y], point })
    }

    /// Whether a signature, r and s of 32 bytes each, is one of the hash by this key. The key is prepared better
    /// the more it is used.
    pub fn verify(&self, hash: &[u8; 32], signature: &[u8]) -> bool {
        self.check(hash, signature, || hot_keys::tables(self)).is_some()
    }

    /// Counts a use of the key that somebody else computes, and says what a use here would have been prepared with.
    pub fn note(&self) -> Preparation {
        hot_keys::note(self)
    }

    /// Whether the signature is good; `None` if not.
    fn check(
        &self,
        hash: &[u8; 32],
        signature: &[u8],
        tables: impl FnOnce() -> (Tables, Tables, Preparation),
    ) -> Option<()> {
        let (r, s) = signature.split_first_chunk()?;
        let (r, s) = (Words::from_bytes(r), Words::from_bytes(s.try_into().ok()?));
        // r and s from 1 to n − 1 (CVE-2022-21449).
        if [r, s].iter().any(|number| *number == Words::ZERO || !number.is_below(&words::ORDER)) {
            return None;
        }
        let inverse = scalar::prepared(&inverse::modulo_n(&s)?);
        let a = scalar::times(&Words::from_bytes(hash), &inverse);
        let b = scalar::times(&r, &inverse);
        let (generator, ours, wanted) = tables();
        match sum(&a, &generator, &b, &ours, wanted).filter(|sum| !sum.is_undecided()) {
            // x modulo n is r where x is r, or r + n, which is often more than x can be.
            Some(sum) => {
                let other = r.plus(&words::ORDER);
                let candidates = [Some(r), other].into_iter().flatten();
                candidates.filter_map(|x| Element::from_words(&x)).any(|x| sum.has_x(&x)).then_some(())
            }
            None => {
                let x = textbook::x_of_sum(&a, &Self::generator()?.point, &b, &self.point)?;
                (scalar::modulo(&x) == r).then_some(())
            }
        }
    }
}

/// a · G + b · Q by the tables that there are.
fn sum(a: &Words, generator: &Tables, b: &Words, ours: &Tables, wanted: Preparation) -> Option<Sum> {
    if wanted == Preparation::Little {
        return Odd::sum(a, generator.odd.as_ref()?, b, ours.odd.as_ref()?);
    }
    let mut sum = None;
    generator.comb.as_ref()?.add_to(&mut sum, a);
    ours.comb.as_ref()?.add_to(&mut sum, b);
    sum
}

/// A public key with tables of its own, whatever its use: to measure, and to hold every preparation to one verdict.
pub struct Prepared {
    key: PublicKey,
    generator: Tables,
    ours: Tables,
    preparation: Preparation,
}

impl Prepared {
    /// Prepares a key.
    pub fn new(key: PublicKey, preparation: Preparation) -> Option<Self> {
        let (mut generator, mut ours) = (Tables::default(), Tables::default());
        generator.build(&PublicKey::generator()?, preparation);
        ours.build(&key, preparation);
        Some(Self { key, generator, ours, preparation })
    }

    /// As [`PublicKey::verify`].
    pub fn verify(&self, hash: &[u8; 32], signature: &[u8]) -> bool {
        let tables = || (self.generator.clone(), self.ours.clone(), self.preparation);
        self.key.check(hash, signature, tables).is_some()
    }
}
