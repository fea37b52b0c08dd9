//! `handstamp jwks lint`: what is wrong with a key set before customers find out.

use crate::{files, show};
use anstream::println;
use anyhow::Result;
use clap::Subcommand;
use handstamp::{Code, Error, Warning, bounds, jose::key::KeySet};
use serde::Deserialize as _;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

#[derive(Subcommand)]
pub enum Command {
    /// Check a key set that is to be published.
    Lint {
        /// A JSON file; - is standard input.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
}

/// One remark: whether it is a fault, where, and what.
struct Remark {
    fault: bool,
    path: String,
    code: &'static str,
    says: String,
}

pub fn run(Command::Lint { file }: &Command, as_json: bool) -> Result<bool> {
    let text = files::read(file)?;
    let remarks = lint(&text);
    let good = !remarks.iter().any(|remark| remark.fault);
    if as_json {
        let rows: Vec<_> = remarks
            .iter()
            .map(|remark| {
                let status = if remark.fault { "fail" } else { "warn" };
                json!({ "status": status, "path": remark.path, "code": remark.code, "says": remark.says })
            })
            .collect();
        show::document(&json!({ "good": good, "remarks": rows }), true);
        return Ok(good);
    }
    for remark in &remarks {
        let mark = if remark.fault { "✗" } else { "!" };
        println!("{mark} {}  {}  {}", remark.path, remark.code, remark.says);
    }
    if remarks.is_empty() {
        println!("the key set is good");
    }
    Ok(good)
}

/// Says where another reader of key sets, `jose-jwk`, judges a key differently. It refuses a whole set for one key that it
/// does not know, where RFC 7517 section 5 says to ignore that key.
fn difference(jwk: &Value, refused: bool) -> Option<String> {
    match jose_jwk::Jwk::deserialize(jwk) {
        Err(fault) => Some(format!("jose-jwk refuses this key, and the whole set with it: {fault}")),
        Ok(_) if refused => Some("jose-jwk reads this key, which is not used here".to_owned()),
        Ok(_) => None,
    }
}

fn lint(text: &str) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut add = |fault, path: &str, code, says: String| {
        remarks.push(Remark { fault, path: path.to_owned(), code, says });
    };
    let place = |fault: &Error| fault.detail().and_then(|detail| detail.at.clone()).unwrap_or_default();
    match KeySet::fetched(text.as_bytes(), None) {
        Err(fault) => add(true, "", fault.code().as_str(), fault.to_string()),
        Ok((_, found)) => {
            for found in found.into_iter().filter(|found| found.warning != Warning::KeySkipped) {
                let path = found.at.unwrap_or_default();
                add(false, &path, found.warning.as_str(), found.warning.says().to_owned());
            }
        }
    }
    if text.len() > bounds::KEY_SET_BYTES / 2 {
        add(false, "", "key_set_large", format!("{} bytes of at most {}", text.len(), bounds::KEY_SET_BYTES));
    }
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let keys = document["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_for_encryption = |jwk: &Value| jwk["use"].as_str() == Some("enc");
    let mut refused = BTreeSet::new();
    for fault in KeySet::faults(text.as_bytes(), None).unwrap_or_default() {
        let path = place(&fault);
        refused.extend(path.split('/').nth(2).and_then(|index| index.parse::<usize>().ok()));
        let jwk = path.split('/').nth(2).and_then(|index| keys.get(index.parse::<usize>().ok()?));
        // No token is verified with a key for encryption, which may stand beside the others.
        let is_fault = !(fault.code() == Code::KeyUse && jwk.is_some_and(is_for_encryption));
        add(is_fault, &path, fault.code().as_str(), fault.to_string());
    }
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, jwk) in keys.iter().enumerate() {
        let path = format!("/keys/{index}");
        if let Some(says) = difference(jwk, refused.contains(&index)) {
            add(false, &path, "readers_differ", says);
        }
        if jwk["k"].is_string() {
            let says = "a shared secret is published: take it out and make a new one".to_owned();
            add(true, &format!("{path}/k"), "key_is_private", says);
        }
        match jwk["kid"].as_str() {
            None => {
                add(true, &path, "kid_missing", "tokens choose their key by kid: give the key one".to_owned())
            }
            Some(kid) => {
                if let Some(first) = names.insert(kid, index) {
                    let says = format!("the same kid as /keys/{first}");
                    add(true, &format!("{path}/kid"), "kid_ambiguous", says);
                }
            }
        }
        let missing = ["alg", "use"].into_iter().filter(|member| jwk.get(member).is_none());
        for member in missing.filter(|_| !is_for_encryption(jwk)) {
            let says = format!("say {member}, so that the key serves one purpose only");
            add(false, &path, if member == "alg" { "alg_missing" } else { "key_use" }, says);
        }
    }
    remarks
}
