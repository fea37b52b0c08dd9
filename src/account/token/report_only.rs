//! The checks of the secure token that an account has chosen but does not enforce yet: a token that fails one of them
//! is admitted and counted. Only what goes beyond the documented minimum can be on the list, so that no token that
//! must be refused ever gets in by it.

use crate::{
    account::reading::MemberReader,
    json::{Object, Value},
};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// The member of a document that lists the checks.
pub const MEMBER: &str = "reportOnly";
/// A check, the setting that demands it, and what that setting says then; nothing for any text.
const CHECKS: [(&str, Option<&str>); 3] =
    [("expiry", Some("required")), ("audience", None), ("encryption", Some("require"))];

/// Reads the list; `out` holds the settings in normal form.
pub fn read(settings: &MemberReader<'_>, out: &Object) -> Option<Vec<String>> {
    settings.get(MEMBER)?;
    let mut listed: Vec<String> = Vec::new();
    for (path, value) in settings.list(MEMBER, 0, CHECKS.len()).into_iter().flatten() {
        let known = value.as_str().and_then(|name| CHECKS.into_iter().find(|(check, _)| *check == name));
        let Some((name, demanded)) = known else {
            let names: Vec<&str> = CHECKS.into_iter().map(|(name, _)| name).collect();
            settings.faults().invalid(&path, format!("A check must be one of {}.", names.join(", ")));
            continue;
        };
        let setting = out.get(name);
        if setting.is_none() || demanded.is_some_and(|word| setting.and_then(Value::as_str) != Some(word)) {
            let wanted = demanded.map_or_else(String::new, |word| format!(" as \"{word}\""));
            settings
                .faults()
                .invalid(&path, format!("`{name}` is not required{wanted}, so there is nothing to report; remove it here or require it."));
        }
        if listed.iter().any(|other| other == name) {
            settings.faults().invalid(&path, format!("\"{name}\" is listed twice."));
        }
        listed.push(name.to_owned());
    }
    Some(listed)
}
