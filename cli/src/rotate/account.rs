//! The keys in an account document that verify and decrypt its tokens.

use super::{
    fresh, kept,
    turn::{Step, Turn, Turning},
};
use anyhow::{Context as _, Result, bail};
use handstamp::{
    account::{
        Account,
        key_turn::{self, Need},
    },
    json,
    rotation::{Waits, replaced},
};
use serde_json::{Value, json as made};

pub fn turn(turning: &mut Turning<'_>, mut document: Value, list: &'static str) -> Result<Turn> {
    check(&document, turning.options.development)?;
    let settings = &mut document["secureToken"];
    let options = turning.options;
    let usual = key_turn::waits(&kept::read(settings)?, options.waited);
    let waits = Waits {
        spread: options.spread.unwrap_or(usual.spread),
        outlive: options.outlive.or(usual.outlive),
        ..usual
    };
    let mut keys = match settings[list].take() {
        Value::Null => bail!("the document has no keys in secureToken.{list}"),
        Value::Array(keys) => keys,
        single => Vec::from([single]),
    };
    let mut turn = Turn { waits: Some(waits), ..Turn::default() };
    turning.step(&mut keys, waits, |turning, keys| {
        let at = replaced(keys, turning.options.replaces.as_deref())?;
        let model = keys.get(at).context("the key is not there")?;
        fresh_key(turning, model, &mut turn)
    })?;
    settings[list] = keys.clone().into();
    check(&document, options.development)?;
    match options.step {
        Some(Step::Add) => {
            turn.then.push("put the document; the customer may use the new key once it has spread".into())
        }
        Some(Step::Activate) => {
            turn.then.push("put the document; from now on the customer uses the new key alone".into())
        }
        Some(Step::Drop) => turn.then.push("put the document".into()),
        None => {}
    }
    Ok(Turn { keys, document, ..turn })
}

/// A key like the one whose place it takes.
fn fresh_key(turning: &mut Turning<'_>, model: &json::Value, turn: &mut Turn) -> Result<json::Value> {
    let need = key_turn::needed(model)?;
    let name = turning.name();
    let text = |place: &str| model.pointer(place).and_then(json::Value::as_str);
    let alg = text("/alg").unwrap_or_default();
    let material = match need {
        Need::Secret(_) => fresh::secret(turning, alg, text("/enc"))?.into(),
        Need::KeyPair => {
            let labels = [("kid", name.as_str()), ("alg", alg), ("use", "enc")];
            let (private, public) = fresh::pair(turning, alg, &labels)?;
            turn.public = Some(public);
            private
        }
        Need::KeySet => fresh::given(turning, "the set that the customer has made")?,
        _ => fresh::given(turning, "the public key that the customer has made")?,
    };
    // Where the key of before stood under a name, the new one does too; else it stands in the document like that one.
    let before = text("/key/secret").filter(|_| matches!(need, Need::Secret(_) | Need::KeyPair));
    let material = if let Some(before) = before {
        let secret = key_turn::successor_name(before, &name);
        let value = material.as_str().map_or_else(|| material.to_string(), str::to_owned);
        turn.secrets.insert(secret.clone(), value.into());
        made!({ "secret": secret })
    } else {
        material
    };
    Ok(key_turn::successor(model, &name, kept::read(&material)?))
}

/// As the worker reads it.
pub fn check(document: &Value, development: bool) -> Result<()> {
    match Account::parse(document.to_string().as_bytes(), development) {
        Ok(_) => Ok(()),
        Err(faults) => {
            let faults = faults.iter().map(|fault| format!("{}: {}", fault.path, fault.message));
            bail!("the document cannot be used: {}", faults.collect::<Vec<_>>().join("; "))
        }
    }
}
