//! `cargo xtask mutants`: faults planted one at a time, each of which a test must notice. Slow, and not part of the tests: half
//! a minute for each fault of the core.

use crate::command::Program;
use crate::repository;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// Which parts, and how many at once.
#[derive(clap::Args)]
pub struct Options {
    /// The parts of the core by name, or `worker`; all of them without one.
    #[arg(value_name = "PART")]
    parts: Vec<String>,
    /// How many faults are tried at once; each takes a gigabyte and all cores.
    #[arg(long, value_name = "N", default_value = "1")]
    jobs: String,
}

/// The parts of `src/` that decide, each a folder or a file.
const PARTS: [&str; 7] = ["claims", "jose", "oauth", "pass", "seal", "participation", "admission"];
/// The faults that survive on purpose: the fault, and the reason.
const REASONS: &str = "tests/survivors.json";
/// The script of planted faults for the worker.
const WORKER: &str = "xtask/js/mutants.mjs";
/// Of a hundred faults, so many may survive.
const PERCENT: usize = 3;

/// Runs the parts; whether every survivor has its reason and there are few of them.
pub fn run(options: &Options) -> Result<bool> {
    let is_asked = |part: &str| options.parts.is_empty() || options.parts.iter().any(|asked| asked == part);
    if let Some(unknown) =
        options.parts.iter().find(|part| !PARTS.contains(&part.as_str()) && *part != "worker")
    {
        bail!("there is no part {unknown}: {}, worker", PARTS.join(", "));
    }
    let parts: Vec<&str> = PARTS.into_iter().filter(|part| is_asked(part)).collect();
    let core = parts.is_empty() || core(&parts, &options.jobs)?;
    let worker = repository::root().join(WORKER).exists() && is_asked("worker");
    let worker = !worker || Program::node(WORKER).run().is_ok();
    Ok(core && worker)
}

fn core(parts: &[&str], jobs: &str) -> Result<bool> {
    if Program::cargo().args(["mutants", "--version"]).output().is_err() {
        bail!("cargo-mutants is missing: cargo install --locked cargo-mutants");
    }
    let mut program =
        Program::cargo().args(["mutants", "--package", "handstamp", "--output", "target/mutants"]);
    for part in parts {
        program =
            program.arg("--file").arg(format!("src/{part}.rs")).arg("--file").arg(format!("src/{part}/**"));
    }
    // Texts for people are held by the tests of words, and the words of a part that is left out are those of another.
    program = program.args([
        "--exclude-re",
        "impl (fmt::|core::fmt::)?(Debug|Display)",
        "--jobs",
        jobs,
        "--no-shuffle",
    ]);
    // It ends with an error where a fault survives, which the file of reasons may explain.
    let ended = program.args(["--", "--locked", "--lib", "--test", "core", "--test", "strictness"]).run();
    let path = repository::root().join("target/mutants/mutants.out/outcomes.json");
    let outcomes =
        fs::read_to_string(&path).with_context(|| format!("cargo-mutants left no outcomes: {ended:?}"))?;
    judge(&serde_json::from_str(&outcomes)?, &reasons()?)
}

/// The faults that may survive, each with its reason.
fn reasons() -> Result<BTreeMap<String, String>> {
    Ok(serde_json::from_str(&repository::read_text(REASONS)?)?)
}

fn judge(outcomes: &Value, reasons: &BTreeMap<String, String>) -> Result<bool> {
    let of = |summary: &str| {
        let all = outcomes["outcomes"].as_array().into_iter().flatten();
        let names = all.filter(|outcome| outcome["summary"] == summary).filter_map(|outcome| {
            outcome.pointer("/scenario/Mutant/name").and_then(Value::as_str).map(without_position)
        });
        names.collect::<Vec<_>>()
    };
    let (caught, missed, endless) = (of("CaughtMutant").len(), of("MissedMutant"), of("Timeout").len());
    let tried = caught + missed.len() + endless;
    if tried == 0 {
        bail!("no fault was tried");
    }
    let mut unexplained = 0;
    for fault in &missed {
        let reason = reasons.get(fault);
        println!("survives: {fault} ({})", reason.map_or("NO REASON", String::as_str));
        unexplained += usize::from(reason.is_none());
    }
    println!(
        "{tried} faults: {caught} noticed, {endless} endless, {} survive, {unexplained} of them without a reason in {REASONS}",
        missed.len()
    );
    Ok(unexplained == 0 && missed.len() * 100 <= tried * PERCENT)
}

/// A fault without its line, which moves with every change above it.
fn without_position(name: &str) -> String {
    let mut parts = name.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_), Some(_), Some(rest)) => format!("{file}:{rest}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_survivor_needs_a_reason_and_they_are_few() {
        let fault = |name: &str, summary: &str| json!({ "scenario": { "Mutant": { "name": name } }, "summary": summary });
        let outcomes = |missed: usize| {
            let noticed =
                (0..97).map(|line| fault(&format!("src/a.rs:{line}:1: replace a with b"), "CaughtMutant"));
            let missed = (0..missed)
                .map(|line| fault(&format!("src/b.rs:{line}:9: replace c with d"), "MissedMutant"));
            json!({ "outcomes": noticed.chain(missed).collect::<Vec<_>>() })
        };
        let reasons = BTreeMap::from([("src/b.rs: replace c with d".to_owned(), "equal".to_owned())]);
        assert!(judge(&outcomes(0), &BTreeMap::new()).unwrap_or_default());
        assert!(judge(&outcomes(3), &reasons).unwrap_or_default());
        assert!(!judge(&outcomes(3), &BTreeMap::new()).unwrap_or(true), "without a reason");
        assert!(!judge(&outcomes(4), &reasons).unwrap_or(true), "too many");
        assert!(judge(&json!({ "outcomes": [] }), &reasons).is_err(), "nothing was tried");
    }
}
