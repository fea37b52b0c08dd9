//! A token of which everything has been judged but its signature, while the host computes that. Nothing in it counts:
//! the one way to a [`Verified`] is the host's answer, and whoever asked is bound to this value.

use super::verified::{SignedContent, Verified};
use crate::{
    Code, Error, Result,
    jose::{algorithm::Signature, header::Header},
};
use alloc::vec::Vec;

/// The place of a key among the sources, and the row that it is to serve: what a host may know an imported key by, as
/// long as no key set is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The source.
    pub source: usize,
    /// The key in it.
    pub key: usize,
    /// The algorithm.
    pub alg: Signature,
}

impl Place {
    /// A place that fits a number.
    pub(super) fn new(source: usize, key: usize, alg: Signature) -> Option<Self> {
        (source < 256 && key < 256).then_some(Self { source, key, alg })
    }

    /// Returns the place as a number.
    pub fn to_bits(self) -> u32 {
        let row = Signature::ALL.iter().position(|row| *row == self.alg).unwrap_or_default();
        let byte = |number: usize| u32::try_from(number).unwrap_or_default();
        byte(self.source) << 16 | byte(self.key) << 8 | byte(row)
    }

    /// Returns the place of a number.
    pub fn from_bits(bits: u32) -> Option<Self> {
        let [_, source, key, row] = bits.to_be_bytes().map(usize::from);
        Some(Self { source, key, alg: *Signature::ALL.get(row)? })
    }
}

/// A token that waits for the host's answer.
pub struct Unproven {
    content: SignedContent,
    signature: Vec<u8>,
    place: Place,
    is_only: bool,
}

impl Unproven {
    /// `is_only` says whether no other source could vouch for the token.
    pub(super) const fn new(content: SignedContent, signature: Vec<u8>, place: Place, is_only: bool) -> Self {
        Self { content, signature, place, is_only }
    }

    /// Returns which key is to verify.
    pub const fn place(&self) -> Place {
        self.place
    }

    /// Returns the signature.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Returns the signing input: the first bytes of the token.
    pub fn signing_input(&self) -> &str {
        &self.content.signing_input
    }

    /// How many bytes it holds.
    pub(crate) fn held_bytes(&self) -> usize {
        let text = self.content.signing_input.len().saturating_add(self.signature.len());
        // A header comes to about as much again, taken apart.
        text.saturating_add(self.content.payload.len()).saturating_add(text / 4)
    }

    /// Returns header and payload, not verified.
    pub(crate) fn said(&self) -> (&Header, &[u8]) {
        (&self.content.header, &self.content.payload)
    }

    /// Returns the token if the host has found its signature valid; `None` if another source may still verify it.
    ///
    /// # Errors
    /// `signature_invalid`.
    pub fn answered(self, good: bool) -> Result<Option<Verified>> {
        match (good, self.is_only) {
            (true, _) => Ok(Some(Verified::proven(self.content))),
            (false, true) => Err(Error::new(Code::SignatureInvalid)),
            (false, false) => Ok(None),
        }
    }
}

// It holds personal data.
impl core::fmt::Debug for Unproven {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Unproven({:?})", self.place)
    }
}
