//! The verification: a public key, a hash and a signature in, a yes or no out.

use super::{
    field::Element,
    hot_keys::{self, Tables},
    inverse,
    point::Sum,
    public_key::PublicKey,
    scalar,
    table::{Odd, Preparation},
    textbook,
    words::{ORDER, U256},
};

impl PublicKey {
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
        let (r, s) = (U256::from_bytes(r), U256::from_bytes(s.try_into().ok()?));
        // r and s from 1 to n − 1 (CVE-2022-21449).
        if [r, s].iter().any(|number| *number == U256::ZERO || !number.is_below(&ORDER)) {
            return None;
        }
        let inverse = scalar::prepared(&inverse::modulo_n(&s)?);
        let a = scalar::times(&U256::from_bytes(hash), &inverse);
        let b = scalar::times(&r, &inverse);
        let (generator, ours, wanted) = tables();
        match sum(&a, &generator, &b, &ours, wanted).filter(|sum| !sum.is_undecided()) {
            // x modulo n is r where x is r, or r + n, which is often more than x can be.
            Some(sum) => {
                let other = r.plus(&ORDER);
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
fn sum(a: &U256, generator: &Tables, b: &U256, ours: &Tables, wanted: Preparation) -> Option<Sum> {
    if wanted == Preparation::Little {
        return Odd::sum(a, generator.odd.as_ref()?, b, ours.odd.as_ref()?);
    }
    let mut sum = None;
    generator.comb.as_ref()?.add_to(&mut sum, a);
    ours.comb.as_ref()?.add_to(&mut sum, b);
    sum
}

/// A public key with tables of its own, whatever its use: to measure, and to hold every preparation to one verdict.
pub struct PreparedKey {
    key: PublicKey,
    generator: Tables,
    ours: Tables,
    preparation: Preparation,
}

impl PreparedKey {
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
