//! The choice between the module and the host's WebCrypto. Before an operation is handed over, every check that decides a
//! verdict has been made, so that no difference between hosts can show.

use super::{
    boundary::{ABILITY, RUNTIME, WAY},
    line::Line,
    operation::{Handover, HostAnswer, Operation},
};
use crate::{
    Code, Error, Result,
    jose::header::Header,
    json::{Object, Value},
};
use alloc::{string::String, vec::Vec};
use core::cell::Cell;

/// From how many bytes of a message on the host is asked where the module could compute as well: in Node, where it is
/// asked directly; in a browser; in workerd. Measured by `cargo xtask bench`: asking costs a few microseconds, less than
/// any operation by a pair of keys and more than a prepared key. Of the others `cargo xtask bench --only crossovers` says what the
/// host saves; on one machine, µs, for a signed token of 900, 1,700, 3,400, 6,600 and 11,000 bytes, which is also the
/// ciphertext (one of three runs, which agree in where it begins to save):
///
/// | | Node | browser | workerd |
/// |---|---|---|---|
/// | HMAC SHA-256 | −2, 0, 4, 10, 23 | −6, −5, −2, 6, 16 | −2, −1, 8, 14, 27 |
/// | HMAC SHA-512 | −4, −5, −3, −3, −1 | −8, −8, −8, −9, −6 | −5, −3, −5, −8, 0 |
/// | AES-GCM | 10, 21, 49, 97, 168 | 7, 22, 43, 87, 157 | 10, 26, 46, 98, 158 |
/// | AES-GCM, own key | 5, 23, 43, 100, 163 | 7, 16, 38, 84, 147 | 7, 19, 42, 103, 163 |
///
/// A row that is not here is never the host's, and so not HMAC with SHA-384 or SHA-512, which the module computes as
/// fast as the host is asked.
const FROM_BYTES: [(&str, [Option<usize>; 3]); 5] = [
    (ASYMMETRIC, [Some(0), Some(0), Some(0)]),
    ("HMAC SHA-256", [Some(2500), Some(4500), Some(2500)]),
    // Of a message whose signature a prepared key verifies here.
    ("SHA-256", [Some(2500), Some(4500), Some(2500)]),
    ("AES-GCM", [Some(700), Some(800), Some(600)]),
    ("AES-GCM, own key", [Some(800), Some(1200), Some(800)]),
];

/// The row of RSA, ECDSA, Ed25519 and ECDH.
pub(in crate::jose) const ASYMMETRIC: &str = "asymmetric";

/// An operation to compute: its row of the table, and the length of the message.
pub(in crate::jose) struct Work {
    pub name: &'static str,
    pub bytes: usize,
}

/// Which way is taken where both are open: by the table; or, to test, the module or the host wherever it can; or never
/// the host, as the call is synchronous.
#[derive(Clone, Copy, Debug)]
enum Way {
    Table,
    Module,
    Host,
    Synchronous,
}

impl Way {
    /// In the order of their names in `boundary.json`.
    const ALL: [Self; WAY.len()] = [Self::Table, Self::Module, Self::Host, Self::Synchronous];
}

/// The host's side of one call: what it can, what it has answered, what it is asked.
#[derive(Debug)]
pub struct Host {
    /// Reads the first part of a signed token, or knows what it holds.
    pub(in crate::jose) header: fn(&str) -> Result<Header>,
    way: Way,
    /// The column of the table.
    runtime: usize,
    /// The abilities that it lacks, each a bit in the order of their names.
    lacks: u32,
    /// Whether it sees the module's memory: any other way to tell it a message is not worth a hash.
    sees_memory: bool,
    /// Whether it imports shared secrets, as bytes out of the module's memory.
    takes_secrets: Cell<bool>,
    answers: Vec<(String, HostAnswer)>,
    pub(super) line: Line,
}

/// The outcome of a computation.
#[cfg_attr(not(feature = "whole"), allow(dead_code, reason = "the small module has no host"))]
pub(in crate::jose) enum Outcome {
    /// The module computes.
    Here,
    /// The host says yes or no.
    Flag(bool),
    /// The host has computed this.
    Bytes(Vec<u8>),
}

impl Host {
    /// Creates a host without abilities: an operation that the module does not compute is refused with
    /// `sync_unsupported`.
    pub const fn none() -> Self {
        Self {
            header: Header::from_part,
            way: Way::Synchronous,
            runtime: 0,
            lacks: 0,
            sees_memory: false,
            takes_secrets: Cell::new(false),
            answers: Vec::new(),
            line: Line::new(),
        }
    }

    /// Reads `{ way?: "table" | "module" | "host", lacks: [name], answers: [{ id, value | failed }] }`, where a value is a
    /// truth or bytes as base64url. Such a host is asked again from the beginning with its answers, as text, and so
    /// never for what a shared secret computes; the rest is faster in every runtime.
    ///
    /// # Errors
    /// `settings_invalid`: a mistake of the host.
    pub fn from_json(given: &Object) -> Result<Self> {
        let wrong = |place: &str| {
            Error::new(Code::SettingsInvalid)
                .at(place)
                .expected("a table of the operations that the host can perform")
        };
        let place = |name: &str| WAY.iter().position(|known| *known == name);
        let way = given.get("way").map_or(Some(0), |way| place(way.as_str()?));
        let way = way.and_then(|way| Way::ALL.get(way)).copied();
        let list = |name| given.get(name).and_then(Value::as_array).unwrap_or_default();
        let lacks = list("lacks").iter().filter_map(Value::as_str).fold(0, |lacks, name| lacks | bit(name));
        let answers = list("answers").iter().map(HostAnswer::from_json).collect::<Option<_>>();
        let answers = answers.ok_or_else(|| wrong("answers"))?;
        Ok(Self { way: way.ok_or_else(|| wrong("way"))?, lacks, answers, ..Self::none() })
    }

    /// Reads a host with access to the module's memory. From the lowest bit: two for the way, two for the runtime, and one
    /// for each ability that it lacks; each in the order of `boundary.json`.
    pub fn from_bits(bits: u32) -> Self {
        Self {
            way: Way::ALL.get((bits & 3) as usize).copied().unwrap_or(Way::Table),
            runtime: Some((bits >> 2 & 3) as usize).filter(|place| *place < RUNTIME.len()).unwrap_or(BROWSER),
            lacks: bits >> 4,
            sees_memory: true,
            takes_secrets: Cell::new(true),
            ..Self::none()
        }
    }

    /// Has headers read by one that remembers those of before: the same text must have the same header.
    #[must_use]
    pub fn with_headers(self, header: fn(&str) -> Result<Header>) -> Self {
        Self { header, ..self }
    }

    /// Takes the operation that a call has ended with, for a host that makes the call again with its answer.
    pub fn take_operation(&self) -> Option<Operation> {
        self.line.take()
    }

    /// Leaves what a shared secret computes to the module.
    #[must_use]
    pub fn without_secrets(self) -> Self {
        Self { takes_secrets: Cell::new(false), ..self }
    }

    /// Whether the host computes; `here` says whether the module can.
    fn is_preferred(&self, here: bool, work: &Work) -> Result<bool> {
        match self.way {
            Way::Synchronous if here => Ok(false),
            Way::Synchronous => Err(Error::new(Code::SyncUnsupported)),
            Way::Module => Ok(!here),
            Way::Table => Ok(!here || self.is_faster(work)),
            Way::Host => Ok(true),
        }
    }

    /// Whether the host is the faster of the two.
    fn is_faster(&self, work: &Work) -> bool {
        let row = FROM_BYTES.iter().find(|(name, _)| *name == work.name);
        let least = row.and_then(|(_, columns)| columns.get(self.runtime).copied().flatten());
        least.is_some_and(|least| work.bytes >= least)
    }

    /// Decides who computes, and has the host compute. `here` says whether the module can.
    ///
    /// # Errors
    /// `sync_unsupported`, `needs_webcrypto`.
    pub(in crate::jose) async fn compute(
        &self,
        here: bool,
        work: Work,
        handover: &dyn Fn() -> Handover,
    ) -> Result<Outcome> {
        // The small module has no host.
        if !cfg!(feature = "whole") {
            return if here { Ok(Outcome::Here) } else { Err(Error::new(Code::SyncUnsupported)) };
        }
        if !self.is_preferred(here, &work)? {
            return Ok(Outcome::Here);
        }
        let operation = match handover() {
            Handover::Refused => return Ok(Outcome::Flag(false)),
            Handover::Operation(operation) if self.has(&operation) => operation,
            _ => return Self::module(here),
        };
        let is_secret = operation.secret().is_some();
        let answer = match self.answered(&operation) {
            Some(answer) => answer.clone(),
            None => self.line.ask(operation).await,
        };
        match answer {
            HostAnswer::Flag(flag) => Ok(Outcome::Flag(flag)),
            HostAnswer::Bytes(bytes) => Ok(Outcome::Bytes(bytes)),
            HostAnswer::Failed => {
                // Who could not compute with one secret is given no other.
                self.takes_secrets.set(self.takes_secrets.get() && !is_secret);
                Self::module(here)
            }
        }
    }

    /// Leaves an operation to the module, where that can.
    fn module(here: bool) -> Result<Outcome> {
        if here { Ok(Outcome::Here) } else { Err(Error::new(Code::NeedsWebcrypto)) }
    }

    /// Whether the host has what an operation needs.
    fn has(&self, operation: &Operation) -> bool {
        let lacks = |name: &str| self.lacks & bit(name) != 0;
        !lacks("*")
            && !lacks(&operation.name())
            && (self.takes_secrets.get() || operation.secret().is_none())
            && (self.sees_memory || !operation.is_digest())
    }

    /// The answer that came with the call.
    fn answered(&self, operation: &Operation) -> Option<&HostAnswer> {
        if self.answers.is_empty() {
            return None;
        }
        let id = operation.id();
        self.answers.iter().find(|(answered, _)| *answered == id).map(|(_, answer)| answer)
    }
}

/// A host that is none of the runtimes is closest to a browser.
const BROWSER: usize = 1;

/// The bit of an ability.
fn bit(name: &str) -> u32 {
    ABILITY.iter().zip(0_u32..).find(|(known, _)| **known == name).map_or(0, |(_, bit)| 1 << bit)
}
