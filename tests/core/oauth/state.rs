//! The state itself: its length, its versions, and the cookie that goes with each.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use super::callback::{Flow, assert_outcome};
use crate::login::{detail, object, ring};
use handstamp::Code;
use serde_json::{Value, json};

/// The members of a state, as they lie in it.
fn members(flow: &Flow) -> Vec<Value> {
    use handstamp::seal::{Purpose, Ring, open};
    let keys = Ring::parse(&handstamp::json::Value::from(object(&ring("k1", 1)))).unwrap();
    serde_json::from_slice(&open(Purpose::State, &keys, "*", &flow.state).unwrap()).unwrap()
}

fn sealed(members: &[Value]) -> String {
    use handstamp::seal::{Purpose, Ring, seal};
    let keys = Ring::parse(&handstamp::json::Value::from(object(&ring("k1", 1)))).unwrap();
    seal(Purpose::State, &keys, "*", json!(members).to_string().as_bytes(), [3; 16]).unwrap()
}

#[test]
fn a_state_of_the_version_before_serves_for_its_lifetime() {
    let flow = Flow::new();
    let mut old = members(&flow);
    assert_eq!((old.len(), old.pop().is_some_and(|flow| flow.is_string())), (15, true));
    old[0] = json!(2);
    let query = format!("?state={}&code=c", sealed(&old));
    assert_eq!(flow.changed("", json!({ "query": query })).unwrap()["outcome"], json!("code"));
    // Without the hash the cookie is judged by its form.
    let (name, value) = flow.cookie.split_once('=').unwrap();
    let parts: Vec<&str> = value.split('.').collect();
    let [sid, verifier, nonce] = parts[..] else { panic!("{value}") };
    for changed in [
        format!("{sid}.{verifier}.{nonce}.L2Zvcm0.x"),
        format!("{sid}.{}.{nonce}", &verifier[1..]),
        format!("{sid}.{verifier}.{}", &nonce[1..]),
        format!("{sid}.{verifier}.{}+", &nonce[1..]),
        format!("{}.{verifier}.{nonce}", &sid[1..]),
    ] {
        let cookies = format!("{name}={changed}");
        let result = flow.changed("", json!({ "query": query, "cookies": cookies })).unwrap();
        assert_outcome(&result, "wrong_browser", Code::WrongBrowser);
    }
    // Neither version takes the other's members.
    let mut without = members(&flow);
    without[14] = Value::Null;
    old[0] = json!(3);
    let mut shorn = members(&flow);
    shorn[0] = json!(2);
    for wrong in [without, old, shorn] {
        let query = format!("?state={}&code=c", sealed(&wrong));
        let error = flow.changed("", json!({ "query": query })).unwrap_err();
        assert_eq!(error.code(), Code::StateInvalid, "{wrong:?}");
    }
}

#[test]
fn a_state_of_a_version_that_never_was_is_refused() {
    use handstamp::{json::Value as Json, oauth::State, seal};
    let ring = seal::Ring::parse(&Json::from(object(&ring("k1", 1)))).unwrap();
    let bytes = seal::open(seal::Purpose::State, &ring, "*", &Flow::new().state).unwrap();
    let mut members: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
    members.pop();
    for (version, is_ours) in [(2, true), (1, false), (5, false), (-2, false)] {
        members[0] = json!(version);
        let text = json!(members).to_string();
        let sealed = seal::seal(seal::Purpose::State, &ring, "*", text.as_bytes(), [0; 16]).unwrap();
        assert_eq!(State::open(&ring, &sealed).is_ok(), is_ours, "{version}");
    }
}

#[test]
fn a_state_of_512_characters_is_sealed_and_read_and_one_more_is_not() {
    use handstamp::{json::Value as Json, oauth::State, seal::Ring};
    let ring = Ring::parse(&Json::from(object(&ring("k1", 1)))).unwrap();
    let mut state = State::open(&ring, &Flow::new().state).unwrap();
    let mut longest = 0;
    let error = loop {
        let path = state.back.take().unwrap().1;
        state.back = Some((1, format!("{path}a")));
        match state.seal(&ring, [0; 16]) {
            Ok(sealed) => {
                longest = sealed.len();
                assert_eq!(State::open(&ring, &sealed).unwrap().back, state.back);
            }
            Err(error) => break error,
        }
    };
    assert_eq!((longest, error.code()), (512, Code::StateTooLong));
    let error = State::open(&ring, &format!("1.k1.{}", "A".repeat(508))).err().unwrap();
    assert_eq!(detail(&error).1, "at most 512 characters");
}
