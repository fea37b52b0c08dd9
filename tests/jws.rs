//! Signed tokens, from text to a verified payload.
#![allow(clippy::unwrap_used)] // A test may stop.

use handstamp::{
    Code,
    jose::{compact::Compact, jws, source::KeySource},
    json::Value,
};

fn source(settings: &str) -> KeySource {
    KeySource::from_settings(&Value::parse(settings.as_bytes()).unwrap(), "/verify", false).unwrap()
}

// RFC 7515 appendix A.1.
const A1: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

#[test]
fn the_first_example_of_rfc_7515_verifies() {
    let source = source(
        r#"{"method":"symmetricKey","alg":"HS256","key":{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}}"#,
    );
    let verified = jws::verify(&Compact::parse(A1).unwrap(), core::slice::from_ref(&source)).unwrap();
    assert_eq!(verified.header().alg(), "HS256");
    assert!(verified.payload().starts_with(b"{\"iss\":\"joe\""));
    let changed = A1.replace("dBjf", "dBjg");
    let error = jws::verify(&Compact::parse(&changed).unwrap(), &[source]).unwrap_err();
    assert_eq!(error.code(), Code::SignatureInvalid);
}
