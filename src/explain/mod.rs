//! Why a token is refused, or would be: every check that can be made is made, also after one has failed.
//!
//! The verdict is that of [`admit`](crate::secure_token::admit). The report holds types, lengths, times and
//! names of the standards, never a token, a secret or a claim's value; of an encrypted token it says nothing
//! about the inside unless it decrypts and its signature is good.

mod claims;
mod report;
mod token;

pub use report::{Check, Report, Status, Verdict};

use crate::{jose::host::Host, secure_token::Settings, time::UnixTime};

/// Explains a token, given as `text`. Without a campaign, `campaignId` is only checked for being there.
///
/// The code of a check that failed is that of the catalogue, of one with a remark that of the warning; of one
/// that passed or was skipped it is the name of the check.
///
/// ```
/// use handstamp::{explain::{Status, Verdict, explain}, secure_token::Settings, time::UnixTime};
/// let settings = Settings::parse(br#"{ "verify": {
///     "method": "symmetricKey", "key": "32 bytes, known to the two sides", "encoding": "utf8", "alg": "HS256" } }"#);
/// let report = explain(&settings.unwrap(), "a.b.c", Some("100001"), UnixTime(1_800_000_000));
/// assert_eq!(report.verdict(), Verdict::Rejected);
/// assert!(report.checks.iter().any(|check| check.status == Status::Fail && check.path.as_deref() == Some("header")));
/// ```
pub fn explain(settings: &Settings, text: &str, campaign_id: Option<&str>, now: UnixTime) -> Report {
    explain_by(settings, text, campaign_id, now, &mut Host::none())
}

/// As [`explain`], by the module or by the host; a report is whole once the host is asked nothing more.
pub fn explain_by(
    settings: &Settings,
    text: &str,
    campaign_id: Option<&str>,
    now: UnixTime,
    host: &mut Host,
) -> Report {
    let mut report = Report::default();
    let readable = token::check(settings, text, host, &mut report);
    claims::check(settings, readable.as_ref(), campaign_id, now, &mut report);
    report
}
