//! `cargo xtask mutants`: faults planted in the program, each of which a test must notice. Slow, and not part of the tests. The
//! core's are all in one build (`fault.rs`, `planted_copy.rs`, `trial.rs`); a run that is stopped goes on where it was.

use crate::files::repository;
use crate::mutants::fault::{self, Fault};
use crate::mutants::planted_copy::Copy;
use crate::mutants::trial::{self, Trial, Verdict};
use crate::programs::command::Program;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::sync::Mutex;

/// Which parts.
#[derive(clap::Args)]
pub struct Options {
    /// Folders and files of `src/` without their ending, such as `oauth` or `jose/host`, or `worker`; all that decides without one.
    #[arg(value_name = "PART")]
    parts: Vec<String>,
    /// Forget the outcomes of earlier runs.
    #[arg(long)]
    fresh: bool,
    /// Leave out tests that take longer: they try at random what others try by name. With 3, what survives is tried with all.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.3)]
    within: f64,
}

/// The parts of `src/` that decide, each a folder or a file.
const PARTS: [&str; 7] = ["claims", "pass", "seal", "participation", "admission", "oauth", "jose"];
/// The faults that survive on purpose: the fault, and the reason.
const REASONS: &str = "tests/survivors.json";
/// The outcomes so far, a line for each; a later line counts.
const OUTCOMES: &str = "mutants/outcomes.jsonl";
/// The script of planted faults for the worker.
const WORKER: &str = "xtask/js/mutants.mjs";
/// Of a hundred faults, so many may survive.
const PERCENT: usize = 3;

/// Runs the parts; whether every survivor has its reason and there are few of them.
pub fn run(options: &Options) -> Result<bool> {
    let all = options.parts.is_empty();
    let asked = options.parts.iter().map(String::as_str).filter(|part| *part != "worker");
    let parts = if all { PARTS.to_vec() } else { asked.collect() };
    let core = parts.is_empty() || core(&parts, options)?;
    let worker = repository::root().join(WORKER).exists() && (all || parts.len() < options.parts.len());
    let worker = !worker || Program::node(WORKER).run().is_ok();
    Ok(core && worker)
}

fn core(parts: &[&str], options: &Options) -> Result<bool> {
    let copy = Copy::read()?;
    // Those that no earlier run knows are tried in the order of the parts.
    let mut faults = Vec::new();
    for part in parts {
        let found = fault::list(part, |file| copy.text(file))?;
        if found.is_empty() {
            bail!("src/{part} has no faults to plant");
        }
        faults.extend(found);
    }
    let outcomes = Outcomes::open(&copy, options)?;
    let is_plantable = |fault: &Fault| !matches!(outcomes.of(fault).as_deref(), Some(REFUSED | NOT_PLANTED));
    let planted: BTreeMap<usize, &Fault> =
        (1..).zip(&faults).filter(|(_, fault)| is_plantable(fault)).collect();
    let switches = copy.plant(&planted, |number| outcomes.note(planted[&number], REFUSED, ""))?;
    for (number, fault) in planted.iter().filter(|(_, fault)| is_plantable(fault)) {
        if !switches.contains_key(number) {
            outcomes.note(fault, NOT_PLANTED, "")?;
        }
    }
    let is_waiting = |number: &usize| outcomes.of(planted[number]).is_none();
    let waiting: Vec<usize> = switches.keys().copied().filter(is_waiting).collect();
    println!("{} faults, {} planted, {} of them to try", faults.len(), switches.len(), waiting.len());
    if !waiting.is_empty() {
        let trial = Trial::build(switches, options.within)?;
        let left = Mutex::new(waiting.into_iter());
        trial::in_threads(|_| {
            while let Some(number) = { trial::locked(&left).next() } {
                match trial.judge(number)? {
                    Verdict::Noticed(by) => outcomes.note(planted[&number], NOTICED, &by)?,
                    Verdict::Endless(by) => outcomes.note(planted[&number], ENDLESS, &by)?,
                    Verdict::Survives(tests) => {
                        println!("survives {tests} tests: {}", planted[&number].name);
                        outcomes.note(planted[&number], SURVIVES, &tests.to_string())?;
                    }
                }
            }
            Ok(())
        })?;
    }
    let of = |name: &str, part: &str| {
        name.strip_prefix("src/")
            .and_then(|name| name.strip_prefix(part))
            .is_some_and(|rest| rest.starts_with(['/', '.']))
    };
    let mut reasons: BTreeMap<String, String> = serde_json::from_str(&repository::read_text(REASONS)?)?;
    reasons.retain(|name, _| parts.iter().any(|part| of(name, part)));
    let all = faults.iter().map(|fault| (fault.name.as_str(), outcomes.of(fault).unwrap_or_default()));
    let all: Vec<_> = all.collect();
    for part in parts {
        println!("{part}: {}", counted(all.iter().filter(|(name, _)| of(name, part))).1);
    }
    judge(&all, &reasons)
}

const NOTICED: &str = "noticed";
const ENDLESS: &str = "endless";
const SURVIVES: &str = "survives";
const REFUSED: &str = "does not compile";
/// Outside of functions, in one that is asked for before the program runs, or in one that the tests do not compile.
const NOT_PLANTED: &str = "not planted";

/// What earlier runs found out. A fault that was noticed stays so until its file changes; a survivor is tried again as soon as
/// a source or a test has changed.
struct Outcomes {
    known: Mutex<BTreeMap<String, Value>>,
    file: Mutex<File>,
    /// The fingerprint of each source, and of all sources and tests.
    sources: BTreeMap<String, String>,
    all: String,
}

impl Outcomes {
    fn open(copy: &Copy, options: &Options) -> Result<Self> {
        let path = repository::target().join(OUTCOMES);
        fs::create_dir_all(path.parent().context("no folder")?)?;
        if options.fresh {
            let _ = fs::remove_file(&path);
        }
        let lines = fs::read_to_string(&path).unwrap_or_default();
        let known = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let known = known.filter_map(|line| Some((line["fault"].as_str()?.to_owned(), line))).collect();
        let file = File::options().append(true).create(true).open(&path)?;
        let mark = |content: &dyn Fn(&mut DefaultHasher)| {
            let mut hasher = DefaultHasher::new();
            content(&mut hasher);
            format!("{:016x}", hasher.finish())
        };
        let sources =
            copy.tested().map(|(file, content)| (file.to_owned(), mark(&|hasher| content.hash(hasher))));
        let all = mark(&|hasher| {
            copy.tested().for_each(|tested| tested.hash(hasher));
            options.within.to_bits().hash(hasher);
        });
        Ok(Self { known: Mutex::new(known), file: Mutex::new(file), sources: sources.collect(), all })
    }

    fn mark(&self, fault: &Fault, verdict: &str) -> &str {
        if verdict == SURVIVES { &self.all } else { self.sources.get(&fault.file).map_or("", String::as_str) }
    }

    /// The outcome of a fault, where one is known and holds.
    fn of(&self, fault: &Fault) -> Option<String> {
        let known = trial::locked(&self.known);
        let line = known.get(&fault.name)?;
        let verdict = line["verdict"].as_str()?;
        (line["mark"] == self.mark(fault, verdict)).then(|| verdict.to_owned())
    }

    fn note(&self, fault: &Fault, verdict: &str, by: &str) -> Result<()> {
        let mark = self.mark(fault, verdict);
        let line = json!({ "fault": fault.name, "verdict": verdict, "by": by, "mark": mark });
        writeln!(trial::locked(&self.file), "{line}")?;
        trial::locked(&self.known).insert(fault.name.clone(), line);
        Ok(())
    }
}

/// Counts how many faults were tried and survive, and says how each ended.
fn counted<'a>(faults: impl Iterator<Item = &'a (&'a str, String)>) -> ([usize; 2], String) {
    let mut ends = BTreeMap::new();
    faults.for_each(|(_, verdict)| *ends.entry(verdict.as_str()).or_insert(0) += 1);
    let [noticed, endless, survive, refused, not_planted, waiting] =
        [NOTICED, ENDLESS, SURVIVES, REFUSED, NOT_PLANTED, ""]
            .map(|verdict| *ends.get(verdict).unwrap_or(&0));
    let tried = noticed + endless + survive;
    let percent = 100.0 * survive as f64 / tried.max(1) as f64;
    let said = format!(
        "{tried} tried, {noticed} noticed, {endless} endless, {survive} survive ({percent:.1} %); {refused} do not compile, \
         {not_planted} are not planted, {waiting} wait"
    );
    ([tried, survive], said)
}

/// Whether all were tried, few survive, and those alone have a reason.
fn judge(faults: &[(&str, String)], reasons: &BTreeMap<String, String>) -> Result<bool> {
    let of = |wanted: &'static str| faults.iter().filter(move |(_, verdict)| verdict == wanted);
    of(NOT_PLANTED).for_each(|(name, _)| println!("not planted: {name}"));
    let (mut unused, mut unexplained) = (reasons.clone(), 0);
    for (name, _) in of(SURVIVES) {
        let fault = without_position(name);
        unused.remove(&fault);
        unexplained += usize::from(!reasons.contains_key(&fault));
        println!("survives: {name} ({})", reasons.get(&fault).map_or("NO REASON", String::as_str));
    }
    unused.keys().for_each(|fault| println!("does not survive, and has a reason: {fault}"));
    let ([tried, survive], said) = counted(faults.iter());
    println!("all: {said}; {unexplained} survive without a reason");
    if tried == 0 {
        bail!("no fault was tried");
    }
    let complete = of("").next().is_none() && unused.is_empty();
    Ok(complete && unexplained == 0 && survive * 100 <= tried * PERCENT)
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

    #[test]
    fn a_survivor_needs_a_reason_and_they_are_few() {
        let faults = |missed: usize| {
            let noticed = (0..97).map(|_| ("src/a.rs:1:1: replace a with b", NOTICED.to_owned()));
            let missed = (0..missed).map(|_| ("src/b.rs:2:9: replace c with d", SURVIVES.to_owned()));
            noticed.chain(missed).collect::<Vec<_>>()
        };
        let reasons = BTreeMap::from([("src/b.rs: replace c with d".to_owned(), "equal".to_owned())]);
        assert!(judge(&faults(0), &BTreeMap::new()).unwrap_or_default());
        assert!(!judge(&faults(0), &reasons).unwrap_or(true), "a reason for a fault that does not survive");
        assert!(judge(&faults(3), &reasons).unwrap_or_default());
        assert!(!judge(&faults(3), &BTreeMap::new()).unwrap_or(true), "without a reason");
        assert!(!judge(&faults(4), &reasons).unwrap_or(true), "too many");
        assert!(
            judge(&[("src/a.rs:1:1: replace a with b", REFUSED.to_owned())], &reasons).is_err(),
            "nothing was tried"
        );
    }
}
