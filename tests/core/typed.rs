//! Settings from typed parts, and values, settings and claims for serde.
#![allow(clippy::unwrap_used)] // A test may stop.

use crate::common::{decrypt_key, hs256, object, signed, value};
use handstamp::{
    Code,
    claims::standard::{Expiry, Policy},
    jose::{
        Signature,
        key::{Key, KeySet, KeySource},
        nested::Encryption,
    },
    json::Value,
    secure_token::{self, Settings},
    time::UnixTime,
};
use serde::Deserialize;

const NOW: UnixTime = UnixTime(1_800_000_000);

fn secret() -> Key {
    Key::from_secret(b"32 bytes, known to the two sides", Signature::HS256, false).unwrap()
}

#[test]
fn typed_settings_judge_as_those_in_json() {
    let policy =
        Policy { issuer: vec!["com.customer".into()], expiry: Expiry::Optional, ..Policy::default() };
    let typed = Settings::builder().verify(hs256()).policy(policy).build().unwrap();
    let good = signed(r#"{"alg":"HS256"}"#, br#"{"sub":"1","iss":"com.customer"}"#);
    let (_, claims) = secure_token::verify(&typed, &good, NOW).unwrap();
    assert_eq!(claims.claims().get("sub").and_then(Value::as_str), Some("1"));
    let other = signed(r#"{"alg":"HS256"}"#, br#"{"sub":"1","iss":"com.other"}"#);
    assert_eq!(secure_token::verify(&typed, &other, NOW).unwrap_err().code(), Code::IssuerMismatch);
}

#[test]
fn typed_settings_are_held_to_the_same_rules() {
    let refused = |fault: handstamp::Error| (fault.code(), fault.detail().unwrap().at.clone().unwrap());
    let none = Settings::builder().build().unwrap_err();
    assert_eq!(refused(none), (Code::KeysMissing, "/verify".into()));
    let no_key = Settings::builder().verify(secret()).encryption(Encryption::Require).build().unwrap_err();
    assert_eq!(refused(no_key), (Code::SettingsInvalid, "/encryption".into()));
    let source = Settings::builder().verify(secret()).access_token("").build().unwrap_err();
    assert_eq!(refused(source), (Code::SettingsInvalid, "/accessToken".into()));
    let many = (0..9).fold(Settings::builder(), |settings, _| settings.verify(secret()));
    assert_eq!(refused(many.build().unwrap_err()), (Code::SettingsInvalid, "/verify".into()));
    let same = r#"{ "alg": "A256KW", "enc": "A256GCM", "encoding": "utf8", "key": "32 bytes, known to the two sides" }"#;
    let twice = Settings::builder().verify(secret()).decrypt(decrypt_key(same).unwrap()).build().unwrap_err();
    assert_eq!(refused(twice), (Code::KeyShared, "/decrypt/0/key".into()));
}

#[test]
fn a_source_is_made_of_a_key_a_set_or_a_url() {
    let set = object(
        r#"{ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] }"#,
    );
    let set = KeySet::configured(&set, None, false).unwrap();
    let url = KeySource::fetched_from("https://www.customer.example/jwks.json", None).unwrap();
    let settings = Settings::builder().verify(secret()).verify(set).verify(url).build().unwrap();
    let places: Vec<_> = settings.sources().iter().map(KeySource::place).collect();
    assert_eq!(places, ["/verify/0", "/verify/1", "/verify/2"]);
    let fault = KeySource::fetched_from("http://www.customer.example/jwks.json", None).unwrap_err();
    assert_eq!((fault.code(), fault.detail().unwrap().at.as_deref()), (Code::SettingsInvalid, Some("/url")));
}

#[test]
fn a_value_goes_through_serde_and_comes_back() {
    let text = r#"{"a":[null,true,-7,18446744073709551615,0.5,"x"],"b":{"c":{}},"d":[]}"#;
    let read: Value = serde_json::from_str(text).unwrap();
    assert_eq!(read, value(text));
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
}

#[test]
fn a_value_of_serde_is_held_to_the_caps_of_the_reader() {
    let refused = |text: &str| serde_json::from_str::<Value>(text).unwrap_err().to_string();
    let twice = refused(r#"{ "a": { "b": 1, "b": 2 } }"#);
    assert!(twice.contains("At /a/b."), "{twice}");
    let deep = refused(&format!("{}{}", "[".repeat(17), "]".repeat(17)));
    assert!(deep.contains("at most 16 levels"), "{deep}");
    let many = refused(&format!("[{}]", vec!["1"; 257].join(",")));
    assert!(many.contains("at most 256 members"), "{many}");
    let long = refused(r#"{ "a": 1e300 }"#);
    assert!(long.contains("At /a."), "{long}");
}

#[test]
fn claims_are_read_as_a_type_and_a_fault_shows_no_value() {
    #[derive(Debug, Deserialize)]
    struct Visitor {
        sub: String,
        visits: Option<u64>,
    }
    let settings = Settings::builder().verify(hs256()).build().unwrap();
    let claims = |text: &str| {
        let token = signed(r#"{"alg":"HS256"}"#, text.as_bytes());
        secure_token::verify(&settings, &token, NOW).unwrap().1
    };
    let good: Visitor =
        claims(r#"{"sub":"1","visits":18446744073709551615,"exp":1800000300}"#).read().unwrap();
    assert_eq!((good.sub.as_str(), good.visits), ("1", Some(u64::MAX)));
    let fault = claims(r#"{"sub":"1","visits":"personal","exp":1800000300}"#).read::<Visitor>().unwrap_err();
    assert_eq!(fault.code(), Code::ClaimType);
    assert!(!fault.to_string().contains("personal"), "{fault}");
}
