//! `cargo xtask size`: what every file of the package weighs, against the budget in sizes.json.

use crate::command::Program;
use crate::package;
use crate::repository::{self, path};
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::fs;

/// How to look at the sizes.
#[derive(clap::Args)]
pub struct Options {
    /// Fail when a file is over its budget or has none.
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Write today's sizes, rounded up, as the new budget.
    #[arg(long)]
    write: bool,
}

/// The budget is rounded up to this many bytes, so that a comment does not break it: small files, large ones.
const STEPS: (u64, u64) = (1024, 16 * 1024);

/// Prints the table; whether everything is within its budget (always, unless it is checked).
pub fn run(options: &Options) -> Result<bool> {
    package::make()?;
    let measured = Program::node("xtask/js/sizes.mjs").arg("pkg/dist").stdout()?;
    let measured: Map<String, Value> = serde_json::from_str(&measured).context("sizes.mjs wrote no JSON")?;
    if options.write {
        let budget: Map<_, _> =
            measured.iter().map(|(file, size)| (file.clone(), json!({ "gzip": round_up(size) }))).collect();
        fs::write(path("sizes.json"), serde_json::to_string_pretty(&budget)? + "\n")?;
        println!("sizes.json written");
    }
    let budget = match repository::read_text("sizes.json") {
        Ok(text) => serde_json::from_str(&text).context("sizes.json is not JSON")?,
        Err(_) => Map::new(),
    };
    println!("{:<24} {:>9} {:>9} {:>9} {:>9}", "pkg/dist", "raw", "gzip", "brotli", "budget");
    let mut within = true;
    for (file, size) in &measured {
        let allowed = budget.get(file).and_then(|allowed| allowed["gzip"].as_u64());
        let fits = allowed.is_some_and(|allowed| size["gzip"].as_u64().is_some_and(|gzip| gzip <= allowed));
        within &= fits;
        let budget = allowed.map_or_else(|| "none".to_owned(), |bytes| bytes.to_string());
        let remark = if fits { "" } else { "  over budget" };
        let [raw, gzip, brotli] =
            ["raw", "gzip", "brotli"].map(|name| size[name].as_u64().unwrap_or_default());
        println!("{file:<24} {raw:>9} {gzip:>9} {brotli:>9} {budget:>9}{remark}");
    }
    for file in budget.keys().filter(|file| !measured.contains_key(*file)) {
        within = false;
        println!("{file:<24} has a budget but is not there");
    }
    Ok(within || !options.check)
}

fn round_up(size: &Value) -> u64 {
    let gzip = size["gzip"].as_u64().unwrap_or_default();
    gzip.next_multiple_of(if gzip < STEPS.1 { STEPS.0 } else { STEPS.1 })
}
