//! The content of a signed token, and the proof that it was verified.

use crate::error::Remark;
use crate::jose::{
    compact::{Compact, Form},
    header::Header,
    key::Thumbprint,
};
use alloc::{string::String, vec::Vec};

/// A header and a payload whose signature was checked with one of the configured keys.
#[derive(Clone)]
pub struct Verified(SignedContent);

/// The content of a token, verified or not.
#[derive(Clone)]
pub(super) struct SignedContent {
    pub header: Header,
    pub payload: Vec<u8>,
    pub signing_input: String,
    pub source: usize,
    pub key: Thumbprint,
    pub remarks: Vec<Remark>,
}

impl Verified {
    /// Takes what was proven just now.
    pub(super) const fn proven(content: SignedContent) -> Self {
        Self(content)
    }

    /// Adds a warning about the encrypted token that it came in.
    pub(in crate::jose) fn with_remarks(mut self, remarks: impl IntoIterator<Item = Remark>) -> Self {
        self.0.remarks.extend(remarks);
        self
    }

    /// Returns the protected header.
    pub const fn header(&self) -> &Header {
        &self.0.header
    }

    /// Returns the payload's bytes.
    pub fn payload(&self) -> &[u8] {
        &self.0.payload
    }

    /// Returns the payload, to keep.
    pub(crate) fn into_payload(self) -> Vec<u8> {
        self.0.payload
    }

    /// Returns the signing input: the first two parts as received. It is unique for each token.
    pub fn signing_input(&self) -> &str {
        &self.0.signing_input
    }

    /// Returns which of the sources held the key.
    pub const fn source(&self) -> usize {
        self.0.source
    }

    /// The thumbprint of the key that verified.
    pub const fn key(&self) -> Thumbprint {
        self.0.key
    }

    /// Warnings: accepted, but to be corrected.
    pub fn remarks(&self) -> &[Remark] {
        &self.0.remarks
    }
}

impl SignedContent {
    /// The claims of a token, which this key verifies.
    pub fn new(token: Compact<'_>, key: Thumbprint) -> Self {
        let Compact { header, form } = token;
        let (signing_input, payload) = match form {
            Form::Jws { signing_input, payload, .. } => (signing_input.into(), payload),
            Form::Jwe { .. } => Default::default(),
        };
        Self { header, payload, signing_input, source: 0, key, remarks: Vec::new() }
    }
}

// The payload is personal data.
impl core::fmt::Debug for Verified {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Verified({}, {} bytes)", self.header().alg(), self.payload().len())
    }
}
