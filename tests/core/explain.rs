//! The report: its verdict is that of an admission, it goes on after a failure, and it gives nothing away.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // A test may stop.

use crate::common::encrypt_for;
use handstamp::{
    explain::{Check, Report, Status, Verdict, explain},
    jose::{Signature, base64url, jws::sign_hmac, key::Key},
    json::Value,
    secure_token::{self, AdmitOptions, Settings},
    time::UnixTime,
};

const NOW: UnixTime = UnixTime(1_800_000_000);
const SECRET: &[u8; 32] = b"a secret of exactly 32 bytes ...";
const GOOD: &str = r#"{"sub":"1234","campaignId":"100001","exp":1800000300,"iat":1799999990,"form":{"firstname":"Annabel"}}"#;

fn decrypt() -> String {
    format!(
        r#"{{"key":"{}","encoding":"base64url","alg":"dir","enc":"A256GCM"}}"#,
        base64url::encode(&[7; 32])
    )
}

fn settings(more: &str) -> Settings {
    let more = if more.is_empty() { String::new() } else { format!(",{more}") };
    let key = base64url::encode(SECRET);
    let text = format!(
        r#"{{"verify":{{"method":"symmetricKey","key":"{key}","encoding":"base64url","alg":"HS256"}}{more}}}"#
    );
    Settings::parse(text.as_bytes()).unwrap()
}

fn sign_with(secret: &[u8; 32], header: &str, claims: &str) -> String {
    let key = Key::from_secret(secret, Signature::HS256, false).unwrap();
    sign_hmac(&Value::parse_object(header.as_bytes()).unwrap(), claims.as_bytes(), &key).unwrap()
}

fn sign(claims: &str) -> String {
    sign_with(SECRET, r#"{"typ":"JWT"}"#, claims)
}

fn encrypt(plaintext: &str) -> String {
    encrypt_for(&decrypt(), plaintext.as_bytes(), [1; 12], Some("JWT"))
}

fn report(settings: &Settings, token: &str) -> Report {
    explain(settings, token, Some("100001"), NOW)
}

/// Code and place of the checks with a status.
fn those(report: &Report, status: Status) -> Vec<(&'static str, &str)> {
    let checks = report.checks.iter().filter(|check| check.status == status);
    checks.map(|check| (check.code, check.path.as_deref().unwrap_or_default())).collect()
}

fn one<'a>(report: &'a Report, code: &str) -> &'a Check {
    report.checks.iter().find(|check| check.code == code).unwrap()
}

/// Tokens of every kind, good and bad.
fn corpus() -> Vec<String> {
    let good = sign(GOOD);
    let parts: Vec<&str> = good.split('.').collect();
    let with_header =
        |header: &str| format!("{}.{}.{}", base64url::encode(header.as_bytes()), parts[1], parts[2]);
    let mut tokens = vec![
        String::new(),
        "x".into(),
        ".".repeat(10),
        "a.b".into(),
        "a.b.c".into(),
        "{\"payload\":\"x\"}".into(),
        format!("Bearer {good}"),
        format!("{good}\n"),
        format!(" {good}"),
        format!("{good}="),
        format!("{good}.x"),
        "a".repeat(16 * 1024 + 1),
        good[..good.len() - 1].to_owned(),
        good[..good.len() - 3].to_owned(),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}..{}", parts[0], parts[2]),
        format!(".{}.{}", parts[1], parts[2]),
        with_header(r#"{"alg":"none"}"#),
        with_header(r#"{"alg":"HS512"}"#),
        with_header(r#"{"alg":"RS256"}"#),
        with_header(r#"{"alg":"hs256"}"#),
        with_header(r#"{"alg":"dir","enc":"A256GCM"}"#),
        with_header(r#"{"typ":"JWT"}"#),
        with_header(r#"{"alg":"HS256","crit":["exp"]}"#),
        with_header(r#"{"alg":"HS256","kid":1}"#),
        with_header(r#"{"alg":"HS256","alg":"HS256"}"#),
        with_header("[]"),
        with_header("not JSON"),
        sign_with(&[200; 32], "{}", GOOD),
        sign_with(SECRET, r#"{"typ":"at+jwt","kid":"k"}"#, GOOD),
        encrypt(&good),
        encrypt(GOOD),
        encrypt("text"),
        encrypt(""),
        encrypt(&encrypt(&good)),
        encrypt(&sign_with(&[200; 32], "{}", GOOD)),
        encrypt(&with_header(r#"{"alg":"none"}"#)),
        encrypt(&with_header(r#"{"alg":"RS256"}"#)),
        encrypt(&with_header("[]")),
        encrypt(&format!("{good}A")),
        encrypt(&good).replacen("eyJhbGciOiJkaXIi", "eyJhbGciOiJEaXIi", 1),
        format!("{}A", encrypt(&good)),
        format!("{}.{}.x.y.z", parts[0], parts[1]),
        good.clone(),
    ];
    for claims in [
        "{}",
        "[]",
        "",
        "{",
        r#"{"sub":"1","sub":"2"}"#,
        &GOOD.replace("1800000300", "1799990000"),
        &GOOD.replace("1800000300", "1800000300000"),
        &GOOD.replace("1800000300", "\"1800000300\""),
        &GOOD.replace("1799999990", "1800000400"),
        &GOOD.replace("1799999990", "1800000200"),
        &GOOD.replace("\"iat\":1799999990", "\"nbf\":1800000200"),
        &GOOD.replace("\"1234\"", "1234"),
        &GOOD.replace("\"100001\"", "100001"),
        &GOOD.replace("100001", "100002"),
        &GOOD.replace("{\"firstname\":\"Annabel\"}", "[]"),
        &GOOD.replace("{\"firstname\":\"Annabel\"}", "\"Annabel\""),
        &GOOD.replace("\"Annabel\"", "[\"Annabel\"]"),
        &GOOD.replace("\"form\"", "\"optin\""),
        &GOOD.replace("\"form\"", "\"gift\""),
        &GOOD.replace("\"form\":{", "\"gift\":{\"cw\":1,"),
        &GOOD.replace("\"form\":{", "\"limit\":{},\"form\":{"),
        &GOOD.replace("\"form\":{", "\"limit\":{\"canPlay\":false},\"form\":{"),
        &GOOD.replace("\"form\":{", "\"jti\":7,\"form\":{"),
        &GOOD.replace("\"form\":{", "\"access_token\":\"abc\",\"form\":{"),
        &GOOD.replace("\"form\":{", "\"iss\":7,\"form\":{"),
    ] {
        tokens.push(sign(claims));
        tokens.push(encrypt(&sign(claims)));
    }
    tokens
}

fn every_setting() -> Vec<Settings> {
    let encrypted = |word: &str| settings(&format!(r#""decrypt":{},"encryption":"{word}""#, decrypt()));
    vec![
        settings(""),
        encrypted("off"),
        encrypted("accept"),
        encrypted("require"),
        settings(r#""issuer":"a","audience":"b","typ":"JWT","maxLifetimeSeconds":1"#),
        settings(r#""expiry":"optional","accessTokenInClear":true,"leewaySeconds":0"#),
    ]
}

#[test]
fn the_verdict_is_that_of_an_admission() {
    let mut accepted = 0;
    for settings in every_setting() {
        for token in corpus() {
            let admitted = secure_token::admit(&settings, &token, &AdmitOptions::new("100001", NOW));
            let report = report(&settings, &token);
            let verdict = if admitted.is_ok() { Verdict::Accepted } else { Verdict::Rejected };
            assert_eq!(report.verdict(), verdict, "{token} {admitted:?} {report:?}");
            accepted += usize::from(admitted.is_ok());
            // The cause that an admission names is among those of the report.
            if let Err(fault) = admitted {
                let codes: Vec<_> = those(&report, Status::Fail).iter().map(|(code, _)| *code).collect();
                assert!(codes.contains(&fault.code().as_str()), "{token} {fault:?} {codes:?}");
            }
        }
    }
    assert!(accepted > 20, "the corpus holds good tokens as well: {accepted}");
}

#[test]
fn a_good_token_passes_every_check_that_there_is_something_to_check() {
    let report = report(&settings(""), &sign(GOOD));
    assert_eq!(report.verdict(), Verdict::Accepted);
    let passed: Vec<_> = those(&report, Status::Pass).iter().map(|(code, _)| *code).collect();
    assert_eq!(
        passed,
        [
            "keys",
            "size",
            "characters",
            "segments",
            "header",
            "encryption",
            "alg",
            "encoding",
            "key",
            "signature",
            "payload",
            "exp",
            "iat",
            "sub",
            "campaign_id",
            "form"
        ]
    );
    assert_eq!(those(&report, Status::Fail), []);
    assert_eq!(one(&report, "exp").got.as_deref(), Some("in 5 minutes"));
    assert_eq!(one(&report, "iat").got.as_deref(), Some("10 seconds ago"));
    assert_eq!(one(&report, "sub").got.as_deref(), Some("a string of 4 characters"));
    assert_eq!(one(&report, "form").got.as_deref(), Some("1 member"));
    assert_eq!(one(&report, "alg").got.as_deref(), Some("HS256"));
}

#[test]
fn every_fault_is_reported_not_only_the_first() {
    let claims = r#"{"sub":7,"campaignId":"1","exp":1799990000,"iat":1800009000,"nbf":1800009000,"iss":"x","limit":{},
        "form":"x","optin":[1],"gift":{"cw":1},"jti":1,"access_token":"abc"}"#;
    let settings = settings(r#""issuer":"a","audience":"b","typ":"campaign+jwt""#);
    let report = report(&settings, &sign_with(&[200; 32], r#"{"typ":"JWT"}"#, claims));
    assert_eq!(
        those(&report, Status::Fail),
        [
            ("signature_invalid", "signature"),
            ("secret_mismatch", "signature"),
            ("exp_before_iat", "/exp"),
            ("token_not_yet_valid", "/nbf"),
            ("iat_in_future", "/iat"),
            ("issuer_mismatch", "/iss"),
            ("audience_missing", "/aud"),
            ("typ_mismatch", "header/typ"),
            ("subject_invalid", "/sub"),
            ("campaign_mismatch", "/campaignId"),
            ("limit_empty", "/limit"),
            ("claim_type", "/gift/cw"),
            ("boolean_as_number", "/gift/cw"),
            ("claim_type", "/form"),
            ("claim_type", "/optin"),
            ("claim_type", "/jti"),
            ("access_token_in_clear", "/access_token"),
        ]
    );
}

#[test]
fn a_failed_check_says_what_was_found_and_who_can_put_it_right() {
    let report = report(
        &settings(""),
        &sign(&GOOD.replace("1800000300", "1799999820").replace("1799999990", "1799999000")),
    );
    let text = Value::from(report.to_json()).to_text();
    assert!(
        text.starts_with(
            r#"{"verdict":"rejected","code":"token_expired","checks":[{"check":"keys","code":"keys","status":"pass","path":"/verify","got":"1 source"},{"check":"size","code":"size","#
        ),
        "{text}"
    );
    assert!(
        text.contains(concat!(
            r#"{"check":"exp","code":"token_expired","status":"fail","path":"/exp","expected":"a time in the future","#,
            r#""got":"one that expired 3 minutes ago","hint":"Create a new token, and check the clock of the server that creates it.","fix":"issuer"}"#
        )),
        "{text}"
    );
}

#[test]
fn claims_are_reported_of_a_token_whose_header_or_signature_is_bad() {
    let good = sign(&GOOD.replace("100001", "100002"));
    let (header, rest) = good.split_once('.').unwrap();
    let none = format!("{}.{rest}", base64url::encode(br#"{"alg":"none"}"#));
    for token in [format!("{none}A"), none, format!("{header}.{rest}AAAA"), format!("{good}\n")] {
        let report = report(&settings(""), &token);
        assert_eq!(report.verdict(), Verdict::Rejected);
        let failed = those(&report, Status::Fail);
        assert!(failed.contains(&("campaign_mismatch", "/campaignId")) && failed.len() >= 2, "{failed:?}");
    }
}

#[test]
fn nothing_is_said_about_the_inside_of_a_token_that_does_not_decrypt_or_verify() {
    let inside = GOOD.replace("100001", "100002");
    let good = sign(&inside);
    let settings = settings(&format!(r#""decrypt":{}"#, decrypt()));
    let claims = ["payload", "exp", "sub", "campaign_id", "form"];
    let other_key = {
        let key = decrypt().replace(&base64url::encode(&[7; 32]), &base64url::encode(&[77; 32]));
        encrypt_for(&key, good.as_bytes(), [1; 12], None)
    };
    for (token, code) in [
        (other_key, "decryption_failed"),
        (encrypt(&sign_with(&[200; 32], "{}", &inside)), "signature_invalid"),
        (encrypt(&inside), "jwe_without_jws"),
    ] {
        let report = report(&settings, &token);
        let failed: Vec<_> = those(&report, Status::Fail).iter().map(|(code, _)| *code).collect();
        assert_eq!(failed, [code]);
        for claim in claims {
            assert_eq!(one(&report, claim).status, Status::Skip, "{claim} {code}");
            assert_eq!(one(&report, claim).got, None);
        }
    }
    let report = report(&settings, &encrypt(&good));
    assert_eq!(those(&report, Status::Fail), [("campaign_mismatch", "/campaignId")]);
    assert_eq!(one(&report, "decryption").status, Status::Pass);
    assert_eq!(one(&report, "signature").status, Status::Pass);
}

#[test]
fn a_readable_token_where_encryption_is_required_is_still_checked() {
    let settings = settings(&format!(r#""decrypt":{}"#, decrypt()));
    let report = report(&settings, &sign(GOOD));
    assert_eq!(those(&report, Status::Fail), [("encryption_required", "token")]);
    assert_eq!(one(&report, "signature").status, Status::Pass);
    assert_eq!(one(&report, "exp").status, Status::Pass);
}

#[test]
fn an_encrypted_token_without_a_key_for_it_fails_once() {
    let report = report(&settings(""), &encrypt(&sign(GOOD)));
    assert_eq!(those(&report, Status::Fail), [("encryption_unexpected", "token")]);
    assert_eq!(one(&report, "decryption").status, Status::Skip);
}

#[test]
fn remarks_and_left_out_values_are_warnings() {
    let claims = r#"{"sub":"1234","campaignId":100001,"iat":1800000100,"optin":[],"limit":{"canPlay":false},
        "form":{"address":{"city":"Ghent"},"note":"a\u0000b"}}"#;
    let settings = settings(r#""expiry":"optional""#);
    let report = report(&settings, &sign_with(SECRET, r#"{"kid":"k"}"#, claims));
    assert_eq!(report.verdict(), Verdict::Accepted);
    assert_eq!(
        those(&report, Status::Warn),
        [
            ("kid_ignored", "header/kid"),
            ("no_expiry", "/exp"),
            ("issued_in_future", "/iat"),
            ("campaign_id_number", "/campaignId"),
            ("not_allowed", "/limit"),
            ("not_text", "/form/address"),
            ("characters_removed", "/form/note"),
            ("empty_array", "/optin"),
        ]
    );
}

#[test]
fn without_a_campaign_the_claim_must_only_be_there() {
    let settings = settings("");
    assert_eq!(explain(&settings, &sign(GOOD), None, NOW).verdict(), Verdict::Accepted);
    let without = explain(&settings, &sign(&GOOD.replace("campaignId", "campaign")), None, NOW);
    assert_eq!(those(&without, Status::Fail), [("campaign_missing", "/campaignId")]);
}

#[test]
fn a_report_shows_no_token_no_secret_and_no_value() {
    for settings in every_setting() {
        for token in corpus() {
            let text = Value::from(report(&settings, &token).to_json()).to_text();
            for shown in ["Annabel", "\"1234\"", "1800000", "1799999", "100002", &base64url::encode(SECRET)] {
                assert!(!text.contains(shown), "{shown} in {text}");
            }
            for part in token.split('.').filter(|part| part.len() > 12) {
                assert!(!text.contains(part), "a part of the token in {text}");
            }
        }
    }
}

#[test]
fn every_changed_byte_is_explained() {
    let token = sign(GOOD);
    let settings = settings("");
    for position in 0..token.len() {
        for replacement in ["A", "_", ".", " "] {
            if token[position..].starts_with(replacement) {
                continue;
            }
            let changed = format!("{}{replacement}{}", &token[..position], &token[position + 1..]);
            let report = report(&settings, &changed);
            assert_eq!(report.verdict(), Verdict::Rejected, "{position} {replacement:?}");
        }
    }
}
