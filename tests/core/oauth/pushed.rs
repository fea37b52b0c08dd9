//! Pushed authorization requests (RFC 9126): when, with which credentials, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::login;

use handstamp::{Code, Error, jose::base64url, oauth};
use login::{
    ISSUER, SECRET, Server, account, detail, json_answer, parameter, parameters, play, purposes, start_input,
    text_answer,
};
use serde_json::{Value, json};

const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c";

/// A server that takes pushed requests, and answers one with this.
fn server(answer: Value) -> Server {
    let mut server = Server::new();
    server.metadata["pushed_authorization_request_endpoint"] = json!(format!("{ISSUER}/par"));
    server.answers.push(("pushed", answer));
    server
}

fn created() -> Value {
    let body = json!({ "request_uri": REQUEST_URI, "expires_in": 60, "unknown": [1] });
    text_answer(201, "application/json; charset=utf-8", &body.to_string())
}

fn start(server: &mut Server, oauth: Value, patch: Value) -> (Result<Value, Error>, Vec<Value>) {
    let mut input = start_input(&account(oauth), patch);
    if input.get("secrets").is_none() {
        input["secrets"] = json!({ "OIDC_CLIENT": SECRET });
    }
    play(oauth::start, &input, |request| server.answer(request))
}

fn body(request: &Value) -> Vec<(String, String)> {
    parameters(&format!("?{}", request["body"].as_str().unwrap()))
}

#[test]
fn the_browser_carries_the_name_of_the_request_and_nothing_else() {
    let (done, requests) = start(&mut server(created()), json!({ "par": true }), json!({}));
    let done = done.unwrap();
    let location = done["location"].as_str().unwrap();
    let names: Vec<String> = parameters(location).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["client_id", "request_uri"]);
    assert_eq!(parameter(location, "request_uri"), REQUEST_URI);
    assert_eq!(purposes(&requests), ["discovery", "pushed"]);
    assert_eq!(requests[1]["url"], json!(format!("{ISSUER}/par")));
    assert_eq!(requests[1]["method"], json!("POST"));
    let pushed = body(&requests[1]);
    let value = |name: &str| &pushed.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(value("response_type"), "code");
    assert_eq!(value("code_challenge_method"), "S256");
    assert_eq!(value("client_id"), "hand stamp:1");
    let verifier = done["cookie"]["value"].as_str().unwrap().split('.').nth(1).unwrap();
    assert_eq!(*value("code_challenge"), oauth::pkce::challenge(verifier));
    assert!(!requests[1].to_string().contains(verifier), "the verifier stays with us");
    let mut once: Vec<&String> = pushed.iter().map(|(name, _)| name).collect();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), pushed.len(), "each parameter once: {pushed:?}");
}

#[test]
fn the_document_or_the_login_server_decides() {
    let asked = |oauth: Value, required: bool| {
        let mut server = server(created());
        server.metadata["require_pushed_authorization_requests"] = json!(required);
        let (done, requests) = start(&mut server, oauth, json!({}));
        done.unwrap();
        purposes(&requests).contains(&"pushed")
    };
    let endpoint = json!({ "redirectUri": "account", "endpoints": { "pushedAuthorization": format!("{ISSUER}/pushed") } });
    assert!(!asked(json!({}), false), "not because it could be");
    assert!(asked(json!({}), true));
    assert!(asked(json!({ "par": true }), false));
    assert!(!asked(json!({ "par": false }), true));
    assert!(asked(endpoint, false));
}

#[test]
fn endpoints_of_the_document_alone_are_enough() {
    let endpoints =
        json!({ "authorization": format!("{ISSUER}/a"), "pushedAuthorization": format!("{ISSUER}/p") });
    let oauth = json!({ "endpoints": endpoints, "redirectUri": "account" });
    let (done, requests) = start(&mut server(created()), oauth, json!({}));
    assert!(done.unwrap()["location"].as_str().unwrap().starts_with(&format!("{ISSUER}/a?client_id=")));
    assert_eq!(purposes(&requests), ["pushed"]);
}

#[test]
fn credentials_are_those_of_the_token_endpoint() {
    let request = |auth: Value, patch: Value| {
        let oauth = json!({ "par": true, "clientAuth": auth, "redirectUri": "account" });
        start(&mut server(created()), oauth, patch).1.pop().unwrap()
    };
    let secret = json!({ "secret": "OIDC_CLIENT" });
    let has = |request: &Value, name: &str| body(request).iter().any(|(known, _)| known == name);

    let basic = request(json!({ "method": "client_secret_basic", "secret": secret }), json!({}));
    assert!(basic["headers"]["authorization"].as_str().unwrap().starts_with("Basic "));
    assert!(!has(&basic, "client_secret"));

    let post = request(json!({ "method": "client_secret_post", "secret": secret }), json!({}));
    assert!(post["headers"].get("authorization").is_none());
    assert!(body(&post).contains(&("client_secret".into(), SECRET.into())));

    let public = request(json!({ "method": "none", "secret": null }), json!({}));
    assert!(public["headers"].get("authorization").is_none());
    assert!(!has(&public, "client_secret") && has(&public, "client_id"));

    let d = base64url::encode(&[3; 32]);
    let key = p256::ecdsa::SigningKey::from_slice(&[3; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let [x, y] = [point.x().unwrap(), point.y().unwrap()].map(|part| base64url::encode(part));
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d, "kid": "ours" }).to_string();
    let keyed = json!({ "method": "private_key_jwt", "secret": secret });
    let signed = request(keyed, json!({ "secrets": { "OIDC_CLIENT": jwk } }));
    assert!(has(&signed, "client_assertion") && has(&signed, "client_assertion_type"));
    assert!(!signed.to_string().contains(&d), "the key stays with us");
}

#[test]
fn each_refusal_has_its_code() {
    let json_with = |status: u16, body: Value| text_answer(status, "application/json", &body.to_string());
    let long = "u".repeat(513);
    let cases = [
        (
            json_with(400, json!({ "error": "invalid_redirect_uri" })),
            Code::ParRefused,
            "invalid_redirect_uri",
        ),
        (json_with(200, json!({ "error": "invalid_scope" })), Code::ParRefused, "invalid_scope"),
        (json_with(400, json!({ "error": "<b>" })), Code::ParRefused, "an error without a registered name"),
        (text_answer(401, "text/plain", "no"), Code::ParRefused, "status 401"),
        (text_answer(500, "text/html", "<h1>"), Code::ParFailed, "status 500"),
        (text_answer(404, "text/html", "<h1>"), Code::ParFailed, "status 404"),
        (text_answer(201, "text/html", "<h1>"), Code::ParFailed, "text/html"),
        (text_answer(201, "application/json", "{"), Code::ParFailed, "no JSON object"),
        (json_with(201, json!({ "expires_in": 60 })), Code::ParInvalid, "nothing"),
        (json_with(201, json!({ "request_uri": 7 })), Code::ParInvalid, "a number"),
        (json_with(201, json!({ "request_uri": "" })), Code::ParInvalid, "0 characters"),
        (
            json_with(201, json!({ "request_uri": "urn:a b" })),
            Code::ParInvalid,
            "a string with other characters",
        ),
        (json_with(201, json!({ "request_uri": long })), Code::ParInvalid, "513 characters"),
        (text_answer(302, "", ""), Code::ResponseRedirected, ""),
        (json!({ "failed": "timeout" }), Code::ResponseTimeout, ""),
        (
            json_answer(&json!({ "request_uri": "urn:a\r\nb" })),
            Code::ParInvalid,
            "a string with other characters",
        ),
    ];
    for (answer, code, got) in cases {
        let error = start(&mut server(answer.clone()), json!({ "par": true }), json!({})).0.unwrap_err();
        assert_eq!((error.code(), detail(&error).2.as_str()), (code, got), "{answer}");
        if got == "invalid_redirect_uri" {
            assert!(detail(&error).1.contains("a registered redirect URI"), "{error}");
        }
    }
    let longest = json_with(201, json!({ "request_uri": "u".repeat(512) }));
    assert!(start(&mut server(longest), json!({ "par": true }), json!({})).0.is_ok());
}

#[test]
fn an_error_that_says_nothing_is_none() {
    let pushed = |error: &str| {
        let body = format!(r#"{{"error":{error},"request_uri":"urn:x","expires_in":60}}"#);
        let answer = text_answer(201, "application/json", &body);
        start(&mut server(answer), json!({ "par": true }), json!({})).0
    };
    for error in ["null", "\"\"", "false", "0", "[]", "{}"] {
        assert!(pushed(error).is_ok(), "{error}");
    }
    for error in ["true", "1", "[0]", r#"{"a":0}"#, "\"0\""] {
        assert_eq!(pushed(error).unwrap_err().code(), Code::ParRefused, "{error}");
    }
}

#[test]
fn what_is_needed_and_missing_is_named() {
    let mut without = Server::new();
    let error = start(&mut without, json!({ "par": true }), json!({})).0.unwrap_err();
    assert_eq!(error.code(), Code::DiscoveryInvalid);
    assert_eq!(detail(&error).0, "/pushed_authorization_request_endpoint");
    let error =
        start(&mut server(created()), json!({ "par": true }), json!({ "secrets": {} })).0.unwrap_err();
    assert_eq!(error.code(), Code::SecretUnknown);
    let mut inner = server(created());
    inner.metadata["pushed_authorization_request_endpoint"] = json!("https://169.254.169.254/par");
    let error = start(&mut inner, json!({ "par": true }), json!({})).0.unwrap_err();
    assert_eq!(error.code(), Code::AddressRefused);
}
