//! An encrypted token whose content the host decrypts meanwhile. As with the module's own decryption, the result proves
//! no sender, and the signature inside is verified next. Without an answer the module decrypts.

use crate::jose::{
    algorithm::content,
    compact::{Compact, Form},
    header::Header,
    key::{DecryptKey, decryption::Recipient},
};
use crate::secret::Secret;
use alloc::vec::Vec;

/// A header and what was inside; not yet verified.
#[derive(Clone)]
#[non_exhaustive]
pub struct Decrypted {
    /// The protected header.
    pub header: Header,
    /// The plaintext.
    pub plaintext: Vec<u8>,
}

/// A token that waits for its plaintext; IV and tag have the lengths that they must have.
pub struct Unopened {
    header: Header,
    covered_bytes: usize,
    iv: Vec<u8>,
    sealed: Vec<u8>,
    key: ContentKey,
}

/// The key that its content is encrypted with.
pub(super) enum ContentKey {
    /// One of these configured secrets, by their places: those that have not been tried, the next one first.
    Configured(Vec<usize>),
    /// A key for this token alone. Where it was not found, another stands in its place, so that the host takes the
    /// same time; what that decrypts is nothing.
    Own(Secret, bool),
}

impl Unopened {
    /// Takes an encrypted token whose parts have their lengths; nothing where they do not.
    pub(super) fn new(token: &Compact<'_>, key: ContentKey) -> Option<Self> {
        let Form::Jwe { additional_data, iv, ciphertext, tag, .. } = &token.form else { return None };
        let header = token.header.clone();
        let sealed = [ciphertext.as_slice(), tag].concat();
        let unopened = Self { header, covered_bytes: additional_data.len(), iv: iv.clone(), sealed, key };
        (iv.len() == content::IV_BYTES && tag.len() == content::TAG_BYTES).then_some(unopened)
    }

    /// Returns the place of the configured secret to decrypt with; nothing where the key is this token's own.
    pub fn place(&self) -> Option<usize> {
        match &self.key {
            ContentKey::Configured(places) => places.first().copied(),
            ContentKey::Own(..) => None,
        }
    }

    /// Returns the key to decrypt with, for the host to import.
    pub fn secret<'a>(&'a self, keys: &'a [DecryptKey]) -> Option<&'a Secret> {
        match &self.key {
            ContentKey::Configured(places) => match &keys.get(*places.first()?)?.material {
                Recipient::Secret(secret) => Some(secret),
                Recipient::Private(_) => None,
            },
            ContentKey::Own(secret, _) => Some(secret),
        }
    }

    /// Returns the initialisation vector.
    pub fn iv(&self) -> &[u8] {
        &self.iv
    }

    /// Returns ciphertext and tag in one.
    pub fn sealed(&self) -> &[u8] {
        &self.sealed
    }

    /// Returns how many bytes of the token the tag covers too, from the first on.
    pub const fn covered_bytes(&self) -> usize {
        self.covered_bytes
    }

    /// How many bytes it holds.
    pub(crate) fn held_bytes(&self) -> usize {
        // The header comes to about as much again, taken apart.
        self.sealed.len().saturating_add(self.covered_bytes.saturating_mul(2))
    }

    /// Returns the token for the next key, where the host could not decrypt it with this one and there is another.
    pub fn failed(mut self) -> Option<Self> {
        let ContentKey::Configured(places) = &mut self.key else { return None };
        if !places.is_empty() {
            places.remove(0);
        }
        (!places.is_empty()).then_some(self)
    }

    /// The token with what the host has decrypted; nothing where that cannot be its plaintext.
    pub(in crate::jose) fn answered(self, plaintext: Vec<u8>) -> Option<Decrypted> {
        let expected = self.sealed.len().checked_sub(content::TAG_BYTES);
        let good = !matches!(self.key, ContentKey::Own(_, false)) && expected == Some(plaintext.len());
        good.then_some(Decrypted { header: self.header, plaintext })
    }
}

// It holds a key.
impl core::fmt::Debug for Unopened {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Unopened({:?}, {} bytes)", self.place(), self.sealed.len())
    }
}
