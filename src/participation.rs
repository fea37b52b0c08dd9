//! Limit and count in, decision out. The core counts nothing: the host says how often the participant took part.

use crate::{
    Code, Error, Result,
    json::{Object, Value},
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
}

impl Reason {
    /// Returns the name of the reason, which is also a code of the catalogue.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAllowed => Code::NotAllowed.as_str(),
            Self::QuotaReached => Code::QuotaReached.as_str(),
        }
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
                Value::Number(_) => "a number that is not written as a whole one",
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
