//! A limit that the customer keeps in the profile: the settings say where it stands. It is judged once the profile is there,
//! like the limit of a token before the first step.

use crate::{
    Code, Error, Result,
    json::{Object, Value, members::Members},
    participation::Limit,
    profile::Source,
};
use alloc::{format, string::String};

/// The sources of a person's limit in the profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileLimit {
    nb: Option<Source>,
    can_play: Option<Source>,
}

impl ProfileLimit {
    /// Names of the members.
    pub const NAMES: [&'static str; 2] = ["nb", "canPlay"];

    /// Reads `{ nb?, canPlay? }`, a source each.
    ///
    /// # Errors
    /// `settings_invalid` or `settings_unknown` with the place of the fault.
    pub fn parse(value: &Value, place: &str) -> Result<Self> {
        let members = Members::of(value, place, &Self::NAMES)?;
        let source = |name| {
            let text = members.text(name)?;
            text.map(|text| Source::parse(text, &members.place(name))).transpose()
        };
        Ok(Self { nb: source("nb")?, can_play: source("canPlay")? })
    }

    /// Checks whether no limit stands in the profile.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Finds the limit. A variable that the profile does not have sets no limit, as in a token; one that is there must be
    /// usable, as nobody is let in by a slip. Profiles often hold numbers and yes or no as text.
    ///
    /// # Errors
    /// `code`, with the variable's place.
    pub fn find(&self, profile: &Object, code: Code) -> Result<Option<Limit>> {
        let nb = read(self.nb.as_ref(), profile, number, "a whole number of 0 or more", code)?;
        let can_play = read(self.can_play.as_ref(), profile, flag, "true or false", code)?;
        let limit = Limit { nb, can_play };
        Ok((limit != Limit::default()).then_some(limit))
    }
}

fn read<T>(
    source: Option<&Source>,
    profile: &Object,
    parse: impl Fn(&Value) -> Option<T>,
    expected: &str,
    code: Code,
) -> Result<Option<T>> {
    let Some(source) = source else { return Ok(None) };
    let Some(value) = source.find(profile).filter(|value| **value != Value::Null) else { return Ok(None) };
    let place = format!("profile{}", source.pointer());
    let fault = || Error::new(code).at(place).expected(expected).got(value.kind());
    parse(value).map(Some).ok_or_else(fault)
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
