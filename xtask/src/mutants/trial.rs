//! The tests that are run for each fault of a planted copy: those that reach its function, the likeliest first.

use crate::files::repository;
use crate::mutants::planted_copy::{cargo, tree};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// What the tests say of a fault.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A test fails, the one of this name.
    Noticed(String),
    /// The system ended a test: it ran for too long, or took too much memory.
    Endless(String),
    /// So many tests reach it, and none fails.
    Survives(usize),
}

/// A test, and the switches that it reaches.
struct Test {
    program: usize,
    name: String,
    seconds: f64,
    reached: BTreeSet<usize>,
}

/// The build with its tests.
pub struct Trial {
    programs: Vec<PathBuf>,
    tests: Vec<Test>,
    switches: BTreeMap<usize, usize>,
    /// How often a test noticed a fault of a function: it is asked first for the next.
    noticed: Mutex<BTreeMap<(usize, usize), usize>>,
}

/// A test that takes more seconds of the processor is never asked.
const SLOW: u64 = 3;
/// These read the sources, which have another shape in the copy, and run nothing of them.
const LAYOUT: &str = "layout::";

impl Trial {
    /// Builds the tests of the planted copy, and runs each of them alone to see which switches it reaches.
    pub fn build(switches: BTreeMap<usize, usize>, within: f64) -> Result<Self> {
        let build = cargo(&["test", "--no-run", "--lib", "--test", "core", "--test", "strictness"]);
        let messages = build.args(["--message-format=json"]).stdout()?;
        let program = |line: &str| {
            serde_json::from_str::<Value>(line).ok()?.get("executable")?.as_str().map(PathBuf::from)
        };
        let programs: Vec<PathBuf> = messages.lines().filter_map(program).collect();
        let mut waiting = Vec::new();
        for (number, program) in programs.iter().enumerate() {
            let listed = Command::new(program).arg("--list").current_dir(tree()).output()?;
            let listed = String::from_utf8(listed.stdout)?;
            let names = listed.lines().filter_map(|line| line.strip_suffix(": test"));
            let names = names.filter(|name| !name.starts_with(LAYOUT));
            waiting.extend(names.map(|name| (number, name.to_owned())));
        }
        let mut trial = Self { programs, tests: Vec::new(), switches, noticed: Mutex::default() };
        let (waiting, tests) = (Mutex::new(waiting), Mutex::new(Vec::new()));
        in_threads(|thread| {
            while let Some((program, name)) = { locked(&waiting).pop() } {
                let Some((seconds, reached)) = trial.reach(program, &name, thread)? else {
                    println!("{name} takes too long: it is left out");
                    continue;
                };
                if !reached.is_empty() && seconds <= within {
                    locked(&tests).push(Test { program, name, seconds, reached });
                }
            }
            Ok(())
        })?;
        trial.tests = tests.into_inner().unwrap_or_default();
        println!("{} tests reach a fault", trial.tests.len());
        Ok(trial)
    }

    /// Runs one test without a fault: the seconds of the processor that it takes, and the switches that it reaches; nothing
    /// where it takes too long.
    fn reach(&self, program: usize, name: &str, thread: usize) -> Result<Option<(f64, BTreeSet<usize>)>> {
        let list = repository::target().join(format!("mutants/reached.{thread}"));
        let _ = fs::remove_file(&list);
        let script = "ulimit -t \"$0\"; \"$@\" >&2; code=$?; times; exit $code";
        let mut command = self.command(script, SLOW, program, &[name]);
        let output = command.env("PLANTED_REACH", &list).output()?;
        if !output.status.success() {
            if output.status.code().is_none_or(|code| code > 128) {
                return Ok(None);
            }
            bail!("{name} fails alone, without a fault:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        // The second line is of the children: `0m1.25s 0m0.01s`.
        let times = String::from_utf8_lossy(&output.stdout).lines().nth(1).unwrap_or_default().to_owned();
        let seconds = |time: &str| {
            let (minutes, seconds) = time.strip_suffix('s')?.split_once('m')?;
            Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
        };
        let seconds: f64 = times.split(' ').filter_map(seconds).sum();
        let reached = fs::read_to_string(&list).unwrap_or_default();
        Ok(Some((seconds, reached.lines().map(str::parse).collect::<Result<_, _>>()?)))
    }

    /// Runs the tests that reach a fault with the fault on, until one fails.
    pub fn judge(&self, number: usize) -> Result<Verdict> {
        let switch = self.switches.get(&number).copied().context("the fault is not planted")?;
        let mut tests: Vec<(f64, usize)> = {
            let noticed = locked(&self.noticed);
            let reaching = self.tests.iter().enumerate().filter(|(_, test)| test.reached.contains(&switch));
            let cost = |test: usize, seconds: f64| {
                (seconds + 0.02) / (1 + 4 * noticed.get(&(switch, test)).unwrap_or(&0)) as f64
            };
            reaching.map(|(test, &Test { seconds, .. })| (cost(test, seconds), test)).collect()
        };
        tests.sort_by(|one, other| one.0.total_cmp(&other.0));
        let on = number.to_string();
        let mut waiting = &tests[..];
        let mut size = 2;
        while !waiting.is_empty() {
            let (batch, rest) = waiting.split_at(size.min(waiting.len()));
            (waiting, size) = (rest, size * 4);
            for program in 0..self.programs.len() {
                let asked =
                    batch.iter().map(|(_, test)| &self.tests[*test]).filter(|test| test.program == program);
                let (names, seconds): (Vec<&str>, Vec<f64>) =
                    asked.map(|test| (test.name.as_str(), test.seconds)).unzip();
                let limit = 1 + (3.0 * seconds.iter().sum::<f64>()) as u64;
                let verdict = if names.is_empty() { None } else { self.ask(program, &names, limit, &on)? };
                if let Some(verdict) = verdict {
                    let (Verdict::Noticed(by) | Verdict::Endless(by)) = &verdict else { return Ok(verdict) };
                    let by = self.tests.iter().position(|test| test.program == program && test.name == *by);
                    *locked(&self.noticed).entry((switch, by.unwrap_or_default())).or_default() += 1;
                    return Ok(verdict);
                }
            }
        }
        Ok(Verdict::Survives(tests.len()))
    }

    /// Some tests of one program, in a script that holds them to so many seconds of the processor.
    fn command(&self, script: &str, seconds: u64, program: usize, names: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script, &seconds.to_string()]).arg(&self.programs[program]);
        command.args(["--exact", "--test-threads=1"]).args(names).current_dir(tree()).stdin(Stdio::null());
        command.env("CARGO_MANIFEST_DIR", tree()).env("RUST_BACKTRACE", "0");
        command
    }

    /// Runs tests of one program, which may take so many seconds of the processor; nothing where all of them pass.
    fn ask(&self, program: usize, names: &[&str], seconds: u64, fault: &str) -> Result<Option<Verdict>> {
        let mut command = self.command("ulimit -t \"$0\" -v 6000000; exec \"$@\"", seconds, program, names);
        command.env("PLANTED", fault);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut running = names.first().copied().unwrap_or_default().to_owned();
        for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
            let line = line?;
            let Some(test) = line.strip_prefix("test ").and_then(|rest| rest.split(' ').next()) else {
                continue;
            };
            test.clone_into(&mut running);
            if line.ends_with("FAILED") {
                child.kill()?;
                child.wait()?;
                return Ok(Some(Verdict::Noticed(running)));
            }
        }
        let status = child.wait()?;
        let verdict =
            if status.code().is_none() { Verdict::Endless(running) } else { Verdict::Noticed(running) };
        Ok((!status.success()).then_some(verdict))
    }
}

/// Runs the same work in as many threads as the machine has cores.
pub fn in_threads(work: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    let count = std::thread::available_parallelism()?.get();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|thread| {
                let work = &work;
                scope.spawn(move || work(thread))
            })
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?)
    })
}

/// What is behind a lock, also after a panic elsewhere.
pub fn locked<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
