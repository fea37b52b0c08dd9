//! `handstamp secret`: the secrets that an account's document names, each for its purpose. A value is read from a file or
//! standard input, where no list of processes shows it, and is never shown.

use crate::{
    answers::{rows, show_refusal, text_of},
    files,
    place::Place,
    show,
};
use anstream::println;
use anyhow::{Result, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub enum Command {
    /// Store a secret for one purpose; the document then says { "secret": "NAME" }.
    Put {
        #[command(flatten)]
        place: Place,
        /// What the secret is for. It is used for nothing else. Without it, the purpose stays; that of a new one is verify.
        #[arg(long)]
        purpose: Option<Purpose>,
        /// The name, which documents use.
        name: String,
        /// A file with the value; - is standard input. One line break at its end is not part of it.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// List the names and purposes of an account's secrets.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Delete a secret that the account's document does not name.
    Delete {
        #[command(flatten)]
        place: Place,
        /// The name of the secret.
        name: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Purpose {
    /// A key that verifies tokens.
    Verify,
    /// A key that decrypts tokens.
    Decrypt,
    /// The client secret or private key at the identity provider.
    Client,
    /// The key or the header of the webhook.
    Webhook,
    /// The secret of the check that a visitor is a person.
    Challenge,
    /// A header of the profile API, such as a gateway's key.
    Profile,
}

pub fn run(command: &Command, as_json: bool) -> Result<bool> {
    match command {
        Command::Put { place, purpose, name, file } => put(place, *purpose, name, file, as_json),
        Command::List { place } => list(place, as_json),
        Command::Delete { place, name } => delete(place, name, as_json),
    }
}

fn put(place: &Place, purpose: Option<Purpose>, name: &str, file: &Path, as_json: bool) -> Result<bool> {
    check_name(name)?;
    let text = files::read(file)?;
    let value = text.strip_suffix('\n').map_or(&*text, |text| text.strip_suffix('\r').unwrap_or(text));
    let mut body = json!({ "value": value });
    if let Some(purpose) = purpose.and_then(|purpose| purpose.to_possible_value()) {
        body["purpose"] = purpose.get_name().into();
    }
    let (deployment, account) = place.enter()?;
    let answer = deployment.put(&format!("/v1/accounts/{account}/secrets/{name}"), &body.to_string())?;
    match (as_json, answer.done) {
        (true, true) => show::document(&json!({ "account": account, "name": name, "stored": true }), true),
        (true, false) => show::document(&answer.body, true),
        (false, true) => {
            println!("{name} of {account} is stored: write {{ \"secret\": \"{name}\" }} in its document")
        }
        (false, false) => show_refusal(&answer.body),
    }
    Ok(answer.done)
}

fn list(place: &Place, as_json: bool) -> Result<bool> {
    let (deployment, account) = place.enter()?;
    let answer = deployment.get(&format!("/v1/accounts/{account}/secrets"))?;
    if as_json {
        show::document(&answer.body, true);
    } else if answer.done {
        for secret in rows(&answer.body["secrets"]) {
            let purposes: Vec<_> = rows(&secret["purposes"]).iter().map(text_of).collect();
            println!("{}  {}  {}", text_of(&secret["name"]), purposes.join(" "), text_of(&secret["at"]));
        }
    } else {
        show_refusal(&answer.body);
    }
    Ok(answer.done)
}

fn delete(place: &Place, name: &str, as_json: bool) -> Result<bool> {
    check_name(name)?;
    let (deployment, account) = place.enter()?;
    let answer = deployment.delete(&format!("/v1/accounts/{account}/secrets/{name}"))?;
    match (as_json, answer.done) {
        (true, true) => show::document(&json!({ "account": account, "name": name, "deleted": true }), true),
        (true, false) => show::document(&answer.body, true),
        (false, true) => println!("{name} of {account} is deleted"),
        (false, false) => show_refusal(&answer.body),
    }
    Ok(answer.done)
}

/// A name is a part of a URL.
fn check_name(name: &str) -> Result<()> {
    if !(1..=64).contains(&name.len())
        || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    {
        bail!("the name of a secret must have 1 to 64 letters, digits, _, - or dots")
    }
    Ok(())
}
