//! One value on its way into a form field: read as text, boolean, date, country or phone number.

use crate::{bounds, json::Value};
use alloc::{
    format,
    string::{String, ToString},
};

/// The type that a value is read as (`as` in a mapping).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAs {
    /// `true`, `false`, `1` or `0`, also as a string.
    Boolean,
    /// Two letters (ISO 3166-1 alpha-2), in capitals.
    Country,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// Digits, with a leading `+` where there was one.
    Phone,
    /// The text as it is.
    Text,
}

impl ReadAs {
    /// The names in a mapping.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("text", Self::Text),
        ("boolean", Self::Boolean),
        ("date", Self::Date),
        ("country", Self::Country),
        ("phone", Self::Phone),
    ];
}

/// Why a value was left out, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unfit {
    /// Control characters or bidirectional overrides were taken out; the rest is kept.
    CharactersRemoved,
    /// An empty text where a date, an address or the like belongs.
    Empty,
    /// Neither true nor false.
    NotABoolean,
    /// Not one of the choices of the field.
    NotAChoice,
    /// Not two letters.
    NotACountry,
    /// Not a date of the calendar.
    NotADate,
    /// Not a number as a field takes one.
    NotANumber,
    /// Not a telephone number.
    NotAPhone,
    /// Not an e-mail address.
    NotAnEmail,
    /// An object or an array.
    NotText,
    /// `null`.
    Null,
    /// A number below the smallest or above the largest one that the field takes.
    OutOfRange,
    /// A year alone, or a day without its year (OpenID Connect Core section 5.1, `birthdate`).
    PartialDate,
    /// Longer than a form value may be.
    TooLong,
    /// The campaign has no such field or opt-in.
    UnknownField,
}

impl Unfit {
    /// Every reason.
    pub const ALL: [Self; 15] = [
        Self::CharactersRemoved,
        Self::Empty,
        Self::NotABoolean,
        Self::NotAChoice,
        Self::NotACountry,
        Self::NotADate,
        Self::NotANumber,
        Self::NotAPhone,
        Self::NotAnEmail,
        Self::NotText,
        Self::Null,
        Self::OutOfRange,
        Self::PartialDate,
        Self::TooLong,
        Self::UnknownField,
    ];

    /// Returns the stable name of the reason.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CharactersRemoved => "characters_removed",
            Self::Empty => "empty",
            Self::NotABoolean => "not_a_boolean",
            Self::NotAChoice => "not_a_choice",
            Self::NotACountry => "not_a_country",
            Self::NotADate => "not_a_date",
            Self::NotANumber => "not_a_number",
            Self::NotAPhone => "not_a_phone",
            Self::NotAnEmail => "not_an_email",
            Self::NotText => "not_text",
            Self::Null => "null",
            Self::OutOfRange => "out_of_range",
            Self::PartialDate => "partial_date",
            Self::TooLong => "too_long",
            Self::UnknownField => "unknown_field",
        }
    }
}

/// A value read as text, and what was remarkable about it although it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// `characters_removed` or `partial_date`.
    pub remark: Option<Unfit>,
}

/// Reads a scalar as text: strings without control characters and bidirectional overrides, numbers as they are
/// written, booleans as `true` and `false`.
///
/// # Errors
/// `null`, `not_text` or `too_long`.
pub fn text(value: &Value) -> Result<Text, Unfit> {
    let raw = match value {
        Value::String(text) => text.as_str(),
        Value::Number(number) => number.as_text(),
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Null => return Err(Unfit::Null),
        Value::Array(_) | Value::Object(_) => return Err(Unfit::NotText),
    };
    // Line breaks and tabs part words, so a space takes their place; the other characters are invisible, and
    // the overrides could show a value in another order than it is stored in.
    let mut text = String::with_capacity(raw.len());
    for character in raw.chars() {
        match character {
            '\n' | '\t' => text.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            control if control.is_control() => {}
            other => text.push(other),
        }
    }
    if text.chars().count() > bounds::VALUE_CHARACTERS {
        return Err(Unfit::TooLong);
    }
    let remark = (text != raw).then_some(Unfit::CharactersRemoved);
    Ok(Text { text, remark })
}

/// Reads `true`, `false`, `1`, `0` and the same as strings.
///
/// # Errors
/// `null` or `not_a_boolean`.
pub fn boolean(value: &Value) -> Result<bool, Unfit> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::Null => Err(Unfit::Null),
        Value::Number(number) => boolean_word(number.as_text()),
        Value::String(text) => boolean_word(text),
        Value::Array(_) | Value::Object(_) => Err(Unfit::NotABoolean),
    }
}

fn boolean_word(word: &str) -> Result<bool, Unfit> {
    match word {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Unfit::NotABoolean),
    }
}

/// Reads a date as it was written: `YYYY-MM-DD`, or the date part of a full ISO 8601 timestamp. The time and its
/// zone are dropped and never shift the day. A partial date of OpenID Connect (`YYYY`, `0000-MM-DD`) is kept
/// with the remark `partial_date`.
///
/// # Errors
/// `empty` or `not_a_date`.
pub fn date(text: &str) -> Result<Text, Unfit> {
    let text = trimmed(text)?;
    if text.len() == 4 && number(text).is_some_and(|year| year > 0) {
        return Ok(Text { text: text.into(), remark: Some(Unfit::PartialDate) });
    }
    let (day, rest) = text.split_at_checked(10).ok_or(Unfit::NotADate)?;
    if !rest.is_empty() && !is_time(rest) {
        return Err(Unfit::NotADate);
    }
    let mut parts = day.splitn(3, '-');
    let (year, month, of_month) = (parts.next(), parts.next(), parts.next());
    let (Some(year), Some(month), Some(of_month)) =
        (year.and_then(number), month.and_then(number), of_month.and_then(number))
    else {
        return Err(Unfit::NotADate);
    };
    match calendar(year, month, of_month) {
        Some(written) if written == day => {
            Ok(Text { text: written, remark: (year == 0).then_some(Unfit::PartialDate) })
        }
        _ => Err(Unfit::NotADate),
    }
}

/// Writes a date as `YYYY-MM-DD`, if the calendar has it. The year 0 stands for an unknown one and has a 29th
/// of February.
pub fn calendar(year: u32, month: u32, day: u32) -> Option<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    (year <= 9999 && (1..=days).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Returns a run of digits as a number.
pub fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Checks the part after the day in a timestamp: `Thh:mm`, seconds, a fraction, and `Z` or an offset.
fn is_time(rest: &str) -> bool {
    let Some(time) = rest.strip_prefix(['T', 't', ' ']) else { return false };
    let time = match time.find(['Z', 'z', '+', '-']) {
        None => time,
        Some(at) => {
            let (time, zone) = time.split_at_checked(at).unwrap_or_default();
            let offset = zone.get(1..).unwrap_or_default();
            let utc = zone.starts_with(['Z', 'z']);
            if (utc && !offset.is_empty()) || (!utc && !is_clock(&offset.replace(':', ""), &[23, 59])) {
                return false;
            }
            time
        }
    };
    let (clock, fraction) = time.split_once(['.', ',']).unwrap_or((time, "0"));
    let parted = clock.split(':').all(|part| part.len() == 2);
    parted
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && is_clock(&clock.replace(':', ""), &[24, 59, 60])
}

/// Whether the digits are two per limit, none above its limit, and at least the first two limits are met.
fn is_clock(digits: &str, limits: &[u32]) -> bool {
    let pairs = digits.len() / 2;
    let complete = digits.len().is_multiple_of(2) && (1..=limits.len()).contains(&pairs);
    complete
        && limits.iter().take(pairs).enumerate().all(|(index, limit)| {
            let from = index.saturating_mul(2);
            digits.get(from..from.saturating_add(2)).and_then(number).is_some_and(|value| value <= *limit)
        })
}

/// Reads two letters as a country, in capitals.
///
/// # Errors
/// `empty` or `not_a_country`.
pub fn country(text: &str) -> Result<String, Unfit> {
    let text = trimmed(text)?;
    let two_letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if two_letters { Ok(text.to_ascii_uppercase()) } else { Err(Unfit::NotACountry) }
}

/// Reads a number: at most 15 digits, a point and at most 6 decimals, without an exponent.
///
/// # Errors
/// `empty` or `not_a_number`.
pub fn decimal(text: &str) -> Result<String, Unfit> {
    let text = trimmed(text)?;
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_run = |digits: &str, most: usize| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_number = is_run(whole.strip_prefix('-').unwrap_or(whole), 15) && is_run(decimals, 6);
    if is_number { Ok(text.into()) } else { Err(Unfit::NotANumber) }
}

/// Reads a telephone number: the digits, and a leading `+`. Spaces, dots, dashes, slashes and brackets part
/// digits and are dropped; so is the `(0)` that some write after a country code.
///
/// # Errors
/// `empty` or `not_a_phone`.
pub fn phone(text: &str) -> Result<String, Unfit> {
    /// Digits of the shortest and longest number worth keeping: a short code, and E.164 with a little room.
    const DIGITS: core::ops::RangeInclusive<usize> = 3..=20;
    let text = trimmed(text)?;
    let international = text.starts_with('+');
    let rest = text.strip_prefix('+').unwrap_or(text);
    let rest = if international { rest.replacen("(0)", "", 1) } else { rest.to_string() };
    let mut out = String::from(if international { "+" } else { "" });
    for character in rest.chars() {
        match character {
            digit if digit.is_ascii_digit() => out.push(digit),
            ' ' | '\u{a0}' | '.' | '-' | '/' | '(' | ')' => {}
            _ => return Err(Unfit::NotAPhone),
        }
    }
    let digits = out.len().saturating_sub(usize::from(international));
    if DIGITS.contains(&digits) { Ok(out) } else { Err(Unfit::NotAPhone) }
}

/// Reads an e-mail address: one `@` with something on both sides and no white space; at most 254 characters
/// (RFC 5321 section 4.5.3.1.3). Whether it exists, only a message can tell.
///
/// # Errors
/// `empty` or `not_an_email`.
pub fn email(text: &str) -> Result<String, Unfit> {
    let text = trimmed(text)?;
    let mut parts = text.split('@');
    let (Some(local), Some(domain), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Unfit::NotAnEmail);
    };
    let plain = !text.chars().any(|character| is_blank(character) || "<>,;\"".contains(character));
    let named = !local.is_empty() && domain.split('.').all(|label| !label.is_empty());
    if plain && named && text.chars().count() <= 254 { Ok(text.into()) } else { Err(Unfit::NotAnEmail) }
}

/// Takes white space off both ends, as JavaScript's `trim` does, so that a page and this agree.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// White space of JavaScript: the byte order mark is, and the control character U+0085 is not.
fn is_blank(character: char) -> bool {
    character == '\u{feff}' || (character.is_whitespace() && character != '\u{85}')
}

fn trimmed(text: &str) -> Result<&str, Unfit> {
    let text = trim(text);
    if text.is_empty() { Err(Unfit::Empty) } else { Ok(text) }
}
