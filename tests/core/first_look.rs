//! What a page may know for a first look at a token, and what it says of one.
#![allow(clippy::unwrap_used)] // A test may stop.

use crate::common::{object, signed};
use handstamp::{
    Code,
    jose::key::SigningKey,
    json::Value,
    secure_token::{FirstLook, Seen, Settings},
    time::UnixTime,
};

const NOW: UnixTime = UnixTime(1_800_000_000);
const SECRET: &str = r#"{ "method": "symmetricKey", "alg": "HS256", "encoding": "utf8", "key": "32 bytes, known to the two sides" }"#;
/// RFC 6979 appendix A.2.5.
const PRIVATE: &str = r#"{ "kty": "EC", "crv": "P-256", "kid": "a", "d": "ya-p2EW6dRZrXCFXZ7HWk05Qw9s26JsSe4piKxIPZyE",
    "x": "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y", "y": "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk" }"#;
const POINT: &str = r#""kty": "EC", "crv": "P-256", "x": "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y",
    "y": "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk""#;

fn public() -> String {
    format!(r#"{{ "method": "publicKey", "alg": "ES256", "key": {{ {POINT} }} }}"#)
}

/// The settings of a page for settings with these sources and more.
fn for_page(verify: &str, more: &str) -> Option<String> {
    let settings = Settings::parse(format!(r#"{{ "verify": {verify}{more} }}"#).as_bytes()).unwrap();
    FirstLook::settings_for(&settings).map(|object| Value::from(object).to_text())
}

fn look(settings: &str, token: &str) -> Seen {
    FirstLook::parse(settings.as_bytes()).unwrap().look(token, "100001", NOW)
}

fn token(claims: &str) -> String {
    SigningKey::from_jwk(&object(PRIVATE)).unwrap().sign(&object(claims))
}

const GOOD: &str = r#"{ "sub": "1", "campaignId": "100001", "iss": "com.customer", "exp": 1800000300 }"#;
const EXPIRED: &str = r#"{ "sub": "1", "campaignId": "100001", "iss": "com.customer", "exp": 1799999000 }"#;

#[test]
fn public_keys_and_rules_go_to_the_page_and_nothing_else() {
    let rules = r#", "issuer": "com.customer", "leewaySeconds": 5, "maxLifetimeSeconds": 600, "expiry": "optional",
        "mapping": { "city": "/address/city" }, "accessTokenInClear": true"#;
    let told = for_page(&public(), rules).unwrap();
    let key = POINT.replace(": ", ":").replace(",\n    ", ",").replace(", ", ",");
    let mut members: Vec<_> = key.split(',').collect();
    members.sort_unstable();
    let verify = format!(r#"[{{"method":"publicKey","alg":"ES256","key":{{{}}}}}]"#, {
        // As RFC 7638 orders them.
        let by = |name: &str| members.iter().find(|member| member.contains(name)).copied().unwrap();
        ["\"crv\"", "\"kty\"", "\"x\"", "\"y\""].map(by).join(",")
    });
    assert_eq!(
        told,
        format!(
            r#"{{"issuer":"com.customer","expiry":"optional","leewaySeconds":5,"maxLifetimeSeconds":600,"verify":{verify}}}"#
        )
    );
    assert!(FirstLook::parse(told.as_bytes()).is_ok());
    let lists = for_page(SECRET, r#", "issuer": ["a", "b"], "audience": ["c"]"#).unwrap();
    assert_eq!(lists, r#"{"issuer":["a","b"],"audience":"c"}"#);
}

#[test]
fn of_settings_with_a_secret_no_key_goes_to_the_page() {
    for verify in [SECRET.to_owned(), format!("[{}, {SECRET}]", public())] {
        let told = for_page(&verify, r#", "issuer": "com.customer""#).unwrap();
        assert_eq!(told, r#"{"issuer":"com.customer"}"#);
    }
    let set = r#"{ "method": "jwks", "keys": { "keys": [{ "kty": "oct", "kid": "a", "alg": "HS256",
        "k": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldCE" }] } }"#;
    assert_eq!(for_page(set, "").unwrap(), "{}");
}

#[test]
fn a_key_set_that_is_fetched_and_an_algorithm_that_a_page_lacks_leave_the_keys_out() {
    let url = r#"{ "method": "jwks", "url": "https://www.customer.example/jwks.json" }"#;
    assert_eq!(for_page(url, "").unwrap(), "{}");
    let ed25519 = r#"{ "method": "publicKey", "alg": "EdDSA", "key": { "kty": "OKP", "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" } }"#;
    assert_eq!(for_page(ed25519, "").unwrap(), "{}");
    // A revoked key is no key, whatever it is.
    let revoked = SECRET.replace("\"method\"", "\"status\": \"revoked\", \"method\"");
    assert!(for_page(&format!("[{}, {revoked}]", public()), "").unwrap().contains("publicKey"));
}

#[test]
fn where_every_token_is_encrypted_there_is_nothing_to_look_at() {
    let decrypt = r#", "decrypt": { "alg": "A256KW", "enc": "A256GCM", "encoding": "utf8", "key": "a wrapping key of exactly 32 byt" }"#;
    assert_eq!(for_page(&public(), decrypt), None);
    let told = for_page(&public(), &format!(r#"{decrypt}, "encryption": "accept""#)).unwrap();
    assert!(!told.contains("wrapping") && !told.contains("decrypt"), "{told}");
    assert_eq!(look(&told, "a.b.c.d.e"), Seen::Undecided(None));
}

#[test]
fn a_key_set_keeps_its_names() {
    let set = format!(r#"{{ "method": "jwks", "keys": {{ "keys": [{{ "kid": "a", {POINT} }}] }} }}"#);
    let told = for_page(&set, "").unwrap();
    assert_eq!(look(&told, &token(GOOD)), Seen::Good);
    let other = for_page(&set.replace("\"a\"", "\"b\""), "").unwrap();
    let Seen::Undecided(Some(error)) = look(&other, &token(GOOD)) else { unreachable!() };
    assert_eq!(error.code(), Code::KidUnknown);
}

#[test]
fn an_expired_or_malformed_token_is_to_be_renewed_and_all_else_is_the_services() {
    let told = for_page(&public(), r#", "issuer": "com.customer""#).unwrap();
    assert_eq!(look(&told, &token(GOOD)), Seen::Good);
    let code = |seen: Seen| match seen {
        Seen::Renew(error) => ("renew", Some(error.code())),
        Seen::Undecided(error) => ("undecided", error.map(|error| error.code())),
        Seen::Good => ("good", None),
    };
    assert_eq!(code(look(&told, &token(EXPIRED))), ("renew", Some(Code::TokenExpired)));
    assert_eq!(code(look(&told, "no token")), ("renew", Some(Code::TokenWhitespace)));
    assert_eq!(code(look(&told, "abc.def")), ("renew", Some(Code::TokenSegments)));
    let stranger = signed(r#"{"alg":"ES256"}"#, GOOD.as_bytes());
    assert_eq!(code(look(&told, &stranger)), ("undecided", Some(Code::SignatureInvalid)));
    let elsewhere = token(&GOOD.replace("100001", "100002"));
    assert_eq!(code(look(&told, &elsewhere)), ("undecided", Some(Code::CampaignMismatch)));
    let early =
        token(&GOOD.replace("\"exp\"", "\"nbf\": 1800009000, \"exp\"").replace("1800000300", "1800009300"));
    assert_eq!(code(look(&told, &early)), ("undecided", Some(Code::TokenNotYetValid)));
    // Without keys, times and campaign alone.
    assert_eq!(look(r#"{ "issuer": "com.customer" }"#, &stranger), Seen::Good);
    assert_eq!(code(look("{}", &token(EXPIRED))), ("renew", Some(Code::TokenExpired)));
}
