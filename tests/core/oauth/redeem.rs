//! The end of a sign-in, played against a login server made of data: good flows, the exchange, and where the profile
//! comes from; then each single thing wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::login;

use handstamp::{Code, jose::base64url, oauth};
use login::{
    ISSUER, NOW, REDIRECT, SECRET, Server, Signer256, VERIFIER, account, detail, document, json_answer,
    purposes, sign_hs256, text_answer, unsigned,
};
use serde_json::{Value, json};

#[test]
fn a_code_becomes_an_admission() {
    let (done, requests) = Server::new().redeem(&account(json!({})));
    let done = done.unwrap();
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet", "userinfo"]);
    assert_eq!(
        (&done["subject"], &done["namespace"], &done["pid"]),
        (&json!("u-1"), &json!(ISSUER), &json!("sid-of-sixteen__"))
    );
    let signature = json!({ "alg": "ES256", "kid": "k1", "issuedAt": NOW });
    assert_eq!(done["signature"], signature, "how the ID token was signed, for the log");
    let admission = &done["admission"];
    assert_eq!((&admission["subject"], &admission["campaignId"]), (&json!("u-1"), &json!("123456")));
    assert_eq!((&admission["decision"], &admission["expiresAt"]), (&json!("allowed"), &Value::Null));
    let form = json!({ "email": "ada@example.org", "firstname": "Ada", "city": "London" });
    assert_eq!(admission["prefill"]["form"], form);
    assert!(admission.get("needsProfile").is_none());
    assert!(!done.to_string().contains("opaque-access-token"), "the access token is dropped");
}

#[test]
fn verified_claims_come_to_a_host_that_asks_for_them_and_to_no_other() {
    let redeemed = |profile_from: &str, claims: Value| {
        let mut input = login::redemption(&account(json!({ "profileFrom": profile_from })));
        input["claims"] = claims;
        let mut server = Server::new();
        login::play(oauth::redeem, &input, |request| server.answer(request)).0.unwrap()
    };
    for not_asked in [json!(false), Value::Null] {
        assert!(redeemed("userinfo", not_asked).get("claims").is_none());
    }
    let claims = redeemed("userinfo", json!(true))["claims"].clone();
    assert_eq!(
        (&claims["idToken"]["sub"], &claims["idToken"]["nonce"]),
        (&json!("u-1"), &json!(login::NONCE))
    );
    assert_eq!((&claims["profile"]["sub"], &claims["profile"]["given_name"]), (&json!("u-1"), &json!("Ada")));
    let alone = redeemed("id_token", json!(true))["claims"].clone();
    assert_eq!(alone["profile"], alone["idToken"], "the ID token is the profile");
}

#[test]
fn the_token_request_carries_code_verifier_and_credentials() {
    let (_, requests) = Server::new().redeem(&account(json!({})));
    let token = &requests[1];
    assert_eq!((&token["method"], &token["url"]), (&json!("POST"), &json!(format!("{ISSUER}/token"))));
    assert_eq!(token["headers"]["content-type"], json!("application/x-www-form-urlencoded"));
    let expected = format!(
        "grant_type=authorization_code&code=c-0%26de%20%2B1&redirect_uri=https%3A%2F%2Fplay.example%2Foauth%2Fcallback&code_verifier={VERIFIER}"
    );
    assert_eq!(token["body"], json!(expected));
    // RFC 6749 section 2.3.1: both parts form-encoded, then joined.
    let basic = token["headers"]["authorization"].as_str().unwrap().strip_prefix("Basic ").unwrap();
    let plain = basic.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let decoded = String::from_utf8(base64url::decode(&plain).unwrap()).unwrap();
    assert_eq!(
        decoded,
        "hand%20stamp%3A1:s3cret%3A%20with%20%2B%2F%25%26%20and%20thirty-two%20bytes%20or%20more"
    );
    assert_eq!(basic.len() % 4, 0, "padded");
    assert_eq!(requests[3]["headers"]["authorization"], json!("Bearer opaque-access-token"));
}

#[test]
fn credentials_go_where_the_document_says() {
    let secret = json!({ "secret": "OIDC_CLIENT" });
    let post = account(json!({ "clientAuth": { "method": "client_secret_post", "secret": secret } }));
    let (_, requests) = Server::new().redeem(&post);
    let body = requests[1]["body"].as_str().unwrap();
    assert!(body.contains("&client_id=hand%20stamp%3A1&client_secret=s3cret%3A%20"), "{body}");
    assert!(requests[1]["headers"].get("authorization").is_none());
    let none =
        account(json!({ "clientAuth": { "method": "none", "secret": null }, "redirectUri": "account" }));
    let (done, requests) = Server::new().redeem(&none);
    assert!(done.is_ok());
    let body = requests[1]["body"].as_str().unwrap();
    assert!(body.ends_with("&client_id=hand%20stamp%3A1") && !body.contains("client_secret"), "{body}");
}

#[test]
fn a_secret_that_the_account_does_not_have_is_named() {
    let mut input = json!({
        "account": account(json!({})), "secrets": {}, "campaignId": "123456", "code": "c", "verifier": VERIFIER,
        "nonce": login::NONCE, "redirectUri": REDIRECT, "now": NOW,
    });
    for secrets in [json!({}), Value::Null] {
        input["secrets"] = secrets;
        let (done, requests) =
            login::play(handstamp::oauth::redeem, &input, |_| panic!("nothing may be asked"));
        let error = done.unwrap_err();
        assert_eq!((error.code(), requests.len()), (Code::SecretUnknown, 0));
        assert!(error.to_string().contains("OIDC_CLIENT"), "{error}");
    }
}

#[test]
fn the_customers_mapping_and_locks_apply() {
    let mapping =
        json!({ "email": { "from": "email", "lock": true }, "firstname": "/name/first", "city": "town" });
    let mut server = Server::new();
    server.userinfo =
        json!({ "sub": "u-1", "email": "ada@example.org", "name": { "first": "Ada" }, "town": ["x"] });
    let (done, _) = server.redeem(&document(json!({ "mapping": mapping })));
    let prefill = &done.unwrap()["admission"]["prefill"];
    assert_eq!(prefill["form"], json!({ "email": "ada@example.org", "firstname": "Ada" }));
    assert_eq!(prefill["locked"], json!(["email"]));
    assert_eq!(prefill["ignored"][0]["name"], json!("city"));
}

#[test]
fn a_field_of_its_own_name_comes_before_the_standard_claim() {
    let mut server = Server::new();
    server.userinfo["firstname"] = json!("Countess");
    let (done, _) = server.redeem(&account(json!({})));
    assert_eq!(done.unwrap()["admission"]["prefill"]["form"]["firstname"], json!("Countess"));
}

/// OpenID Connect Core section 5.3.1.
#[test]
fn userinfo_is_asked_by_get_or_by_post() {
    for (settings, method) in [(json!({}), "GET"), (json!({ "userinfoMethod": "POST" }), "POST")] {
        let (done, requests) = Server::new().redeem(&account(settings));
        assert_eq!(done.unwrap()["admission"]["decision"], json!("allowed"));
        let asked = requests.iter().find(|request| request["purpose"] == "userinfo").unwrap();
        assert_eq!(asked["method"], json!(method));
        assert_eq!(asked.get("body"), None);
        assert_eq!(asked["headers"]["authorization"], json!("Bearer opaque-access-token"));
    }
}

#[test]
fn userinfo_must_be_about_the_same_person() {
    for (userinfo, code) in [
        (json!({ "sub": "u-2", "email": "eve@example.org" }), Code::UserinfoSubjectMismatch),
        (json!({ "email": "eve@example.org" }), Code::UserinfoSubjectMismatch),
        (json!({ "sub": 1 }), Code::UserinfoFailed),
        (json!({ "sub": "" }), Code::UserinfoFailed),
    ] {
        let mut server = Server::new();
        server.userinfo = userinfo.clone();
        let error = server.refusal(&account(json!({})));
        assert_eq!(error.code(), code, "{userinfo}");
        assert!(!error.to_string().contains("u-2"), "no value is shown: {error}");
    }
}

#[test]
fn userinfo_may_be_a_signed_token() {
    let signed = |claims: Value, byte: u8| {
        let token = Signer256::new(Some("k1"), byte).sign(&json!({}), &claims);
        text_answer(200, "application/jwt; charset=utf-8", &token)
    };
    let claims = json!({ "sub": "u-1", "iss": ISSUER, "aud": "hand stamp:1", "email": "ada@example.org" });
    let mut server = Server::new();
    server.answers = vec![("userinfo", signed(claims.clone(), 7))];
    let (done, requests) = server.redeem(&account(json!({})));
    assert_eq!(done.unwrap()["admission"]["prefill"]["form"]["email"], json!("ada@example.org"));
    assert_eq!(
        purposes(&requests),
        ["discovery", "token", "keySet", "userinfo"],
        "the keys are asked for once"
    );
    let mut other_issuer = claims.clone();
    other_issuer["iss"] = json!("https://evil.example");
    let mut other_audience = claims.clone();
    other_audience["aud"] = json!("other");
    for (answer, got) in [
        (signed(claims.clone(), 8), "signature_invalid"),
        (signed(other_issuer, 7), "issuer_mismatch"),
        (signed(other_audience, 7), "audience_mismatch"),
        (text_answer(200, "application/jwt", &unsigned(&claims)), "alg_none"),
    ] {
        let mut server = Server::new();
        server.answers = vec![("userinfo", answer)];
        let error = server.refusal(&account(json!({})));
        assert_eq!(error.code(), Code::UserinfoFailed);
        assert!(detail(&error).2.starts_with(got), "{error}");
    }
}

#[test]
fn a_broken_userinfo_endpoint_is_told() {
    for (answer, code) in [
        (text_answer(401, "application/json", "{}"), Code::UserinfoFailed),
        (text_answer(200, "text/html", "<html>"), Code::UserinfoFailed),
        (text_answer(200, "application/json", "[]"), Code::UserinfoFailed),
        (text_answer(200, "application/json", "{\"sub\":\"u-1\",\"sub\":\"u-2\"}"), Code::UserinfoFailed),
        (text_answer(307, "", ""), Code::ResponseRedirected),
        (json!({ "failed": "timeout" }), Code::ResponseTimeout),
        (json!({ "failed": "encoding" }), Code::ResponseEncoding),
        (json!({ "failed": "busy" }), Code::ServersBusy),
    ] {
        let mut server = Server::new();
        server.answers = vec![("userinfo", answer.clone())];
        assert_eq!(server.refusal(&account(json!({}))).code(), code, "{answer}");
    }
}

#[test]
fn json_has_its_media_type_or_one_of_its_kind() {
    for (media_type, is_json) in [
        ("application/json", true),
        ("text/json", true),
        ("application/scim+json", true),
        ("text/x+json", false),
        ("application/jwk", false),
        ("", false),
    ] {
        let mut server = Server::new();
        server.answers = vec![("userinfo", text_answer(200, media_type, &server.userinfo.to_string()))];
        assert_eq!(server.redeem(&account(json!({}))).0.is_ok(), is_json, "{media_type}");
    }
}

#[test]
fn what_says_nothing_is_absent() {
    let tokens = |server: &Server, patch: Value| {
        let id_token = server.signer.sign(&json!({}), &server.id_claims);
        let mut body = json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token });
        login::merge(&mut body, patch);
        ("token", json_answer(&body).to_string().replace("\\\"drop\\\"", "null"))
    };
    for error in [r#"\"error\":null"#, r#"\"error\":\"\""#] {
        let mut server = Server::new();
        let (purpose, answer) = tokens(&server, json!({ "x": 1 }));
        let answer = serde_json::from_str(&answer.replace(r#"\"x\":1"#, error)).unwrap();
        server.answers = vec![(purpose, answer)];
        assert!(server.redeem(&account(json!({}))).0.is_ok(), "{error}");
    }
    let mut server = Server::new();
    let (purpose, answer) = tokens(&server, json!({ "id_token": "" }));
    server.answers = vec![(purpose, serde_json::from_str(&answer).unwrap())];
    assert_eq!(server.refusal(&account(json!({}))).code(), Code::IdTokenMissing);

    let mut server = Server::new();
    for (name, value) in [("azp", Value::Null), ("at_hash", Value::Null), ("auth_time", Value::Null)] {
        server.id_claims[name] = value;
    }
    for (name, value) in [
        ("pushed_authorization_request_endpoint", json!("")),
        ("require_pushed_authorization_requests", Value::Null),
        ("id_token_signing_alg_values_supported", json!([])),
        ("authorization_response_iss_parameter_supported", Value::Null),
        ("end_session_endpoint", json!("")),
    ] {
        server.metadata[name] = value;
    }
    assert!(server.redeem(&account(json!({}))).0.is_ok());
    server.metadata["userinfo_endpoint"] = json!("");
    let error = server.refusal(&account(json!({})));
    assert_eq!((error.code(), login::detail(&error).2.as_str()), (Code::DiscoveryInvalid, "nothing"));
}

#[test]
fn a_jwt_access_token_is_a_profile_once_it_is_checked() {
    let claims = json!({ "iss": ISSUER, "sub": "u-1", "exp": NOW + 300, "aud": "campaigns", "email": "ada@example.org" });
    let settings = account(json!({ "profileFrom": "access_token", "audience": "campaigns" }));
    let play = |header: Value, patch: Value| {
        let mut claims = claims.clone();
        login::merge(&mut claims, patch);
        let mut server = Server::new();
        server.access_token = server.signer.sign(&header, &claims);
        server.redeem(&settings).0
    };
    for typ in [
        json!({}),
        json!({ "typ": "at+jwt" }),
        json!({ "typ": "application/at+jwt" }),
        json!({ "typ": "JWT" }),
    ] {
        let done = play(typ.clone(), json!({})).unwrap_or_else(|error| panic!("{typ}: {error}"));
        assert_eq!(done["admission"]["prefill"]["form"]["email"], json!("ada@example.org"));
    }
    let cases = [
        (json!({ "typ": "logout+jwt" }), json!({}), "a different type"),
        (json!({}), json!({ "iss": "https://evil.example" }), "issuer_mismatch"),
        (json!({}), json!({ "aud": "other" }), "audience_mismatch"),
        (json!({}), json!({ "exp": null }), "expiry_missing"),
        (json!({}), json!({ "exp": NOW - 61 }), "token_expired"),
        (json!({}), json!({ "sub": null }), "nothing"),
        (json!({}), json!({ "sub": "u-2" }), "a different subject"),
    ];
    for (header, patch, got) in cases {
        let error = play(header, patch.clone()).expect_err(got);
        assert_eq!(error.code(), Code::AccessTokenInvalid, "{patch}");
        assert!(detail(&error).2.starts_with(got), "{patch}: {error}");
    }
}

#[test]
fn an_access_token_that_is_no_signed_jwt_is_never_a_profile() {
    let settings = account(json!({ "profileFrom": "access_token" }));
    let claims = json!({ "iss": ISSUER, "sub": "u-1", "exp": NOW + 300 });
    let five = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA";
    for (token, code, found) in [
        ("opaque-access-token".to_owned(), Code::AccessTokenOpaque, "an opaque token"),
        (five.to_owned(), Code::AccessTokenOpaque, "an encrypted token"),
        (unsigned(&claims), Code::AccessTokenInvalid, "alg_none"),
        (sign_hs256(SECRET, &claims), Code::AccessTokenInvalid, ""),
        (Signer256::new(Some("k1"), 8).sign(&json!({}), &claims), Code::AccessTokenInvalid, ""),
        ("a.b.c".to_owned(), Code::AccessTokenInvalid, "token_"),
    ] {
        let mut server = Server::new();
        server.access_token = token.clone();
        let error = server.refusal(&settings);
        assert_eq!(error.code(), code, "{token}");
        assert!(detail(&error).2.starts_with(found), "{token}: {error}");
    }
}

#[test]
fn the_id_token_itself_may_be_the_profile() {
    let (done, requests) = Server::new().redeem(&account(json!({ "profileFrom": "id_token" })));
    assert_eq!(done.unwrap()["admission"]["prefill"]["form"], json!({ "email": "ada@example.org" }));
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet"]);
}

#[test]
fn the_profile_may_come_from_the_customers_api() {
    let settings = document(json!({
        "oauth": { "profileFrom": "api" },
        "profileApi": { "url": "https://api.acme.example/me", "object": "/data/profile", "subject": "/data/id" },
    }));
    let play = |answer: Value| {
        let mut server = Server::new();
        server.answers = vec![("profile", answer)];
        server.redeem(&settings)
    };
    let (done, requests) =
        play(json_answer(&json!({ "data": { "id": "u-1", "profile": { "email": "ada@example.org" } } })));
    assert_eq!(done.unwrap()["admission"]["prefill"]["form"], json!({ "email": "ada@example.org" }));
    let request = requests.last().unwrap();
    assert_eq!(
        (&request["purpose"], &request["url"]),
        (&json!("profile"), &json!("https://api.acme.example/me"))
    );
    assert_eq!(request["headers"]["authorization"], json!("Bearer opaque-access-token"));
    for (answer, code) in [
        (json_answer(&json!({ "data": { "id": "u-2", "profile": {} } })), Code::ProfileSubjectMismatch),
        (json_answer(&json!({ "data": { "profile": {} } })), Code::ProfileSubjectMissing),
        (json_answer(&json!({ "data": { "id": 1.5, "profile": {} } })), Code::ProfileSubjectMissing),
        (json_answer(&json!({ "data": { "id": "u-1", "profile": [] } })), Code::ProfileNotObject),
        (text_answer(404, "application/json", "{}"), Code::ProfileUnavailable),
        (text_answer(200, "text/html", "<html>"), Code::ProfileUnavailable),
        (json!({ "failed": "network" }), Code::ResponseFailed),
    ] {
        assert_eq!(play(answer.clone()).0.unwrap_err().code(), code, "{answer}");
    }
}

#[test]
fn without_openid_the_api_says_who_it_is() {
    let settings = document(json!({
        "oauth": { "profileFrom": "api", "scope": "profile" },
        "profileApi": { "url": "https://api.acme.example/me", "subject": "/id" },
    }));
    let mut server = Server::new();
    server.answers =
        vec![("profile", json_answer(&json!({ "id": 298_776_628, "email": "ada@example.org" })))];
    let (done, requests) = server.redeem(&settings);
    assert_eq!(done.unwrap()["subject"], json!("298776628"));
    assert_eq!(purposes(&requests), ["discovery", "token", "profile"]);
}

#[test]
fn what_the_token_endpoint_answers_is_judged() {
    let tokens = |patch: Value| {
        let mut body = json!({ "access_token": "a", "token_type": "Bearer", "id_token": "a.b.c" });
        login::merge(&mut body, patch);
        json_answer(&body)
    };
    let cases = [
        ("200 with HTML", text_answer(200, "text/html", "<html>"), Code::ExchangeFailed, "text/html"),
        ("200 without media type", text_answer(200, "", "{}"), Code::ExchangeFailed, "no media type"),
        (
            "cut JSON",
            text_answer(200, "application/json", "{\"access_token\":\"a"),
            Code::ExchangeFailed,
            "json_syntax",
        ),
        (
            "duplicate member",
            text_answer(200, "application/json", "{\"a\":1,\"a\":2}"),
            Code::ExchangeFailed,
            "json_duplicate_member",
        ),
        ("401 in plain text", text_answer(401, "text/plain", "no"), Code::ExchangeRefused, "status 401"),
        ("500", text_answer(500, "text/plain", "oops"), Code::ExchangeFailed, "status 500"),
        ("400 without error", text_answer(400, "application/json", "{}"), Code::ExchangeFailed, "status 400"),
        ("302", text_answer(302, "", ""), Code::ResponseRedirected, ""),
        ("a stall", json!({ "failed": "timeout" }), Code::ResponseTimeout, ""),
        ("50 MB", json!({ "failed": "too_large" }), Code::ResponseTooLarge, ""),
        ("an inner address", json!({ "failed": "refused" }), Code::AddressRefused, ""),
        ("no network", json!({ "failed": "network" }), Code::ResponseFailed, ""),
        (
            "error with 400",
            text_answer(400, "application/json", "{\"error\":\"invalid_grant\"}"),
            Code::ExchangeRefused,
            "invalid_grant",
        ),
        (
            "error with 200",
            text_answer(200, "application/json", "{\"error\":\"invalid_client\"}"),
            Code::ExchangeRefused,
            "invalid_client",
        ),
        (
            "error of its own",
            text_answer(400, "application/json", "{\"error\":\"<script>\"}"),
            Code::ExchangeRefused,
            "an error without a registered name",
        ),
        (
            "another token type",
            tokens(json!({ "token_type": "DPoP" })),
            Code::ExchangeInvalid,
            "a different type",
        ),
        ("no token type", tokens(json!({ "token_type": null })), Code::ExchangeInvalid, "nothing"),
        ("no access token", tokens(json!({ "access_token": null })), Code::ExchangeInvalid, "nothing"),
        ("a number as access token", tokens(json!({ "access_token": 7 })), Code::ExchangeInvalid, "a number"),
        (
            "a line break in the access token",
            tokens(json!({ "access_token": "a\r\nx: y" })),
            Code::ExchangeInvalid,
            "a string with other characters",
        ),
        ("an object as ID token", tokens(json!({ "id_token": {} })), Code::ExchangeInvalid, "an object"),
    ];
    for (name, answer, code, got) in cases {
        let mut server = Server::new();
        server.answers = vec![("token", answer)];
        let error = server.refusal(&account(json!({})));
        assert_eq!((error.code(), detail(&error).2.as_str()), (code, got), "{name}");
    }
}

#[test]
fn the_token_endpoint_is_asked_once_whatever_happens_later() {
    let mut server = Server::new();
    server.key_sets = vec![vec![Signer256::new(Some("other"), 9).jwk()]];
    let (_, requests) = server.redeem(&account(json!({})));
    assert_eq!(purposes(&requests).iter().filter(|purpose| **purpose == "token").count(), 1);
}

#[test]
fn endpoints_of_the_document_need_no_discovery() {
    let settings = account(json!({ "redirectUri": "account", "endpoints": {
        "authorization": "https://id.acme.example/a", "token": "https://id.acme.example/t",
        "userinfo": "https://id.acme.example/u", "jwks": "https://id.acme.example/k",
    } }));
    let (done, requests) = Server::new().redeem(&settings);
    assert!(done.is_ok());
    assert_eq!(purposes(&requests), ["token", "keySet", "userinfo"]);
    assert_eq!(requests[0]["url"], json!("https://id.acme.example/t"));
}

#[test]
fn no_refusal_shows_a_secret_a_token_or_a_persons_data() {
    let mut shown = String::new();
    let patches = [json!({ "sub": "u-9" }), json!({ "email": "x", "nonce": "y" }), json!({ "aud": "z" })];
    for patch in patches {
        let mut server = Server::new();
        login::merge(&mut server.id_claims, patch);
        shown += &server
            .redeem(&account(json!({})))
            .0
            .map_or_else(|error| format!("{error} {error:?}"), |_| String::new());
    }
    let mut server = Server::new();
    server.answers = vec![(
        "userinfo",
        text_answer(200, "application/json", "{\"sub\":\"u-2\",\"email\":\"ada@example.org\"}"),
    )];
    shown += &format!("{:?}", server.refusal(&account(json!({}))));
    for secret in ["u-1", "u-2", "u-9", "ada@", "opaque-access-token", SECRET, VERIFIER, login::NONCE, "c-0"]
    {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(shown.contains("userinfo_subject_mismatch"), "{shown}");
}
