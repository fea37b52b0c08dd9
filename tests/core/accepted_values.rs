//! Settings of which a token must have one of several values, and those that must not be missing by mistake.
#![allow(clippy::unwrap_used)] // A test may stop.

use crate::common;
use common::{SECRET, signed};
use handstamp::{
    Code,
    secure_token::{self, Settings},
    time::UnixTime,
};

const NOW: UnixTime = UnixTime(1_800_000_000);

fn settings(more: &str) -> handstamp::Result<Settings> {
    let key = format!(r#"{{"method":"symmetricKey","key":"{SECRET}","encoding":"utf8","alg":"HS256"}}"#);
    Settings::parse(format!(r#"{{"verify":{key},{more}}}"#).as_bytes())
}

#[test]
fn one_of_several_issuers_and_audiences_is_enough() {
    let several =
        settings(r#""issuer":["https://old.example","https://id.example/"],"audience":["play","campaigns"]"#);
    let several = several.unwrap();
    let verdict = |claims: &str| {
        let token =
            signed(r#"{"alg":"HS256"}"#, format!(r#"{{"exp":{},{claims}}}"#, NOW.plus(60).0).as_bytes());
        secure_token::verify(&several, &token, NOW).map(|_| ())
    };
    let code = |claims: &str| verdict(claims).map_err(|fault| fault.code());
    for (claims, expected) in [
        (r#""iss":"https://id.example/","aud":"campaigns""#, Ok(())),
        (r#""iss":"https://old.example","aud":["other","play"]"#, Ok(())),
        (r#""aud":"play""#, Err(Code::IssuerMissing)),
        (r#""iss":"https://old.example""#, Err(Code::AudienceMissing)),
        (r#""iss":"https://old.example, https://id.example/","aud":"play""#, Err(Code::IssuerMismatch)),
        (r#""iss":"play","aud":"https://id.example/""#, Err(Code::IssuerMismatch)),
        (r#""iss":"https://old.example","aud":["other"]"#, Err(Code::AudienceMismatch)),
        (r#""iss":"https://old.example","aud":"play,campaigns""#, Err(Code::AudienceMismatch)),
    ] {
        assert_eq!(code(claims), expected, "{claims}");
    }
    assert_eq!(
        verdict(r#""iss":"https://id.example","aud":"play""#).unwrap_err().to_string(),
        "The token's issuer (iss) is not the configured one. At /iss. Expected one of https://old.example, https://id.example/. \
         Got the same string with or without a slash at the end."
    );
}

#[test]
fn a_check_does_not_vanish_with_a_value_that_is_missing_by_mistake() {
    for name in ["decrypt", "encryption", "issuer", "audience", "typ", "maxLifetimeSeconds"] {
        let fault = settings(&format!(r#""{name}":null"#)).unwrap_err();
        assert_eq!(
            fault.to_string(),
            format!("A setting is not valid. At /{name}. Expected a value, or no such member. Got null.")
        );
    }
    let set = r#"{"verify":{"method":"jwks","url":"https://a.example/keys","algs":null}}"#;
    let fault = Settings::parse(set.as_bytes()).unwrap_err();
    assert_eq!(fault.detail().and_then(|detail| detail.at.as_deref()), Some("/verify/algs"));
    // Where it makes nothing laxer, it counts as absent.
    assert!(settings(r#""leewaySeconds":null,"accessToken":null"#).is_ok());
}

/// Where no type is configured any will do, but that of a receipt, which lies open on the account's pages.
#[test]
fn a_receipt_is_no_token_whatever_the_settings_accept() {
    let any = settings(r#""leewaySeconds":0"#).unwrap();
    let claims = format!(r#"{{"exp":{}}}"#, NOW.plus(60).0);
    let typed = |typ: &str| {
        let token = signed(&format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#), claims.as_bytes());
        secure_token::verify(&any, &token, NOW).map(|_| ()).map_err(|fault| fault.code())
    };
    assert_eq!(typed("at+jwt"), Ok(()));
    for receipt in ["participation+jwt", "application/Participation+JWT"] {
        assert_eq!(typed(receipt), Err(Code::TypMismatch), "{receipt}");
    }
}
