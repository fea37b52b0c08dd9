//! Addition of points as the textbook has it, with every case: slow, for the few sums that `point` leaves undecided.

use super::{point::AffinePoint, words::U256};

/// A point, or `None` for the one at infinity.
type Any = Option<AffinePoint>;

/// The x of a·p + b·q as a number from 0 to p − 1; `None` for the point at infinity.
pub(super) fn x_of_sum(a: &U256, p: &AffinePoint, b: &U256, q: &AffinePoint) -> Option<U256> {
    let (p, q) = (Some(*p), Some(*q));
    let both = add(p, q);
    let mut sum = None;
    for (a, b) in a.split::<1, 256>().into_iter().zip(b.split::<1, 256>()).rev() {
        sum = add(sum, sum);
        sum = match (a, b) {
            (0, 0) => sum,
            (_, 0) => add(sum, p),
            (0, _) => add(sum, q),
            _ => add(sum, both),
        };
    }
    sum.map(|point| point.x.to_words())
}

fn add(one: Any, other: Any) -> Any {
    let (Some(one), Some(other)) = (one, other) else { return one.or(other) };
    let (rise, run) = match one.line_to(&other) {
        // The same point; none of this curve has y = 0.
        (rise, run) if run.is_zero() && rise.is_zero() => one.tangent(),
        // Opposite points.
        (_, run) if run.is_zero() => return None,
        line => line,
    };
    Some(one.along(&rise.times(&run.inverse()?), &other))
}
