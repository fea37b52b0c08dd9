//! The options of an admission: campaign, time, and the host's knowledge of the participant.

use crate::{profile::fields::Fields, time::UnixTime};

/// The campaign, the time, and what the host knows beside the token.
///
/// ```
/// use handstamp::{secure_token::AdmitOptions, time::UnixTime};
/// let options = AdmitOptions::new("100001", UnixTime(1_800_000_000)).participations(2);
/// assert_eq!((options.campaign_id, options.participations), ("100001", Some(2)));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AdmitOptions<'a> {
    /// The campaign that is being opened; the token must be for it.
    pub campaign_id: &'a str,
    /// The time at which the token is judged.
    pub now: UnixTime,
    /// How often the participant has taken part. `None`, the default, leaves a limit by number unchecked.
    pub participations: Option<u64>,
    /// The campaign's fields and opt-ins. `None`, the default, prefills whatever the token carries.
    pub fields: Option<&'a Fields>,
}

impl<'a> AdmitOptions<'a> {
    /// Names the campaign and the time; the rest is not known.
    pub const fn new(campaign_id: &'a str, now: UnixTime) -> Self {
        Self { campaign_id, now, participations: None, fields: None }
    }

    /// Adds how often the participant has taken part.
    #[must_use]
    pub const fn participations(self, count: u64) -> Self {
        Self { participations: Some(count), ..self }
    }

    /// Adds the campaign's fields and opt-ins: what does not fit them is listed in the prefill's `ignored`.
    #[must_use]
    pub const fn fields(self, fields: &'a Fields) -> Self {
        Self { fields: Some(fields), ..self }
    }
}
