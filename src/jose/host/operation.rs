//! One operation of WebCrypto as data, and its answer.

use super::names;
use crate::{
    jose::{
        algorithm::{Signature, material::Material},
        base64url,
    },
    json::{Object, Value},
    secret::Secret,
};
use alloc::{string::String, sync::Arc, vec::Vec};
use sha2::{Digest, Sha256};

/// An operation that the host is to compute.
pub struct Operation {
    /// The place of the key, by which the host may know it, once imported, as long as no key set is installed. None: the
    /// key is for this operation alone.
    pub place: Option<u32>,
    pub(super) task: Task,
}

/// The inputs of an operation.
pub(super) enum Task {
    /// The parts are message and signature.
    Verify {
        alg: Signature,
        key: Arc<Material>,
        parts: Pieces,
    },
    /// The parts are ciphertext with tag, initialisation vector, and what the tag covers too.
    Open {
        key: Secret,
        parts: Pieces,
    },
    /// SHA-256 of a long message whose signature the module verifies.
    Digest {
        message: Vec<u8>,
    },
    Private {
        kind: &'static str,
        algorithm: Object,
        key: Object,
        more: Object,
    },
}

/// Three strings of bytes in one piece, so that the host copies one.
pub(super) struct Pieces {
    bytes: Vec<u8>,
    ends: [usize; 2],
}

impl Pieces {
    /// Joins pieces, of which those before each end are a part.
    pub fn of(pieces: &[&[u8]], ends: [usize; 2]) -> Self {
        Self { bytes: pieces.concat(), ends }
    }

    fn each(&self) -> [&[u8]; 3] {
        let [first, second] = self.ends;
        let (before, third) = self.bytes.split_at_checked(second).unwrap_or_default();
        let (first, second) = before.split_at_checked(first).unwrap_or_default();
        [first, second, third]
    }
}

/// The operations that may be handed over.
pub(in crate::jose) enum Handover {
    /// Nothing: the checks have refused.
    Refused,
    /// Nothing: hosts differ in this.
    Never,
    /// This.
    Operation(Operation),
}

/// The bytes of an operation, beside its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs<'a> {
    /// A signature to verify.
    Verify {
        /// The bytes that were signed.
        message: &'a [u8],
        /// The signature.
        signature: &'a [u8],
    },
    /// A content to decrypt with AES-GCM.
    Open {
        /// The initialisation vector.
        iv: &'a [u8],
        /// The bytes that the tag covers beside the content.
        covered: &'a [u8],
        /// Ciphertext and tag in one.
        sealed: &'a [u8],
    },
    /// A message to hash with SHA-256.
    Digest {
        /// The bytes to hash.
        message: &'a [u8],
    },
    /// An operation on a private key, which [`Operation::to_json`] holds whole.
    Private,
}

/// The host's answer to an operation.
#[derive(Clone)]
pub enum HostAnswer {
    /// Yes or no; of a decryption, that key and bytes do not fit each other.
    Flag(bool),
    /// The bytes that were computed.
    Bytes(Vec<u8>),
    /// The host could not: no verdict.
    Failed,
}

impl HostAnswer {
    /// Reads `{ id, value? }`, where a value is a truth or bytes as base64url; nothing where it is not that.
    pub(super) fn from_json(answer: &Value) -> Option<(String, Self)> {
        let members = answer.as_object()?;
        let id = members.get("id").and_then(Value::as_str)?;
        let answer = match members.get("value") {
            Some(Value::Bool(flag)) => Self::Flag(*flag),
            Some(Value::String(text)) => Self::Bytes(base64url::decode(text).ok()?),
            _ => Self::Failed,
        };
        Some((id.into(), answer))
    }
}

impl Operation {
    /// Returns the bytes to compute with.
    pub fn inputs(&self) -> Inputs<'_> {
        match &self.task {
            Task::Verify { parts, .. } => {
                let [message, signature, _] = parts.each();
                Inputs::Verify { message, signature }
            }
            Task::Open { parts, .. } => {
                let [sealed, iv, covered] = parts.each();
                Inputs::Open { iv, covered, sealed }
            }
            Task::Digest { message } => Inputs::Digest { message },
            Task::Private { .. } => Inputs::Private,
        }
    }

    /// Returns the secret that the host is to import, once, as a key that it cannot export; no other form of an
    /// operation holds it. None where the key is public.
    pub fn secret(&self) -> Option<&Secret> {
        match &self.task {
            Task::Verify { key, .. } => match key.as_ref() {
                Material::Secret(secret) => Some(secret),
                _ => None,
            },
            Task::Open { key, .. } => Some(key),
            Task::Digest { .. } | Task::Private { .. } => None,
        }
    }

    /// Whether it is to hash a message.
    pub(super) const fn is_digest(&self) -> bool {
        matches!(self.task, Task::Digest { .. })
    }

    /// Returns the point of a key on an elliptic curve, as SEC 1 writes it: quicker to import than a JWK.
    pub fn point(&self) -> Option<&[u8]> {
        match &self.task {
            Task::Verify { key, .. } => match key.as_ref() {
                Material::Ec(key) => Some(key.point().sec1()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns algorithm and key as WebCrypto takes them, `{ algorithm, key? }`, without the key if that is a shared
    /// secret.
    pub fn parameters(&self) -> Object {
        let mut out = self.algorithm();
        match &self.task {
            Task::Verify { key, .. } => out.set_some("key", key.to_jwk()),
            Task::Private { key, .. } => out.set("key", key.clone()),
            Task::Open { .. } | Task::Digest { .. } => {}
        }
        out
    }

    /// Returns the algorithm as WebCrypto takes it, `{ algorithm }`, for a caller that has the bytes of the key.
    pub fn algorithm(&self) -> Object {
        let mut out = Object::new();
        match &self.task {
            Task::Verify { alg, key, .. } => out.set("algorithm", names::algorithm(*alg, key)),
            Task::Open { .. } | Task::Digest { .. } => {
                let mut algorithm = Object::new();
                algorithm.set("name", self.name());
                out.set("algorithm", algorithm);
            }
            Task::Private { algorithm, .. } => out.set("algorithm", algorithm.clone()),
        }
        out
    }

    /// Returns the whole operation: `{ kind, name, id, algorithm, key, … }`, bytes as base64url but for what was signed.
    /// The host is asked so where it has no access to the module's memory; a shared secret is left out.
    pub fn to_json(&self) -> Value {
        let mut out = Object::new();
        out.set("kind", self.kind());
        out.set("name", self.name());
        out.set("id", self.id());
        for (name, value) in self.parameters().iter() {
            out.set(name, value.clone());
        }
        match &self.task {
            Task::Verify { parts, .. } => {
                let [message, signature, _] = parts.each();
                out.set("data", String::from_utf8_lossy(message).as_ref());
                out.set("signature", base64url::encode(signature));
            }
            Task::Private { more, .. } => {
                for (name, value) in more.iter() {
                    out.set(name, value.clone());
                }
            }
            Task::Open { .. } | Task::Digest { .. } => {}
        }
        out.into()
    }

    const fn kind(&self) -> &'static str {
        match &self.task {
            Task::Verify { .. } => "verify",
            Task::Open { .. } => "decrypt",
            Task::Digest { .. } => "digest",
            Task::Private { kind, .. } => kind,
        }
    }

    /// The algorithm with its curve: what a host has or lacks.
    pub(super) fn name(&self) -> String {
        let algorithm = match &self.task {
            Task::Verify { alg, key, .. } => return names::name(*alg, key).into(),
            Task::Open { .. } => return "AES-GCM".into(),
            Task::Digest { .. } => return "SHA-256".into(),
            Task::Private { algorithm, .. } => algorithm,
        };
        let text = |name| algorithm.get(name).and_then(Value::as_str);
        match (text("name").unwrap_or_default(), text("namedCurve")) {
            (name, Some(curve)) => alloc::format!("{name} {curve}"),
            (name, None) => name.into(),
        }
    }

    /// Returns the ID that binds an answer to its question: a key set may change while the host computes.
    pub(super) fn id(&self) -> String {
        let mut hash = Sha256::new();
        match &self.task {
            Task::Verify { alg, key, parts } => {
                let [message, signature, _] = parts.each();
                hash.update(alg.name());
                let mut add = |part: &[u8]| {
                    hash.update(part.len().to_le_bytes());
                    hash.update(part);
                };
                match key.as_ref() {
                    Material::Secret(_) => {}
                    Material::Rsa(key) => {
                        add(key.modulus());
                        add(key.exponent());
                    }
                    Material::Ec(key) => add(key.point().sec1()),
                    Material::Ed25519(key) => add(key.as_bytes()),
                }
                add(signature);
                add(message);
            }
            Task::Private { kind, algorithm, key, more } => {
                hash.update(kind);
                for (name, value) in [algorithm, key, more].iter().flat_map(|part| part.iter()) {
                    hash.update(name);
                    hash.update([0]);
                    match value {
                        Value::String(text) => hash.update(text),
                        other => hash.update(other.to_text()),
                    }
                    hash.update([0]);
                }
            }
            // Only ever asked by place, in the module's memory.
            Task::Open { .. } | Task::Digest { .. } => {}
        }
        base64url::encode(&hash.finalize())
    }
}

// It holds keys and personal data.
impl core::fmt::Debug for Operation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Operation({} by {:?})", self.name(), self.place)
    }
}

impl core::fmt::Debug for HostAnswer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Flag(true) => "yes",
            Self::Flag(false) => "no",
            Self::Bytes(_) => "bytes",
            Self::Failed => "failed",
        })
    }
}
