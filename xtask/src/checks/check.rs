//! `cargo xtask check`: everything that can be said without running a test.

use crate::checks::stage::Stages;
use crate::files::repository;
use crate::package;
use crate::package::module;
use crate::programs::command::Program;
use crate::programs::setup;
use anyhow::{Context, Result, bail};
use std::env::consts::EXE_EXTENSION;
use std::fs;
use std::path::Path;

/// The TypeScript projects, each with the globals of its own runtime.
const PROJECTS: &[&str] = &[".", "pkg-template", "worker", "www"];

/// How cargo checks what is compiled for the modules: in their own profile, whose macros and build scripts are built already.
const AS_MODULES: [&str; 4] = ["--target", setup::WASM, "--profile", "release"];

/// Runs all checks; whether all went well.
pub fn run() -> Result<bool> {
    let mut stages = Stages::default();
    stages.run("format", || format().map(|()| None));
    stages.run("lints", || lints().map(|()| None));
    stages.run("documentation", || documentation().map(|()| None));
    if stages.run("package", || package::make().map(|()| None)) {
        stages.run("types", || types().map(|()| None));
        stages.run("no RSA secrets", || no_private_rsa().map(|()| None));
    } else {
        stages.not_run("types", "there is no package");
        stages.not_run("no RSA secrets", "there is no module");
    }
    stages.run("without std", || without_std().map(|()| None));
    stages.run("no randomness", || no_randomness().map(|()| None));
    stages.run("packages", || packages().map(|()| None));
    stages.run("lock files", || lock_files().map(|()| None));
    Ok(stages.report())
}

/// The format of every Rust file.
pub fn format() -> Result<()> {
    setup::rust_component("fmt", "rustfmt")?;
    Program::cargo().args(["fmt", "--all", "--check"]).run()
}

/// Clippy on everything, warnings refused: core, tests and build tools, then the modules.
pub fn lints() -> Result<()> {
    setup::rust_component("clippy", "clippy")?;
    clippy(&["--workspace", "--all-targets"])?;
    lints_of_modules()
}

/// Clippy on what is compiled for the modules alone: the boundary, and the small one.
pub fn lints_of_modules() -> Result<()> {
    setup::rust_target(setup::WASM)?;
    clippy(&[&["--lib", "--no-default-features", "--features", module::FEATURES], &AS_MODULES[..]].concat())?;
    clippy(&[&["--lib", "--package", "handstamp-verify"], &AS_MODULES[..]].concat())
}

fn clippy(part: &[&str]) -> Result<()> {
    let clippy = Program::cargo().args(["clippy", "--quiet", "--locked"]).args(part);
    clippy.args(["--", "-D", "warnings"]).run()
}

/// Has cargo lint what it compiles, warnings refused: Clippy's driver is a whole compiler, and `cargo clippy` sets it just so for
/// `cargo check`. A fresh machine then compiles everything once, where lints of their own cost it a minute more.
pub fn linted(cargo: Program) -> Result<Program> {
    setup::rust_component("clippy", "clippy")?;
    let compiler = Program::new("rustc").args(["--print", "sysroot"]).stdout()?;
    let driver = Path::new(compiler.trim()).join("bin/clippy-driver").with_extension(EXE_EXTENSION);
    let separator = "__CLIPPY_HACKERY__";
    Ok(cargo.env("RUSTC_WORKSPACE_WRAPPER", driver).env("CLIPPY_ARGS", ["-Dwarnings", ""].join(separator)))
}

/// The documentation of the crates, warnings refused: a link that leads nowhere or to something private is one. With its
/// features the boundary is documented beside all else, so the core is read once; the small module apart, as it has no std.
pub fn documentation() -> Result<()> {
    setup::rust_target(setup::WASM)?;
    let core = ["--package", "handstamp", "--package", "handstamp-jwa", "--features", "handstamp/accounts"];
    for part in [&core[..], &["--package", "handstamp-verify"]] {
        let rustdoc = Program::cargo().args(["doc", "--quiet", "--locked", "--no-deps", "--lib"]).args(part);
        rustdoc.args(AS_MODULES).env("RUSTDOCFLAGS", "-Dwarnings").run()?;
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
        module::FEATURES,
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

/// The packages that the core is to stand on, as the table in ARCHITECTURE.md says.
fn packages() -> Result<()> {
    let page = repository::read_text("ARCHITECTURE.md")?;
    let (_, table) =
        page.split_once("## The packages of the card").context("ARCHITECTURE.md has no table")?;
    let (table, _) = table.split_once("\n\nEach").context("the table has no end")?;
    let names: Vec<_> = table.lines().filter_map(|row| row.strip_prefix("| `")?.split('`').next()).collect();
    let tree = ["tree", "--locked", "--target", setup::WASM, "--features", "wasm,rsa", "--prefix", "none"];
    let tree = Program::cargo().args(tree).args(["--edges", "normal", "--depth", "1"]).stdout()?;
    let there: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let missing: Vec<_> = names.iter().filter(|name| !there.contains(name)).collect();
    if names.len() != 10 || !missing.is_empty() {
        bail!("{} packages of the table, of which the core does not use {missing:?}", names.len());
    }
    println!("the core uses {}", names.join(", "));
    Ok(())
}

/// The lock files of the crates beside the workspace, which no other stage builds, are what their manifests ask for.
fn lock_files() -> Result<()> {
    for manifest in ["benches/native/Cargo.toml", "fuzz/Cargo.toml"] {
        let metadata = ["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest];
        Program::cargo().args(metadata).stdout()?;
    }
    Ok(())
}

/// Nothing in the module computes with an RSA private key (RUSTSEC-2023-0071): the linker left none of the functions of
/// `rsa` for private keys in it. What reads the numbers of a private key for the host is another crate's.
fn no_private_rsa() -> Result<()> {
    let module = fs::read(module::ACCOUNTS.path())?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_$.".contains(byte);
    let names = module.split(|byte| !is_name(byte)).filter_map(|name| std::str::from_utf8(name).ok());
    let names: Vec<_> = names.filter(|name| name.contains("_ZN")).collect();
    // Our own verification is always there: without its name, there are no names to look at.
    if !names.iter().any(|name| name.contains("handstamp4jose9algorithm3rsa")) {
        bail!("the module has lost the names of its functions, so that nothing can be said about them");
    }
    let of_rsa: Vec<_> =
        names.iter().filter(|name| name.contains("_ZN3rsa") || name.contains("$LT$rsa..")).collect();
    let private = ["RsaPrivateKey", "private", "decrypt", "blind", "recover_primes", "PrecomputedValues"];
    let found: Vec<_> = of_rsa.iter().filter(|name| private.iter().any(|word| name.contains(word))).collect();
    if !found.is_empty() {
        bail!("code for RSA private keys is in the module: {found:?}");
    }
    println!("{} functions of rsa in the module, none of them for private keys", of_rsa.len());
    Ok(())
}
