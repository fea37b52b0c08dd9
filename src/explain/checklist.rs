//! The way through all checks, from the text to the report.

use super::{claims, keys, report::Report, token, transport};
use crate::{
    Result,
    jose::host::{Host, here},
    secure_token::Settings,
    time::UnixTime,
};

/// Explains a token, given as `text`. Without a campaign, `campaignId` is only checked for being there.
///
/// The code of a check that failed is that of the catalogue, of one with a remark that of the warning; of one
/// that passed or was skipped it is the name of the check. Where a token is refused, what people get wrong is tried
/// (another reading of the secret, another form of the signature, another of the configured keys), with at most 32
/// cryptographic operations in all; what is found is a check of its own, and the token stays refused.
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
    here(explaining(settings, text, campaign_id, now, &Host::none())).unwrap_or_default()
}

/// Works as [`explain`], by the module or by the host.
///
/// # Errors
/// None: a fault is in the report.
pub async fn explaining(
    settings: &Settings,
    text: &str,
    campaign_id: Option<&str>,
    now: UnixTime,
    host: &Host,
) -> Result<Report> {
    let mut report = Report::default();
    let token = transport::repair(text);
    keys::check(settings, &mut report);
    let readable = token::check(settings, &token, host, &mut report).await;
    claims::check(settings, readable.as_ref(), campaign_id, now, &mut report);
    Ok(report)
}
