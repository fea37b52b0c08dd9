//! One object of a document, read member by member. Unknown names are reported at once, and every member
//! that is read is checked for its type; nothing stops at the first fault.

use super::fault::{FaultReason, Faults, shown};
use crate::json::{
    Object, Value,
    members::{nearest, pointer},
};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

/// An object of the document and where it stands.
pub struct MemberReader<'a> {
    object: &'a Object,
    path: String,
    faults: &'a Faults,
}

impl<'a> MemberReader<'a> {
    /// Begins to read `value`, which must be an object with no other names than `known`.
    pub fn open(value: &'a Value, path: &str, known: &[&str], faults: &'a Faults) -> Option<Self> {
        let members = Self::open_any(value, path, faults)?;
        for (name, _) in members.object.iter().filter(|(name, _)| !known.contains(name)) {
            faults.unknown(&pointer(path, name), "setting", name, known);
        }
        Some(members)
    }

    /// Begins to read `value`, which must be an object whose names are data.
    pub fn open_any(value: &'a Value, path: &str, faults: &'a Faults) -> Option<Self> {
        let Some(object) = value.as_object() else {
            faults.invalid(path, format!("This must be an object, not {}.", value.kind()));
            return None;
        };
        Some(Self { object, path: path.to_owned(), faults })
    }

    /// Returns where a member stands.
    pub fn path(&self, name: &str) -> String {
        pointer(&self.path, name)
    }

    /// Returns the shared list of faults.
    pub const fn faults(&self) -> &'a Faults {
        self.faults
    }

    /// Notes that a member is not valid.
    pub fn invalid(&self, name: &str, message: impl Into<String>) {
        self.faults.invalid(&self.path(name), message);
    }

    /// Notes that a member is not valid, for a reason that pages say themselves.
    pub fn because(&self, name: &str, reason: FaultReason, message: impl Into<String>) {
        self.faults.because(&self.path(name), reason, message);
    }

    /// Returns a member as it stands.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name)
    }

    /// Iterates over all members, for an object whose names are data.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.object.iter()
    }

    /// A member of a certain type; any other type is a fault.
    fn typed<T>(&self, name: &str, expected: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.get(name)?;
        let found = read(value);
        if found.is_none() {
            self.invalid(name, format!("`{name}` must be {expected}, not {}.", described(value)));
        }
        found
    }

    /// Reads a string of 1 to `longest` characters without control characters.
    pub fn text(&self, name: &str, longest: usize) -> Option<&'a str> {
        let text = self.typed(name, "a string", Value::as_str)?;
        if !is_line(text, longest) {
            let reason = FaultReason::new("characters", [("most", longest.to_string())]);
            self.because(name, reason, format!("`{name}` must have 1 to {longest} characters, on one line."));
            return None;
        }
        Some(text)
    }

    /// Reads one string or a list of them, as it was written.
    pub fn text_or_list(&self, name: &str, longest: usize, most: usize) -> Option<Value> {
        if !matches!(self.get(name), Some(Value::Array(_))) {
            return self.text(name, longest).map(Value::from);
        }
        let mut out = Vec::new();
        for (path, value) in self.list(name, 1, most)? {
            match value.as_str().filter(|text| is_line(text, longest)) {
                Some(text) => out.push(Value::from(text)),
                None => self.faults().invalid(
                    &path,
                    format!("This must be a string of 1 to {longest} characters, on one line."),
                ),
            }
        }
        Some(Value::from(out))
    }

    /// Reads a string that must be there.
    pub fn required_text(&self, name: &str, longest: usize) -> Option<&'a str> {
        self.required(name)?;
        self.text(name, longest)
    }

    /// Returns a member that must be there.
    pub fn required(&self, name: &str) -> Option<&'a Value> {
        let value = self.get(name);
        if value.is_none() {
            self.invalid(name, format!("`{name}` is missing."));
        }
        value
    }

    /// Reads one of a few words.
    pub fn choice(&self, name: &str, known: &[&'static str]) -> Option<&'static str> {
        let word = self.typed(name, "a string", Value::as_str)?;
        one_of(word, &self.path(name), name, known, self.faults)
    }

    /// Reads `true` or `false`.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.typed(name, "true or false", Value::as_bool)
    }

    /// Reads a whole number within a range.
    pub fn number(&self, name: &str, range: core::ops::RangeInclusive<i64>) -> Option<i64> {
        let value = self.get(name)?;
        let found = value.as_i64().filter(|number| range.contains(number));
        if found.is_none() {
            let (least, most) = (range.start(), range.end());
            let (what, reason) = (described(value), FaultReason::new("number", bounds(least, most)));
            let message = format!("`{name}` must be a whole number from {least} to {most}, not {what}.");
            self.because(name, reason, message);
        }
        found
    }

    /// Reads a list of at most `most` elements, each with its place.
    pub fn list(
        &self,
        name: &str,
        least: usize,
        most: usize,
    ) -> Option<impl Iterator<Item = (String, &'a Value)> + use<'a>> {
        let elements = self.typed(name, "a list", Value::as_array)?;
        if !(least..=most).contains(&elements.len()) {
            let message = format!("`{name}` must have {least} to {most} elements, not {}.", elements.len());
            self.because(name, FaultReason::new("entries", bounds(least, most)), message);
        }
        let path = self.path(name);
        Some(elements.iter().enumerate().map(move |(index, element)| (format!("{path}/{index}"), element)))
    }

    /// Reads a list of words, each one of a few and no word twice.
    pub fn words(&self, name: &str, least: usize, known: &[&'static str]) -> Option<Vec<&'static str>> {
        let mut out = Vec::new();
        for (path, value) in self.list(name, least, known.len())? {
            let Some(word) = value.as_str() else {
                let message = format!("An entry of `{name}` must be one of {}.", known.join(", "));
                self.faults.invalid(&path, message);
                continue;
            };
            let Some(word) = one_of(word, &path, name, known, self.faults) else { continue };
            if out.contains(&word) {
                self.faults.invalid(&path, format!("\"{word}\" is listed twice."));
            } else {
                out.push(word);
            }
        }
        Some(out)
    }

    /// Reads a JSON Pointer (RFC 6901): empty, or beginning with a slash.
    pub fn pointer(&self, name: &str) -> Option<&'a str> {
        let text = self.typed(name, "a JSON Pointer such as /data/id", Value::as_str)?;
        let escapes_are_whole = !text.replace("~0", "").replace("~1", "").contains('~');
        if text.len() > 256 || !(text.is_empty() || text.starts_with('/')) || !escapes_are_whole {
            self.invalid(name, format!("`{name}` must be a JSON Pointer such as /data/id."));
            return None;
        }
        Some(text)
    }
}

/// Reads one of a few words, at any place.
pub fn one_of(
    word: &str,
    path: &str,
    what: &str,
    known: &[&'static str],
    faults: &Faults,
) -> Option<&'static str> {
    let found = known.iter().find(|candidate| **candidate == word).copied();
    if found.is_none() {
        let near = nearest(word, known.iter().copied())
            .map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
        faults.invalid(
            path,
            format!("`{what}` must be one of {}, not \"{}\".{near}", known.join(", "), shown(word)),
        );
    }
    found
}

/// Returns the values of a reason that names the least and the most.
pub fn bounds<T: ToString>(least: T, most: T) -> [(&'static str, String); 2] {
    [("least", least.to_string()), ("most", most.to_string())]
}

/// Checks that a text has something in it, is not too long and is on one line.
fn is_line(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// Checks that a string has 1 to `longest` letters, digits and the marks in `marks`.
pub fn is_name(text: &str, longest: usize, marks: &str) -> bool {
    (1..=longest).contains(&text.len())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || marks.contains(character))
}

/// A value of the wrong type in words; numbers are shown, because they are not secrets.
fn described(value: &Value) -> String {
    match value {
        Value::Number(number) => shown(number.as_text()),
        other => other.kind().to_owned(),
    }
}
