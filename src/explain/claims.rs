//! The checks of the claims.

use super::{
    payload::form_of,
    report::{Evidence, Report, Status},
    shape,
    token::Readable,
};
use crate::{
    Clue, Code, Error,
    claims::{
        campaign, misspelt,
        standard::{Facts, Finding, RULES, Rule},
    },
    error::Remark,
    jose::header::Header,
    json::{Object, Value, members::pointer},
    participation::decide,
    profile::prefill::Prefill,
    secure_token::Settings,
    time::{UnixTime, in_words, other_unit},
};
use alloc::{format, string::String, vec::Vec};

/// The names of the rules for standard claims, in their order.
const RULE_NAMES: [&str; RULES.len()] = ["exp", "nbf", "iat", "iss", "aud", "typ", "lifetime"];
/// The claims of a campaign that hold data.
const DATA: [&str; 5] = ["gift", "form", "optin", "profile", "custom"];

/// Checks the claims, as far as they may be read.
pub(super) fn check(
    settings: &Settings,
    readable: Option<&Readable>,
    campaign_id: Option<&str>,
    now: UnixTime,
    report: &mut Report,
) {
    let Some(readable) = readable else {
        report.skip("payload", "payload");
        return skip_claims(report);
    };
    let Some(claims) = payload(&readable.payload, report) else { return skip_claims(report) };
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
    misspelt_names(&claims, settings, report);
    let may_carry = readable.encrypted || settings.access_token_in_clear;
    let place = settings.access_token.pointer();
    match campaign::access_token(&claims, &settings.access_token, may_carry) {
        Err(fault) => report.fail("access_token", &place, &fault),
        Ok(None) => report.skip("access_token", &place),
        Ok(Some(_)) => report.pass("access_token", &place, None),
    }
}

/// The claims; also those of a payload that was encoded as JSON twice, which is refused.
fn payload(bytes: &[u8], report: &mut Report) -> Option<Object> {
    let fault = match Value::parse_object(bytes) {
        Ok(claims) => {
            report.pass("payload", "payload", members(&claims));
            return Some(claims);
        }
        Err(fault) => fault,
    };
    report.fail("payload", "payload", &fault.within("payload"));
    if let Some(form) = form_of(bytes) {
        let found = Evidence::new(Clue::PayloadOtherForm).expected("a JSON object");
        report.clue("payload", Status::Fail, "payload", found.got(form));
    }
    let text = Value::parse(bytes).ok()?;
    let inner = Value::parse_object(text.as_str()?.as_bytes()).ok()?;
    let found = Evidence::new(Clue::PayloadDoubleEncoded).expected("an object");
    report.clue("payload", Status::Fail, "payload", found.got("a string that contains an object"));
    Some(inner)
}

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
        Err(fault) => {
            report.fail(name, rule.place, &fault);
            let number = facts.claims.get(name).and_then(Value::as_f64);
            let is_of_time = matches!(
                fault.code(),
                Code::ExpLooksLikeMilliseconds | Code::TokenExpired | Code::ExpBeforeIat
            );
            if let Some(unit) = number.filter(|_| is_of_time).and_then(|number| other_unit(number, facts.now))
            {
                let found = Evidence::new(Clue::TimeUnit).expected("seconds since 1970").got(unit);
                report.clue(name, Status::Fail, rule.place, found);
            }
        }
        Ok(Finding::Nothing) => report.skip(name, rule.place),
        Ok(Finding::Remark(remark)) => report.warn(name, rule.place, &remark),
        Ok(Finding::Good) => {
            let time = facts.claims.get(name).and_then(Value::as_f64);
            let words = time.map(|time| from_now(time, facts.now));
            match time.and_then(|time| by_leeway(name, time, facts.now)) {
                Some(clue) => {
                    let found = Evidence { got: words, ..Evidence::new(clue) };
                    report.clue(name, Status::Warn, rule.place, found);
                }
                None => report.pass(name, rule.place, words),
            }
        }
    }
}

/// Whether a time is good only because clocks may differ.
fn by_leeway(name: &str, time: f64, now: UnixTime) -> Option<Clue> {
    let ahead = seconds_ahead(time, now);
    match name {
        "exp" if ahead < 0 => Some(Clue::ExpiredWithinLeeway),
        "nbf" if ahead > 0 => Some(Clue::NotYetValidWithinLeeway),
        _ => None,
    }
}

// Times that passed their rule are far inside the range.
#[allow(clippy::cast_possible_truncation)]
const fn seconds_ahead(time: f64, now: UnixTime) -> i64 {
    UnixTime(time as i64).since(now)
}

/// A time relative to now, in words.
fn from_now(time: f64, now: UnixTime) -> String {
    match seconds_ahead(time, now) {
        0 => "now".into(),
        ahead if ahead > 0 => format!("in {}", in_words(ahead)),
        ago => format!("{} ago", in_words(ago)),
    }
}

/// Names that are almost those that are read: the cause where the claim that was meant is refused.
fn misspelt_names(claims: &Object, settings: &Settings, report: &mut Report) {
    let of_limit = misspelt::of_limit(claims).into_iter().map(|remark| ("limit", remark));
    let of_token = misspelt::claims(claims, |name| settings.reads(name));
    for (name, remark) in of_limit.chain(of_token.into_iter().map(|remark| ("names", remark))) {
        let meant = remark.expected.as_deref().map(|meant| pointer("", meant.trim_matches('"')));
        let refused = meant.filter(|meant| report.has_failed(if name == "limit" { "/limit" } else { meant }));
        let place = remark.at.as_deref().unwrap_or_default();
        if refused.is_some() {
            let found = Evidence { expected: remark.expected.clone(), ..Evidence::new(Clue::NameMisspelt) };
            report.clue(name, Status::Fail, place, found);
        } else {
            report.warn(name, place, &remark);
        }
    }
    for (name, inner) in claims.iter().filter_map(|(name, value)| Some((name, value.as_object()?))) {
        let missed = ["sub", "campaignId"].map(|claim| (claim, pointer("", claim)));
        let meant =
            missed.iter().find(|(claim, place)| inner.get(claim).is_some() && report.has_failed(place));
        if let Some((claim, place)) = meant {
            let found = Evidence::new(Clue::ClaimsNested).expected(format!("{claim} at {place}"));
            let at = pointer("", name);
            report.clue("names", Status::Fail, &at, found.got(format!("{claim} at {at}{place}")));
        }
    }
    for (name, meant) in misspelt::long_names(claims) {
        if report.has_failed(&pointer("", meant)) {
            let found = Evidence::new(Clue::NameMisspelt).expected(format!("\"{meant}\""));
            report.clue("names", Status::Fail, &pointer("", name), found);
        }
    }
}

fn campaign_claims(claims: &Object, campaign_id: Option<&str>, report: &mut Report) {
    // In a participant's ID, it would make everybody one.
    for (name, place) in [("sub", "/sub"), ("campaign_id", "/campaignId")] {
        let value = claims.get(place.trim_start_matches('/')).and_then(Value::as_str);
        if value.is_some_and(shape::is_placeholder) {
            let found = Evidence::new(Clue::ValuePlaceholder).got("a placeholder");
            report.clue(name, Status::Warn, place, found);
        }
    }
    match campaign::subject(claims) {
        Err(fault) => report.fail("sub", "/sub", &fault),
        Ok(subject) => {
            report.pass(
                "sub",
                "/sub",
                format!("a string of {}", crate::error::characters(subject.chars().count())),
            );
        }
    }
    match campaign::check_campaign(claims, campaign_id) {
        Err(fault) => report.fail("campaign_id", "/campaignId", &fault),
        Ok(Finding::Remark(remark)) => report.warn("campaign_id", "/campaignId", &remark),
        Ok(_) => report.pass("campaign_id", "/campaignId", None),
    }
    match campaign::limit(claims) {
        Err(fault) => refused_flag("limit", "/limit", &fault, report),
        Ok(None) => report.skip("limit", "/limit"),
        // Only what the token alone decides: how often the participant took part is not known here.
        Ok(Some(limit)) => match decide(Some(&limit), None).reason() {
            Some(reason) => report.foresee("limit", "/limit", reason.code()),
            None => report.pass("limit", "/limit", None),
        },
    }
    for name in DATA {
        data(claims, name, report);
    }
    match campaign::token_id(claims) {
        Err(fault) => report.fail("jti", "/jti", &fault),
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
        Err(fault) => return refused_flag(name, &place, &fault, report),
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
                report.ignore(name, pointer(&place, &ignored.name), ignored.reason.as_str());
            }
        }
        Ok(Some(_)) => {}
    }
    for remark in &remarks {
        report.warn(name, &place, remark);
    }
}

/// A claim with a member that should be true or false, where something else is often written.
fn refused_flag(name: &'static str, place: &str, fault: &Error, report: &mut Report) {
    report.fail(name, place, fault);
    let detail = fault.detail().cloned().unwrap_or_default();
    if let (Some(at), Some("true or false")) = (&detail.at, detail.expected.as_deref()) {
        let found = Evidence {
            expected: detail.expected.clone(),
            got: detail.got.clone(),
            ..Evidence::new(Clue::BooleanAsNumber)
        };
        report.clue(name, Status::Fail, at, found);
    }
}

fn members(object: &Object) -> String {
    format!("{} member{}", object.len(), if object.len() == 1 { "" } else { "s" })
}
