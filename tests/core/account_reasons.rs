//! The reasons of faults: each has a word and values, by which pages say it in the language of their reader.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A test may stop.

use handstamp::account::{Account, Fault};
use handstamp::json::Value;

fn faults(text: &str) -> Vec<Fault> {
    Account::parse(text.as_bytes(), false).expect_err("the document is faulty")
}

#[test]
fn a_fault_that_pages_say_in_their_own_language_has_its_reason_and_values() {
    let campaign = r##"{
        "languages": ["en"], "signIn": ["token", "oauth"], "starts": "soon", "timeZone": "Europe / Brussels", "cap": 0,
        "brand": { "color": "#ffff00", "darkColor": "blue", "logo": "https://a.example/logo.png" },
        "questions": [{ "id": "q", "text": { "en": "Q" }, "choices": [{ "id": "a", "text": { "en": "A" } }], "right": "b" }],
        "fields": [
            { "name": "a b" }, { "name": "c" }, { "name": "c", "label": { "en": " " } }, { "name": "d", "type": "hidden", "required": true },
            { "name": "e", "choices": [] }, { "name": "f", "type": "number", "min": 2, "max": 1 }
        ],
        "optins": [{ "name": "o", "wording": { "en": "The {rulez}." }, "links": { "rules": { "text": { "en": "rules" }, "url": "acme" } } }]
    }"##;
    let document = format!(
        r#"{{ "account": "acme", "campaigns": {{ "1": {campaign}, "2": {{ "signIn": ["anonymous"], "starts": "2026-12-02", "ends": "2026-12-01" }} }} }}"#
    );
    let found: Vec<String> = faults(&document)
        .iter()
        .map(|fault| {
            let told = fault.to_json();
            let values = told.pointer("/values").map(Value::to_text).unwrap_or_default();
            let reason = told.pointer("/reason").and_then(Value::as_str).unwrap_or("none");
            format!("{} {reason} {values}", fault.path.trim_start_matches("/campaigns/"))
        })
        .collect();
    let expected = [
        r#"1/signIn unoffered {"way":"token"}"#,
        r#"1/signIn unoffered {"way":"oauth"}"#,
        r#"1/cap number {"least":"1","most":"100000000"}"#,
        "1/starts moment {}",
        "1/timeZone zone {}",
        r#"1/questions/0/choices entries {"least":"2","most":"20"}"#,
        "1/questions/0/right choice {}",
        r#"1/fields/0/name name {"most":"64"}"#,
        r#"1/fields/2/name twice {"name":"c"}"#,
        r#"1/fields/2/label/en characters {"most":"2000"}"#,
        "1/fields/3/required hidden {}",
        r#"1/fields/4/choices type {"type":"select"}"#,
        "1/fields/5/max range {}",
        "1/optins/0/links/rules/url url {}",
        r#"1/optins/0/wording/en link {"name":"rulez"}"#,
        r##"1/brand/color contrast {"colour":"#ffff00","page":"light","ratio":"1.03","least":"4.5"}"##,
        "1/brand/darkColor colour {}",
        "1/brand/logo logo {}",
        "2/ends order {}",
    ];
    assert_eq!(found, expected);
    assert!(faults(r#"{ "account": "acme", "origin": [] }"#).iter().all(|fault| fault.reason.is_none()));
}
