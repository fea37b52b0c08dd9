//! The faults of a document: all at once, each with its JSON Pointer, code and sentence.

use crate::{
    Code, Error,
    json::{Object, Value, members::nearest},
};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::cell::RefCell;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// JSON Pointer (RFC 6901) to the member that is wrong, missing or unknown.
    pub path: String,
    /// Why.
    pub code: Code,
    /// A sentence for the author of the document. It shows names and types, never the value of a key.
    pub message: String,
    /// The reason as one word, by which a page can say it in the language of its reader.
    pub reason: Option<FaultReason>,
}

/// The reason for which a setting is not valid: a word that stays the same, and the values that belong into its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultReason {
    /// The word, such as `number`.
    pub word: &'static str,
    /// The values by name, such as `least` and `most`.
    pub values: Vec<(&'static str, String)>,
}

impl FaultReason {
    /// Makes a reason of its word and values.
    pub(in crate::account) fn new<const N: usize>(
        word: &'static str,
        values: [(&'static str, String); N],
    ) -> Self {
        Self { word, values: values.into() }
    }
}

impl Fault {
    /// Returns the fault as JSON: `{ path, code, message, reason?, values? }`.
    pub fn to_json(&self) -> Value {
        let mut out = Object::new();
        out.set("path", self.path.as_str());
        out.set("code", self.code.as_str());
        out.set("message", self.message.as_str());
        if let Some(FaultReason { word, values }) = &self.reason {
            out.set("reason", *word);
            let mut named = Object::new();
            values.iter().for_each(|(name, value)| named.set(*name, value.as_str()));
            out.set("values", named);
        }
        out.into()
    }
}

/// The faults found so far. Shared by all readers of one document, so that none stops another.
#[derive(Debug, Default)]
pub struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    /// Notes that a setting is not valid.
    pub fn invalid(&self, path: &str, message: impl Into<String>) {
        self.add(path, Code::SettingsInvalid, message);
    }

    /// Notes that a setting is not valid, for a reason that pages say themselves.
    pub fn because(&self, path: &str, reason: FaultReason, message: impl Into<String>) {
        self.invalid(path, message);
        if let Some(fault) = self.0.borrow_mut().last_mut() {
            fault.reason = Some(reason);
        }
    }

    /// Notes a fault with a code of its own.
    pub fn add(&self, path: &str, code: Code, message: impl Into<String>) {
        let fault = Fault { path: path.to_owned(), code, message: message.into(), reason: None };
        self.0.borrow_mut().push(fault);
    }

    /// Notes a fault in the place of those that were found at the same place before.
    pub fn instead(&self, path: &str, code: Code, message: impl Into<String>) {
        self.0.borrow_mut().retain(|fault| fault.path != path);
        self.add(path, code, message);
    }

    /// Notes a name that is not known, with the nearest one that is.
    pub fn unknown(&self, path: &str, what: &str, name: &str, known: &[&str]) {
        let suggestion = match nearest(name, known.iter().copied()) {
            Some(near) => format!("Did you mean \"{near}\"?"),
            None if known.is_empty() => "This object has no settings.".to_owned(),
            None => format!("Use one of {}.", known.join(", ")),
        };
        self.add(
            path,
            Code::SettingsUnknown,
            format!("There is no {what} \"{}\". {suggestion}", shown(name)),
        );
    }

    /// Notes the refusal of an inner stage, whose place is already a pointer into the document or is
    /// relative to `path`.
    pub fn refused(&self, path: &str, error: &Error) {
        let at = error.detail().and_then(|detail| detail.at.as_deref()).unwrap_or_default();
        let place = match at {
            inner if inner.starts_with(path) => inner.to_owned(),
            inner if inner.starts_with('/') => format!("{path}{inner}"),
            _ => path.to_owned(),
        };
        // The place stands in the path already.
        let mut sentence = Error::new(error.code());
        if let Some(expected) = error.detail().and_then(|detail| detail.expected.as_deref()) {
            sentence = sentence.expected(expected);
        }
        if let Some(got) = error.detail().and_then(|detail| detail.got.as_deref()) {
            sentence = sentence.got(got);
        }
        self.add(&place, error.code(), sentence.to_string());
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Checks whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Returns the faults in the order found.
    pub fn into_vec(self) -> Vec<Fault> {
        self.0.into_inner()
    }
}

/// Prepares a name for a sentence: cut, and without anything that could break a line.
pub fn shown(name: &str) -> String {
    const LONGEST: usize = 40;
    let mut out: String = name.chars().filter(|character| !character.is_control()).take(LONGEST).collect();
    if name.chars().count() > LONGEST {
        out.push('…');
    }
    out
}
