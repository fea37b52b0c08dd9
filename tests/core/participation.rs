//! The truth table of limits (nb × canPlay × count), and the claims that are no limit.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use handstamp::{
    Code,
    json::Value,
    participation::{Decision, Limit, Reason, decide},
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
