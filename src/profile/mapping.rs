//! Which value of a profile belongs to which field: `{ "<field>": "<source>" | { from, as?, format?, lock? } }`.

use super::{
    prefill::Prefill,
    source::Source,
    value::{self, ReadAs, Text, Unfit},
};
use crate::{
    Code, Error, Result,
    json::{
        Object, Value,
        members::{Members, invalid, pointer},
    },
    profile::fields::Fields,
};
use alloc::{string::String, vec::Vec};

/// A customer's mapping from claims or profile members to form fields and opt-ins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(Vec<MappingRule>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct MappingRule {
    field: String,
    from: Source,
    kind: Option<ReadAs>,
    format: Option<Format>,
    lock: bool,
}

/// How a date is written, where it is not ISO 8601.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Format {
    /// `DD`, `MM` and `YYYY` once each, in any order, and the signs between them.
    Pattern(String),
    /// Milliseconds since 1970, the date in UTC.
    Milliseconds,
    /// Seconds since 1970, the date in UTC.
    Seconds,
}

impl Mapping {
    /// Reads a mapping. Each field takes a source, or an object: `from` (the source), `as` (`text`, `boolean`,
    /// `date`, `country` or `phone`), `format` (how a date is written: `DD/MM/YYYY` and the like, `seconds` or
    /// `milliseconds`), `lock` (the participant cannot change the value).
    ///
    /// # Errors
    /// `settings_invalid` or `settings_unknown` with the place of the fault.
    pub fn parse(value: &Value, place: &str) -> Result<Self> {
        let object = value.as_object().ok_or_else(|| invalid(place, "an object of fields", value))?;
        object
            .iter()
            .map(|(field, rule)| MappingRule::parse(field, rule, &pointer(place, field)))
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Checks whether nothing is mapped.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the source of each rule.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.0.iter().map(|rule| &rule.from)
    }

    /// Checks whether any value cannot be changed by the participant.
    pub(crate) fn locks_any(&self) -> bool {
        self.0.iter().any(|rule| rule.lock)
    }

    /// Locks the values that the participant cannot change: those that the rules lock, and those of hidden fields.
    pub(crate) fn lock(&self, fields: Option<&Fields>, prefill: &mut Prefill) {
        let is_hidden = |name: &str| fields.is_some_and(|fields| fields.hides(name));
        prefill.lock(|name| is_hidden(name) || self.0.iter().any(|rule| rule.lock && rule.field == name));
    }

    /// Fills a whole profile: by the rules, or where there are none, each member by its name.
    pub(crate) fn apply_to_profile(&self, profile: &Object, fields: Option<&Fields>, prefill: &mut Prefill) {
        if self.is_empty() {
            prefill.add_unmapped(profile, fields)
        } else {
            self.apply(profile, fields, prefill)
        }
    }

    /// Fills what the mapping finds in `profile` into `prefill`, where it has no value yet. An absent value is skipped;
    /// a value that does not fit is listed.
    pub(crate) fn apply(&self, profile: &Object, fields: Option<&Fields>, prefill: &mut Prefill) {
        for rule in &self.0 {
            if let Some(value) = rule.from.find(profile) {
                rule.fill(value, fields, prefill);
            }
        }
    }
}

impl MappingRule {
    fn parse(field: &str, value: &Value, place: &str) -> Result<Self> {
        if field.is_empty() {
            let fault = Error::new(Code::SettingsInvalid).at(place);
            return Err(fault.expected("the name of a field").got("an empty name"));
        }
        if let Some(source) = value.as_str() {
            let from = Source::parse(source, place)?;
            return Ok(Self { field: field.into(), from, kind: None, format: None, lock: false });
        }
        if value.as_object().is_none() {
            return Err(invalid(place, "a source, or an object with from", value));
        }
        let members = Members::of(value, place, &["from", "as", "format", "lock"])?;
        members.required("from", "a source")?;
        let from = Source::parse(members.text("from")?.unwrap_or_default(), &members.place("from"))?;
        let kind = members.choice("as", &ReadAs::NAMES)?;
        let format =
            members.text("format")?.map(|text| Format::parse(text, &members.place("format"))).transpose()?;
        if format.is_some() && kind != Some(ReadAs::Date) {
            let fault = Error::new(Code::SettingsInvalid).at(members.place("format"));
            return Err(fault.expected("no format, because `as` is not \"date\"").got("a format"));
        }
        Ok(Self { field: field.into(), from, kind, format, lock: members.flag("lock")? })
    }

    fn fill(&self, value: &Value, fields: Option<&Fields>, prefill: &mut Prefill) {
        // Without the campaign's fields, what is read as a boolean can only be a consent: forms hold texts.
        let consent = match fields {
            Some(fields) => fields.has_optin(&self.field),
            None => self.kind == Some(ReadAs::Boolean),
        };
        if consent {
            prefill.consent(&self.field, value, fields);
        } else {
            prefill.fill(&self.field, self.read(value), fields);
        }
    }

    fn read(&self, value: &Value) -> core::result::Result<Text, Unfit> {
        let plain = |text| Text { text, remark: None };
        match self.kind {
            None | Some(ReadAs::Text) => value::text(value),
            Some(ReadAs::Boolean) => {
                value::boolean(value).map(|yes| plain(if yes { "true" } else { "false" }.into()))
            }
            Some(ReadAs::Country) => value::country(&value::text(value)?.text).map(plain),
            Some(ReadAs::Phone) => value::phone(&value::text(value)?.text).map(plain),
            Some(ReadAs::Date) => {
                let text = value::text(value)?.text;
                match &self.format {
                    None => value::date(&text),
                    Some(format) => format.read(text.trim()).map(plain).ok_or(Unfit::NotADate),
                }
            }
        }
    }
}

impl Format {
    fn parse(text: &str, place: &str) -> Result<Self> {
        match text {
            "milliseconds" => return Ok(Self::Milliseconds),
            "seconds" => return Ok(Self::Seconds),
            _ => {}
        }
        let once = |part| text.matches(part).count() == 1;
        let signs = text.replacen("DD", "", 1).replacen("MM", "", 1).replacen("YYYY", "", 1);
        if once("DD") && once("MM") && once("YYYY") && !signs.chars().any(char::is_alphanumeric) {
            return Ok(Self::Pattern(text.into()));
        }
        let fault = Error::new(Code::SettingsInvalid).at(place);
        Err(fault
            .expected("DD, MM and YYYY once each, such as DD/MM/YYYY, or seconds, or milliseconds")
            .got(crate::error::shown(text)))
    }

    fn read(&self, text: &str) -> Option<String> {
        match self {
            Self::Pattern(pattern) => read_pattern(pattern, text),
            Self::Seconds => day_of(number(text)? / 86_400.0),
            Self::Milliseconds => day_of(number(text)? / 86_400_000.0),
        }
    }
}

/// A number in the spelling of JSON.
fn number(text: &str) -> Option<f64> {
    Value::parse(text.as_bytes()).ok()?.as_f64()
}

fn read_pattern(mut pattern: &str, mut text: &str) -> Option<String> {
    let (mut year, mut month, mut day) = (0, 0, 0);
    while let Some(sign) = pattern.chars().next() {
        let (part, target) = match sign {
            'Y' => ("YYYY", &mut year),
            'M' => ("MM", &mut month),
            'D' => ("DD", &mut day),
            other => {
                pattern = pattern.strip_prefix(other)?;
                text = text.strip_prefix(other)?;
                continue;
            }
        };
        pattern = pattern.strip_prefix(part)?;
        let (digits, rest) = text.split_at_checked(part.len())?;
        *target = value::number(digits)?;
        text = rest;
    }
    if text.is_empty() && year > 0 { value::calendar(year, month, day) } else { None }
}

/// The date of a number of days since 1970-01-01, in the years 1 to 9999 (Howard Hinnant's `civil_from_days`).
fn day_of(days: f64) -> Option<String> {
    // From 0001-01-01 to 9999-12-31.
    if !(-719_162.0..2_932_897.0).contains(&days) {
        return None;
    }
    // In range by the check above; what is left of the day rounds down, also before 1970.
    #[allow(clippy::cast_possible_truncation)]
    let whole = days as i64;
    #[allow(clippy::cast_precision_loss)]
    let whole = if (whole as f64) > days { whole.checked_sub(1)? } else { whole };
    let shifted = whole.checked_add(719_468)?;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let leaps =
        of_era.checked_sub(of_era / 1460)?.checked_add(of_era / 36_524)?.checked_sub(of_era / 146_096)?;
    let year_of_era = leaps / 365;
    let before_year =
        year_of_era.checked_mul(365)?.checked_add(year_of_era / 4)?.checked_sub(year_of_era / 100)?;
    let of_year = of_era.checked_sub(before_year)?;
    let from_march = of_year.checked_mul(5)?.checked_add(2)? / 153;
    let day = of_year.checked_sub(from_march.checked_mul(153)?.checked_add(2)? / 5)?.checked_add(1)?;
    let month = if from_march < 10 { from_march.checked_add(3)? } else { from_march.checked_sub(9)? };
    let year = era.checked_mul(400)?.checked_add(year_of_era)?.checked_add(i64::from(month <= 2))?;
    value::calendar(u32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// Maps a profile to a form. Without the campaign's fields, what is read as a boolean counts as an opt-in, all else
/// as a field.
///
/// ```
/// use handstamp::{json::Value, profile::{Mapping, map_profile}};
/// let rules = br#"{ "city": "/address/locality", "born": { "from": "birthdate", "as": "date", "lock": true } }"#;
/// let mapping = Mapping::parse(&Value::parse(rules).unwrap(), "/mapping").unwrap();
/// let profile = br#"{ "address": { "locality": "Ghent" }, "birthdate": "2000-12-24T12:00:00.000Z" }"#;
/// let prefill = map_profile(&Value::parse_object(profile).unwrap(), &mapping, None);
/// assert_eq!(prefill.form.get("city").and_then(Value::as_str), Some("Ghent"));
/// assert_eq!(prefill.form.get("born").and_then(Value::as_str), Some("2000-12-24"));
/// assert_eq!(prefill.locked, ["born"]);
/// ```
pub fn map_profile(profile: &Object, mapping: &Mapping, fields: Option<&Fields>) -> Prefill {
    let mut prefill = Prefill::default();
    mapping.apply_to_profile(profile, fields, &mut prefill);
    mapping.lock(fields, &mut prefill);
    prefill
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_since_1970_become_dates() {
        for (days, date) in [
            (0.0, Some("1970-01-01")),
            (0.999, Some("1970-01-01")),
            (-0.001, Some("1969-12-31")),
            (11_315.5, Some("2000-12-24")),
            (11_016.0, Some("2000-02-29")),
            (-719_162.0, Some("0001-01-01")),
            (2_932_896.5, Some("9999-12-31")),
            (2_932_897.0, None),
            (-719_163.0, None),
            (f64::NAN, None),
        ] {
            assert_eq!(day_of(days).as_deref(), date, "{days}");
        }
    }

    #[test]
    fn a_place_in_a_pattern_is_exact() {
        let date = Some(String::from("2000-12-24"));
        assert_eq!(read_pattern("DD/MM/YYYY", "24/12/2000"), date);
        assert_eq!(read_pattern("YYYYMMDD", "20001224"), date);
        assert_eq!(read_pattern("MM.DD.YYYY", "12.24.2000"), date);
        for wrong in
            ["24/12/00", "24/12/2000 ", "24-12-2000", "31/02/2000", "24/12/0000", "2/12/20000", "é4/12/2000"]
        {
            assert_eq!(read_pattern("DD/MM/YYYY", wrong), None, "{wrong}");
        }
    }
}
