//! `cargo xtask reproduce`: the modules of the last commit, built twice from nothing in folders of different names. The
//! same bytes must come out, or nobody could tell whether the published module was made from the published sources.

use crate::files::repository;
use crate::package::module;
use crate::programs::command::Program;
use crate::programs::setup;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// Names of different length, so that a path that gets into the module moves what comes behind it.
const FOLDERS: [&str; 2] = ["one", "another-place-of-the-same"];

/// Builds each module in both; whether they are the same.
pub fn run() -> Result<bool> {
    setup::rust_target(setup::WASM)?;
    let base = repository::target().join("reproduce");
    let folders = FOLDERS.map(|name| base.join(name));
    for folder in &folders {
        sources(folder)?;
    }
    let mut all_same = true;
    for module in [&module::ACCOUNTS, &module::TOKENS, &module::VERIFY, &module::LOOK] {
        let [first, second] = folders.each_ref().map(|folder| build(folder, module));
        let (first, second) = (first?, second?);
        let same = fs::read(&first)? == fs::read(&second)?;
        for module in [&first, &second] {
            println!("{}  {}", digest(module)?, module.display());
        }
        println!("{}", if same { "the same bytes" } else { "DIFFERENT" });
        all_same &= same;
    }
    Ok(all_same)
}

/// The last commit's sources, in an empty folder.
fn sources(folder: &Path) -> Result<()> {
    let sources = folder.join("sources");
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(&sources)?;
    let archive = folder.join("sources.tar");
    Program::new("git").args(["archive", "--format=tar", "--output"]).arg(&archive).arg("HEAD").run()?;
    Program::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&sources).run()
}

/// The module that comes of a folder's sources.
fn build(folder: &Path, module: &module::Module) -> Result<PathBuf> {
    let (sources, target) = (folder.join("sources"), folder.join("target"));
    let compiler = module.compiler(&sources).arg("--quiet").env("CARGO_TARGET_DIR", &target);
    let line = compiler.line().to_owned();
    let status = compiler.into_command().current_dir(&sources).status()?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    module.keep(&target)
}

fn digest(file: &Path) -> Result<String> {
    let script = "crypto.createHash('sha256').update(fs.readFileSync(process.argv[1])).digest('hex')";
    Ok(Program::new("node").args(["-p", script]).arg(file).stdout()?.trim().to_owned())
}
