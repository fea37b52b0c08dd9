//! The state that goes to the sign-in page and back: the data to return a person to the same step. Sealed, so that it
//! cannot be read or changed, and at most 512 characters, as some identity providers cut longer ones.

use super::return_page;
use crate::{
    Code, Error, Result, bounds,
    jose::base64url,
    json::{Object, Value},
    seal::{self, Purpose, Ring},
    time::UnixTime,
};
use alloc::{format, string::String, vec::Vec};
use sha2::{Digest, Sha256};

/// The version of what is inside.
const VERSION: i64 = 3;
/// The version of a sign-in that brings a preview; all else is the same.
const VERSION_OF_PREVIEW: i64 = 4;
/// The version before, which has no hash of the flow cookie. Its states are accepted for one upgrade, at most 60 minutes
/// (`STATE_MINUTES_RANGE`); this and the `Option` of `flow` go with the release after.
const VERSION_WITHOUT_FLOW: i64 = 2;
/// A state cannot be older than its issuer's clock; this much may the clocks of two machines differ, seconds.
const CLOCK_SECONDS: i64 = 60;

/// One sign-in on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct State {
    /// The id of the sign-in, which the flow cookie holds too.
    pub sid: String,
    /// The account.
    pub account: String,
    /// The campaign.
    pub campaign_id: String,
    /// The step that the person left.
    pub step: String,
    /// The language.
    pub lang: Option<String>,
    /// The hash of the frame's proof.
    pub bind: Option<String>,
    /// The way back: index of an origin of the account, and a path; an empty one where the flow cookie holds it.
    pub back: Option<(i64, String)>,
    /// Whether it brings the pass of a preview and no other.
    pub preview: bool,
    /// When it was made.
    pub issued_at: UnixTime,
    /// How long it lives, minutes.
    pub minutes: i64,
    /// Whether the answer must carry `iss`.
    pub sends_iss: bool,
    /// A short hash of the issuer that it was sent to.
    pub issuer_mark: String,
    /// How long ago the person may have been asked who it is, seconds; absent where that does not matter.
    pub max_age: Option<i64>,
    /// The hash of the verifier, the nonce and, where the flow cookie holds it, the page; a state of version 2 has none.
    pub flow: Option<String>,
}

/// Returns a short hash of an issuer, enough to see that the account has another one by now.
pub(crate) fn issuer_mark(issuer: &str) -> String {
    base64url::encode(Sha256::digest(issuer.as_bytes()).get(..8).unwrap_or_default())
}

impl State {
    /// Returns when it ends.
    pub const fn expires_at(&self) -> UnixTime {
        self.issued_at.plus(self.minutes.saturating_mul(60))
    }

    /// Seals the state.
    ///
    /// # Errors
    /// `state_too_long` if it would not fit an address.
    pub fn seal(&self, ring: &Ring, salt: [u8; 16]) -> Result<String> {
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        let (index, path) = match &self.back {
            Some((index, path)) => (Value::from(*index), Value::from(path.as_str())),
            None => (Value::Null, Value::Null),
        };
        // By position, not by name: names would not fit.
        let members = Value::Array(Vec::from([
            if self.preview { VERSION_OF_PREVIEW } else { VERSION }.into(),
            self.sid.as_str().into(),
            self.account.as_str().into(),
            self.campaign_id.as_str().into(),
            self.step.as_str().into(),
            text(&self.lang),
            text(&self.bind),
            index,
            path,
            self.issued_at.0.into(),
            self.minutes.into(),
            self.sends_iss.into(),
            self.issuer_mark.as_str().into(),
            self.max_age.map_or(Value::Null, Value::from),
            text(&self.flow),
        ]));
        let sealed = seal::seal(Purpose::State, ring, "*", members.to_text().as_bytes(), salt)?;
        if sealed.len() > bounds::STATE_CHARACTERS {
            let expected = format!("at most {} characters", bounds::STATE_CHARACTERS);
            return Err(Error::new(Code::StateTooLong)
                .expected(expected)
                .got(format!("{} characters", sealed.len())));
        }
        Ok(sealed)
    }

    /// Opens a state that came back. Whether it has expired is the caller's question: an old one still says whose
    /// draft to restore.
    ///
    /// # Errors
    /// `state_invalid` for everything that is not exactly a state of ours.
    pub fn open(ring: &Ring, text: &str) -> Result<Self> {
        let refused = || Error::new(Code::StateInvalid).at("state");
        if text.len() > bounds::STATE_CHARACTERS {
            return Err(refused().expected("at most 512 characters"));
        }
        let bytes = seal::open(Purpose::State, ring, "*", text).map_err(|error| match error.code() {
            Code::SealKeyUnknown => {
                refused().got("a state that was sealed with a key that is not in the ring")
            }
            _ => refused()
                .expected("the state as it was sent")
                .got(format!("another one, of {} characters", text.len())),
        })?;
        let value = Value::parse(&bytes).map_err(|_| refused())?;
        Self::read(value.as_array().unwrap_or_default()).ok_or_else(refused)
    }

    fn read(members: &[Value]) -> Option<Self> {
        let preview = members.first()?.as_i64()? == VERSION_OF_PREVIEW;
        let (members, flow) = match members {
            [version, members @ .., flow] if [VERSION, VERSION_OF_PREVIEW].contains(&version.as_i64()?) => {
                (members, Some(flow))
            }
            [version, members @ ..] if version.as_i64()? == VERSION_WITHOUT_FLOW => (members, None),
            _ => return None,
        };
        let [
            sid,
            account,
            campaign,
            step,
            lang,
            bind,
            index,
            path,
            issued_at,
            minutes,
            sends_iss,
            mark,
            max_age,
        ] = members
        else {
            return None;
        };
        let text = |value: &Value| value.as_str().map(String::from);
        Some(Self {
            sid: text(sid)?,
            account: text(account)?,
            campaign_id: text(campaign)?,
            step: text(step)?,
            lang: text(lang),
            bind: text(bind),
            back: index.as_i64().zip(text(path)),
            preview,
            issued_at: UnixTime(issued_at.as_i64()?),
            minutes: minutes.as_i64()?,
            sends_iss: sends_iss.as_bool()?,
            issuer_mark: text(mark)?,
            max_age: max_age.as_i64(),
            // A state of this version without the hash is not a state of ours.
            flow: flow.map(text).map_or(Some(None), |flow| flow.map(Some))?,
        })
    }

    /// Returns the time before which the person must not have authenticated.
    pub(crate) fn authenticated_after(&self) -> Option<i64> {
        self.max_age.map(|seconds| self.issued_at.0.saturating_sub(seconds))
    }

    /// Checks the times of a state that came back: `Ok(false)` says that it is ours, but has expired.
    ///
    /// # Errors
    /// `state_invalid` for one that comes from the future.
    pub(crate) fn is_alive(&self, now: UnixTime) -> Result<bool> {
        if self.issued_at.since(now) > CLOCK_SECONDS {
            return Err(Error::new(Code::StateInvalid).at("state").got("a state from the future"));
        }
        Ok(now < self.expires_at())
    }

    /// Returns the data with which the host returns the person: `{ account, campaignId, sid, step, lang, bind, return,
    /// preview?, prompt? }`.
    pub fn to_json(&self) -> Object {
        let mut out = Object::new();
        out.set("account", self.account.as_str());
        out.set("campaignId", self.campaign_id.as_str());
        out.set("sid", self.sid.as_str());
        out.set("step", self.step.as_str());
        out.set("lang", self.lang.as_deref().map_or(Value::Null, Value::from));
        out.set("bind", self.bind.as_deref().map_or(Value::Null, Value::from));
        out.set("return", return_page::to_json(self.back.as_ref().filter(|(_, path)| !path.is_empty())));
        out.set_some("preview", self.preview.then_some(true));
        // As `prompt=login` alone sets it, or a document that says the same.
        out.set_some("prompt", (self.max_age == Some(0)).then_some("login"));
        out
    }
}
