//! Remarks about the configured keys, independent of the token.

use super::report::{Evidence, Report, Status};
use crate::{Clue, jose::key::KeySource, secure_token::Settings};
use alloc::format;

const NAME: &str = "keys";

/// Checks how the verification keys were given.
pub(super) fn check(settings: &Settings, report: &mut Report) {
    let before = report.checks.len();
    for source in settings.sources() {
        let place = format!("{}/key", source.place());
        for clue in clues(source) {
            report.clue(NAME, Status::Warn, &place, Evidence::new(clue));
        }
    }
    if report.checks.len() == before {
        let count = settings.sources().len();
        report.pass(NAME, "/verify", format!("{count} source{}", if count == 1 { "" } else { "s" }));
    }
}

fn clues(source: &KeySource) -> impl Iterator<Item = Clue> {
    let text = source.pem().unwrap_or_default();
    let escaped = text.contains("\\n").then_some(Clue::PemEscapedLines);
    let older = text.contains("BEGIN RSA PUBLIC KEY").then_some(Clue::PemPkcs1);
    escaped.into_iter().chain(older)
}
