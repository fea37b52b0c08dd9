//! Texts by language, as a document has them: `{ "en": "…" }`.

use crate::{account::reading::MemberReader, json::Object};
use alloc::format;

/// Longest text in one language, characters.
pub const TEXT_CHARACTERS: usize = 2000;

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
pub fn required_localised(members: &MemberReader<'_>, name: &str) -> Object {
    let before = members.faults().len();
    let out = members.required(name).map(|_| localised(members, name)).unwrap_or_default();
    if out.is_empty() && members.faults().len() == before {
        members.invalid(name, format!("`{name}` must have a string in at least one language."));
    }
    out
}
