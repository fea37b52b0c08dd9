//! `handstamp secret`: the secrets that an account's document names, each for its purpose. A value is read from a file or
//! standard input, where no list of processes shows it, and is never shown.

use crate::{
    accounts::{is_name, rows, show_refusal, text_of},
    deployment::{Deployment, client_secret},
    files, show,
};
use anstream::println;
use anyhow::{Result, bail};
use clap::{Args, Subcommand, ValueEnum};
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
}

#[derive(Args)]
pub struct Place {
    /// Where the deployment is, like https://campaigns.example.com.
    #[arg(long)]
    to: String,
    /// The client's id. Its secret stands in the variable HANDSTAMP_CLIENT_SECRET, where no list of processes shows it.
    #[arg(long)]
    client: String,
    /// The account; that of the client, if it is one of an account.
    #[arg(long)]
    account: Option<String>,
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
}

impl Place {
    /// Enters the deployment, and returns the account with it.
    pub fn enter(&self) -> Result<(Deployment, &str)> {
        let account = self.account()?;
        Ok((Deployment::enter(&self.to, &self.client, &client_secret()?)?, account))
    }

    fn account(&self) -> Result<&str> {
        let of_client = self.client.split_once('.').map(|(account, _)| account);
        match self.account.as_deref().or(of_client) {
            Some(name) if is_name(name) => Ok(name),
            Some(name) => bail!("{name} is not the name of an account"),
            None => bail!("say --account NAME: this client belongs to no account"),
        }
    }
}

pub fn run(command: &Command, as_json: bool) -> Result<bool> {
    match command {
        Command::Put { place, purpose, name, file } => put(place, *purpose, name, file, as_json),
        Command::List { place } => list(place, as_json),
    }
}

fn put(place: &Place, purpose: Option<Purpose>, name: &str, file: &Path, as_json: bool) -> Result<bool> {
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) {
        bail!("the name of a secret must have 1 to 64 letters, digits, _, - or dots")
    }
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
