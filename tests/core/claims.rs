//! The rules for claims: each at its edge, one past it, and every wrong type.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use handstamp::jose::key::{Key, KeySource};
use handstamp::{
    Code, Error, Result,
    claims::{
        ValidClaims,
        campaign::{self, CampaignClaims},
        standard::{Expiry, Policy, check},
    },
    jose::{Compact, Signature, base64url, jws},
    json::{Object, Value},
    time::UnixTime,
};

const NOW: UnixTime = UnixTime(1_800_000_000);
const SECRET: &[u8; 32] = b"a secret of exactly 32 bytes ...";

/// Signs a payload as it is and checks it against a policy.
fn checked(header: &str, payload: &[u8], policy: &Policy) -> Result<ValidClaims> {
    let key = Key::from_secret(SECRET, Signature::HS256, false).unwrap();
    let header = Value::parse_object(header.as_bytes()).unwrap();
    let token = jws::sign_hmac(&header, payload, &key).unwrap();
    let source = |secret: &[u8; 32]| {
        let key = base64url::encode(secret);
        let text =
            format!(r#"{{"method":"symmetricKey","key":"{key}","encoding":"base64url","alg":"HS256"}}"#);
        KeySource::from_settings(&Value::parse(text.as_bytes()).unwrap(), "/verify", false).unwrap()
    };
    let sources = [&[7; 32], &[8; 32], SECRET].map(source);
    let verified = jws::verify(&Compact::parse(&token).unwrap(), &sources).unwrap();
    check(verified, policy, NOW).inspect(|valid| assert_eq!(valid.source(), 2, "it vouches for them"))
}

fn valid(claims: &str, policy: &Policy) -> Result<ValidClaims> {
    checked(r#"{"typ":"JWT"}"#, claims.as_bytes(), policy)
}

/// `N` in a claim stands for now; what follows is added.
fn at(claims: &str) -> String {
    let mut parts = claims.split('N');
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let end =
            part.find(|sign: char| !(sign.is_ascii_digit() || "+-".contains(sign))).unwrap_or(part.len());
        let offset: i64 = if end == 0 { 0 } else { part[..end].parse().unwrap() };
        out.push_str(&format!("{}{}", NOW.plus(offset).0, &part[end..]));
    }
    out
}

/// The codes of the remarks, or the code of the refusal.
fn outcome(claims: &str, policy: &Policy) -> std::result::Result<Vec<&'static str>, Code> {
    let claims = valid(&at(claims), policy).map_err(|fault| fault.code())?;
    Ok(claims.remarks().iter().map(|remark| remark.warning.as_str()).collect())
}

fn message(claims: &str, policy: &Policy) -> String {
    valid(&at(claims), policy).unwrap_err().to_string()
}

const GOOD: std::result::Result<&[&str], Code> = Ok(&[]);

fn table(policy: &Policy, rows: &[(&str, std::result::Result<&[&str], Code>)]) {
    for (claims, expected) in rows {
        let expected = expected.map(<[&str]>::to_vec);
        assert_eq!(outcome(claims, policy), expected, "{claims} with {policy:?}");
    }
}

#[test]
fn an_expiry_is_good_up_to_the_leeway_after_it() {
    table(
        &Policy::default(),
        &[
            (r#"{"exp":N+1}"#, GOOD),
            (r#"{"exp":N}"#, GOOD),
            (r#"{"exp":N-60}"#, GOOD),
            (r#"{"exp":N-61}"#, Err(Code::TokenExpired)),
            (r#"{"exp":N-60.5}"#, GOOD),
            (r#"{"exp":0}"#, Err(Code::TokenExpired)),
            (r#"{"exp":1e11}"#, GOOD),
            (r#"{"exp":1.8e9}"#, GOOD),
        ],
    );
    let none = Policy { leeway: 0, ..Policy::default() };
    table(&none, &[(r#"{"exp":N}"#, GOOD), (r#"{"exp":N-1}"#, Err(Code::TokenExpired))]);
    let most = Policy { leeway: 300, ..Policy::default() };
    table(&most, &[(r#"{"exp":N-300}"#, GOOD), (r#"{"exp":N-301}"#, Err(Code::TokenExpired))]);
    // Settings refuse more; a policy made otherwise does not get more either.
    let more = Policy { leeway: 100_000, ..Policy::default() };
    table(&more, &[(r#"{"exp":N-300}"#, GOOD), (r#"{"exp":N-301}"#, Err(Code::TokenExpired))]);
}

#[test]
fn an_expiry_is_a_number_of_seconds() {
    table(
        &Policy::default(),
        &[
            (r#"{}"#, Err(Code::ExpiryMissing)),
            (r#"{"exp":null}"#, Err(Code::ClaimType)),
            (r#"{"exp":"N"}"#, Err(Code::ClaimType)),
            (r#"{"exp":true}"#, Err(Code::ClaimType)),
            (r#"{"exp":[N]}"#, Err(Code::ClaimType)),
            (r#"{"exp":{}}"#, Err(Code::ClaimType)),
            (r#"{"exp":-1}"#, Err(Code::ClaimType)),
            (r#"{"exp":1800000000000}"#, Err(Code::ExpLooksLikeMilliseconds)),
            (r#"{"exp":100000000001}"#, Err(Code::ExpLooksLikeMilliseconds)),
            (r#"{"exp":9223372036854775808}"#, Err(Code::ExpLooksLikeMilliseconds)),
            (r#"{"exp":1e300}"#, Err(Code::ExpLooksLikeMilliseconds)),
            (r#"{"exp":1e400}"#, Err(Code::JsonNumberRange)),
        ],
    );
}

#[test]
fn a_token_without_expiry_is_a_matter_of_policy() {
    let optional = Policy { expiry: Expiry::Optional, ..Policy::default() };
    table(
        &optional,
        &[
            (r#"{}"#, Ok(&["no_expiry"])),
            (r#"{"exp":N+1}"#, GOOD),
            (r#"{"exp":N-61}"#, Err(Code::TokenExpired)),
            (r#"{"exp":null}"#, Err(Code::ClaimType)),
        ],
    );
    assert_eq!(valid("{}", &optional).unwrap().expires_at(), None);
}

#[test]
fn an_expiry_before_the_issue_is_named_as_such() {
    table(
        &Policy::default(),
        &[
            (r#"{"exp":N+100,"iat":N+100}"#, Err(Code::ExpBeforeIat)),
            (r#"{"exp":N+101,"iat":N+30}"#, GOOD),
            (r#"{"exp":N-5000,"iat":N-4000}"#, Err(Code::ExpBeforeIat)),
            (r#"{"exp":N-5000,"iat":N-6000}"#, Err(Code::TokenExpired)),
        ],
    );
}

#[test]
fn not_before_and_issued_at_allow_for_the_leeway() {
    table(
        &Policy::default(),
        &[
            (r#"{"exp":N+999,"nbf":N+60}"#, GOOD),
            (r#"{"exp":N+999,"nbf":N+61}"#, Err(Code::TokenNotYetValid)),
            (r#"{"exp":N+999,"nbf":"N"}"#, Err(Code::ClaimType)),
            (r#"{"exp":N+999,"nbf":1800000000000}"#, Err(Code::ExpLooksLikeMilliseconds)),
            (r#"{"exp":N-60,"nbf":N+60}"#, GOOD),
            (r#"{"exp":N+999,"iat":N+60}"#, GOOD),
            (r#"{"exp":N+999,"iat":N+61}"#, Ok(&["issued_in_future"])),
            (r#"{"exp":N+999,"iat":N+300}"#, Ok(&["issued_in_future"])),
            (r#"{"exp":N+999,"iat":N+301}"#, Err(Code::IatInFuture)),
            (r#"{"exp":N+999,"iat":0}"#, GOOD),
            (r#"{"exp":N+999,"iat":"N"}"#, Err(Code::ClaimType)),
            (r#"{"exp":N+999,"iat":null}"#, Err(Code::ClaimType)),
            (r#"{"exp":N+999,"iat":1800000000000}"#, Err(Code::ExpLooksLikeMilliseconds)),
        ],
    );
}

#[test]
fn the_messages_about_times_say_by_how_much() {
    let policy = Policy::default();
    for (claims, expected) in [
        (
            r#"{"exp":N-180}"#,
            "The token has expired. At /exp. Expected a time in the future. Got one that expired 3 minutes ago.",
        ),
        (
            r#"{"exp":N-61}"#,
            "The token has expired. At /exp. Expected a time in the future. Got one that expired 61 seconds ago.",
        ),
        (
            r#"{"exp":N-864000}"#,
            "The token has expired. At /exp. Expected a time in the future. Got one that expired 10 days ago.",
        ),
        (
            r#"{"exp":1800000000000}"#,
            "A time in the token is in milliseconds. At /exp. Expected seconds since 1970. Got a date tens of thousands of years away.",
        ),
        // The vendor's published example of a token: exp lies 1,500 seconds before iat.
        (
            r#"{"sub":"298776628","iat":1619102989,"exp":1619101489,"iss":"ABC Company","campaignId":"123456"}"#,
            "The token expires before it was issued. At /exp. Expected a time after iat. Got 1,500 seconds (25 minutes) before iat.",
        ),
        (
            r#"{"exp":N,"iat":N}"#,
            "The token expires before it was issued. At /exp. Expected a time after iat. Got the same time as iat.",
        ),
        (
            r#"{}"#,
            "The token has no expiry (exp), which is required. At /exp. Expected a number of seconds. Got nothing.",
        ),
        (
            r#"{"exp":N+9999,"nbf":N+120}"#,
            "The token is not valid yet (nbf). At /nbf. Expected a time in the past. Got one that is 2 minutes ahead.",
        ),
        (
            r#"{"exp":N+9999,"iat":N+7200}"#,
            "The token's time of issue (iat) is in the future. At /iat. Expected a time in the past. Got one that is 2 hours ahead.",
        ),
    ] {
        assert_eq!(message(claims, &policy), expected, "{claims}");
    }
}

#[test]
fn the_issuer_is_compared_exactly() {
    let policy = Policy { issuer: vec!["https://id.example/".into()], ..Policy::default() };
    table(
        &policy,
        &[
            (r#"{"exp":N,"iss":"https://id.example/"}"#, GOOD),
            (r#"{"exp":N}"#, Err(Code::IssuerMissing)),
            (r#"{"exp":N,"iss":"https://id.example"}"#, Err(Code::IssuerMismatch)),
            (r#"{"exp":N,"iss":"HTTPS://ID.EXAMPLE/"}"#, Err(Code::IssuerMismatch)),
            (r#"{"exp":N,"iss":"https://id.example/x"}"#, Err(Code::IssuerMismatch)),
            (r#"{"exp":N,"iss":"id.example"}"#, Err(Code::IssuerMismatch)),
            (r#"{"exp":N,"iss":""}"#, Err(Code::IssuerMismatch)),
            (r#"{"exp":N,"iss":["https://id.example/"]}"#, Err(Code::ClaimType)),
            (r#"{"exp":N,"iss":null}"#, Err(Code::ClaimType)),
        ],
    );
    // The issuer is the namespace of the subject, so its type counts even where its value does not.
    table(
        &Policy::default(),
        &[(r#"{"exp":N,"iss":1}"#, Err(Code::ClaimType)), (r#"{"exp":N,"iss":"anyone"}"#, GOOD)],
    );
    assert_eq!(
        message(r#"{"exp":N,"iss":"https://id.example"}"#, &policy),
        "The token's issuer (iss) is not the configured one. At /iss. Expected https://id.example/. \
         Got the same string with or without a slash at the end."
    );
    assert_eq!(
        message(r#"{"exp":N,"iss":"private"}"#, &policy),
        "The token's issuer (iss) is not the configured one. At /iss. Expected https://id.example/. \
         Got a different string of 7 characters."
    );
    assert!(message(r#"{"exp":N,"iss":""}"#, &policy).ends_with("Got an empty string."));
}

#[test]
fn the_audience_is_one_of_those_named() {
    let policy = Policy { audience: vec!["campaigns".into()], ..Policy::default() };
    table(
        &policy,
        &[
            (r#"{"exp":N,"aud":"campaigns"}"#, GOOD),
            (r#"{"exp":N,"aud":["campaigns"]}"#, GOOD),
            (r#"{"exp":N,"aud":["other","campaigns"]}"#, GOOD),
            (r#"{"exp":N}"#, Err(Code::AudienceMissing)),
            (r#"{"exp":N,"aud":"campaign"}"#, Err(Code::AudienceMismatch)),
            (r#"{"exp":N,"aud":"Campaigns"}"#, Err(Code::AudienceMismatch)),
            (r#"{"exp":N,"aud":[]}"#, Err(Code::AudienceMismatch)),
            (r#"{"exp":N,"aud":["other"]}"#, Err(Code::AudienceMismatch)),
            (r#"{"exp":N,"aud":["campaigns",1]}"#, Err(Code::ClaimType)),
            (r#"{"exp":N,"aud":{"campaigns":true}}"#, Err(Code::ClaimType)),
            (r#"{"exp":N,"aud":null}"#, Err(Code::ClaimType)),
        ],
    );
    table(&Policy::default(), &[(r#"{"exp":N,"aud":"anything"}"#, GOOD)]);
}

#[test]
fn the_type_is_compared_as_a_media_type() {
    let policy = Policy { typ: Some("campaign+jwt".into()), ..Policy::default() };
    let with = |header: &str| checked(header, at(r#"{"exp":N}"#).as_bytes(), &policy).map(|_| ());
    assert_eq!(with(r#"{"typ":"campaign+jwt"}"#), Ok(()));
    assert_eq!(with(r#"{"typ":"Campaign+JWT"}"#), Ok(()));
    assert_eq!(with(r#"{"typ":"application/campaign+jwt"}"#), Ok(()));
    for wrong in [
        r#"{}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"typ":"at+jwt"}"#,
        r#"{"typ":"application/application/campaign+jwt"}"#,
    ] {
        assert_eq!(with(wrong).unwrap_err().code(), Code::TypMismatch, "{wrong}");
    }
}

#[test]
fn a_life_may_be_bounded() {
    let policy = Policy { max_lifetime: Some(300), expiry: Expiry::Optional, ..Policy::default() };
    table(
        &policy,
        &[
            (r#"{"iat":N-100,"exp":N+200}"#, GOOD),
            (r#"{"iat":N-100,"exp":N+201}"#, Err(Code::LifetimeTooLong)),
            (r#"{"exp":N+300}"#, GOOD),
            (r#"{"exp":N+301}"#, Err(Code::LifetimeTooLong)),
            (r#"{"iat":N-300}"#, Ok(&["no_expiry"])),
            (r#"{"iat":N-301}"#, Err(Code::LifetimeTooLong)),
            (r#"{}"#, Err(Code::LifetimeTooLong)),
        ],
    );
    assert_eq!(
        message(r#"{"exp":N+7200}"#, &policy),
        "The token is valid for longer than maxLifetimeSeconds allows. At /exp. Expected a lifetime of at most 5 minutes. Got 2 hours."
    );
}

#[test]
fn the_first_fault_in_the_documented_order_is_reported() {
    let policy = Policy { issuer: vec!["a".into()], audience: vec!["b".into()], ..Policy::default() };
    let all = r#"{"exp":N-999,"nbf":N+999,"iat":N-2000}"#;
    table(
        &policy,
        &[
            (all, Err(Code::TokenExpired)),
            (&all.replace("N-999", "N+999"), Err(Code::TokenNotYetValid)),
            (r#"{"exp":N+9999,"iat":N+999}"#, Err(Code::IatInFuture)),
            (r#"{"exp":N}"#, Err(Code::IssuerMissing)),
            (r#"{"exp":N,"iss":"a"}"#, Err(Code::AudienceMissing)),
            (r#"{"exp":N,"iss":"a","aud":"b"}"#, GOOD),
        ],
    );
}

#[test]
fn a_payload_that_is_no_object_is_refused() {
    for (payload, code) in [
        (&b"[]"[..], Code::JsonNotObject),
        (b"\"x\"", Code::JsonNotObject),
        (b"null", Code::JsonNotObject),
        (b"1", Code::JsonNotObject),
        (b"", Code::JsonSyntax),
        (b"{\"exp\":1800000000,}", Code::JsonSyntax),
        (b"\xef\xbb\xbf{\"exp\":1800000000}", Code::JsonNotUtf8),
        (b"{\"exp\":1800000000,\"a\":\"\xff\"}", Code::JsonNotUtf8),
        (b"{\"exp\":1800000000,\"sub\":\"1\",\"sub\":\"2\"}", Code::JsonDuplicateMember),
        (b"{\"exp\":1800000000,\"form\":{\"a\":1,\"a\":2}}", Code::JsonDuplicateMember),
    ] {
        let fault = checked("{}", payload, &Policy::default()).unwrap_err();
        assert_eq!(fault.code(), code, "{payload:?}");
        assert!(fault.detail().unwrap().at.as_deref().unwrap().starts_with("payload"));
    }
}

fn read(more: &str) -> Result<CampaignClaims> {
    campaign::read(valid(&at(&format!(r#"{{"exp":N,{more}}}"#)), &Policy::default()).unwrap(), "123456")
}

fn refusal(more: &str) -> Error {
    read(more).unwrap_err()
}

fn place(fault: &Error) -> &str {
    fault.detail().and_then(|detail| detail.at.as_deref()).unwrap_or_default()
}

#[test]
fn every_campaign_claim_is_read() {
    let claims = read(
        r#""sub":"1234","campaignId":"123456","iss":"com.example","iat":N-9,"jti":"t-1","limit":{"nb":1},
        "gift":{"label":"A bike","cw":false,"note":1},"form":{"a":1},"optin":{"b":true},"profile":{"c":"d"},
        "custom":{"e":[{"f":null}]},"other":1"#,
    )
    .unwrap();
    let text = |object: &Option<Object>| object.clone().map(|object| Value::from(object).to_text());
    assert_eq!((claims.subject.as_str(), claims.campaign_id.as_str()), ("1234", "123456"));
    assert_eq!((claims.issuer.as_str(), claims.jti.as_deref()), ("com.example", Some("t-1")));
    assert_eq!(claims.limit.and_then(|limit| limit.nb), Some(1));
    assert_eq!(text(&claims.gift).as_deref(), Some(r#"{"label":"A bike","cw":false,"note":1}"#));
    assert_eq!(text(&claims.form).as_deref(), Some(r#"{"a":1}"#));
    assert_eq!(text(&claims.optin).as_deref(), Some(r#"{"b":true}"#));
    assert_eq!(text(&claims.profile).as_deref(), Some(r#"{"c":"d"}"#));
    assert_eq!(text(&claims.custom).as_deref(), Some(r#"{"e":[{"f":null}]}"#));
    assert_eq!((claims.issued_at, claims.expires_at), (Some(NOW.plus(-9)), Some(NOW)));
    assert!(claims.remarks.is_empty());
}

#[test]
fn a_subject_is_a_short_text() {
    let with =
        |sub: &str| read(&format!(r#""sub":{sub},"campaignId":"123456""#)).map(|claims| claims.subject);
    for good in ["1", " ", "an@example.org", "Zoë 👩‍🚀", &"é".repeat(256)] {
        assert_eq!(with(&format!("\"{good}\"")).as_deref(), Ok(good));
    }
    for wrong in
        ["\"\"", "1234", "null", "true", "[\"1\"]", "{}", "\"a\\u0000b\"", "\"a\\nb\"", "\"\\u0085\""]
    {
        assert_eq!(with(wrong).unwrap_err().code(), Code::SubjectInvalid, "{wrong}");
    }
    assert_eq!(with(&format!("\"{}\"", "é".repeat(257))).unwrap_err().code(), Code::SubjectInvalid);
    assert_eq!(refusal(r#""campaignId":"123456""#).code(), Code::SubjectMissing);
    assert_eq!(
        with("1234").unwrap_err().to_string(),
        "The participant ID (sub) is not valid. At /sub. Expected a string of 1 to 256 characters. Got a number."
    );
}

#[test]
fn a_token_opens_its_own_campaign_only() {
    let with = |id: &str| read(&format!(r#""sub":"1234","campaignId":{id}"#));
    assert!(with("\"123456\"").unwrap().remarks.is_empty());
    assert_eq!(with("123456").unwrap().remarks[0].warning.as_str(), "campaign_id_number");
    for (wrong, code) in [
        ("\"\"", Code::CampaignMissing),
        ("\"123457\"", Code::CampaignMismatch),
        ("\"0123456\"", Code::CampaignMismatch),
        ("\" 123456\"", Code::CampaignMismatch),
        ("123457", Code::CampaignMismatch),
        ("123456.0", Code::CampaignMismatch),
        ("1.23456e5", Code::CampaignMismatch),
        ("null", Code::ClaimType),
        ("true", Code::ClaimType),
        ("[\"123456\"]", Code::ClaimType),
        ("{}", Code::ClaimType),
    ] {
        let fault = with(wrong).unwrap_err();
        assert_eq!((fault.code(), place(&fault)), (code, "/campaignId"), "{wrong}");
    }
    assert_eq!(refusal(r#""sub":"1234""#).code(), Code::CampaignMissing);
    assert_eq!(
        with("\"1234567\"").unwrap_err().to_string(),
        "The token is for a different campaign than the one opened. At /campaignId. Expected \"123456\", \
         the campaign opened. Got a different string of 7 characters."
    );
    assert_eq!(
        with("\" 123456\"").unwrap_err().to_string(),
        "The token is for a different campaign than the one opened. At /campaignId. Expected \"123456\", \
         the campaign opened. Got the same string with different white space around it."
    );
}

#[test]
fn data_claims_are_objects() {
    for name in ["form", "optin", "profile", "custom", "gift"] {
        let with = |value: &str| read(&format!(r#""sub":"1","campaignId":"123456","{name}":{value}"#));
        assert!(with("{}").unwrap().remarks.is_empty(), "{name}");
        assert!(with("null").unwrap().remarks.is_empty(), "{name}");
        let empty = with("[]").unwrap();
        assert_eq!(empty.remarks.len(), 1);
        assert_eq!(empty.remarks[0].warning.as_str(), "empty_array");
        assert_eq!(empty.remarks[0].at.as_deref(), Some(format!("/{name}").as_str()));
        for wrong in ["[1]", "[{}]", "\"text\"", "1", "true", "\"{}\""] {
            let fault = with(wrong).unwrap_err();
            assert_eq!(
                (fault.code(), place(&fault)),
                (Code::ClaimType, format!("/{name}").as_str()),
                "{name} {wrong}"
            );
        }
    }
}

#[test]
fn an_empty_object_is_no_data() {
    let data = |more: &str| read(&format!(r#""sub":"1","campaignId":"123456",{more}"#)).unwrap().has_data();
    for (more, expected) in [
        (r#""form":{}"#, false),
        (r#""form":[],"optin":{},"profile":null"#, false),
        (r#""custom":{"a":1},"gift":{"cw":true}"#, false),
        (r#""form":{"a":null}"#, true),
        (r#""optin":{"a":false}"#, true),
        (r#""profile":{"a":1}"#, true),
    ] {
        assert_eq!(data(more), expected, "{more}");
    }
}

#[test]
fn other_claims_have_their_types() {
    for (more, code, at) in [
        (r#""limit":{}"#, Code::LimitEmpty, "/limit"),
        (r#""limit":null"#, Code::ClaimType, "/limit"),
        (r#""limit":{"nb":"1"}"#, Code::LimitInvalid, "/limit/nb"),
        (r#""limit":{"canPlay":0}"#, Code::LimitInvalid, "/limit/canPlay"),
        (r#""gift":{"label":1}"#, Code::ClaimType, "/gift/label"),
        (r#""gift":{"cw":"true"}"#, Code::ClaimType, "/gift/cw"),
        (r#""gift":{"cw":null}"#, Code::ClaimType, "/gift/cw"),
        (r#""jti":1"#, Code::ClaimType, "/jti"),
        (r#""jti":"""#, Code::ClaimType, "/jti"),
        (r#""jti":null"#, Code::ClaimType, "/jti"),
    ] {
        let fault = refusal(&format!(r#""sub":"1","campaignId":"123456",{more}"#));
        assert_eq!((fault.code(), place(&fault)), (code, at), "{more}");
    }
}

#[test]
fn no_refusal_shows_a_claims_value() {
    for more in [
        r#""sub":"private\u0000","campaignId":"123456""#,
        r#""sub":"1","campaignId":"private""#,
        r#""sub":"1","campaignId":"123456","form":"private""#,
        r#""sub":"1","campaignId":"123456","gift":{"label":["private"]}"#,
        r#""sub":"1","campaignId":"123456","jti":["private"]"#,
        r#""sub":"1","campaignId":"123456","limit":{"nb":"private"}"#,
    ] {
        let fault = refusal(more);
        assert!(!format!("{fault} {fault:?}").contains("private"), "{fault}");
    }
}
