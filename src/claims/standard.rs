//! The registered claims (RFC 7519 section 4.1) and `typ`, against a policy and the time that it is.
//!
//! With a leeway of L seconds, at the time `now`: `exp` is good if `exp ≥ now − L`, that is, up to and including
//! L seconds after it; `nbf` is good if `nbf ≤ now + L`. An `iat` ahead of `now + L` is a wrong clock: up to 300
//! seconds ahead a remark, further a refusal. Fractions of a second are dropped.

use super::valid::{ValidClaims, ValidText, difference};
use crate::{
    Code, Error, Result, Warning, bounds,
    error::Remark,
    jose::jws::Verified,
    json::{Object, Value, members::element},
    time::{UnixTime, exactly, in_words},
};
use alloc::{string::String, vec::Vec};

/// Whether a token must expire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expiry {
    /// A token without `exp` is good for ever, with the remark `no_expiry`.
    Optional,
    /// A token without `exp` is refused.
    #[default]
    Required,
}

/// The required values of the standard claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether a token must expire.
    pub expiry: Expiry,
    /// Seconds by which clocks may differ; at most 300 count.
    pub leeway: u32,
    /// Seconds by which `nbf` and `iat` alike may be ahead, where that is not the leeway; at most 300 count.
    pub ahead: Option<u32>,
    /// The values of which `iss` must have one; empty if it is not checked.
    pub issuer: Vec<String>,
    /// The values of which `aud` must be or contain one; empty if it is not checked.
    pub audience: Vec<String>,
    /// The value that `typ` in the header must have.
    pub typ: Option<String>,
    /// Longest life in seconds: `exp − iat`, or `exp − now` without `iat`, or `now − iat` without `exp`.
    pub max_lifetime: Option<i64>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            expiry: Expiry::Required,
            leeway: bounds::LEEWAY_SECONDS,
            ahead: None,
            issuer: Vec::new(),
            audience: Vec::new(),
            typ: None,
            max_lifetime: None,
        }
    }
}

impl Policy {
    fn leeway(&self) -> i64 {
        i64::from(self.leeway.min(bounds::LEEWAY_SECONDS_MAX))
    }

    /// How far ahead a time may be; `otherwise` where one leeway does not hold for all.
    fn ahead(&self, otherwise: i64) -> i64 {
        self.ahead.map_or(otherwise, |seconds| i64::from(seconds.min(bounds::LEEWAY_SECONDS_MAX)))
    }
}

/// The input of the rules.
pub(crate) struct Facts<'a> {
    pub(crate) claims: &'a Object,
    pub(crate) typ: Option<&'a str>,
    pub(crate) policy: &'a Policy,
    pub(crate) now: UnixTime,
}

/// The result of a rule that does not refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// All is well.
    Good,
    /// Good, but to be put right.
    Remark(Remark),
    /// There is nothing to check.
    Nothing,
}

/// One rule: the place it looks at, and what it finds there.
pub(crate) struct Rule {
    pub(crate) place: &'static str,
    pub(crate) check: fn(&Facts<'_>) -> Result<Finding>,
}

/// The rules in the order in which they are applied.
pub(crate) const RULES: [Rule; 7] = [
    Rule { place: "/exp", check: expiry },
    Rule { place: "/nbf", check: not_before },
    Rule { place: "/iat", check: issued_at },
    Rule { place: "/iss", check: issuer },
    Rule { place: "/aud", check: audience },
    Rule { place: "header/typ", check: typ },
    Rule { place: "/exp", check: lifetime },
];

/// Checks the standard claims of a verified token. In order: payload, `exp` (type, unit, after `iat`, presence,
/// time), `nbf`, `iat`, `iss`, `aud`, `typ`, lifetime.
///
/// # Errors
/// The `json_*` codes with the place `payload`, `claim_type`, `exp_looks_like_milliseconds`, `exp_before_iat`,
/// `expiry_missing`, `token_expired`, `token_not_yet_valid`, `iat_in_future`, `issuer_missing`,
/// `issuer_mismatch`, `audience_missing`, `audience_mismatch`, `typ_mismatch`, `lifetime_too_long`.
pub fn check(verified: Verified, policy: &Policy, now: UnixTime) -> Result<ValidClaims> {
    let claims = Value::parse_object(verified.payload()).map_err(|fault| fault.within("payload"))?;
    check_claims(verified, claims, policy, now)
}

/// Works as [`check`], for those who have read the payload.
///
/// # Errors
/// As `check`, but for those of reading.
pub(crate) fn check_claims(
    verified: Verified,
    claims: Object,
    policy: &Policy,
    now: UnixTime,
) -> Result<ValidClaims> {
    let mut remarks = verified.remarks().to_vec();
    remarks.extend(apply(&claims, verified.header().typ(), policy, now)?);
    let (expires_at, issued_at) = (time(&claims, "/exp")?, time(&claims, "/iat")?);
    let source = verified.source();
    Ok(ValidClaims { claims, text: into_text(verified), expires_at, issued_at, remarks, source })
}

/// Works as [`check`], for those who pass the claims on as a string: the same rules apply, but the claims are not
/// parsed into members.
///
/// # Errors
/// As `check`.
pub(crate) fn check_text(verified: Verified, policy: &Policy, now: UnixTime) -> Result<ValidText> {
    let (source, mut remarks) = (verified.source(), verified.remarks().to_vec());
    let header = verified.header().clone();
    // Looked at once: what is text goes on as text.
    let text = Value::text(verified.into_payload()).map_err(|fault| fault.within("payload"))?;
    let claims = Value::parse_members(&text, &LOOKED_AT).map_err(|fault| fault.within("payload"))?;
    remarks.extend(apply(&claims, header.typ(), policy, now)?);
    Ok(ValidText { text, remarks, source })
}

/// Every claim that a rule looks at.
const LOOKED_AT: [&str; 5] = ["exp", "nbf", "iat", "iss", "aud"];

/// Applies the rules, also to claims that nobody has proven: the warnings.
pub(crate) fn apply(
    claims: &Object,
    typ: Option<&str>,
    policy: &Policy,
    now: UnixTime,
) -> Result<Vec<Remark>> {
    let facts = Facts { claims, typ, policy, now };
    let mut remarks = Vec::new();
    for rule in &RULES {
        if let Finding::Remark(remark) = (rule.check)(&facts)? {
            remarks.push(remark);
        }
    }
    Ok(remarks)
}

/// The payload, which the reader has found to be UTF-8.
fn into_text(verified: Verified) -> String {
    String::from_utf8(verified.into_payload()).unwrap_or_default()
}

/// Whether claims that nobody has proven would pass.
pub(crate) fn would_pass(claims: &Object, typ: Option<&str>, policy: &Policy, now: UnixTime) -> bool {
    let facts = Facts { claims, typ, policy, now };
    RULES.iter().all(|rule| (rule.check)(&facts).is_ok())
}

/// The time at a place such as `/exp`.
fn time(claims: &Object, place: &str) -> Result<Option<UnixTime>> {
    let value = place.get(1..).and_then(|name| claims.get(name));
    value.map(|value| UnixTime::from_claim(value, place)).transpose()
}

fn expiry(facts: &Facts<'_>) -> Result<Finding> {
    let exp = time(facts.claims, "/exp")?;
    // An iat that is no time is for its own rule to refuse.
    let iat = time(facts.claims, "/iat").ok().flatten();
    if let (Some(exp), Some(iat)) = (exp, iat)
        && exp <= iat
    {
        let got = match iat.since(exp) {
            0 => told!("the same time as iat"),
            seconds => told!("{} before iat", exactly(seconds)),
        };
        return Err(Error::new(Code::ExpBeforeIat).at("/exp").expected("a time after iat").got(got));
    }
    match (exp, facts.policy.expiry) {
        (None, Expiry::Required) => {
            Err(Error::new(Code::ExpiryMissing).at("/exp").expected("a number of seconds").got("nothing"))
        }
        (None, Expiry::Optional) => Ok(Finding::Remark(Remark::at(Warning::NoExpiry, "/exp"))),
        (Some(exp), _) if exp.plus(facts.policy.leeway()) < facts.now => {
            let ago = in_words(facts.now.since(exp));
            let fault = Error::new(Code::TokenExpired).at("/exp").expected("a time in the future");
            Err(fault.got(told!("one that expired {ago} ago")))
        }
        (Some(_), _) => Ok(Finding::Good),
    }
}

fn not_before(facts: &Facts<'_>) -> Result<Finding> {
    let Some(nbf) = time(facts.claims, "/nbf")? else { return Ok(Finding::Nothing) };
    if nbf <= facts.now.plus(facts.policy.ahead(facts.policy.leeway())) {
        return Ok(Finding::Good);
    }
    let ahead = in_words(nbf.since(facts.now));
    let fault = Error::new(Code::TokenNotYetValid).at("/nbf").expected("a time in the past");
    Err(fault.got(told!("one that is {ahead} ahead")))
}

fn issued_at(facts: &Facts<'_>) -> Result<Finding> {
    let Some(iat) = time(facts.claims, "/iat")? else { return Ok(Finding::Nothing) };
    let most = facts.policy.ahead(i64::from(bounds::LEEWAY_SECONDS_MAX));
    if iat <= facts.now.plus(facts.policy.leeway().min(most)) {
        return Ok(Finding::Good);
    }
    if iat <= facts.now.plus(most) {
        return Ok(Finding::Remark(Remark::at(Warning::IssuedInFuture, "/iat")));
    }
    let ahead = in_words(iat.since(facts.now));
    let fault = Error::new(Code::IatInFuture).at("/iat").expected("a time in the past");
    Err(fault.got(told!("one that is {ahead} ahead")))
}

fn issuer(facts: &Facts<'_>) -> Result<Finding> {
    let expected = &*facts.policy.issuer;
    let iss = match facts.claims.get("iss") {
        None if expected.is_empty() => return Ok(Finding::Nothing),
        None => return Err(refused(Code::IssuerMissing, "/iss", expected, "nothing")),
        Some(Value::String(iss)) => iss,
        Some(other) => return Err(wrong_type("/iss", "a string", other)),
    };
    if expected.is_empty() || expected.contains(iss) {
        return Ok(Finding::Good);
    }
    Err(refused(Code::IssuerMismatch, "/iss", expected, difference(expected, iss)))
}

fn audience(facts: &Facts<'_>) -> Result<Finding> {
    // Without an audience of our own there is nothing to compare, and RFC 7519 lets aud say anything.
    let expected = &*facts.policy.audience;
    if expected.is_empty() {
        return Ok(Finding::Nothing);
    }
    let mismatch = |got: String| Err(refused(Code::AudienceMismatch, "/aud", expected, got));
    match facts.claims.get("aud") {
        None => Err(refused(Code::AudienceMissing, "/aud", expected, "nothing")),
        Some(Value::String(aud)) if expected.contains(aud) => Ok(Finding::Good),
        Some(Value::String(aud)) => mismatch(difference(expected, aud)),
        Some(Value::Array(elements)) => {
            if let Some((index, other)) = elements.iter().enumerate().find(|(_, one)| one.as_str().is_none())
            {
                return Err(wrong_type(&element("/aud", index), "a string", other));
            }
            let named = |one: &Value| expected.iter().any(|expected| one.as_str() == Some(expected));
            if elements.iter().any(named) {
                return Ok(Finding::Good);
            }
            mismatch(told!("an array of {} other strings", elements.len()))
        }
        Some(other) => Err(wrong_type("/aud", "a string or an array of strings", other)),
    }
}

/// The type of the receipts that a deployment signs for its accounts.
const RECEIPT: &str = "participation+jwt";

/// Checks whether a `typ` is that of our receipts, which nobody may use as a token: they lie open on the account's pages.
pub(crate) fn is_receipt(typ: &str) -> bool {
    plain(typ) == RECEIPT
}

fn plain(typ: &str) -> String {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").map(String::from).unwrap_or(typ)
}

/// A claim without one of the accepted values.
fn refused(code: Code, place: &str, accepted: &[String], got: impl Into<String>) -> Error {
    let expected = match accepted {
        _ if cfg!(not(feature = "whole")) => String::new(),
        [single] => single.clone(),
        several => told!("one of {}", several.join(", ")),
    };
    Error::new(code).at(place).expected(expected).got(got)
}

/// Media types are compared without `application/` and without regard to case (RFC 7515 section 4.1.9).
fn typ(facts: &Facts<'_>) -> Result<Finding> {
    let Some(expected) = facts.policy.typ.as_deref() else {
        return match facts.typ {
            Some(typ) if is_receipt(typ) => {
                let error = Error::new(Code::TypMismatch).at("header/typ");
                Err(error.expected("a token of the participant").got("the receipt of a participation"))
            }
            _ => Ok(Finding::Nothing),
        };
    };
    match facts.typ {
        Some(typ) if plain(typ) == plain(expected) => Ok(Finding::Good),
        typ => {
            let got = typ.map_or_else(|| told!("nothing"), |typ| difference(&[expected.into()], typ));
            Err(Error::new(Code::TypMismatch).at("header/typ").expected(expected).got(got))
        }
    }
}

fn lifetime(facts: &Facts<'_>) -> Result<Finding> {
    let Some(longest) = facts.policy.max_lifetime else { return Ok(Finding::Nothing) };
    let life = match (time(facts.claims, "/exp")?, time(facts.claims, "/iat")?) {
        (Some(exp), Some(iat)) => exp.since(iat),
        (Some(exp), None) => exp.since(facts.now),
        (None, Some(iat)) => facts.now.since(iat),
        (None, None) => i64::MAX,
    };
    if life <= longest {
        return Ok(Finding::Good);
    }
    let got = if life == i64::MAX { told!("neither exp nor iat") } else { in_words(life) };
    let expected = told!("a lifetime of at most {}", in_words(longest));
    Err(Error::new(Code::LifetimeTooLong).at("/exp").expected(expected).got(got))
}

/// A claim of the wrong type.
pub(crate) fn wrong_type(place: &str, expected: &str, value: &Value) -> Error {
    Error::new(Code::ClaimType).at(place).expected(expected).got(value.kind())
}
