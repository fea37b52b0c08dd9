//! What a signed token holds, and the proof that it was verified.

use crate::error::Remark;
use crate::jose::{
    compact::{Compact, Form},
    header::Header,
};
use alloc::{string::String, vec::Vec};

/// A header and a payload whose signature was checked with one of the configured keys.
#[derive(Clone)]
pub struct Verified(SignedContent);

/// What a token holds, whether it has been proven or not.
#[derive(Clone)]
pub(super) struct SignedContent {
    pub header: Header,
    pub payload: Vec<u8>,
    pub signing_input: String,
    pub source: usize,
    pub remarks: Vec<Remark>,
}

impl Verified {
    /// Takes what was proven just now.
    pub(super) const fn proven(content: SignedContent) -> Self {
        Self(content)
    }

    /// The protected header.
    pub const fn header(&self) -> &Header {
        &self.0.header
    }

    /// The payload's bytes.
    pub fn payload(&self) -> &[u8] {
        &self.0.payload
    }

    /// The payload, to keep.
    pub(crate) fn into_payload(self) -> Vec<u8> {
        self.0.payload
    }

    /// What the signature is over: the first two parts as received. It tells one token from another.
    pub fn signing_input(&self) -> &str {
        &self.0.signing_input
    }

    /// Which of the sources held the key.
    pub const fn source(&self) -> usize {
        self.0.source
    }

    /// What was accepted but should be put right.
    pub fn remarks(&self) -> &[Remark] {
        &self.0.remarks
    }
}

impl SignedContent {
    /// What a token says.
    pub fn new(token: Compact<'_>) -> Self {
        let Compact { header, form } = token;
        let (signing_input, payload) = match form {
            Form::Jws { signing_input, payload, .. } => (signing_input.into(), payload),
            Form::Jwe { .. } => Default::default(),
        };
        Self { header, payload, signing_input, source: 0, remarks: Vec::new() }
    }
}

// The payload is personal data.
impl core::fmt::Debug for Verified {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Verified({}, {} bytes)", self.header().alg(), self.payload().len())
    }
}
