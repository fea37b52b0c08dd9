//! The names of one object so far, to find one that stands there twice.

use crate::bounds;
use alloc::{borrow::Cow, collections::BTreeSet, vec::Vec};

/// Room for as many names as most objects have, so that it is not made in steps.
const USUAL_MEMBERS: usize = 12;

/// The names: few are looked through, which is fastest; more are kept in order.
pub struct Names<'a> {
    few: Vec<Cow<'a, str>>,
    more: BTreeSet<Cow<'a, str>>,
}

impl<'a> Names<'a> {
    /// Returns no names.
    pub fn new() -> Self {
        Self { few: Vec::with_capacity(USUAL_MEMBERS), more: BTreeSet::new() }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.few.len().saturating_add(self.more.len())
    }

    /// Checks whether a name is there.
    pub fn contains(&self, name: &str) -> bool {
        self.few.iter().any(|known| known == name) || (has_more() && self.more.contains(name))
    }

    /// Adds a name.
    pub fn push(&mut self, name: Cow<'a, str>) {
        if has_more() && self.few.len() >= bounds::JSON_MEMBERS {
            self.more.insert(name);
        } else {
            self.few.push(name);
        }
    }
}

/// Whether objects may have more names than a token's: not in the small module, which reads only those.
const fn has_more() -> bool {
    cfg!(feature = "whole")
}
