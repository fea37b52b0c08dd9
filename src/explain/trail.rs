//! The steps on the way to a verified token, and what came of each.

use super::{
    report::{Evidence, Report, Status},
    transport::Repaired,
};
use crate::{
    Clue, Code, Error, Result, Warning, bounds,
    error::Remark,
    jose::{header::Header, jws::Verified},
};
use alloc::{format, string::String};

/// A step on the way to a verified token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Stage {
    name: &'static str,
    path: &'static str,
}

const fn step(name: &'static str, path: &'static str) -> Stage {
    Stage { name, path }
}

const SIZE: Stage = step("size", "token");
const CHARACTERS: Stage = step("characters", "token");
const SEGMENTS: Stage = step("segments", "token");
const HEADER: Stage = step("header", "header");
const ALG: Stage = step("alg", "header/alg");
const ENC: Stage = step("enc", "header/enc");
const ENCODING: Stage = step("encoding", "token");
const ENCRYPTION: Stage = step("encryption", "token");
const DECRYPTION: Stage = step("decryption", "token");
const INNER: Stage = step("inner", "plaintext");
const INNER_HEADER: Stage = step("inner_header", "inner header");
const INNER_ALG: Stage = step("inner_alg", "inner header/alg");
const KID: Stage = step("kid", "header/kid");
const KEY: Stage = step("key", "/verify");
const SIGNATURE: Stage = step("signature", "signature");
const COPIES: Stage = step("copies", "header");

/// The steps of a signed token, and of an encrypted one.
pub(super) const SIGNED: [Stage; 10] =
    [SIZE, CHARACTERS, SEGMENTS, HEADER, ENCRYPTION, ALG, ENCODING, KID, KEY, SIGNATURE];
pub(super) const ENCRYPTED: [Stage; 16] = [
    SIZE,
    CHARACTERS,
    SEGMENTS,
    HEADER,
    ENCRYPTION,
    ALG,
    ENC,
    ENCODING,
    DECRYPTION,
    INNER,
    INNER_HEADER,
    INNER_ALG,
    KID,
    KEY,
    SIGNATURE,
    COPIES,
];

/// The sources of the reported steps.
pub(super) struct Trail<'a> {
    pub(super) steps: &'a [Stage],
    pub(super) token: &'a Repaired,
    pub(super) parts: usize,
    pub(super) header: Option<&'a Header>,
    pub(super) policy: Option<&'a Error>,
    /// Whether the fault is one of what the issuer publishes, which says nothing of the token.
    pub(super) is_published: bool,
}

impl Trail<'_> {
    /// Reports the steps: those before the fault passed, those after it are skipped.
    pub(super) fn report(&self, outcome: &Result<Verified>, report: &mut Report) {
        let fault = outcome.as_ref().err();
        let failed = fault.map(|fault| step_of(fault, self.header.is_some()));
        let mut after = false;
        for step in self.steps {
            if *step == ENCRYPTION {
                self.encryption(report);
            } else if *step == CHARACTERS && self.token.fault.is_some() {
                characters(self.token, report);
                after = failed == Some(CHARACTERS);
            } else if let Some(fault) = fault.filter(|_| failed == Some(*step)) {
                // Without any key to decrypt, the policy has said the same already.
                match self.policy {
                    Some(policy) if policy.code() == fault.code() => report.skip(step.name, step.path),
                    _ => report.fail(step.name, step.path, &self.presentable(*step, fault)),
                }
                after = true;
                cut_off(fault, report);
            } else if after {
                report.skip(step.name, step.path);
            } else {
                self.passed(*step, outcome.as_ref().ok(), report);
            }
        }
        // A fault of a step that this form does not have must not get lost.
        if let (Some(fault), false) = (fault, after) {
            report.fail("segments", "token", fault);
        }
    }

    fn encryption(&self, report: &mut Report) {
        match self.policy {
            Some(fault) => report.fail(ENCRYPTION.name, ENCRYPTION.path, fault),
            None if self.parts == 3 || self.parts == 5 => {
                let got = if self.parts == 5 { "encrypted" } else { "readable" };
                report.pass(ENCRYPTION.name, ENCRYPTION.path, String::from(got));
            }
            None => report.skip(ENCRYPTION.name, ENCRYPTION.path),
        }
    }

    /// A fault as it may be shown: of the inside of an encrypted token that is not verified, the code alone, which
    /// says what the stage is that refused it.
    fn presentable(&self, step: Stage, fault: &Error) -> Error {
        let shown = Error::new(fault.code()).at(step.path);
        let shown = if fault.fix() == "issuer" { shown.of_issuer() } else { shown };
        let inside = [INNER, INNER_HEADER, INNER_ALG, KID, KEY, SIGNATURE].contains(&step);
        if self.parts == 5 && inside && !self.is_published { shown } else { fault.clone() }
    }

    fn passed(&self, step: Stage, verified: Option<&Verified>, report: &mut Report) {
        let Self { token, parts, header, .. } = *self;
        let remarked = |warning: Warning, inside: bool| {
            let is_here = |remark: &&Remark| {
                let is_outside = remark.at.as_deref().is_some_and(|at| at.starts_with("header/epk"));
                remark.warning == warning && is_outside != inside
            };
            verified.and_then(|verified| verified.remarks().iter().find(is_here))
        };
        let remarks = match step {
            KID => [remarked(Warning::KidIgnored, true), None],
            KEY => [remarked(Warning::SecretShort, true), remarked(Warning::CoordinateShort, true)],
            DECRYPTION => [remarked(Warning::CoordinateShort, false), None],
            _ => [None, None],
        };
        if let [Some(remark), _] | [None, Some(remark)] = remarks {
            return report.warn(step.name, step.path, remark);
        }
        // Inside an encrypted token, only what is verified may speak.
        let innermost = if parts == 5 { verified.map(Verified::header) } else { header };
        match step {
            KID if innermost.is_some_and(|header| header.kid().is_none()) => {
                report.skip(step.name, step.path);
            }
            KID => report.pass(step.name, step.path, innermost.and_then(Header::kid).map(quoted)),
            SIZE => size(token, report),
            CHARACTERS => characters(token, report),
            SEGMENTS => report.pass(step.name, step.path, format!("{parts} parts")),
            ALG => report.pass(step.name, step.path, header.map(|header| header.alg().into())),
            ENC => report.pass(step.name, step.path, header.and_then(Header::enc).map(String::from)),
            INNER_ALG => report.pass(step.name, step.path, innermost.map(|header| header.alg().into())),
            _ => report.pass(step.name, step.path, None),
        }
    }
}

/// The length, and whether addresses carry it.
fn size(token: &Repaired, report: &mut Report) {
    let bytes = token.text.len();
    if bytes > bounds::ADDRESS_CHARACTERS {
        let found = Evidence::new(Clue::TokenLongForAddresses);
        let found = found.expected(format!("at most {} characters", bounds::ADDRESS_CHARACTERS));
        return report.clue(SIZE.name, Status::Warn, SIZE.path, found.got(format!("{bytes} characters")));
    }
    report.pass(SIZE.name, SIZE.path, format!("{bytes} of {} bytes", bounds::TOKEN_BYTES));
}

/// Why the text was repaired, where it was.
fn characters(token: &Repaired, report: &mut Report) {
    let Some(fault) = &token.fault else { return report.pass(CHARACTERS.name, CHARACTERS.path, None) };
    report.fail(CHARACTERS.name, CHARACTERS.path, fault);
    for clue in &token.clues {
        report.clue(CHARACTERS.name, Status::Fail, CHARACTERS.path, Evidence::new(*clue));
    }
}

/// Reports a last part that is not complete base64url as cut off.
fn cut_off(fault: &Error, report: &mut Report) {
    let place = fault.detail().and_then(|detail| detail.at.as_deref());
    if let (Code::TokenTrailingBits, Some(path @ ("signature" | "tag"))) = (fault.code(), place) {
        report.clue(ENCODING.name, Status::Fail, path, Evidence::new(Clue::TokenTruncated));
    }
}

fn quoted(kid: &str) -> String {
    format!("{kid:?}")
}

/// The step that a fault belongs to.
fn step_of(fault: &Error, has_header: bool) -> Stage {
    let place = fault.detail().and_then(|detail| detail.at.as_deref()).unwrap_or_default();
    let inner = place.starts_with("inner ");
    match fault.code() {
        Code::TokenMissing | Code::TokenTooLarge if !inner => SIZE,
        Code::TokenWhitespace | Code::TokenCharacters | Code::TokenPadding | Code::TokenIsJson if !inner => {
            CHARACTERS
        }
        Code::TokenSegments if !inner => SEGMENTS,
        Code::TokenTrailingBits if !inner => {
            if place == "header" {
                HEADER
            } else {
                ENCODING
            }
        }
        Code::AlgMissing | Code::AlgNone | Code::AlgUnknown | Code::AlgRefused | Code::AlgNotAllowed => {
            if inner {
                INNER_ALG
            } else {
                ALG
            }
        }
        Code::EncMissing | Code::EncUnknown | Code::EncNotAllowed => ENC,
        Code::EncryptionUnexpected | Code::EncryptionRequired | Code::DecryptionFailed => DECRYPTION,
        Code::JweWithoutJws => INNER,
        Code::TokenWhitespace if inner => INNER,
        Code::KidMissing | Code::KidInvalid | Code::KidUnknown | Code::KidAmbiguous => KID,
        Code::SignatureInvalid => SIGNATURE,
        Code::HeaderInvalid if has_header && !inner => COPIES,
        _ if inner => INNER_HEADER,
        _ if has_header => KEY,
        _ => HEADER,
    }
}
