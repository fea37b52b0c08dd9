//! The checks of the token as a text, and of its keys.

use super::report::Report;
use crate::{
    Code, Error, Result, Warning, bounds,
    jose::{
        base64url,
        compact::Compact,
        header::Header,
        host::Host,
        jws::{self, Verified},
        nested::{self, Encryption},
    },
    secure_token::Settings,
};
use alloc::{format, string::String, vec::Vec};

/// A token's claims as far as they may be shown, and its type.
pub(super) struct Readable {
    /// The claims as they came.
    pub(super) payload: Vec<u8>,
    /// `None` where the header could not be read.
    pub(super) header: Option<Header>,
    /// Whether the token came encrypted.
    pub(super) encrypted: bool,
}

/// A step on the way to a verified token.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Step {
    name: &'static str,
    path: &'static str,
}

const fn step(name: &'static str, path: &'static str) -> Step {
    Step { name, path }
}

const SIZE: Step = step("size", "token");
const CHARACTERS: Step = step("characters", "token");
const SEGMENTS: Step = step("segments", "token");
const HEADER: Step = step("header", "header");
const ALG: Step = step("alg", "header/alg");
const ENC: Step = step("enc", "header/enc");
const ENCODING: Step = step("encoding", "token");
const ENCRYPTION: Step = step("encryption", "token");
const DECRYPTION: Step = step("decryption", "token");
const INNER: Step = step("inner", "plaintext");
const INNER_HEADER: Step = step("header", "inner header");
const INNER_ALG: Step = step("alg", "inner header/alg");
const KID: Step = step("kid", "header/kid");
const KEY: Step = step("key", "/verify");
const SIGNATURE: Step = step("signature", "signature");
const COPIES: Step = step("copies", "header");

const SIGNED: [Step; 10] =
    [SIZE, CHARACTERS, SEGMENTS, HEADER, ENCRYPTION, ALG, ENCODING, KID, KEY, SIGNATURE];
const ENCRYPTED: [Step; 16] = [
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

/// Checks the token up to its signature. What comes back may be read: of a readable token always, of an encrypted
/// one only when all is good.
pub(super) fn check(
    settings: &Settings,
    text: &str,
    host: &mut Host,
    report: &mut Report,
) -> Option<Readable> {
    let parts = text.split('.').count();
    let encrypted = parts == 5;
    let policy = match (encrypted, settings.encryption) {
        (true, Encryption::Off) => Some(Error::new(Code::EncryptionUnexpected)),
        (false, Encryption::Require) => Some(Error::new(Code::EncryptionRequired)),
        _ => None,
    };
    // Whatever the policy says, the other checks are made as far as there are keys for them.
    let (header, outcome) = match Compact::parse(text) {
        Err(fault) => (None, Err(fault)),
        Ok(compact) if encrypted => {
            let outcome =
                nested::open_by(text, &settings.decrypt, Encryption::Accept, &settings.verify, host);
            (Some(compact.header), outcome.map(|opened| opened.verified))
        }
        Ok(compact) => {
            let outcome = jws::verify_by(&compact, &settings.verify, host);
            (Some(compact.header), outcome)
        }
    };
    let steps: &[Step] = if encrypted { &ENCRYPTED } else { &SIGNED };
    trail(steps, text, parts, header.as_ref(), policy.as_ref(), &outcome, report);
    match outcome {
        Ok(verified) => {
            let header = Some(verified.header().clone());
            Some(Readable { payload: verified.payload().to_vec(), header, encrypted })
        }
        // Only a signed token of three parts has claims that anybody can read.
        Err(_) if parts == 3 => {
            let payload = base64url::decode(text.split('.').nth(1)?).ok()?;
            Some(Readable { payload, header, encrypted })
        }
        Err(_) => None,
    }
}

/// Reports the steps: those before the fault passed, those after it are skipped.
fn trail(
    steps: &[Step],
    text: &str,
    parts: usize,
    header: Option<&Header>,
    policy: Option<&Error>,
    outcome: &Result<Verified>,
    report: &mut Report,
) {
    let fault = outcome.as_ref().err();
    let failed = fault.map(|fault| step_of(fault, header.is_some()));
    let mut after = false;
    for step in steps {
        if *step == ENCRYPTION {
            match policy {
                Some(fault) => report.fail(step.path, fault),
                None if parts == 3 || parts == 5 => {
                    let got = if parts == 5 { "encrypted" } else { "readable" };
                    report.pass(step.name, step.path, String::from(got));
                }
                None => report.skip(step.name, step.path),
            }
        } else if let Some(fault) = fault.filter(|_| failed == Some(*step)) {
            // Without any key to decrypt, the policy has said the same already.
            match policy {
                Some(policy) if policy.code() == fault.code() => report.skip(step.name, step.path),
                _ => report.fail(step.path, fault),
            }
            after = true;
        } else if after {
            report.skip(step.name, step.path);
        } else {
            passed(*step, text, parts, header, outcome.as_ref().ok(), report);
        }
    }
    // A fault of a step that this form does not have must not get lost.
    if let (Some(fault), false) = (fault, after) {
        report.fail("token", fault);
    }
}

fn passed(
    step: Step,
    text: &str,
    parts: usize,
    header: Option<&Header>,
    verified: Option<&Verified>,
    report: &mut Report,
) {
    let remarked = |warning: Warning| {
        verified.and_then(|verified| verified.remarks().iter().find(|remark| remark.warning == warning))
    };
    let remark = match step {
        KID => remarked(Warning::KidIgnored),
        KEY => remarked(Warning::SecretShort),
        _ => None,
    };
    if let Some(remark) = remark {
        return report.warn(step.path, remark);
    }
    // Inside an encrypted token, only what is verified may speak.
    let innermost = if parts == 5 { verified.map(Verified::header) } else { header };
    match step {
        KID if innermost.is_some_and(|header| header.kid().is_none()) => report.skip(step.name, step.path),
        SIZE => report.pass(step.name, step.path, format!("{} of {} bytes", text.len(), bounds::TOKEN_BYTES)),
        SEGMENTS => report.pass(step.name, step.path, format!("{parts} parts")),
        ALG => report.pass(step.name, step.path, header.map(|header| header.alg().into())),
        ENC => report.pass(step.name, step.path, header.and_then(Header::enc).map(String::from)),
        INNER_ALG => report.pass(step.name, step.path, innermost.map(|header| header.alg().into())),
        _ => report.pass(step.name, step.path, None),
    }
}

/// The step that a fault belongs to.
fn step_of(fault: &Error, has_header: bool) -> Step {
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
        Code::KidMissing | Code::KidInvalid | Code::KidUnknown | Code::KidAmbiguous => KID,
        Code::SignatureInvalid => SIGNATURE,
        Code::HeaderInvalid if has_header && !inner => COPIES,
        _ if inner => INNER_HEADER,
        _ if has_header => KEY,
        _ => HEADER,
    }
}
