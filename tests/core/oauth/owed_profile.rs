//! A profile that a sign-in leaves for later: the ID token says who it is, the customer's API is asked at the form step.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::login;

use handstamp::{Code, Error, oauth};
use login::{
    NOW, SECRET, Server, document, json_answer, object, plain, play, purposes, redemption, text_answer,
};
use serde_json::{Value, json};

/// An account whose profile comes from an API, with further members.
fn with_api(patch: Value) -> Value {
    let mut members = json!({
        "oauth": { "profileFrom": "api" },
        "profileApi": { "url": "https://api.acme.example/me", "subject": "/id" },
    });
    login::merge(&mut members, patch);
    document(members)
}

/// A redemption that leaves the profile for later.
fn deferred(server: &mut Server, account: &Value) -> (Result<Value, Error>, Vec<Value>) {
    let mut input = redemption(account);
    input["deferProfile"] = json!(true);
    play(oauth::redeem, &input, |request| server.answer(request))
}

/// The profile, once it is asked for.
fn fetched(server: &mut Server, account: &Value) -> (Result<Value, Error>, Vec<Value>) {
    let input = json!({
        "account": account, "secrets": { "OIDC_CLIENT": SECRET }, "campaignId": "123456",
        "accessToken": "opaque-access-token", "subject": "u-1", "now": NOW,
    });
    play(oauth::fetch_profile, &input, |request| server.answer(request))
}

#[test]
fn the_id_token_is_enough_to_sign_in_and_nobody_asks_the_api() {
    let account = with_api(json!({}));
    let (done, requests) = deferred(&mut Server::new(), &account);
    let done = done.unwrap();
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet"]);
    assert_eq!((&done["subject"], &done["admission"]["decision"]), (&json!("u-1"), &json!("allowed")));
    assert_eq!(done["admission"]["prefill"]["form"], json!({}), "the ID token's e-mail is not the profile's");
    let needs = json!({ "accessToken": "opaque-access-token" });
    assert_eq!(done["owed"], json!({ "needsProfile": needs }));
    assert!(!done["admission"].to_string().contains("opaque-access-token"), "kept apart from what is shown");
}

#[test]
fn locks_hidden_fields_texts_and_a_limit_bind_the_pass_to_the_profile() {
    let lock = json!({ "mapping": { "email": { "from": "mail", "lock": true } } });
    let hidden =
        json!({ "campaigns": { "123456": { "fields": [{ "name": "segment", "type": "hidden" }] } } });
    for (patch, binds) in [
        (lock, Some(true)),
        (hidden, Some(true)),
        (json!({ "oauth": { "custom": { "club": "club" } } }), Some(true)),
        (json!({ "oauth": { "limit": { "nb": "plays" } } }), Some(true)),
        (json!({ "mapping": { "email": "mail" } }), None),
    ] {
        let owed = &deferred(&mut Server::new(), &with_api(patch.clone())).0.unwrap()["owed"];
        assert_eq!(owed["profileBinds"].as_bool(), binds, "{patch}");
    }
}

#[test]
fn other_sources_and_a_sign_in_without_openid_wait_for_nothing() {
    let (done, requests) = deferred(&mut Server::new(), &login::account(json!({})));
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet", "userinfo"]);
    assert_eq!(done.unwrap().get("owed"), None);

    let alone = with_api(json!({ "oauth": { "scope": "profile" } }));
    let mut server = Server::new();
    server.answers = vec![("profile", json_answer(&json!({ "id": "u-9" })))];
    let (done, requests) = deferred(&mut server, &alone);
    let done = done.unwrap();
    assert_eq!((&done["subject"], done.get("owed")), (&json!("u-9"), None));
    assert_eq!(purposes(&requests), ["discovery", "token", "profile"]);
    server.answers = vec![("profile", text_answer(503, "text/plain", "no"))];
    let error = deferred(&mut server, &alone).0.unwrap_err();
    assert_eq!((error.code(), error.public().as_str()), (Code::ProfileUnavailable, "try_again"));
    let (_, expected, got) = login::detail(&error);
    assert_eq!(got, "status 503");
    assert!(expected.starts_with("status 200; only this API says who signed in"), "{expected}");
    // With an ID token, the API alone is at fault.
    let (_, expected, _) = login::detail(&server.refusal(&with_api(json!({}))));
    assert_eq!(expected, "status 200");
}

#[test]
fn the_profile_is_fetched_later_and_is_of_the_person_who_signed_in() {
    let account = with_api(json!({}));
    let answered = |answer: Value| {
        let mut server = Server::new();
        server.answers = vec![("profile", answer)];
        fetched(&mut server, &account)
    };
    let profile = json!({ "id": "u-1", "email": "ada@example.org" });
    let (done, requests) = answered(json_answer(&profile));
    assert_eq!(done.unwrap(), profile);
    assert_eq!(purposes(&requests), ["profile"], "metadata are not needed for JSON");
    assert_eq!(requests[0]["headers"]["authorization"], json!("Bearer opaque-access-token"));
    for (answer, code) in [
        (json_answer(&json!({ "id": "u-2" })), Code::ProfileSubjectMismatch),
        (json_answer(&json!({ "email": "ada@example.org" })), Code::ProfileSubjectMissing),
        (text_answer(401, "application/json", "{}"), Code::ProfileRefused),
        (text_answer(404, "application/json", "{}"), Code::ProfileRefused),
        (text_answer(503, "application/json", "{}"), Code::ProfileUnavailable),
        (json!({ "failed": "timeout" }), Code::ResponseTimeout),
    ] {
        assert_eq!(answered(answer.clone()).0.unwrap_err().code(), code, "{answer}");
    }
}

#[test]
fn a_signed_profile_is_verified_later_too() {
    let account = with_api(json!({ "profileApi": { "answer": "jwt" } }));
    let mut server = Server::new();
    let signed = server.signer.sign(&json!({}), &json!({ "id": "u-1", "email": "ada@example.org" }));
    server.answers = vec![("profile", text_answer(200, "application/jwt", &signed))];
    let (done, requests) = fetched(&mut server, &account);
    assert_eq!(done.unwrap()["email"], "ada@example.org");
    assert_eq!(purposes(&requests), ["discovery", "profile", "keySet"]);
    server.answers =
        vec![("profile", text_answer(200, "application/jwt", &login::unsigned(&json!({ "id": "u-1" }))))];
    assert_eq!(fetched(&mut server, &account).0.unwrap_err().code(), Code::ProfileInvalid);
}

#[test]
fn an_admission_is_completed_with_it() {
    let account = with_api(json!({
        "oauth": { "custom": { "club": "club" }, "limit": { "nb": "plays", "canPlay": "open" } },
        "mapping": { "email": { "from": "mail", "lock": true } },
    }));
    let done = deferred(&mut Server::new(), &account).0.unwrap();
    let complete = |profile: Value| {
        let provenance = json!({ "namespace": done["namespace"], "pid": done["pid"] });
        let input = json!({
            "account": account, "campaignId": "123456", "admission": done["admission"], "provenance": provenance, "profile": profile,
        });
        oauth::complete(&object(&input))
    };
    let whole =
        complete(json!({ "mail": "ada@example.org", "club": "gold", "plays": 3, "open": true })).unwrap();
    assert_eq!(whole.provenance.pid, done["pid"].as_str().unwrap());
    let shown = plain(&whole.to_json().into());
    assert_eq!(shown["prefill"]["form"], json!({ "email": "ada@example.org" }));
    assert_eq!(
        (&shown["prefill"]["locked"], &shown["custom"]),
        (&json!(["email"]), &json!({ "club": "gold" }))
    );
    assert_eq!(
        (&shown["limit"], &shown["decision"]),
        (&json!({ "nb": 3, "canPlay": true }), &json!("limit_unchecked"))
    );
    let refused = plain(&complete(json!({ "open": "false" })).unwrap().to_json().into());
    assert_eq!((&refused["decision"], &refused["reason"]), (&json!("refused"), &json!("not_allowed")));
    assert_eq!(complete(json!({ "plays": "many" })).unwrap_err().code(), Code::ProfileLimitInvalid);
    assert_eq!(complete(json!([])).unwrap_err().code(), Code::ProfileNotObject);
}
