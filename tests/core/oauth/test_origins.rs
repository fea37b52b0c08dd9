//! Test origins: where a sign-in began says whether it brings a preview, wherever it returns to.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use crate::login;
use handstamp::{Code, oauth};
use login::{parameter, start_input, started};
use serde_json::{Value, json};

/// What the state of a sign-in says of a preview, and its place.
fn preview_of(account: &Value, patch: Value) -> (bool, Option<(i64, String)>) {
    let done = started(account, patch);
    let sealed = parameter(done["location"].as_str().unwrap(), "state");
    let ring = handstamp::json::Value::from(login::object(&login::ring("k1", 1)));
    let state = oauth::State::open(&handstamp::seal::Ring::parse(&ring).unwrap(), &sealed).unwrap();
    let shown = login::plain(&handstamp::json::Value::from(state.to_json()));
    assert_eq!(shown["preview"], if state.preview { json!(true) } else { Value::Null });
    (state.preview, state.back)
}

#[test]
fn a_sign_in_that_begins_at_a_test_origin_is_a_preview_wherever_it_returns_to() {
    let document =
        login::document(json!({ "testOrigins": ["http://localhost:3000", "http://127.0.0.1:8080"] }));
    let at =
        |referer: &str, asked: &str| preview_of(&document, json!({ "referer": referer, "return": asked }));
    let place = |index: i64, path: &str| Some((index, path.to_owned()));
    assert_eq!(at("http://localhost:3000/game?x=1", "2/other"), (true, place(-1, "/game?x=1")));
    assert_eq!(at("http://127.0.0.1:8080/game", "3/other"), (true, place(-2, "/game")));
    assert_eq!(at("http://localhost:3000/", "2/"), (true, place(-1, "/")));
    // Shortened, and not listed: it ends on our own origin, and is a preview there too.
    assert_eq!(at("http://localhost:3000/", "2/game"), (true, None));
    assert_eq!(at("http://localhost:3000//evil.example", "2/"), (true, None));
    let unasked = json!({ "referer": "http://localhost:3000/", "bind": null, "return": null });
    assert_eq!(preview_of(&document, unasked), (true, None));
    // Neither a name that begins like it nor an origin of the account is one.
    assert_eq!(at("http://localhost:30001/game", "2/"), (false, None));
    assert_eq!(at("https://shop.acme.example/game", "1/"), (false, place(1, "/game")));
    let asked = json!({ "referer": "https://shop.acme.example/game", "preview": true });
    assert_eq!(preview_of(&document, asked), (true, place(1, "/game")), "as the page asked");
    let beyond =
        oauth::start(&login::object(&start_input(&document, json!({ "return": "4/" })))).unwrap_err();
    assert_eq!(beyond.code(), Code::ReturnRefused);
    // As the callback says it of the sign-in that is begun anew.
    let page = json!({ "bind": null, "return": null, "preview": true });
    let anew = json!({ "referer": null, "bind": null, "return": null, "page": page });
    assert_eq!(preview_of(&document, anew), (true, None));
}
