//! What the login page says: the parameters of its answer, however it writes them, and what comes of it: a code, a cancel, a
//! refusal, a sign-in that begins anew, the ticket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use super::callback::{Flow, assert_outcome, base_escape};
use crate::login;

use handstamp::{Code, jose::base64url, oauth};
use login::{ISSUER, NOW, account, merge, object, ring};
use serde_json::{Value, json};

#[test]
fn errors_of_the_login_server_lead_back() {
    let flow = Flow::new();
    assert_outcome(
        &flow.back("&error=access_denied&error_description=no"),
        "cancelled",
        Code::LoginCancelled,
    );
    let known = flow.back("&error=temporarily_unavailable");
    assert_outcome(&known, "error", Code::ProviderError);
    assert_eq!(known["got"], json!("temporarily_unavailable"));
    assert_outcome(&flow.back("&error=invalid_request&code=c"), "error", Code::ProviderError);
    assert_outcome(&flow.back("&error=access_denied&code=c"), "error", Code::ProviderError);
}

#[test]
fn foreign_texts_of_an_error_are_never_repeated() {
    let flow = Flow::new();
    let nasty = ["%3Cscript%3Ealert(1)%3C/script%3E", "x%0D%0ASet-Cookie:%20a=b", "ada@example.org"];
    for text in nasty {
        let result = flow.back(&format!("&error={text}&error_description={text}&error_uri={text}"));
        assert_outcome(&result, "error", Code::ProviderError);
        let shown = result.to_string();
        assert!(
            !shown.contains("script") && !shown.contains("Set-Cookie") && !shown.contains("ada@"),
            "{shown}"
        );
    }
}

#[test]
fn a_code_is_one_short_printable_text() {
    let flow = Flow::new();
    assert_outcome(&flow.back(""), "error", Code::CodeMissing);
    assert_outcome(&flow.back("&code="), "error", Code::CodeMissing);
    assert_outcome(&flow.back("&code=a&code=b"), "error", Code::StateDuplicate);
    assert_outcome(&flow.back("&code=a%0D%0Ab"), "error", Code::CodeMissing);
    assert_outcome(&flow.back("&code=a%00b"), "error", Code::CodeMissing);
    assert_outcome(&flow.back("&code=%C3%A9"), "error", Code::CodeMissing);
    assert_eq!(flow.back("&code=a%26b")["code"], json!("a&b"));
    assert_eq!(flow.back(&format!("&code={}", "a".repeat(4096)))["outcome"], json!("code"));
    assert_outcome(&flow.back(&format!("&code={}", "a".repeat(4097))), "error", Code::CodeMissing);
    assert_outcome(&flow.back("&code=c&iss=a&iss=b"), "error", Code::StateDuplicate);
}

#[test]
fn a_parameter_that_is_not_recognised_is_ignored_whatever_it_holds() {
    let flow = Flow::new();
    for rest in [
        "&display_name=Jos%E9",
        "&x=1&x=2",
        "&%E9=1",
        "&50%=%",
        "&a=%2&b=%zz&%",
        "&session_state",
        "&=&==&&",
        "&CODE=d&Code=d",
        "&error_description=annul%E9",
        "&error_description=a&error_description=b",
        &"&a=1".repeat(500),
        &format!("&picture={}", "A".repeat(7_000)),
    ] {
        let result = flow.back(&format!("{rest}&code=c{rest}"));
        assert_eq!((&result["outcome"], &result["code"]), (&json!("code"), &json!("c")), "{rest}");
    }
    // One of ours that cannot be read leads back: the state opens.
    for rest in ["&code=%E9", "&code=%ff%fe", "&code=c&iss=%E9", "&error=%E9%E8", "&code=c%00"] {
        let result = flow.back(rest);
        assert_eq!((&result["outcome"], &result["account"]), (&json!("error"), &json!("acme")), "{rest}");
    }
    // A percent sign that escapes nothing stands for itself.
    assert_eq!(flow.back("&code=100%&x=%")["code"], json!("100%"));
}

#[test]
fn a_parameter_without_a_value_is_absent() {
    let flow = Flow::new();
    let issuer = base_escape(ISSUER);
    for rest in [
        "&code=c&error=",
        "&error&code=c",
        "&code=c&iss=",
        "&code=c&response=",
        "&code=&code=c",
        "&iss=&code=c&iss=",
    ] {
        assert_eq!(flow.back(rest)["outcome"], json!("code"), "{rest}");
    }
    assert_eq!(flow.back(&format!("&code=c&error=&iss=&iss={issuer}"))["outcome"], json!("code"));
    for rest in ["&error=access_denied&code=", "&code&error=access_denied&error_description="] {
        let result = flow.back(rest);
        assert_outcome(&result, "cancelled", Code::LoginCancelled);
        assert_eq!(result["got"], json!("access_denied"));
    }
    let promised = Flow::of(account(json!({ "sendsIss": true })));
    assert_outcome(&promised.back("&code=c&iss="), "error", Code::IssuerParamMissing);
}

#[test]
fn the_words_of_a_cancel_are_those_of_the_product_and_the_rest_is_a_refusal() {
    let okta = json!({ "preset": "okta" });
    let silent = |value: &str| json!({ "extra": { "prompt": value } });
    let cases = [
        // Where no page was wanted, an error that says that one is needed means what it says.
        (silent("none"), "login_required", "", "error", "login_required"),
        (silent("none"), "access_denied", "", "cancelled", "access_denied"),
        (silent("consent"), "login_required", "", "cancelled", "login_required"),
        (json!({}), "access_denied", "", "cancelled", "access_denied"),
        (json!({}), "consent_required", "", "cancelled", "consent_required"),
        (json!({}), "interaction_required", "", "cancelled", "interaction_required"),
        (json!({}), "login_required", "", "cancelled", "login_required"),
        (json!({}), "account_selection_required", "", "cancelled", "account_selection_required"),
        (
            json!({}),
            "user_cancelled_login",
            "The user cancelled",
            "cancelled",
            "user_cancelled_login (The user cancelled)",
        ),
        (json!({}), "user_cancelled_authorize", "", "cancelled", "user_cancelled_authorize"),
        (okta.clone(), "user_cancelled_login", "", "error", "user_cancelled_login"),
        (
            json!({}),
            "access_denied",
            "AADB2C90091: The user has cancelled entering self-asserted information.%0D%0ACorrelation ID: 1",
            "cancelled",
            "access_denied (AADB2C90091: The user has cancelled entering self-asserted information.)",
        ),
        (
            json!({}),
            "access_denied",
            "AADB2C90118: The user has forgotten their password.%0D%0ACorrelation ID: 1",
            "error",
            "access_denied (AADB2C90118: The user has forgotten their password.)",
        ),
        (
            okta,
            "access_denied",
            "User is not assigned to the client application.",
            "error",
            "access_denied (User is not assigned to the client application.)",
        ),
        (
            json!({}),
            "access_denied",
            "'ada' (ada@example.org, 4791234567) see https://id.example/?t=eyJhbGciOi",
            "cancelled",
            "access_denied (… … … see …)",
        ),
        (json!({}), "server_error", "annul%E9", "error", "server_error (…)"),
        (json!({}), "server_error", "since 2026 or 20260", "error", "server_error (since 2026 or …)"),
    ];
    for (settings, error, description, outcome, got) in cases {
        let flow = Flow::of(account(settings));
        let result =
            flow.back(&format!("&error={error}&error_description={}", description.replace(' ', "+")));
        let code = if outcome == "cancelled" { Code::LoginCancelled } else { Code::ProviderError };
        assert_outcome(&result, outcome, code);
        assert_eq!(result["got"], json!(got), "{error} {description}");
    }
}

#[test]
fn an_outcome_says_whether_this_browser_began_the_sign_in() {
    let flow = Flow::new();
    for (rest, now, own) in
        [("&code=c", 60, true), ("&error=access_denied", 60, true), ("&code=c", 1800, true)]
    {
        let result = flow.changed(rest, json!({ "now": NOW + now })).unwrap();
        assert_eq!(
            (&result["ownBrowser"], result.get("keepCookie").is_some()),
            (&json!(own), result["outcome"] == "code")
        );
    }
    for now in [60, 1800] {
        let result = flow.changed("&code=c", json!({ "now": NOW + now, "cookies": "" })).unwrap();
        assert_eq!((&result["ownBrowser"], result.get("keepCookie")), (&json!(false), None));
    }
    let mut older = account(json!({}));
    merge(&mut older["oauth"], json!({ "endpoints": { "token": "https://evil.example/token" } }));
    let result = flow.changed("&code=c", json!({ "account": older, "cookies": "" })).unwrap();
    assert_eq!((&result["outcome"], &result["ownBrowser"]), (&json!("error"), &json!(false)));
}

#[test]
fn a_sign_in_that_begins_anew_returns_to_the_page_of_the_first() {
    let flow = Flow::with(account(json!({})), json!({ "prompt": "login" }));
    let first = flow.back("&code=c");
    assert_eq!(first["prompt"], json!("login"));
    let page = json!({ "bind": first["bind"], "return": first["return"] });
    let again = Flow::with(
        account(json!({})),
        json!({ "page": page, "bind": base64url::encode(&[8; 32]), "return": "0:/else", "referer": "https://www.acme.example/else" }),
    );
    let second = again.back("&code=d");
    assert_eq!((&second["bind"], &second["return"]), (&first["bind"], &first["return"]));
    let alone = Flow::with(account(json!({})), json!({ "page": { "bind": null, "return": null } }));
    assert_eq!(
        (&alone.back("&code=d")["bind"], &alone.back("&code=d")["return"]),
        (&Value::Null, &Value::Null)
    );
    for wrong in
        [json!("x"), json!({ "return": {} }), json!({ "return": { "index": 0 } }), json!({ "bind": 1 })]
    {
        let input = login::start_input(&account(json!({})), json!({ "page": wrong }));
        assert_eq!(oauth::start(&object(&input)).unwrap_err().code(), Code::SettingsInvalid, "{wrong}");
    }
}

#[test]
fn a_ticket_is_the_same_on_every_delivery_and_opens_under_any_key_of_its_ring() {
    let keys =
        |value: &Value| handstamp::seal::Ring::parse(&handstamp::json::Value::from(object(value))).unwrap();
    let one = ring("k1", 1);
    let sid = Flow::new().sid;
    let ticket = oauth::issue_ticket(&keys(&one), &sid).unwrap();
    assert_eq!(ticket, oauth::issue_ticket(&keys(&one), &sid).unwrap());
    assert_eq!((ticket.len(), ticket.split_once('.').unwrap().0), (60, sid.as_str()));
    assert_eq!(oauth::open_ticket(&keys(&one), &ticket).unwrap(), sid);

    let mut turned = ring("k2", 2);
    turned["keys"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "kid": "k1", "key": base64url::encode(&[1; 32]), "status": "retiring" }));
    assert_eq!(oauth::open_ticket(&keys(&turned), &ticket).unwrap(), sid, "after the keys were turned");
    let mut staging = one.clone();
    staging["environment"] = json!("staging");
    for other in [ring("k1", 2), staging] {
        assert_eq!(oauth::open_ticket(&keys(&other), &ticket).unwrap_err().code(), Code::TicketUnknown);
    }
    let other = oauth::issue_ticket(&keys(&one), "AAAAAAAAAAAAAAAA").unwrap();
    let crossed = format!("{sid}.{}", other.split_once('.').unwrap().1);
    for text in [
        "",
        ".",
        &sid,
        &format!("{sid}."),
        &crossed,
        &ticket[..59],
        &format!("{ticket}A"),
        &format!("A{ticket}"),
        &ticket.replace('.', ""),
    ] {
        assert_eq!(oauth::open_ticket(&keys(&one), text).unwrap_err().code(), Code::TicketUnknown, "{text}");
    }
    for sid in ["short", "AAAA", "****************"] {
        assert_eq!(oauth::issue_ticket(&keys(&one), sid).unwrap_err().code(), Code::SettingsInvalid, "{sid}");
    }
}

#[test]
fn a_signed_response_is_refused_by_name() {
    let result = Flow::new().back("&response=eyJhbGciOiJub25lIn0.e30.");
    assert_outcome(&result, "error", Code::CodeMissing);
    assert_eq!(result["got"], json!("a signed response (JARM)"));
}

#[test]
fn each_way_in_which_no_answer_came_has_its_code() {
    for (failed, code) in [
        ("timeout", Code::ResponseTimeout),
        ("too_large", Code::ResponseTooLarge),
        ("redirected", Code::ResponseRedirected),
        ("refused", Code::AddressRefused),
        ("encoding", Code::ResponseEncoding),
        ("busy", Code::ServersBusy),
        ("connection", Code::ResponseFailed),
        ("anything", Code::ResponseFailed),
    ] {
        let answer = handstamp::json::Value::from(login::object(&json!({ "failed": failed })));
        let read = handstamp::oauth::Answer::from_json(&answer).unwrap();
        assert!(read == handstamp::oauth::Answer::Failed(code), "{failed}");
    }
}

#[test]
fn a_profile_that_lies_deeper_is_told_by_its_place() {
    for (userinfo, got) in [
        (json!({ "name": "A", "profile": { "sub": "u-1" } }), "a profile at /profile"),
        (json!({ "name": "A" }), "nothing"),
    ] {
        let mut server = login::Server::new();
        server.userinfo = userinfo;
        let error = server.refusal(&login::account(json!({})));
        assert_eq!((error.code(), login::detail(&error).2.as_str()), (Code::UserinfoSubjectMismatch, got));
    }
}
