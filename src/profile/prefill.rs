//! The prefilled form: what is known, what cannot be changed, and what was left out and why.

use super::{
    fields::Fields,
    value::{self, Text, Unfit},
};
use crate::json::{
    Object, Value,
    members::{Members, invalid},
};
use alloc::{string::String, vec::Vec};

/// The values with which a campaign's form is prefilled. The first usable value of a name stands; later ones do not
/// replace it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Prefill {
    /// Field names and their texts.
    pub form: Object,
    /// Opt-in names and whether consent was given already. They never tick a new consent.
    pub optin: Object,
    /// Names whose value the participant cannot change.
    pub locked: Vec<String>,
    /// The values that were left out, in whole or in part.
    pub ignored: Vec<Ignored>,
}

/// A name whose value was left out, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ignored {
    /// The field or opt-in.
    pub name: String,
    /// Why.
    pub reason: Unfit,
}

impl Prefill {
    /// Returns the values that the participant cannot change, by name.
    pub(crate) fn locked_values(&self) -> Object {
        let mut out = Object::new();
        for name in &self.locked {
            let value = self.form.get(name).or_else(|| self.optin.get(name));
            out.set_some(name.as_str(), value.cloned());
        }
        out
    }

    /// Adds the members of a `form` claim: each is a field.
    pub fn add_form(&mut self, form: &Object, fields: Option<&Fields>) {
        for (name, value) in form.iter() {
            self.fill(name, value::text(value), fields);
        }
    }

    /// Adds the members of an `optin` claim: each is an opt-in.
    pub fn add_optin(&mut self, optin: &Object, fields: Option<&Fields>) {
        for (name, value) in optin.iter() {
            self.consent(name, value, fields);
        }
    }

    /// Adds a profile that has no mapping: each member belongs to the field or opt-in of its name.
    pub(crate) fn add_unmapped(&mut self, profile: &Object, fields: Option<&Fields>) {
        for (name, value) in profile.iter() {
            if fields.is_some_and(|fields| fields.has_optin(name)) {
                self.consent(name, value, fields);
            } else {
                self.fill(name, value::text(value), fields);
            }
        }
    }

    /// Locks what is prefilled and said to be locked. A value that is locked already stays so.
    pub(crate) fn lock(&mut self, locks: impl Fn(&str) -> bool) {
        let names = self.form.iter().chain(self.optin.iter()).map(|(name, _)| name);
        let is_locked = |name: &&str| locks(name) || self.locked.iter().any(|locked| locked == name);
        self.locked = names.filter(is_locked).map(String::from).collect();
    }

    /// Fills one field, where nothing stands yet, with a value that was read.
    pub(crate) fn fill(&mut self, name: &str, read: Result<Text, Unfit>, fields: Option<&Fields>) {
        if self.form.get(name).is_some() {
            return;
        }
        let fitted = match fields {
            None => read,
            Some(fields) => match fields.field(name) {
                Some(field) => read.and_then(|text| field.fit(text)),
                None => Err(Unfit::UnknownField),
            },
        };
        match fitted {
            Ok(Text { text, remark }) => {
                self.form.set(name, text);
                if let Some(reason) = remark {
                    self.ignore(name, reason);
                }
            }
            Err(reason) => self.ignore(name, reason),
        }
    }

    /// Notes one consent, where nothing stands yet.
    pub(crate) fn consent(&mut self, name: &str, value: &Value, fields: Option<&Fields>) {
        if self.optin.get(name).is_some() {
            return;
        }
        if fields.is_some_and(|fields| !fields.has_optin(name)) {
            return self.ignore(name, Unfit::UnknownField);
        }
        match value::boolean(value) {
            Ok(given) => self.optin.set(name, given),
            Err(reason) => self.ignore(name, reason),
        }
    }

    fn ignore(&mut self, name: &str, reason: Unfit) {
        let ignored = Ignored { name: name.into(), reason };
        if !self.ignored.contains(&ignored) {
            self.ignored.push(ignored);
        }
    }

    /// Reads what [`Prefill::to_json`] wrote.
    ///
    /// # Errors
    /// `settings_invalid` when it is something else.
    pub fn from_json(value: &Value, place: &str) -> crate::Result<Self> {
        let members = Members::of(value, place, &["form", "optin", "locked", "ignored"])?;
        let object = |name| match members.required(name, "an object")? {
            Value::Object(object) => Ok(object.clone()),
            other => Err(invalid(&members.place(name), "an object", other)),
        };
        let array = |name| {
            let value = members.required(name, "an array")?;
            value.as_array().ok_or_else(|| invalid(&members.place(name), "an array", value))
        };
        let name = |value: &Value| match value.as_str() {
            Some(name) => Ok(String::from(name)),
            None => Err(invalid(&members.place("locked"), "names", value)),
        };
        let ignored = |value: &Value| {
            let place = members.place("ignored");
            let members = Members::of(value, &place, &["name", "reason"])?;
            let words = Unfit::ALL.map(|reason| (reason.as_str(), reason));
            match (members.text("name")?, members.choice("reason", &words)?) {
                (Some(name), Some(reason)) => Ok(Ignored { name: name.into(), reason }),
                _ => Err(invalid(&place, "a name and a reason", value)),
            }
        };
        Ok(Self {
            form: object("form")?,
            optin: object("optin")?,
            locked: array("locked")?.iter().map(name).collect::<crate::Result<_>>()?,
            ignored: array("ignored")?.iter().map(ignored).collect::<crate::Result<_>>()?,
        })
    }

    /// Returns `{ form, optin, locked, ignored: [{ name, reason }] }`.
    pub fn to_json(&self) -> Object {
        let ignored = self.ignored.iter().map(|ignored| {
            let mut out = Object::new();
            out.set("name", ignored.name.as_str());
            out.set("reason", ignored.reason.as_str());
            out
        });
        let mut out = Object::new();
        out.set("form", self.form.clone());
        out.set("optin", self.optin.clone());
        out.set("locked", self.locked.clone());
        out.set("ignored", ignored.collect::<Vec<_>>());
        out
    }
}
