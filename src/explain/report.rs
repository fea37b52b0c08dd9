//! The report: a verdict, and one line for each check.

use crate::{
    Clue, Code, Error, Warning,
    error::Remark,
    json::{Object, Value},
};
use alloc::{string::String, vec::Vec};

/// The outcome for a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Every check, in the order in which a token is judged.
    pub checks: Vec<Check>,
}

/// Whether a token is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Accepted,
    /// It is not.
    Rejected,
}

/// The outcome of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It refuses the token.
    Fail,
    /// It is good.
    Pass,
    /// It could not be made, or there was nothing to check.
    Skip,
    /// It is good, but should be put right.
    Warn,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// The name of the check, whatever came of it.
    pub check: &'static str,
    /// A code of the catalogue, or the name of the check.
    pub code: &'static str,
    /// Its outcome.
    pub status: Status,
    /// The place: a JSON Pointer into the claims or settings, or a part of the token.
    pub path: Option<String>,
    /// The expected value, in words.
    pub expected: Option<String>,
    /// The value found, in words.
    pub got: Option<String>,
    words: Words,
    /// The owner of the fix, where the catalogue names another.
    owner: Option<&'static str>,
}

/// Which row of the catalogue has the words for a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    None,
    Clue(Clue),
    Code(Code),
    /// A value that is left out of the form, which is the same for all of them.
    Ignored,
    Warning(Warning),
}

impl Report {
    /// Returns the verdict: one failed check rejects.
    pub fn verdict(&self) -> Verdict {
        let failed = self.checks.iter().any(|check| check.status == Status::Fail);
        if failed { Verdict::Rejected } else { Verdict::Accepted }
    }

    /// Checks whether a check of this place failed.
    pub(super) fn has_failed(&self, place: &str) -> bool {
        self.checks.iter().any(|check| check.status == Status::Fail && check.path.as_deref() == Some(place))
    }

    /// Returns the code to read first: the clue that explains a refusal, else the first check that failed, else the
    /// first remark.
    pub fn code(&self) -> Option<&'static str> {
        let with = |status| self.checks.iter().filter(move |check| check.status == status);
        let clue = with(Status::Fail).find(|check| matches!(check.words, Words::Clue(_)));
        clue.or_else(|| with(Status::Fail).next())
            .or_else(|| with(Status::Warn).next())
            .map(|check| check.code)
    }

    /// Returns `{ verdict, code?, checks: [{ check, code, status, path?, expected?, got?, hint?, fix? }] }`.
    pub fn to_json(&self) -> Object {
        self.with_checks(Check::to_json)
    }

    /// Works as [`Report::to_json`] without `hint`, and with `fix` only where the catalogue names somebody else, for hosts that
    /// have the catalogue.
    pub fn outline(&self) -> Object {
        self.with_checks(Check::outline)
    }

    fn with_checks(&self, to_json: fn(&Check) -> Object) -> Object {
        let verdict = match self.verdict() {
            Verdict::Accepted => "accepted",
            Verdict::Rejected => "rejected",
        };
        let mut out = Object::new();
        out.set("verdict", verdict);
        out.set_some("code", self.code());
        let checks: Vec<Value> = self.checks.iter().map(|check| to_json(check).into()).collect();
        out.set("checks", checks);
        out
    }

    pub(super) fn pass(&mut self, name: &'static str, path: &str, got: impl Into<Option<String>>) {
        let check = Check::new(name, Status::Pass);
        self.checks.push(Check { path: Some(path.into()), got: got.into(), ..check });
    }

    pub(super) fn skip(&mut self, name: &'static str, path: &str) {
        self.checks.push(Check { path: Some(path.into()), ..Check::new(name, Status::Skip) });
    }

    /// A failure; its own place goes before the place of the check.
    pub(super) fn fail(&mut self, name: &'static str, path: &str, fault: &Error) {
        let detail = fault.detail().cloned().unwrap_or_default();
        self.checks.push(Check {
            code: fault.code().as_str(),
            path: detail.at.or_else(|| Some(path.into())),
            expected: detail.expected,
            got: detail.got,
            words: Words::Code(fault.code()),
            owner: detail.fix,
            ..Check::new(name, Status::Fail)
        });
    }

    pub(super) fn warn(&mut self, name: &'static str, path: &str, remark: &Remark) {
        self.checks.push(Check {
            code: remark.warning.as_str(),
            path: remark.at.clone().or_else(|| Some(path.into())),
            expected: remark.expected.clone(),
            words: Words::Warning(remark.warning),
            ..Check::new(name, Status::Warn)
        });
    }

    /// A likely refusal, shown as a warning because the token alone cannot tell, as it would need to know more than the
    /// token says.
    pub(super) fn foresee(&mut self, name: &'static str, path: &str, code: Code) {
        let check = Check { code: code.as_str(), words: Words::Code(code), ..Check::new(name, Status::Warn) };
        self.checks.push(Check { path: Some(path.into()), ..check });
    }

    /// A value of the form that is left out.
    pub(super) fn ignore(&mut self, name: &'static str, path: String, reason: &'static str) {
        let check = Check { code: reason, words: Words::Ignored, ..Check::new(name, Status::Warn) };
        self.checks.push(Check { path: Some(path), ..check });
    }

    /// Adds a clue, found by a closer look.
    pub(super) fn clue(&mut self, name: &'static str, status: Status, path: &str, found: Evidence) {
        self.checks.push(Check {
            code: found.clue.as_str(),
            path: Some(path.into()),
            expected: found.expected,
            got: found.got,
            words: Words::Clue(found.clue),
            ..Check::new(name, status)
        });
    }
}

/// A clue with what was expected and found.
pub(super) struct Evidence {
    pub(super) clue: Clue,
    pub(super) expected: Option<String>,
    pub(super) got: Option<String>,
}

impl Evidence {
    pub(super) const fn new(clue: Clue) -> Self {
        Self { clue, expected: None, got: None }
    }

    pub(super) fn expected(mut self, what: impl Into<String>) -> Self {
        self.expected = Some(what.into());
        self
    }

    pub(super) fn got(mut self, what: impl Into<String>) -> Self {
        self.got = Some(what.into());
        self
    }
}

impl Check {
    const fn new(check: &'static str, status: Status) -> Self {
        Self {
            check,
            code: check,
            status,
            path: None,
            expected: None,
            got: None,
            words: Words::None,
            owner: None,
        }
    }

    /// Returns the fix.
    pub const fn hint(&self) -> Option<&'static str> {
        match self.words {
            Words::None => None,
            Words::Clue(clue) => Some(clue.how()),
            Words::Code(code) => Some(code.how()),
            Words::Ignored => {
                Some("The value, or this part of it, is left out of the form; nobody is refused for it.")
            }
            Words::Warning(warning) => Some(warning.how()),
        }
    }

    /// Returns who can fix it: issuer, settings, service or participant.
    pub const fn fix(&self) -> Option<&'static str> {
        if self.owner.is_some() {
            return self.owner;
        }
        match self.words {
            Words::None => None,
            Words::Clue(clue) => Some(clue.fix()),
            Words::Code(code) => Some(code.fix()),
            Words::Ignored => Some("issuer"),
            Words::Warning(warning) => Some(warning.fix()),
        }
    }

    fn outline(&self) -> Object {
        let status = match self.status {
            Status::Fail => "fail",
            Status::Pass => "pass",
            Status::Skip => "skip",
            Status::Warn => "warn",
        };
        let mut out = Object::new();
        out.set("check", self.check);
        out.set("code", self.code);
        out.set("status", status);
        out.set_some("path", self.path.as_deref());
        out.set_some("expected", self.expected.as_deref());
        out.set_some("got", self.got.as_deref());
        out.set_some("fix", self.owner);
        out
    }

    fn to_json(&self) -> Object {
        let mut out = self.outline();
        out.set_some("hint", self.hint());
        out.set_some("fix", self.fix());
        out
    }
}
