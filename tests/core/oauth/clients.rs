//! How we say who we are with a key, and profiles that a customer's API answers with as tokens.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // A test may stop.

use crate::{common, login};

use handstamp::{Code, jose::base64url, oauth};
use login::{ISSUER, NOW, Server, Signer256, VERIFIER, detail, document, play, purposes, text_answer};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey, signature::Verifier};
use serde_json::{Value, json};

/// Our private key, as the account keeps it.
fn private_jwk(patch: Value) -> String {
    let key = SigningKey::from_slice(&[3; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let mut jwk = json!({
        "kty": "EC", "crv": "P-256", "kid": "ours-2026", "alg": "ES256", "use": "sig", "d": base64url::encode(&[3; 32]),
        "x": base64url::encode(point.x().unwrap()), "y": base64url::encode(point.y().unwrap()),
    });
    login::merge(&mut jwk, patch);
    jwk.to_string()
}

/// An account whose client signs, with these settings on top.
fn account(patch: Value) -> Value {
    let mut oauth =
        json!({ "clientAuth": { "method": "private_key_jwt", "secret": { "secret": "OIDC_KEY" } } });
    login::merge(&mut oauth, patch);
    login::account(oauth)
}

fn redeem(
    server: &mut Server,
    account: &Value,
    key: &str,
    verifier: &str,
) -> (Result<Value, handstamp::Error>, Vec<Value>) {
    let input = json!({
        "account": account, "secrets": { "OIDC_KEY": key }, "campaignId": "123456", "code": "c-1",
        "verifier": verifier, "nonce": login::NONCE, "redirectUri": login::REDIRECT, "now": NOW,
    });
    play(oauth::redeem, &input, |request| server.answer(request))
}

/// The keys that decrypt are tried when a document is stored, each refused at its place in the document.
#[test]
fn keys_are_tried_before_anybody_signs_in() {
    let tried = |account: &Value, secrets: Value| {
        let input = json!({ "account": account, "secrets": secrets });
        let input = handstamp::json::Value::parse(input.to_string().as_bytes()).unwrap();
        oauth::check_keys(input.as_object().unwrap()).map_err(|error| {
            let at =
                error.detail().and_then(|detail| detail.at.as_deref().map(str::to_owned)).unwrap_or_default();
            (error.code(), at)
        })
    };
    let basic = login::account(json!({}));
    let secret = json!({ "OIDC_CLIENT": "a secret", "JWE": "AAAA", "GOOD": base64url::encode(&[7; 32]) });
    assert_eq!(tried(&basic, secret.clone()), Ok(()));
    let entry = |name: &str, status: &str| json!({ "key": { "secret": name }, "encoding": "base64url", "alg": "dir", "enc": "A256GCM", "status": status });
    let decrypts = |entries: &[Value]| login::account(json!({ "decrypt": entries }));
    let good = entry("GOOD", "active");
    assert_eq!(tried(&decrypts(std::slice::from_ref(&good)), secret.clone()), Ok(()));
    let short = decrypts(&[good.clone(), entry("JWE", "retiring")]);
    let (code, at) = tried(&short, secret.clone()).unwrap_err();
    assert_eq!((code, at.as_str()), (Code::KeySize, "/oauth/decrypt/1/key"));
    assert_eq!(tried(&decrypts(&[good, entry("JWE", "revoked")]), secret), Ok(()));
    let mut unsafe_now = basic.clone();
    login::merge(&mut unsafe_now["oauth"], json!({ "endpoints": { "token": "https://evil.example/token" } }));
    assert_eq!(tried(&unsafe_now, json!({})).unwrap_err().0, Code::MixupRefused);
    let mut none = basic;
    none.as_object_mut().unwrap().remove("oauth");
    assert_eq!(tried(&none, json!({})), Ok(()));
}

/// The form of the request to the token endpoint.
fn form(requests: &[Value]) -> Vec<(String, String)> {
    let request = requests.iter().find(|request| request["purpose"] == "token").unwrap();
    assert!(request["headers"].get("authorization").is_none());
    login::parameters(&format!("?{}", request["body"].as_str().unwrap()))
}

fn member(form: &[(String, String)], name: &str) -> String {
    let found: Vec<_> = form.iter().filter(|(known, _)| known == name).collect();
    assert_eq!(found.len(), 1, "{name}");
    found[0].1.clone()
}

fn part(text: &str) -> Value {
    serde_json::from_slice(&base64url::decode(text).unwrap()).unwrap()
}

#[test]
fn a_client_with_a_key_signs_a_short_assertion_for_the_configured_issuer() {
    let mut server = Server::new();
    // Metadata must not be able to say for whom we sign.
    server.metadata["token_endpoint"] = json!("https://elsewhere.example/token");
    let (result, requests) = redeem(&mut server, &account(json!({})), &private_jwk(json!({})), VERIFIER);
    assert_eq!(result.unwrap()["subject"], "u-1");
    let form = form(&requests);
    assert_eq!(member(&form, "client_id"), "hand stamp:1");
    assert_eq!(
        member(&form, "client_assertion_type"),
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert!(form.iter().all(|(name, _)| name != "client_secret"));

    let assertion = member(&form, "client_assertion");
    let parts: Vec<_> = assertion.split('.').collect();
    let refusing = || vec![("token", text_answer(400, "application/json", r#"{"error":"invalid_client"}"#))];
    for (audience, named) in [("issuer", "aud is the issuer"), ("endpoint", "aud is the endpoint")] {
        let mut server = Server { answers: refusing(), ..Server::new() };
        let document = account(json!({ "assertionAudience": audience }));
        let error = redeem(&mut server, &document, &private_jwk(json!({})), VERIFIER).0.unwrap_err();
        assert!(detail(&error).1.contains(named), "{error}");
    }
    assert_eq!(part(parts[0]), json!({ "alg": "ES256", "kid": "ours-2026", "typ": "JWT" }));
    let claims = part(parts[1]);
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!("hand stamp:1"), &json!("hand stamp:1")));
    assert_eq!(claims["aud"], ISSUER);
    assert_eq!(claims["iat"], NOW);
    assert_eq!(claims["exp"].as_i64().unwrap() - NOW, 60);
    let (input, signature) = assertion.rsplit_once('.').unwrap();
    let signature = Signature::from_slice(&base64url::decode(signature).unwrap()).unwrap();
    let public = VerifyingKey::from(&SigningKey::from_slice(&[3; 32]).unwrap());
    public.verify(input.as_bytes(), &signature).unwrap();
}

/// An RSA key of ours, with these members on top.
fn rsa_jwk(patch: Value) -> Value {
    let rows = common::rows("python/management.json", "tokens");
    let mut key = rows.iter().find(|row| row["curve"] == "RSA").unwrap()["decrypt"]["key"].clone();
    login::merge(&mut key, patch);
    key
}

#[test]
fn with_an_rsa_key_the_host_signs_the_assertion() {
    let key = rsa_jwk(json!({ "kid": "rsa-1", "alg": "RS256", "use": "sig" }));
    let mut input = login::redemption(&account(json!({})));
    input["secrets"] = json!({ "OIDC_KEY": key.to_string() });
    // The module verifies the ID token, so that the assertion is all that is asked.
    input["host"] = json!({ "way": "table", "lacks": ["ECDSA P-256"], "answers": [] });
    let (mut server, mut asked) = (Server::new(), Vec::new());
    let sign = |operation: &Value| {
        asked.push(operation.clone());
        json!({ "id": operation["id"], "value": base64url::encode(&[5; 256]) })
    };
    let (result, requests) = login::play_with(oauth::redeem, &input, |request| server.answer(request), sign);
    assert_eq!(result.unwrap()["subject"], "u-1");
    let form = form(&requests);
    let (signed, signature) = member(&form, "client_assertion")
        .rsplit_once('.')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    assert_eq!(signature, base64url::encode(&[5; 256]));
    assert_eq!(
        part(signed.split('.').next().unwrap()),
        json!({ "alg": "RS256", "kid": "rsa-1", "typ": "JWT" })
    );
    let [operation] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((&operation["kind"], &operation["data"]), (&json!("sign"), &json!(signed)));
    assert_eq!(operation["algorithm"], json!({ "name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256" }));
    assert_eq!((&operation["key"]["d"], &operation["key"]["n"]), (&key["d"], &key["n"]));
}

#[test]
fn each_sign_in_has_an_assertion_of_its_own_that_tells_nothing_of_the_verifier() {
    let id = |verifier: &str| {
        let (_, requests) =
            redeem(&mut Server::new(), &account(json!({})), &private_jwk(json!({})), verifier);
        part(member(&form(&requests), "client_assertion").split('.').nth(1).unwrap())["jti"].clone()
    };
    let other = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    assert_eq!(id(VERIFIER), id(VERIFIER), "the same stage asked again asks the same");
    assert_ne!(id(VERIFIER), id(other));
    assert_ne!(id(VERIFIER), other, "it is not the challenge, which travels in an address");
}

#[test]
fn a_key_that_cannot_sign_is_a_matter_of_settings_and_is_not_shown() {
    let cases = [
        (String::from("not a key"), Code::KeyInvalid, "/oauth/clientAuth/secret"),
        (private_jwk(json!({ "kty": "RSA" })), Code::KeyWrongType, "/oauth/clientAuth/secret/kty"),
        (private_jwk(json!({ "crv": "P-384" })), Code::KeyWrongType, "/oauth/clientAuth/secret/crv"),
        (private_jwk(json!({ "alg": "RS256" })), Code::KeyUse, "/oauth/clientAuth/secret/alg"),
        (private_jwk(json!({ "d": null })), Code::KeyInvalid, "/oauth/clientAuth/secret/d"),
        (private_jwk(json!({ "x": "AQ" })), Code::KeyInvalid, "/oauth/clientAuth/secret/x"),
        (rsa_jwk(json!({ "alg": "PS256" })).to_string(), Code::KeyUse, "/oauth/clientAuth/secret/alg"),
        (rsa_jwk(json!({ "use": "enc" })).to_string(), Code::KeyUse, "/oauth/clientAuth/secret/use"),
    ];
    for (key, code, at) in cases {
        let (result, requests) = redeem(&mut Server::new(), &account(json!({})), &key, VERIFIER);
        let error = result.unwrap_err();
        assert_eq!((error.code(), detail(&error).0.as_str()), (code, at));
        assert_eq!(purposes(&requests), ["discovery"], "the code is not spent");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(&base64url::encode(&[3; 32])) && !shown.contains("not a key"));
    }
}

#[test]
fn nobody_signs_an_id_token_with_our_private_key_as_a_secret() {
    let key = private_jwk(json!({}));
    let mut server = Server::new();
    server.id_token = Some(json!(login::sign_hs256(&key, &server.id_claims)));
    let error = redeem(&mut server, &account(json!({})), &key, VERIFIER).0.unwrap_err();
    assert_eq!(error.code(), Code::IdTokenInvalid);
    assert!(detail(&error).2.starts_with("alg_not_allowed"), "{error:?}");
}

/// An account whose profile comes from an API with these settings.
fn with_api(api: Value) -> Value {
    let mut profile_api = json!({ "url": "https://api.acme.example/me" });
    login::merge(&mut profile_api, api);
    document(json!({ "oauth": { "profileFrom": "api" }, "profileApi": profile_api }))
}

fn refusal(server: &mut Server, account: &Value) -> (Code, String) {
    let error = server.refusal(account);
    (error.code(), detail(&error).2)
}

#[test]
fn an_api_may_answer_with_a_profile_that_the_login_server_signed() {
    let signed_by = |byte: u8, claims: Value| Signer256::new(Some("k1"), byte).sign(&json!({}), &claims);
    let claims = json!({ "iss": ISSUER, "aud": "hand stamp:1", "exp": NOW + 60, "data": { "id": "u-1", "email": "ada@example.org" } });
    let account = with_api(json!({ "answer": "jwt", "object": "/data", "subject": "/data/id" }));
    let answer = |token: String| ("profile", text_answer(200, "application/jwt", &token));

    let mut server = Server::new();
    server.answers = vec![answer(signed_by(7, claims.clone()))];
    let (result, requests) = server.redeem(&account);
    let result = result.unwrap();
    assert_eq!(result["admission"]["prefill"]["form"]["email"], "ada@example.org");
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet", "profile"]);
    assert_eq!(requests[3]["headers"]["accept"], "application/jwt");

    for (token, found) in [
        (signed_by(8, claims.clone()), "signature_invalid"),
        (login::unsigned(&claims), "alg_none"),
        (signed_by(7, json!({ "iss": "https://evil.example", "data": { "id": "u-1" } })), "issuer_mismatch"),
        (signed_by(7, json!({ "aud": "another", "data": { "id": "u-1" } })), "audience_mismatch"),
        (signed_by(7, json!({ "exp": NOW - 600, "data": { "id": "u-1" } })), "token_expired"),
        (String::from(r#"{"data":{"id":"u-1"}}"#), "token_"),
    ] {
        server.answers = vec![answer(token)];
        let (code, got) = refusal(&mut server, &account);
        assert_eq!(code, Code::ProfileInvalid, "{got}");
        assert!(got.starts_with(found), "{got}");
    }
    server.answers = vec![answer(signed_by(7, json!({ "data": { "id": "u-2" } })))];
    assert_eq!(refusal(&mut server, &account).0, Code::ProfileSubjectMismatch);
    server.answers = vec![("profile", text_answer(500, "application/jwt", &signed_by(7, claims)))];
    assert_eq!(refusal(&mut server, &account), (Code::ProfileUnavailable, "status 500".into()));
}

#[test]
fn an_api_may_answer_with_an_access_token_that_is_then_used() {
    let account = with_api(json!({ "answer": "access_token" }));
    let answer = |token: Value| ("profile", login::json_answer(&json!({ "access_token": token })));

    let mut server = Server::new();
    server.answers = vec![answer(json!("opaque-of-the-api"))];
    let (result, requests) = server.redeem(&account);
    assert_eq!(result.unwrap()["admission"]["prefill"]["form"]["city"], "London");
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet", "profile", "userinfo"]);
    assert_eq!(requests[3]["headers"]["authorization"], "Bearer opaque-access-token");
    assert_eq!(requests[4]["headers"]["authorization"], "Bearer opaque-of-the-api");

    let claims = json!({ "iss": ISSUER, "sub": "u-1", "exp": NOW + 60, "email": "ada@example.org" });
    let signer = Signer256::new(Some("k1"), 7);
    server.answers = vec![answer(json!(signer.sign(&json!({ "typ": "at+jwt" }), &claims)))];
    let (result, requests) = server.redeem(&account);
    assert_eq!(result.unwrap()["admission"]["prefill"]["form"]["email"], "ada@example.org");
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet", "profile"]);

    let other = json!({ "iss": ISSUER, "sub": "u-2", "exp": NOW + 60 });
    server.answers = vec![answer(json!(signer.sign(&json!({}), &other)))];
    assert_eq!(refusal(&mut server, &account).0, Code::ProfileSubjectMismatch);
    server.answers = vec![answer(json!(login::unsigned(&claims)))];
    assert_eq!(refusal(&mut server, &account).0, Code::AccessTokenInvalid);
    for (token, got) in
        [(json!(null), "null"), (json!(7), "a number"), (json!("a\r\nb"), "a string with other characters")]
    {
        server.answers = vec![answer(token)];
        assert_eq!(refusal(&mut server, &account), (Code::ProfileInvalid, got.into()));
    }
}
