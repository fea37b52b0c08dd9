//! The watch over an account's keys: which facts are warned of, from which second on, and which are not.
#![allow(clippy::unwrap_used)] // A test may stop.

use handstamp::{Code, account::watch_keys, json::Value};

const NOW: i64 = 1_900_000_000;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The warnings about some facts as `code at got`.
fn warned(facts: &str) -> Vec<String> {
    let facts = format!(r#"{{"now":{NOW},{facts}}}"#);
    let warnings = watch_keys(&Value::parse(facts.as_bytes()).unwrap()).unwrap();
    let text =
        |warning: &Value, place: &str| warning.pointer(place).and_then(Value::as_str).map(String::from);
    let parts = |warning| [text(warning, "/code"), text(warning, "/at"), text(warning, "/got")];
    warnings
        .iter()
        .map(|warning| parts(warning).into_iter().flatten().collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn times_are_warned_of_to_the_second() {
    let none: [&str; 0] = [];
    let certificate = |ends: i64| warned(&format!(r#""certificates":[{{"at":"/k","ends":{ends}}}]"#));
    assert_eq!(certificate(NOW + 30 * DAY + 1), none);
    assert_eq!(certificate(NOW + 30 * DAY), ["certificate_ends /k"]);
    assert_eq!(certificate(0), ["certificate_ends /k"], "one that has ended");
    let secret = |written: i64| warned(&format!(r#""secrets":[{{"at":"/s","written":{written}}}]"#));
    assert_eq!(secret(NOW - 365 * DAY + 1), none);
    assert_eq!(secret(NOW - 365 * DAY), ["secret_old /s"]);
    let fetched =
        |at: i64| warned(&format!(r#""keySets":[{{"at":"/k","fetchedAt":{at},"keys":["a"],"seen":[]}}]"#));
    assert_eq!(fetched(NOW - 2 * HOUR + 1), none);
    assert_eq!(fetched(NOW - 2 * HOUR), ["key_set_unreachable /k"]);
    assert_eq!(fetched(0), ["key_set_unreachable /k"], "never");
    let ahead = |seconds: i64| warned(&format!(r#""ahead":{seconds}"#));
    assert_eq!(ahead(5), none);
    assert_eq!(ahead(6), ["clock_ahead /secureToken 6 s"]);
    assert_eq!(ahead(-600), none, "a token that waited");
}

#[test]
fn a_key_that_tokens_named_today_is_missed_and_one_that_was_rotated_in_time_is_not() {
    let none: [&str; 0] = [];
    let set = |keys: &str, seen: &[(&str, i64, i64, Option<i64>)]| {
        let row = |(kid, first, last, used): &(&str, i64, i64, Option<i64>)| {
            let used = used.map(|used| format!(r#","used":{used}"#)).unwrap_or_default();
            format!(r#"{{"kid":"{kid}","first":{first},"last":{last}{used}}}"#)
        };
        let seen: Vec<_> = seen.iter().map(row).collect();
        let seen = seen.join(",");
        warned(&format!(r#""keySets":[{{"at":"/k","fetchedAt":{NOW},"keys":{keys},"seen":[{seen}]}}]"#))
    };
    let (then, before) = (NOW - HOUR, NOW - DAY);
    assert_eq!(
        set(r#"["b"]"#, &[("a", 0, then, Some(then)), ("b", NOW, NOW, None)]),
        ["key_set_shrunk /k a"]
    );
    assert_eq!(
        set(r#"["b"]"#, &[("a", 0, then, Some(before)), ("b", 0, NOW, Some(then))]),
        none,
        "nobody signs with it"
    );
    // Where no token has named a key, the number of keys counts.
    assert_eq!(set(r#"["b"]"#, &[("a", 0, then, None), ("b", 0, NOW, None)]), ["key_set_shrunk /k a"]);
    assert_eq!(set(r#"["b"]"#, &[("a", 0, before, None), ("b", 0, NOW, None)]), none, "a day ago");
    assert_eq!(set(r#"["b"]"#, &[("a", 0, then, None), ("b", NOW, NOW, None)]), none, "another came for it");
    assert_eq!(set(r#"["a"]"#, &[("a", 0, NOW, Some(NOW))]), none);
}

#[test]
fn an_identity_provider_that_cannot_be_fetched_or_became_another_is_warned_of() {
    let none: [&str; 0] = [];
    let copy = |fetched: i64, more: &str| {
        warned(&format!(
            r#""metadata":[{{"at":"/oauth","fetchedAt":{fetched},"issuer":"https://id.example"{more}}}]"#
        ))
    };
    let newer = |text: &str| format!(r#","answer":{}"#, serde_json::to_string(text).unwrap());
    let endpoints = r#""authorization_endpoint":"https://id.example/a","token_endpoint""#;
    let good = format!(r#"{{"issuer":"https://id.example",{endpoints}:"https://id.example/t"}}"#);
    assert_eq!(copy(NOW - 2 * HOUR + 1, ""), none);
    assert_eq!(copy(NOW - 2 * HOUR, ""), ["metadata_unreachable /oauth"]);
    assert_eq!(copy(0, ""), ["metadata_unreachable /oauth"], "never");
    assert_eq!(copy(NOW, &newer(&good)), none);
    for (text, got) in [
        (good.replace("id.example\",", "other.example\","), "issuer https://other.example"),
        (good.replacen("https://id.example", "https://id.example/", 1), "issuer https://id.example/"),
        (r#"{"error":"maintenance"}"#.into(), "issuer no issuer"),
        (good.replace(r#""https://id.example/t""#, "null"), "token_endpoint nothing"),
        (
            good.replace("https://id.example/t", "http://10.0.0.1/t"),
            "token_endpoint It must begin with https://.",
        ),
    ] {
        let code = "metadata_changed";
        assert_eq!(copy(NOW - HOUR, &newer(&text)), [format!("{code} /oauth {got}")], "{text}");
    }
    // A page of HTML, or no answer at all, is a server that cannot be reached: it is given the same time.
    assert_eq!(copy(NOW - HOUR, &newer("<h1>Maintenance</h1>")), none);
    assert_eq!(copy(NOW - 2 * HOUR, &newer("<h1>Maintenance</h1>")), ["metadata_unreachable /oauth"]);
}

#[test]
fn facts_that_are_none_are_refused_at_their_place() {
    for (facts, place) in [
        (r#"{"ahead":3}"#, "/now"),
        (r#"{"now":1,"secrets":{}}"#, "/secrets"),
        (r#"{"now":1,"secrets":[{"at":"/s","ends":1}]}"#, "/secrets/0/ends"),
        (r#"{"now":1,"keysets":[]}"#, "/keysets"),
        (r#"{"now":1,"metadata":[{"at":"/oauth","url":"https://id.example"}]}"#, "/metadata/0/url"),
    ] {
        let refusal = watch_keys(&Value::parse(facts.as_bytes()).unwrap()).unwrap_err();
        assert_eq!(refusal.detail().unwrap().at.as_deref(), Some(place), "{facts}");
        assert!([Code::SettingsInvalid, Code::SettingsUnknown].contains(&refusal.code()));
    }
}
