//! The checks: first the token as a text and its keys, then its claims.

use super::report::{Check, Report, Status};
use crate::{
    Code, Error, Result, Warning, bounds,
    claims::{
        campaign,
        standard::{Facts, Finding, RULES, Rule},
    },
    error::Remark,
    jose::{
        base64url,
        compact::Compact,
        header::Header,
        jws::{self, Verified},
        nested::{self, Encryption},
    },
    json::{Object, Value},
    members::pointer,
    participation::decide,
    profile::prefill::Prefill,
    secure_token::Settings,
    time::{UnixTime, in_words},
};
use alloc::{format, string::String, vec::Vec};

/// A token's claims as far as they may be shown, and its type.
pub(super) struct Readable {
    payload: Vec<u8>,
    /// `None` where the header could not be read.
    header: Option<Header>,
    encrypted: bool,
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
pub(super) fn token(settings: &Settings, text: &str, report: &mut Report) -> Option<Readable> {
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
            let outcome = nested::open(text, &settings.decrypt, Encryption::Accept, &settings.verify);
            (Some(compact.header), outcome.map(|opened| opened.verified))
        }
        Ok(compact) => {
            let outcome = jws::verify(&compact, &settings.verify);
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
        Err(_) if encrypted => None,
        Err(_) => {
            let payload = base64url::decode(text.split('.').nth(1)?).ok()?;
            (parts == 3).then_some(Readable { payload, header, encrypted })
        }
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

/// Checks the claims, as far as they may be read.
pub(super) fn claims(
    settings: &Settings,
    readable: Option<&Readable>,
    campaign_id: Option<&str>,
    now: UnixTime,
    report: &mut Report,
) {
    let parsed = readable.map(|readable| (readable, Value::parse_object(&readable.payload)));
    let (readable, claims) = match parsed {
        None => {
            report.skip("payload", "payload");
            return skip_claims(report);
        }
        Some((_, Err(fault))) => {
            report.fail("payload", &fault.within("payload"));
            return skip_claims(report);
        }
        Some((readable, Ok(claims))) => (readable, claims),
    };
    report.pass("payload", "payload", members(&claims));
    let typ = readable.header.as_ref().and_then(Header::typ);
    let facts = Facts { claims: &claims, typ, policy: &settings.policy, now };
    for (name, rule) in RULE_NAMES.into_iter().zip(&RULES) {
        if name == "typ" && readable.header.is_none() {
            report.skip(name, rule.place);
        } else {
            standard(name, rule, &facts, report);
        }
    }
    campaign_claims(&claims, campaign_id, report);
    let may_carry = readable.encrypted || settings.access_token_in_clear;
    let place = settings.access_token.pointer();
    match campaign::access_token(&claims, &settings.access_token, may_carry) {
        Err(fault) => report.fail(&place, &fault),
        Ok(None) => report.skip("access_token", &place),
        Ok(Some(_)) => report.pass("access_token", &place, None),
    }
}

/// The names of the rules for standard claims, in their order.
const RULE_NAMES: [&str; RULES.len()] = ["exp", "nbf", "iat", "iss", "aud", "typ", "lifetime"];
/// The claims of a campaign that hold data.
const DATA: [&str; 5] = ["gift", "form", "optin", "profile", "custom"];

fn skip_claims(report: &mut Report) {
    for (name, rule) in RULE_NAMES.into_iter().zip(&RULES) {
        report.skip(name, rule.place);
    }
    for (name, place) in [("sub", "/sub"), ("campaign_id", "/campaignId"), ("limit", "/limit")] {
        report.skip(name, place);
    }
    for name in DATA.into_iter().chain(["jti"]) {
        report.skip(name, &pointer("", name));
    }
    report.skip("access_token", "token");
}

fn standard(name: &'static str, rule: &Rule, facts: &Facts<'_>, report: &mut Report) {
    match (rule.check)(facts) {
        Err(fault) => report.fail(rule.place, &fault),
        Ok(Finding::Nothing) => report.skip(name, rule.place),
        Ok(Finding::Remark(remark)) => report.warn(rule.place, &remark),
        Ok(Finding::Good) => {
            let time = facts.claims.get(name).and_then(Value::as_f64);
            report.pass(name, rule.place, time.map(|time| from_now(time, facts.now)));
        }
    }
}

/// A time relative to now, in words.
fn from_now(time: f64, now: UnixTime) -> String {
    // Times that passed their rule are far inside the range.
    #[allow(clippy::cast_possible_truncation)]
    let seconds = UnixTime(time as i64).since(now);
    match seconds {
        0 => "now".into(),
        ahead if ahead > 0 => format!("in {}", in_words(ahead)),
        ago => format!("{} ago", in_words(ago)),
    }
}

fn campaign_claims(claims: &Object, campaign_id: Option<&str>, report: &mut Report) {
    match campaign::subject(claims) {
        Err(fault) => report.fail("/sub", &fault),
        Ok(subject) => {
            report.pass("sub", "/sub", format!("a string of {} characters", subject.chars().count()));
        }
    }
    match campaign::check_campaign(claims, campaign_id) {
        Err(fault) => report.fail("/campaignId", &fault),
        Ok(Finding::Remark(remark)) => report.warn("/campaignId", &remark),
        Ok(_) => report.pass("campaign_id", "/campaignId", None),
    }
    match campaign::limit(claims) {
        Err(fault) => report.fail("/limit", &fault),
        Ok(None) => report.skip("limit", "/limit"),
        // Only what the token alone decides: how often the participant took part is not known here.
        Ok(Some(limit)) => match decide(Some(&limit), None).reason() {
            Some(reason) => report.checks.push(Check {
                path: Some("/limit".into()),
                fix: Some("issuer"),
                hint: Some("The token is good, but it lets the participant not play."),
                ..Check::new(reason.as_str(), Status::Warn)
            }),
            None => report.pass("limit", "/limit", None),
        },
    }
    for name in DATA {
        data(claims, name, report);
    }
    match campaign::token_id(claims) {
        Err(fault) => report.fail("/jti", &fault),
        Ok(None) => report.skip("jti", "/jti"),
        Ok(Some(_)) => report.pass("jti", "/jti", None),
    }
}

fn data(claims: &Object, name: &'static str, report: &mut Report) {
    let place = pointer("", name);
    let mut remarks: Vec<Remark> = Vec::new();
    let read = campaign::object(claims, name, &mut remarks).and_then(|object| {
        if name == "gift" {
            campaign::check_gift(object.as_ref())?;
        }
        Ok(object)
    });
    match read {
        Err(fault) => return report.fail(&place, &fault),
        Ok(None) => return report.skip(name, &place),
        Ok(Some(object)) if remarks.is_empty() => {
            report.pass(name, &place, members(&object));
            let mut prefill = Prefill::default();
            match name {
                "form" | "profile" => prefill.add_form(&object, None),
                "optin" => prefill.add_optin(&object, None),
                _ => {}
            }
            for ignored in prefill.ignored {
                report.checks.push(Check {
                    path: Some(pointer(&place, &ignored.name)),
                    hint: Some(
                        "The value, or this part of it, is left out of the form; nobody is refused for it.",
                    ),
                    fix: Some("issuer"),
                    ..Check::new(ignored.reason.as_str(), Status::Warn)
                });
            }
        }
        Ok(Some(_)) => {}
    }
    for remark in &remarks {
        report.warn(&place, remark);
    }
}

fn members(object: &Object) -> String {
    format!("{} member{}", object.len(), if object.len() == 1 { "" } else { "s" })
}
