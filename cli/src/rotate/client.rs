//! The secret or the private key by which we are a client of the account's identity provider. It uses one at a time, so there
//! is nothing to overlap here: the identity provider knows both for a while.

use super::{
    account, fresh,
    secrets::secrets,
    turn::{Step, Turn, Turning},
};
use anyhow::{Context as _, Result, bail};
use handstamp::{
    account::{Account, key_turn::successor_name},
    rotation::Untimely,
};
use serde_json::{Value, json};

const REFERENCE: &str = "/oauth/clientAuth/secret/secret";

pub fn turn(turning: &mut Turning<'_>, mut document: Value) -> Result<Turn> {
    let options = turning.options;
    account::check(&document, options.development)?;
    let normal = Account::parse(document.to_string().as_bytes(), options.development).ok();
    let normal: Value =
        serde_json::from_str(&normal.map(|account| account.to_json().to_text()).unwrap_or_default())?;
    let method = normal.pointer("/oauth/clientAuth/method").and_then(Value::as_str).unwrap_or_default();
    let Some(used) = document.pointer(REFERENCE).and_then(Value::as_str).map(str::to_owned) else {
        bail!("the document has no identity provider with a client secret or a client key")
    };
    let path =
        options.secrets.as_deref().context("say --secrets FILE: what waits for its turn stands there")?;
    let stem = successor_name(&used, "");
    let stored = secrets(path)?;
    let waiting = stored.keys().find(|name| **name != used && name.starts_with(&stem)).cloned();
    let mut turn = Turn::default();
    let mut rows = Vec::from([json!({ "id": used, "status": "active" })]);
    match (options.step, waiting) {
        (Some(Step::Add), Some(name)) => {
            let says = format!("The secret {name} is waiting already: activate it first.");
            return Err(Untimely::new("waiting_already", says).into());
        }
        (Some(Step::Add), None) => {
            let name = turning.name();
            let secret = successor_name(&used, &name);
            let text = if method == "private_key_jwt" {
                let labels = [("kid", name.as_str()), ("alg", "ES256"), ("use", "sig")];
                let (private, public) = fresh::pair(turning, "ES256", &labels)?;
                turn.public = Some(public);
                turn.then.push(
                    "register the new public key at the identity provider, in addition to the old one".into(),
                );
                private.to_string()
            } else {
                let given = fresh::given(
                    turning,
                    "the second secret that the identity provider created for this client",
                )?;
                given.as_str().context("the identity provider's secret is not a string")?.to_owned()
            };
            rows.push(json!({ "id": secret, "status": "next", "since": turning.now }));
            turn.secrets.insert(secret, text.into());
            turn.then.push("store the secret in the deployment, then activate it".into());
        }
        (Some(Step::Activate), Some(name)) => {
            if let Some(reference) = document.pointer_mut(REFERENCE) {
                *reference = name.as_str().into();
            }
            rows = Vec::from([json!({ "id": name, "status": "active", "since": turning.now })]);
            turn.forgotten.push(used);
            turn.then.push("put the document; every exchange reads it afresh".into());
            turn.then.push("then remove the old one at the identity provider".into());
        }
        (Some(Step::Activate), None) => {
            let says = "No new secret is stored: add one and register it at the identity provider first.";
            return Err(Untimely::new("none_waiting", says).into());
        }
        (Some(Step::Drop), _) => {
            let says = "The old secret is not stored here: remove it at the identity provider after the document is put.";
            return Err(Untimely::new("none_retiring", says).into());
        }
        (None, waiting) => rows.extend(waiting.map(|name| json!({ "id": name, "status": "next" }))),
    }
    account::check(&document, options.development)?;
    Ok(Turn { keys: rows, document, ..turn })
}
