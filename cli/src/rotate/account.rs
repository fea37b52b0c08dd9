//! The keys in an account document that verify and decrypt its tokens.

use super::{
    fresh,
    steps::{Step, Unsafe, Waits, replaced},
    turn::{Turn, Turning},
};
use anyhow::{Context as _, Result, bail};
use handstamp::{account::Account, bounds::LEEWAY_SECONDS};
use serde_json::{Map, Value, json};

/// Copies of a document are nine seconds old at most.
const SPREAD: i64 = 15;

pub fn turn(turning: &mut Turning<'_>, mut document: Value, list: &'static str) -> Result<Turn> {
    check(&document, turning.options.development)?;
    let settings = &mut document["secureToken"];
    let tokens_live = settings["maxLifetimeSeconds"].as_i64().map(|most| {
        most.saturating_add(settings["leewaySeconds"].as_i64().unwrap_or(i64::from(LEEWAY_SECONDS)))
    });
    let options = turning.options;
    let waits = Waits {
        spread: options.spread.unwrap_or(SPREAD),
        outlive: options.outlive.or(tokens_live),
        waited: options.waited,
    };
    let mut keys = match settings[list].take() {
        Value::Null => bail!("the document has no keys in secureToken.{list}"),
        Value::Array(keys) => keys,
        single => Vec::from([single]),
    };
    let mut turn = Turn { waits: Some(waits), ..Turn::default() };
    turning.step(&mut keys, waits, |turning, keys| {
        let at = replaced(keys, turning.options.replaces.as_deref())?;
        let model = keys.get(at).and_then(Value::as_object).context("a key is not an object")?;
        fresh_key(turning, model, list, &mut turn)
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
fn fresh_key(
    turning: &mut Turning<'_>,
    model: &Map<String, Value>,
    list: &str,
    turn: &mut Turn,
) -> Result<Value> {
    let name = turning.name();
    let mut key = model.clone();
    for member in ["status", "since"] {
        key.shift_remove(member);
    }
    key.insert("id".into(), name.as_str().into());
    let text = |member: &str| model.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
    let alg = text("alg");
    match (list, text("method").as_str()) {
        (_, "jwks") if model.contains_key("url") => {
            let says = "The customer publishes these keys: a new one is added to the set at its address, and is found there.";
            return Err(Unsafe::new("published_elsewhere", says).into());
        }
        (_, "jwks") => {
            key.insert("keys".into(), fresh::given(turning, "the set that the customer has made")?);
        }
        (_, "publicKey") => {
            key.insert("key".into(), fresh::given(turning, "the public key that the customer has made")?);
        }
        ("verify", _) => shared(turning, &mut key, &alg, None, turn)?,
        _ if alg.starts_with("RSA") || alg.starts_with("ECDH") => {
            let labels = [("kid", name.as_str()), ("alg", alg.as_str()), ("use", "enc")];
            let (private, public) = fresh::pair(turning, &alg, &labels)?;
            key.shift_remove("encoding");
            keep(&mut key, private.clone(), &private.to_string(), turn);
            turn.public = Some(public);
        }
        _ => shared(turning, &mut key, &alg, Some(&text("enc")), turn)?,
    }
    Ok(key.into())
}

/// A shared secret, which is always written in base64url.
fn shared(
    turning: &mut Turning<'_>,
    key: &mut Map<String, Value>,
    alg: &str,
    enc: Option<&str>,
    turn: &mut Turn,
) -> Result<()> {
    let secret = fresh::secret(turning, alg, enc)?;
    key.insert("encoding".into(), "base64url".into());
    keep(key, secret.as_str().into(), &secret, turn);
    Ok(())
}

/// Where the key of before stood under a name, the new one does too; else it stands in the document like that one.
fn keep(key: &mut Map<String, Value>, in_document: Value, text: &str, turn: &mut Turn) {
    let Some(before) = key.get("key").and_then(|key| key["secret"].as_str()) else {
        key.insert("key".into(), in_document);
        return;
    };
    let name = successor(before, key.get("id").and_then(Value::as_str).unwrap_or_default());
    key.insert("key".into(), json!({ "secret": name }));
    turn.secrets.insert(name, text.into());
}

/// The name of the secret that comes after another: what stands before the last dot, and the new key's own name.
pub fn successor(before: &str, name: &str) -> String {
    let stem = before.rsplit_once('.').map_or(before, |(stem, _)| stem);
    format!("{stem}.{name}")
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
