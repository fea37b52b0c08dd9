//! Identity providers that do something their own way: what is accepted as it comes, what a setting allows, and what
//! the refusal says without it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::login;

use handstamp::{
    Code,
    account::{Account, Fault},
    bounds,
    jose::base64url,
    oauth,
};
use login::{
    ISSUER, NOW, SECRET, Server, account, detail, json_answer, parameters, play, purposes, redemption,
    sign_hs256, start_input, started, text_answer,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

/// Plays a redemption; the metadata are those of the list in turn, the last one stays.
fn with_metadata(
    mut metadata: Vec<Value>,
    mut server: Server,
) -> (Result<Value, handstamp::Error>, Vec<Value>) {
    play(oauth::redeem, &redemption(&account(json!({}))), |request| {
        if request["purpose"] == "discovery" {
            server.metadata = if metadata.len() > 1 { metadata.remove(0) } else { metadata[0].clone() };
        }
        server.answer(request)
    })
}

fn changed(change: Value) -> Value {
    let mut metadata = Server::new().metadata;
    login::merge(&mut metadata, change);
    metadata
}

/// The first answer may be a copy that was repaired since; the second is what the server says now.
#[test]
fn of_two_answers_that_do_not_serve_the_newer_one_is_told() {
    let issuer = changed(json!({ "issuer": "https://id.acme.example" }));
    let endpoint = changed(json!({ "token_endpoint": null }));
    for (first, second, code) in
        [(&issuer, &endpoint, Code::DiscoveryInvalid), (&endpoint, &issuer, Code::DiscoveryIssuerMismatch)]
    {
        let (done, requests) = with_metadata(vec![first.clone(), second.clone()], Server::new());
        assert_eq!(done.unwrap_err().code(), code);
        assert_eq!(purposes(&requests), ["discovery", "discovery"]);
    }
}

#[test]
fn metadata_that_do_not_serve_are_asked_for_once_more() {
    for (bad, code) in [
        (json!({ "issuer": "https://id.acme.example" }), Code::DiscoveryIssuerMismatch),
        (json!({ "token_endpoint": null }), Code::DiscoveryInvalid),
        (json!({ "jwks_uri": 7 }), Code::DiscoveryInvalid),
        (json!({ "userinfo_endpoint": "" }), Code::DiscoveryInvalid),
        (json!({ "token_endpoint": "https://10.0.0.1/token" }), Code::AddressRefused),
    ] {
        let (done, requests) = with_metadata(vec![changed(bad.clone()), changed(json!({}))], Server::new());
        assert!(done.is_ok(), "{bad}");
        assert_eq!(purposes(&requests), ["discovery", "discovery", "token", "keySet", "userinfo"]);
        let asked = |index: usize| (requests[index]["refresh"].clone(), requests[index]["issuer"].clone());
        assert_eq!([asked(0), asked(1)], [(json!(false), json!(ISSUER)), (json!(true), json!(ISSUER))]);
        let (done, requests) = with_metadata(vec![changed(bad.clone())], Server::new());
        assert_eq!(done.unwrap_err().code(), code, "{bad}");
        assert_eq!(purposes(&requests), ["discovery", "discovery"], "no code is spent");
    }
    // If nothing comes the second time, the first answer says more.
    let mut answers = vec![json_answer(&changed(json!({ "issuer": "x" }))), json!({ "failed": "network" })];
    let (done, _) = play(oauth::redeem, &redemption(&account(json!({}))), |_| answers.remove(0));
    assert_eq!(done.unwrap_err().code(), Code::DiscoveryIssuerMismatch);
}

#[test]
fn an_endpoint_that_is_not_used_blocks_nobody() {
    let odd = json!({
        "userinfo_endpoint": "", "pushed_authorization_request_endpoint": "https://10.0.0.1/par", "jwks_uri": "http://x",
    });
    let settings = account(json!({ "profileFrom": "userinfo", "scope": "profile" }));
    let mut server = Server::new();
    login::merge(
        &mut server.metadata,
        json!({ "pushed_authorization_request_endpoint": "", "jwks_uri": "http://x" }),
    );
    assert!(server.redeem(&settings).0.is_ok(), "no ID token, so no key set");
    server.metadata = changed(odd);
    let from_token = account(json!({ "profileFrom": "id_token" }));
    assert!(
        play(oauth::start, &start_input(&account(json!({})), json!({})), |request| server.answer(request))
            .0
            .is_err(),
        "nobody is sent to a sign-in that cannot end"
    );
    server.metadata["jwks_uri"] = json!(format!("{ISSUER}/keys"));
    assert!(
        play(oauth::start, &start_input(&from_token, json!({})), |request| server.answer(request)).0.is_ok()
    );
    assert!(server.redeem(&from_token).0.is_ok());
    let error = server.refusal(&account(json!({})));
    assert!(error.to_string().contains("profileFrom"), "{error}");
}

#[test]
fn a_new_algorithm_is_looked_up_once() {
    let listed = |algs: &[&str]| changed(json!({ "id_token_signing_alg_values_supported": algs }));
    let (done, requests) =
        with_metadata(vec![listed(&["RS256"]), listed(&["RS256", "ES256"])], Server::new());
    assert!(done.is_ok());
    assert_eq!(purposes(&requests), ["discovery", "token", "discovery", "keySet", "userinfo"]);
    let (done, requests) = with_metadata(vec![listed(&["RS256"])], Server::new());
    let error = done.unwrap_err();
    assert_eq!((error.code(), detail(&error).2.as_str()), (Code::IdTokenInvalid, "alg_not_allowed (ES256)"));
    assert_eq!(purposes(&requests), ["discovery", "token", "discovery"]);
}

#[test]
fn the_client_secret_signs_where_the_document_or_the_metadata_say_so() {
    let server = |algs: &[&str]| {
        let mut server = Server::new();
        server.metadata["id_token_signing_alg_values_supported"] = json!(algs);
        server.id_token = Some(json!(sign_hs256(SECRET, &server.id_claims)));
        server
    };
    let error = server(&["ES256"]).refusal(&account(json!({})));
    assert!(error.to_string().contains("`idTokenAlg`"), "{error}");
    let line = account(json!({ "idTokenAlg": "HS256" }));
    assert!(server(&["ES256"]).redeem(&line).0.is_ok());
    assert!(server(&["HS256"]).redeem(&account(json!({}))).0.is_ok());
    // The setting is the only algorithm.
    let error = Server::new().refusal(&line);
    assert_eq!(detail(&error).2, "alg_not_allowed (ES256)");
    let public = json!({
        "idTokenAlg": "HS256", "clientAuth": { "method": "none", "secret": null }, "redirectUri": "account",
    });
    assert_eq!(server(&["ES256"]).refusal(&account(public)).code(), Code::IdTokenInvalid);
}

#[test]
fn userinfo_signed_with_the_client_secret_needs_its_setting() {
    let mut server = Server::new();
    let profile = sign_hs256(SECRET, &json!({ "sub": "u-1", "email": "ada@example.org" }));
    server.answers = vec![("userinfo", text_answer(200, "application/jwt", &profile))];
    let error = server.refusal(&account(json!({})));
    assert_eq!(error.code(), Code::UserinfoFailed);
    assert!(error.to_string().contains("`userinfoAlg`"), "{error}");
    assert!(server.redeem(&account(json!({ "userinfoAlg": "HS256" }))).0.is_ok());
    let error = server.refusal(&account(json!({ "userinfoAlg": "ES256" })));
    assert_eq!(detail(&error).2, "alg_not_allowed (HS256)");
}

#[test]
fn several_audiences_need_azp_or_trust() {
    let mut server = Server::new();
    server.id_claims["aud"] = json!(["hand stamp:1", "project-1"]);
    let error = server.refusal(&account(json!({})));
    assert!(error.to_string().contains("`trustedAudiences`"), "{error}");
    let trusted = account(json!({ "trustedAudiences": ["project-1", "project-2"] }));
    assert!(server.redeem(&trusted).0.is_ok());
    server.id_claims["aud"] = json!(["hand stamp:1", "project-1", "another"]);
    assert_eq!(server.refusal(&trusted).code(), Code::IdTokenInvalid);
    server.id_claims["aud"] = json!(["project-1", "project-2"]);
    assert_eq!(server.refusal(&trusted).code(), Code::IdTokenInvalid, "it must be for us");
    server.id_claims["aud"] = json!(["hand stamp:1", "project-1"]);
    server.id_claims["azp"] = json!("project-1");
    assert_eq!(server.refusal(&trusted).code(), Code::IdTokenInvalid, "azp is another client");
}

#[test]
fn one_leeway_holds_for_nbf_and_iat() {
    for name in ["nbf", "iat"] {
        for (settings, ahead, good) in [
            (json!({}), 300, true),
            (json!({}), 301, false),
            (json!({ "leewaySeconds": 90 }), 90, true),
            (json!({ "leewaySeconds": 90 }), 91, false),
            (json!({ "leewaySeconds": 0 }), 1, false),
        ] {
            let mut server = Server::new();
            server.id_claims["exp"] = json!(NOW + 900);
            server.id_claims[name] = json!(NOW + ahead);
            assert_eq!(
                server.redeem(&account(settings.clone())).0.is_ok(),
                good,
                "{name} {ahead} {settings}"
            );
        }
    }
}

#[test]
fn every_request_has_the_time_that_the_document_gives() {
    for (settings, timeout) in [(json!({}), 3), (json!({ "timeoutSeconds": 10 }), 10)] {
        let (done, requests) = Server::new().redeem(&account(settings));
        assert!(done.is_ok());
        assert!(requests.iter().all(|request| request["timeout"] == json!(timeout)));
    }
}

/// The credentials of the token request.
fn basic(settings: Value) -> String {
    let (_, requests) = Server::new().redeem(&account(settings));
    let token = requests.iter().find(|request| request["purpose"] == "token").unwrap();
    let basic = token["headers"]["authorization"].as_str().unwrap().strip_prefix("Basic ").unwrap();
    let text = basic.trim_end_matches('=').replace('+', "-").replace('/', "_");
    String::from_utf8(base64url::decode(&text).unwrap()).unwrap()
}

#[test]
fn basic_credentials_are_sent_as_the_document_says() {
    let raw = json!({ "basicEncoding": "raw", "clientId": "handstamp 1" });
    assert_eq!(basic(raw), format!("handstamp 1:{SECRET}"));
    assert_eq!(
        basic(json!({ "basicEncoding": "form", "clientId": "handstamp 1" })).split(':').next(),
        Some("handstamp%201")
    );
}

#[test]
fn a_refused_client_hears_what_to_compare() {
    let refused = |settings: Value, answer: Value| {
        let mut server = Server::new();
        server.answers = vec![("token", answer)];
        let error = server.refusal(&account(settings));
        assert_eq!(error.code(), Code::ExchangeRefused);
        detail(&error).1
    };
    let error = |name: &str| text_answer(400, "application/json", &format!("{{\"error\":\"{name}\"}}"));
    for answer in
        [error("invalid_client"), text_answer(401, "text/html", ""), text_answer(403, "text/html", "")]
    {
        let told = refused(json!({}), answer.clone());
        for part in ["client_secret_post", "`basicEncoding`", "PKCE"] {
            assert!(told.contains(part) && !told.contains("redirect"), "{told}");
        }
        assert!(!told.contains(SECRET));
        let raw = refused(json!({ "basicEncoding": "raw", "clientId": "handstamp" }), answer);
        assert!(!raw.contains("client_secret_post"), "{raw}");
    }
    let told = refused(json!({}), error("invalid_grant"));
    assert!(told.contains("redirect URI") && told.contains("PKCE"), "{told}");
    assert!(refused(json!({}), error("unauthorized_client")).contains("grant"));
    assert!(refused(json!({ "scope": "openid plays" }), error("invalid_scope")).ends_with(" openid plays"));
    let method = |method: &str, more: Value| {
        let secret = if method == "none" { Value::Null } else { json!({ "secret": "OIDC_CLIENT" }) };
        let mut settings = json!({ "clientAuth": { "method": method, "secret": secret } });
        login::merge(&mut settings, more);
        refused(settings, error("invalid_client"))
    };
    // The secret of these tests has characters that are encoded, even where the client ID has none.
    let plain = json!({ "clientId": "handstamp" });
    assert!(method("client_secret_basic", plain.clone()).contains("`basicEncoding`"));
    assert!(
        method("client_secret_basic", json!({ "basicEncoding": "raw", "clientId": "handstamp" }))
            .contains("(client_secret_basic)")
    );
    assert!(method("client_secret_post", plain).contains("in the body of the request"));
    assert!(method("none", json!({ "redirectUri": "account" })).contains("a public client"));
}

#[test]
fn at_hash_of_an_edwards_key_is_by_either_hash() {
    use ed25519_dalek::{Signer, SigningKey};
    let key = SigningKey::from_bytes(&[4; 32]);
    let jwk = json!({
        "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "ed", "x": base64url::encode(key.verifying_key().as_bytes()),
    });
    let token = b"opaque-access-token";
    let halves = [Sha512::digest(token)[..32].to_vec(), Sha256::digest(token)[..16].to_vec(), vec![7; 16]];
    for (index, half) in halves.iter().enumerate() {
        let mut server = Server::new();
        server.key_sets = vec![vec![jwk.clone()]];
        server.id_claims["at_hash"] = json!(base64url::encode(half));
        let part = |value: &Value| base64url::encode(value.to_string().as_bytes());
        let input = format!("{}.{}", part(&json!({ "alg": "EdDSA", "kid": "ed" })), part(&server.id_claims));
        let signature = base64url::encode(&key.sign(input.as_bytes()).to_bytes());
        server.id_token = Some(json!(format!("{input}.{signature}")));
        assert_eq!(server.redeem(&account(json!({}))).0.is_ok(), index < 2, "{index}");
    }
}

#[test]
fn a_posted_answer_is_asked_for_and_its_cookie_comes_from_another_site() {
    let own = |mode: &str| account(json!({ "responseMode": mode, "redirectUri": "account" }));
    let done = started(&own("form_post"), json!({}));
    assert_eq!(login::parameter(done["location"].as_str().unwrap(), "response_mode"), "form_post");
    assert_eq!(done["cookie"]["sameSite"], json!("None"));
    let done = started(&own("query"), json!({}));
    assert!(parameters(done["location"].as_str().unwrap()).iter().all(|(name, _)| name != "response_mode"));
    assert_eq!(done["cookie"].get("sameSite"), None);
    let (faults, _) = judged(json!({ "responseMode": "form_post", "redirectUri": "shared" }));
    assert_eq!(faults.first().map(|fault| fault.path.as_str()), Some("/oauth/responseMode"));
}

#[test]
fn an_assertion_is_for_the_issuer_or_for_the_url_that_it_is_sent_to() {
    let jwk = r#"{"kty":"EC","crv":"P-256","d":"ya-p2EW6dRZrXCFXZ7HWk05Qw9s26JsSe4piKxIPZyE",
        "x":"YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y","y":"eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk"}"#;
    for (audience, expected) in [("issuer", String::from(ISSUER)), ("endpoint", format!("{ISSUER}/token"))] {
        let settings = account(json!({
            "assertionAudience": audience, "clientAuth": { "method": "private_key_jwt", "secret": { "secret": "KEY" } },
        }));
        let mut input = redemption(&settings);
        input["secrets"]["KEY"] = json!(jwk);
        let mut server = Server::new();
        let (done, requests) = play(oauth::redeem, &input, |request| server.answer(request));
        assert!(done.is_ok());
        let body = requests[1]["body"].as_str().unwrap();
        let assertion = body.split("client_assertion=").nth(1).unwrap().split('&').next().unwrap();
        let claims = base64url::decode(assertion.split('.').nth(1).unwrap()).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&claims).unwrap()["aud"], json!(expected));
    }
}

#[test]
fn a_profile_may_have_many_members_and_no_more_bytes_and_levels_than_a_server_may_send() {
    let mut server = Server::new();
    let groups: Vec<String> = (0..5000).map(|index| format!("group {index}")).collect();
    server.userinfo["groups"] = json!(groups);
    for group in &groups[..400] {
        server.userinfo[group] = json!(true);
    }
    server.id_claims["groups"] = json!(groups);
    assert!(server.redeem(&account(json!({}))).0.is_ok());
    // Twice is twice, however many there are.
    let members: Vec<String> = (0..600).map(|index| format!("\"m{index}\":1")).collect();
    let text = format!("{{\"sub\":\"u-1\",{},\"m599\":2}}", members.join(","));
    server.answers = vec![("userinfo", text_answer(200, "application/json", &text))];
    assert!(detail(&server.refusal(&account(json!({})))).2.starts_with("json_duplicate_member"));
    let limit = bounds::PROFILE_BYTES;
    for (bytes, good) in [(limit, true), (limit + 1, false)] {
        let text = format!("{{\"sub\":\"u-1\"}}{}", " ".repeat(bytes - 13));
        server.answers = vec![("userinfo", text_answer(200, "application/json", &text))];
        let (done, _) = server.redeem(&account(json!({})));
        assert_eq!(done.is_ok(), good);
        if let Err(error) = done {
            let found = detail(&error);
            assert_eq!((error.code(), found.0.as_str()), (Code::ResponseTooLarge, "userinfo_endpoint"));
            assert_eq!((found.1.as_str(), found.2), ("at most 512 KiB", format!("{bytes} bytes")));
        }
    }
}

/// The document, with its faults and the warnings of a good one.
fn judged(oauth: Value) -> (Vec<Fault>, Vec<String>) {
    let mut document = json!({
        "account": "acme",
        "oauth": {
            "issuer": ISSUER, "clientId": "c", "clientAuth": { "method": "client_secret_post", "secret": { "secret": "S" } },
        },
    });
    login::merge(&mut document["oauth"], oauth);
    match Account::parse(document.to_string().as_bytes(), false) {
        Ok(account) => {
            (Vec::new(), account.remarks().iter().map(|remark| remark.warning.as_str().into()).collect())
        }
        Err(faults) => (faults, Vec::new()),
    }
}

#[test]
fn one_of_pkce_and_nonce_may_be_off() {
    let secretless = json!({ "method": "none", "secret": null });
    for (settings, path) in [
        (json!({ "pkce": false, "nonce": false }), "/oauth/pkce"),
        (json!({ "pkce": false, "clientAuth": secretless }), "/oauth/pkce"),
        (json!({ "nonce": false, "clientAuth": secretless }), "/oauth/nonce"),
        (json!({ "nonce": false, "redirectUri": "shared" }), "/oauth/nonce"),
        (json!({ "pkce": false, "scope": "profile" }), "/oauth/pkce"),
        (
            json!({ "preset": "linkedin", "issuer": "https://www.linkedin.com/oauth", "pkce": false }),
            "/oauth/pkce",
        ),
    ] {
        let (faults, _) = judged(settings.clone());
        assert_eq!(faults.first().map(|fault| fault.path.as_str()), Some(path), "{settings}");
    }
    assert_eq!(judged(json!({ "pkce": false })).1, ["pkce_off"]);
    assert_eq!(judged(json!({ "nonce": false })).1, ["nonce_off"]);
    assert_eq!(judged(json!({})).1, [""; 0]);
    let own = |settings: Value| {
        let mut settings = settings;
        settings["redirectUri"] = json!("account");
        account(settings)
    };
    let sent = |settings: Value| {
        let done = started(&own(settings), json!({}));
        let all = parameters(done["location"].as_str().unwrap());
        ["code_challenge", "code_challenge_method", "nonce"]
            .map(|name| all.iter().any(|(known, _)| known == name))
    };
    assert_eq!(sent(json!({ "pkce": false })), [false, false, true]);
    assert_eq!(sent(json!({ "nonce": false })), [true, true, false]);
    let mut server = Server::new();
    server.id_claims.as_object_mut().unwrap().remove("nonce");
    assert!(server.redeem(&own(json!({ "nonce": false }))).0.is_ok());
    assert_eq!(server.refusal(&own(json!({ "pkce": false }))).code(), Code::NonceMismatch);
    let (done, requests) = Server::new().redeem(&own(json!({ "pkce": false })));
    assert!(done.is_ok());
    assert!(!requests[1]["body"].as_str().unwrap().contains("code_verifier"));
}

#[test]
fn a_preset_catches_the_usual_mistake_in_the_issuer() {
    for (preset, good, wrong) in [
        (
            "entra",
            "https://login.microsoftonline.com/72f988bf/v2.0",
            "https://login.microsoftonline.com/common/v2.0",
        ),
        ("azure-b2c", "https://acme.b2clogin.com/72f988bf/v2.0/", "https://acme.b2clogin.com/72f988bf/v2.0"),
        (
            "cognito",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc",
            "https://acme.auth.eu-west-1.amazoncognito.com",
        ),
        ("google", "https://accounts.google.com", "https://accounts.google.com/"),
        ("line", "https://access.line.me", "https://access.line.me/"),
        ("linkedin", "https://www.linkedin.com/oauth", "https://www.linkedin.com"),
    ] {
        assert_eq!(judged(json!({ "preset": preset, "issuer": good })).0, [], "{preset}");
        let (faults, _) = judged(json!({ "preset": preset, "issuer": wrong }));
        assert_eq!(faults.len(), 1, "{preset}");
        assert!(faults[0].message.contains(preset), "{}", faults[0].message);
    }
}

#[test]
fn raw_credentials_have_one_colon() {
    let colon = judged(json!({ "basicEncoding": "raw", "clientId": "a:b" })).0;
    assert_eq!(colon.first().map(|fault| fault.path.as_str()), Some("/oauth/basicEncoding"));
}

#[test]
fn a_fault_of_json_is_told_by_its_name_and_a_limit_with_how_much_is_allowed() {
    let told = |body: &str| {
        let answers = vec![("token", text_answer(200, "application/json", body))];
        let mut server = Server { answers, ..Server::new() };
        let (_, expected, got) = detail(&server.refusal(&account(json!({}))));
        (expected, got)
    };
    let deep = told(&format!("{{\"a\":{}1{}}}", "[".repeat(16), "]".repeat(16)));
    let position = "an unexpected character at position 20";
    assert_eq!(deep, ("at most 16 levels".into(), format!("json_too_deep ({position})")));
    assert_eq!(told("{\"access_token\":\"a"), ("a JSON object".into(), "json_syntax".into()));
    assert_eq!(told("{\"a\":1,\"a\":2}"), ("a JSON object".into(), "json_duplicate_member".into()));
}
