//! Stages: named steps that are timed, counted and shown in a table at the end, some beside a budget of seconds.

use crate::programs::command::Program;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ExitStatus, Stdio};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

/// How many tests a stage has seen pass and fail.
#[derive(Clone, Copy, Default)]
pub struct Count {
    passed: u64,
    failed: u64,
    /// How many of those that passed did so only when their file ran once more, alone.
    by_chance: u64,
}

/// What came of a stage.
enum Outcome {
    Done,
    Failed(String),
    NotRun(&'static str),
}

struct Row {
    name: &'static str,
    took: Duration,
    /// Seconds that it may take on a quiet machine of two cores.
    budget: Option<u64>,
    outcome: Outcome,
    count: Option<Count>,
}

/// The stages so far, and when the first of them began.
pub struct Stages {
    rows: Vec<Row>,
    since: Instant,
}

impl Default for Stages {
    fn default() -> Self {
        Self { rows: Vec::new(), since: Instant::now() }
    }
}

impl Stages {
    /// Adds the stages that ran meanwhile.
    pub fn extend(&mut self, beside: Self) {
        self.rows.extend(beside.rows);
    }

    /// Runs one stage; a failure is kept for the table, and the next stage runs all the same.
    pub fn run(&mut self, name: &'static str, work: impl FnOnce() -> Result<Option<Count>>) -> bool {
        self.run_stage(name, None, work)
    }

    /// Runs the tests of one folder, which may take so many seconds on a quiet machine of two cores.
    pub fn run_within(
        &mut self,
        name: &'static str,
        budget: u64,
        work: impl FnOnce() -> Result<Count>,
    ) -> bool {
        self.run_stage(name, Some(budget), || work().map(Some))
    }

    fn run_stage(
        &mut self,
        name: &'static str,
        budget: Option<u64>,
        work: impl FnOnce() -> Result<Option<Count>>,
    ) -> bool {
        println!("\n── {name}");
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        self.note(name, took, budget, result)
    }

    /// Runs the tests of several folders at once. The runner says at its end what each of them came to, in a line such as
    /// `tests/js/worker: 640 passed, 0 failed, 0 by chance, 140.2 s`.
    pub fn run_folders(&mut self, budgets: &[(&'static str, u64)], program: Result<Program>) {
        println!("\n── {}", budgets.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "));
        let mut sums = BTreeMap::new();
        let ended = program.and_then(|program| {
            let line = program.line().to_owned();
            let status = watch(program, |line| sums.extend(sum_of_folder(line)))?;
            if !status.success() && sums.values().all(|(count, _)| count.failed == 0) {
                bail!("`{line}` failed ({status})");
            }
            Ok(())
        });
        for (name, budget) in budgets {
            let (count, took): (Count, _) = sums.get(*name).copied().unwrap_or_default();
            self.note(name, took, Some(*budget), Ok(Some(count)));
        }
        if let Err(error) = ended {
            self.note("tests/js", Duration::ZERO, None, Err(error));
        }
    }

    fn note(
        &mut self,
        name: &'static str,
        took: Duration,
        budget: Option<u64>,
        result: Result<Option<Count>>,
    ) -> bool {
        let (outcome, count) = match result {
            Ok(Some(count)) if count.failed > 0 => (Outcome::Failed("tests failed".into()), Some(count)),
            Ok(Some(count)) if count.passed == 0 => (Outcome::Failed("no test ran".into()), Some(count)),
            Ok(count) => (Outcome::Done, count),
            Err(error) => {
                eprintln!("error: {error:#}");
                let count = error.downcast_ref::<FailedTests>().map(|failed| failed.0);
                (Outcome::Failed(first_line(&format!("{error:#}"))), count)
            }
        };
        let done = matches!(outcome, Outcome::Done);
        self.rows.push(Row { name, took, budget, outcome, count });
        done
    }

    /// Notes a stage that could not run, which is a failure too.
    pub fn not_run(&mut self, name: &'static str, why: &'static str) {
        let row =
            Row { name, took: Duration::ZERO, budget: None, outcome: Outcome::NotRun(why), count: None };
        self.rows.push(row);
    }

    /// Prints the table, and the time of all together: less than the sum where stages ran at once. Whether all went well.
    pub fn report(&self) -> bool {
        println!("\n{:<20} {:>8} {:>7}  {:<8} tests", "stage", "seconds", "budget", "status");
        for row in &self.rows {
            let status = match &row.outcome {
                Outcome::Done => "ok",
                Outcome::Failed(_) => "FAILED",
                Outcome::NotRun(_) => "NOT RUN",
            };
            let detail = match (&row.outcome, row.count) {
                (Outcome::NotRun(why), _) => (*why).to_owned(),
                (_, Some(count @ Count { by_chance: 0, .. })) => format!("{count:?}"),
                (_, Some(count)) => format!("{count:?}, {} RED BY CHANCE", count.by_chance),
                (Outcome::Failed(why), None) => why.clone(),
                (Outcome::Done, None) => String::new(),
            };
            let budget = row.budget.map_or_else(String::new, |seconds| seconds.to_string());
            let seconds = row.took.as_secs_f32();
            let over = if row.is_over_budget() { "  OVER BUDGET" } else { "" };
            println!("{:<20} {seconds:>8.1} {budget:>7}  {status:<8} {detail}{over}", row.name);
        }
        let took = self.since.elapsed();
        let bad = self.rows.iter().filter(|row| !matches!(row.outcome, Outcome::Done)).count();
        println!(
            "{:<20} {:>8.1} {:>7}  {}",
            "together",
            took.as_secs_f32(),
            "",
            if bad == 0 { "ok" } else { "FAILED" }
        );
        let over: Vec<_> = self.rows.iter().filter(|row| row.is_over_budget()).map(|row| row.name).collect();
        if !over.is_empty() {
            println!("\n!!! OVER BUDGET: {} ({})", over.join(", "), load());
        }
        if bad == 0 && self.rows.iter().all(|row| row.count.is_none()) {
            return true;
        }
        let passed: u64 = self.rows.iter().filter_map(|row| row.count).map(|count| count.passed).sum();
        let failed: u64 = self.rows.iter().filter_map(|row| row.count).map(|count| count.failed).sum();
        // A stage that failed without a failing test is counted as one, so that the line never looks green.
        let uncounted = self.rows.iter().filter(|row| {
            !matches!(row.outcome, Outcome::Done) && row.count.is_none_or(|count| count.failed == 0)
        });
        println!("\n{passed} passed, {} failed", failed + uncounted.count() as u64);
        bad == 0
    }
}

impl Row {
    fn is_over_budget(&self) -> bool {
        self.budget.is_some_and(|seconds| self.took > Duration::from_secs(seconds))
    }
}

/// Describes the machine's load, by which a reader judges what is over budget: nothing fails for it, as a busy machine is no
/// fault of a test.
fn load() -> String {
    let cores = available_parallelism().map_or(1, usize::from);
    let average = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    match average.split(' ').next().and_then(|text| text.parse::<f64>().ok()) {
        // Two processes at a time, each with its workerd or Chromium.
        Some(load) if load > 3.0 * cores as f64 => {
            format!("load average {load} on {cores} cores: the machine is busy")
        }
        Some(load) => format!("load average {load} on {cores} cores: the tests are slow"),
        None => format!("{cores} cores, load unknown"),
    }
}

/// A test runner that ended badly, with what it had counted by then.
#[derive(Debug)]
struct FailedTests(Count, String);

impl std::fmt::Display for FailedTests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.1)
    }
}

impl std::error::Error for FailedTests {}

impl std::fmt::Debug for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Runs a test runner, shows its output as it comes, and reads the counts out of it.
pub fn count_tests(program: Program) -> Result<Count> {
    let line = program.line().to_owned();
    let mut count = Count::default();
    let status = watch(program, |text| count.read(text))?;
    if !status.success() {
        return Err(FailedTests(count, format!("`{line}` failed ({status})")).into());
    }
    if count.passed == 0 && count.failed == 0 {
        bail!("`{line}` ran no test");
    }
    Ok(count)
}

/// Runs a program and shows its output as it comes, line by line.
fn watch(program: Program, mut each: impl FnMut(&str)) -> Result<ExitStatus> {
    let line = program.line().to_owned();
    let mut command = program.into_command();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{line}`"))?;
    let stdout = child.stdout.take().context("no output to read")?;
    for text in BufReader::new(stdout).split(b'\n') {
        let text = text?;
        let text = String::from_utf8_lossy(&text);
        println!("{text}");
        each(&text);
    }
    std::io::stdout().flush()?;
    Ok(child.wait()?)
}

/// Reads the line in which a runner says what a folder came to, and how long it took.
fn sum_of_folder(line: &str) -> Option<(String, (Count, Duration))> {
    let words: Vec<_> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let [folder, passed, "passed", failed, "failed", by_chance, "by", "chance", seconds, "s"] =
        words.as_slice()
    else {
        return None;
    };
    let count = Count {
        passed: passed.parse().ok()?,
        failed: failed.parse().ok()?,
        by_chance: by_chance.parse().ok()?,
    };
    let took = Duration::try_from_secs_f32(seconds.parse().ok()?).ok()?;
    Some((folder.strip_suffix(':')?.to_owned(), (count, took)))
}

impl Count {
    /// Reads one line of a test runner: cargo's `test result: ok. 3 passed; 0 failed; …`, Node's
    /// `ℹ pass 3` and `ℹ fail 0`, or our own `3 passed, 0 failed`.
    fn read(&mut self, line: &str) {
        let words: Vec<_> = line.split([' ', ';', ',', '.']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            ["test", "result:", _, passed, "passed", failed, "failed", ..]
            | [passed, "passed", failed, "failed"] => {
                self.passed += passed.parse().unwrap_or(0);
                self.failed += failed.parse().unwrap_or(0);
            }
            ["ℹ", "pass", passed] => self.passed += passed.parse().unwrap_or(0),
            ["ℹ", "fail" | "cancelled", failed] => self.failed += failed.parse().unwrap_or(0),
            _ => {}
        }
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::{Count, sum_of_folder};
    use std::time::Duration;

    #[test]
    fn the_counts_of_every_runner_are_read() {
        let mut count = Count::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "ℹ pass 7",
            "ℹ fail 1",
            "ℹ cancelled 1",
            "9 passed, 0 failed",
            "✔ a test whose name says 5 passed, 5 failed here (1.2ms)",
        ] {
            count.read(line);
        }
        assert_eq!((count.passed, count.failed), (31, 4));
    }

    #[test]
    fn the_sum_of_a_folder_is_read() {
        let sum = sum_of_folder("tests/js/worker: 646 passed, 1 failed, 2 by chance, 140.2 s");
        let (folder, (count, took)) = sum.expect("a sum");
        assert_eq!((&*folder, count.passed, count.failed, count.by_chance), ("tests/js/worker", 646, 1, 2));
        assert_eq!(took, Duration::from_secs_f32(140.2));
        for other in ["  ✔ tests/js/worker: 3 passed, 0 failed, 0 by chance, 1.0 s", "9 passed, 0 failed"] {
            assert!(sum_of_folder(other).is_none(), "{other}");
        }
    }
}
