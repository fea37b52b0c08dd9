//! `handstamp people`: the people who sign in to the console of an account. The link of an invitation is shown this once; it is
//! good once, for seven days.

use crate::{
    answers::{rows, show_refusal, text_of},
    place::Place,
    show,
};
use anstream::println;
use anyhow::{Result, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::json;

#[derive(Subcommand)]
pub enum Command {
    /// Invite a person to the console, such as the first owner of an account.
    Invite {
        #[command(flatten)]
        place: Place,
        /// What the person may do.
        #[arg(long, default_value = "owner")]
        role: Role,
        /// The id of a person who has lost their passkey; the new one replaces it.
        #[arg(long, allow_hyphen_values = true)]
        person: Option<String>,
        /// The name that colleagues see.
        name: String,
    },
    /// List the people and the open invitations of an account.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Remove a person, or withdraw an invitation.
    Remove {
        #[command(flatten)]
        place: Place,
        /// The id, as `list` shows it; it may begin with a hyphen.
        #[arg(allow_hyphen_values = true)]
        id: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Role {
    /// Everything, also people and clients.
    Owner,
    /// Sign-on, keys and tests.
    Setup,
    /// Campaigns and statistics.
    Manager,
    /// Refusals by reference.
    Support,
}

pub fn run(command: &Command, as_json: bool) -> Result<bool> {
    match command {
        Command::Invite { place, role, person, name } => {
            invite(place, *role, person.as_deref(), name, as_json)
        }
        Command::List { place } => list(place, as_json),
        Command::Remove { place, id } => remove(place, id, as_json),
    }
}

fn invite(place: &Place, role: Role, person: Option<&str>, name: &str, as_json: bool) -> Result<bool> {
    let (deployment, account) = place.enter()?;
    let mut body = json!({ "name": name });
    if let Some(role) = role.to_possible_value() {
        body["role"] = role.get_name().into();
    }
    if let Some(person) = person {
        body["person"] = person.into();
    }
    let answer = deployment.post(&format!("/v1/accounts/{account}/invitations"), &body.to_string())?;
    match (as_json, answer.done) {
        (true, _) => show::document(&answer.body, true),
        (false, true) => println!(
            "{}\ngood once, until {}",
            text_of(&answer.body["link"]),
            text_of(&answer.body["expiresAt"])
        ),
        (false, false) => show_refusal(&answer.body),
    }
    Ok(answer.done)
}

fn list(place: &Place, as_json: bool) -> Result<bool> {
    let (deployment, account) = place.enter()?;
    let answer = deployment.get(&format!("/v1/accounts/{account}/people"))?;
    if as_json {
        show::document(&answer.body, true);
    } else if answer.done {
        for person in rows(&answer.body["people"]) {
            println!(
                "{}  {}  {}",
                text_of(&person["id"]),
                text_of(&person["role"]),
                text_of(&person["name"])
            );
        }
        for open in rows(&answer.body["invitations"]) {
            let (id, role, name) = (text_of(&open["id"]), text_of(&open["role"]), text_of(&open["name"]));
            println!("{id}  {role}  {name}, invited until {}", text_of(&open["expiresAt"]));
        }
    } else {
        show_refusal(&answer.body);
    }
    Ok(answer.done)
}

fn remove(place: &Place, id: &str, as_json: bool) -> Result<bool> {
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
        bail!("the id of a person has letters, digits, _ and - only; `handstamp people list` shows it")
    }
    let (deployment, account) = place.enter()?;
    let answer = deployment.delete(&format!("/v1/accounts/{account}/people/{id}"))?;
    match (as_json, answer.done) {
        (true, true) => show::document(&json!({ "account": account, "removed": id }), true),
        (true, false) => show::document(&answer.body, true),
        (false, true) => println!("{id} is removed from {account}"),
        (false, false) => show_refusal(&answer.body),
    }
    Ok(answer.done)
}
