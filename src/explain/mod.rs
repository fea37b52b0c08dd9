//! Why a token is refused, or would be: every check that can be made is made, also after one has failed.
//!
//! The verdict is that of [`admit`](crate::secure_token::admit). The report holds types, lengths, times and
//! names of the standards, never a token, a secret or a claim's value; of an encrypted token it says nothing
//! about the inside unless it decrypts and its signature is good.

mod checks;
mod report;

pub use report::{Check, Report, Status, Verdict};

use crate::{secure_token::Settings, time::UnixTime};

/// Explains a token. Without a campaign, `campaignId` is only checked for being there.
///
/// The code of a check that failed is that of the catalogue, of one with a remark that of the warning; of one
/// that passed or was skipped it is the name of the check.
pub fn explain(settings: &Settings, token: &str, campaign_id: Option<&str>, now: UnixTime) -> Report {
    let mut report = Report::default();
    let readable = checks::token(settings, token, &mut report);
    checks::claims(settings, readable.as_ref(), campaign_id, now, &mut report);
    report
}
