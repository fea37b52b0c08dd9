//! `cargo xtask bench`: how fast, how large in memory, against whom. What is measured and how: benches/README.md.

use crate::files::fingerprint::{Fingerprint, Mark};
use crate::files::repository::path;
use crate::package;
use crate::programs::browser;
use crate::programs::command::Program;
use anyhow::Result;

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// A rough look in less than a minute: three algorithms, few rounds, nothing native.
    #[arg(long)]
    quick: bool,
    /// How often the tables of latency are measured, one after the other.
    #[arg(long, default_value_t = 1)]
    times: u8,
    /// Write the ratios of every time into the README, and their medians into docs/speed.svg.
    #[arg(long)]
    write: bool,
    /// Only these parts: node, chromium, workerd, cold, memory, admit, native; or crossovers, by name only.
    #[arg(long, value_name = "PART", value_parser = PARTS)]
    only: Vec<String>,
    /// Measure the latency of these rows only: those whose name contains the text, as "HS256" or "RS256 large".
    #[arg(long, value_name = "TEXT")]
    row: Vec<String>,
    /// Measure the latency in workerd of these contenders only, as "handstamp" and "jose".
    #[arg(long, value_name = "NAME")]
    contender: Vec<String>,
}

const PARTS: [&str; 8] = ["node", "chromium", "workerd", "cold", "memory", "admit", "native", "crossovers"];

/// Measures; the tables go to standard output, the numbers to benches/results.
pub fn run(options: &Options) -> Result<bool> {
    package::make()?;
    contenders()?;
    let scripts: Vec<_> = options.only.iter().filter(|part| *part != "native").collect();
    if options.only.is_empty() || !scripts.is_empty() {
        let mut node = Program::node("benches/js/bench.mjs").env("CHROME_PATH", browser::find(false)?);
        node = node.args(["--times", &options.times.to_string()]);
        if options.quick {
            node = node.arg("--quick");
        }
        if options.write {
            node = node.arg("--write");
        }
        for row in &options.row {
            node = node.args(["--row", row]);
        }
        for contender in &options.contender {
            node = node.args(["--contender", contender]);
        }
        for part in scripts {
            node = node.args(["--only", part]);
        }
        node.run()?;
    }
    let native =
        options.only.is_empty() && !options.quick || options.only.iter().any(|part| part == "native");
    if native {
        Program::cargo().args(["bench", "--locked", "--manifest-path", "benches/native/Cargo.toml"]).run()?;
    }
    Ok(true)
}

/// The libraries to compare with, from their own lock file.
fn contenders() -> Result<()> {
    let mut fingerprint = Fingerprint::new()?;
    for file in ["benches/package.json", "benches/package-lock.json"] {
        fingerprint.file(&path(file))?;
    }
    let (mark, fingerprint) = (Mark::at(path("benches/node_modules/.made-from")), fingerprint.finish());
    if !mark.is(&fingerprint) {
        println!("benches  installing what is compared with");
        let quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
        Program::new("npm").args(["ci", "--prefix", "benches"]).args(quiet).run()?;
        mark.set(&fingerprint)?;
    }
    Ok(())
}
