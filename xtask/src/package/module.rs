//! The modules as the compiler makes them: the one with accounts, the one without, and the small ones of handstamp/verify and
//! of the campaign frame.

use crate::files::fingerprint::{Fingerprint, Mark};
use crate::files::repository::{self, path};
use crate::programs::command::Program;
use crate::programs::setup;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The features of the module with accounts: all but the larger curves, which are left to the host's WebCrypto.
pub const FEATURES: &str = "accounts,variable-time,whole";

/// A module, and how it is compiled.
pub struct Module {
    pub name: &'static str,
    /// What cargo calls it.
    crate_name: &'static str,
    profile: &'static str,
    arguments: &'static [&'static str],
    flags: &'static [&'static str],
}

/// With SIMD a small HS256 token takes 7 % less, everything else 2 to 5 %, and the module is 6 KB smaller (gzip). It came with
/// Chrome 91, Firefox 89 and Safari 16.4. The core is compiled as small as can be, which would also keep the smallest
/// functions out of line: every token would take a tenth longer. The threshold is that of opt-level "s".
const FLAGS: &[&str] = &["-Ctarget-feature=+simd128", "-Cllvm-args=-inline-threshold=50"];

/// The module of handstamp/account, handstamp/oauth and the worker.
pub const ACCOUNTS: Module = Module {
    name: "handstamp_accounts",
    crate_name: "handstamp",
    profile: "release",
    arguments: &["--no-default-features", "--features", FEATURES],
    flags: FLAGS,
};

/// The module of handstamp: tokens alone.
pub const TOKENS: Module = Module {
    name: "handstamp",
    crate_name: "handstamp",
    profile: "release",
    arguments: &["--no-default-features", "--features", "wasm,variable-time,whole"],
    flags: FLAGS,
};

const SMALL_FLAGS: &[&str] = &["--cfg=sha2_backend_soft=\"compact\""];

/// The module of handstamp/verify.
pub const VERIFY: Module = Module {
    name: "handstamp_verify",
    crate_name: "handstamp_verify",
    profile: "small",
    arguments: &["--package", "handstamp-verify", "--no-default-features", "--features", "verification"],
    flags: SMALL_FLAGS,
};

/// The module of the campaign frame.
pub const LOOK: Module = Module {
    name: "handstamp_look",
    crate_name: "handstamp_verify",
    profile: "small",
    arguments: &["--package", "handstamp-verify", "--no-default-features", "--features", "look"],
    flags: SMALL_FLAGS,
};

impl Module {
    /// What the compiler leaves, with the names of its functions.
    pub fn path(&self) -> PathBuf {
        self.path_in(&repository::target())
    }

    fn path_in(&self, target: &Path) -> PathBuf {
        target.join("modules").join(self.name).with_extension("wasm")
    }

    /// Keeps what the compiler has made below a target folder: cargo calls both modules of one crate the same.
    pub fn keep(&self, target: &Path) -> Result<PathBuf> {
        let made = target.join(setup::WASM).join(self.profile).join(self.crate_name).with_extension("wasm");
        let (made, kept) = (fs::read(made).context("cargo made no module")?, self.path_in(target));
        if fs::read(&kept).ok().as_ref() != Some(&made) {
            fs::create_dir_all(kept.parent().unwrap_or(target))?;
            fs::write(&kept, made)?;
        }
        Ok(kept)
    }

    /// Its compiler, for sources in this folder.
    pub fn compiler(&self, sources: &Path) -> Program {
        // The crate type is asked for here and not in the manifest: a no_std crate that always asks for a
        // cdylib cannot be checked natively.
        let cargo = Program::cargo().args(["rustc", "--lib", "--crate-type", "cdylib", "--locked"]);
        let cargo = cargo.args(["--target", setup::WASM, "--profile", self.profile]).args(self.arguments);
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(sources, self.flags))
    }

    /// A small module, optimised once more: what the compiler leaves is 15 % larger.
    pub fn optimised(&self) -> Result<PathBuf> {
        let to = repository::target().join(self.name).with_extension("wasm");
        Program::node("xtask/js/optimise.mjs").args([self.path(), to.clone()]).run()?;
        Ok(to)
    }

    /// Builds a module, unless it was made from the same before. Cargo itself cannot say so: it keeps the modules of a crate under
    /// one name, whatever their features, and makes each anew after the other.
    pub fn compile(&self) -> Result<PathBuf> {
        let path = self.path();
        let (mark, made_from) = (Mark::at(path.with_extension("made-from")), self.made_from()?);
        if mark.is(&made_from) && path.exists() {
            return Ok(path);
        }
        println!("{}   compiling (about a minute the first time)", self.name);
        let started = Instant::now();
        mark.clear();
        self.compiler(&repository::root()).run()?;
        self.keep(&repository::target())?;
        mark.set(&made_from)?;
        println!("{}   compiled in {:.1} s", self.name, started.elapsed().as_secs_f32());
        Ok(path)
    }

    /// Returns the fingerprint of all that a module is made from: sources, compiler, flags, and how this program asks for it.
    fn made_from(&self) -> Result<String> {
        let mut fingerprint = Fingerprint::new()?;
        for file in ["Cargo.toml", "Cargo.lock", "build.rs", "boundary.json", "errors.json"] {
            fingerprint.file(&path(file))?;
        }
        for folder in ["src", "jwa", "verify"] {
            fingerprint.folder(&path(folder))?;
        }
        fingerprint.text(&Program::new("rustc").arg("-vV").stdout()?);
        fingerprint.text(&flags(&repository::root(), self.flags));
        Ok(fingerprint.finish())
    }
}

/// Compiler flags: a module's own, and those that keep this machine's folders out of it, so that every machine makes
/// the same.
fn flags(sources: &Path, own: &[&str]) -> String {
    let registry = repository::cargo_home().join("registry/src");
    let given = std::env::var("RUSTFLAGS").unwrap_or_default();
    let mut flags: Vec<_> = given.split_whitespace().chain(own.iter().copied()).map(str::to_owned).collect();
    flags.extend(
        [registry.as_path(), sources].map(|folder| format!("--remap-path-prefix={}=", folder.display())),
    );
    // The separator that cargo splits at: paths may hold spaces.
    flags.join("\u{1f}")
}
