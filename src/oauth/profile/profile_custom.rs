//! The profile values that the campaign's texts may insert, by the document's names.

use crate::{
    Result,
    account::OAuth,
    json::{Object, Value},
    profile::source::Source,
};
use alloc::format;

/// Returns the values that are there: strings and numbers.
///
/// # Errors
/// `settings_invalid` for a source that is not valid.
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
