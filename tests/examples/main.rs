//! The examples of the crate, run against a server on this machine.
#![allow(clippy::unwrap_used, clippy::panic)] // A test may stop.

#[path = "../../examples/verify_with_jwks.rs"]
mod verify_with_jwks;

use handstamp::{
    Code,
    jose::key::SigningKey,
    json::{Object, Value},
    time::UnixTime,
};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread,
    time::SystemTime,
};

/// RFC 6979 appendix A.2.5.
const KEY: &str = r#"{ "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "2026a",
    "d": "ya-p2EW6dRZrXCFXZ7HWk05Qw9s26JsSe4piKxIPZyE",
    "x": "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y", "y": "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk" }"#;

/// Serves one answer to one request, and returns its URL.
fn serving(content: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
        let length = content.len();
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all((head + &content).as_bytes()).unwrap();
    });
    url
}

fn public(key: &str) -> String {
    let mut jwk = Value::parse_object(key.as_bytes()).unwrap();
    jwk.remove("d");
    let mut set = Object::new();
    set.set("keys", vec![Value::from(jwk)]);
    Value::from(set).to_text()
}

fn token(expires_in: i64) -> String {
    let now = UnixTime::from(SystemTime::now());
    let mut claims = Object::new();
    claims.set("iss", "com.customer");
    claims.set("sub", "1234");
    claims.set("email", "an@customer.example");
    claims.set("exp", now.plus(expires_in).0);
    SigningKey::from_jwk(&Value::parse_object(KEY.as_bytes()).unwrap()).unwrap().sign(&claims)
}

#[test]
fn a_token_is_verified_with_a_fetched_key_set_and_read_as_a_type() {
    let settings = verify_with_jwks::settings(&serving(public(KEY)), "com.customer").unwrap();
    let visitor = verify_with_jwks::visitor(&settings, &token(300)).unwrap();
    assert_eq!((visitor.sub.as_str(), visitor.email.as_deref()), ("1234", Some("an@customer.example")));
    assert_eq!(verify_with_jwks::visitor(&settings, &token(-300)).unwrap_err().code(), Code::TokenExpired);
    let changed = token(300).replace("ey", "ew");
    assert!(verify_with_jwks::visitor(&settings, &changed).is_err());
}

#[test]
fn a_key_set_from_an_address_that_is_refused_is_not_fetched() {
    let fault =
        verify_with_jwks::settings("http://www.customer.example/jwks.json", "com.customer").unwrap_err();
    assert!(fault.to_string().contains("/url"), "{fault}");
}
