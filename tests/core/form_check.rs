//! The submitted form: what a field takes, and that what was prefilled and left as it is always passes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test may stop.

use crate::{
    common::{rows, value},
    profile_values::scramble,
    profiles::{campaign, mapping, object},
};
use handstamp::{
    json::{Object, Value},
    profile::{Fields, Mapping, Prefill, Unfit, map_profile},
};

const TYPES: [&str; 8] = ["text", "email", "tel", "date", "country", "checkbox", "number", "hidden"];

fn one(kind: &str) -> Fields {
    Fields::parse(&value(&format!(r#"{{"fields":[{{"name":"v","type":"{kind}"}}]}}"#)), "").unwrap()
}

fn submitted(text: &str) -> Object {
    let mut out = Object::new();
    out.set("v", text);
    out
}

/// The values of the vectors, with their types and whether they are taken.
fn vectors() -> Vec<(String, String, bool)> {
    let read = |row: serde_json::Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let many = text("many").repeat(row["times"].as_u64().unwrap_or(0).try_into().unwrap());
        (text("type"), many + &text("value"), row["taken"].as_bool().unwrap())
    };
    rows("form_values.json", "values").into_iter().map(read).collect()
}

#[test]
fn a_field_takes_what_the_vectors_say() {
    for (kind, text, taken) in vectors() {
        let checked = one(&kind).check(&submitted(&text), &Object::new());
        assert_eq!(checked.faults.is_empty(), taken, "{kind} {text:?}");
        let kept = checked.form.get("v").and_then(Value::as_str);
        assert_eq!(kept, taken.then_some(text.as_str()), "{kind} {text:?}: kept as it was typed");
    }
}

/// What a form claim, a profile without a mapping, and every way of a mapping to read it prefill.
fn prefills(raw: &Value, fields: &Fields) -> Vec<Prefill> {
    let mut profile = Object::new();
    profile.set("v", raw.clone());
    let ways = ["text", "boolean", "date", "country", "phone"]
        .map(|way| mapping(&format!(r#"{{"v":{{"from":"v","as":"{way}"}}}}"#)));
    let ways: Vec<_> = ways.into_iter().chain([Mapping::default(), mapping(r#"{"v":"v"}"#)]).collect();
    let mapped = ways.iter().map(|rules| map_profile(&profile, rules, Some(fields)));
    let mut claim = Prefill::default();
    claim.add_form(&profile, Some(fields));
    mapped.chain([claim]).collect()
}

#[test]
fn what_is_prefilled_and_left_as_it_is_is_always_taken() {
    let known = vectors().into_iter().map(|(_, text, _)| Value::from(text));
    let others = [
        r#"true"#,
        "0",
        "1985",
        "1e3",
        r#""2000-12-24T23:59:00+05:00""#,
        r#"" BE ""#,
        r#""be""#,
        r#""\ufeffan@b\ufeff""#,
        r#"" x\n""#,
    ];
    let mut seed = 7;
    let scrambled = (0..6_000).map(|_| Value::from(scramble(&mut seed)));
    let mut filled = [0; TYPES.len()];
    for raw in known.chain(others.map(value)).chain(scrambled) {
        for (place, kind) in TYPES.iter().enumerate() {
            let fields = one(kind);
            for prefill in prefills(&raw, &fields) {
                let checked = fields.check(&prefill.form, &Object::new());
                assert_eq!(checked.faults, [], "{kind} {:?} of {raw:?}", prefill.form.get("v"));
                filled[place] += usize::from(prefill.form.get("v").is_some());
            }
        }
    }
    assert!(filled.iter().all(|count| *count > 40), "each type is prefilled now and then: {filled:?}");
}

#[test]
fn each_refused_value_has_its_reason_and_a_locked_one_is_not_asked_for() {
    let form = object(
        r#"{"email":"  ","firstname":7,"phone":"12","birthdate":"2026-02-30","country":"be","adult":"maybe","plain":"a\u0007"}"#,
    );
    let reasons = |form: &Object, locked: &Object| -> Vec<String> {
        campaign()
            .check(form, locked)
            .faults
            .iter()
            .map(|(name, reason)| format!("{name} {reason}"))
            .collect()
    };
    assert_eq!(
        reasons(&form, &Object::new()),
        [
            "email required",
            "firstname text",
            "phone tel",
            "birthdate date",
            "country country",
            "adult checkbox",
            "plain characters"
        ]
    );
    let locked = object(
        r#"{"email":"an@example.org","firstname":"","phone":"112","birthdate":"","country":"","adult":"","plain":""}"#,
    );
    assert_eq!(reasons(&form, &locked), [""; 0]);

    let required =
        Fields::parse(&value(r#"{"fields":[{"name":"v","type":"checkbox","required":true}]}"#), "").unwrap();
    for (submitted, fault) in [
        ("true", None),
        ("false", Some("required")),
        (r#""true""#, None),
        (r#""false""#, Some("required")),
        ("null", Some("required")),
    ] {
        let checked = required.check(&object(&format!(r#"{{"v":{submitted}}}"#)), &Object::new());
        assert_eq!(checked.faults.first().map(|(_, reason)| *reason), fault, "{submitted}");
    }
    let checked = one("text").check(&submitted(" An "), &Object::new());
    assert_eq!(Value::from(checked.to_json()).to_text(), r#"{"form":{"v":"An"},"faults":[]}"#);
}

/// A form with a list, a number within bounds, and a field that is never shown.
fn particular() -> Fields {
    let fields = r#"{"fields":[
        {"name":"size","type":"select","choices":[{"id":"s"},{"id":"l"}]},
        {"name":"age","type":"number","min":-1,"max":120},
        {"name":"segment","type":"hidden"}]}"#;
    Fields::parse(&value(fields), "").unwrap()
}

#[test]
fn a_choice_and_a_number_are_held_to_the_field() {
    for (form, faults) in [
        (r#"{"size":"s","age":"120"}"#, &[][..]),
        (r#"{"size":"l","age":"-1"}"#, &[]),
        (r#"{"size":"S","age":"-1.5"}"#, &[("size", "select"), ("age", "range")]),
        (r#"{"size":"","age":"120.000001"}"#, &[("age", "range")]),
        (r#"{"size":"m","age":"many"}"#, &[("size", "select"), ("age", "number")]),
    ] {
        let checked = particular().check(&object(form), &Object::new());
        let found: Vec<_> = checked.faults.iter().map(|(name, reason)| (name.as_str(), *reason)).collect();
        assert_eq!(found, faults, "{form}");
    }
}

#[test]
fn a_profile_fills_only_what_fits_and_locks_what_is_never_shown() {
    let profile = object(r#"{"size":"xl","age":121,"segment":"gold"}"#);
    let prefill = map_profile(&profile, &Mapping::default(), Some(&particular()));
    assert_eq!(prefill.form, object(r#"{"segment":"gold"}"#));
    assert_eq!(prefill.locked, ["segment"]);
    let ignored: Vec<_> = prefill.ignored.iter().map(|one| (one.name.as_str(), one.reason)).collect();
    assert_eq!(ignored, [("size", Unfit::NotAChoice), ("age", Unfit::OutOfRange)]);
    let other = map_profile(&object(r#"{"age":"a lot"}"#), &Mapping::default(), Some(&particular()));
    assert_eq!(other.ignored[0].reason, Unfit::NotANumber);
    // Nobody can submit what is never shown.
    let checked = particular().check(&object(r#"{"segment":"platinum"}"#), &Object::new());
    assert_eq!((checked.form, checked.faults.len()), (Object::new(), 0));
}
