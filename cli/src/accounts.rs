//! `handstamp account`: account documents, checked here and written to a deployment.

use crate::{
    account_life,
    answers::{rows, show_refusal, text_of},
    deployment::{Deployment, client_secret, sentence, with_reason},
    files,
    place::{Place, is_name},
    show,
};
use anstream::println;
use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use handstamp::{Code, account::Account};
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
    /// List the accounts of a deployment that this version would refuse at sign-in, with what each has to register first.
    /// Ask it before an upgrade: it reads, and writes nothing.
    Upgrade {
        /// Where the deployment is, like https://campaigns.example.com.
        #[arg(long)]
        at: String,
        /// The id of an operator's client. Its secret stands in the variable HANDSTAMP_CLIENT_SECRET.
        #[arg(long)]
        client: String,
        /// The accounts; without any, those that were seen in the last day.
        accounts: Vec<String>,
    },
    /// Write a document to a deployment: the new version, or every fault with its path and nothing changed.
    Put {
        /// Where the deployment is, like https://campaigns.example.com.
        #[arg(long)]
        to: String,
        /// The client's id. Its secret stands in the variable HANDSTAMP_CLIENT_SECRET, where no list of processes shows it.
        #[arg(long)]
        client: String,
        /// Why, for the versions and the audit list.
        #[arg(long)]
        reason: Option<String>,
        /// The version that the document was made from: where another has come since, nothing is written. 0 makes a new account.
        #[arg(long)]
        over: Option<u32>,
        /// A JSON file; - is standard input.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// List the accounts of a deployment, for operators: versions, and which of them are to be deleted.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// List what was done to an account, by whom and when, newest first.
    Audit {
        #[command(flatten)]
        place: Place,
        /// How many entries, at most 1000.
        #[arg(long, default_value_t = 100)]
        limit: u16,
    },
    /// Write everything of an account to standard output, a line of JSON each.
    Export {
        #[command(flatten)]
        place: Place,
    },
    /// Delete an account: its campaigns take nothing from now on, and in 30 days everything of it is gone.
    Delete {
        #[command(flatten)]
        place: Place,
        /// Why, for the audit list.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Take the deletion of an account back, within its 30 days.
    Restore {
        #[command(flatten)]
        place: Place,
    },
}

pub fn run(command: &Command, as_json: bool) -> Result<bool> {
    match command {
        Command::Check { development, file } => check(*development, file, as_json),
        Command::Upgrade { at, client, accounts } => upgrade(at, client, accounts, as_json),
        Command::Put { to, client, reason, over, file } => {
            put((to, client), reason.as_deref(), *over, file, as_json)
        }
        Command::List { place } => account_life::list(place, as_json),
        Command::Audit { place, limit } => account_life::audit(place, *limit, as_json),
        Command::Export { place } => account_life::export(place),
        Command::Delete { place, reason } => account_life::delete(place, reason.as_deref(), as_json),
        Command::Restore { place } => account_life::restore(place, as_json),
    }
}

fn upgrade(at: &str, client: &str, accounts: &[String], as_json: bool) -> Result<bool> {
    let deployment = Deployment::enter(at, client, &client_secret()?)?;
    let accounts = if accounts.is_empty() { seen(&deployment)? } else { accounts.to_vec() };
    let mut found = Vec::new();
    for account in &accounts {
        if !is_name(account) {
            bail!("{account} is not the name of an account")
        }
        let answer = deployment.get(&format!("/v1/accounts/{account}"))?;
        let fault = if answer.done {
            fault_on_shared_callback(&answer.body["document"])
        } else {
            Some(sentence(&answer.body).to_owned())
        };
        found.push((account, fault));
    }
    let good = found.iter().all(|(_, fault)| fault.is_none());
    if as_json {
        let rows: Vec<_> = found
            .iter()
            .map(|(account, fault)| {
                json!({ "account": account, "says": fault, "register": fault.as_ref().map(|_| deployment.redirect_uri(account)) })
            })
            .collect();
        show::document(&json!({ "good": good, "accounts": rows }), true);
        return Ok(good);
    }
    for (account, fault) in &found {
        match fault {
            None => println!("✓ {account}"),
            Some(fault) => {
                println!("✗ {account}  {fault}");
                println!("    register {} at its identity provider,", deployment.redirect_uri(account));
                println!("    and set \"redirectUri\": \"account\" in its document");
            }
        }
    }
    Ok(good)
}

/// The accounts that took decisions in the last day.
fn seen(deployment: &Deployment) -> Result<Vec<String>> {
    let answer = deployment.get("/v1/overview")?;
    if !answer.done {
        bail!("the deployment does not list its accounts: {}", sentence(&answer.body))
    }
    Ok(rows(&answer.body["accounts"]).iter().map(|row| text_of(&row["account"]).to_owned()).collect())
}

/// What keeps a stored document off the shared callback, which every account used that did not say otherwise.
fn fault_on_shared_callback(document: &Value) -> Option<String> {
    let mut document = document.clone();
    if let Some(oauth) = document["oauth"].as_object_mut() {
        let redirect_uri = oauth.entry("redirectUri").or_insert(Value::Null);
        if redirect_uri.is_null() {
            *redirect_uri = "shared".into();
        }
    }
    let faults = Account::parse(document.to_string().as_bytes(), true).err().unwrap_or_default();
    faults.into_iter().find(|fault| fault.code == Code::MixupRefused).map(|fault| fault.message)
}

fn put(
    (to, client): (&str, &str),
    reason: Option<&str>,
    over: Option<u32>,
    file: &Path,
    as_json: bool,
) -> Result<bool> {
    let secret = client_secret()?;
    let text = files::read(file)?;
    let document: Value = serde_json::from_str(&text).context("the document is not JSON")?;
    let account = document["account"].as_str().filter(|name| is_name(name));
    let account = account.context("the document has no name in its member \"account\"")?;
    let path = with_reason(format!("/v1/accounts/{account}"), reason);
    let answer = Deployment::enter(to, client, &secret)?.put_over(&path, &text, over)?;
    if as_json {
        show::document(&answer.body, true);
    } else if answer.done {
        for warning in rows(&answer.body["warnings"]) {
            println!("! {}  {}", text_of(&warning["at"]), text_of(&warning["message"]));
        }
        let what = if answer.body["changed"] == false { "is as it was" } else { "is written" };
        println!("{account} {what}: version {}", answer.body["version"]);
    } else {
        show_refusal(&answer.body);
    }
    Ok(answer.done)
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
