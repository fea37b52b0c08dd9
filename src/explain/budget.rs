//! How many cryptographic operations one report may take: explaining must not cost more than a few refusals.

/// Operations that are left.
pub(super) struct Budget(usize);

/// The most of one report: 16 for the token itself, with 8 keys to decrypt and 8 to verify with, and as many to try.
pub(super) const OPERATIONS: usize = 32;

impl Budget {
    pub(super) const fn new() -> Self {
        Self(OPERATIONS)
    }

    /// Takes a number of operations, if there are so many left.
    pub(super) const fn spend(&mut self, operations: usize) -> bool {
        match self.0.checked_sub(operations) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_two_operations_and_no_more() {
        let mut budget = Budget::new();
        assert!(budget.spend(8) && budget.spend(8));
        let taken = (0..100).filter(|_| budget.spend(1)).count();
        assert_eq!(taken, OPERATIONS - 16);
        assert!(!budget.spend(1) && budget.spend(0));
    }
}
