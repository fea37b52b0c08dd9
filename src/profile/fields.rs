//! The campaign's form: which fields and opt-ins it has, and whether a text fits a field.

use super::value::{self, Text, Unfit};
use crate::{
    Result,
    json::{
        Object, Value,
        members::{Members, invalid},
    },
};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// The type of a field, as in the account document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A box to tick; its text is `true` or `false`.
    Checkbox,
    /// Two letters of a country.
    Country,
    /// A calendar date.
    Date,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Tel,
    /// Any text.
    Text,
}

impl FieldType {
    /// The names in an account document.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("text", Self::Text),
        ("email", Self::Email),
        ("tel", Self::Tel),
        ("date", Self::Date),
        ("country", Self::Country),
        ("checkbox", Self::Checkbox),
    ];

    /// Brings a text into the form that the field takes.
    ///
    /// # Errors
    /// Why it does not fit.
    pub(crate) fn fit(self, text: Text) -> core::result::Result<Text, Unfit> {
        let remark = text.remark;
        let fitted = |text| Text { text, remark };
        match self {
            Self::Text => Ok(text),
            Self::Email => value::email(&text.text).map(fitted),
            Self::Tel => value::phone(&text.text).map(fitted),
            Self::Country => value::country(&text.text).map(fitted),
            Self::Date => match value::date(&text.text)? {
                // A date field cannot show a part of a date.
                Text { remark: Some(partial), .. } => Err(partial),
                Text { text, remark: None } => Ok(fitted(text)),
            },
            Self::Checkbox => value::boolean(&Value::String(text.text))
                .map(|ticked| fitted(if ticked { "true" } else { "false" }.into())),
        }
    }
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub name: String,
    pub kind: FieldType,
    pub required: bool,
}

/// The fields and opt-ins of one campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    fields: Vec<Field>,
    optins: Vec<String>,
}

impl Fields {
    /// Reads `{ "fields": [{ "name", "type", "required" }], "optins": [{ "name" }] }`, as a campaign of the account document
    /// has them. Other members (labels, wordings) are for the page and left alone; a field without a type takes
    /// text.
    ///
    /// # Errors
    /// `settings_invalid` with the place of the fault.
    pub fn parse(value: &Value, place: &str) -> Result<Self> {
        let object =
            value.as_object().ok_or_else(|| invalid(place, "an object with fields and optins", value))?;
        let fields = each(object, place, "fields", |members| {
            Ok(Field {
                name: name(members)?,
                kind: members.choice("type", &FieldType::NAMES)?.unwrap_or(FieldType::Text),
                required: members.flag("required")?,
            })
        })?;
        let optins = each(object, place, "optins", name)?;
        Ok(Self { fields, optins })
    }

    /// Returns the type of a field.
    pub(crate) fn field(&self, name: &str) -> Option<FieldType> {
        self.each().find(|field| field.name == name).map(|field| field.kind)
    }

    /// Every field, in the order of the form.
    pub(super) fn each(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter()
    }

    /// Checks whether there is such an opt-in.
    pub(crate) fn has_optin(&self, name: &str) -> bool {
        self.optins.iter().any(|optin| optin == name)
    }
}

/// Reads each element of the named list; the list may be absent.
fn each<T>(
    object: &Object,
    place: &str,
    list: &str,
    read: impl Fn(&Members<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let place = format!("{place}/{list}");
    let elements = match object.get(list) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(value) => value.as_array().ok_or_else(|| invalid(&place, "an array", value))?,
    };
    let read = |(index, element): (usize, &Value)| {
        let place = format!("{place}/{index}");
        read(&Members::any(element, &place)?)
    };
    elements.iter().enumerate().map(read).collect()
}

fn name(members: &Members<'_>) -> Result<String> {
    members.required("name", "a name")?;
    Ok(members.text("name")?.unwrap_or_default().to_owned())
}
