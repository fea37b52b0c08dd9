//! Points of y² = x³ − 3x + b, and sums of them in the form (X, Y, ZZ, ZZZ) with x = X/ZZ, y = Y/ZZZ, ZZ³ = ZZZ².
//!
//! The formulas ("madd-2008-s" and "dbl-2008-s-1" of the Explicit-Formulas Database) are wrong in two cases: a
//! point that is added to itself or to its opposite, and a point of order two that is doubled, which this curve
//! has not. Each makes ZZ a multiple of p, and a ZZ that is one stays one, because every later ZZ is a multiple of
//! it. So a sum needs to be looked at only once, at the end: **where ZZ is no multiple of p, no case was wrong.**
//! Where it is one, `textbook` computes again, case by case.
//!
//! The values, counted in p (see `field`; a product of a and b is within a·b/32 + 0.501): X within 2.5, Y within 1,
//! ZZ and ZZZ within 0.6, the coordinates of a point within 0.6. Each function says how it keeps them.
#![allow(clippy::arithmetic_side_effects, reason = "only digits are counted here")]

use super::field::Element;
use alloc::vec::Vec;

/// A finite point.
#[derive(Clone, Copy, Debug)]
pub(super) struct AffinePoint {
    pub(super) x: Element,
    pub(super) y: Element,
}

impl AffinePoint {
    /// Whether y² = x³ − 3x + b.
    pub(super) fn is_on_curve(&self) -> bool {
        self.y.square().minus(&Self::square_of_y(&self.x)).is_zero()
    }

    /// One of the two y of an x, if there are any.
    pub(super) fn y_of(x: &Element) -> Option<Element> {
        Self::square_of_y(x).root()
    }

    /// (x² − 3) x + b, within 1.1: limbs within 2^28.6 before the product, and tight with 1 after it.
    fn square_of_y(x: &Element) -> Element {
        let three = Element::ONE.plus(&Element::ONE).plus(&Element::ONE);
        x.square().minus(&three).times(x).plus(&Element::B).times(&Element::ONE)
    }

    /// The point on the other side.
    pub(super) fn opposite(&self) -> Self {
        Self { x: self.x, y: Element::ZERO.minus(&self.y) }
    }

    /// Rise and run of the line to another point: both 0 for the same, the run alone for the opposite one.
    pub(super) fn line_to(&self, other: &Self) -> (Element, Element) {
        (other.y.minus(&self.y), other.x.minus(&self.x))
    }

    /// Rise and run of the tangent, (3x² − 3) / 2y: limbs within 3 · 2^28.1 and 2^29.
    pub(super) fn tangent(&self) -> (Element, Element) {
        let third = self.x.square().minus(&Element::ONE);
        (third.plus(&third).plus(&third), self.y.plus(&self.y))
    }

    /// The sum with a point, given the slope of the line between them, a product: x = slope² − x − x', times 1 to
    /// keep it within 0.6.
    pub(super) fn along(&self, slope: &Element, other: &Self) -> Self {
        let x = slope.times_minus(slope, &self.x.plus(&other.x), &Element::ONE);
        let y = slope.times_minus(&self.x.minus(&x), &self.y, &Element::ONE);
        Self { x, y }
    }
}

/// A sum of points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    x: Element,
    y: Element,
    zz: Element,
    zzz: Element,
}

impl Sum {
    pub(super) const fn of(point: &AffinePoint) -> Self {
        Self { x: point.x, y: point.y, zz: Element::ONE, zzz: Element::ONE }
    }

    /// Adds a point: 8 products and 2 squares.
    pub(super) fn add(&mut self, point: &AffinePoint) {
        // Differences of two tight elements: limbs within 2^29. p within 3.1, r within 1.6.
        let p = point.x.times(&self.zz).minus(&self.x);
        let r = point.y.times(&self.zzz).minus(&self.y);
        let pp = p.square(); // within 0.81
        let ppp = p.times(&pp); // 0.58
        let q = self.x.times(&pp); // 0.57
        // r² − ppp − 2q, within 0.6 + 0.58 + 1.14.
        self.x = r.square_plus(&Element::ZERO.minus(&ppp.plus(&q).plus(&q)));
        // Limbs within 2^29 and 2^28: 9 · 2^58 + 9 · 2^56 < 2^61.6 in a column. Within 1.6 · 3 / 32 + 1 · 0.58 / 32 + 0.501.
        self.y = r.times_minus(&q.minus(&self.x), &self.y, &ppp);
        self.zz = self.zz.times(&pp);
        self.zzz = self.zzz.times(&ppp);
    }

    /// Doubles: 6 products and 3 squares.
    pub(super) fn double(&mut self) {
        let u = self.y.plus(&self.y); // limbs within 2^29, value within 2
        let v = u.square(); // 0.63
        let w = u.times(&v); // 0.55
        let s = self.x.times(&v); // 0.56
        // 3 (X − ZZ) (X + ZZ): the product within 0.81, so m within 2.5, with limbs within 3 · 2^28 < 2^29.6.
        let third = self.x.minus(&self.zz).times(&self.x.plus(&self.zz));
        let m = third.plus(&third).plus(&third);
        self.x = m.square_plus(&Element::ZERO.minus(&s.plus(&s))); // 0.7 + 1.12
        // Limbs within 2^29.6 and 2^29: 9 · 2^58.6 + 9 · 2^56 < 2^62 in a column. Within 2.5 · 2.4 / 32 + 0.02 + 0.501.
        self.y = m.times_minus(&s.minus(&self.x), &w, &self.y);
        self.zz = self.zz.times(&v);
        self.zzz = self.zzz.times(&w);
    }

    /// Whether a wrong case was met, or the sum is the point at infinity.
    pub(super) fn is_undecided(&self) -> bool {
        self.zz.is_zero()
    }

    /// Whether the x of a sum that is decided is this number.
    pub(super) fn has_x(&self, x: &Element) -> bool {
        x.times(&self.zz).minus(&self.x).is_zero()
    }

    /// The points that sums are, for one inversion; `None` if one is undecided.
    pub(super) fn to_points(sums: &[Self]) -> Option<Vec<AffinePoint>> {
        let mut inverses: Vec<_> = sums.iter().map(|sum| sum.zzz).collect();
        Element::invert_all(&mut inverses)?;
        let point = |(sum, inverse): (&Self, &Element)| {
            // 1/ZZ = (ZZ/ZZZ)², as ZZ³ = ZZZ².
            let root = sum.zz.times(inverse);
            AffinePoint { x: sum.x.times(&root.square()), y: sum.y.times(inverse) }
        };
        Some(sums.iter().zip(&inverses).map(point).collect())
    }
}
