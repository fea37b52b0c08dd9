//! What an explanation finds out by trying: each mistake has its clue, and whatever is found, `verify` still refuses.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common;
use common::{object, rows, signed_with};
use handstamp::{
    explain::{Check, Report, Status, Verdict, explain, explaining},
    jose::{Host, base64url, here},
    json::Value,
    secure_token::{self, Settings},
    time::UnixTime,
};
use serde_json::json;
use sha2::{Digest, Sha256};

const NOW: UnixTime = UnixTime(1_800_000_000);
const CLAIMS: &str = r#"{"sub":"1234","campaignId":"100001","exp":1800000300}"#;
const CURVES: [(&str, &str); 3] = [("ES256", "P-256"), ("ES384", "P-384"), ("ES512", "P-521")];

fn settings(verify: &serde_json::Value) -> Settings {
    let text = json!({ "verify": verify, "allowShortSecret": true }).to_string();
    Settings::parse(text.as_bytes()).unwrap_or_else(|fault| panic!("{fault}"))
}

fn shared(secret: &[u8]) -> serde_json::Value {
    json!({ "method": "symmetricKey", "alg": "HS256", "key": base64url::encode(secret), "encoding": "base64url" })
}

/// The report of a token that must be refused, whatever was found.
fn refused(settings: &Settings, token: &str) -> Report {
    let report = explain(settings, token, Some("100001"), NOW);
    assert_eq!(report.verdict(), Verdict::Rejected, "{report:?}");
    assert!(secure_token::verify(settings, token, NOW).is_err(), "a clue never accepts: {report:?}");
    let text = Value::from(report.to_json()).to_text();
    for part in token.split('.').filter(|part| part.len() > 12) {
        assert!(!text.contains(part), "a part of the token in {text}");
    }
    report
}

fn one<'a>(report: &'a Report, code: &str) -> &'a Check {
    report.checks.iter().find(|check| check.code == code).unwrap_or_else(|| panic!("no {code} in {report:?}"))
}

/// A signature of a curve, and the public key, from a seed.
fn ecdsa(alg: &str, seed: u8, input: &str) -> (Vec<u8>, serde_json::Value) {
    macro_rules! sign {
        ($curve:ident, $bytes:literal) => {{
            use $curve::ecdsa::{Signature, SigningKey, signature::Signer};
            let mut number = [seed; $bytes];
            number[0] = 0;
            let key = SigningKey::from_slice(&number).unwrap();
            let signature: Signature = key.sign(input.as_bytes());
            let point = key.verifying_key().to_sec1_point(false);
            (signature.to_bytes().to_vec(), point.as_bytes()[1..].to_vec())
        }};
    }
    let (signature, point) = match alg {
        "ES256" => sign!(p256, 32),
        "ES384" => sign!(p384, 48),
        _ => sign!(p521, 66),
    };
    let (x, y) = point.split_at(point.len() / 2);
    let crv = CURVES.iter().find(|(name, _)| *name == alg).unwrap().1;
    (signature, json!({ "kty": "EC", "crv": crv, "x": base64url::encode(x), "y": base64url::encode(y) }))
}

fn input(header: &str) -> String {
    format!("{}.{}", base64url::encode(header.as_bytes()), base64url::encode(CLAIMS.as_bytes()))
}

/// r and s as a SEQUENCE of two INTEGERs.
fn der(fixed: &[u8]) -> Vec<u8> {
    let number = |half: &[u8]| {
        let half: Vec<u8> = half.iter().copied().skip_while(|byte| *byte == 0).collect();
        let half = if half[0] > 127 { [&[0][..], &half].concat() } else { half };
        [&[2, u8::try_from(half.len()).unwrap()][..], &half].concat()
    };
    let (r, s) = fixed.split_at(fixed.len() / 2);
    let body = [number(r), number(s)].concat();
    let length = u8::try_from(body.len()).unwrap();
    let head = if length > 127 { vec![0x30, 0x81, length] } else { vec![0x30, length] };
    [head, body].concat()
}

#[test]
fn a_signature_in_der_is_named_on_every_curve() {
    for (alg, _) in CURVES {
        let input = input(&format!(r#"{{"alg":"{alg}"}}"#));
        let (signature, jwk) = ecdsa(alg, 7, &input);
        let ours = settings(&json!({ "method": "publicKey", "alg": alg, "key": jwk }));
        let token = format!("{input}.{}", base64url::encode(&signature));
        assert_eq!(explain(&ours, &token, Some("100001"), NOW).verdict(), Verdict::Accepted, "{alg}");
        let report = refused(&ours, &format!("{input}.{}", base64url::encode(&der(&signature))));
        assert_eq!(report.code(), Some("signature_der"), "{alg}");
        let got = one(&report, "signature_der").got.clone().unwrap();
        assert!(got.ends_with("in DER, which matches once it is in the right form"), "{got}");
        let (other, _) = ecdsa(alg, 9, &input);
        let report = refused(&ours, &format!("{input}.{}", base64url::encode(&der(&other))));
        assert!(
            one(&report, "signature_der").got.as_deref().unwrap().ends_with("which does not match either")
        );
        let report =
            refused(&ours, &format!("{input}.{}", base64url::encode(&signature[..signature.len() - 3])));
        assert_eq!(report.code(), Some("token_truncated"), "{alg}");
        assert_eq!(one(&report, "sub").status, Status::Pass, "the claims are still read");
    }
}

#[test]
fn another_configured_key_is_named_by_its_kid() {
    let header = |kid: &str| format!(r#"{{"alg":"ES256"{kid}}}"#);
    let (_, mut first) = ecdsa("ES256", 7, "");
    let (_, mut second) = ecdsa("ES256", 9, "");
    first["kid"] = "one".into();
    second["kid"] = "two".into();
    let set = settings(&json!({ "method": "jwks", "keys": { "keys": [first, second] } }));
    let token = |kid: &str, seed: u8| {
        let input = input(&header(kid));
        format!("{input}.{}", base64url::encode(&ecdsa("ES256", seed, &input).0))
    };
    let report = refused(&set, &token(r#","kid":"one""#, 9));
    assert_eq!(report.code(), Some("signed_with_other_key"));
    let check = one(&report, "signed_with_other_key");
    assert_eq!(
        (check.expected.as_deref(), check.got.as_deref()),
        (Some(r#"the key "one""#), Some(r#"the key "two""#))
    );
    for (kid, code) in [("", "kid_missing"), (r#","kid":"three""#, "kid_unknown")] {
        let report = refused(&set, &token(kid, 9));
        assert_eq!(report.code(), Some(code), "the refusal names the cause");
        assert_eq!(one(&report, "signed_with_other_key").status, Status::Warn);
    }
    assert_eq!(refused(&set, &token(r#","kid":"one""#, 11)).code(), Some("public_key_mismatch"));
    let (_, revoked) = ecdsa("ES256", 9, "");
    let (_, current) = ecdsa("ES256", 7, "");
    let sources = settings(&json!([
        { "method": "publicKey", "alg": "ES256", "key": current },
        { "method": "publicKey", "alg": "ES256", "key": revoked, "status": "revoked" },
    ]));
    let report = refused(&sources, &token("", 9));
    let got = one(&report, "signed_with_other_key").got.as_deref();
    assert_eq!(got, Some("the key at /verify/1, which is revoked"));
}

#[test]
fn the_text_of_a_public_key_as_a_secret_is_named() {
    let rows = rows("python/signed.json", "tokens");
    let pem = rows.iter().filter(|row| row["key"]["alg"] == "RS256");
    let pem =
        pem.filter_map(|row| row["key"]["key"].as_str()).find(|text| text.contains("-----BEGIN")).unwrap();
    let ours = settings(&json!({ "method": "publicKey", "alg": "RS256", "key": pem }));
    for secret in [pem.to_owned(), pem.trim_end().to_owned(), format!("{}\n", pem.trim_end())] {
        let token = signed_with(secret.as_bytes(), br#"{"alg":"HS256"}"#, CLAIMS.as_bytes());
        assert_eq!(refused(&ours, &token).code(), Some("hmac_with_public_key"));
    }
    let token = signed_with(b"another secret", br#"{"alg":"HS256"}"#, CLAIMS.as_bytes());
    assert_eq!(refused(&ours, &token).code(), Some("alg_not_allowed"));
}

/// Random bytes that every run has again, without white space at the end.
fn random(seed: u32, bytes: usize) -> Vec<u8> {
    let digest = Sha256::digest(seed.to_be_bytes());
    digest.iter().copied().cycle().take(bytes - 1).chain([digest[0] | 0x80]).collect()
}

#[test]
fn every_other_reading_of_a_secret_is_found_and_none_is_accepted() {
    let hex =
        |secret: &[u8]| secret.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes();
    let base64 = |secret: &[u8]| {
        let mut text = base64url::encode(secret).replace('-', "+").replace('_', "/");
        text.extend(core::iter::repeat_n('=', (4 - text.len() % 4) % 4));
        text.into_bytes()
    };
    let url = |secret: &[u8]| base64url::encode(secret).into_bytes();
    let line = |secret: &[u8]| [secret, b"\n"].concat();
    let mut found = 0;
    for seed in 0..200 {
        let secret = random(seed, 16 + seed as usize % 49);
        // What one side has, and what the other makes of it.
        for (other, clue) in [
            (hex(&secret), "secret_encoding"),
            (hex(&secret).to_ascii_uppercase(), "secret_encoding"),
            (base64(&secret), "secret_encoding"),
            (url(&secret), "secret_encoding"),
            (line(&secret), "secret_white_space"),
            ([&secret[..], b"\r\n"].concat(), "secret_white_space"),
        ] {
            for (ours, theirs) in [(&secret, &other), (&other, &secret)] {
                let ours = settings(&shared(ours));
                let token = signed_with(theirs, br#"{"alg":"HS256"}"#, CLAIMS.as_bytes());
                assert_eq!(refused(&ours, &token).code(), Some(clue), "{seed}");
                found += 1;
            }
        }
        let token = signed_with(&random(seed + 1000, 32), br#"{"alg":"HS256"}"#, CLAIMS.as_bytes());
        assert_eq!(refused(&settings(&shared(&secret)), &token).code(), Some("secret_mismatch"));
    }
    assert_eq!(found, 2400);
}

#[test]
fn what_happened_on_the_way_is_named_and_the_rest_is_checked() {
    let secret = b"a secret of exactly 32 bytes ...";
    let ours = settings(&shared(secret));
    let good = signed_with(secret, br#"{"alg":"HS256"}"#, CLAIMS.as_bytes());
    let changed = [
        (format!("Bearer {good}"), "token_bearer_prefix"),
        (good.replace('.', "%2e"), "token_percent_encoded"),
        (format!("\"{good}\""), "token_quoted"),
        (format!("{good}\n"), "token_whitespace"),
        (format!("{}\n {}", &good[..30], &good[30..]), "token_whitespace"),
        (format!("{good}="), "token_padding"),
        (good[..good.len() - 2].to_owned(), "token_truncated"),
        (good[..good.len() - 5].to_owned(), "token_truncated"),
        (good.rsplit_once('.').unwrap().0.to_owned(), "token_segments"),
    ];
    for (token, code) in changed {
        let report = refused(&ours, &token);
        assert_eq!(report.code(), Some(code), "{token}");
        let signature = one(&report, if code.contains("trunc") { "token_truncated" } else { "sub" });
        let expected = if ["token_segments"].contains(&code) { Status::Skip } else { Status::Pass };
        if !code.contains("trunc") {
            assert_eq!(signature.status, expected, "{code}");
        }
    }
    // The other alphabet: with padding, and signed over that text.
    let standard = |bytes: &[u8]| {
        let mut text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
        text.extend(core::iter::repeat_n('=', (4 - text.len() % 4) % 4));
        text
    };
    let claims = CLAIMS.replace("1234", "ÿÿ>?~~");
    let sent = format!("{}.{}", standard(br#"{"alg":"HS256"}"#), standard(claims.as_bytes()));
    let mac = {
        use hmac::{Hmac, KeyInit, Mac};
        Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(&sent).finalize().into_bytes()
    };
    let report = refused(&ours, &format!("{sent}.{}", standard(&mac)));
    assert_eq!(report.code(), Some("token_standard_base64"), "{report:?}");
    assert_eq!(one(&report, "signature").status, Status::Pass, "the issuer has signed what he sent");
}

#[test]
fn mistakes_in_claims_and_times_are_named() {
    let secret = b"a secret of exactly 32 bytes ...";
    let ours = settings(&shared(secret));
    let report = |claims: &str| {
        let token = signed_with(secret, br#"{"alg":"HS256"}"#, claims.as_bytes());
        explain(&ours, &token, Some("100001"), NOW)
    };
    let with = |member: &str| CLAIMS.replace("\"sub\"", &format!("{member},\"sub\""));
    let twice = serde_json::to_string(CLAIMS).unwrap();
    assert_eq!(report(&twice).code(), Some("payload_double_encoded"));
    assert_eq!(one(&report(&twice), "sub").status, Status::Pass, "the inner object is looked at");
    for flag in [r#""limit":{"canPlay":1}"#, r#""limit":{"canPlay":"true"}"#, r#""gift":{"cw":1}"#] {
        assert_eq!(report(&with(flag)).code(), Some("boolean_as_number"), "{flag}");
    }
    assert_eq!(report(&with(r#""form":[]"#)).code(), Some("empty_array"));
    assert_eq!(report(&CLAIMS.replace("300}", "300000}")).code(), Some("exp_looks_like_milliseconds"));
    for (exp, unit) in [
        ("3600", "a duration"),
        ("30000005", "minutes since 1970"),
        ("20834", "days since 1970"),
        ("46403", "days since 1900"),
        ("821693100", "seconds since 2001"),
        ("20270115", "a date as digits, YYYYMMDD"),
        ("20270115080500", "a date as digits, YYYYMMDDhhmmss"),
        ("253402300799", "a number too large for a date"),
    ] {
        let report = report(&CLAIMS.replace("1800000300", exp));
        assert_eq!(report.code(), Some("time_unit"), "{exp}");
        assert_eq!(one(&report, "time_unit").got.as_deref(), Some(unit));
    }
    for (name, long) in [("exp", "expiresAt"), ("sub", "user_id")] {
        let report = report(&CLAIMS.replace(&format!("\"{name}\""), &format!("\"{long}\"")));
        assert_eq!(report.code(), Some("name_misspelt"), "{long}");
        assert_eq!(one(&report, "name_misspelt").expected, Some(format!("\"{name}\"")));
    }
    let late = report(&CLAIMS.replace("1800000300", "1799999995"));
    assert_eq!((late.verdict(), late.code()), (Verdict::Accepted, Some("expired_within_leeway")));
    assert_eq!(one(&late, "expired_within_leeway").got.as_deref(), Some("5 seconds ago"));
    let early = report(&with(r#""nbf":1800000030"#));
    assert_eq!((early.verdict(), early.code()), (Verdict::Accepted, Some("not_yet_valid_within_leeway")));
    assert_eq!(one(&early, "not_yet_valid_within_leeway").got.as_deref(), Some("in 30 seconds"));
}

/// The vendor's published example of a token: typographic quotes aside, it expires before it is issued.
#[test]
fn the_published_example_expires_before_it_is_issued() {
    let secret = b"a secret of exactly 32 bytes ...";
    let claims =
        r#"{"sub":"298776628","iat":1619102989,"exp":1619101489,"iss":"ABC Company","campaignId":"123456"}"#;
    let token = signed_with(secret, br#"{"alg":"HS256"}"#, claims.as_bytes());
    let report = refused(&settings(&shared(secret)), &token);
    assert_eq!(report.code(), Some("exp_before_iat"));
    let check = one(&report, "exp_before_iat");
    assert_eq!(check.got.as_deref(), Some("1,500 seconds (25 minutes) before iat"));
    assert_eq!((check.fix(), check.path.as_deref()), (Some("issuer"), Some("/exp")));
}

#[test]
fn a_report_takes_at_most_thirty_two_operations() {
    // Eight sources of a hundred keys each, none of them the right one: the host says no to everything.
    let keys: Vec<_> = (100..200)
        .map(|seed| {
            let (_, mut key) = ecdsa("ES384", seed, "");
            key["kid"] = format!("{seed}").into();
            key
        })
        .collect();
    let sources: Vec<_> = (0..8).map(|_| json!({ "method": "jwks", "keys": { "keys": keys } })).collect();
    let ours = settings(&sources.into());
    let input = input(r#"{"alg":"ES384","kid":"100"}"#);
    let (signature, _) = ecdsa("ES384", 9, &input);
    // With the signature in DER, the first try ends at its length.
    for (signature, asked) in [(signature.clone(), 25), (der(&signature), 24)] {
        let token = format!("{input}.{}", base64url::encode(&signature));
        let mut answers = Vec::new();
        let report = loop {
            let words = json!({ "way": "host", "answers": answers }).to_string();
            let host = Host::from_json(&object(&words)).unwrap();
            let report = here(explaining(&ours, &token, Some("100001"), NOW, &host));
            let Some(operation) = host.take_operation() else { break report.unwrap() };
            let id = operation.to_json().pointer("/id").and_then(Value::as_str).unwrap().to_owned();
            answers.push(json!({ "id": id, "value": false }));
            assert!(answers.len() <= 32, "{} operations", answers.len());
        };
        assert_eq!((report.verdict(), answers.len()), (Verdict::Rejected, asked));
    }
}
