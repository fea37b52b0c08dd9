//! The way back from the login page: whose state it is, whose browser, which issuer, and only then the code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::login;

use handstamp::{Code, Error, jose::base64url, oauth};
use login::{ISSUER, NOW, REDIRECT, account, merge, object, parameter, plain, ring, started};
use serde_json::{Value, json};

/// A sign-in on its way: its state and its cookie.
pub(super) struct Flow {
    account: Value,
    pub(super) state: String,
    pub(super) cookie: String,
    pub(super) sid: String,
}

impl Flow {
    pub(super) fn of(account: Value) -> Self {
        Self::with(account, json!({}))
    }

    pub(super) fn with(account: Value, patch: Value) -> Self {
        let done = started(&account, patch);
        let cookie = format!(
            "{}={}",
            done["cookie"]["name"].as_str().unwrap(),
            done["cookie"]["value"].as_str().unwrap()
        );
        let state = parameter(done["location"].as_str().unwrap(), "state");
        Self { account, state, cookie, sid: done["sid"].as_str().unwrap().to_owned() }
    }

    pub(super) fn new() -> Self {
        Self::of(account(json!({})))
    }

    fn input(&self, rest: &str) -> Value {
        json!({
            "query": format!("?state={}{rest}", self.state), "cookies": self.cookie, "ring": ring("k1", 1), "now": NOW + 60,
            "account": self.account, "redirectUri": REDIRECT,
        })
    }

    pub(super) fn back(&self, rest: &str) -> Value {
        done(&self.input(rest))
    }

    pub(super) fn changed(&self, rest: &str, patch: Value) -> Result<Value, Error> {
        let mut input = self.input(rest);
        merge(&mut input, patch);
        callback(&input)
    }
}

fn callback(input: &Value) -> Result<Value, Error> {
    match oauth::callback(&object(input))? {
        handstamp::oauth::Step::Done(done) => Ok(plain(&done)),
        _ => panic!("the callback asks nothing"),
    }
}

fn done(input: &Value) -> Value {
    callback(input).unwrap()
}

#[track_caller]
pub(super) fn assert_outcome(result: &Value, outcome: &str, code: Code) {
    assert_eq!(
        (result["outcome"].as_str().unwrap(), result["code"].as_str().unwrap()),
        (outcome, code.as_str()),
        "{result}"
    );
    assert_eq!(
        (&result["account"], &result["campaignId"], &result["step"]),
        (&json!("acme"), &json!("123456"), &json!("form"))
    );
    assert!(result.get("verifier").is_none() && result.get("nonce").is_none());
}

#[test]
fn a_code_comes_back_with_everything_that_restores_the_campaign() {
    let flow = Flow::new();
    let result = flow.back("&code=a%2Bb%20c&session_state=x");
    let parts: Vec<&str> = flow.cookie.split_once('=').unwrap().1.split('.').collect();
    let expected = json!({
        "account": "acme", "campaignId": "123456", "sid": flow.sid, "step": "form", "lang": "fr",
        "bind": base64url::encode(&[9; 32]), "return": { "index": 1, "path": "/game?x=1" },
        "clearCookie": format!("__Host-hs_flow_{}", &flow.sid[..8]), "outcome": "code", "code": "a+b c",
        "ownBrowser": true, "keepCookie": {
            "name": format!("__Host-hs_flow_{}", &flow.sid[..8]), "value": parts.join("."), "maxAge": 120,
        },
        "verifier": parts[1], "nonce": parts[2], "redirectUri": REDIRECT,
    });
    assert_eq!(result, expected);
}

#[test]
fn a_campaign_of_our_own_origin_needs_neither_bind_nor_return() {
    let flow = Flow::with(account(json!({})), json!({ "bind": null, "return": null, "lang": null }));
    let result = flow.back("&code=c");
    assert_eq!(
        (&result["bind"], &result["return"], &result["lang"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(result["outcome"], json!("code"));
}

#[test]
fn the_account_can_be_read_before_the_callback() {
    let flow = Flow::new();
    let keys = handstamp::json::Value::from(object(&ring("k1", 1)));
    assert_eq!(oauth::peek_state(&keys, &format!("code=c&state={}", flow.state)).unwrap(), "acme");
    assert_eq!(oauth::peek_state(&keys, "code=c").unwrap_err().code(), Code::StateMissing);
    let place = plain(&oauth::peek_place(&keys, &format!("state={}", flow.state)).unwrap().into());
    assert_eq!((&place["sid"], &place["return"]["path"]), (&json!(flow.sid), &json!("/game?x=1")));
}

#[test]
fn a_query_of_16_kib_is_read_and_one_byte_more_is_not() {
    let flow = Flow::new();
    let of = |length: usize| {
        let query = format!("state={}&code=c&other=", flow.state);
        let query = format!("{query}{}", "x".repeat(length - query.len()));
        flow.changed("", json!({ "query": query })).map(|done| done["outcome"].clone())
    };
    assert_eq!(of(16 * 1024).unwrap(), json!("code"));
    assert_eq!(of(16 * 1024 + 1).unwrap_err().code(), Code::QueryInvalid);
}

#[test]
fn a_state_that_is_not_ours_leads_nowhere() {
    let flow = Flow::new();
    let query = |query: String| flow.changed("", json!({ "query": query })).map(|_| ()).unwrap_err().code();
    assert_eq!(query("?code=c".into()), Code::StateMissing);
    assert_eq!(query("?code=c&state=".into()), Code::StateMissing);
    assert_eq!(query(format!("?state={0}&state={0}&code=c", flow.state)), Code::StateDuplicate);
    assert_eq!(query("?state=garbage&code=c".into()), Code::StateInvalid);
    assert_eq!(query(format!("?state={}&code=c", &flow.state[..flow.state.len() - 1])), Code::StateInvalid);
    assert_eq!(query(format!("?state={}A&code=c", flow.state)), Code::StateInvalid);
    assert_eq!(query(format!("?state={}&code=c", flow.state.replacen('1', "2", 1))), Code::StateInvalid);
    assert_eq!(query(format!("?state={}&code=c", "a".repeat(15_000))), Code::StateInvalid);
    assert_eq!(query(format!("?state={}&code=c", "a".repeat(65_536))), Code::QueryInvalid);
    assert_eq!(query("?state=%ff&code=c".into()), Code::StateInvalid);
    assert_eq!(query("?state=%2&code=c".into()), Code::StateInvalid);
    assert_eq!(query("?&".to_owned() + &"a=1&".repeat(65)), Code::StateMissing);
}

#[test]
fn a_state_changed_at_any_character_is_refused() {
    let flow = Flow::new();
    let text = flow.state.as_bytes();
    for position in 0..text.len() {
        for bit in [1_u8, 2, 32] {
            let mut changed = text.to_vec();
            changed[position] ^= bit;
            let Ok(changed) = String::from_utf8(changed) else { continue };
            // Percent and the separators of a query would make another query, not another state.
            let escaped: String = changed.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let code = flow
                .changed("", json!({ "query": format!("state={escaped}&code=c") }))
                .map(|_| ())
                .unwrap_err()
                .code();
            assert_eq!(code, Code::StateInvalid, "position {position}, bit {bit}");
        }
    }
}

#[test]
fn a_state_of_another_ring_or_environment_is_refused() {
    let flow = Flow::new();
    for other in [ring("k1", 2), ring("k2", 1)] {
        assert_eq!(flow.changed("&code=c", json!({ "ring": other })).unwrap_err().code(), Code::StateInvalid);
    }
    let mut staging = ring("k1", 1);
    staging["environment"] = json!("staging");
    assert_eq!(flow.changed("&code=c", json!({ "ring": staging })).unwrap_err().code(), Code::StateInvalid);
    let unknown = flow.changed("&code=c", json!({ "ring": ring("k2", 1) })).unwrap_err();
    assert_eq!(login::detail(&unknown).2, "a state that was sealed with a key that is not in the ring");
}

#[test]
fn a_pass_in_the_place_of_a_state_is_refused() {
    use handstamp::seal::{Purpose, Ring, seal};
    let keys = Ring::parse(&handstamp::json::Value::from(object(&ring("k1", 1)))).unwrap();
    for purpose in [Purpose::Pass, Purpose::Flow, Purpose::Secret] {
        let text = seal(purpose, &keys, "*", b"[1]", [0; 16]).unwrap();
        let result = Flow::new().changed("", json!({ "query": format!("state={text}&code=c") }));
        assert_eq!(result.unwrap_err().code(), Code::StateInvalid, "{purpose:?}");
    }
}

#[test]
fn an_old_state_restores_the_draft_and_starts_again() {
    let flow = Flow::new();
    for (now, outcome) in [(NOW + 1799, "code"), (NOW + 1800, "expired"), (NOW + 86_400, "expired")] {
        // The cookie is gone by then, as it lives as long as the state.
        let cookies = if outcome == "code" { json!(flow.cookie) } else { json!("") };
        let result = flow.changed("&code=c", json!({ "now": now, "cookies": cookies })).unwrap();
        assert_eq!(result["outcome"], json!(outcome), "{now}");
    }
    let result = flow.changed("&code=c", json!({ "now": NOW + 1800, "cookies": "" })).unwrap();
    assert_outcome(&result, "expired", Code::StateExpired);
    assert_eq!(result["bind"], json!(base64url::encode(&[9; 32])));
    let long = Flow::of(account(json!({ "stateMinutes": 60 })));
    assert_eq!(long.changed("&code=c", json!({ "now": NOW + 3599 })).unwrap()["outcome"], json!("code"));
}

#[test]
fn a_state_from_the_future_is_refused() {
    let flow = Flow::new();
    assert_eq!(flow.changed("&code=c", json!({ "now": NOW - 60 })).unwrap()["outcome"], json!("code"));
    assert_eq!(flow.changed("&code=c", json!({ "now": NOW - 61 })).unwrap_err().code(), Code::StateInvalid);
}

#[test]
fn another_browser_cannot_finish_the_sign_in() {
    let flow = Flow::new();
    let (name, value) = flow.cookie.split_once('=').unwrap();
    let parts: Vec<&str> = value.split('.').collect();
    let other_sid = format!("{}AAAAAAAA", &flow.sid[..8]);
    let cases = [
        (String::new(), Code::FlowCookieMissing),
        ("a=b; theme=dark".into(), Code::FlowCookieMissing),
        (format!("{name}X={value}"), Code::FlowCookieMissing),
        (format!("{name}="), Code::WrongBrowser),
        (format!("{name}={}", parts[..2].join(".")), Code::WrongBrowser),
        (format!("{name}={value}.x"), Code::WrongBrowser),
        (format!("{name}={other_sid}.{}.{}", parts[1], parts[2]), Code::WrongBrowser),
        (format!("{name}={}.short.{}", parts[0], parts[2]), Code::WrongBrowser),
        (format!("{name}={}.{}.short", parts[0], parts[1]), Code::WrongBrowser),
        (format!("{0}; {0}", flow.cookie), Code::WrongBrowser),
    ];
    for (cookies, code) in cases {
        let result = flow.changed("&code=c", json!({ "cookies": cookies })).unwrap();
        assert_outcome(&result, "wrong_browser", code);
    }
    let absent = flow.changed("&code=c", json!({ "cookies": null })).unwrap();
    assert_outcome(&absent, "wrong_browser", Code::FlowCookieMissing);
}

#[test]
fn a_cookie_with_the_verifier_and_nonce_of_another_sign_in_is_refused() {
    let entropy = |byte: u8| json!({ "entropy": base64url::encode(&[byte; 48]) });
    let [victims, forgers] = [1, 2].map(|byte| Flow::with(account(json!({})), entropy(byte)));
    let parts = |flow: &Flow| flow.cookie.split(['=', '.']).map(String::from).collect::<Vec<_>>();
    let (victim, forger) = (parts(&victims), parts(&forgers));
    let forged = [(&victim[2], &victim[3]), (&victim[2], &forger[3]), (&forger[2], &victim[3])];
    for (verifier, nonce) in forged {
        let cookies = format!("{}={}.{verifier}.{nonce}", forger[0], forger[1]);
        let result = forgers.changed("&code=c", json!({ "cookies": cookies })).unwrap();
        assert_outcome(&result, "wrong_browser", Code::WrongBrowser);
    }
    assert_eq!(forgers.back("&code=c")["outcome"], json!("code"));
}

#[test]
fn a_long_page_comes_back_from_the_cookie_and_from_no_other() {
    let path = format!("/hop?to=https://evil.example/&{}", "x".repeat(600));
    let referer = json!({ "referer": format!("https://www.acme.example{path}") });
    let flow = Flow::with(account(json!({})), referer);
    let place = |result: &Value| result["return"].clone();
    assert_eq!(place(&flow.back("&code=c")), json!({ "index": 0, "path": path }));
    let old = flow.changed("&code=c", json!({ "now": NOW + 1800 })).unwrap();
    assert_eq!(
        (old["outcome"].as_str(), place(&old)["path"].as_str()),
        (Some("expired"), Some(path.as_str()))
    );

    let (cookie, _) = flow.cookie.rsplit_once('.').unwrap();
    let elsewhere = base64url::encode(b"/hop?to=https://evil.example/");
    for forged in [format!("{cookie}.{elsewhere}"), cookie.to_owned(), format!("{}.x", flow.cookie)] {
        let result = flow.changed("&code=c", json!({ "cookies": forged })).unwrap();
        assert_outcome(&result, "wrong_browser", Code::WrongBrowser);
        assert_eq!(place(&result), Value::Null);
    }
    // A page that the state holds is not replaced by one of the cookie.
    let short = Flow::new();
    let longer = format!("{}.{elsewhere}", short.cookie);
    assert_outcome(
        &short.changed("&code=c", json!({ "cookies": longer })).unwrap(),
        "wrong_browser",
        Code::WrongBrowser,
    );
}

#[test]
fn a_cookie_whose_name_begins_with_another_blank_is_another_cookie() {
    let flow = Flow::new();
    for blank in ["\u{2000}", "\u{a0}", "\u{feff}", "\u{b}", "\u{c}", "\u{3000}"] {
        let result =
            flow.changed("&code=c", json!({ "cookies": format!("{blank}{}", flow.cookie) })).unwrap();
        assert_outcome(&result, "wrong_browser", Code::FlowCookieMissing);
    }
    let spaced = flow.changed("&code=c", json!({ "cookies": format!("a=b; \t {} ", flow.cookie) })).unwrap();
    assert_eq!(spaced["outcome"], json!("code"));
}

#[test]
fn a_document_that_may_not_use_the_shared_callback_any_more_leads_back_without_its_code() {
    let flow = Flow::new();
    let mut older = account(json!({}));
    merge(&mut older["oauth"], json!({ "endpoints": { "token": "https://evil.example/token" } }));
    let result = flow.changed("&code=c", json!({ "account": older })).unwrap();
    assert_outcome(&result, "error", Code::MixupRefused);
    assert_eq!(result["return"]["path"], json!("/game?x=1"));
    let result = flow.changed("&code=c", json!({ "account": { "oauth": null } })).unwrap();
    assert_outcome(&result, "error", Code::TechniqueOff);
}

#[test]
fn two_tabs_do_not_disturb_each_other() {
    let entropy = |byte: u8| json!({ "entropy": base64url::encode(&[byte; 48]) });
    let flows = [Flow::with(account(json!({})), entropy(1)), Flow::with(account(json!({})), entropy(2))];
    let cookies = format!("x=1; {}; {}", flows[1].cookie, flows[0].cookie);
    for flow in &flows {
        let result = flow.changed("&code=c", json!({ "cookies": cookies })).unwrap();
        assert_eq!((&result["outcome"], &result["sid"]), (&json!("code"), &json!(flow.sid)));
    }
    // The cookie of one does not serve the state of the other.
    let crossed = flows[0].changed("&code=c", json!({ "cookies": flows[1].cookie })).unwrap();
    assert_outcome(&crossed, "wrong_browser", Code::FlowCookieMissing);
}

#[test]
fn a_state_of_one_account_is_refused_at_another() {
    let flow = Flow::new();
    let mut other = account(json!({}));
    other["account"] = json!("umbrella");
    for patch in [json!({ "account": other }), json!({ "pathAccount": "umbrella" })] {
        assert_eq!(flow.changed("&code=c", patch).unwrap_err().code(), Code::StateInvalid);
    }
}

#[test]
fn an_account_with_its_own_redirect_address_is_answered_there_only() {
    let own = Flow::of(account(json!({ "redirectUri": "account" })));
    let result = own.changed("&code=c", json!({ "pathAccount": "acme" })).unwrap();
    assert_eq!(result["redirectUri"], json!(format!("{REDIRECT}/acme")));
    assert_eq!(own.changed("&code=c", json!({})).unwrap_err().code(), Code::StateInvalid);
    let shared = Flow::new();
    assert_eq!(
        shared.changed("&code=c", json!({ "pathAccount": "acme" })).unwrap_err().code(),
        Code::StateInvalid
    );
}

#[test]
fn the_issuer_is_compared_where_it_is_sent() {
    let flow = Flow::new();
    let issuer = base_escape(ISSUER);
    assert_eq!(flow.back(&format!("&code=c&iss={issuer}"))["outcome"], json!("code"));
    for other in ["https://evil.example", &format!("{ISSUER}/")] {
        let result = flow.back(&format!("&code=c&iss={}", base_escape(other)));
        assert_outcome(&result, "error", Code::IssuerParamMismatch);
    }
    let twice = flow.back(&format!("&code=c&iss={issuer}&iss={issuer}"));
    assert_outcome(&twice, "error", Code::StateDuplicate);
    // Without the document, the state itself knows the issuer.
    let alone = flow.changed(&format!("&code=c&iss={issuer}"), json!({ "account": null })).unwrap();
    assert_eq!(alone["outcome"], json!("code"));
    let alone = flow.changed("&code=c&iss=https://evil.example", json!({ "account": null })).unwrap();
    assert_outcome(&alone, "error", Code::IssuerParamMismatch);
}

#[test]
fn a_promised_issuer_must_be_there() {
    let configured = Flow::of(account(json!({ "sendsIss": true })));
    assert_outcome(&configured.back("&code=c"), "error", Code::IssuerParamMissing);
    // An error without it is not believed either: anybody could send it.
    assert_outcome(&configured.back("&error=access_denied"), "error", Code::IssuerParamMissing);
    // Nor where the document names every endpoint, so that no metadata are asked for.
    let endpoints = |sends_iss: Value| {
        let url = |name: &str| format!("{ISSUER}/{name}");
        let endpoints =
            json!({ "authorization": url("a"), "token": url("t"), "jwks": url("k"), "userinfo": url("u") });
        let own = Flow::of(account(
            json!({ "redirectUri": "account", "sendsIss": sends_iss, "endpoints": endpoints }),
        ));
        own.changed("&code=c", json!({ "pathAccount": "acme" })).unwrap()
    };
    assert_outcome(&endpoints(json!(true)), "error", Code::IssuerParamMissing);
    assert_eq!(endpoints(Value::Null)["outcome"], json!("code"));
    let mut server = login::Server::new();
    server.metadata["authorization_response_iss_parameter_supported"] = json!(true);
    let document = account(json!({}));
    let (done, _) = login::play(oauth::start, &login::start_input(&document, json!({})), |request| {
        server.answer(request)
    });
    let done = done.unwrap();
    assert_eq!(done["warnings"], json!([]));
    let promised = Flow {
        account: document,
        state: parameter(done["location"].as_str().unwrap(), "state"),
        cookie: format!(
            "{}={}",
            done["cookie"]["name"].as_str().unwrap(),
            done["cookie"]["value"].as_str().unwrap()
        ),
        sid: done["sid"].as_str().unwrap().to_owned(),
    };
    assert_outcome(&promised.back("&code=c"), "error", Code::IssuerParamMissing);
    assert_eq!(promised.back(&format!("&code=c&iss={}", base_escape(ISSUER)))["outcome"], json!("code"));
}

#[test]
fn a_sign_in_that_was_sent_to_another_login_server_is_not_redeemed_at_the_new_one() {
    let flow = Flow::new();
    let moved = account(json!({ "issuer": "https://new.acme.example" }));
    assert_outcome(
        &flow.changed("&code=c", json!({ "account": moved })).unwrap(),
        "error",
        Code::IssuerParamMismatch,
    );
}

#[test]
fn the_secrets_of_a_flow_are_not_in_the_state() {
    let flow = Flow::new();
    let value = flow.cookie.split_once('=').unwrap().1;
    for part in value.split('.') {
        assert!(!flow.state.contains(part));
    }
}

pub(super) fn base_escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
