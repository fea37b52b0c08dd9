//! Names that are almost those that are read: told with the one that was meant, and the cause where that one is missing.
#![allow(clippy::unwrap_used, clippy::panic)] // A test may stop.

use crate::common;
use common::{SECRET, signed};
use handstamp::{
    explain::{Report, Status, Verdict, explain},
    json::Value,
    secure_token::{self, AdmitOptions, Settings},
    time::UnixTime,
};

const NOW: UnixTime = UnixTime(1_800_000_000);
const GOOD: &str = r#""sub":"1234","campaignId":"100001","exp":1800000300"#;

fn settings(more: &str) -> Settings {
    let key = format!(r#"{{"method":"symmetricKey","alg":"HS256","key":"{SECRET}","encoding":"utf8"}}"#);
    Settings::parse(format!(r#"{{"verify":{key}{more}}}"#).as_bytes()).unwrap()
}

fn token(claims: &str) -> String {
    signed(r#"{"alg":"HS256"}"#, format!("{{{claims}}}").as_bytes())
}

/// The warnings of an admission about names: code, place, the name that was meant.
fn warned(settings: &Settings, claims: &str) -> Vec<(String, String, Option<String>)> {
    let admission = secure_token::admit(settings, &token(claims), &AdmitOptions::new("100001", NOW));
    let admission = admission.unwrap_or_else(|error| panic!("{claims}: {error}")).to_json();
    let warnings = Value::from(admission).pointer("/warnings").and_then(Value::as_array).unwrap().to_vec();
    let text = |warning: &Value, name: &str| warning.pointer(name).and_then(Value::as_str).map(String::from);
    warnings
        .iter()
        .map(|row| {
            (text(row, "/code").unwrap(), text(row, "/at").unwrap_or_default(), text(row, "/expected"))
        })
        .filter(|(code, ..)| code == "limit_member_unknown" || code == "claim_unknown")
        .collect()
}

fn explained(settings: &Settings, claims: &str) -> Report {
    explain(settings, &token(claims), Some("100001"), NOW)
}

#[test]
fn a_member_of_the_limit_that_is_not_read_is_told_with_the_one_that_was_meant() {
    for (member, meant) in [
        ("Nb", Some("\"nb\"")),
        ("NB", Some("\"nb\"")),
        ("can_play", Some("\"canPlay\"")),
        ("CanPlay", Some("\"canPlay\"")),
        ("canplay", Some("\"canPlay\"")),
        ("canPaly", Some("\"canPlay\"")),
        ("can-play", Some("\"canPlay\"")),
        ("maximum", None),
    ] {
        let claims = format!(r#"{GOOD},"limit":{{"nb":3,"canPlay":true,"{member}":1}}"#);
        let expected = ("limit_member_unknown".into(), format!("/limit/{member}"), meant.map(String::from));
        assert_eq!(warned(&settings(""), &claims), [expected], "{member}");
        let report = explained(&settings(""), &claims);
        let check = report.checks.iter().find(|check| check.code == "limit_member_unknown").unwrap();
        assert_eq!(
            (report.verdict(), check.status, check.fix()),
            (Verdict::Accepted, Status::Warn, Some("issuer"))
        );
        assert_eq!(
            (check.path.as_deref(), check.expected.as_deref()),
            (Some(&*format!("/limit/{member}")), meant)
        );
        // Alone, it is why the limit says nothing.
        let report = explained(&settings(""), &format!(r#"{GOOD},"limit":{{"{member}":1}}"#));
        let first = if meant.is_some() { "name_misspelt" } else { "limit_empty" };
        assert_eq!((report.verdict(), report.code()), (Verdict::Rejected, Some(first)), "{member}");
    }
    assert_eq!(warned(&settings(""), &format!(r#"{GOOD},"limit":{{"nb":3}}"#)), []);
}

#[test]
fn a_claim_of_almost_the_right_name_is_told() {
    for (name, meant) in [
        ("Limit", "limit"),
        ("limits", "limit"),
        ("gifts", "gift"),
        ("Form", "form"),
        ("opt_in", "optin"),
        ("costum", "custom"),
        ("Profile", "profile"),
        ("JTI", "jti"),
        ("audd", "aud"),
        // Outside of the limit, they limit nothing.
        ("nb", "limit.nb"),
        ("NB", "limit.nb"),
        ("canPlay", "limit.canPlay"),
        ("canplay", "limit.canPlay"),
    ] {
        let expected = ("claim_unknown".into(), format!("/{name}"), Some(format!("\"{meant}\"")));
        assert_eq!(warned(&settings(""), &format!(r#"{GOOD},"{name}":{{}}"#)), [expected], "{name}");
    }
    // Names of their own, of other standards, beside the right one, or read by the settings.
    let others = [
        "name",
        "lat",
        "ext",
        "act",
        "azp",
        "amr",
        "sid",
        "nonce",
        "scope",
        "customer_number",
        "accessToken",
    ];
    for name in others {
        assert_eq!(warned(&settings(""), &format!(r#"{GOOD},"{name}":{{}}"#)), [], "{name}");
    }
    assert_eq!(warned(&settings(""), &format!(r#"{GOOD},"campaign_id":"7""#)), []);
    assert_eq!(warned(&settings(""), &format!(r#"{GOOD},"nb":7,"limit":{{"nb":3}}"#)), [], "its own name");
    for more in [
        r#","mapping":{"city":"forms"}"#,
        r#","mapping":{"city":"/forms/city"}"#,
        r#","accessToken":"forms""#,
    ] {
        assert_eq!(warned(&settings(more), &format!(r#"{GOOD},"forms":null"#)), [], "{more}");
    }
}

#[test]
fn where_the_right_claim_is_missing_the_misspelt_one_is_the_cause() {
    for (right, wrong, code) in [
        ("sub", "Sub", "subject_missing"),
        ("sub", "subb", "subject_missing"),
        ("campaignId", "campaign_id", "campaign_missing"),
        ("campaignId", "campaignID", "campaign_missing"),
        ("campaignId", "campainId", "campaign_missing"),
        ("exp", "EXP", "expiry_missing"),
        ("exp", "epx", "expiry_missing"),
    ] {
        let claims = GOOD.replace(&format!("\"{right}\""), &format!("\"{wrong}\""));
        let refusal = secure_token::admit(&settings(""), &token(&claims), &AdmitOptions::new("100001", NOW));
        assert_eq!(refusal.unwrap_err().code().as_str(), code);
        let report = explained(&settings(""), &claims);
        assert_eq!(report.code(), Some("name_misspelt"), "{wrong}");
        let check = report.checks.iter().find(|check| check.code == "name_misspelt").unwrap();
        assert_eq!(check.path, Some(format!("/{wrong}")));
        assert_eq!(check.expected, Some(format!("\"{right}\"")));
        assert_eq!(check.fix(), Some("issuer"));
    }
}

/// A warning keeps the name that was meant on its way through the pass and the host.
#[test]
fn the_meant_name_survives_the_way_through_json() {
    let admission = secure_token::admit(
        &settings(""),
        &token(&format!(r#"{GOOD},"limit":{{"nb":1,"Nb":2}}"#)),
        &AdmitOptions::new("100001", NOW),
    );
    let text = Value::from(admission.unwrap().to_json()).to_text();
    let message = r#""message":"The limit has a member that is not read. At /limit/Nb. Expected \"nb\".""#;
    assert!(text.contains(message), "{text}");
}
