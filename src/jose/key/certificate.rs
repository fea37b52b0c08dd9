//! Certificates (RFC 5280 section 4.1), as far as they are read: the key, and for a report the end. The issuer is not
//! ours to judge.

use crate::jose::der::{self, Elements};
#[cfg(feature = "whole")]
use crate::jose::der::{GENERALIZED_TIME, UTC_TIME};
#[cfg(feature = "whole")]
use alloc::{format, string::String};

/// Finds the SubjectPublicKeyInfo.
pub(super) fn key(der: &[u8]) -> Option<&[u8]> {
    let mut members = from_validity(der)?;
    // Validity and subject.
    members.any()?;
    members.any()?;
    members.whole()
}

/// Reads the end of the validity, as RFC 3339 writes a time.
#[cfg(feature = "whole")]
pub(super) fn end(der: &[u8]) -> Option<String> {
    let mut validity = from_validity(der)?.sequence()?;
    validity.any()?;
    let (tag, text) = validity.any()?;
    validity.end()?;
    time(tag, core::str::from_utf8(text).ok()?)
}

/// The members of the part that is signed, from the validity on. The version in front may be left out.
fn from_validity(der: &[u8]) -> Option<Elements<'_>> {
    let mut members = Elements::of_sequence(der)?.sequence()?;
    if members.tag()? == der::context(0) {
        members.any()?;
    }
    // Serial number, signature and issuer.
    for _ in 0..3 {
        members.any()?;
    }
    Some(members)
}

/// A time (RFC 5280 section 4.1.2.5): years of two digits are those from 1950 to 2049.
#[cfg(feature = "whole")]
fn time(tag: u8, text: &str) -> Option<String> {
    let digits = text.strip_suffix('Z').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let whole = match (tag, digits.len()) {
        (UTC_TIME, 12) => format!("{}{digits}", if digits < "50" { "20" } else { "19" }),
        (GENERALIZED_TIME, 14) => digits.into(),
        _ => return None,
    };
    let (year, rest) = whole.split_at_checked(4)?;
    let mut parts = [""; 5];
    for (part, (index, most)) in parts.iter_mut().zip((0..).step_by(2).zip(["12", "31", "23", "59", "59"])) {
        *part = rest.get(index..)?.get(..2).filter(|digits| *digits <= most)?;
    }
    let [month, day, hour, minute, second] = parts;
    let is_date = month != "00" && day != "00";
    is_date.then(|| format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
}

#[cfg(all(test, feature = "whole"))]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_certificates_write_them() {
        for (tag, text, read) in [
            (UTC_TIME, "491231235959Z", Some("2049-12-31T23:59:59Z")),
            (UTC_TIME, "500101000000Z", Some("1950-01-01T00:00:00Z")),
            (GENERALIZED_TIME, "20500101000000Z", Some("2050-01-01T00:00:00Z")),
            (GENERALIZED_TIME, "500101000000Z", None),
            (UTC_TIME, "20500101000000Z", None),
            (UTC_TIME, "491231235959", None),
            (UTC_TIME, "4912312359+9Z", None),
            (UTC_TIME, "491331000000Z", None),
            (UTC_TIME, "490031000000Z", None),
            (UTC_TIME, "490100000000Z", None),
            (UTC_TIME, "490101240000Z", None),
            (UTC_TIME, "490101006000Z", None),
            (der::INTEGER, "491231235959Z", None),
        ] {
            assert_eq!(time(tag, text).as_deref(), read, "{tag} {text}");
        }
    }
}
