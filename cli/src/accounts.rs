//! `handstamp account`: account documents, checked here and written to a deployment.

use crate::{
    deployment::{Deployment, sentence},
    files, show,
};
use anstream::println;
use anyhow::{Context as _, Result};
use clap::Subcommand;
use handstamp::account::Account;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub enum Command {
    /// Check a document: every fault with its path.
    Check {
        /// Allow plain http to this machine.
        #[arg(long)]
        development: bool,
        /// A JSON file; - is standard input.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// Write a document to a deployment: the new version, or every fault with its path and nothing changed.
    Put {
        /// Where the deployment is, like https://campaigns.example.com.
        #[arg(long)]
        to: String,
        /// The client's id. Its secret stands in the variable HANDSTAMP_CLIENT_SECRET, where no list of processes shows it.
        #[arg(long)]
        client: String,
        /// A JSON file; - is standard input.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
}

pub fn run(command: &Command, as_json: bool) -> Result<bool> {
    match command {
        Command::Check { development, file } => check(*development, file, as_json),
        Command::Put { to, client, file } => put(to, client, file, as_json),
    }
}

fn put(to: &str, client: &str, file: &Path, as_json: bool) -> Result<bool> {
    let secret = std::env::var("HANDSTAMP_CLIENT_SECRET")
        .context("the client's secret is missing: set the variable HANDSTAMP_CLIENT_SECRET")?;
    let text = files::read(file)?;
    let document: Value = serde_json::from_str(&text).context("the document is not JSON")?;
    let account = document["account"].as_str().filter(|name| is_name(name));
    let account = account.context("the document has no name in its member \"account\"")?;
    let answer = Deployment::enter(to, client, &secret)?.put_account(account, &text)?;
    if as_json {
        show::document(&answer.body, true);
    } else if answer.done {
        for warning in rows(&answer.body["warnings"]) {
            println!("! {}  {}", text_of(&warning["at"]), text_of(&warning["message"]));
        }
        let what = if answer.body["changed"] == false { "is as it was" } else { "is written" };
        println!("{account} {what}: version {}", answer.body["version"]);
    } else {
        println!("✗ {}", sentence(&answer.body));
        for fault in rows(&answer.body["faults"]) {
            println!(
                "✗ {}  {}  {}",
                text_of(&fault["path"]),
                text_of(&fault["code"]),
                text_of(&fault["message"])
            );
        }
    }
    Ok(answer.done)
}

/// As the deployment has it: a name is a part of an address.
fn is_name(name: &str) -> bool {
    name.len() <= 32
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
}

fn rows(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn check(development: bool, file: &Path, as_json: bool) -> Result<bool> {
    let text = files::read(file)?;
    let faults = match Account::parse(text.as_bytes(), development) {
        Ok(account) => {
            let remarks: Vec<_> = account
                .remarks()
                .iter()
                .map(|remark| json!({ "code": remark.warning.as_str(), "path": remark.at, "says": remark.warning.says() }))
                .collect();
            if as_json {
                show::document(&json!({ "good": true, "warnings": remarks }), true);
            } else {
                for remark in &remarks {
                    println!("! {}  {}", remark["path"].as_str().unwrap_or_default(), remark["code"]);
                }
                println!("the document is good");
            }
            return Ok(true);
        }
        Err(faults) => faults,
    };
    if as_json {
        let rows: Vec<_> = faults
            .iter()
            .map(|fault| json!({ "path": fault.path, "code": fault.code.as_str(), "says": fault.message }))
            .collect();
        show::document(&json!({ "good": false, "faults": rows }), true);
    } else {
        for fault in &faults {
            println!("✗ {}  {}  {}", fault.path, fault.code.as_str(), fault.message);
        }
    }
    Ok(false)
}
