//! `cargo xtask test`: every test, stage by stage, on a fresh clone too.

use crate::checks::check;
use crate::checks::stage::{Stages, count_tests};
use crate::files::repository::{self, files_below, path};
use crate::package;
use crate::programs::command::Program;
use crate::programs::{browser, setup};
use anyhow::Result;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

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

/// The folders of Rust tests, the seconds that each may take, and how cargo is asked for them.
const RUST: [(&str, u64, &[&str]); 8] = [
    ("src", 3, &["--lib"]),
    ("tests/core", 30, &["--test", "core"]),
    ("tests/strictness", 6, &["--test", "strictness"]),
    ("tests/variable_time", 3, &["--test", "variable_time"]),
    ("tests/wycheproof", 12, &["--test", "wycheproof"]),
    ("cli", 10, &["--bins", "--test", "command_line", "--test", "rotation"]),
    ("tests/examples", 3, &["--test", "examples"]),
    ("examples in src", 10, &["--doc"]),
];

/// The folders of JavaScript tests, which run at once, and the seconds of that time that each may take.
const SCRIPTS: [(&str, u64); 3] =
    [("tests/js/browser", 160), ("tests/js/worker", 155), ("tests/js/package", 50)];

/// Runs every stage; whether all went well.
pub fn run(options: &Options) -> Result<bool> {
    let mut stages = Stages::default();
    stages.run("set-up", || {
        setup::rust_target(setup::WASM)?;
        setup::node()?;
        Ok(None)
    });
    // The modules are optimised as a whole, by one core, npm waits for the network, and the lints of the modules need the macros
    // that made them: meanwhile the others have work.
    let made = thread::scope(|scope| {
        let beside = scope.spawn(|| {
            let mut beside = Stages::default();
            let made = beside.run("package", || package::make().map(|()| None));
            beside.run("lint modules", || check::lints_of_modules().map(|()| None));
            beside.run("documentation", || check::documentation().map(|()| None));
            (made, beside)
        });
        stages.run("format", || check::format().map(|()| None));
        stages.run("compile and lint", || rust(&["--no-run"])?.run().map(|()| None));
        for (folder, budget, what) in RUST {
            stages.run_within(folder, budget, || count_tests(rust(what)?));
        }
        stages.run_within("xtask", 3, || {
            let cargo = Program::cargo().args(["test", "--locked", "--quiet", "--package", "xtask"]);
            count_tests(check::linted(cargo)?)
        });
        let (made, beside) = beside.join().unwrap_or_else(|fault| resume_unwind(fault));
        stages.extend(beside);
        made
    });
    if made {
        stages.run("types", || check::types().map(|()| None));
        stages.run_folders(&SCRIPTS, scripts(options));
        stages
            .run_within("demo", 15, || count_tests(with_browser(Program::node("demo/check.mjs"), options)?));
    } else {
        for name in ["types"].into_iter().chain(SCRIPTS.map(|(folder, _)| folder)).chain(["demo"]) {
            stages.not_run(name, "there is no package");
        }
    }
    Ok(stages.report())
}

/// Cargo's tests of the core and the command line, always of both: asked for one without the other, cargo would compile the
/// crates below with other features once more.
fn rust(what: &[&str]) -> Result<Program> {
    let both = ["test", "--locked", "--no-fail-fast", "--package", "handstamp", "--package", "handstamp-cli"];
    check::linted(Program::cargo().args(both).args(what))
}

/// The runner of `tests/js/**/*.test.mjs`.
fn scripts(options: &Options) -> Result<Program> {
    let mut files = files_below(&path("tests/js"))?;
    files.retain(|file| file.to_str().is_some_and(|name| name.ends_with(".test.mjs")));
    let files = files.iter().map(|file| Path::new("tests/js").join(file));
    let node = Program::node("tests/js/run.mjs").args(files).env("HANDSTAMP_COMMAND_LINE", command_line());
    let node = if options.thorough { node.env("HANDSTAMP_THOROUGH", "1") } else { node };
    with_browser(node, options)
}

/// The command line as its own tests have built it.
fn command_line() -> PathBuf {
    repository::target().join("debug/handstamp").with_extension(std::env::consts::EXE_EXTENSION)
}

fn with_browser(program: Program, options: &Options) -> Result<Program> {
    Ok(program.env("CHROME_PATH", browser::find(options.install_browser)?))
}
