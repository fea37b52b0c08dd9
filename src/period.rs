//! The period of a campaign: its start, its end and the time enter; whether it takes part leaves. There is no calendar here:
//! the host turns local times into seconds.

use crate::{
    Code, Error, Result, bounds,
    json::{
        Object, Value,
        members::{Members, invalid},
    },
    time::UnixTime,
};

/// The phase of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// It has not started.
    NotYet,
    /// Everybody may play.
    Open,
    /// It has ended, and plays that had begun may be finished.
    Closing,
    /// Nothing is taken any more.
    Over,
    /// It has been put away, whatever its times are: nothing is taken, as when it is over.
    Archived,
}

impl Phase {
    /// Returns the phase at `now`. The start is the first second of a campaign, the end the first one after it.
    ///
    /// ```
    /// use handstamp::{period::Phase, time::UnixTime};
    /// let (starts, ends) = (Some(UnixTime(1_000)), Some(UnixTime(2_000)));
    /// assert_eq!(Phase::at(starts, ends, UnixTime(999)), Phase::NotYet);
    /// assert_eq!(Phase::at(starts, ends, UnixTime(1_999)), Phase::Open);
    /// assert_eq!(Phase::at(starts, ends, UnixTime(2_000)), Phase::Closing);
    /// assert_eq!(Phase::at(starts, ends, UnixTime(2_900)), Phase::Over);
    /// assert_eq!(Phase::at(None, None, UnixTime(0)), Phase::Open);
    /// ```
    pub fn at(starts: Option<UnixTime>, ends: Option<UnixTime>, now: UnixTime) -> Self {
        match (starts, ends) {
            (_, Some(ends)) if now >= ends.plus(bounds::CLOSING_SECONDS) => Self::Over,
            (_, Some(ends)) if now >= ends => Self::Closing,
            (Some(starts), _) if now < starts => Self::NotYet,
            _ => Self::Open,
        }
    }

    /// Returns `not_yet`, `open`, `closing`, `over` or `archived`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotYet => "not_yet",
            Self::Open => "open",
            Self::Closing => "closing",
            Self::Over => "over",
            Self::Archived => "archived",
        }
    }

    /// Returns the code that refuses somebody who comes, or who goes on with a play that was begun before.
    pub const fn refusal(self, begun: bool) -> Option<Code> {
        match self {
            Self::NotYet => Some(Code::CampaignNotYet),
            Self::Open => None,
            Self::Closing if begun => None,
            Self::Closing | Self::Over | Self::Archived => Some(Code::CampaignOver),
        }
    }
}

/// Judges whether a campaign takes part. Reads `{ starts?, ends?, now, begun?, archived? }`, times in seconds; `begun` tells a
/// play that was begun before from somebody who comes, and `archived` puts the campaign away.
///
/// Returns `{ phase, code? }`.
///
/// # Errors
/// `settings_invalid` with the place of a member that is not valid.
pub fn judge(input: &Value) -> Result<Object> {
    let members = Members::of(input, "", &["starts", "ends", "now", "begun", "archived"])?;
    let time = |name| Ok::<_, Error>(members.whole(name, 0..=i64::MAX)?.map(UnixTime));
    let now = time("now")?.ok_or_else(|| invalid("/now", "a time", &Value::Null))?;
    let (starts, ends) = (time("starts")?, time("ends")?);
    let phase = if members.flag("archived")? { Phase::Archived } else { Phase::at(starts, ends, now) };
    let mut out = Object::new();
    out.set("phase", phase.as_str());
    out.set_some("code", phase.refusal(members.flag("begun")?).map(Code::as_str));
    Ok(out)
}
