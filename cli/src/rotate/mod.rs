//! `handstamp keys rotate`: the sealing keys of a deployment, and the keys and the client secret of an account, one safe
//! step after the other. A file goes in, the same file with the next step leaves; a step that would refuse somebody is
//! not taken.

mod account;
mod client;
mod fresh;
mod ring;
mod steps;

use crate::{entropy::Entropy, files, show};
use anstream::println;
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
pub use steps::Step;
use steps::{Unsafe, Waits, coming, name_of, span, status_of};

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
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::Verify => "verify",
            Self::Decrypt => "decrypt",
            Self::Client => "client",
        }
    }
}

#[derive(Args)]
pub struct Options {
    /// What is rotated.
    #[arg(value_enum)]
    keys: Keys,
    /// For ring the deployment's secrets, else the account document. It is replaced as a whole or not at all.
    file: PathBuf,
    /// The step to take. Without one, say where each key stands and which step comes next.
    #[arg(long, value_enum)]
    step: Option<Step>,
    /// Say what the step would do, and write nothing.
    #[arg(long, requires = "step")]
    dry_run: bool,
    /// A new key from elsewhere: a customer's public key, or a secret of the identity provider; - is standard input.
    #[arg(long)]
    key: Option<PathBuf>,
    /// Name of the new key; a random one without.
    #[arg(long)]
    name: Option<String>,
    /// The active key whose place the new one takes, where several are active.
    #[arg(long)]
    replaces: Option<String>,
    /// The file that new secrets of the account go to: { "NAME": "value" }, to be stored in the deployment by name.
    #[arg(long)]
    secrets: Option<PathBuf>,
    /// How long a new key takes to be known everywhere, seconds: 600 for ring, 15 for an account's keys.
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..))]
    spread: Option<i64>,
    /// How long lives what a key has sealed or signed, seconds: 7200 and the time to spread for ring; for an account its
    /// maxLifetimeSeconds and leeway.
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..))]
    outlive: Option<i64>,
    /// The keys have waited long enough, whatever their times say.
    #[arg(long)]
    waited: bool,
    /// Allow plain http to this machine in the document.
    #[arg(long)]
    development: bool,
    /// The time that it is, in seconds since 1970.
    #[arg(long)]
    now: Option<i64>,
    /// Make the same key again for the same seed: for tests, never for a real key.
    #[arg(long)]
    seed: Option<String>,
}

/// What a step has come to.
#[derive(Default)]
struct Turn {
    /// Every key after it: kid or id, status, since.
    keys: Vec<Value>,
    waits: Option<Waits>,
    /// The whole file as it is to be written.
    document: Value,
    /// New secrets of the account, by name, and those that went.
    secrets: Map<String, Value>,
    forgotten: Vec<String>,
    /// What others must learn of a new key.
    public: Option<Value>,
    /// What is to be done with it by people, in order.
    then: Vec<String>,
}

/// What every kind of keys needs to take a step.
struct Turning<'a> {
    options: &'a Options,
    now: i64,
    entropy: Entropy,
}

impl Turning<'_> {
    /// A name for a new key.
    fn name(&mut self) -> String {
        let random = self.entropy.bytes(6).iter().map(|byte| format!("{byte:02x}")).collect();
        self.options.name.clone().unwrap_or(random)
    }

    /// Takes the step on a list of keys; `fresh` makes the new one.
    fn step(
        &mut self,
        keys: &mut Vec<Value>,
        waits: Waits,
        fresh: impl FnOnce(&mut Self, &[Value]) -> Result<Value>,
    ) -> Result<()> {
        let replaces = self.options.replaces.as_deref();
        match self.options.step {
            Some(Step::Add) => {
                // Judged first: what is not wanted is not made.
                steps::add(&mut keys.clone(), Value::Object(Map::new()), self.now)?;
                let key = fresh(self, keys)?;
                steps::add(keys, key, self.now)?;
            }
            Some(Step::Activate) => steps::activate(keys, replaces, waits, self.now)?,
            Some(Step::Drop) => drop(steps::drop_old(keys, waits, self.now)?),
            None => {}
        }
        Ok(())
    }
}

pub fn run(options: &Options, as_json: bool) -> Result<bool> {
    let now = options.now.map_or_else(crate::token::now, Ok)?;
    let mut turning = Turning { options, now, entropy: Entropy::new(options.seed.as_deref())? };
    let document = files::read_json(&options.file)?;
    let turned = match options.keys {
        Keys::Ring => ring::turn(&mut turning, document),
        Keys::Verify => account::turn(&mut turning, document, "verify"),
        Keys::Decrypt => account::turn(&mut turning, document, "decrypt"),
        Keys::Client => client::turn(&mut turning, document),
    };
    let turn = match turned {
        Ok(turn) => turn,
        Err(fault) => match fault.downcast::<Unsafe>() {
            Ok(refused) => return Ok(refuse(&refused, as_json)),
            Err(fault) => return Err(fault),
        },
    };
    let written = options.step.is_some() && !options.dry_run;
    if written {
        write(options, &turn)?;
    }
    tell(options, &turn, written, now, as_json);
    Ok(true)
}

/// Secrets first: a document that names a secret which is nowhere would be of no use.
fn write(options: &Options, turn: &Turn) -> Result<()> {
    if !turn.secrets.is_empty() || !turn.forgotten.is_empty() {
        let Some(path) = &options.secrets else { bail!("say --secrets FILE: a document holds no secrets") };
        let mut all = secrets(path)?;
        for name in &turn.forgotten {
            all.shift_remove(name);
        }
        all.extend(turn.secrets.clone());
        files::replace(path, &format!("{:#}\n", Value::Object(all)))?;
    }
    files::replace(&options.file, &format!("{:#}\n", turn.document))
}

/// The account's secrets of a file, which may not be there yet.
fn secrets(path: &Path) -> Result<Map<String, Value>> {
    if !path.exists() {
        return Ok(Map::new());
    }
    match files::read_json(path)? {
        Value::Object(all) if all.values().all(Value::is_string) => Ok(all),
        _ => bail!("{} is not a JSON object of secrets by name", path.display()),
    }
}

fn refuse(refused: &Unsafe, as_json: bool) -> bool {
    if as_json {
        let mut out = json!({ "refused": refused.code, "says": refused.says });
        if let Some(from) = refused.from {
            out["from"] = from.into();
        }
        println!("{out}");
    } else {
        println!("✗ {}", refused.says);
    }
    false
}

fn tell(options: &Options, turn: &Turn, written: bool, now: i64, as_json: bool) {
    let rows = turn.keys.iter().enumerate().map(|(index, key)| {
        json!({ "name": name_of(key, index), "status": status_of(key), "since": key["since"] })
    });
    let rows: Vec<Value> = rows.collect();
    let next = turn.waits.map(|waits| coming(&turn.keys, waits));
    let secrets: Vec<&String> = turn.secrets.keys().collect();
    if as_json {
        let next = next.map(|(step, from)| json!({ "step": step.as_str(), "from": from }));
        let step = options.step.map(Step::as_str);
        show::document(
            &json!({ "keys": rows, "kind": options.keys.as_str(), "step": step, "written": written, "next": next,
                "secrets": secrets, "public": turn.public, "then": turn.then }),
            true,
        );
        return;
    }
    for row in &rows {
        let since = match row["since"].as_i64() {
            Some(since) => format!("for {}", span(now.saturating_sub(since))),
            None => "nobody has noted since when".to_owned(),
        };
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        println!("  {:<24} {:<9} {since}", text("name"), text("status"));
    }
    match (options.step, written) {
        (Some(step), true) => println!("{} is done: {} is written", step.as_str(), options.file.display()),
        (Some(step), false) => println!("{} would be safe; nothing is written", step.as_str()),
        (None, _) => {}
    }
    for name in secrets {
        println!("secret {name}: store it in the deployment before the document");
    }
    if let Some(public) = &turn.public {
        println!("{public:#}");
    }
    for line in &turn.then {
        println!("{line}");
    }
    if let Some((step, from)) = next {
        let when = match from.map(|from| from.saturating_sub(now)) {
            None => "once it has waited, with --waited".to_owned(),
            Some(wait) if wait > 0 => format!("in {}", span(wait)),
            Some(_) => "when you like".to_owned(),
        };
        println!("next: {}, {when}", step.as_str());
    }
}
