//! Running other programs: in the repository's root, with an error that names the whole command.

use crate::files::repository;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::process::{Command, Output, Stdio};

/// A program with its arguments, to be run in the repository's root.
pub struct Program {
    command: Command,
    line: String,
}

impl Program {
    /// A program by its name.
    pub fn new(name: &str) -> Self {
        // On Windows npm is a script, which only a name with its extension starts.
        let file = if cfg!(windows) && name == "npm" { "npm.cmd" } else { name };
        let mut command = Command::new(file);
        command.current_dir(repository::root());
        Self { command, line: name.to_owned() }
    }

    /// The cargo that runs us, told nothing that was meant for us alone.
    pub fn cargo() -> Self {
        let mut program = Self::new("cargo");
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
            program.command.env_remove(name);
        }
        program
    }

    /// Node with a script of the repository.
    pub fn node(script: &str) -> Self {
        Self::new("node").arg(script)
    }

    /// The TypeScript compiler of the lock file.
    pub fn tsc(project: &str) -> Self {
        Self::node("node_modules/typescript/bin/tsc").args(["--project", project])
    }

    /// One more argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.line = format!("{} {}", self.line, argument.as_ref().display());
        self.command.arg(argument);
        self
    }

    /// More arguments.
    pub fn args<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// One more variable of the environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The command as one would type it.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// Runs it with our own output; anything but success is an error.
    pub fn run(mut self) -> Result<()> {
        let status = self.command.stdin(Stdio::null()).status().with_context(|| cannot_start(&self.line))?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.line);
        }
        Ok(())
    }

    /// Runs it and keeps what it wrote, whether it succeeded or not.
    pub fn output(mut self) -> Result<Output> {
        self.command.stdin(Stdio::null()).output().with_context(|| cannot_start(&self.line))
    }

    /// What it wrote to its standard output; anything but success is an error that shows the rest.
    pub fn stdout(self) -> Result<String> {
        let line = self.line.clone();
        let output = self.output()?;
        if !output.status.success() {
            bail!(
                "`{line}` failed ({})\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim_end()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The command itself, for those who need pipes.
    pub fn into_command(self) -> Command {
        self.command
    }
}

fn cannot_start(line: &str) -> String {
    let name = line.split(' ').next().unwrap_or(line);
    format!("cannot start `{line}`: is {name} installed and in PATH?")
}
