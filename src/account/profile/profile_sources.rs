//! The settings that point into the profile: where the person's limit stands, and what texts may name.

use crate::{
    account::reading::{MemberReader, is_name},
    json::Object,
    profile::source::Source,
    profile_limit::ProfileLimit,
};
use alloc::format;

/// Most names that texts may use.
const CUSTOM: usize = 32;

/// Reads the sources of a limit, `nb` and `canPlay`, from the member of that name.
pub fn limit(members: &MemberReader<'_>, name: &str) -> Option<Object> {
    let value = members.get(name)?;
    let limit = MemberReader::open(value, &members.path(name), &ProfileLimit::NAMES, members.faults())?;
    let mut out = Object::new();
    for name in ProfileLimit::NAMES {
        set_source(&limit, name, &mut out);
    }
    if value.as_object().is_some_and(Object::is_empty) {
        members.invalid(name, "Give a source for `nb`, `canPlay` or both.");
    }
    Some(out)
}

/// Reads `custom`: a source for each name that texts may use as `{custom.name}`.
pub fn custom(oauth: &MemberReader<'_>) -> Object {
    let mut out = Object::new();
    let Some(value) = oauth.get("custom") else { return out };
    let Some(custom) = MemberReader::open_any(value, &oauth.path("custom"), oauth.faults()) else {
        return out;
    };
    for (name, _) in custom.iter() {
        if is_name(name, 64, "_-") {
            set_source(&custom, name, &mut out);
        } else {
            custom.invalid(name, "A name must have 1 to 64 letters, digits, _ or -.");
        }
    }
    if out.len() > CUSTOM {
        oauth.invalid("custom", format!("There are more than {CUSTOM} names."));
    }
    out
}

fn set_source(members: &MemberReader<'_>, name: &str, out: &mut Object) {
    let Some(text) = members.text(name, 256) else { return };
    match Source::parse(text, &members.path(name)) {
        Ok(_) => out.set(name, text),
        Err(error) => members.faults().refused(&members.path(name), &error),
    }
}
