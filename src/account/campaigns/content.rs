//! The content of a campaign: questions, form fields, opt-ins and texts, per language.

use super::{
    consent,
    localised::{is_language, localised, required_localised},
};
use crate::{
    account::reading::{FaultReason, MemberReader, is_name, shown},
    json::{Object, Value},
    profile::fields::FieldType,
};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

/// Largest number that a field may have as its bound: numbers of a form have 15 digits.
const MOST_NUMBER: i64 = 999_999_999_999_999;
/// Longest name of a field, opt-in, question or choice, characters.
const NAME_CHARACTERS: usize = 64;

/// A name that must be there and differ from those before it.
fn unique_name<'a>(members: &MemberReader<'a>, member: &str, seen: &mut Vec<&'a str>) -> &'a str {
    let Some(name) = members.required_text(member, NAME_CHARACTERS) else { return "" };
    if !is_name(name, NAME_CHARACTERS, "_-") {
        let reason = FaultReason::new("name", [("most", NAME_CHARACTERS.to_string())]);
        let message = format!("`{member}` must have 1 to {NAME_CHARACTERS} letters, digits, _ or -.");
        members.because(member, reason, message);
    } else if seen.contains(&name) {
        let reason = FaultReason::new("twice", [("name", name.into())]);
        members.because(member, reason, format!("\"{name}\" is used twice."));
    }
    seen.push(name);
    name
}

/// Most choices of a question, and of a field.
const CHOICES: usize = 20;
const FIELD_CHOICES: usize = 300;

/// Returns the questions: `{ id, text, choices: [{ id, text }], right? }`.
pub fn questions(campaign: &MemberReader<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for (path, value) in campaign.list("questions", 0, 50).into_iter().flatten() {
        let Some(question) =
            MemberReader::open(value, &path, &["id", "text", "choices", "right"], campaign.faults())
        else {
            continue;
        };
        let mut normal = Object::new();
        normal.set("id", unique_name(&question, "id", &mut seen));
        normal.set("text", required_localised(&question, "text"));
        let choices = choices(&question, 2..=CHOICES);
        if let Some(right) = question.text("right", NAME_CHARACTERS) {
            normal.set_some("right", chosen(&question, "right", right, &choices));
        }
        normal.set("choices", choices);
        out.push(normal.into());
    }
    out
}

/// Returns the choice of that name, which must be there.
fn chosen<'a>(members: &MemberReader<'_>, member: &str, name: &'a str, choices: &[Value]) -> Option<&'a str> {
    let is_there = choices.iter().any(|choice| choice.pointer("/id").and_then(Value::as_str) == Some(name));
    if !is_there {
        members.because(
            member,
            FaultReason::new("choice", []),
            format!("`{member}` must be the id of one of the choices, not \"{}\".", shown(name)),
        );
    }
    is_there.then_some(name)
}

fn choices(question: &MemberReader<'_>, many: core::ops::RangeInclusive<usize>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    let _ = question.required("choices");
    for (path, value) in question.list("choices", *many.start(), *many.end()).into_iter().flatten() {
        let Some(choice) = MemberReader::open(value, &path, &["id", "text"], question.faults()) else {
            continue;
        };
        let mut normal = Object::new();
        normal.set("id", unique_name(&choice, "id", &mut seen));
        normal.set("text", required_localised(&choice, "text"));
        out.push(normal.into());
    }
    out
}

/// Returns the form's fields: `{ name, type, required, label, choices?, min?, max? }`.
pub fn fields(campaign: &MemberReader<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for (path, value) in campaign.list("fields", 0, 50).into_iter().flatten() {
        let known = ["name", "type", "required", "label", "choices", "min", "max"];
        let Some(field) = MemberReader::open(value, &path, &known, campaign.faults()) else { continue };
        let mut normal = Object::new();
        normal.set("name", unique_name(&field, "name", &mut seen));
        let kind = field.choice("type", &FieldType::NAMES.map(|(name, _)| name)).unwrap_or("text");
        normal.set("type", kind);
        let required = field.flag("required").unwrap_or(false);
        if required && kind == "hidden" {
            field.because(
                "required",
                FaultReason::new("hidden", []),
                "`type` is \"hidden\", so nobody can fill the field: remove `required`.",
            );
        }
        normal.set("required", required);
        particulars(&field, kind, &mut normal);
        normal.set("label", localised(&field, "label"));
        out.push(normal.into());
    }
    out
}

/// Reads the settings that one type alone has: the choices of a select, the range of a number.
fn particulars(field: &MemberReader<'_>, kind: &str, out: &mut Object) {
    for (name, owner) in [("choices", "select"), ("min", "number"), ("max", "number")] {
        if kind != owner && field.get(name).is_some() {
            let reason = FaultReason::new("type", [("type", owner.into())]);
            field.because(name, reason, format!("`{name}` is for fields whose `type` is \"{owner}\"."));
        }
    }
    match kind {
        "select" => out.set("choices", choices(field, 1..=FIELD_CHOICES)),
        "number" => {
            let bound = |name| field.number(name, -MOST_NUMBER..=MOST_NUMBER);
            let (least, most) = (bound("min"), bound("max"));
            if least.zip(most).is_some_and(|(least, most)| least > most) {
                field.because("max", FaultReason::new("range", []), "`max` is smaller than `min`.");
            }
            out.set_some("min", least);
            out.set_some("max", most);
        }
        _ => {}
    }
}

/// Returns the opt-ins: `{ name, required, wording, links? }`. The wording is what a person agrees to, so it must be there.
pub fn optins(campaign: &MemberReader<'_>, development: bool) -> Vec<Value> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for (path, value) in campaign.list("optins", 0, 20).into_iter().flatten() {
        let known = ["name", "required", "wording", "links"];
        let Some(optin) = MemberReader::open(value, &path, &known, campaign.faults()) else { continue };
        let mut normal = Object::new();
        normal.set("name", unique_name(&optin, "name", &mut seen));
        normal.set("required", optin.flag("required").unwrap_or(false));
        let wording = required_localised(&optin, "wording");
        normal.set_some("links", consent::links(&optin, &wording, development));
        normal.set("wording", wording);
        out.push(normal.into());
    }
    out
}

/// Returns the languages of a campaign: as listed, else those of its title, else English.
pub fn languages(campaign: &MemberReader<'_>, title: &Object) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (path, value) in campaign.list("languages", 1, 30).into_iter().flatten() {
        match value.as_str() {
            Some(tag) if is_language(tag) && !out.iter().any(|known| known == tag) => {
                out.push(tag.to_owned())
            }
            Some(tag) if is_language(tag) => {
                campaign.faults().invalid(&path, format!("\"{tag}\" is listed twice."))
            }
            _ => campaign.faults().invalid(&path, "A language must be a tag such as en, fr or fr-BE."),
        }
    }
    if out.is_empty() {
        out.extend(title.iter().map(|(language, _)| language.to_owned()));
    }
    if out.is_empty() {
        out.push("en".to_owned());
    }
    out
}
