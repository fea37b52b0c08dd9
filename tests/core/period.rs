//! The period of a campaign: its phases to the second, who may play in each, and facts that are not valid.
#![allow(clippy::unwrap_used)] // A test may stop.

use handstamp::{
    Code,
    json::Value,
    period::{Phase, judge},
    time::UnixTime,
};

const STARTS: i64 = 1_800_000_000;
const ENDS: i64 = 1_800_086_400;
const MINUTE: i64 = 60;

fn judged(text: &str) -> String {
    Value::from(judge(&Value::parse(text.as_bytes()).unwrap()).unwrap()).to_text()
}

#[test]
fn a_phase_begins_and_ends_to_the_second() {
    for (now, phase) in [
        (0, Phase::NotYet),
        (STARTS - 1, Phase::NotYet),
        (STARTS, Phase::Open),
        (ENDS - 1, Phase::Open),
        (ENDS, Phase::Closing),
        (ENDS + 15 * MINUTE - 1, Phase::Closing),
        (ENDS + 15 * MINUTE, Phase::Over),
        (i64::MAX, Phase::Over),
    ] {
        assert_eq!(Phase::at(Some(UnixTime(STARTS)), Some(UnixTime(ENDS)), UnixTime(now)), phase, "{now}");
    }
    assert_eq!(Phase::at(None, Some(UnixTime(ENDS)), UnixTime(0)), Phase::Open);
    assert_eq!(Phase::at(Some(UnixTime(STARTS)), None, UnixTime(i64::MAX)), Phase::Open);
    assert_eq!(Phase::at(None, Some(UnixTime(i64::MAX)), UnixTime(i64::MAX)), Phase::Over);
}

#[test]
fn those_who_come_are_refused_outside_and_those_who_began_until_a_while_after_the_end() {
    for (phase, comes, goes_on) in [
        (Phase::NotYet, Some(Code::CampaignNotYet), Some(Code::CampaignNotYet)),
        (Phase::Open, None, None),
        (Phase::Closing, Some(Code::CampaignOver), None),
        (Phase::Over, Some(Code::CampaignOver), Some(Code::CampaignOver)),
        (Phase::Archived, Some(Code::CampaignOver), Some(Code::CampaignOver)),
    ] {
        assert_eq!((phase.refusal(false), phase.refusal(true)), (comes, goes_on), "{phase:?}");
    }
}

#[test]
fn the_verdict_says_the_phase_and_the_code() {
    assert_eq!(judged(r#"{"now":1}"#), r#"{"phase":"open"}"#);
    assert_eq!(judged(r#"{"starts":2,"now":1}"#), r#"{"phase":"not_yet","code":"campaign_not_yet"}"#);
    assert_eq!(judged(r#"{"ends":1,"now":1}"#), r#"{"phase":"closing","code":"campaign_over"}"#);
    assert_eq!(judged(r#"{"ends":1,"now":1,"begun":true}"#), r#"{"phase":"closing"}"#);
    assert_eq!(judged(r#"{"ends":1,"now":901,"begun":true}"#), r#"{"phase":"over","code":"campaign_over"}"#);
    let away = r#"{"phase":"archived","code":"campaign_over"}"#;
    assert_eq!(judged(r#"{"starts":2,"now":1,"archived":true}"#), away);
    assert_eq!(judged(r#"{"now":1,"begun":true,"archived":true}"#), away);
}

#[test]
fn facts_that_are_not_valid_are_refused_by_their_place() {
    for (text, code, place) in [
        ("{}", Code::SettingsInvalid, "/now"),
        (r#"{"now":1.5}"#, Code::SettingsInvalid, "/now"),
        (r#"{"now":1,"starts":"2026-12-01"}"#, Code::SettingsInvalid, "/starts"),
        (r#"{"now":1,"ends":-1}"#, Code::SettingsInvalid, "/ends"),
        (r#"{"now":1,"begun":1}"#, Code::SettingsInvalid, "/begun"),
        (r#"{"now":1,"archived":1}"#, Code::SettingsInvalid, "/archived"),
        (r#"{"now":1,"end":2}"#, Code::SettingsUnknown, "/end"),
        ("[]", Code::SettingsInvalid, ""),
    ] {
        let fault = judge(&Value::parse(text.as_bytes()).unwrap()).unwrap_err();
        let at = fault.detail().and_then(|detail| detail.at.clone()).unwrap_or_default();
        assert_eq!((fault.code(), at.as_str()), (code, place), "{text}");
    }
}
