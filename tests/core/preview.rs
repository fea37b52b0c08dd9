//! Previews: the pass says what it is, holds what a page shows, and lives as long as it is told.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use handstamp::{
    Code, bounds,
    json::{Object, Value},
    pass::{Pass, Preview, Technique},
    preview::issue,
};

const CAMPAIGNS: &str = r#"{
    "1": { "signIn": ["token", "oauth"], "limits": "on", "limit": { "total": 2 }, "optins": [{ "name": "news" }],
           "fields": [{ "name": "email", "type": "email" }, { "name": "firstname", "type": "text" }] },
    "2": { "signIn": ["oauth"], "limits": "on", "limit": { "unstated": 1 }, "fields": [], "optins": [] },
    "3": { "signIn": ["anonymous"], "limits": "off", "fields": [], "optins": [] } }"#;

fn input(campaign: &str, more: &str) -> Object {
    let mapping = r#"{ "firstname": { "from": "given", "lock": true } }"#;
    let account = format!(r#"{{ "account": "acme", "mapping": {mapping}, "campaigns": {CAMPAIGNS} }}"#);
    let rest = format!(r#""campaignId": "{campaign}", "id": "random", "now": 1800000000"#);
    Value::parse_object(format!(r#"{{ "account": {account}, {rest}{more} }}"#).as_bytes()).unwrap()
}

fn made(campaign: &str, more: &str) -> Pass {
    issue(&input(campaign, more)).unwrap()
}

/// The admission that the page shows.
fn shown(campaign: &str, more: &str) -> Value {
    match made(campaign, more).preview {
        Some(Preview::Made(admission)) => admission.into(),
        _ => Value::Null,
    }
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).map(String::from)
}

#[test]
fn it_shows_what_a_token_of_that_person_would() {
    let more = r#", "subject": "1234", "claims": { "form": { "email": "an@example.org", "other": "x" }, "given": "An",
        "optin": { "news": true }, "custom": { "club": "gold" }, "gift": { "label": "A bike" } }"#;
    let admission = shown("1", more);
    assert_eq!(text(&admission, "/subject").as_deref(), Some("1234"));
    assert_eq!(text(&admission, "/decision").as_deref(), Some("allowed"));
    assert_eq!(text(&admission, "/prefill/form/email").as_deref(), Some("an@example.org"));
    assert_eq!(admission.pointer("/prefill/form/other"), None, "the campaign has no such field");
    assert_eq!(text(&admission, "/custom/club").as_deref(), Some("gold"));
    assert_eq!(text(&admission, "/gift/label").as_deref(), Some("A bike"));
    let pass = made("1", more);
    assert_eq!((pass.subject.as_str(), pass.technique), ("1234", Technique::Token));
    assert_eq!(pass.locked.get("firstname").and_then(Value::as_str), Some("An"));
    assert!(pass.gift.is_none() && pass.custom.is_none(), "there is nothing to give");
    assert_eq!(pass.provenance.namespace, "preview", "no issuer vouches for it");
    let json = Value::from(pass.to_json());
    assert!(Pass::from_json(&json).unwrap() == pass);
}

#[test]
fn a_limit_is_part_of_it() {
    let of = |campaign: &str, more: &str| text(&shown(campaign, more), "/reason");
    let reason = |more: &str| of("1", more);
    assert_eq!(reason(r#", "subject": "s", "claims": { "limit": { "nb": 2 } }, "participations": 1"#), None);
    let full = r#", "subject": "s", "claims": { "limit": { "nb": 1 } }, "participations": 1"#;
    assert_eq!(reason(full).as_deref(), Some("quota_reached"));
    assert_eq!(
        reason(r#", "subject": "s", "participations": 2"#).as_deref(),
        Some("quota_reached"),
        "the campaign's"
    );
    let banned = r#", "subject": "s", "claims": { "limit": { "canPlay": false } }"#;
    assert_eq!(reason(banned).as_deref(), Some("not_allowed"));
    assert_eq!(of("2", r#", "subject": "s", "participations": 1"#).as_deref(), Some("quota_reached"));
    assert_eq!(of("3", r#", "subject": "s", "participations": 9"#), None, "it keeps no limits");
    assert_eq!(reason(r#", "participations": 9"#), None, "nor has anybody without a name one");
}

#[test]
fn without_a_subject_it_is_nobodys() {
    let pass = made("1", "");
    assert_eq!((pass.subject.as_str(), pass.technique), ("random", Technique::Anonymous));
    assert_eq!(made("2", r#", "subject": "s""#).technique, Technique::OAuth);
}

#[test]
fn it_shows_a_refusal_of_choice_and_the_draft_where_it_is_asked_to() {
    let admission = shown("1", r#", "refusal": "token_expired", "draft": true"#);
    assert_eq!(text(&admission, "/refusal").as_deref(), Some("token_expired"));
    assert_eq!(admission.pointer("/draft"), Some(&Value::from(true)));
    let admission = shown("1", r#", "draft": false"#);
    assert_eq!((admission.pointer("/refusal"), admission.pointer("/draft")), (None, None));
}

#[test]
fn it_lives_a_day_or_as_it_is_told() {
    let life = |more: &str| made("1", more).expires_at.since(made("1", more).issued_at);
    assert_eq!(life(""), bounds::PREVIEW_SECONDS);
    assert_eq!(life(r#", "expiresIn": 60"#), 60);
    assert_eq!(life(r#", "expiresIn": 2592000"#), 30 * 24 * 60 * 60);
}

#[test]
fn what_cannot_be_one_is_refused_with_its_place() {
    let cases = [
        (r#", "claims": {}"#, Code::SettingsInvalid, "/subject"),
        (r#", "subject": "s", "claims": []"#, Code::SettingsInvalid, "/claims"),
        (r#", "subject": "s", "claims": { "limit": { "nb": "1" } }"#, Code::LimitInvalid, "/claims/limit/nb"),
        (r#", "subject": """#, Code::SubjectInvalid, "/claims/sub"),
        (r#", "refusal": "expired""#, Code::SettingsInvalid, "/refusal"),
        (r#", "refusal": true"#, Code::SettingsInvalid, "/refusal"),
        (r#", "expiresIn": 59"#, Code::SettingsInvalid, "/expiresIn"),
        (r#", "expiresIn": "60""#, Code::SettingsInvalid, "/expiresIn"),
    ];
    assert_eq!(issue(&input("9", "")).err().unwrap().code(), Code::CampaignUnknown);
    for (more, code, at) in cases {
        let fault = issue(&input("1", more)).err().unwrap();
        assert_eq!((fault.code(), fault.detail().unwrap().at.as_deref()), (code, Some(at)), "{more}");
    }
}

#[test]
fn a_pass_that_a_page_asked_to_be_one_says_so_and_nothing_else_passes_for_it() {
    let mut json = made("1", "").to_json();
    json.set("preview", true);
    let asked = Pass::from_json(&json.clone().into()).unwrap();
    assert!(asked.preview == Some(Preview::Asked));
    assert!(asked.clone().into_preview() == asked);
    json.set("preview", Value::Null);
    let earned = Pass::from_json(&json.clone().into()).unwrap();
    assert!(earned.preview.is_none() && earned.into_preview() == asked, "a pass that was earned");
    assert!(made("1", "").into_preview() == made("1", ""), "what it shows is kept");
    for other in [Value::from(false), Value::from("yes"), Value::Null] {
        json.set("preview", other.clone());
        let read = Pass::from_json(&json.clone().into());
        assert!(other == Value::Null || read.is_err(), "{other:?}");
    }
}
