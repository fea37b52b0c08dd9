//! From a profile to a prefilled form: sources, mappings, fields, locks, and everything that is left out.
#![allow(clippy::unwrap_used)] // A test may stop.

use crate::profiles;

use handstamp::{
    Code,
    json::Value,
    profile::{Fields, Mapping, Prefill, Source, map_profile},
};
use profiles::{campaign, mapping, object, outcome, value};

fn mapped(profile: &str, rules: &str) -> String {
    Value::from(map_profile(&object(profile), &mapping(rules), None).to_json()).to_text()
}

#[test]
fn a_source_is_a_pointer_or_a_top_level_name() {
    let profile = object(
        r#"{"email":1,"https://acme.example/email":2,"a.b":3,"a":{"b":4,"c/d":5,"e~f":[6,{"g":7}],"":8},"":9}"#,
    );
    for (source, found) in [
        ("email", Some("1")),
        ("https://acme.example/email", Some("2")),
        ("a.b", Some("3")),
        ("/a/b", Some("4")),
        ("/a/c~1d", Some("5")),
        ("/a/e~0f/0", Some("6")),
        ("/a/e~0f/1/g", Some("7")),
        ("/a/", Some("8")),
        ("/", Some("9")),
        ("/a.b", Some("3")),
        ("/a/e~0f/00", None),
        ("/a/e~0f/2", None),
        ("/a/b/c", None),
        ("b", None),
        ("Email", None),
        ("__proto__", None),
    ] {
        let found_here = Source::parse(source, "").unwrap().find(&profile).map(Value::to_text);
        assert_eq!(found_here.as_deref(), found, "{source}");
    }
    for wrong in ["", "/a~2", "/a~", "/~01~"] {
        let fault = Source::parse(wrong, "/mapping/f").unwrap_err();
        assert_eq!(fault.code(), Code::SettingsInvalid, "{wrong}");
    }
    // Outside of a pointer, ~ is a letter like any other.
    assert!(Source::parse("a~2", "").is_ok());
}

#[test]
fn a_mapping_fills_fields_from_anywhere_in_a_profile() {
    let profile =
        r#"{"email":"an@example.org","given_name":"An","address":{"locality":"Ghent"},"tags":["a","b"]}"#;
    let rules = r#"{"email":{"from":"email","lock":true},"firstname":"given_name","city":"/address/locality",
        "tag":"/tags/1","absent":"nowhere","everything":"/address"}"#;
    assert_eq!(
        mapped(profile, rules),
        concat!(
            r#"{"form":{"email":"an@example.org","firstname":"An","city":"Ghent","tag":"b"},"optin":{},"#,
            r#""locked":["email"],"ignored":[{"name":"everything","reason":"not_text"}]}"#
        )
    );
}

#[test]
fn what_is_read_as_a_boolean_is_an_optin_unless_the_campaign_has_such_a_field() {
    let rules =
        r#"{"news":{"from":"news","as":"boolean","lock":true},"adult":{"from":"adult","as":"boolean"}}"#;
    assert_eq!(
        mapped(r#"{"news":1,"adult":"false"}"#, rules),
        r#"{"form":{},"optin":{"news":true,"adult":false},"locked":["news"],"ignored":[]}"#
    );
    let prefill = map_profile(&object(r#"{"news":1,"adult":"0"}"#), &mapping(rules), Some(&campaign()));
    assert_eq!(
        Value::from(prefill.to_json()).to_text(),
        r#"{"form":{"adult":"false"},"optin":{"news":true},"locked":["news"],"ignored":[]}"#
    );
}

#[test]
fn without_a_mapping_each_member_belongs_to_the_field_of_its_name() {
    let prefill = map_profile(
        &object(r#"{"firstname":"An","news":"1","sub":"1234","email":null}"#),
        &Mapping::default(),
        Some(&campaign()),
    );
    assert_eq!(
        Value::from(prefill.to_json()).to_text(),
        concat!(
            r#"{"form":{"firstname":"An"},"optin":{"news":true},"locked":[],"#,
            r#""ignored":[{"name":"sub","reason":"unknown_field"},{"name":"email","reason":"null"}]}"#
        )
    );
}

#[test]
fn each_type_of_field_takes_what_fits_it() {
    for (field, raw, expected) in [
        ("email", r#""an@example.org""#, Ok("an@example.org")),
        ("email", r#"" an@example.org ""#, Ok("an@example.org")),
        ("email", r#""an+news@mail.example.org""#, Ok("an+news@mail.example.org")),
        ("email", r#""an@example.org@evil.example""#, Err("not_an_email")),
        ("email", r#""an""#, Err("not_an_email")),
        ("email", r#""@example.org""#, Err("not_an_email")),
        ("email", r#""an@""#, Err("not_an_email")),
        ("email", r#""an@example..org""#, Err("not_an_email")),
        ("email", r#""An Other <an@example.org>""#, Err("not_an_email")),
        ("email", r#""""#, Err("empty")),
        ("phone", r#""+32 470 12 34 56""#, Ok("+32470123456")),
        ("phone", r#""none""#, Err("not_a_phone")),
        ("birthdate", r#""2000-12-24T12:00:00.000Z""#, Ok("2000-12-24")),
        ("birthdate", r#""24/12/2000""#, Err("not_a_date")),
        ("birthdate", r#""1990""#, Err("partial_date")),
        ("country", r#""be""#, Ok("BE")),
        ("country", r#""Belgium""#, Err("not_a_country")),
        ("adult", "true", Ok("true")),
        ("adult", "0", Ok("false")),
        ("adult", r#""maybe""#, Err("not_a_boolean")),
        ("firstname", r#""An""#, Ok("An")),
        ("plain", "12", Ok("12")),
        ("unknown", r#""An""#, Err("unknown_field")),
        ("Email", r#""an@example.org""#, Err("unknown_field")),
    ] {
        let mut prefill = Prefill::default();
        prefill.add_form(&object(&format!(r#"{{"{field}":{raw}}}"#)), Some(&campaign()));
        assert_eq!(
            outcome(&prefill, field),
            expected.map(String::from).map_err(String::from),
            "{field} {raw}"
        );
    }
}

#[test]
fn optins_take_booleans_and_only_known_names() {
    let mut prefill = Prefill::default();
    prefill.add_optin(&object(r#"{"news":"1","partners":true}"#), Some(&campaign()));
    prefill.add_optin(&object(r#"{"news":false}"#), Some(&campaign()));
    assert_eq!(
        Value::from(prefill.to_json()).to_text(),
        r#"{"form":{},"optin":{"news":true},"locked":[],"ignored":[{"name":"partners","reason":"unknown_field"}]}"#
    );
    let mut prefill = Prefill::default();
    prefill.add_optin(&object(r#"{"news":"yes","other":{}}"#), None);
    let reasons: Vec<_> = prefill.ignored.iter().map(|ignored| ignored.reason.as_str()).collect();
    assert_eq!(reasons, ["not_a_boolean", "not_a_boolean"]);
}

#[test]
fn the_first_usable_value_stands() {
    let mut prefill = Prefill::default();
    prefill.add_form(&object(r#"{"a":"first","b":{}}"#), None);
    prefill.add_form(&object(r#"{"a":"second","b":"second"}"#), None);
    assert_eq!(outcome(&prefill, "a"), Ok("first".into()));
    assert_eq!(outcome(&prefill, "b"), Ok("second".into()));
}

#[test]
fn only_what_is_prefilled_is_locked() {
    let rules = mapping(
        r#"{"a":{"from":"a","lock":true},"b":{"from":"b","lock":true},"c":{"from":"c","lock":false}}"#,
    );
    let prefill = map_profile(&object(r#"{"a":"1","b":{},"c":"3"}"#), &rules, None);
    assert_eq!(prefill.locked, ["a"]);
}

#[test]
fn a_mapping_is_read_strictly_and_says_where_it_is_wrong() {
    for (text, code, place) in [
        ("[]", Code::SettingsInvalid, "/mapping"),
        (r#"{"email":1}"#, Code::SettingsInvalid, "/mapping/email"),
        (r#"{"email":null}"#, Code::SettingsInvalid, "/mapping/email"),
        (r#"{"":"email"}"#, Code::SettingsInvalid, "/mapping/"),
        (r#"{"email":""}"#, Code::SettingsInvalid, "/mapping/email"),
        (r#"{"email":{}}"#, Code::SettingsInvalid, "/mapping/email/from"),
        (r#"{"email":{"from":1}}"#, Code::SettingsInvalid, "/mapping/email/from"),
        (r#"{"email":{"from":"/~"}}"#, Code::SettingsInvalid, "/mapping/email/from"),
        (r#"{"email":{"from":"a","as":"string"}}"#, Code::SettingsInvalid, "/mapping/email/as"),
        (r#"{"email":{"from":"a","lock":"yes"}}"#, Code::SettingsInvalid, "/mapping/email/lock"),
        (r#"{"email":{"from":"a","locked":true}}"#, Code::SettingsUnknown, "/mapping/email/locked"),
        (r#"{"a/b":{"from":"a","format":"DD/MM/YYYY"}}"#, Code::SettingsInvalid, "/mapping/a~1b/format"),
        (r#"{"d":{"from":"a","as":"date","format":"DD/MM/YY"}}"#, Code::SettingsInvalid, "/mapping/d/format"),
        (
            r#"{"d":{"from":"a","as":"date","format":"DD MMM YYYY"}}"#,
            Code::SettingsInvalid,
            "/mapping/d/format",
        ),
    ] {
        let fault = Mapping::parse(&value(text), "/mapping").unwrap_err();
        assert_eq!(fault.code(), code, "{text}");
        assert_eq!(fault.detail().unwrap().at.as_deref(), Some(place), "{text}");
    }
    let fault = Mapping::parse(&value(r#"{"email":{"from":"a","locked":true}}"#), "/mapping").unwrap_err();
    assert_eq!(
        fault.to_string(),
        "A setting's name is unknown. At /mapping/email/locked. Expected one of from, as, format, lock."
    );
    let fault = Mapping::parse(&value(r#"{"email":{"form":"a"}}"#), "/mapping").unwrap_err();
    assert_eq!(
        fault.to_string(),
        "A setting's name is unknown. At /mapping/email/form. Expected a known name, probably \"from\"."
    );
}

#[test]
fn fields_are_read_strictly_where_it_matters() {
    for (text, place) in [
        ("[]", "/c"),
        (r#"{"fields":{}}"#, "/c/fields"),
        (r#"{"fields":[1]}"#, "/c/fields/0"),
        (r#"{"fields":[{"type":"text"}]}"#, "/c/fields/0/name"),
        (r#"{"fields":[{"name":"a"},{"name":"b","type":"colour"}]}"#, "/c/fields/1/type"),
        (r#"{"optins":[{"name":""}]}"#, "/c/optins/0/name"),
    ] {
        let fault = Fields::parse(&value(text), "/c").unwrap_err();
        assert_eq!(
            (fault.code(), fault.detail().unwrap().at.as_deref()),
            (Code::SettingsInvalid, Some(place)),
            "{text}"
        );
    }
    assert_eq!(Fields::parse(&value("{}"), "").unwrap(), Fields::default());
}
