//! A turn of some keys: what it is asked to do, what it needs for that, and what it has come to.

use super::kept;
use crate::entropy::Entropy;
use anyhow::Result;
use clap::{Args, ValueEnum};
use handstamp::{
    rotation::{self, Waits},
    time::UnixTime,
};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// What is rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Keys {
    /// The sealing keys of a deployment: a file of secrets with RING, as `wrangler secret bulk` takes it, or the ring alone.
    Ring,
    /// The keys of an account document that verify its tokens.
    Verify,
    /// The keys of an account document that decrypt its tokens.
    Decrypt,
    /// The secret or the private key by which we are a client of the account's identity provider.
    Client,
}

impl Keys {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::Verify => "verify",
            Self::Decrypt => "decrypt",
            Self::Client => "client",
        }
    }
}

/// A step of a rotation, as `handstamp::rotation` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// A new key comes in as next: it opens and verifies, and nobody uses it yet.
    Add,
    /// The next key is used from now on; the one before retires and still opens.
    Activate,
    /// What has retired for long enough goes.
    Drop,
}

impl Step {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => rotation::RotationStep::Add.as_str(),
            Self::Activate => rotation::RotationStep::Activate.as_str(),
            Self::Drop => rotation::RotationStep::Drop.as_str(),
        }
    }
}

#[derive(Args)]
#[command(
    after_help = "To revoke a key that somebody else may have, take no step: set its status to \"revoked\" in the \
document and put that, or revoke it at the console, under Keys. It is refused at once."
)]
pub struct Options {
    /// What is rotated.
    #[arg(value_enum)]
    pub keys: Keys,
    /// For ring the deployment's secrets, else the account document. It is replaced as a whole or not at all.
    pub file: PathBuf,
    /// The step to take. Without one, say where each key stands and which step comes next.
    #[arg(long, value_enum)]
    pub step: Option<Step>,
    /// Say what the step would do, and write nothing.
    #[arg(long, requires = "step")]
    pub dry_run: bool,
    /// A new key from elsewhere: a customer's public key, or a secret of the identity provider; - is standard input.
    #[arg(long)]
    pub key: Option<PathBuf>,
    /// Name of the new key; a random one without.
    #[arg(long)]
    pub name: Option<String>,
    /// The active key whose place the new one takes, where several are active.
    #[arg(long)]
    pub replaces: Option<String>,
    /// The file that new secrets of the account go to: { "NAME": "value" }, to be stored in the deployment by name.
    #[arg(long)]
    pub secrets: Option<PathBuf>,
    /// How long a new key takes to be known everywhere, seconds: 600 for ring, 15 for an account's keys.
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..))]
    pub spread: Option<i64>,
    /// How long lives what a key has sealed or signed, seconds: 7200 and the time to spread for ring; for an account its
    /// maxLifetimeSeconds and leeway.
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..))]
    pub outlive: Option<i64>,
    /// The keys have waited long enough, whatever their times say.
    #[arg(long)]
    pub waited: bool,
    /// Allow plain http to this machine in the document.
    #[arg(long)]
    pub development: bool,
    /// The time that it is, in seconds since 1970.
    #[arg(long)]
    pub now: Option<i64>,
    /// Make the same key again for the same seed: for tests, never for a real key.
    #[arg(long)]
    pub seed: Option<String>,
}

/// What a step has come to.
#[derive(Default)]
pub struct Turn {
    /// Every key after it: kid or id, status, since.
    pub keys: Vec<Value>,
    pub waits: Option<Waits>,
    /// The whole file as it is to be written.
    pub document: Value,
    /// New secrets of the account, by name, and those that went.
    pub secrets: Map<String, Value>,
    pub forgotten: Vec<String>,
    /// What others must learn of a new key.
    pub public: Option<Value>,
    /// What is to be done with it by people, in order.
    pub then: Vec<String>,
}

/// What every kind of keys needs to take a step.
pub struct Turning<'a> {
    pub options: &'a Options,
    pub now: i64,
    pub entropy: Entropy,
}

impl Turning<'_> {
    /// A name for a new key.
    pub fn name(&mut self) -> String {
        let random = self.entropy.bytes(6).iter().map(|byte| format!("{byte:02x}")).collect();
        self.options.name.clone().unwrap_or(random)
    }

    /// Takes the step on a list of keys; `fresh` makes the new one.
    pub fn step(
        &mut self,
        keys: &mut Vec<Value>,
        waits: Waits,
        fresh: impl FnOnce(&mut Self, &[handstamp::json::Value]) -> Result<handstamp::json::Value>,
    ) -> Result<()> {
        let replaces = self.options.replaces.as_deref();
        let now = UnixTime(self.now);
        let mut list = kept::read_all(keys)?;
        match self.options.step {
            Some(Step::Add) => {
                // Judged first: what is not wanted is not made.
                rotation::add(&mut list, None, now)?;
                let key = fresh(self, &list)?;
                rotation::add(&mut list, Some(key), now)?;
            }
            Some(Step::Activate) => rotation::activate(&mut list, replaces, waits, now)?,
            Some(Step::Drop) => drop(rotation::drop_old(&mut list, waits, now)?),
            None => {}
        }
        *keys = list.iter().map(kept::written).collect::<Result<_>>()?;
        Ok(())
    }
}
