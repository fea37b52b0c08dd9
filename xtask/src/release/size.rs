//! `cargo xtask size`: what every file of the package weighs, against the budget in sizes.json.

use crate::files::repository::{self, path};
use crate::package;
use crate::programs::command::Program;
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::fs;

/// How to look at the sizes.
#[derive(clap::Args)]
pub struct Options {
    /// Fail when a file is over its budget or has none.
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Write today's sizes and three per cent as the new budget, and what matters of them into the README.
    #[arg(long)]
    write: bool,
}

/// What is promised, whatever it weighs today. As a module for bundlers the tag carries three comments for them.
const PROMISED: [(&str, u64); 3] = [("tag.js", 2560), ("tag.mjs", 2624), ("stub.js", 450)];

/// The files that somebody's page, worker or bundle loads as they are, and what they are.
const SHOWN: [(&str, &str); 7] = [
    ("tag.js", "the tag, all that a host page loads"),
    ("stub.js", "the stub, for tag managers"),
    ("handstamp_bg.wasm", "the module of `handstamp`"),
    ("handstamp_accounts_bg.wasm", "the module of `handstamp/account`, `handstamp/oauth` and the worker"),
    ("handstamp_verify.wasm", "the module of `handstamp/verify`, without glue"),
    ("handstamp.js", "its glue, before a bundler makes it smaller"),
    ("inlined.js", "the first module as text, for bundlers without settings"),
];

/// Prints the table; whether everything is within its budget (always, unless it is checked).
pub fn run(options: &Options) -> Result<bool> {
    package::make()?;
    let measured = Program::node("xtask/js/sizes.mjs").arg("pkg/dist").stdout()?;
    let measured: Map<String, Value> = serde_json::from_str(&measured).context("sizes.mjs wrote no JSON")?;
    if options.write {
        let budget: Map<_, _> = measured
            .iter()
            .map(|(file, size)| (file.clone(), json!({ "gzip": budget_of(file, size) })))
            .collect();
        fs::write(path("sizes.json"), serde_json::to_string_pretty(&budget)? + "\n")?;
        show(&measured)?;
        println!("sizes.json and README.md written");
    }
    let budget = match repository::read_text("sizes.json") {
        Ok(text) => serde_json::from_str(&text).context("sizes.json is not JSON")?,
        Err(_) => Map::new(),
    };
    println!("{:<24} {:>9} {:>9} {:>9} {:>9} {:>7}", "pkg/dist", "raw", "gzip", "brotli", "budget", "left");
    let mut within = true;
    for (file, size) in &measured {
        let allowed = budget.get(file).and_then(|allowed| allowed["gzip"].as_u64());
        let fits = allowed.is_some_and(|allowed| size["gzip"].as_u64().is_some_and(|gzip| gzip <= allowed));
        within &= fits;
        let budget = allowed.map_or_else(|| "none".to_owned(), |bytes| bytes.to_string());
        let remark = if fits { "" } else { "  over budget" };
        let [raw, gzip, brotli] =
            ["raw", "gzip", "brotli"].map(|name| size[name].as_u64().unwrap_or_default());
        let left = allowed.map_or(0, u64::cast_signed) - gzip.cast_signed();
        println!("{file:<24} {raw:>9} {gzip:>9} {brotli:>9} {budget:>9} {left:>7}{remark}");
    }
    for file in budget.keys().filter(|file| !measured.contains_key(*file)) {
        within = false;
        println!("{file:<24} has a budget but is not there");
    }
    Ok(within || !options.check)
}

fn budget_of(file: &str, size: &Value) -> u64 {
    let promised = PROMISED.iter().find(|(name, _)| *name == file);
    promised
        .map_or_else(|| (size["gzip"].as_u64().unwrap_or_default() * 103).div_ceil(100), |(_, bytes)| *bytes)
}

/// The README's table of sizes.
fn show(measured: &Map<String, Value>) -> Result<()> {
    let mut table = "| file | bytes | gzip | brotli | |\n|---|--:|--:|--:|---|\n".to_owned();
    for (file, what) in SHOWN {
        let size = measured.get(file).with_context(|| format!("there is no {file}"))?;
        let _ = writeln!(
            table,
            "| `{file}` | {} | {} | {} | {what} |",
            size["raw"], size["gzip"], size["brotli"]
        );
    }
    let text = repository::read_text("README.md")?;
    let (before, rest) =
        text.split_once("<!-- sizes -->\n").context("the README has no place for the sizes")?;
    let (_, after) = rest.split_once("<!-- /sizes -->").context("the README's table of sizes has no end")?;
    fs::write(path("README.md"), format!("{before}<!-- sizes -->\n{table}<!-- /sizes -->{after}"))?;
    Ok(())
}
