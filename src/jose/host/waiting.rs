//! The calls that wait for the host's answer, and how many bytes of them are kept.

use super::pending::Pending;
use alloc::vec::Vec;

/// Bytes of calls that wait. Where there is no room, the one before goes, and its caller begins anew: whoever came earlier
/// ends first, and makes room.
const HELD_BYTES: usize = 4 * 1024 * 1024;
/// Unless the oldest has waited while so many came: its answer will never come.
const LOST: u64 = 4096;
/// The size of a call beside its token.
const CALL_BYTES: usize = 2048;

/// The calls that wait, each under a number of its own.
pub struct Waiting<T> {
    /// In the order of their numbers, which is that of their coming; with the bytes of its token.
    calls: Vec<(u64, usize, Pending<'static, T>)>,
    last: u64,
    bytes: usize,
}

impl<T> Waiting<T> {
    /// Creates an empty list.
    pub const fn new() -> Self {
        Self { calls: Vec::new(), last: 0, bytes: 0 }
    }

    /// Keeps a call about a token of that many bytes under the next number; none is given twice.
    pub fn keep(&mut self, call: Pending<'static, T>, token_bytes: usize) -> u64 {
        self.bytes = self.bytes.saturating_add(held(token_bytes));
        while self.bytes > HELD_BYTES && !self.calls.is_empty() {
            let oldest = self.calls.first().map_or(0, |(number, ..)| *number);
            let lost = self.last.saturating_sub(oldest) >= LOST;
            let goes = if lost { 0 } else { self.calls.len().saturating_sub(1) };
            let (_, token_bytes, _) = self.calls.remove(goes);
            self.bytes = self.bytes.saturating_sub(held(token_bytes));
        }
        self.last = self.last.saturating_add(1);
        self.calls.push((self.last, token_bytes, call));
        self.last
    }

    /// Takes the call of that number, and the bytes of its token; nothing where it is gone.
    pub fn take(&mut self, number: u64) -> Option<(Pending<'static, T>, usize)> {
        let (_, token_bytes, call) = self.calls.remove(self.place(number)?);
        self.bytes = self.bytes.saturating_sub(held(token_bytes));
        Some((call, token_bytes))
    }

    /// Returns the call of that number.
    pub fn get(&self, number: u64) -> Option<&Pending<'static, T>> {
        self.calls.get(self.place(number)?).map(|(_, _, call)| call)
    }

    fn place(&self, number: u64) -> Option<usize> {
        self.calls.binary_search_by_key(&number, |(number, ..)| *number).ok()
    }
}

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// The bytes that a call holds: the token, what was signed of it, the payload, and its own.
const fn held(token_bytes: usize) -> usize {
    token_bytes.saturating_mul(3).saturating_add(CALL_BYTES)
}
