//! The secrets of an account: a document names them, `{ "secret": "NAME" }`, and the host keeps them, each for the
//! purposes that it was stored for.

use super::secret_places::SecretPurpose;
use crate::{
    Code, Error, Result,
    account::reading::{Faults, MemberReader, is_name},
    json::{Object, Value},
};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// The secrets of one account, by name: `{ value, purposes }`, or a string that serves every purpose, from a host that
/// does not tell purposes apart.
pub struct Secrets<'a>(pub &'a Object);

impl<'a> Secrets<'a> {
    /// Returns the secret that a reference `{ "secret": "NAME" }` stands for, if it may be used so.
    ///
    /// # Errors
    /// `secret_unknown`, with the name that is missing; `secret_purpose`.
    pub fn resolve(&self, reference: &Value, purpose: SecretPurpose, place: &str) -> Result<&'a str> {
        let name = reference.pointer("/secret").and_then(Value::as_str).unwrap_or_default();
        self.named(name, purpose, place)
    }

    /// Returns the secret of that name, if it may be used so.
    ///
    /// # Errors
    /// `secret_unknown`, with the name that is missing; `secret_purpose`.
    pub fn named(&self, name: &str, purpose: SecretPurpose, place: &str) -> Result<&'a str> {
        let missing = || Error::new(Code::SecretUnknown).at(place).expected(format!("the secret {name}"));
        match self.0.get(name) {
            Some(Value::String(value)) => Ok(value),
            Some(Value::Object(stored)) => {
                let value = stored.get("value").and_then(Value::as_str).ok_or_else(missing)?;
                let purposes = stored.get("purposes").and_then(Value::as_array).unwrap_or_default();
                let purposes: Vec<&str> = purposes.iter().filter_map(Value::as_str).collect();
                if purposes.contains(&purpose.as_str()) {
                    return Ok(value);
                }
                let got = if purposes.is_empty() { "none".to_owned() } else { purposes.join(" and ") };
                Err(Error::new(Code::SecretPurpose).at(place).expected(purpose.as_str()).got(got))
            }
            _ => Err(missing()),
        }
    }
}

/// `{ "secret": "NAME" }`
pub(in crate::account) fn secret_reference(name: &str) -> Object {
    let mut out = Object::new();
    out.set("secret", name);
    out
}

/// Reads `{ "secret": "NAME" }` and gives the name.
pub(in crate::account) fn read_secret_reference(
    value: &Value,
    path: &str,
    faults: &Faults,
) -> Option<String> {
    let reference = MemberReader::open(value, path, &["secret"], faults)?;
    let name = reference.required_text("secret", 64)?;
    if !is_name(name, 64, "_-.") {
        reference.invalid("secret", "The name of a secret must have 1 to 64 letters, digits, _, - or dots.");
        return None;
    }
    Some(name.to_owned())
}
