//! The life of the accounts of a deployment: which there are, what was done to one, its export, its end and the way back.

use crate::{
    answers::{rows, show_refusal, text_of},
    deployment::{Answer, with_reason},
    place::Place,
    show,
};
use anstream::println;
use anyhow::Result;
use serde_json::{Value, json};

/// Accounts of one answer.
const PAGE: usize = 100;

/// Lists the accounts of a deployment, for operators.
pub fn list(place: &Place, as_json: bool) -> Result<bool> {
    let deployment = place.deployment()?;
    let mut all: Vec<Value> = Vec::new();
    let mut after = String::new();
    loop {
        let answer = deployment.get(&format!("/v1/accounts?limit={PAGE}{after}"))?;
        if !answer.done {
            return told(&answer, as_json, |_| {});
        }
        all.extend_from_slice(rows(&answer.body["accounts"]));
        match answer.body["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    if as_json {
        show::document(&json!({ "accounts": all }), true);
        return Ok(true);
    }
    for account in &all {
        let ends = account["endsAt"].as_str().map(|at| format!("  ends {at}")).unwrap_or_default();
        println!("{}  version {}{ends}", text_of(&account["account"]), account["version"]);
    }
    Ok(true)
}

/// Lists what was done to an account.
pub fn audit(place: &Place, limit: u16, as_json: bool) -> Result<bool> {
    let (deployment, account) = place.enter()?;
    let answer = deployment.get(&format!("/v1/accounts/{account}/audit?limit={limit}"))?;
    told(&answer, as_json, |body| {
        for entry in rows(&body["entries"]) {
            let actor = format!("{} {}", text_of(&entry["actor"]["kind"]), text_of(&entry["actor"]["id"]));
            let more: Vec<_> = ["about", "reason"].iter().filter_map(|name| entry[name].as_str()).collect();
            println!(
                "{}  {actor}  {}  {}",
                text_of(&entry["at"]),
                text_of(&entry["action"]),
                more.join(": ")
            );
        }
    })
}

/// Writes everything of an account to standard output, as it comes.
pub fn export(place: &Place) -> Result<bool> {
    let (deployment, account) = place.enter()?;
    match deployment.copy(&format!("/v1/accounts/{account}/export"), &mut std::io::stdout().lock())? {
        None => Ok(true),
        Some(problem) => {
            show_refusal(&problem);
            Ok(false)
        }
    }
}

/// Begins the end of an account.
pub fn delete(place: &Place, reason: Option<&str>, as_json: bool) -> Result<bool> {
    let (deployment, account) = place.enter()?;
    let answer = deployment.delete(&with_reason(format!("/v1/accounts/{account}"), reason))?;
    told(&answer, as_json, |body| {
        println!("{account} takes nothing from now on, and is gone on {}", text_of(&body["endsAt"]));
        println!("    until then: handstamp account export, handstamp account restore");
    })
}

/// Takes the end of an account back.
pub fn restore(place: &Place, as_json: bool) -> Result<bool> {
    let (deployment, account) = place.enter()?;
    let answer = deployment.post(&format!("/v1/accounts/{account}/restore"), "")?;
    told(&answer, as_json, |body| println!("{account} goes on: version {}", body["version"]))
}

fn told(answer: &Answer, as_json: bool, show: impl FnOnce(&Value)) -> Result<bool> {
    if as_json {
        show::document(&answer.body, true);
    } else if answer.done {
        show(&answer.body);
    } else {
        show_refusal(&answer.body);
    }
    Ok(answer.done)
}
