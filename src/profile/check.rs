//! The submitted form against the campaign's fields, and the same rules as data for the page. A value that was prefilled
//! and left as it is always passes: what [`Field::fit`] makes of a text is never refused here.

use super::{
    fields::{Field, FieldType, Fields},
    value::{self, Unfit},
};
use crate::{
    bounds,
    json::{Object, Value},
};
use alloc::{borrow::ToOwned, string::String, vec::Vec};

/// Holds the result of checking the submitted values of a form.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Checked {
    /// The values to keep, by field.
    pub form: Object,
    /// The fields whose value is refused, and why.
    pub faults: Vec<(String, &'static str)>,
}

impl Checked {
    /// `{ form, faults: [{ name, reason }] }`.
    pub fn to_json(&self) -> Object {
        let faults = self.faults.iter().map(|(name, reason)| {
            let mut out = Object::new();
            out.set("name", name.as_str());
            out.set("reason", *reason);
            out
        });
        let mut out = Object::new();
        out.set("form", self.form.clone());
        out.set("faults", faults.collect::<Vec<_>>());
        out
    }
}

impl Fields {
    /// Checks the submitted value of every field that is not locked or hidden: a locked value stands, whatever was submitted,
    /// and one that is never shown is nobody's to submit. Values are kept without white space at their ends; one that is empty is left out.
    pub fn check(&self, submitted: &Object, locked: &Object) -> Checked {
        let mut out = Checked::default();
        let is_asked = |field: &&Field| field.kind != FieldType::Hidden && locked.get(&field.name).is_none();
        for field in self.each().filter(is_asked) {
            match field.read(submitted.get(&field.name)) {
                Ok("") => {}
                Ok(text) => out.form.set(field.name.as_str(), text),
                Err(reason) => out.faults.push((field.name.clone(), reason)),
            }
        }
        out
    }
}

impl Field {
    /// Reads the submitted value; it is empty where nothing was entered.
    fn read<'a>(&self, submitted: Option<&'a Value>) -> Result<&'a str, &'static str> {
        let text = value::trim(submitted.map_or(Ok(""), as_text)?);
        let is_empty = text.is_empty() || (self.kind == FieldType::Checkbox && text == "false");
        match (is_empty, self.required) {
            (true, true) => Err("required"),
            (true, false) => Ok(text),
            (false, _) => self.check(text),
        }
    }

    /// Checks a text that is not empty and has no white space at its ends. A telephone number may be typed with spaces and
    /// the like; any other value stands as the field shows it.
    fn check<'a>(&self, text: &'a str) -> Result<&'a str, &'static str> {
        let plain = value::text(&Value::String(text.to_owned())).map_err(|_| "too_long")?;
        if plain.remark == Some(Unfit::CharactersRemoved) {
            return Err("characters");
        }
        match self.fit(plain) {
            Ok(fitted) if self.kind == FieldType::Tel || fitted.text == text => Ok(text),
            Err(Unfit::OutOfRange) => Err("range"),
            _ => Err(self.kind.as_str()),
        }
    }
}

/// The text of a submitted value; a box that was ticked may come as a boolean.
fn as_text(value: &Value) -> Result<&str, &'static str> {
    match value {
        Value::String(text) => Ok(text),
        Value::Null => Ok(""),
        Value::Bool(true) => Ok("true"),
        Value::Bool(false) => Ok("false"),
        _ => Err("text"),
    }
}

impl FieldType {
    /// The name in an account document.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("text", |(name, _)| name)
    }

    /// The whole of what [`Fields::check`] accepts, as a regular expression of JavaScript (flag `u`).
    const fn pattern(self) -> Option<&'static str> {
        match self {
            // The choices and the range are the field's own.
            Self::Text | Self::Hidden | Self::Select => None,
            Self::Number => Some(r"-?\d{1,15}(?:\.\d{1,6})?"),
            Self::Checkbox => Some("true|false"),
            Self::Country => Some("[A-Z]{2}"),
            // A day of the calendar: 31, 30 or 28 of a month, or the 29th of February of a leap year.
            Self::Date => Some(concat!(
                r"(?!0000)(?:\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))",
                r"|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)",
            )),
            Self::Email => Some(r#"(?=.{1,254}$)[^\s@<>,;"]+@[^\s@<>,;".]+(?:\.[^\s@<>,;".]+)*"#),
            // The `(0)` after a country code is dropped, so it is one digit more.
            Self::Tel => Some(concat!(
                r"\+(?=.*\(0\))[ \u00a0.\/()\-]*(?:\d[ \u00a0.\/()\-]*){4,21}",
                r"|(?:\+(?!.*\(0\)))?[ \u00a0.\/()\-]*(?:\d[ \u00a0.\/()\-]*){3,20}",
            )),
        }
    }
}

/// The rules for a page that checks values before it submits them: `{ characters, longest, patterns: { [type] } }`. A
/// value without white space at its ends must match `characters` and its type's pattern as a whole, and have at most
/// `longest` characters.
pub fn rules() -> Object {
    let mut patterns = Object::new();
    for (name, kind) in FieldType::NAMES {
        patterns.set_some(name, kind.pattern());
    }
    let mut out = Object::new();
    out.set("characters", r"[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*");
    out.set_some("longest", i64::try_from(bounds::VALUE_CHARACTERS).ok());
    out.set("patterns", patterns);
    out
}
