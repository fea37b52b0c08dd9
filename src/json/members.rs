//! Reads the members of a settings object. Unknown names are refused with the nearest known one, `null` is the
//! same as absent, and every fault carries its JSON Pointer (RFC 6901).

use super::{Object, Value};
use crate::{Code, Error, Result};
use alloc::{string::String, vec::Vec};
use core::ops::RangeInclusive;

/// The members of one object of settings, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Members<'a> {
    object: &'a Object,
    place: &'a str,
}

impl<'a> Members<'a> {
    /// Takes an object whose members are all `known`.
    ///
    /// # Errors
    /// `settings_invalid` for anything but an object, `settings_unknown` for a name that is not known.
    pub fn of(value: &'a Value, place: &'a str, known: &[&str]) -> Result<Self> {
        let members = Self::any(value, place)?;
        members.object.iter().try_for_each(|(name, _)| members.check_known(name, known))?;
        Ok(members)
    }

    /// As [`of`](Self::of), but what is `null` counts as absent whatever its name is.
    ///
    /// # Errors
    /// As `of`.
    pub(crate) fn of_present(value: &'a Value, place: &'a str, known: &[&str]) -> Result<Self> {
        let members = Self::any(value, place)?;
        let mut present = members.object.iter().filter(|(_, value)| **value != Value::Null);
        present.try_for_each(|(name, _)| members.check_known(name, known))?;
        Ok(members)
    }

    fn check_known(&self, name: &str, known: &[&str]) -> Result<()> {
        if known.contains(&name) {
            return Ok(());
        }
        let fault = Error::new(Code::SettingsUnknown).at(self.place(name));
        Err(match nearest(name, known.iter().copied()) {
            Some(near) => fault.expected(told!("a known name, probably \"{near}\"")),
            None => fault.expected(told!("one of {}", known.join(", "))),
        })
    }

    /// Takes an object that may hold other members as well, which are not for us.
    ///
    /// # Errors
    /// `settings_invalid` for anything but an object.
    pub fn any(value: &'a Value, place: &'a str) -> Result<Self> {
        let object = value.as_object().ok_or_else(|| invalid(place, "an object", value))?;
        Ok(Self { object, place })
    }

    /// Returns the member of that name; `null` counts as absent.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| **value != Value::Null)
    }

    /// Checks that none of the named members is `null`: without them less would be checked, and a value that is missing by
    /// mistake must not do that.
    ///
    /// # Errors
    /// `settings_invalid` for the first that is.
    pub fn check_values(&self, names: &[&str]) -> Result<()> {
        match names.iter().find(|name| matches!(self.object.get(name), Some(Value::Null))) {
            Some(name) => {
                let fault = Error::new(Code::SettingsInvalid).at(self.place(name));
                Err(fault.expected("a value, or no such member").got("null"))
            }
            None => Ok(()),
        }
    }

    /// Returns where the member of that name stands.
    pub fn place(&self, name: &str) -> String {
        pointer(self.place, name)
    }

    /// Returns the member of that name, which must be there.
    ///
    /// # Errors
    /// `settings_invalid` when it is absent.
    pub fn required(&self, name: &str, what: &str) -> Result<&'a Value> {
        let missing = || Error::new(Code::SettingsInvalid).at(self.place(name)).expected(what).got("nothing");
        self.get(name).ok_or_else(missing)
    }

    /// Returns a string that is not empty.
    ///
    /// # Errors
    /// `settings_invalid` when the member is something else.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.as_str() {
            Some("") => {
                let place = self.place(name);
                Err(Error::new(Code::SettingsInvalid).at(place).expected("a string").got("an empty string"))
            }
            Some(text) => Ok(Some(text)),
            None => Err(invalid(&self.place(name), "a string", value)),
        }
    }

    /// An array of strings; absent is empty.
    ///
    /// # Errors
    /// `settings_invalid` when the member is something else.
    pub fn texts(&self, name: &str) -> Result<Vec<String>> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let texts = value
            .as_array()
            .and_then(|texts| texts.iter().map(|text| text.as_str().map(String::from)).collect());
        texts.ok_or_else(|| invalid(&self.place(name), "an array of strings", value))
    }

    /// Returns the accepted values of a setting: one string, or a list of at most `most`. Only an absent member is empty.
    ///
    /// # Errors
    /// `settings_invalid` when the member is something else.
    pub fn accepted(&self, name: &str, most: usize) -> Result<Vec<String>> {
        let elements = match self.get(name) {
            Some(Value::Array(elements)) if elements.len() <= most => &**elements,
            Some(single) => core::slice::from_ref(single),
            None => return Ok(Vec::new()),
        };
        let wrong = |value| invalid(&self.place(name), &told!("a string, or 1 to {most} strings"), value);
        let mut out = Vec::new();
        for value in elements {
            match value.as_str() {
                Some(text) if !text.is_empty() => out.push(text.into()),
                _ => return Err(wrong(value)),
            }
        }
        if out.is_empty() { Err(wrong(&Value::Array(Vec::new()))) } else { Ok(out) }
    }

    /// `true` or `false`; absent is `false`.
    ///
    /// # Errors
    /// `settings_invalid` when the member is something else.
    pub fn flag(&self, name: &str) -> Result<bool> {
        let Some(value) = self.get(name) else { return Ok(false) };
        value.as_bool().ok_or_else(|| invalid(&self.place(name), "true or false", value))
    }

    /// Returns a whole number in a range.
    ///
    /// # Errors
    /// `settings_invalid` when the member is something else.
    pub fn whole(&self, name: &str, range: RangeInclusive<i64>) -> Result<Option<i64>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        if let Some(number) = value.as_i64().filter(|number| range.contains(number)) {
            return Ok(Some(number));
        }
        let expected = if *range.end() == i64::MAX {
            told!("a whole number of {} or more", range.start())
        } else {
            told!("a whole number from {} to {}", range.start(), range.end())
        };
        let got = match value {
            Value::Number(number) => told!("{}", number.as_text()),
            other => told!("{}", other.kind()),
        };
        Err(Error::new(Code::SettingsInvalid).at(self.place(name)).expected(expected).got(got))
    }

    /// Reads one of several words.
    ///
    /// # Errors
    /// `settings_invalid` when the member is something else.
    pub fn choice<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>> {
        let place = self.chosen(name, &|place| words.get(place).map(|(word, _)| *word))?;
        Ok(place.and_then(|place| words.get(place)).map(|(_, meaning)| *meaning))
    }

    /// Which of the words it is, that are known by their places.
    pub(crate) fn chosen<'k>(
        &self,
        name: &str,
        known: &dyn Fn(usize) -> Option<&'k str>,
    ) -> Result<Option<usize>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let words = || (0..).map_while(known);
        let chosen = value.as_str().and_then(|text| words().position(|word| word == text));
        chosen.map(Some).ok_or_else(|| {
            let near = value.as_str().and_then(|text| nearest(text, words()));
            let list = || words().collect::<Vec<_>>().join(", ");
            let expected = match near {
                Some(near) => told!("one of {}, probably \"{near}\"", list()),
                None => told!("one of {}", list()),
            };
            let got = value.as_str().map_or_else(|| told!("{}", value.kind()), crate::error::shown);
            Error::new(Code::SettingsInvalid).at(self.place(name)).expected(expected).got(got)
        })
    }
}

/// Returns the place of a member: a JSON Pointer with the name escaped (RFC 6901 section 3).
pub fn pointer(place: &str, name: &str) -> String {
    let mut out = [place, "/"].concat();
    for character in name.chars() {
        match character {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            other => out.push(other),
        }
    }
    out
}

/// Returns the place of an element of an array.
pub fn element(place: &str, index: usize) -> String {
    let mut digits = Vec::new();
    let mut rest = index;
    while digits.is_empty() || rest > 0 {
        digits.extend(u32::try_from(rest % 10).ok().and_then(|digit| char::from_digit(digit, 10)));
        rest /= 10;
    }
    let mut out = [place, "/"].concat();
    out.extend(digits.iter().rev());
    out
}

/// Returns a setting of the wrong kind.
pub fn invalid(place: &str, expected: &str, value: &Value) -> Error {
    Error::new(Code::SettingsInvalid).at(place).expected(expected).got(value.kind())
}

/// Returns the known name that `name` was probably meant to be: at most two letters away, and at most a third of it.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if cfg!(not(feature = "whole")) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let candidates =
        known.into_iter().map(|candidate| (distance(&name, &candidate.to_ascii_lowercase()), candidate));
    let (letters, candidate) = candidates.min_by_key(|(letters, _)| *letters)?;
    (letters <= 2 && letters.saturating_mul(3) <= candidate.len()).then_some(candidate)
}

/// How many letters must be put in, taken out, replaced or swapped with their neighbour (the optimal string
/// alignment distance). Names longer than any setting are far from all of them.
fn distance(left: &str, right: &str) -> usize {
    const LONGEST: usize = 40;
    let (left, right): (Vec<char>, Vec<char>) =
        (left.chars().take(LONGEST).collect(), right.chars().take(LONGEST).collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut line = Vec::with_capacity(above.len());
        line.push(row.saturating_add(1));
        for (column, other) in right.iter().enumerate() {
            let cell = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
            let replaced = cell(&above, column).saturating_add(usize::from(letter != other));
            let removed = cell(&above, column.saturating_add(1)).saturating_add(1);
            let added = cell(&line, column).saturating_add(1);
            let mut best = replaced.min(removed).min(added);
            if let (Some(row_before), Some(column_before)) = (row.checked_sub(1), column.checked_sub(1))
                && left.get(row_before) == Some(other)
                && right.get(column_before) == Some(letter)
            {
                best = best.min(cell(&before, column_before).saturating_add(1));
            }
            line.push(best);
        }
        before = core::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_and_a_far_one_is_not() {
        let known = ["issuer", "audience", "leewaySeconds", "typ"];
        for (name, near) in [
            ("isuer", Some("issuer")),
            ("issure", Some("issuer")),
            ("Issuer", Some("issuer")),
            ("leewaySecond", Some("leewaySeconds")),
            ("leewaysecnds", Some("leewaySeconds")),
            ("tpy", Some("typ")),
            ("xyz", None),
            ("sender", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), near, "{name}");
        }
    }

    #[test]
    fn distances_count_each_single_change_once() {
        for (left, right, letters) in [
            ("abc", "abc", 0),
            ("abc", "ab", 1),
            ("ab", "abc", 1),
            ("abc", "abd", 1),
            ("abc", "acb", 1),
            ("", "ab", 2),
        ] {
            assert_eq!(distance(left, right), letters, "{left} {right}");
        }
    }

    #[test]
    fn member_names_are_escaped_in_pointers() {
        assert_eq!(pointer("/mapping", "a/b~c"), "/mapping/a~1b~0c");
    }
}
