//! Which deployment and which account a command is about, and as which client.

use crate::deployment::{Deployment, client_secret};
use anyhow::{Result, bail};
use clap::Args;

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

impl Place {
    fn account(&self) -> Result<&str> {
        let of_client = self.client.split_once('.').map(|(account, _)| account);
        match self.account.as_deref().or(of_client) {
            Some(name) if is_name(name) => Ok(name),
            Some(name) => bail!("{name} is not the name of an account"),
            None => bail!("say --account NAME: this client belongs to no account"),
        }
    }

    /// Enters the deployment, and returns the account with it.
    pub fn enter(&self) -> Result<(Deployment, &str)> {
        let account = self.account()?;
        Ok((self.deployment()?, account))
    }

    /// Enters the deployment for what is about no account, or about all.
    pub fn deployment(&self) -> Result<Deployment> {
        Deployment::enter(&self.to, &self.client, &client_secret()?)
    }
}

/// As the deployment has it: a name is a part of an address.
pub fn is_name(name: &str) -> bool {
    name.len() <= 32
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
}
