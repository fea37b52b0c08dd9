//! The names of one object so far, to find one that stands there twice.

#[cfg(feature = "whole")]
use crate::bounds;
#[cfg(feature = "whole")]
use alloc::collections::BTreeSet;
use alloc::{borrow::Cow, vec::Vec};

/// Room for as many names as most objects have, so that it is not made in steps.
const USUAL_MEMBERS: usize = 12;

/// The names: few are looked through, which is fastest; more are kept in order.
pub struct Names<'a> {
    few: Vec<Cow<'a, str>>,
    /// Not in the small module, which reads no object with more names than a token's.
    #[cfg(feature = "whole")]
    more: BTreeSet<Cow<'a, str>>,
}

impl<'a> Names<'a> {
    /// Returns no names.
    pub fn new() -> Self {
        Self {
            few: Vec::with_capacity(USUAL_MEMBERS),
            #[cfg(feature = "whole")]
            more: BTreeSet::new(),
        }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        let few = self.few.len();
        #[cfg(feature = "whole")]
        let few = few.saturating_add(self.more.len());
        few
    }

    /// Checks whether a name is there.
    pub fn contains(&self, name: &str) -> bool {
        let is_there = self.few.iter().any(|known| known == name);
        #[cfg(feature = "whole")]
        let is_there = is_there || self.more.contains(name);
        is_there
    }

    /// Adds a name.
    pub fn push(&mut self, name: Cow<'a, str>) {
        #[cfg(feature = "whole")]
        if self.few.len() >= bounds::JSON_MEMBERS {
            self.more.insert(name);
            return;
        }
        self.few.push(name);
    }
}
