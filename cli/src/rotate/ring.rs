//! The sealing keys of a deployment.

use super::{
    fresh, kept,
    turn::{Turn, Turning},
};
use anyhow::{Context as _, Result, anyhow, bail};
use handstamp::{bounds::PASS_SECONDS, rotation::Waits, seal::Ring};
use serde_json::{Value, json};

/// Until every machine of the platform runs with a new secret.
const SPREAD: i64 = 600;

pub fn turn(turning: &mut Turning<'_>, mut document: Value) -> Result<Turn> {
    let stored = document["RING"].as_str().map(serde_json::from_str).transpose();
    let stored: Option<Value> = stored.context("RING is not JSON")?;
    let mut ring = stored.clone().unwrap_or_else(|| document.clone());
    check(&ring)?;
    let spread = turning.options.spread.unwrap_or(SPREAD);
    // A machine that has not heard of the change seals with the key of before for as long as the news takes.
    let outlive = turning.options.outlive.unwrap_or_else(|| PASS_SECONDS.saturating_add(spread));
    let waits = Waits { spread, outlive: Some(outlive), waited: turning.options.waited };
    let Some(keys) = ring["keys"].as_array_mut() else { bail!("the ring has no keys") };
    turning.step(keys, waits, |turning, _| {
        let kid = turning.name();
        let key = fresh::secret(turning, "A256KW", None)?;
        kept::read(&json!({ "kid": kid, "key": key }))
    })?;
    let keys = keys.clone();
    check(&ring)?;
    if stored.is_some() {
        document["RING"] = ring.to_string().into();
    } else {
        document = ring;
    }
    let then = match turning.options.step {
        Some(_) => {
            Vec::from(["put it into the deployment now: the waiting is counted from this moment".to_owned()])
        }
        None => Vec::new(),
    };
    Ok(Turn { keys, waits: Some(waits), document, then, ..Turn::default() })
}

/// As the worker reads it.
fn check(ring: &Value) -> Result<()> {
    let value =
        handstamp::json::Value::parse(ring.to_string().as_bytes()).map_err(|fault| anyhow!("{fault}"))?;
    Ring::parse(&value)
        .map_err(|fault| anyhow!("the ring cannot be used: {}: {fault}", fault.code().as_str()))?;
    Ok(())
}
