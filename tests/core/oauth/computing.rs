//! Signatures of a login that the host's WebCrypto verifies: when it is asked, what its answers are bound to, and that
//! who computes changes no verdict.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use crate::login;

use handstamp::{Code, Error};
use login::{NOW, Server, Signer256, account, detail, play_with, purposes, redemption};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use serde_json::{Value, json};

/// What a host with ECDSA says of a signature.
fn verified(operation: &Value) -> bool {
    let bytes = |value: &Value| handstamp::jose::base64url::decode(value.as_str().unwrap()).unwrap();
    let mut point = vec![4];
    point.extend(bytes(&operation["key"]["x"]));
    point.extend(bytes(&operation["key"]["y"]));
    let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
    let signature = Signature::from_slice(&bytes(&operation["signature"])).unwrap();
    key.verify(operation["data"].as_str().unwrap().as_bytes(), &signature).is_ok()
}

/// Redeems a code with a host that computes: the result, the requests, the operations.
fn redeem(
    server: &mut Server,
    settings: Value,
    lacks: Value,
    compute: impl Fn(&Value) -> Value,
) -> (Result<Value, Error>, Vec<Value>, Vec<Value>) {
    let mut input = redemption(&account(settings));
    input["host"] = json!({ "way": "host", "lacks": lacks, "answers": [] });
    let mut operations = Vec::new();
    let stage = handstamp::oauth::redeem;
    let (result, requests) = play_with(
        stage,
        &input,
        |request| server.answer(request),
        |operation| {
            operations.push(operation.clone());
            compute(operation)
        },
    );
    (result, requests, operations)
}

fn honest(operation: &Value) -> Value {
    json!({ "id": operation["id"], "value": verified(operation) })
}

#[test]
fn the_host_verifies_an_id_token_when_it_can() {
    let alone = Server::new().redeem(&account(json!({})));
    let (result, requests, operations) = redeem(&mut Server::new(), json!({}), json!([]), honest);
    assert_eq!(result.unwrap(), alone.0.unwrap(), "the same admission");
    assert_eq!(purposes(&requests), purposes(&alone.1), "the same requests");
    assert_eq!(operations.len(), 1);
    let operation = &operations[0];
    assert_eq!((&operation["kind"], &operation["name"]), (&json!("verify"), &json!("ECDSA P-256")));
    assert_eq!(operation["key"].get("d"), None);
}

#[test]
fn each_signature_of_a_login_is_one_question() {
    let mut server = Server::new();
    let claims = json!({ "iss": login::ISSUER, "sub": "u-1", "email": "ada@example.org", "exp": NOW + 300 });
    server.access_token = server.signer.sign(&json!({ "typ": "at+jwt" }), &claims);
    let (result, _, operations) =
        redeem(&mut server, json!({ "profileFrom": "access_token" }), json!([]), honest);
    assert_eq!(result.unwrap()["subject"], "u-1");
    assert_eq!(operations.len(), 2, "the ID token's and the access token's");
    assert_ne!(operations[0]["id"], operations[1]["id"]);
}

#[test]
fn a_bad_signature_has_one_refusal_whoever_computes() {
    let bad = || {
        let mut server = Server::new();
        let other = Signer256::new(Some("k1"), 8);
        server.id_token = Some(json!(other.sign(&json!({}), &server.id_claims)));
        server
    };
    let alone = bad().refusal(&account(json!({})));
    let (result, requests, operations) = redeem(&mut bad(), json!({}), json!([]), honest);
    let refusal = result.unwrap_err();
    assert_eq!((refusal.code(), detail(&refusal)), (alone.code(), detail(&alone)));
    assert_eq!(purposes(&requests), ["discovery", "token", "keySet", "keySet"]);
    assert_eq!(operations.len(), 1, "the same key again is the same question");
}

#[test]
fn a_key_that_was_replaced_under_its_name_is_asked_about_anew() {
    let mut server = Server::new();
    let old = Signer256::new(Some("k1"), 8).jwk();
    server.key_sets.insert(0, vec![old]);
    let (result, requests, operations) = redeem(&mut server, json!({}), json!([]), honest);
    assert!(result.is_ok());
    assert_eq!(requests.iter().filter(|request| request["refresh"] == true).count(), 1);
    assert_eq!(operations.len(), 2);
    assert_ne!(operations[0]["id"], operations[1]["id"]);
}

#[test]
fn an_answer_to_another_question_counts_for_nothing() {
    let other = |_: &Value| json!({ "id": "A".repeat(43), "value": true });
    let asked = std::cell::Cell::new(0);
    let mut server = Server::new();
    server.id_token = Some(json!(Signer256::new(Some("k1"), 8).sign(&json!({}), &server.id_claims)));
    let (result, ..) = redeem(&mut server, json!({}), json!([]), |operation| {
        asked.set(asked.get() + 1);
        if asked.get() < 4 { other(operation) } else { honest(operation) }
    });
    assert_eq!(result.unwrap_err().code(), Code::IdTokenInvalid);
    assert_eq!(asked.get(), 4, "the question stands until it is answered");
}

#[test]
fn a_host_that_cannot_is_never_a_verdict() {
    let cannot = |operation: &Value| json!({ "id": operation["id"] });
    let (result, _, operations) = redeem(&mut Server::new(), json!({}), json!([]), cannot);
    assert!(result.is_ok(), "the module computes");
    assert_eq!(operations.len(), 1);
    let (result, _, operations) =
        redeem(&mut Server::new(), json!({}), json!(["ECDSA P-256"]), |_| panic!("it lacks this"));
    assert!(result.is_ok());
    assert_eq!(operations.len(), 0);
}
