//! The rotation of keys: each step, the order and the waits that it is held to, and what a new key is made of.
#![allow(clippy::unwrap_used)] // A test may stop.

use handstamp::{
    Code,
    account::key_turn::{secret_bytes, turn},
    json::Value,
};

const NOW: i64 = 1_900_000_000;
const MINUTE: i64 = 60;

fn parse(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap()
}

/// A document whose keys stand like this, each as `id:status:since`.
fn document(keys: &[(&str, &str, i64)], more: &str) -> Value {
    let key = |(id, status, since): &(&str, &str, i64)| {
        format!(
            r#"{{"id":"{id}","status":"{status}","since":{since},"method":"symmetricKey","alg":"HS384","encoding":"utf8","key":{{"secret":"TOKEN.{id}"}}}}"#
        )
    };
    let keys: Vec<_> = keys.iter().map(key).collect();
    parse(&format!(r#"{{"secureToken":{{"verify":[{}]{more}}}}}"#, keys.join(",")))
}

/// The keys after a step as `name:status`, or the code and the obstacle.
fn after(document: &Value, request: &str, now: i64) -> Result<Vec<String>, (Code, String)> {
    let request = parse(&format!(r#"{{"list":"verify","now":{now}{request}}}"#));
    match turn(document, &request) {
        Ok(out) => {
            let rows = out.get("rows").unwrap().as_array().unwrap().iter();
            let text = |row: &Value, name: &str| row.pointer(name).unwrap().as_str().unwrap().to_owned();
            Ok(rows.map(|row| [text(row, "/name"), text(row, "/status")].join(":")).collect())
        }
        Err(refusal) => Err((refusal.code(), refusal.detail().unwrap().got.clone().unwrap())),
    }
}

fn refused(code: Code, obstacle: &str) -> Result<Vec<String>, (Code, String)> {
    Err((code, obstacle.into()))
}

#[test]
fn a_step_waits_for_its_time_and_its_turn() {
    let active = document(&[("a", "active", 0)], "");
    let add = r#","step":"add","id":"b","material":{"secret":"NEW"}"#;
    assert_eq!(after(&active, add, NOW).unwrap(), ["a:active", "b:next"]);
    assert_eq!(after(&active, r#","step":"activate""#, NOW), refused(Code::RotationOrder, "none_waiting"));
    assert_eq!(after(&active, r#","step":"drop""#, NOW), refused(Code::RotationOrder, "none_retiring"));

    let both = document(&[("a", "active", 0), ("b", "next", NOW)], "");
    let activate = r#","step":"activate""#;
    assert_eq!(after(&both, add, NOW), refused(Code::RotationOrder, "waiting_already"));
    assert_eq!(after(&both, activate, NOW + 14), refused(Code::RotationEarly, "not_spread"));
    assert_eq!(after(&both, activate, NOW + 15).unwrap(), ["a:retiring", "b:active"]);
    assert_eq!(after(&both, r#","step":"activate","waited":true"#, NOW).unwrap(), ["a:retiring", "b:active"]);

    let retiring = [("a", "retiring", NOW), ("b", "active", NOW)];
    let (drop, known) = (r#","step":"drop""#, r#","maxLifetimeSeconds":900,"leewaySeconds":0"#);
    assert_eq!(
        after(&document(&retiring, ""), drop, i64::MAX),
        refused(Code::RotationEarly, "lifetime_unknown")
    );
    let early = after(&document(&retiring, known), drop, NOW + 15 * MINUTE - 1);
    assert_eq!(early, refused(Code::RotationEarly, "not_outlived"));
    assert_eq!(after(&document(&retiring, known), drop, NOW + 15 * MINUTE).unwrap(), ["b:active"]);
    assert_eq!(
        after(&document(&retiring, ""), r#","step":"drop","waited":true"#, NOW).unwrap(),
        ["b:active"]
    );
}

#[test]
fn a_revoked_key_makes_way_for_the_next_one() {
    let both = document(&[("a", "active", 0), ("b", "next", NOW)], "");
    let revoke = r#","step":"revoke","key":"a""#;
    assert_eq!(after(&both, revoke, NOW).unwrap(), ["a:revoked", "b:next"]);
    let revoked = document(&[("a", "revoked", NOW), ("b", "next", NOW)], "");
    assert_eq!(after(&revoked, revoke, NOW), refused(Code::RotationOrder, "none_named"));
    assert_eq!(after(&revoked, r#","step":"activate""#, NOW + 15).unwrap(), ["a:revoked", "b:active"]);
    let several = document(&[("a", "active", 0), ("b", "active", 0)], "");
    let add = r#","step":"add","id":"c""#;
    assert_eq!(after(&several, add, NOW), refused(Code::RotationOrder, "several_active"));
    let named = r#","step":"add","id":"c","key":"b""#;
    assert_eq!(
        after(&several, named, NOW).unwrap(),
        ["a:active", "b:active"],
        "without material it is judged"
    );
}

#[test]
fn the_next_step_and_the_end_of_a_key_are_told() {
    let told = |keys: &[(&str, &str, i64)], place: &str| {
        let request = parse(&format!(r#"{{"list":"verify","now":{NOW}}}"#));
        let more = r#","maxLifetimeSeconds":900,"leewaySeconds":0"#;
        let out = Value::from(turn(&document(keys, more), &request).unwrap());
        out.pointer(place).map(Value::to_text)
    };
    assert_eq!(told(&[("a", "active", 0)], "/next").unwrap(), r#"{"step":"add","from":0}"#);
    let next = told(&[("a", "active", 0), ("b", "next", NOW)], "/next").unwrap();
    assert_eq!(next, format!(r#"{{"step":"activate","from":{}}}"#, NOW + 15));
    let retiring = [("a", "retiring", NOW), ("b", "active", NOW)];
    assert_eq!(told(&retiring, "/next").unwrap(), format!(r#"{{"step":"drop","from":{}}}"#, NOW + 900));
    assert_eq!(told(&retiring, "/rows/0/until").unwrap(), (NOW + 900).to_string());
    assert_eq!(told(&retiring, "/rows/1/until"), None);
    assert_eq!(told(&[], "/rows").unwrap(), "[]");
}

#[test]
fn a_new_key_is_made_like_the_one_whose_place_it_takes() {
    let need = |list: &str, key: &str, id: &str| {
        let document = parse(&format!(r#"{{"secureToken":{{"{list}":{key}}}}}"#));
        let request = format!(
            r#"{{"list":"{list}","step":"add","id":"{id}","material":{{"secret":"S"}},"now":{NOW}}}"#
        );
        turn(&document, &parse(&request)).map(|out| {
            let out = Value::from(out);
            (out.pointer("/need").unwrap().to_text(), out.pointer("/keys/1").unwrap().to_text())
        })
    };
    let shared = r#"{"id":"old","status":"active","since":3,"method":"symmetricKey","alg":"HS512","encoding":"hex","key":{"secret":"TOKEN.2025"}}"#;
    let (need_of, key) = need("verify", shared, "2026").unwrap();
    assert_eq!(need_of, r#"{"kind":"secret","bytes":64,"alg":"HS512","secret":"TOKEN.2026"}"#);
    assert_eq!(
        key,
        format!(
            r#"{{"id":"2026","method":"symmetricKey","alg":"HS512","key":{{"secret":"S"}},"encoding":"base64url","status":"next","since":{NOW}}}"#
        )
    );
    let pair = r#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","key":{"secret":"JWE"}}"#;
    let (need_of, key) = need("decrypt", pair, "e2").unwrap();
    assert_eq!(need_of, r#"{"kind":"key_pair","alg":"ECDH-ES+A256KW","enc":"A256GCM","secret":"JWE.e2"}"#);
    assert!(!key.contains("encoding"), "{key}");
    let public = r#"{"method":"publicKey","alg":"ES256","key":"-----BEGIN PUBLIC KEY-----"}"#;
    assert_eq!(need("verify", public, "p").unwrap().0, r#"{"kind":"public_key","alg":"ES256"}"#);
    let (need_of, key) = need("verify", r#"{"method":"jwks","keys":{"keys":[]}}"#, "p").unwrap();
    assert_eq!(need_of, r#"{"kind":"key_set"}"#);
    assert!(key.contains(r#""keys":{"secret":"S"}"#), "{key}");
    for (key, obstacle) in [
        (r#"{"method":"jwks","url":"https://www.acme.example/keys"}"#, "published_elsewhere"),
        (r#"{"method":"symmetricKey","alg":"HS999"}"#, "alg_unknown"),
    ] {
        let refusal = need("verify", key, "x").unwrap_err();
        assert_eq!(refusal.code(), Code::RotationOrder);
        assert_eq!(refusal.detail().unwrap().got.as_deref(), Some(obstacle));
    }
    for (alg, enc, bytes) in [
        ("HS256", None, Some(32)),
        ("A128KW", None, Some(16)),
        ("A192GCMKW", None, Some(24)),
        ("dir", Some("A192CBC-HS384"), Some(48)),
        ("dir", None, None),
        ("ES256", None, None),
        ("RSA-OAEP-256", None, None),
    ] {
        assert_eq!(secret_bytes(alg, enc), bytes, "{alg}");
    }
}

#[test]
fn a_request_that_is_none_is_refused_at_its_place() {
    let document = document(&[("a", "active", 0)], "");
    for (request, place) in [
        (r#"{"now":1}"#, "/list"),
        (r#"{"list":"keys","now":1}"#, "/list"),
        (r#"{"list":"verify"}"#, "/now"),
        (r#"{"list":"verify","now":1,"step":"turn"}"#, "/step"),
        (r#"{"list":"verify","now":1,"steps":"add"}"#, "/steps"),
    ] {
        let refusal = turn(&document, &parse(request)).unwrap_err();
        assert_eq!(refusal.detail().unwrap().at.as_deref(), Some(place), "{request}");
    }
}
