//! `cargo xtask matrix`: the packed package in every runtime and bundler, one verified token each, as a table.

use crate::files::repository::path;
use crate::package;
use crate::programs::command::Program;
use crate::programs::{browser, setup};
use anyhow::Result;

/// What to hold the package against.
#[derive(clap::Args)]
pub struct Options {
    /// Rspack, Rolldown, Parcel, Next, Vercel's edge runtime and the servers of frameworks too: two gigabytes to install.
    #[arg(long)]
    all: bool,
    /// Put the table into the README.
    #[arg(long)]
    write: bool,
    /// Only the rows whose name contains this.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Install Chromium with apt-get when none is found (as root, on Debian).
    #[arg(long)]
    install_browser: bool,
}

/// The folder with its own lock file: what is tested against is none of the repository's own tools.
const FOLDER: &str = "tests/matrix";

/// The frameworks, apart: they want other versions of one bundler.
const FRAMEWORKS: &str = "tests/matrix/frameworks";

/// Runs every row; whether all of them went well.
pub fn run(options: &Options) -> Result<bool> {
    package::make()?;
    let complete = !options.all || path(FOLDER).join("node_modules/next").exists();
    // Not `ci`, which refuses a lock file without the packages of platforms that a registry does not have. The
    // versions are those of the lock file all the same, and it is not written to.
    let command = ["install", "--no-save", "--omit=dev"];
    setup::npm_packages_of(FOLDER, if options.all { &command[..2] } else { &command }, complete)?;
    if options.all {
        setup::npm_packages_of(FRAMEWORKS, &command[..2], true)?;
        Program::tsc("tests/matrix/tsconfig.check.json").run()?;
    }
    let mut program = Program::node("tests/matrix/run.mjs");
    for (name, given) in [("--all", options.all), ("--write", options.write)] {
        if given {
            program = program.arg(name);
        }
    }
    if let Some(only) = &options.only {
        program = program.arg(format!("--only={only}"));
    }
    Ok(program.env("CHROME_PATH", browser::find(options.install_browser)?).run().is_ok())
}
