//! `cargo xtask deploy-check`: whether the worker as it is configured would run in production. Nothing is sent.

use crate::package;
use crate::programs::command::Program;
use crate::programs::setup;
use anyhow::Result;
use std::path::PathBuf;

/// Which deployment to look at.
#[derive(clap::Args)]
pub struct Options {
    /// The environment of worker/wrangler.jsonc; production without.
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// The secrets as JSON, the file of `wrangler secret bulk`.
    #[arg(long, value_name = "FILE", conflicts_with = "without_secrets")]
    secrets: Option<PathBuf>,
    /// Leave the secrets out, where they are not at hand.
    #[arg(long)]
    without_secrets: bool,
}

/// Prints a line for each thing looked at; whether all of them are well.
pub fn run(options: &Options) -> Result<bool> {
    setup::npm_packages()?;
    package::make()?;
    let mut script = Program::node("worker/command/handstamp-worker.mjs").arg("check");
    script = script.args(["--config", "worker/wrangler.jsonc"]);
    if let Some(env) = &options.env {
        script = script.arg("--env").arg(env);
    }
    if let Some(secrets) = &options.secrets {
        // The script runs in the repository's root, the file was named from where we are.
        script = script.arg("--secrets").arg(std::path::absolute(secrets)?);
    }
    if options.without_secrets {
        script = script.arg("--without-secrets");
    }
    Ok(script.into_command().status()?.success())
}
