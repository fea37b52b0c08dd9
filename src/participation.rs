//! Limits and count in, decision out. The core counts nothing: the host says how often the participant took part, and
//! keeps the limit that the customer stated last.

use crate::{
    Code, Error, Result,
    json::{
        Object, Value,
        members::{Members, invalid},
    },
    time::UnixTime,
};

/// The limit that a token sets for its participant (the `limit` claim).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limit {
    /// Number of participations allowed.
    pub nb: Option<u64>,
    /// Whether the participant may play at all.
    pub can_play: Option<bool>,
}

/// Whether the participant may play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allowed,
    /// As far as is known: there is a limit, but no count to compare it with.
    LimitUnchecked,
    /// No, and why.
    Refused(Reason),
}

/// Why a participant may not play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The token says so.
    NotAllowed,
    /// All participations are used.
    QuotaReached,
    /// All participations of this week are used.
    WeekReached,
    /// All participations of this day are used.
    DayReached,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::NotAllowed, Self::QuotaReached, Self::WeekReached, Self::DayReached];

    /// Returns the code of the catalogue that stands for the reason.
    pub const fn code(self) -> Code {
        match self {
            Self::NotAllowed => Code::NotAllowed,
            Self::QuotaReached => Code::QuotaReached,
            Self::WeekReached => Code::WeekReached,
            Self::DayReached => Code::DayReached,
        }
    }

    /// Returns the name of the reason, which is also a code of the catalogue.
    pub const fn as_str(self) -> &'static str {
        self.code().as_str()
    }
}

impl Decision {
    /// Returns `allowed`, `limit_unchecked` or `refused`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::LimitUnchecked => "limit_unchecked",
            Self::Refused(_) => "refused",
        }
    }

    /// Returns the reason for a refusal; `None` if the participant is allowed.
    pub const fn reason(self) -> Option<Reason> {
        if let Self::Refused(reason) = self { Some(reason) } else { None }
    }

    /// Returns `{ decision, reason? }`.
    pub fn to_json(self) -> Object {
        let mut out = Object::new();
        out.set("decision", self.as_str());
        out.set_some("reason", self.reason().map(Reason::as_str));
        out
    }
}

impl Limit {
    /// Reads a `limit` claim; at least one of `nb` and `canPlay` must be there. Other members are left alone.
    ///
    /// # Errors
    /// `claim_type` for anything but an object, `limit_empty` for one with neither member, `limit_invalid` for
    /// an `nb` that is not a whole number of 0 or more or a `canPlay` that is not a boolean.
    pub fn parse(value: &Value, place: &str) -> Result<Self> {
        let Some(object) = value.as_object() else {
            // PHP writes an empty object as [].
            let code = if value.as_array().is_some_and(<[Value]>::is_empty) {
                Code::LimitEmpty
            } else {
                Code::ClaimType
            };
            return Err(Error::new(code)
                .at(place)
                .expected("an object with nb or canPlay")
                .got(value.kind()));
        };
        let invalid = |name: &str, expected: &str, value: &Value| {
            let got = match value {
                Value::Number(number) if number.as_f64() < 0.0 => "a negative number",
                Value::Number(_) if name == "nb" => "a number that is not written as a whole one",
                other => other.kind(),
            };
            Error::new(Code::LimitInvalid).at(alloc::format!("{place}/{name}")).expected(expected).got(got)
        };
        let nb = object.get("nb").map(|value| {
            let whole = value.as_i64().and_then(|number| u64::try_from(number).ok());
            whole.ok_or_else(|| invalid("nb", "a whole number of 0 or more", value))
        });
        let can_play = object
            .get("canPlay")
            .map(|value| value.as_bool().ok_or_else(|| invalid("canPlay", "true or false", value)));
        let limit = Self { nb: nb.transpose()?, can_play: can_play.transpose()? };
        if limit == Self::default() {
            return Err(Error::new(Code::LimitEmpty).at(place).expected("at least one of nb and canPlay"));
        }
        Ok(limit)
    }

    /// Returns the stricter of two limits: the smaller number, and only who may play by both.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        let nb = [self.nb, other.nb].into_iter().flatten().min();
        Self { nb, can_play: [self.can_play, other.can_play].into_iter().flatten().min() }
    }

    /// Returns `{ nb?, canPlay? }`.
    pub fn to_json(self) -> Object {
        let mut out = Object::new();
        out.set_some("nb", self.nb.map(|nb| i64::try_from(nb).unwrap_or(i64::MAX)));
        out.set_some("canPlay", self.can_play);
        out
    }
}

/// Decides by the limit and the number of participations so far.
///
/// No limit allows. `canPlay: false` refuses whatever `nb` says. `nb` allows while fewer participations were
/// made; `nb: 0` refuses without a count; any other `nb` without a count is not checked.
///
/// ```
/// use handstamp::{json::Value, participation::{Decision, Limit, Reason, decide}};
/// let limit = Limit::parse(&Value::parse(br#"{ "nb": 1 }"#)?, "/limit")?;
/// assert_eq!(decide(Some(&limit), Some(0)), Decision::Allowed);
/// assert_eq!(decide(Some(&limit), Some(1)), Decision::Refused(Reason::QuotaReached));
/// assert_eq!(decide(Some(&limit), None), Decision::LimitUnchecked);
/// assert_eq!(decide(None, None), Decision::Allowed);
/// # Ok::<(), handstamp::Error>(())
/// ```
pub fn decide(limit: Option<&Limit>, participations: Option<u64>) -> Decision {
    let Some(limit) = limit else { return Decision::Allowed };
    if limit.can_play == Some(false) {
        return Decision::Refused(Reason::NotAllowed);
    }
    match (limit.nb, participations) {
        (None, _) => Decision::Allowed,
        (Some(0), _) => Decision::Refused(Reason::QuotaReached),
        (Some(_), None) => Decision::LimitUnchecked,
        (Some(nb), Some(count)) if count < nb => Decision::Allowed,
        (Some(_), Some(_)) => Decision::Refused(Reason::QuotaReached),
    }
}

/// The limits that a campaign sets itself (`limit` of its settings).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CampaignLimit {
    /// The most participations of one person, whatever limit the customer stated.
    pub total: Option<u64>,
    /// The most participations of one person in one day of the campaign's calendar.
    pub day: Option<u64>,
    /// The most participations of one person in one week of the campaign's calendar, which begins on Monday.
    pub week: Option<u64>,
    /// The number of participations by signing in at the identity provider, where the customer stated none. A token needs
    /// no such number: each records once.
    pub unstated: Option<u64>,
}

impl CampaignLimit {
    /// Names of the members.
    pub(crate) const NAMES: [&str; 4] = ["total", "day", "week", "unstated"];

    /// Returns the limit that governs a person for whom the customer stated `limit`: of two numbers the stricter one.
    pub fn governing(self, limit: Option<Limit>, signed_in: bool) -> Option<Limit> {
        let stated = limit.unwrap_or_default();
        let unstated = self.unstated.filter(|_| signed_in);
        let nb = [stated.nb.or(unstated), self.total].into_iter().flatten().min();
        let governing = Limit { nb, ..stated };
        (governing != Limit::default()).then_some(governing)
    }

    /// Decides by the calendar: by the number of participations since the day and the week began. The week speaks first, as
    /// it is the longer wait.
    pub fn by_calendar(self, played: Recent) -> Decision {
        let is_reached = |most: Option<u64>, count: u64| most.is_some_and(|most| count >= most);
        if is_reached(self.week, played.week) {
            Decision::Refused(Reason::WeekReached)
        } else if is_reached(self.day, played.day) {
            Decision::Refused(Reason::DayReached)
        } else {
            Decision::Allowed
        }
    }
}

/// The number of participations of a person since the day and the week of the campaign's calendar began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    /// Since the day began.
    pub day: u64,
    /// Since the week began.
    pub week: u64,
}

/// A limit that the customer stated, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stated {
    /// The limit.
    pub limit: Limit,
    /// When it was stated.
    pub at: UnixTime,
}

impl Stated {
    /// Returns a limit that was stated when its token was signed, and where that is unknown when it was seen.
    pub fn new(limit: Limit, signed_at: Option<UnixTime>, seen_at: UnixTime) -> Self {
        // A clock that is ahead gives no limit a longer life than others.
        Self { limit, at: signed_at.map_or(seen_at, |signed_at| signed_at.min(seen_at)) }
    }

    /// Returns the one that was stated last; of two of the same second, the one that was seen last.
    #[must_use]
    pub fn last(kept: Option<Self>, seen: Option<Self>) -> Option<Self> {
        match (kept, seen) {
            (Some(kept), Some(seen)) if seen.at < kept.at => Some(kept),
            (kept, seen) => seen.or(kept),
        }
    }

    /// Returns `{ limit, at }`.
    pub fn to_json(self) -> Object {
        let mut out = Object::new();
        out.set("limit", self.limit.to_json());
        out.set("at", self.at.0);
        out
    }
}

/// Judges the next participation of a person: by the limit that the customer stated last, the campaign's own limits and
/// the number of participations so far. Reads `{ campaign?: { total?, day?, week?, unstated? }, signedIn?, kept?: { limit, at },
/// seen?: { limit, signedAt?, seenAt }, participations?, played?: { day, week } }`: `signedIn` tells a sign-in at the identity
/// provider from a token, `kept` is what the record keeps, `seen` what the token or sign-in says, `played` the participations
/// since the day and the week began.
///
/// Returns `{ decision, reason?, limit?, stated? }`: the limit that governs, and the one to keep.
///
/// # Errors
/// `settings_invalid` with the place of a member that is not valid, and the errors of [`Limit::parse`].
pub fn judge(input: &Value) -> Result<Object> {
    let members =
        Members::of(input, "", &["campaign", "signedIn", "kept", "seen", "participations", "played"])?;
    let campaign = match members.get("campaign") {
        None => CampaignLimit::default(),
        Some(value) => {
            let campaign = Members::of(value, "/campaign", &CampaignLimit::NAMES)?;
            CampaignLimit {
                total: count(&campaign, "total")?,
                day: count(&campaign, "day")?,
                week: count(&campaign, "week")?,
                unstated: count(&campaign, "unstated")?,
            }
        }
    };
    let played = match members.get("played") {
        None => Recent::default(),
        Some(value) => {
            let played = Members::of(value, "/played", &["day", "week"])?;
            Recent {
                day: count(&played, "day")?.unwrap_or_default(),
                week: count(&played, "week")?.unwrap_or_default(),
            }
        }
    };
    let kept = members.get("kept").map(|kept| {
        let kept = Members::of(kept, "/kept", &["limit", "at"])?;
        Ok::<_, Error>(Stated { limit: limit_of(&kept)?, at: time(&kept, "at")? })
    });
    let seen = members.get("seen").map(|seen| {
        let seen = Members::of(seen, "/seen", &["limit", "signedAt", "seenAt"])?;
        let signed_at = seen.whole("signedAt", i64::MIN..=i64::MAX)?.map(UnixTime);
        Ok::<_, Error>(Stated::new(limit_of(&seen)?, signed_at, time(&seen, "seenAt")?))
    });
    let stated = Stated::last(kept.transpose()?, seen.transpose()?);
    let limit = campaign.governing(stated.map(|stated| stated.limit), members.flag("signedIn")?);
    let decision = match decide(limit.as_ref(), count(&members, "participations")?) {
        refused @ Decision::Refused(_) => refused,
        other => match campaign.by_calendar(played) {
            Decision::Allowed => other,
            refused => refused,
        },
    };
    let mut out = decision.to_json();
    out.set_some("limit", limit.map(Limit::to_json));
    out.set_some("stated", stated.map(Stated::to_json));
    Ok(out)
}

fn limit_of(members: &Members<'_>) -> Result<Limit> {
    Limit::parse(members.required("limit", "a limit")?, &members.place("limit"))
}

fn count(members: &Members<'_>, name: &str) -> Result<Option<u64>> {
    Ok(members.whole(name, 0..=i64::MAX)?.and_then(|number| u64::try_from(number).ok()))
}

fn time(members: &Members<'_>, name: &str) -> Result<UnixTime> {
    let value = members.required(name, "a time")?;
    members
        .whole(name, 0..=i64::MAX)?
        .map(UnixTime)
        .ok_or_else(|| invalid(&members.place(name), "a time", value))
}
