//! A limit that the customer keeps in the profile: which variables hold it, the document says. It is judged at the
//! form step, like the limit of a token before the first one.

use crate::{
    Code, Error, Result,
    account::OAuth,
    json::{Object, Value},
    participation::Limit,
    profile::source::Source,
};
use alloc::{format, string::String};

/// Reads the limit of who signed in. A variable that the profile does not have sets no limit, as in a token; one that
/// is there must be usable, as nobody is let in by a slip. Profiles often hold numbers and yes or no as text.
///
/// # Errors
/// `profile_limit_invalid`, with the variable's place.
pub fn read(settings: &OAuth, profile: &Object) -> Result<Option<Limit>> {
    let find = |name: &str, expected: &str| -> Result<Option<(Value, Error)>> {
        let Some(source) = settings.limit.get(name).and_then(Value::as_str) else { return Ok(None) };
        let source = Source::parse(source, &format!("/oauth/limit/{name}"))?;
        let value = source.find(profile).filter(|value| **value != Value::Null);
        let fault = |value: &Value| {
            let place = format!("profile{}", source.pointer());
            Error::new(Code::ProfileLimitInvalid).at(place).expected(expected).got(value.kind())
        };
        Ok(value.map(|value| (value.clone(), fault(value))))
    };
    let nb = match find("nb", "a whole number of 0 or more")? {
        Some((value, fault)) => Some(number(&value).ok_or(fault)?),
        None => None,
    };
    let can_play = match find("canPlay", "true or false")? {
        Some((value, fault)) => Some(flag(&value).ok_or(fault)?),
        None => None,
    };
    let limit = Limit { nb, can_play };
    Ok((limit != Limit::default()).then_some(limit))
}

/// Returns the profile values that the campaign's texts may insert: strings and numbers, by the document's names.
pub fn custom(settings: &OAuth, profile: &Object) -> Result<Option<Object>> {
    let mut out = Object::new();
    for (name, source) in settings.custom.iter() {
        let source = Source::parse(source.as_str().unwrap_or_default(), &format!("/oauth/custom/{name}"))?;
        if let Some(value @ (Value::String(_) | Value::Number(_))) = source.find(profile) {
            out.set(name, value.clone());
        }
    }
    Ok((!out.is_empty()).then_some(out))
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => digits(text),
        other => other.as_i64().and_then(|number| u64::try_from(number).ok()),
    }
}

/// At most nine digits and nothing else: `+1`, ` 1` and a telephone number are not counts.
fn digits(text: &str) -> Option<u64> {
    let plain: String = text.chars().filter(char::is_ascii_digit).collect();
    (plain == text && (1..=9).contains(&text.len())).then(|| text.parse().ok()).flatten()
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::String(text) if text == "true" => Some(true),
        Value::String(text) if text == "false" => Some(false),
        other => other.as_bool(),
    }
}
