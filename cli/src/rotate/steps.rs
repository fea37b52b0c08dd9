//! The steps of a rotation: a list of keys with their status and the time they came to it goes in, the list of the next
//! step leaves, or why that step would refuse somebody.

use clap::ValueEnum;
use serde_json::Value;
use std::fmt;

/// A step.
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
            Self::Add => "add",
            Self::Activate => "activate",
            Self::Drop => "drop",
        }
    }
}

/// How long a key waits before the next step, seconds.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// Until everybody knows a new key.
    pub spread: i64,
    /// Until nothing lives that a key of before has made. Unknown where a customer decides it and has not said.
    pub outlive: Option<i64>,
    /// The operator knows better: only the order is judged.
    pub waited: bool,
}

/// A step that would refuse somebody, or that there is no key for.
#[derive(Debug)]
pub struct Unsafe {
    pub code: &'static str,
    pub says: String,
    /// When it is safe, seconds since 1970.
    pub from: Option<i64>,
}

impl Unsafe {
    pub fn new(code: &'static str, says: impl Into<String>) -> Self {
        Self { code, says: says.into(), from: None }
    }
}

impl fmt::Display for Unsafe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.says)
    }
}

impl std::error::Error for Unsafe {}

/// What a key is called: its kid or id, else the secret it refers to, else its place.
pub fn name_of(key: &Value, index: usize) -> String {
    let texts = [&key["kid"], &key["id"], &key["key"]["secret"], &key["keys"]["secret"]];
    let name = texts.into_iter().find_map(Value::as_str);
    name.map_or_else(|| format!("#{}", index.saturating_add(1)), str::to_owned)
}

/// Where a key stands; a document may leave out that it is active.
pub fn status_of(key: &Value) -> &str {
    key["status"].as_str().unwrap_or("active")
}

/// The one key that a step replaces: that of the name, or else the only active one.
pub fn replaced(keys: &[Value], name: Option<&str>) -> Result<usize, Unsafe> {
    let mut active = keys.iter().enumerate().filter(|(index, key)| {
        status_of(key) == "active" && name.is_none_or(|name| name_of(key, *index) == name)
    });
    match (active.next(), active.next(), name) {
        (Some((index, _)), None, _) => Ok(index),
        (Some(_), Some(_), _) => {
            let says = "Several keys are active: say with --replaces which of them goes.";
            Err(Unsafe::new("several_active", says))
        }
        (None, _, Some(name)) => Err(Unsafe::new("none_active", format!("No active key is called {name}."))),
        (None, _, None) => Err(Unsafe::new("none_active", "No key is active.")),
    }
}

/// A new key comes in.
pub fn add(keys: &mut Vec<Value>, mut fresh: Value, now: i64) -> Result<(), Unsafe> {
    if let Some((index, key)) = keys.iter().enumerate().find(|(_, key)| status_of(key) == "next") {
        let name = name_of(key, index);
        let says = format!("The key {name} is waiting already: activate it first.");
        return Err(Unsafe::new("waiting_already", says));
    }
    stand(&mut fresh, "next", now);
    keys.push(fresh);
    Ok(())
}

/// The next key takes the place of an active one.
pub fn activate(keys: &mut [Value], replaces: Option<&str>, waits: Waits, now: i64) -> Result<(), Unsafe> {
    let Some(index) = keys.iter().position(|key| status_of(key) == "next") else {
        return Err(Unsafe::new("none_waiting", "No key is waiting: add one first, and let it spread."));
    };
    let name = keys.get(index).map(|key| name_of(key, index)).unwrap_or_default();
    if !waits.waited {
        let since = keys.get(index).and_then(|key| key["since"].as_i64()).ok_or_else(|| ageless(&name))?;
        let from = since.saturating_add(waits.spread);
        if now < from {
            let says = format!(
                "The key {name} has not spread yet: who has not heard of it would refuse what it seals or signs. \
                 Activate it in {}.",
                span(from.saturating_sub(now))
            );
            return Err(Unsafe { from: Some(from), ..Unsafe::new("not_spread", says) });
        }
    }
    let before = replaced(keys, replaces)?;
    for (at, status) in [(before, "retiring"), (index, "active")] {
        if let Some(key) = keys.get_mut(at) {
            stand(key, status, now);
        }
    }
    Ok(())
}

/// What has retired for long enough goes; the names of it.
pub fn drop_old(keys: &mut Vec<Value>, waits: Waits, now: i64) -> Result<Vec<String>, Unsafe> {
    let (mut gone, mut first) = (Vec::new(), None);
    let mut kept = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        if status_of(key) != "retiring" {
            kept.push(key.clone());
            continue;
        }
        match droppable(key, index, waits) {
            Ok(from) if from <= now => gone.push(name_of(key, index)),
            Ok(from) => {
                let name = name_of(key, index);
                let says = format!(
                    "What the key {name} has sealed or signed may still live: drop it in {}.",
                    span(from.saturating_sub(now))
                );
                let young = Unsafe { from: Some(from), ..Unsafe::new("not_outlived", says) };
                first = first.or(Some(young));
                kept.push(key.clone());
            }
            Err(unknown) => {
                first = first.or(Some(unknown));
                kept.push(key.clone());
            }
        }
    }
    if gone.is_empty() {
        return Err(first.unwrap_or_else(|| Unsafe::new("none_retiring", "There is no key to drop.")));
    }
    *keys = kept;
    Ok(gone)
}

/// From when a retiring key may go.
fn droppable(key: &Value, index: usize, waits: Waits) -> Result<i64, Unsafe> {
    if waits.waited {
        return Ok(i64::MIN);
    }
    let name = name_of(key, index);
    let outlive = waits.outlive.ok_or_else(|| {
        let says = "How long this customer's tokens live is not known: say --outlive SECONDS, or set maxLifetimeSeconds.";
        Unsafe::new("lifetime_unknown", says)
    })?;
    let since = key["since"].as_i64().ok_or_else(|| ageless(&name))?;
    Ok(since.saturating_add(outlive))
}

/// The step that comes next, and from when it is safe; no time where that is not known.
pub fn coming(keys: &[Value], waits: Waits) -> (Step, Option<i64>) {
    let since = |status: &'static str| {
        let those = keys.iter().filter(move |key| status_of(key) == status);
        those.map(|key| key["since"].as_i64())
    };
    if let Some(at) = since("next").next() {
        return (Step::Activate, at.map(|at| at.saturating_add(waits.spread)));
    }
    match since("retiring").min() {
        Some(at) => (Step::Drop, at.zip(waits.outlive).map(|(at, outlive)| at.saturating_add(outlive))),
        None => (Step::Add, Some(0)),
    }
}

fn ageless(name: &str) -> Unsafe {
    let says = format!(
        "Nobody has noted since when the key {name} stands where it stands: if it has waited, say --waited."
    );
    Unsafe::new("age_unknown", says)
}

fn stand(key: &mut Value, status: &str, now: i64) {
    key["status"] = status.into();
    key["since"] = now.into();
}

/// A time to wait, for people.
pub fn span(seconds: i64) -> String {
    match seconds {
        ..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds.saturating_add(59) / 60),
        _ => format!("{} h {} min", seconds / 3600, (seconds % 3600) / 60),
    }
}
