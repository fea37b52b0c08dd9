//! When the person was asked (`auth_time`), and the limit and the texts that stand in the profile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::login;

use handstamp::{Code, Error, oauth};
use login::{
    ISSUER, NONCE, NOW, REDIRECT, SECRET, Server, VERIFIER, account, detail, parameter, parameters, play,
    ring, started,
};
use serde_json::{Value, json};

/// Redeems where the person must have been asked after this.
fn redeem_after(server: &mut Server, oauth: Value, after: Option<i64>) -> Result<Value, Error> {
    let input = json!({
        "account": account(oauth), "secrets": { "OIDC_CLIENT": SECRET }, "campaignId": "123456", "code": "c",
        "verifier": VERIFIER, "nonce": NONCE, "redirectUri": REDIRECT, "now": NOW, "authenticatedAfter": after,
    });
    play(oauth::redeem, &input, |request| server.answer(request)).0
}

fn with_auth_time(value: Value) -> Server {
    let mut server = Server::new();
    server.id_claims["auth_time"] = value;
    server
}

#[test]
fn a_demanded_login_must_be_of_this_sign_in() {
    for (auth_time, good) in
        [(NOW, true), (NOW - 60, true), (NOW - 61, false), (NOW - 86_400, false), (0, true)]
    {
        let answer = redeem_after(&mut with_auth_time(json!(auth_time)), json!({}), Some(NOW));
        assert_eq!(answer.is_ok(), good, "{auth_time}");
        if let Err(error) = answer {
            assert_eq!(
                (error.code(), detail(&error).0.as_str()),
                (Code::AuthTimeTooOld, "id_token/auth_time")
            );
        }
    }
    assert!(
        redeem_after(&mut with_auth_time(json!(0)), json!({}), None).is_ok(),
        "where nobody asked, any will do"
    );
    // The unset field of a server is no time; with max_age there must be one.
    for unset in [json!(0), Value::Null] {
        assert!(redeem_after(&mut with_auth_time(unset.clone()), json!({}), Some(NOW)).is_ok());
        let error = redeem_after(&mut with_auth_time(unset), json!({ "maxAge": 0 }), Some(NOW)).unwrap_err();
        assert_eq!((error.code(), detail(&error).2.as_str()), (Code::IdTokenInvalid, "nothing"));
    }
    let error = redeem_after(&mut with_auth_time(json!("now")), json!({}), Some(NOW)).unwrap_err();
    assert_eq!((error.code(), detail(&error).0.as_str()), (Code::IdTokenInvalid, "id_token/auth_time"));
}

#[test]
fn a_login_server_that_is_sent_max_age_must_say_when() {
    assert!(redeem_after(&mut Server::new(), json!({}), Some(NOW)).is_ok(), "after prompt=login it may");
    let error = redeem_after(&mut Server::new(), json!({ "maxAge": 0 }), Some(NOW)).unwrap_err();
    assert_eq!((error.code(), detail(&error).2.as_str()), (Code::IdTokenInvalid, "nothing"));
}

#[test]
fn the_demand_travels_with_the_state() {
    let after = |oauth: Value, patch: Value| {
        let account = account(oauth);
        let done = started(&account, patch);
        let location = done["location"].as_str().unwrap().to_owned();
        let state = parameter(&location, "state");
        let cookie = &done["cookie"];
        let input = json!({
            "query": format!("code=c&state={state}"), "ring": ring("k1", 1), "now": NOW, "account": account,
            "cookies": format!("{}={}", cookie["name"].as_str().unwrap(), cookie["value"].as_str().unwrap()),
        });
        let back = play(oauth::callback, &input, |_| panic!("nothing is fetched")).0.unwrap();
        let sent =
            parameters(&location).into_iter().find(|(name, _)| name == "max_age").map(|(_, value)| value);
        (back["authenticatedAfter"].clone(), sent)
    };
    assert_eq!(after(json!({}), json!({})), (Value::Null, None));
    assert_eq!(after(json!({}), json!({ "prompt": "login" })), (json!(NOW), None));
    assert_eq!(after(json!({ "maxAge": 600 }), json!({})), (json!(NOW - 600), Some("600".into())));
    assert_eq!(after(json!({ "maxAge": 600 }), json!({ "prompt": "login" })), (json!(NOW), Some("0".into())));
}

#[test]
fn a_limit_in_the_profile_is_the_persons_limit() {
    let oauth = json!({ "limit": { "nb": "/membership/plays", "canPlay": "subscriber" } });
    let admission = |patch: Value| {
        let mut server = Server::new();
        login::merge(&mut server.userinfo, patch);
        server.redeem(&account(oauth.clone())).0.map(|done| done["admission"].clone())
    };
    let decided = |patch: Value| {
        let admission = admission(patch).unwrap();
        (
            admission["decision"].as_str().unwrap().to_owned(),
            admission["reason"].clone(),
            admission["limit"].clone(),
        )
    };
    assert_eq!(decided(json!({})), ("allowed".into(), Value::Null, Value::Null));
    let refused = |reason: &str, limit: Value| ("refused".to_owned(), json!(reason), limit);
    assert_eq!(decided(json!({ "subscriber": false })), refused("not_allowed", json!({ "canPlay": false })));
    assert_eq!(
        decided(json!({ "subscriber": "false" })),
        refused("not_allowed", json!({ "canPlay": false }))
    );
    assert_eq!(decided(json!({ "subscriber": true })).0, "allowed");
    assert_eq!(
        decided(json!({ "membership": { "plays": 0 } })),
        refused("quota_reached", json!({ "nb": 0 }))
    );
    for plays in [json!(3), json!("3")] {
        let patch = json!({ "membership": { "plays": plays } });
        let (decision, _, limit) = decided(patch.clone());
        assert_eq!((decision.as_str(), limit), ("limit_unchecked", json!({ "nb": 3 })), "the host counts");
        assert_eq!(admission(patch).unwrap()["warnings"][0]["code"], json!("limit_unchecked"));
    }
    assert_eq!(admission(json!({ "subscriber": true })).unwrap()["warnings"], json!([]));
    for (patch, place) in [
        (json!({ "subscriber": "yes" }), "profile/subscriber"),
        (json!({ "subscriber": 1 }), "profile/subscriber"),
        (json!({ "membership": { "plays": -1 } }), "profile/membership/plays"),
        (json!({ "membership": { "plays": 1.5 } }), "profile/membership/plays"),
        (json!({ "membership": { "plays": " 3" } }), "profile/membership/plays"),
        (json!({ "membership": { "plays": "1234567890" } }), "profile/membership/plays"),
        (json!({ "membership": { "plays": [3] } }), "profile/membership/plays"),
    ] {
        let error = admission(patch.clone()).unwrap_err();
        assert_eq!((error.code(), detail(&error).0.as_str()), (Code::ProfileLimitInvalid, place), "{patch}");
        assert!(!format!("{error}").contains("1234567890"), "no value is repeated");
    }
}

#[test]
fn texts_may_name_what_the_document_lists_and_nothing_else() {
    let oauth =
        json!({ "custom": { "points": "/loyalty/points", "tier": "tier", "list": "list", "gone": "gone" } });
    let mut server = Server::new();
    login::merge(
        &mut server.userinfo,
        json!({ "loyalty": { "points": 120 }, "tier": "gold", "list": [1], "secret": "x" }),
    );
    let done = server.redeem(&account(oauth)).0.unwrap();
    assert_eq!(done["admission"]["custom"], json!({ "points": 120, "tier": "gold" }));
    let plain = Server::new().redeem(&account(json!({ "issuer": ISSUER }))).0.unwrap();
    assert!(plain["admission"].get("custom").is_none());
}
