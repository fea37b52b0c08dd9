//! `cargo xtask check`: everything that can be said without running a test.

use crate::command::Program;
use crate::stage::Stages;
use crate::{package, setup};
use anyhow::{Result, bail};

/// The TypeScript projects, each with the globals of its own runtime.
const PROJECTS: &[&str] = &[".", "pkg-template", "worker", "www"];

/// Runs all checks; whether all went well.
pub fn run() -> Result<bool> {
    let mut stages = Stages::default();
    stages.run("format", || format().map(|()| None));
    stages.run("lints", || lints().map(|()| None));
    if stages.run("package", || package::make().map(|()| None)) {
        stages.run("types", || types().map(|()| None));
    } else {
        stages.not_run("types", "there is no package");
    }
    stages.run("without std", || without_std().map(|()| None));
    stages.run("no randomness", || no_randomness().map(|()| None));
    Ok(stages.report())
}

/// The format of every Rust file.
pub fn format() -> Result<()> {
    setup::rust_component("fmt", "rustfmt")?;
    Program::cargo().args(["fmt", "--all", "--check"]).run()
}

/// Clippy on everything, warnings refused: core, tests and build tools, then the boundary.
pub fn lints() -> Result<()> {
    setup::rust_component("clippy", "clippy")?;
    setup::rust_target(setup::WASM)?;
    let boundary = ["--lib", "--no-default-features", "--features", "wasm", "--target", setup::WASM];
    for part in [&["--workspace", "--all-targets"][..], &boundary[..]] {
        let clippy = Program::cargo().args(["clippy", "--quiet", "--locked"]).args(part);
        clippy.args(["--", "-D", "warnings"]).run()?;
    }
    Ok(())
}

/// The types of every JavaScript file.
pub fn types() -> Result<()> {
    setup::npm_packages()?;
    let mut wrong = Vec::new();
    for project in PROJECTS {
        if Program::tsc(project).run().is_err() {
            wrong.push(*project);
        }
    }
    if !wrong.is_empty() {
        bail!("types are wrong in {}", wrong.join(", "));
    }
    Ok(())
}

/// The core needs nothing but core and alloc: a target that has no std is enough to show it.
fn without_std() -> Result<()> {
    setup::rust_target(setup::NO_STD)?;
    Program::cargo().args(["check", "--quiet", "--locked", "--lib", "--target", setup::NO_STD]).run()
}

/// Randomness is an argument: no crate of the module may bring a generator of its own.
fn no_randomness() -> Result<()> {
    let tree = [
        "tree",
        "--locked",
        "--target",
        setup::WASM,
        "--no-default-features",
        "--features",
        "wasm",
        "--edges",
        "normal",
        "--invert",
        "getrandom",
    ];
    let output = Program::cargo().args(tree).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let absent = said.contains("did not match any packages") || said.contains("nothing to print");
    if !output.stdout.is_empty() || !absent {
        bail!("getrandom is in the module:\n{}{said}", String::from_utf8_lossy(&output.stdout));
    }
    Ok(())
}
