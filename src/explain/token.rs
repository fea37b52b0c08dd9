//! The checks of the token as a text, and of its keys.

use super::{
    budget::Budget,
    probes::Probes,
    report::{Evidence, Report, Status},
    transport::Repaired,
};
use crate::{
    Clue, Code, Error, Result, Warning, bounds,
    jose::{
        base64url,
        compact::{Compact, Form},
        header::{Algorithm, Header},
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
struct Stage {
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

const SIGNED: [Stage; 10] =
    [SIZE, CHARACTERS, SEGMENTS, HEADER, ENCRYPTION, ALG, ENCODING, KID, KEY, SIGNATURE];
const ENCRYPTED: [Stage; 16] = [
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

/// Checks the token up to its signature. Returns the content: of a readable token always, of an encrypted one only if
/// every check passes.
pub(super) async fn check(
    settings: &Settings,
    token: &Repaired,
    host: &Host,
    report: &mut Report,
) -> Option<Readable> {
    let text = token.text.as_str();
    let parts = text.split('.').count();
    let encrypted = parts == 5;
    let policy = match (encrypted, settings.encryption) {
        (true, Encryption::Off) => Some(Error::new(Code::EncryptionUnexpected)),
        (false, Encryption::Require) => Some(Error::new(Code::EncryptionRequired)),
        _ => None,
    };
    let mut budget = Budget::new();
    let mut compact = Compact::parse(text);
    // Whatever the policy says, the other checks are made as far as there are keys for them.
    let outcome = match &mut compact {
        Err(fault) => Err(fault.clone()),
        Ok(_) if encrypted => {
            budget.spend(settings.decrypt.len().saturating_add(settings.verify.len()));
            let opened = nested::opening(text, &settings.decrypt, Encryption::Accept, &settings.verify, host);
            opened.await.map(|opened| opened.verified)
        }
        Ok(compact) => {
            budget.spend(settings.verify.len());
            let outcome = jws::verifying(compact.clone(), &settings.verify, host).await;
            match signed_as_sent(compact, token) {
                // In the other alphabet, the issuer has signed the text in that alphabet.
                true if outcome.is_err() && budget.spend(settings.verify.len()) => {
                    jws::verifying(compact.clone(), &settings.verify, host).await
                }
                _ => outcome,
            }
        }
    };
    let header = compact.as_ref().ok().map(|compact| compact.header.clone());
    let steps: &[Stage] = if encrypted { &ENCRYPTED } else { &SIGNED };
    Trail { steps, token, parts, header: header.as_ref(), policy: policy.as_ref() }.report(&outcome, report);
    if let (Err(fault), Ok(compact)) = (&outcome, &compact) {
        match &compact.form {
            Form::Jwe { iv, tag, .. } => lengths(&compact.header, iv, tag, fault, report),
            Form::Jws { .. } => {
                let sources = &settings.verify;
                Probes { sources, token: compact, host, budget: &mut budget }.run(fault, report).await;
            }
        }
    }
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

/// Puts what was sent in the place of what the signature is verified over, where the two differ.
fn signed_as_sent<'a>(compact: &mut Compact<'a>, token: &'a Repaired) -> bool {
    let (Form::Jws { signing_input, .. }, Some((sent, _))) =
        (&mut compact.form, token.signed.rsplit_once('.'))
    else {
        return false;
    };
    let differs = *signing_input != sent;
    *signing_input = sent;
    differs
}

/// The lengths of an encrypted token that was not decrypted, which everybody can see.
fn lengths(header: &Header, iv: &[u8], tag: &[u8], fault: &Error, report: &mut Report) {
    let Algorithm::Encryption(_, content) = header.algorithm() else { return };
    if fault.code() != Code::DecryptionFailed {
        return;
    }
    let (iv_bytes, tag_bytes) = content.iv_and_tag_bytes();
    for (clue, path, bytes, got) in
        [(Clue::IvLength, "iv", iv_bytes, iv.len()), (Clue::TokenTruncated, "tag", tag_bytes, tag.len())]
    {
        // A tag that is too long was not cut.
        if got == bytes || (path == "tag" && got > bytes) {
            continue;
        }
        let found = Evidence::new(clue).expected(format!("{bytes} bytes for {}", content.name()));
        report.clue(path, Status::Fail, path, found.got(format!("{got} bytes")));
    }
}

/// The sources of the reported steps.
struct Trail<'a> {
    steps: &'a [Stage],
    token: &'a Repaired,
    parts: usize,
    header: Option<&'a Header>,
    policy: Option<&'a Error>,
}

impl Trail<'_> {
    /// Reports the steps: those before the fault passed, those after it are skipped.
    fn report(&self, outcome: &Result<Verified>, report: &mut Report) {
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
        let inside = [INNER, INNER_HEADER, INNER_ALG, KID, KEY, SIGNATURE].contains(&step);
        if self.parts == 5 && inside { Error::new(fault.code()).at(step.path) } else { fault.clone() }
    }

    fn passed(&self, step: Stage, verified: Option<&Verified>, report: &mut Report) {
        let Self { token, parts, header, .. } = *self;
        let remarked = |warning: Warning| {
            verified.and_then(|verified| verified.remarks().iter().find(|remark| remark.warning == warning))
        };
        let remark = match step {
            KID => remarked(Warning::KidIgnored),
            KEY => remarked(Warning::SecretShort),
            _ => None,
        };
        if let Some(remark) = remark {
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
        Code::KidMissing | Code::KidInvalid | Code::KidUnknown | Code::KidAmbiguous => KID,
        Code::SignatureInvalid => SIGNATURE,
        Code::HeaderInvalid if has_header && !inner => COPIES,
        _ if inner => INNER_HEADER,
        _ if has_header => KEY,
        _ => HEADER,
    }
}
