//! The content of a campaign: questions, form fields, opt-ins and texts, per language.

use super::reader::{MemberReader, is_name};
use crate::json::{Object, Value};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

const FIELD_TYPES: [&str; 6] = ["text", "email", "tel", "date", "country", "checkbox"];
/// Longest text in one language, characters.
pub const TEXT_CHARACTERS: usize = 2000;
/// Longest name of a field, opt-in, question or choice, characters.
const NAME_CHARACTERS: usize = 64;

/// Checks whether a text is a language tag as campaigns use them (RFC 5646): `en`, `fr-BE`, `zh-Hant`.
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.clone().count() <= 2
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Reads a string in one or more languages, `{ "en": "…" }`.
pub fn localised(members: &MemberReader<'_>, name: &str) -> Object {
    let mut out = Object::new();
    let Some(value) = members.get(name) else { return out };
    let Some(texts) = MemberReader::open_any(value, &members.path(name), members.faults()) else {
        return out;
    };
    for (language, _) in texts.iter() {
        if !is_language(language) {
            texts.invalid(language, "A language must be a tag such as en, fr or fr-BE.");
        } else if let Some(text) = texts.text(language, TEXT_CHARACTERS) {
            out.set(language, text);
        }
    }
    out
}

/// A text that must be there in at least one language.
fn required_localised(members: &MemberReader<'_>, name: &str) -> Object {
    let before = members.faults().len();
    let out = members.required(name).map(|_| localised(members, name)).unwrap_or_default();
    if out.is_empty() && members.faults().len() == before {
        members.invalid(name, format!("`{name}` must have a string in at least one language."));
    }
    out
}

/// A name that must be there and differ from those before it.
fn unique_name<'a>(members: &MemberReader<'a>, member: &str, seen: &mut Vec<&'a str>) -> &'a str {
    let Some(name) = members.required_text(member, NAME_CHARACTERS) else { return "" };
    if !is_name(name, NAME_CHARACTERS, "_-") {
        members
            .invalid(member, format!("`{member}` must have 1 to {NAME_CHARACTERS} letters, digits, _ or -."));
    } else if seen.contains(&name) {
        members.invalid(member, format!("\"{name}\" is used twice."));
    }
    seen.push(name);
    name
}

/// Returns the questions: `{ id, text, choices: [{ id, text }] }`.
pub fn questions(campaign: &MemberReader<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for (path, value) in campaign.list("questions", 0, 50).into_iter().flatten() {
        let Some(question) = MemberReader::open(value, &path, &["id", "text", "choices"], campaign.faults())
        else {
            continue;
        };
        let mut normal = Object::new();
        normal.set("id", unique_name(&question, "id", &mut seen));
        normal.set("text", required_localised(&question, "text"));
        normal.set("choices", choices(&question));
        out.push(normal.into());
    }
    out
}

fn choices(question: &MemberReader<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    let _ = question.required("choices");
    for (path, value) in question.list("choices", 2, 20).into_iter().flatten() {
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

/// Returns the form's fields: `{ name, type, required, label }`.
pub fn fields(campaign: &MemberReader<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for (path, value) in campaign.list("fields", 0, 50).into_iter().flatten() {
        let known = ["name", "type", "required", "label"];
        let Some(field) = MemberReader::open(value, &path, &known, campaign.faults()) else { continue };
        let mut normal = Object::new();
        normal.set("name", unique_name(&field, "name", &mut seen));
        normal.set("type", field.choice("type", &FIELD_TYPES).unwrap_or("text"));
        normal.set("required", field.flag("required").unwrap_or(false));
        normal.set("label", localised(&field, "label"));
        out.push(normal.into());
    }
    out
}

/// Returns the opt-ins: `{ name, required, wording }`. The wording is what a person agrees to, so it must be there.
pub fn optins(campaign: &MemberReader<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for (path, value) in campaign.list("optins", 0, 20).into_iter().flatten() {
        let known = ["name", "required", "wording"];
        let Some(optin) = MemberReader::open(value, &path, &known, campaign.faults()) else { continue };
        let mut normal = Object::new();
        normal.set("name", unique_name(&optin, "name", &mut seen));
        normal.set("required", optin.flag("required").unwrap_or(false));
        normal.set("wording", required_localised(&optin, "wording"));
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
