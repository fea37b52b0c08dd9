//! The laws of what a login page sends back, for any input: a query in the first line, a `Cookie` header in the second.

use handstamp::{
    json::{Object, Value},
    oauth::{self, Step},
};

const RING: &[u8] = br#"{"environment":"test","keys":[{"kid":"k1","key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","status":"active"}]}"#;

/// Never a panic. The same request has the same outcome; a code is handed on only with the cookie that holds the verifier
/// and the nonce, which no other part of the answer has.
pub fn hold(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    let (query, cookies) = text.split_once('\n').unwrap_or((text, ""));
    let outcome = answer((query, cookies));
    assert!(outcome == answer((query, cookies)));
    let with_code = |outcome: &Option<Value>| {
        outcome.as_ref().and_then(|done| done.pointer("/outcome")).and_then(Value::as_str) == Some("code")
    };
    assert!(!with_code(&answer((query, ""))), "a code without the cookie");
    let Some(done) = outcome else { return };
    for name in ["/verifier", "/nonce"] {
        match done.pointer(name).and_then(Value::as_str) {
            Some(held) => assert!(with_code(&Some(done.clone())) && cookies.contains(held)),
            None => assert!(!with_code(&Some(done.clone()))),
        }
    }
    assert!(done.pointer("/account").and_then(Value::as_str).is_some(), "every outcome leads back");
}

/// The outcome; nothing where there is no state of ours.
pub fn answer((query, cookies): (&str, &str)) -> Option<Value> {
    let mut input = Object::new();
    input.set("query", query);
    input.set("cookies", cookies);
    input.set("ring", Value::parse(RING).expect("the ring is JSON"));
    input.set("now", 1_800_000_060);
    match oauth::callback(&input) {
        Ok(Step::Done(done)) => Some(done),
        Ok(_) => panic!("the callback asks nothing"),
        Err(_) => None,
    }
}
