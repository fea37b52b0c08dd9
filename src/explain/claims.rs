//! The checks of the claims.

use super::{
    report::{Check, Report, Status},
    token::Readable,
};
use crate::{
    claims::{
        campaign,
        standard::{Facts, Finding, RULES, Rule},
    },
    error::Remark,
    jose::header::Header,
    json::{Object, Value},
    members::pointer,
    participation::decide,
    profile::prefill::Prefill,
    secure_token::Settings,
    time::{UnixTime, in_words},
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
            report.pass(
                "sub",
                "/sub",
                format!("a string of {}", crate::error::characters(subject.chars().count())),
            );
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
