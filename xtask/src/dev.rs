//! `cargo xtask dev`: the package, then the demo on this machine's own addresses.

use crate::package;
use crate::programs::command::Program;
use anyhow::{Context, Result};

/// Where the parts listen.
#[derive(clap::Args)]
pub struct Options {
    /// Start everything on free ports, walk through both techniques, report each step and stop.
    #[arg(long)]
    check: bool,
    /// Port of the worker.
    #[arg(long, value_name = "PORT")]
    port_worker: Option<u16>,
    /// Port of the customer's site.
    #[arg(long, value_name = "PORT")]
    port_site: Option<u16>,
    /// Port of the login server.
    #[arg(long, value_name = "PORT")]
    port_provider: Option<u16>,
}

/// Runs the demo until it is stopped; whether it ended well.
pub fn run(options: &Options) -> Result<bool> {
    package::make()?;
    let mut program = Program::node(if options.check { "demo/check.mjs" } else { "demo/serve.mjs" });
    let ports = [
        ("--port-worker", options.port_worker),
        ("--port-site", options.port_site),
        ("--port-provider", options.port_provider),
    ];
    for (name, port) in ports {
        if let Some(port) = port {
            program = program.arg(name).arg(port.to_string());
        }
    }
    become_program(program)
}

/// Becomes the program, so that signals reach it and its exit code is ours.
#[cfg(unix)]
fn become_program(program: Program) -> Result<bool> {
    use std::os::unix::process::CommandExt as _;
    let line = program.line().to_owned();
    Err(program.into_command().exec()).with_context(|| format!("cannot start `{line}`"))
}

/// Runs the program and waits: Ctrl-C reaches both of us.
#[cfg(not(unix))]
fn become_program(program: Program) -> Result<bool> {
    let line = program.line().to_owned();
    let status = program.into_command().status().with_context(|| format!("cannot start `{line}`"))?;
    Ok(status.success())
}
