//! The truth table of limits (nb × canPlay × count), and the claims that are no limit.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use handstamp::{
    Code,
    json::Value,
    participation::{Decision, Limit, Reason, Stated, decide, judge},
    time::UnixTime,
};

fn value(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap()
}

fn limit(text: &str) -> Limit {
    Limit::parse(&value(text), "/limit").unwrap()
}

#[test]
fn the_truth_table_holds() {
    use Decision::{Allowed, LimitUnchecked, Refused};
    let (not_allowed, quota_reached) = (Refused(Reason::NotAllowed), Refused(Reason::QuotaReached));
    for (text, count, expected) in [
        (r#"{"canPlay":true}"#, None, Allowed),
        (r#"{"canPlay":true}"#, Some(1_000_000), Allowed),
        (r#"{"canPlay":false}"#, None, not_allowed),
        (r#"{"canPlay":false,"nb":5}"#, Some(0), not_allowed),
        (r#"{"canPlay":false,"nb":0}"#, Some(9), not_allowed),
        (r#"{"nb":1}"#, Some(0), Allowed),
        (r#"{"nb":1}"#, Some(1), quota_reached),
        (r#"{"nb":1}"#, Some(2), quota_reached),
        (r#"{"nb":3}"#, Some(2), Allowed),
        (r#"{"nb":3}"#, Some(3), quota_reached),
        (r#"{"nb":3}"#, None, LimitUnchecked),
        (r#"{"nb":0}"#, None, quota_reached),
        (r#"{"nb":0}"#, Some(0), quota_reached),
        (r#"{"nb":2,"canPlay":true}"#, Some(1), Allowed),
        (r#"{"nb":2,"canPlay":true}"#, Some(2), quota_reached),
        (r#"{"nb":2,"canPlay":true}"#, None, LimitUnchecked),
        (r#"{"nb":9007199254740993,"canPlay":true}"#, Some(9_007_199_254_740_992), Allowed),
        (r#"{"nb":9007199254740993}"#, Some(9_007_199_254_740_993), quota_reached),
        (r#"{"nb":1,"note":"kept by others"}"#, Some(0), Allowed),
    ] {
        assert_eq!(decide(Some(&limit(text)), count), expected, "{text} after {count:?}");
    }
}

#[test]
fn no_limit_allows_whatever_the_count() {
    assert_eq!(decide(None, None), Decision::Allowed);
    assert_eq!(decide(None, Some(u64::MAX)), Decision::Allowed);
}

#[test]
fn what_is_no_limit_is_refused_and_says_where() {
    for (text, code, place) in [
        ("{}", Code::LimitEmpty, "/limit"),
        (r#"{"other":1}"#, Code::LimitEmpty, "/limit"),
        ("[]", Code::LimitEmpty, "/limit"),
        ("[1]", Code::ClaimType, "/limit"),
        ("null", Code::ClaimType, "/limit"),
        ("1", Code::ClaimType, "/limit"),
        (r#"{"nb":-1}"#, Code::LimitInvalid, "/limit/nb"),
        (r#"{"nb":1.5}"#, Code::LimitInvalid, "/limit/nb"),
        (r#"{"nb":1.0}"#, Code::LimitInvalid, "/limit/nb"),
        (r#"{"nb":1e9}"#, Code::LimitInvalid, "/limit/nb"),
        (r#"{"nb":9223372036854775808}"#, Code::LimitInvalid, "/limit/nb"),
        (r#"{"nb":"3"}"#, Code::LimitInvalid, "/limit/nb"),
        (r#"{"nb":null}"#, Code::LimitInvalid, "/limit/nb"),
        (r#"{"nb":true}"#, Code::LimitInvalid, "/limit/nb"),
        (r#"{"nb":1,"canPlay":"true"}"#, Code::LimitInvalid, "/limit/canPlay"),
        (r#"{"nb":1,"canPlay":1}"#, Code::LimitInvalid, "/limit/canPlay"),
        (r#"{"canPlay":null}"#, Code::LimitInvalid, "/limit/canPlay"),
    ] {
        let fault = Limit::parse(&value(text), "/limit").unwrap_err();
        assert_eq!(fault.code(), code, "{text}");
        assert_eq!(fault.detail().unwrap().at.as_deref(), Some(place), "{text}");
    }
}

#[test]
fn the_messages_say_what_was_found() {
    let message = |text| Limit::parse(&value(text), "/limit").unwrap_err().to_string();
    assert_eq!(
        message(r#"{"nb":-1}"#),
        "The limit is not valid. At /limit/nb. Expected a whole number of 0 or more. Got a negative number."
    );
    for (text, got) in [
        (r#"{"nb":1.5}"#, "a number that is not written as a whole one"),
        (r#"{"nb":0.0}"#, "a number that is not written as a whole one"),
        (r#"{"canPlay":1.5}"#, "a number"),
        (r#"{"nb":"3"}"#, "a string"),
    ] {
        assert!(message(text).ends_with(&format!("Got {got}.")), "{text}: {}", message(text));
    }
    assert_eq!(
        message(r#"{"canPlay":"no"}"#),
        "The limit is not valid. At /limit/canPlay. Expected true or false. Got a string."
    );
    assert_eq!(
        message("{}"),
        "The limit has neither nb nor canPlay. At /limit. Expected at least one of nb and canPlay."
    );
}

#[test]
fn decisions_and_limits_are_written_as_the_contract_says() {
    let text = |decision: Decision| Value::from(decision.to_json()).to_text();
    assert_eq!(text(Decision::Allowed), r#"{"decision":"allowed"}"#);
    assert_eq!(text(Decision::LimitUnchecked), r#"{"decision":"limit_unchecked"}"#);
    assert_eq!(
        text(Decision::Refused(Reason::NotAllowed)),
        r#"{"decision":"refused","reason":"not_allowed"}"#
    );
    assert_eq!(
        text(Decision::Refused(Reason::QuotaReached)),
        r#"{"decision":"refused","reason":"quota_reached"}"#
    );
    for written in [r#"{"nb":3}"#, r#"{"canPlay":false}"#, r#"{"nb":0,"canPlay":true}"#] {
        assert_eq!(Value::from(limit(written).to_json()).to_text(), written);
    }
}

/// Judges, and returns the answer as JSON text.
fn judged(text: &str) -> String {
    judge(&value(text)).map(|verdict| Value::from(verdict).to_text()).unwrap()
}

#[test]
fn the_limit_that_was_stated_last_governs() {
    for (text, expected) in [
        // A token's limit is used up: a sign-in without one inherits it.
        (
            r#"{"kept":{"limit":{"nb":1},"at":100},"participations":1}"#,
            r#"{"decision":"refused","reason":"quota_reached","limit":{"nb":1},"stated":{"limit":{"nb":1},"at":100}}"#,
        ),
        // A newer token raises it.
        (
            r#"{"kept":{"limit":{"nb":1},"at":100},"seen":{"limit":{"nb":2},"signedAt":101,"seenAt":300},"participations":1}"#,
            r#"{"decision":"allowed","limit":{"nb":2},"stated":{"limit":{"nb":2},"at":101}}"#,
        ),
        // An older one does not loosen it, however late it is shown.
        (
            r#"{"kept":{"limit":{"nb":1},"at":100},"seen":{"limit":{"nb":5},"signedAt":99,"seenAt":300},"participations":1}"#,
            r#"{"decision":"refused","reason":"quota_reached","limit":{"nb":1},"stated":{"limit":{"nb":1},"at":100}}"#,
        ),
        // Of the same second, the last one seen; without a time of signing, likewise.
        (
            r#"{"kept":{"limit":{"nb":1},"at":100},"seen":{"limit":{"nb":2},"signedAt":100,"seenAt":300},"participations":1}"#,
            r#"{"decision":"allowed","limit":{"nb":2},"stated":{"limit":{"nb":2},"at":100}}"#,
        ),
        (
            r#"{"kept":{"limit":{"nb":1},"at":100},"seen":{"limit":{"nb":2},"seenAt":300},"participations":1}"#,
            r#"{"decision":"allowed","limit":{"nb":2},"stated":{"limit":{"nb":2},"at":300}}"#,
        ),
        // A clock that is ahead makes no limit newer than the moment at which it is seen.
        (
            r#"{"seen":{"limit":{"canPlay":false},"signedAt":400,"seenAt":300},"participations":0}"#,
            r#"{"decision":"refused","reason":"not_allowed","limit":{"canPlay":false},"stated":{"limit":{"canPlay":false},"at":300}}"#,
        ),
        (r#"{"participations":9}"#, r#"{"decision":"allowed"}"#),
    ] {
        assert_eq!(judged(text), expected, "{text}");
    }
}

#[test]
fn of_the_customers_number_and_the_campaigns_the_stricter_one_counts() {
    for (campaign, stated, governing) in [
        (r#"{"unstated":1}"#, None, Some(1)),
        (r#"{"unstated":1}"#, Some(5), Some(5)),
        (r#"{"total":3}"#, None, Some(3)),
        (r#"{"total":3}"#, Some(5), Some(3)),
        (r#"{"total":3}"#, Some(2), Some(2)),
        (r#"{"total":3,"unstated":1}"#, None, Some(1)),
        (r#"{"total":1,"unstated":3}"#, None, Some(1)),
        ("{}", None, None),
        ("{}", Some(2), Some(2)),
    ] {
        let seen = stated
            .map_or(String::new(), |nb: u64| format!(r#","seen":{{"limit":{{"nb":{nb}}},"seenAt":1}}"#));
        let count = governing.map_or(1_000, |nb: u64| nb);
        let at = |count: u64| {
            let verdict = judge(&value(&format!(
                r#"{{"campaign":{campaign},"signedIn":true{seen},"participations":{count}}}"#
            )));
            verdict.unwrap().get("decision").and_then(Value::as_str).map(String::from)
        };
        let reached = if governing.is_some() { "refused" } else { "allowed" };
        assert_eq!(at(count).as_deref(), Some(reached), "{campaign} {stated:?}");
        assert_eq!(at(count.saturating_sub(1)).as_deref(), Some("allowed"), "{campaign} {stated:?}");
    }
    // Tokens are apart: each records once, and the customer who states no number makes them.
    assert_eq!(judged(r#"{"campaign":{"unstated":1},"participations":9}"#), r#"{"decision":"allowed"}"#);
    assert!(judged(r#"{"campaign":{"total":9},"participations":9}"#).contains("quota_reached"));
    // A limit that says only that the participant may play states no number.
    let may_play = r#"{"campaign":{"unstated":1},"signedIn":true,"seen":{"limit":{"canPlay":true},"seenAt":1},"participations":1}"#;
    assert!(judged(may_play).contains(r#""limit":{"nb":1,"canPlay":true}"#));
}

#[test]
fn a_day_and_a_week_refuse_when_they_are_used_up_and_every_other_limit_stands_before_them() {
    let at = |campaign: &str, more: &str| judged(&format!(r#"{{"campaign":{campaign}{more}}}"#));
    let reason = |text: String| {
        let verdict = value(&text);
        verdict.pointer("/reason").and_then(Value::as_str).map(String::from)
    };
    for (campaign, day, week, expected) in [
        (r#"{"day":1}"#, 0, 9, None),
        (r#"{"day":1}"#, 1, 1, Some("day_reached")),
        (r#"{"day":2}"#, 1, 5, None),
        (r#"{"week":3}"#, 2, 2, None),
        (r#"{"week":3}"#, 0, 3, Some("week_reached")),
        (r#"{"day":1,"week":3}"#, 1, 3, Some("week_reached")),
        (r#"{"day":1,"week":3}"#, 1, 2, Some("day_reached")),
        ("{}", 1_000, 1_000, None),
    ] {
        let played = format!(r#","participations":{week},"played":{{"day":{day},"week":{week}}}"#);
        assert_eq!(reason(at(campaign, &played)).as_deref(), expected, "{campaign} {day} {week}");
    }
    let played = r#","participations":5,"played":{"day":5,"week":5}"#;
    assert_eq!(reason(at(r#"{"total":5,"day":1}"#, played)).as_deref(), Some("quota_reached"));
    let no = format!(r#"{played},"seen":{{"limit":{{"canPlay":false}},"seenAt":1}}"#);
    assert_eq!(reason(at(r#"{"total":5,"day":1}"#, &no)).as_deref(), Some("not_allowed"));
    // Nothing was counted: nothing is used up.
    assert_eq!(reason(at(r#"{"day":1,"week":1}"#, "")), None);
}

#[test]
fn of_two_stated_limits_either_may_be_missing() {
    let stated = |at| Stated::new(limit(r#"{"nb":1}"#), Some(UnixTime(at)), UnixTime(500));
    assert_eq!(Stated::last(None, None), None);
    assert_eq!(Stated::last(Some(stated(1)), None), Some(stated(1)));
    assert_eq!(Stated::last(None, Some(stated(2))), Some(stated(2)));
}

#[test]
fn facts_that_are_not_valid_are_refused_by_their_place() {
    for (text, code, place) in [
        ("[]", Code::SettingsInvalid, ""),
        (r#"{"limit":{"nb":1}}"#, Code::SettingsUnknown, "/limit"),
        (r#"{"campaign":{"nb":1}}"#, Code::SettingsUnknown, "/campaign/nb"),
        (r#"{"campaign":{"total":-1}}"#, Code::SettingsInvalid, "/campaign/total"),
        (r#"{"kept":{"limit":{"nb":1}}}"#, Code::SettingsInvalid, "/kept/at"),
        (r#"{"kept":{"at":1}}"#, Code::SettingsInvalid, "/kept/limit"),
        (r#"{"kept":{"limit":{},"at":1}}"#, Code::LimitEmpty, "/kept/limit"),
        (r#"{"seen":{"limit":{"nb":1}}}"#, Code::SettingsInvalid, "/seen/seenAt"),
        (r#"{"seen":{"limit":{"nb":"1"},"seenAt":1}}"#, Code::LimitInvalid, "/seen/limit/nb"),
        (r#"{"participations":1.5}"#, Code::SettingsInvalid, "/participations"),
        (r#"{"campaign":{"day":"1"}}"#, Code::SettingsInvalid, "/campaign/day"),
        (r#"{"played":{"day":-1}}"#, Code::SettingsInvalid, "/played/day"),
        (r#"{"played":{"month":1}}"#, Code::SettingsUnknown, "/played/month"),
    ] {
        let fault = judge(&value(text)).unwrap_err();
        let at = fault.detail().and_then(|detail| detail.at.clone()).unwrap_or_default();
        assert_eq!((fault.code(), at.as_str()), (code, place), "{text}");
    }
}
