//! The report: a verdict, and one line for each check.

use crate::{Code, Error, Warning, error::Remark, json::Object};
use alloc::{string::String, vec::Vec};

/// What came of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

/// What came of one check.
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
pub struct Check {
    /// A code of the catalogue, or the name of the check.
    pub code: &'static str,
    /// What came of it.
    pub status: Status,
    /// The place: a JSON Pointer into the claims or settings, or a part of the token.
    pub path: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// What was found, in words.
    pub got: Option<String>,
    /// What to do about it.
    pub hint: Option<&'static str>,
    /// Who can put it right: issuer, settings, service or participant.
    pub fix: Option<&'static str>,
}

impl Report {
    /// The verdict: one failed check rejects.
    pub fn verdict(&self) -> Verdict {
        let failed = self.checks.iter().any(|check| check.status == Status::Fail);
        if failed { Verdict::Rejected } else { Verdict::Accepted }
    }

    /// `{ verdict, checks: [{ code, status, path?, expected?, got?, hint?, fix? }] }`.
    pub fn to_json(&self) -> Object {
        let verdict = match self.verdict() {
            Verdict::Accepted => "accepted",
            Verdict::Rejected => "rejected",
        };
        let mut out = Object::new();
        out.set("verdict", verdict);
        out.set("checks", self.checks.iter().map(Check::to_json).collect::<Vec<_>>());
        out
    }

    pub(super) fn pass(&mut self, name: &'static str, path: &str, got: impl Into<Option<String>>) {
        let (path, got) = (Some(path.into()), got.into());
        self.checks.push(Check { path, got, ..Check::new(name, Status::Pass) });
    }

    pub(super) fn skip(&mut self, name: &'static str, path: &str) {
        self.checks.push(Check { path: Some(path.into()), ..Check::new(name, Status::Skip) });
    }

    /// A failure; its own place goes before the place of the check.
    pub(super) fn fail(&mut self, path: &str, fault: &Error) {
        let detail = fault.detail().cloned().unwrap_or_default();
        self.checks.push(Check {
            path: detail.at.or_else(|| Some(path.into())),
            expected: detail.expected,
            got: detail.got,
            ..Check::of_code(fault.code(), Status::Fail)
        });
    }

    pub(super) fn warn(&mut self, path: &str, remark: &Remark) {
        let fix = match remark.warning {
            Warning::SecretShort | Warning::KeySkipped | Warning::MixupUnprotected => "settings",
            Warning::LimitUnchecked => "service",
            _ => "issuer",
        };
        self.checks.push(Check {
            path: remark.at.clone().or_else(|| Some(path.into())),
            hint: Some(remark.warning.says()),
            fix: Some(fix),
            ..Check::new(remark.warning.as_str(), Status::Warn)
        });
    }
}

impl Check {
    pub(super) const fn new(code: &'static str, status: Status) -> Self {
        Self { code, status, path: None, expected: None, got: None, hint: None, fix: None }
    }

    pub(super) const fn of_code(code: Code, status: Status) -> Self {
        let mut check = Self::new(code.as_str(), status);
        check.hint = Some(code.how());
        check.fix = Some(code.fix());
        check
    }

    fn to_json(&self) -> Object {
        let status = match self.status {
            Status::Fail => "fail",
            Status::Pass => "pass",
            Status::Skip => "skip",
            Status::Warn => "warn",
        };
        let mut out = Object::new();
        out.set("code", self.code);
        out.set("status", status);
        out.set_some("path", self.path.as_deref());
        out.set_some("expected", self.expected.as_deref());
        out.set_some("got", self.got.as_deref());
        out.set_some("hint", self.hint);
        out.set_some("fix", self.fix);
        out
    }
}
