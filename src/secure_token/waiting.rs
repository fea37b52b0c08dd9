//! The tokens that wait for the host's answer, and how many bytes of them are kept.

use super::pending::Pending;
use alloc::{boxed::Box, vec::Vec};

/// Bytes of tokens that wait; the oldest goes where there is no room, and its caller begins anew.
const HELD_BYTES: usize = 4 * 1024 * 1024;
/// The least size of one.
const LEAST_BYTES: usize = 512;

/// The tokens that wait, each under a number of its own.
#[derive(Default)]
pub struct Waiting {
    /// In the order of their numbers, which is that of their coming.
    pending: Vec<(u64, Box<Pending>)>,
    last: u64,
    bytes: usize,
}

impl Waiting {
    /// Keeps a token under the next number; none is given twice.
    pub fn keep(&mut self, pending: Pending) -> u64 {
        let size = room(&pending);
        self.bytes = self.bytes.saturating_add(size);
        while self.bytes > HELD_BYTES && !self.pending.is_empty() {
            let (_, oldest) = self.pending.remove(0);
            self.bytes = self.bytes.saturating_sub(room(&oldest));
        }
        self.last = self.last.saturating_add(1);
        self.pending.push((self.last, Box::new(pending)));
        self.last
    }

    /// Takes the token of that number; nothing where it is gone.
    pub fn take(&mut self, number: u64) -> Option<Pending> {
        let (_, pending) = self.pending.remove(self.place(number)?);
        self.bytes = self.bytes.saturating_sub(room(&pending));
        Some(*pending)
    }

    /// Returns the token of that number, to judge it.
    pub fn get(&mut self, number: u64) -> Option<&mut Pending> {
        let place = self.place(number)?;
        self.pending.get_mut(place).map(|(_, pending)| &mut **pending)
    }

    /// Returns the token that came last, with its number.
    pub fn latest(&self) -> Option<(u64, &Pending)> {
        self.pending.last().map(|(number, pending)| (*number, &**pending))
    }

    fn place(&self, number: u64) -> Option<usize> {
        self.pending.binary_search_by_key(&number, |(number, _)| *number).ok()
    }
}

/// Returns the size of a token that waits.
fn room(pending: &Pending) -> usize {
    pending.held_bytes().saturating_add(LEAST_BYTES)
}
