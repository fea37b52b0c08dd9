//! Profiles, mappings and a campaign's fields from their texts, for the tests of both.
#![allow(dead_code)] // Each test file uses its part.
#![allow(clippy::unwrap_used)] // A test may stop.

use handstamp::{
    json::{Object, Value},
    profile::{Fields, Mapping, Prefill},
};

pub fn value(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap()
}

pub fn object(text: &str) -> Object {
    Value::parse_object(text.as_bytes()).unwrap()
}

pub fn mapping(text: &str) -> Mapping {
    Mapping::parse(&value(text), "/mapping").unwrap()
}

pub fn outcome(prefill: &Prefill, name: &str) -> Result<String, String> {
    match prefill.form.get(name).or_else(|| prefill.optin.get(name)) {
        Some(found) => Ok(found.as_str().map_or_else(|| found.to_text(), String::from)),
        None => Err(prefill.ignored.first().map_or("absent", |ignored| ignored.reason.as_str()).into()),
    }
}

pub fn campaign() -> Fields {
    let text = r#"{"fields":[{"name":"email","type":"email","required":true,"label":{"en":"E-mail"}},
        {"name":"firstname","type":"text"},{"name":"phone","type":"tel"},{"name":"birthdate","type":"date"},
        {"name":"country","type":"country"},{"name":"adult","type":"checkbox"},{"name":"plain"}],
        "optins":[{"name":"news","wording":{"en":"Send me news"}}]}"#;
    Fields::parse(&value(text), "/campaign").unwrap()
}
