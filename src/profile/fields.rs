//! The campaign's form: which fields and opt-ins it has, and whether a text fits a field.

use super::value::{self, Text, Unfit};
use crate::{
    Result,
    json::{
        Object, Value, decimal,
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
    /// Any text that is stored and never shown: it comes from the token or the profile alone.
    Hidden,
    /// A number, whole or with decimals.
    Number,
    /// One of the choices that the field lists.
    Select,
    /// A telephone number.
    Tel,
    /// Any text.
    Text,
}

impl FieldType {
    /// The names in an account document.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("text", Self::Text),
        ("email", Self::Email),
        ("tel", Self::Tel),
        ("date", Self::Date),
        ("country", Self::Country),
        ("checkbox", Self::Checkbox),
        ("select", Self::Select),
        ("number", Self::Number),
        ("hidden", Self::Hidden),
    ];

    /// Brings a text into the form that the field takes.
    ///
    /// # Errors
    /// Why it does not fit.
    pub(crate) fn fit(self, text: Text) -> core::result::Result<Text, Unfit> {
        let remark = text.remark;
        let fitted = |text| Text { text, remark };
        match self {
            Self::Text | Self::Hidden | Self::Select => Ok(text),
            Self::Number => value::decimal(&text.text).map(fitted),
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
pub(crate) struct Field {
    pub name: String,
    pub kind: FieldType,
    pub required: bool,
    /// The values to choose from.
    choices: Vec<String>,
    /// The smallest and the largest number.
    range: (Option<i64>, Option<i64>),
}

impl Field {
    fn parse(members: &Members<'_>) -> Result<Self> {
        let place = members.place("choices");
        let listed = members
            .get("choices")
            .map(|value| value.as_array().ok_or_else(|| invalid(&place, "an array", value)));
        let choices = listed.transpose()?.unwrap_or_default().iter().enumerate();
        let id = |(index, choice): (usize, &Value)| {
            let place = format!("{place}/{index}");
            let choice = Members::any(choice, &place)?;
            choice.required("id", "a name")?;
            Ok(choice.text("id")?.unwrap_or_default().to_owned())
        };
        let bound = |name| members.whole(name, i64::MIN..=i64::MAX);
        Ok(Self {
            name: name(members)?,
            kind: members.choice("type", &FieldType::NAMES)?.unwrap_or(FieldType::Text),
            required: members.flag("required")?,
            choices: choices.map(id).collect::<Result<_>>()?,
            range: (bound("min")?, bound("max")?),
        })
    }

    /// Brings a text into the form that the field takes.
    ///
    /// # Errors
    /// Why it does not fit.
    pub(crate) fn fit(&self, text: Text) -> core::result::Result<Text, Unfit> {
        let fitted = self.kind.fit(text)?;
        match self.kind {
            FieldType::Select if !self.choices.contains(&fitted.text) => Err(Unfit::NotAChoice),
            FieldType::Number if !self.is_within(&fitted.text) => Err(Unfit::OutOfRange),
            _ => Ok(fitted),
        }
    }

    /// Compares a number with the smallest and the largest one.
    #[allow(clippy::cast_precision_loss)]
    fn is_within(&self, text: &str) -> bool {
        let (least, most) = self.range;
        decimal::nearest(text).is_some_and(|number| {
            least.is_none_or(|least| number >= least as f64) && most.is_none_or(|most| number <= most as f64)
        })
    }
}

/// The fields and opt-ins of one campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    fields: Vec<Field>,
    optins: Vec<String>,
}

impl Fields {
    /// Reads `{ "fields": [{ "name", "type", "required", "choices", "min", "max" }], "optins": [{ "name" }] }`, as a campaign of the account document
    /// has them. Other members (labels, wordings) are for the page and left alone; a field without a type takes
    /// text.
    ///
    /// # Errors
    /// `settings_invalid` with the place of the fault.
    pub fn parse(value: &Value, place: &str) -> Result<Self> {
        let object =
            value.as_object().ok_or_else(|| invalid(place, "an object with fields and optins", value))?;
        let fields = each(object, place, "fields", Field::parse)?;
        let optins = each(object, place, "optins", name)?;
        Ok(Self { fields, optins })
    }

    /// Returns the field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.each().find(|field| field.name == name)
    }

    /// Checks whether there is a field of that name that is never shown.
    pub(crate) fn hides(&self, name: &str) -> bool {
        self.field(name).is_some_and(|field| field.kind == FieldType::Hidden)
    }

    /// Checks whether any field is never shown.
    pub(crate) fn hides_any(&self) -> bool {
        self.each().any(|field| field.kind == FieldType::Hidden)
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
