//! The operations that the host computes with its WebCrypto, as data. A stage that needs it returns with the operation
//! noted here; the host performs it and calls the stage again with the answer. Before an operation is handed over,
//! every check that decides a verdict has been made, so that no difference between hosts can show.

use crate::{
    Code, Error, Result,
    jose::base64url,
    json::{Object, Value},
    secret::Secret,
};
use alloc::{string::String, vec::Vec};
use sha2::{Digest, Sha256};

/// From how many bytes of a message on the host is asked where the module could compute as well: in Node, where it is
/// asked directly; in a browser; in workerd. Measured by `cargo xtask bench`: asking costs a few microseconds, less than
/// any of the first five and more than a prepared key. Of the others `cargo xtask bench --only crossovers` says what the
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
const FROM_BYTES: [(&str, [Option<usize>; 3]); 8] = [
    ("RSASSA-PKCS1-v1_5", [Some(0), Some(0), Some(0)]),
    ("RSA-PSS", [Some(0), Some(0), Some(0)]),
    ("ECDSA", [Some(0), Some(0), Some(0)]),
    ("Ed25519", [Some(0), Some(0), Some(0)]),
    ("ECDH", [Some(0), Some(0), Some(0)]),
    ("HMAC SHA-256", [Some(2500), Some(4500), Some(2500)]),
    ("AES-GCM", [Some(700), Some(800), Some(600)]),
    ("AES-GCM, own key", [Some(800), Some(1200), Some(800)]),
];

/// The abilities that a host may lack, by the place of the bit in [`Host::from_bits`].
const NAMES: [&str; 12] = [
    "RSASSA-PKCS1-v1_5",
    "RSA-PSS",
    "ECDSA P-256",
    "ECDSA P-384",
    "ECDSA P-521",
    "Ed25519",
    "ECDH P-256",
    "ECDH P-384",
    "ECDH P-521",
    "RSA-OAEP",
    "HMAC",
    "AES-GCM",
];

/// Which host this is, by the column of the table.
#[derive(Clone, Copy, Debug)]
enum Runtime {
    Node = 0,
    Browser = 1,
    Workerd = 2,
}

/// An operation to compute: its row of the table, and the length of the message.
pub(in crate::jose) struct Work {
    pub name: &'static str,
    pub bytes: usize,
}

/// Which way is taken where both are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The call is synchronous: never the host.
    Synchronous,
    /// By the table.
    Table,
    /// The module wherever it can, to test.
    Module,
    /// The host wherever it can, to test.
    Host,
}

/// The host's side of one call: what it can, what it has answered, what it is asked next.
#[derive(Debug)]
pub struct Host {
    way: Way,
    runtime: Runtime,
    /// The operations that it lacks, by name; `*` is everything.
    lacks: Vec<String>,
    answers: Vec<(String, HostAnswer)>,
    asked: Option<Value>,
}

#[derive(Clone, Debug)]
enum HostAnswer {
    Flag(bool),
    Bytes(Secret),
    /// The host could not: no verdict.
    Failed,
}

/// The outcome of asking the host.
pub(in crate::jose) enum Outcome {
    /// The module computes.
    Here,
    /// The host says yes or no.
    Flag(bool),
    /// The host has computed this.
    Bytes(Secret),
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

/// One operation of WebCrypto.
pub(in crate::jose) struct Operation {
    /// `verify`, `decrypt`, `deriveBits` or `sign`.
    pub kind: &'static str,
    /// The algorithm's parameters, `name` among them.
    pub algorithm: Object,
    /// The key as JWK, private where the operation is.
    pub key: Object,
    /// Further inputs, as strings: signature, data, the other party's key.
    pub more: Object,
}

impl Host {
    /// Creates a host without abilities: an operation that the module does not compute is refused with
    /// `sync_unsupported`.
    pub const fn none() -> Self {
        Self {
            way: Way::Synchronous,
            runtime: Runtime::Node,
            lacks: Vec::new(),
            answers: Vec::new(),
            asked: None,
        }
    }

    /// Reads `{ way?: "table" | "module" | "host", runtime?: "node" | "browser" | "workerd", lacks: [name], answers: [{ id, value | failed }] }`, where a value
    /// is a truth or bytes as base64url.
    ///
    /// # Errors
    /// `settings_invalid`: a mistake of the host.
    pub fn from_json(given: &Object) -> Result<Self> {
        let wrong = |place: &str| {
            Error::new(Code::SettingsInvalid)
                .at(place)
                .expected("a table of the operations that the host can perform")
        };
        let way = match given.get("way").map(Value::as_str) {
            None | Some(Some("table")) => Way::Table,
            Some(Some("module")) => Way::Module,
            Some(Some("host")) => Way::Host,
            _ => return Err(wrong("way")),
        };
        let runtime = match given.get("runtime").and_then(Value::as_str) {
            Some("node") => Runtime::Node,
            Some("workerd") => Runtime::Workerd,
            _ => Runtime::Browser,
        };
        let list = |name| given.get(name).and_then(Value::as_array).unwrap_or_default();
        let lacks = list("lacks").iter().filter_map(Value::as_str).map(String::from).collect();
        let read = |answer: &Value| {
            let members = answer.as_object()?;
            let id = members.get("id").and_then(Value::as_str)?;
            let answer = match members.get("value") {
                Some(Value::Bool(flag)) => HostAnswer::Flag(*flag),
                Some(Value::String(text)) => HostAnswer::Bytes(Secret::new(base64url::decode(text).ok()?)),
                _ => HostAnswer::Failed,
            };
            Some((id.into(), answer))
        };
        let answers = list("answers").iter().map(read).collect::<Option<_>>();
        Ok(Self { way, runtime, lacks, answers: answers.ok_or_else(|| wrong("answers"))?, asked: None })
    }

    /// Works as [`Host::from_json`], of a host that has answered nothing yet: from the lowest bit, two for the way (0
    /// by the table, 1 the module, 2 the host), two for the runtime (0 Node, 1 a browser, 2 workerd), one for a host
    /// that has nothing at all, and one for each of the names that it may lack.
    pub fn from_bits(bits: u32) -> Self {
        let way = [Way::Table, Way::Module, Way::Host].get((bits & 3) as usize);
        let runtime = [Runtime::Node, Runtime::Browser, Runtime::Workerd].get((bits >> 2 & 3) as usize);
        let lacks = NAMES.iter().zip(5_u32..).filter(|(_, bit)| bits >> bit & 1 == 1);
        let everything = (bits & 16 != 0).then_some("*");
        Self {
            way: way.copied().unwrap_or(Way::Table),
            runtime: runtime.copied().unwrap_or(Runtime::Browser),
            lacks: everything.into_iter().chain(lacks.map(|(name, _)| *name)).map(String::from).collect(),
            answers: Vec::new(),
            asked: None,
        }
    }

    /// The host's answer, if it has given one; inside, `None` where it could not.
    fn answer(&self, id: &str) -> Option<Option<Outcome>> {
        let (_, answer) = self.answers.iter().find(|(answered, _)| answered == id)?;
        Some(match answer {
            HostAnswer::Flag(flag) => Some(Outcome::Flag(*flag)),
            HostAnswer::Bytes(bytes) => Some(Outcome::Bytes(bytes.clone())),
            HostAnswer::Failed => None,
        })
    }

    /// Whether the host computes; `here` says whether the module can.
    ///
    /// # Errors
    /// `sync_unsupported`.
    pub(in crate::jose) fn is_preferred(&self, here: bool, work: impl FnOnce() -> Work) -> Result<bool> {
        match self.way {
            Way::Synchronous if here => Ok(false),
            Way::Synchronous => Err(Error::new(Code::SyncUnsupported)),
            Way::Module => Ok(!here),
            Way::Table => Ok(!here || self.is_faster(&work())),
            Way::Host => Ok(true),
        }
    }

    /// Whether the host has not what an operation of that name needs.
    pub(in crate::jose) fn is_lacking(&self, name: &str) -> bool {
        self.lacks.iter().any(|lacks| lacks == name || lacks == "*")
    }

    /// Whether the host is the faster of the two.
    fn is_faster(&self, work: &Work) -> bool {
        let row = FROM_BYTES.iter().find(|(name, _)| *name == work.name);
        let least = row.and_then(|(_, columns)| columns.get(self.runtime as usize).copied().flatten());
        least.is_some_and(|least| work.bytes >= least)
    }

    /// Takes the operation for the host, if the call ended with one.
    pub fn take_operation(&mut self) -> Option<Value> {
        self.asked.take()
    }

    /// Whether the call must end now, for the host to answer.
    pub(crate) const fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Decides who computes, and fetches the host's answer. `here` says whether the module can.
    ///
    /// # Errors
    /// `sync_unsupported`, which also ends the call where the host is asked; `needs_webcrypto`.
    pub(in crate::jose) fn ask(
        &mut self,
        here: bool,
        work: impl FnOnce() -> Work,
        id: Option<impl FnOnce() -> String>,
        handover: impl FnOnce() -> Handover,
    ) -> Result<Outcome> {
        if !self.is_preferred(here, work)? {
            return Ok(Outcome::Here);
        }
        let alone = |code| if here { Ok(Outcome::Here) } else { Err(Error::new(code)) };
        let id = id.map(|id| id());
        // What was answered has passed the checks when it was asked.
        if let Some(outcome) = id.as_ref().and_then(|id| self.answer(id)) {
            return outcome.map_or_else(|| alone(Code::NeedsWebcrypto), Ok);
        }
        let operation = match handover() {
            Handover::Refused => return Ok(Outcome::Flag(false)),
            Handover::Never => return alone(Code::NeedsWebcrypto),
            Handover::Operation(operation) => operation,
        };
        let name = operation.name();
        if self.is_lacking(&name) {
            return alone(Code::NeedsWebcrypto);
        }
        let id = id.unwrap_or_else(|| operation.id());
        match self.answer(&id) {
            Some(outcome) => outcome.map_or_else(|| alone(Code::NeedsWebcrypto), Ok),
            None => {
                self.asked = Some(operation.into_json(name, id));
                Err(Error::new(Code::SyncUnsupported))
            }
        }
    }
}

impl Operation {
    /// The algorithm with its curve: what a host has or lacks.
    fn name(&self) -> String {
        let text = |name| self.algorithm.get(name).and_then(Value::as_str);
        match (text("name").unwrap_or_default(), text("namedCurve")) {
            (name, Some(curve)) => alloc::format!("{name} {curve}"),
            (name, None) => name.into(),
        }
    }

    /// Returns the ID that binds an answer to its question: a key set may change while the host computes.
    fn id(&self) -> String {
        let mut hash = Sha256::new().chain_update(self.kind);
        for part in [&self.algorithm, &self.key, &self.more] {
            for (name, value) in part.iter() {
                hash.update(name);
                hash.update([0]);
                match value {
                    Value::String(text) => hash.update(text),
                    other => hash.update(other.to_text()),
                }
                hash.update([0]);
            }
        }
        base64url::encode(&hash.finalize())
    }

    fn into_json(self, name: String, id: String) -> Value {
        let mut out = Object::new();
        out.set("kind", self.kind);
        out.set("name", name);
        out.set("id", id);
        out.set("algorithm", self.algorithm);
        out.set("key", self.key);
        for (name, value) in self.more.iter() {
            out.set(name, value.clone());
        }
        out.into()
    }
}
