//! Seconds since 1970 and leeway. There is no clock here: `now` is always an argument.

use crate::{Code, Error, Result, bounds, json::Value};
use alloc::string::String;
#[cfg(feature = "std")]
extern crate std;

/// Seconds since 1970-01-01T00:00:00Z (RFC 7519 section 2, NumericDate).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// Reads a claim: a JSON number, fractions floored, milliseconds recognised and refused.
    ///
    /// # Errors
    /// `claim_type` for anything but a number, `exp_looks_like_milliseconds` for a number that large.
    pub(crate) fn from_claim(value: &Value, place: &str) -> Result<Self> {
        let Some(number) = value.as_f64() else {
            return Err(Error::new(Code::ClaimType)
                .at(place)
                .expected("a number of seconds")
                .got(value.kind()));
        };
        if number > bounds::MILLISECONDS_ABOVE {
            let fault = Error::new(Code::ExpLooksLikeMilliseconds).at(place).expected("seconds since 1970");
            return Err(fault.got(small_unit(number).unwrap_or("a date tens of thousands of years away")));
        }
        if number < 0.0 {
            return Err(Error::new(Code::ClaimType)
                .at(place)
                .expected("a time in or after 1970")
                .got("a negative number"));
        }
        // In range by the two checks above; the cast drops the fraction.
        #[allow(clippy::cast_possible_truncation)]
        Ok(Self(number as i64))
    }

    /// This time moved by a number of seconds, held at the ends of the range.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Returns the seconds from `earlier` to this time.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Seconds since 1970 by the system's clock; a time before 1970 counts as 1970, a fraction is dropped.
///
/// ```
/// use handstamp::time::UnixTime;
/// use std::time::{Duration, SystemTime};
/// let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_800_000_000_900);
/// assert_eq!(UnixTime::from(time), UnixTime(1_800_000_000));
/// ```
#[cfg(feature = "std")]
impl From<std::time::SystemTime> for UnixTime {
    fn from(time: std::time::SystemTime) -> Self {
        let since = time.duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}

/// The units below milliseconds that times are written in by mistake, with the numbers of the years 1992 to 2100.
const UNITS: [(&str, f64, f64); 4] = [
    ("microseconds", 6.9e14, 4.2e15),
    ("a file time of Windows, of 100 nanoseconds since 1601", 1.2e17, 1.7e17),
    ("ticks of .NET, of 100 nanoseconds since the year 1", 6.2e17, 6.7e17),
    ("nanoseconds", 6.9e17, 4.2e18),
];
/// Returns the unit below milliseconds that a number far too large for seconds is probably in.
pub(crate) fn small_unit(number: f64) -> Option<&'static str> {
    let found = UNITS.iter().find(|(_, least, most)| (*least..*most).contains(&number));
    found.map(|(unit, ..)| *unit)
}

/// The least number that can be the time of a token, in September 2001.
const EARLIEST: f64 = 1e9;
/// The most seconds that a duration may have; a larger number is a date in another unit.
const TEN_YEARS: f64 = 3.2e8;
/// How far from now a date in another unit may be: five years, in days.
const NEAR_DAYS: f64 = 1830.0;

/// Returns the unit, or the way of writing, that a time is probably in where it is not in seconds since 1970 nor in milliseconds.
// Numbers of years: far inside the range of a float.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn other_unit(number: f64, now: UnixTime) -> Option<&'static str> {
    if number > bounds::MILLISECONDS_ABOVE {
        let is_digits = (1.9e13..2.2e13).contains(&number);
        let is_milliseconds = (EARLIEST..EARLIEST * 5.0).contains(&(number / 1000.0));
        let other = || (!is_milliseconds).then_some("a number too large for a date");
        return small_unit(number).or(is_digits.then_some("a date as digits, YYYYMMDDhhmmss")).or_else(other);
    }
    if !(1.0..EARLIEST).contains(&number) {
        return None;
    }
    let now = now.0 as f64;
    let is_near = |number: f64, now: f64, in_a_day: f64| (number - now).abs() < NEAR_DAYS * in_a_day;
    let found = [
        ("a date as digits, YYYYMMDD", (1.9e7..2.2e7).contains(&number)),
        ("minutes since 1970", is_near(number, now / 60.0, 1440.0)),
        ("days since 1970", is_near(number, now / 86_400.0, 1.0)),
        ("days since 1900", is_near(number, now / 86_400.0 + 25_569.0, 1.0)),
        ("seconds since 2001", is_near(number, now - 978_307_200.0, 86_400.0)),
        ("a duration", number < TEN_YEARS),
    ];
    found.into_iter().find(|(_, is_so)| *is_so).map(|(unit, _)| unit)
}

/// Returns a number of seconds exactly, and in words where those say more: "1,500 seconds (25 minutes)".
pub(crate) fn exactly(seconds: i64) -> String {
    let seconds = seconds.saturating_abs();
    let digits = told!("{seconds}");
    let mut grouped = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && digits.len().saturating_sub(index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match in_words(seconds) {
        words if words.contains("second") => words,
        words => told!("{grouped} seconds ({words})"),
    }
}

/// Returns a number of seconds in words, as "3 minutes" or "2 days": for error texts.
pub(crate) fn in_words(seconds: i64) -> String {
    let seconds = seconds.saturating_abs();
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7199 => (seconds / 60, "minute"),
        7200..=172_799 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    told!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
