//! The secrets of an account: a document names them, `{ "secret": "NAME" }`, and the host keeps them.

use super::{
    fault::Faults,
    reader::{MemberReader, is_name},
};
use crate::{
    Code, Error, Result,
    json::{Object, Value},
};
use alloc::{borrow::ToOwned, format, string::String};

/// The secrets of one account, by name.
pub struct Secrets<'a>(pub &'a Object);

impl<'a> Secrets<'a> {
    /// Returns the secret that a reference `{ "secret": "NAME" }` stands for.
    ///
    /// # Errors
    /// `secret_unknown`, with the name that is missing.
    pub fn resolve(&self, reference: &Value, place: &str) -> Result<&'a str> {
        let name = reference.pointer("/secret").and_then(Value::as_str).unwrap_or_default();
        self.named(name, place)
    }

    /// Returns the secret of that name.
    ///
    /// # Errors
    /// `secret_unknown`, with the name that is missing.
    pub fn named(&self, name: &str, place: &str) -> Result<&'a str> {
        let secret = self.0.get(name).and_then(Value::as_str);
        secret.ok_or_else(|| Error::new(Code::SecretUnknown).at(place).expected(format!("the secret {name}")))
    }
}

/// `{ "secret": "NAME" }`
pub(super) fn secret_reference(name: &str) -> Object {
    let mut out = Object::new();
    out.set("secret", name);
    out
}

/// Reads `{ "secret": "NAME" }` and gives the name.
pub(super) fn read_secret_reference(value: &Value, path: &str, faults: &Faults) -> Option<String> {
    let reference = MemberReader::open(value, path, &["secret"], faults)?;
    let name = reference.required_text("secret", 64)?;
    if !is_name(name, 64, "_-.") {
        reference.invalid("secret", "The name of a secret must have 1 to 64 letters, digits, _, - or dots.");
        return None;
    }
    Some(name.to_owned())
}
