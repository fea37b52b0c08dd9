//! `handstamp`: keys, tokens and settings on the command line, for those who make tokens.
//!
//! Exit codes: 0 all is well; 1 refused, or faults were found; 2 the command line is wrong; 3 a file, a key or the
//! settings cannot be used.

mod account_life;
mod accounts;
mod answers;
mod deployment;
mod entropy;
mod files;
mod jwks;
mod key;
mod keys;
mod pack;
mod people;
mod place;
mod rotate;
mod secrets;
mod show;
mod sign;
mod token;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Keys, tokens and settings of Handstamp.
#[derive(Parser)]
#[command(name = "handstamp", version, disable_help_subcommand = true)]
struct Arguments {
    /// Print JSON for programs.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make and rotate keys.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Sign, encrypt, verify and explain tokens.
    #[command(subcommand)]
    Token(token::Command),
    /// Look at key sets.
    #[command(subcommand)]
    Jwks(jwks::Command),
    /// Check and write account documents.
    #[command(subcommand)]
    Account(accounts::Command),
    /// Store and list the secrets that account documents name.
    #[command(subcommand)]
    Secret(secrets::Command),
    /// Invite people to the console, list and remove them.
    #[command(subcommand)]
    People(people::Command),
    /// Make and check the conformance pack: good and bad tokens with what must come of them.
    #[command(subcommand)]
    Pack(pack::Command),
}

fn main() -> ExitCode {
    let Arguments { json, command } = Arguments::parse();
    let done = match command {
        Command::Keys(command) => keys::run(&command, json),
        Command::Token(command) => token::run(command, json),
        Command::Jwks(command) => jwks::run(&command, json),
        Command::Account(command) => accounts::run(&command, json),
        Command::People(command) => people::run(&command, json),
        Command::Secret(command) => secrets::run(&command, json),
        Command::Pack(command) => pack::run(&command, json),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(fault) => {
            anstream::eprintln!("handstamp: {fault:#}");
            ExitCode::from(3)
        }
    }
}
