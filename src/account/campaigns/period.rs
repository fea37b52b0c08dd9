//! The period of a campaign in its document: `starts`, `ends`, and the zone of its calendar. Texts enter and leave; the host,
//! which knows the zones, turns them into moments.

use crate::{
    account::reading::{FaultReason, MemberReader},
    json::Object,
    profile::value::{calendar, number},
};
use alloc::{format, string::String};

/// The members of a campaign that this file reads.
pub(in crate::account) const MEMBERS: [&str; 3] = ["starts", "ends", "timeZone"];
/// The zone of a campaign that names none.
const DEFAULT_ZONE: &str = "UTC";
/// Longest name of a zone, characters: that of the longest of the IANA database, twice.
const ZONE_CHARACTERS: usize = 64;
const EXPECTED: &str = "a day such as 2026-12-01, or a time such as 2026-12-01T09:00, which may end with Z or an offset such as +01:00";

/// Reads the period into `out`. A day alone begins with its first second and ends with its last one: in normal form it is
/// the wall time at which it begins, or at which the next day does.
pub(in crate::account) fn read(campaign: &MemberReader<'_>, out: &mut Object) {
    let mut times = ["starts", "ends"].map(|name| {
        let text = campaign.text(name, 40)?;
        let moment = moment(text, name == "ends");
        if moment.is_none() {
            campaign.because(name, FaultReason::new("moment", []), format!("`{name}` must be {EXPECTED}."));
        }
        moment
    });
    // Two wall times compare as texts; the host compares any other two.
    let [starts, ends] = &mut times;
    if let (Some(first), Some(last)) = (&starts, &ends)
        && [first, last].iter().all(|time| is_wall_time(time))
        && first >= last
    {
        campaign.because("ends", FaultReason::new("order", []), "`ends` must be later than `starts`.");
    }
    out.set_some("starts", starts.take());
    out.set_some("ends", ends.take());
    out.set("timeZone", read_zone(campaign));
}

fn read_zone(campaign: &MemberReader<'_>) -> String {
    let zone = campaign.text("timeZone", ZONE_CHARACTERS).unwrap_or(DEFAULT_ZONE);
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.chars().all(|one| one.is_ascii_alphanumeric() || "_+-".contains(one))
    };
    if !zone.split('/').all(part) {
        campaign.because(
            "timeZone",
            FaultReason::new("zone", []),
            "`timeZone` must be the name of a zone in the IANA database, such as Europe/Brussels.",
        );
    }
    zone.into()
}

fn is_wall_time(text: &str) -> bool {
    text.len() == "2026-12-01T09:00:00".len()
}

/// A moment in normal form: `YYYY-MM-DDThh:mm:ss`, and behind it `Z` or an offset if it has one.
fn moment(text: &str, ends: bool) -> Option<String> {
    let (day, rest) = text.split_at_checked(10)?;
    let mut parts = day.splitn(3, '-').map(number);
    let (year, month, of_month) = (parts.next()??, parts.next()??, parts.next()??);
    if year < 1970 || calendar(year, month, of_month)? != day {
        return None;
    }
    if rest.is_empty() {
        let day = if ends { day_after(year, month, of_month)? } else { day.into() };
        return Some(format!("{day}T00:00:00"));
    }
    let time = rest.strip_prefix('T')?;
    let (clock, zone) = time.split_at(time.find(['Z', '+', '-']).unwrap_or(time.len()));
    let zone_fits = match zone.split_at_checked(1) {
        None | Some(("Z", "")) => true,
        Some(("+" | "-", offset)) => is_clock(offset, &[14, 59]),
        Some(_) => false,
    };
    let (whole, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock.into(), fraction),
        None if clock.len() == "09:00".len() => (format!("{clock}:00"), "0"),
        None => (clock.into(), "0"),
    };
    let fits = fraction.len() <= 3 && !fraction.is_empty() && number(fraction).is_some();
    (zone_fits && fits && is_clock(&whole, &[23, 59, 59])).then(|| format!("{day}T{whole}{zone}"))
}

fn day_after(year: u32, month: u32, day: u32) -> Option<String> {
    calendar(year, month, day.saturating_add(1))
        .or_else(|| calendar(year, month.saturating_add(1), 1))
        .or_else(|| calendar(year.saturating_add(1), 1, 1))
}

/// Checks for two digits per limit with a colon between two, none above its limit.
fn is_clock(text: &str, limits: &[u32]) -> bool {
    text.split(':').count() == limits.len()
        && text
            .split(':')
            .zip(limits)
            .all(|(part, most)| part.len() == 2 && number(part).is_some_and(|value| value <= *most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_one_normal_form_which_reads_as_itself() {
        for (text, starts, ends) in [
            ("2026-12-01", Some("2026-12-01T00:00:00"), Some("2026-12-02T00:00:00")),
            ("2026-12-31", Some("2026-12-31T00:00:00"), Some("2027-01-01T00:00:00")),
            ("2028-02-28", Some("2028-02-28T00:00:00"), Some("2028-02-29T00:00:00")),
            ("2026-12-01T09:00", Some("2026-12-01T09:00:00"), Some("2026-12-01T09:00:00")),
            ("2026-12-01T09:00:30.250", Some("2026-12-01T09:00:30"), Some("2026-12-01T09:00:30")),
            ("2026-12-01T09:00Z", Some("2026-12-01T09:00:00Z"), Some("2026-12-01T09:00:00Z")),
            ("2026-12-01T09:00:00.123Z", Some("2026-12-01T09:00:00Z"), Some("2026-12-01T09:00:00Z")),
            ("2026-12-01T09:00-05:30", Some("2026-12-01T09:00:00-05:30"), Some("2026-12-01T09:00:00-05:30")),
        ] {
            assert_eq!(
                (moment(text, false).as_deref(), moment(text, true).as_deref()),
                (starts, ends),
                "{text}"
            );
            for (form, last) in [(starts, false), (ends, true)] {
                assert_eq!(form.and_then(|form| moment(form, last)).as_deref(), form, "{text}");
            }
        }
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-02-30",
            "26-12-01",
            "1969-12-31",
            "2026-12-01 09:00",
            "2026-12-01T9:00",
            "2026-12-01T24:00",
            "2026-12-01T09:60",
            "2026-12-01T09:00:60",
            "2026-12-01T09",
            "2026-12-01T09:00z",
            "2026-12-01T09:00+1",
            "2026-12-01T09:00+15:00",
            "2026-12-01T09:00Z+01:00",
            "2026-12-01T09:00:00.",
            "2026-12-01T09:00:00.1234",
            "2026-12-01T09:00.5",
            "2026-12-01T",
            "2026-12-01T09:00 Europe/Brussels",
            "１２３４-12-01",
        ] {
            assert_eq!(moment(text, false), None, "{text}");
        }
    }
}
