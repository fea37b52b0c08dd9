//! The start of a registration: by a prompt, where the identity provider knows it, or on a page of the customer's.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use crate::login::{self, Server, account, detail, parameter, play, start_input};
use handstamp::{Code, oauth};
use serde_json::{Value, json};

#[test]
fn an_account_is_made_by_a_prompt_or_on_the_customers_page() {
    let wish = |prompt: Value, register: Option<&str>, metadata: Value| {
        let mut server = Server::new();
        login::merge(&mut server.metadata, metadata);
        let document = account(register.map_or(json!({}), |register| json!({ "register": register })));
        let input = start_input(&document, json!({ "prompt": prompt }));
        play(oauth::start, &input, |request| server.answer(request)).0
    };
    let to = |register: Option<&str>, metadata: Value| wish(json!("create"), register, metadata);
    let prompted = to(Some("prompt"), json!({ "prompt_values_supported": ["none", "create"] })).unwrap();
    assert_eq!(parameter(prompted["location"].as_str().unwrap(), "prompt"), "create");
    for silent in [json!({}), json!({ "prompt_values_supported": ["login"] })] {
        let plain = to(Some("prompt"), silent).unwrap();
        assert!(!plain["location"].as_str().unwrap().contains("prompt="), "the sign-in page then");
    }
    let page = "https://www.acme.example/join?next={login}&from=game";
    let there = to(Some(page), json!({})).unwrap()["location"].as_str().unwrap().to_owned();
    let (before, after) = there.split_once("next=").unwrap();
    assert_eq!(before, "https://www.acme.example/join?");
    let (login, rest) = after.split_once('&').unwrap();
    assert_eq!(rest, "from=game");
    assert!(
        login.starts_with("https%3A%2F%2F") && login.contains("%26state%3D") && !login.contains("prompt"),
        "{login}"
    );
    for other in [Value::Null, json!("login")] {
        let there = wish(other.clone(), Some(page), json!({})).unwrap();
        assert!(
            there["location"].as_str().unwrap().starts_with(login::ISSUER),
            "{other}: nobody asked for an account"
        );
    }
    let fault = to(None, json!({})).unwrap_err();
    assert_eq!((fault.code(), detail(&fault).0.as_str()), (Code::QueryInvalid, "prompt"));
}
