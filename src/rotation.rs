//! The steps of a rotation: a list of keys with their status and the time that they came to it enters; the list after the
//! step leaves, or the reason for which the step would refuse somebody. The command line and the worker ask here.

use crate::{Code, Error, json::Value, time::UnixTime};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};
use core::fmt;

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RotationStep {
    /// A new key comes in as next: it opens and verifies, and nobody uses it yet.
    Add,
    /// The next key is used from now on; the one before retires and still opens.
    Activate,
    /// Keys that have retired for long enough go.
    Drop,
    /// A key is refused from now on: for one that somebody else may have.
    Revoke,
}

impl RotationStep {
    /// Every step.
    pub const ALL: [Self; 4] = [Self::Add, Self::Activate, Self::Drop, Self::Revoke];

    /// Returns the name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Activate => "activate",
            Self::Drop => "drop",
            Self::Revoke => "revoke",
        }
    }
}

/// How long a key waits before the next step, seconds.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// Until every machine knows a new key.
    pub spread: i64,
    /// Until nothing lives that a key of before has made. Unknown where a customer decides it and has not said.
    pub outlive: Option<i64>,
    /// Somebody vouches that the time has passed: only the order is judged.
    pub waited: bool,
}

/// The refusal of a step: it would refuse somebody, or no key is ready for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untimely {
    /// The kind of the obstacle, such as `not_spread`.
    pub code: &'static str,
    /// The obstacle in words.
    pub says: String,
    /// The time from which the step is safe, seconds since 1970; `None` where no time helps or is known.
    pub from: Option<i64>,
}

impl Untimely {
    /// An obstacle that does not go by itself.
    pub fn new(code: &'static str, says: impl Into<String>) -> Self {
        Self { code, says: says.into(), from: None }
    }

    /// Returns the refusal of a step: `rotation_early` where time helps, `rotation_order` where another step does.
    pub fn into_error(self) -> Error {
        let waits = ["not_spread", "not_outlived", "lifetime_unknown", "age_unknown"].contains(&self.code);
        let code = if waits { Code::RotationEarly } else { Code::RotationOrder };
        Error::new(code).expected(self.says).got(self.code)
    }
}

impl fmt::Display for Untimely {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.says)
    }
}

impl core::error::Error for Untimely {}

/// Returns the name of a key: its kid or id, else the secret that it refers to, else its place.
pub fn name_of(key: &Value, index: usize) -> String {
    let places = ["/kid", "/id", "/key/secret", "/keys/secret"];
    let name = places.into_iter().find_map(|place| key.pointer(place)?.as_str());
    name.map_or_else(|| format!("#{}", index.saturating_add(1)), ToOwned::to_owned)
}

/// Returns the status of a key; a document may leave out that it is active.
pub fn status_of(key: &Value) -> &str {
    key.pointer("/status").and_then(Value::as_str).unwrap_or("active")
}

/// Returns the time at which a key came to its status, seconds since 1970.
pub fn since_of(key: &Value) -> Option<i64> {
    key.pointer("/since").and_then(Value::as_i64)
}

/// Finds the one key that a step replaces: that of the name, or else the only active one.
///
/// # Errors
/// `several_active` or `none_active`.
pub fn replaced(keys: &[Value], name: Option<&str>) -> Result<usize, Untimely> {
    let mut active = keys.iter().enumerate().filter(|(index, key)| {
        status_of(key) == "active" && name.is_none_or(|name| name_of(key, *index) == name)
    });
    match (active.next(), active.next(), name) {
        (Some((index, _)), None, _) => Ok(index),
        (Some(_), Some(_), _) => {
            Err(Untimely::new("several_active", "Several keys are active: name the one that goes."))
        }
        (None, _, Some(name)) => {
            Err(Untimely::new("none_active", format!("No active key is called {name}.")))
        }
        (None, _, None) => Err(Untimely::new("none_active", "No key is active.")),
    }
}

/// Takes a new key in. `None` only judges whether one may come.
///
/// # Errors
/// `waiting_already`.
pub fn add(keys: &mut Vec<Value>, fresh: Option<Value>, now: UnixTime) -> Result<(), Untimely> {
    if let Some((index, key)) = keys.iter().enumerate().find(|(_, key)| status_of(key) == "next") {
        let name = name_of(key, index);
        let says = format!("The key {name} is waiting already: activate it first.");
        return Err(Untimely::new("waiting_already", says));
    }
    if let Some(mut fresh) = fresh {
        stand(&mut fresh, "next", now);
        keys.push(fresh);
    }
    Ok(())
}

/// Puts the next key in the place of an active one.
///
/// # Errors
/// `none_waiting`, `age_unknown`, `not_spread`, `several_active` or `none_active`.
pub fn activate(
    keys: &mut [Value],
    replaces: Option<&str>,
    waits: Waits,
    now: UnixTime,
) -> Result<(), Untimely> {
    let waiting = keys.iter().enumerate().find(|(_, key)| status_of(key) == "next");
    let Some((index, key)) = waiting else {
        return Err(Untimely::new("none_waiting", "No key is waiting: add one first, and let it spread."));
    };
    if !waits.waited {
        let name = name_of(key, index);
        let from = since_of(key).ok_or_else(|| ageless(&name))?.saturating_add(waits.spread);
        if now.0 < from {
            let wait = span(from.saturating_sub(now.0));
            let says = format!(
                "The key {name} has not spread yet: a machine that does not know it would refuse what it seals or signs. \
                 Activate it in {wait}."
            );
            return Err(Untimely { from: Some(from), ..Untimely::new("not_spread", says) });
        }
    }
    // Nothing retires where the active key was revoked: the next one takes its place at once.
    let is_alone = replaces.is_none() && !keys.iter().any(|key| status_of(key) == "active");
    let before = if is_alone { None } else { Some(replaced(keys, replaces)?) };
    for (at, status) in before.map(|at| (at, "retiring")).into_iter().chain([(index, "active")]) {
        if let Some(key) = keys.get_mut(at) {
            stand(key, status, now);
        }
    }
    Ok(())
}

/// Drops the keys that have retired for long enough, and returns their names.
///
/// # Errors
/// `none_retiring`, `not_outlived`, `lifetime_unknown` or `age_unknown`.
pub fn drop_old(keys: &mut Vec<Value>, waits: Waits, now: UnixTime) -> Result<Vec<String>, Untimely> {
    let (mut gone, mut first) = (Vec::new(), None);
    let mut kept = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        let refused = match droppable(key, index, waits) {
            None => None,
            Some(Ok(from)) if from <= now.0 => {
                gone.push(name_of(key, index));
                continue;
            }
            Some(Ok(from)) => {
                let (name, wait) = (name_of(key, index), span(from.saturating_sub(now.0)));
                let says = format!(
                    "A token or seal that the key {name} has made may still live: drop it in {wait}."
                );
                Some(Untimely { from: Some(from), ..Untimely::new("not_outlived", says) })
            }
            Some(Err(unknown)) => Some(unknown),
        };
        first = first.or(refused);
        kept.push(key.clone());
    }
    if gone.is_empty() {
        return Err(first.unwrap_or_else(|| Untimely::new("none_retiring", "There is no key to drop.")));
    }
    *keys = kept;
    Ok(gone)
}

/// Revokes the key of a name.
///
/// # Errors
/// `none_named`, also for one that is revoked already.
pub fn revoke(keys: &mut [Value], name: &str, now: UnixTime) -> Result<(), Untimely> {
    let mut named = keys.iter_mut().enumerate().filter(|(index, key)| name_of(key, *index) == name);
    match named.next() {
        Some((_, key)) if status_of(key) != "revoked" => {
            stand(key, "revoked", now);
            Ok(())
        }
        _ => Err(Untimely::new("none_named", format!("No key that is accepted is called {name}."))),
    }
}

/// Returns the time from which a retiring key may be dropped; `None` for a key that does not retire.
pub fn droppable(key: &Value, index: usize, waits: Waits) -> Option<Result<i64, Untimely>> {
    (status_of(key) == "retiring").then(|| {
        if waits.waited {
            return Ok(i64::MIN);
        }
        let outlive = waits.outlive.ok_or_else(|| {
            let says = "How long this customer's tokens live is not known: set maxLifetimeSeconds, or say that the time has passed.";
            Untimely::new("lifetime_unknown", says)
        })?;
        let since = since_of(key).ok_or_else(|| ageless(&name_of(key, index)))?;
        Ok(since.saturating_add(outlive))
    })
}

/// Returns the step that comes next, and the time from which it is safe; `None` where that is not known.
pub fn coming(keys: &[Value], waits: Waits) -> (RotationStep, Option<i64>) {
    let since = |status: &'static str| {
        let those = keys.iter().filter(move |key| status_of(key) == status);
        those.map(since_of)
    };
    if let Some(at) = since("next").next() {
        return (RotationStep::Activate, at.map(|at| at.saturating_add(waits.spread)));
    }
    match since("retiring").min() {
        Some(at) => {
            (RotationStep::Drop, at.zip(waits.outlive).map(|(at, outlive)| at.saturating_add(outlive)))
        }
        None => (RotationStep::Add, Some(0)),
    }
}

fn ageless(name: &str) -> Untimely {
    let says = format!(
        "Nobody has noted since when the key {name} has its status: if the time has passed, say so (waited)."
    );
    Untimely::new("age_unknown", says)
}

fn stand(key: &mut Value, status: &str, now: UnixTime) {
    if let Value::Object(members) = key {
        members.set("status", status);
        members.set("since", now.0);
    }
}

/// Returns a time to wait, for people.
pub fn span(seconds: i64) -> String {
    match seconds {
        ..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds.saturating_add(59) / 60),
        _ => format!("{} h {} min", seconds / 3600, (seconds % 3600) / 60),
    }
}
