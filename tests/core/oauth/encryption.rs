//! Answers that the identity provider encrypts for us: decrypted by a key that the document names, and then judged like any
//! other.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use crate::common;
use crate::login::{self, Server, Signer256, account, detail, play, text_answer};
use handstamp::{jose::base64url, oauth};
use serde_json::{Value, json};

type Inner<'a> = &'a dyn Fn(&Server) -> String;

fn key() -> Value {
    json!({ "key": base64url::encode(&[7; 32]), "encoding": "base64url", "alg": "dir", "enc": "A256GCM" })
}

fn encrypted(text: &str, cty: Option<&str>) -> String {
    common::encrypt_for(&key().to_string(), text.as_bytes(), [3; 12], cty)
}

/// Redeems a code at a server that was changed, with a key of this status; the subject, or what was found.
fn redeem(status: &str, change: impl Fn(&mut Server)) -> Result<Value, String> {
    let mut server = Server::new();
    change(&mut server);
    let mut entry = key();
    (entry["key"], entry["status"]) = (json!({ "secret": "JWE" }), json!(status));
    // At least one key is not revoked.
    let mut other = entry.clone();
    (other["key"]["secret"], other["status"]) = (json!("OTHER"), json!("active"));
    let document = account(if status.is_empty() { json!({}) } else { json!({ "decrypt": [entry, other] }) });
    let mut input = login::redemption(&document);
    input["secrets"]["JWE"] = key()["key"].clone();
    input["secrets"]["OTHER"] = json!(base64url::encode(&[8; 32]));
    let (done, _) = play(oauth::redeem, &input, |request| server.answer(request));
    done.map(|done| done["admission"]["subject"].clone()).map_err(|error| detail(&error).2)
}

fn signed(server: &Server) -> String {
    server.signer.sign(&json!({}), &server.id_claims)
}

#[test]
fn an_encrypted_id_token_is_judged_like_any_other() {
    let with = |status: &str, cty: Option<&'static str>, inner: Inner<'_>| {
        redeem(status, |server| server.id_token = Some(json!(encrypted(&inner(server), cty))))
    };
    for cty in [None, Some("JWT")] {
        assert_eq!(with("active", cty, &signed), Ok(json!("u-1")), "{cty:?}");
    }
    let foreign = |server: &Server| Signer256::new(Some("k1"), 9).sign(&json!({}), &server.id_claims);
    for (status, cty, inner, found) in [
        ("active", Some("text/plain"), &signed as Inner<'_>, "jwe_without_jws"),
        ("active", None, &|server| encrypted(&signed(server), None), "jwe_without_jws"),
        ("active", None, &foreign, "signature_invalid"),
        ("revoked", None, &signed, "decryption_failed"),
        ("", None, &signed, "an encrypted token"),
    ] {
        let got = with(status, cty, inner).unwrap_err();
        assert!(got.starts_with(found), "{status} {cty:?}: {got}");
    }
}

#[test]
fn encrypted_userinfo_is_a_signed_token_or_as_good_as_plain_json() {
    let with = |inner: Inner<'_>| {
        redeem("active", |server| {
            let token = encrypted(&inner(server), None);
            server.answers = vec![("userinfo", text_answer(200, "application/jwt", &token))];
        })
    };
    let plain = |server: &Server| server.userinfo.to_string();
    let sealed = |server: &Server| server.signer.sign(&json!({}), &server.userinfo);
    assert_eq!((with(&plain), with(&sealed)), (Ok(json!("u-1")), Ok(json!("u-1"))));
    let foreign = |server: &Server| Signer256::new(Some("k1"), 9).sign(&json!({}), &server.userinfo);
    for (inner, found) in [
        (&foreign as Inner<'_>, "signature_invalid"),
        (&|_| "{".to_owned(), "json_"),
        (&|_| "nothing".to_owned(), "token_segments"),
    ] {
        let got = with(inner).unwrap_err();
        assert!(got.starts_with(found), "{got}");
    }
}
