//! `cargo xtask test`: every test, stage by stage, on a fresh clone too.

use crate::command::Program;
use crate::repository::{self, files_below, path};
use crate::stage::{Count, Stages, count_tests};
use crate::{browser, check, package, setup};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// How to test.
#[derive(clap::Args)]
pub struct Options {
    /// Install Chromium with apt-get when none is found (as root, on Debian); in CI this is done unasked.
    #[arg(long)]
    install_browser: bool,
    /// Also run what repeats a walk in another language, on another device or for every algorithm.
    #[arg(long)]
    thorough: bool,
}

/// The stages of JavaScript tests. A file belongs to the one that its path begins with, or else to the package.
const SCRIPTS: [&str; 3] = ["package tests", "worker tests", "browser tests"];

/// Runs every stage; whether all went well.
pub fn run(options: &Options) -> Result<bool> {
    let mut stages = Stages::default();
    stages.run("set-up", || {
        setup::rust_target(setup::WASM)?;
        setup::npm_packages()?;
        Ok(None)
    });
    stages.run("format", || check::format().map(|()| None));
    stages.run("lints", || check::lints().map(|()| None));
    stages.run("documentation", || check::documentation().map(|()| None));
    // In one go: asked for one after the other, each would compile the crates below with features of its own.
    stages.run("core, command line", || {
        let both = ["--package", "handstamp", "--package", "handstamp-cli"];
        count_tests(Program::cargo().args(["test", "--locked", "--no-fail-fast"]).args(both)).map(Some)
    });
    let build_tools = ["test", "--locked", "--quiet", "--package", "xtask", "--profile", "xtask"];
    stages.run("build tools", || count_tests(Program::cargo().args(build_tools)).map(Some));
    if stages.run("package", || package::make().map(|()| None)) {
        stages.run("types", || check::types().map(|()| None));
        for name in SCRIPTS {
            stages.run(name, || scripts(name, options).map(Some));
        }
        stages.run("demo", || count_tests(with_browser(Program::node("demo/check.mjs"), options)?).map(Some));
    } else {
        for name in ["types"].into_iter().chain(SCRIPTS).chain(["demo"]) {
            stages.not_run(name, "there is no package");
        }
    }
    Ok(stages.report())
}

/// Runs Node's own test runner over the stage's part of `tests/js/**/*.test.mjs`.
fn scripts(stage: &str, options: &Options) -> Result<Count> {
    let names =
        files_below(&path("tests/js"))?.into_iter().filter_map(|file| file.to_str().map(str::to_owned));
    let files: Vec<_> = names
        .filter(|name| name.ends_with(".test.mjs") && stage_of(name) == stage)
        .map(|name| format!("tests/js/{name}"))
        .collect();
    if files.is_empty() {
        bail!("there is no file for the {stage} in tests/js");
    }
    // The package's tests look at memory and break the module on purpose: each file has a process of its own.
    let node = match stage {
        "package tests" => Program::new("node")
            .args(["--test", "--test-reporter=spec", "--test-timeout=180000", "--test-concurrency=2"])
            .args(files),
        _ => Program::node("tests/js/run.mjs").args(files),
    };
    let node = node.env("HANDSTAMP_COMMAND_LINE", command_line());
    let node = if options.thorough { node.env("HANDSTAMP_THOROUGH", "1") } else { node };
    count_tests(if stage == "browser tests" { with_browser(node, options)? } else { node })
}

/// The command line as its own tests have built it.
fn command_line() -> PathBuf {
    repository::target().join("debug/handstamp").with_extension(std::env::consts::EXE_EXTENSION)
}

fn stage_of(name: &str) -> &'static str {
    let of = |stage: &&str| stage.split(' ').next().is_some_and(|beginning| name.starts_with(beginning));
    SCRIPTS.into_iter().find(|stage| of(stage)).unwrap_or("package tests")
}

fn with_browser(program: Program, options: &Options) -> Result<Program> {
    Ok(program.env("CHROME_PATH", browser::find(options.install_browser)?))
}
