//! `handstamp jwks lint`: what is wrong with a key set before customers find out.

use crate::{files, show};
use anstream::println;
use anyhow::Result;
use clap::Subcommand;
use handstamp::{
    bounds,
    jose::key::{Key, KeySet},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};

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

/// What must never be published.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

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

fn lint(text: &str) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut add = |fault, path: &str, code, says: String| {
        remarks.push(Remark { fault, path: path.to_owned(), code, says });
    };
    if let Err(fault) = KeySet::fetched(text.as_bytes(), None) {
        add(true, "", fault.code().as_str(), fault.to_string());
    }
    if text.len() > bounds::KEY_SET_BYTES / 2 {
        add(false, "", "key_set_large", format!("{} bytes of at most {}", text.len(), bounds::KEY_SET_BYTES));
    }
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, jwk) in document["keys"].as_array().into_iter().flatten().enumerate() {
        let path = format!("/keys/{index}");
        for member in PRIVATE.into_iter().filter(|member| jwk.get(member).is_some()) {
            let says = "a private or shared key is published: take it out and make a new one".to_owned();
            add(true, &format!("{path}/{member}"), "key_is_private", says);
        }
        match jwk["kid"].as_str() {
            None => {
                add(true, &path, "kid_missing", "tokens choose their key by kid: give the key one".to_owned())
            }
            Some(kid) => {
                if let Some(first) = names.insert(kid, index) {
                    add(
                        true,
                        &format!("{path}/kid"),
                        "kid_ambiguous",
                        format!("the same kid as /keys/{first}"),
                    );
                }
            }
        }
        if jwk["use"].as_str() == Some("enc") {
            add(
                false,
                &format!("{path}/use"),
                "key_use",
                "a key for encryption: no token is verified with it".to_owned(),
            );
            continue;
        }
        for member in ["alg", "use"].into_iter().filter(|member| jwk.get(member).is_none()) {
            let says = format!("say {member}, so that the key serves one purpose only");
            add(false, &path, if member == "alg" { "alg_missing" } else { "key_use" }, says);
        }
        let object = handstamp::json::Value::parse_object(jwk.to_string().as_bytes());
        if let Err(fault) = object.and_then(|object| Key::from_jwk(&object, None, false)) {
            let place = fault.detail().and_then(|detail| detail.at.clone()).unwrap_or_default();
            add(true, &format!("{path}{place}"), fault.code().as_str(), fault.to_string());
        }
    }
    remarks
}
