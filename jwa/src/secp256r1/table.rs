//! Multiples of a point, prepared so that a product takes fewer additions.
#![allow(clippy::arithmetic_side_effects, reason = "digits and shifts of at most 7 bits")]

use super::{
    field::Element,
    point::{AffinePoint, Sum},
    scalar,
    words::U256,
};
use alloc::vec::Vec;

/// What a key is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preparation {
    /// Eight points, less than 1 KB: for a first use.
    Little,
    /// A comb of 60 KB.
    Small,
    /// A comb of 170 KB.
    Large,
}

/// 1, 3, … 15 times a point: a product takes 256 doublings, which all points of a sum share, and 43 additions.
#[derive(Debug)]
pub(super) struct Odd(Vec<AffinePoint>);

impl Odd {
    pub(super) fn new(point: &AffinePoint) -> Option<Self> {
        let mut twice = Sum::of(point);
        twice.double();
        let twice = Sum::to_points(&[twice])?;
        let mut sum = Sum::of(point);
        let mut sums = alloc::vec![sum];
        for _ in 0..7 {
            sum.add(twice.first()?);
            sums.push(sum);
        }
        Sum::to_points(&sums).map(Self)
    }

    /// a·p + b·q.
    pub(super) fn sum(a: &U256, p: &Self, b: &U256, q: &Self) -> Option<Sum> {
        let mut sum: Option<Sum> = None;
        for (a, b) in scalar::sparse(a).into_iter().zip(scalar::sparse(b)).rev() {
            if let Some(sum) = &mut sum {
                sum.double();
            }
            for (digit, table) in [(a, p), (b, q)] {
                // An odd digit d stands at (|d| − 1) / 2.
                let index = digit.unsigned_abs() / 2;
                add(&mut sum, digit, table.0.get(index as usize)?);
            }
        }
        sum
    }
}

/// 1 to 2^(bits − 1) times each of 2^0, 2^bits, 2^(2·bits) … times a point: a product takes one addition for each
/// digit, and no doubling.
#[derive(Debug)]
pub(super) struct Comb {
    bits: u32,
    points: Vec<AffinePoint>,
}

impl Comb {
    /// A small comb has digits of 5 bits and 832 points in 60 KB, a large one 7 bits and 2,368 points in 170 KB.
    pub(super) fn new(point: &AffinePoint, preparation: Preparation) -> Option<Self> {
        let bits = if preparation == Preparation::Large { 7 } else { 5 };
        let digits = 257_u32.div_ceil(bits);
        let mut sum = Sum::of(point);
        let mut firsts = Vec::new();
        for _ in 0..digits {
            firsts.push(sum);
            for _ in 0..bits {
                sum.double();
            }
        }
        let firsts = Sum::to_points(&firsts)?;
        // One column of multiples after the other: all digits take the same step together, for one inversion.
        let mut columns = alloc::vec![firsts.clone()];
        for _ in 1..1_u32 << (bits - 1) {
            let next = step(columns.last()?, &firsts)?;
            columns.push(next);
        }
        // As they are asked for: all multiples of the first digit, then those of the second.
        let points =
            (0..firsts.len()).flat_map(|digit| columns.iter().filter_map(move |column| column.get(digit)));
        let points: Vec<_> = points.copied().collect();
        Some(Self { bits, points })
    }

    pub(super) const fn preparation(&self) -> Preparation {
        if self.bits == 7 { Preparation::Large } else { Preparation::Small }
    }

    /// Adds number · point to a sum.
    pub(super) fn add_to(&self, sum: &mut Option<Sum>, number: &U256) {
        match self.preparation() {
            Preparation::Large => self.add_digits(sum, &scalar::digits::<7, 37>(number)),
            _ => self.add_digits(sum, &scalar::digits::<5, 52>(number)),
        }
    }

    fn add_digits(&self, sum: &mut Option<Sum>, digits: &[i32]) {
        for (digit, multiples) in digits.iter().zip(self.points.chunks_exact(1 << (self.bits - 1))) {
            let index = digit.unsigned_abs().wrapping_sub(1);
            if let Some(point) = multiples.get(index as usize) {
                add(sum, *digit, point);
            }
        }
    }
}

/// Adds a point, or its opposite for a negative digit, or nothing for 0.
fn add(sum: &mut Option<Sum>, digit: i32, point: &AffinePoint) {
    let point = match digit {
        0 => return,
        1.. => *point,
        _ => point.opposite(),
    };
    match sum {
        Some(sum) => sum.add(&point),
        None => *sum = Some(Sum::of(&point)),
    }
}

/// Adds to each multiple its first. They are the same point in the first step and never opposite ones, as the order
/// is a prime and the multiples are far below it; where a slope has no finite value all the same, there is no table.
fn step(multiples: &[AffinePoint], firsts: &[AffinePoint]) -> Option<Vec<AffinePoint>> {
    let mut rises = Vec::with_capacity(firsts.len());
    let mut runs = Vec::with_capacity(firsts.len());
    for (multiple, first) in multiples.iter().zip(firsts) {
        let (rise, run) = match multiple.line_to(first) {
            (_, run) if run.is_zero() => first.tangent(),
            line => line,
        };
        rises.push(rise);
        runs.push(run);
    }
    Element::invert_all(&mut runs)?;
    let slopes = rises.iter().zip(&runs).map(|(rise, inverse)| rise.times(inverse));
    let points = multiples.iter().zip(firsts).zip(slopes);
    Some(points.map(|((multiple, first), slope)| multiple.along(&slope, first)).collect())
}
