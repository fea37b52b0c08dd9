//! What a command needs before it can run: a Rust target, Node, the npm packages of the lock file.

use crate::files::repository::path;
use crate::programs::command::Program;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;

/// The target of the module.
pub const WASM: &str = "wasm32-unknown-unknown";
/// A target without std: what builds for it needs nothing but core and alloc.
pub const NO_STD: &str = "wasm32v1-none";
/// The oldest Node that runs everything here.
const OLDEST_NODE: u32 = 20;

/// Makes sure that rustc can build for `target`.
pub fn rust_target(target: &str) -> Result<()> {
    let folder = Program::new("rustc").args(["--print", "target-libdir", "--target", target]).stdout()?;
    if PathBuf::from(folder.trim()).exists() {
        return Ok(());
    }
    println!("set-up   rustup target add {target}");
    Program::new("rustup").args(["target", "add", target]).run().with_context(|| {
        format!("the Rust target {target} is missing; without rustup, install it with your system's packages")
    })
}

/// Makes sure that cargo has a command that comes as a component of its own, such as `fmt` or `clippy`.
pub fn rust_component(command: &str, component: &str) -> Result<()> {
    if Program::cargo().args([command, "--version"]).output()?.status.success() {
        return Ok(());
    }
    println!("set-up   rustup component add {component}");
    let install = Program::new("rustup").args(["component", "add", component]).run();
    install.with_context(|| {
        format!("`cargo {command}` is missing; without rustup, install it with your system's packages")
    })
}

/// Makes sure that Node is there and new enough.
pub fn node() -> Result<()> {
    let version = Program::new("node").arg("--version").stdout().context("Node 20 or newer is needed")?;
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!("Node {OLDEST_NODE} or newer is needed; `node --version` says {}", version.trim());
    }
    Ok(())
}

/// Makes sure that node_modules is what the lock file says.
pub fn npm_packages() -> Result<()> {
    npm_packages_of(".", &["ci"], true)
}

/// The same for a folder with a lock file of its own, by a command of npm's; `complete` says whether all that is
/// wanted was installed the last time.
pub fn npm_packages_of(folder: &str, command: &[&str], complete: bool) -> Result<()> {
    node()?;
    let changed = |file: &str| fs::metadata(path(folder).join(file)).and_then(|data| data.modified()).ok();
    // npm writes this copy of the lock file when it has finished.
    let installed = changed("node_modules/.package-lock.json");
    if complete && installed.is_some() && installed >= changed("package-lock.json") {
        return Ok(());
    }
    println!("set-up   npm {} in {folder}", command.join(" "));
    let npm = Program::new("npm").args(command);
    npm.args(["--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder]).run()
}
