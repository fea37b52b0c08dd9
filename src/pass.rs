//! The pass: the sealed proof of an admission. It is issued once, kept by the campaign frame and sent with the
//! form, so that a participation rests on what was judged at load, whatever has expired since.

use crate::{
    Code, Error, Result,
    admission::{Admission, Provenance},
    bounds,
    json::{
        Object, Value,
        members::{Members, invalid},
    },
    participation::{Decision, Limit},
    seal::{self, Purpose, Ring},
    time::{UnixTime, in_words},
};
use alloc::{format, string::String};
use core::fmt;

/// How a participant was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Technique {
    /// Not at all: the campaign is open to everybody.
    Anonymous,
    /// By signing in at the customer's login page.
    OAuth,
    /// By a secure token.
    Token,
}

impl Technique {
    const NAMES: [(&'static str, Self); 3] =
        [("token", Self::Token), ("oauth", Self::OAuth), ("anonymous", Self::Anonymous)];

    /// Returns the name in settings and records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::OAuth => "oauth",
            Self::Token => "token",
        }
    }

    /// Returns the technique of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, technique)| technique)
    }
}

/// Why a pass is good for nothing but trying a campaign out: with it, nothing is recorded or counted.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Preview {
    /// The page asked for it.
    Asked,
    /// It was made by the account, with the admission that the page shows.
    Made(Object),
}

impl Preview {
    /// Returns `true`, or the admission.
    fn to_json(&self) -> Value {
        match self {
            Self::Asked => true.into(),
            Self::Made(admission) => admission.clone().into(),
        }
    }

    fn read(members: &Members<'_>) -> Result<Option<Self>> {
        match members.get("preview") {
            None => Ok(None),
            Some(Value::Bool(true)) => Ok(Some(Self::Asked)),
            Some(Value::Object(admission)) => Ok(Some(Self::Made(admission.clone()))),
            Some(other) => Err(invalid("/preview", "true or an admission", other)),
        }
    }
}

/// The decision at load.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Pass {
    /// The account.
    pub account: String,
    /// The campaign.
    pub campaign: String,
    /// The participant's id, unique in the provenance's namespace.
    pub subject: String,
    /// How the participant was admitted.
    pub technique: Technique,
    /// The limit that governs the record.
    pub limit: Option<Limit>,
    /// The prize that was set.
    pub gift: Option<Object>,
    /// The customer's own data, for the record.
    pub custom: Option<Object>,
    /// Values that stand whatever is submitted: texts of fields, booleans of opt-ins.
    pub locked: Object,
    /// The provenance of the admission: namespace, id of the token or sign-in, `jti`.
    pub provenance: Provenance,
    /// True if it waits for a profile that locks fields or sets a limit: nothing may be recorded before.
    pub profile_pending: bool,
    /// When it was issued.
    pub issued_at: UnixTime,
    /// When it expires: two hours later, or as a preview says.
    pub expires_at: UnixTime,
    /// Whether it is a preview.
    pub preview: Option<Preview>,
}

impl Pass {
    /// Issues a pass for an admission that is not refused.
    ///
    /// # Errors
    /// The code of the reason for which the admission was refused; `settings_invalid` where it rests on no token or
    /// sign-in, as nothing would then keep its pass from recording twice.
    pub fn issue(admission: &Admission, account: &str, technique: Technique, now: UnixTime) -> Result<Self> {
        match admission.decision {
            Decision::Refused(reason) => return Err(Error::new(reason.code())),
            Decision::Allowed | Decision::LimitUnchecked => {}
        }
        if admission.provenance.pid.is_empty() {
            let fault = Error::new(Code::SettingsInvalid).at("/provenance/pid");
            return Err(fault.expected("the id of a token or sign-in").got("nothing"));
        }
        Ok(Self {
            account: account.into(),
            campaign: admission.campaign_id.clone(),
            subject: admission.subject.clone(),
            technique,
            limit: admission.limit,
            gift: admission.gift.clone(),
            custom: admission.custom.clone(),
            locked: admission.prefill.locked_values(),
            provenance: admission.provenance.clone(),
            profile_pending: admission.profile_binds && admission.needs_profile.is_some(),
            issued_at: now,
            expires_at: now.plus(bounds::PASS_SECONDS),
            preview: None,
        })
    }

    /// Leaves the limit out, for a campaign that keeps none.
    #[must_use]
    pub fn without_limit(self) -> Self {
        Self { limit: None, ..self }
    }

    /// Makes it the pass of a preview, as a page asks. There is no way back.
    #[must_use]
    pub fn into_preview(self) -> Self {
        Self { preview: self.preview.or(Some(Preview::Asked)), ..self }
    }

    /// Seals the pass for its account. The salt must be random.
    ///
    /// # Errors
    /// As [`seal::seal`].
    pub fn seal(&self, ring: &Ring, salt: [u8; 16]) -> Result<String> {
        let text = Value::from(self.to_json()).to_text();
        seal::seal(Purpose::Pass, ring, &self.account, text.as_bytes(), salt)
    }

    /// Opens a pass of this account. Whether it has expired is asked separately ([`Pass::check`]), since a
    /// repeated submission is answered before that.
    ///
    /// # Errors
    /// `pass_missing` for an empty string, `seal_key_unknown` for a key that the ring does not hold,
    /// `pass_invalid` for everything else that is not a pass of this account.
    pub fn open(text: &str, ring: &Ring, account: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::new(Code::PassMissing));
        }
        let invalid = || Error::new(Code::PassInvalid);
        let plaintext =
            seal::open(Purpose::Pass, ring, account, text).map_err(|fault| match fault.code() {
                Code::SealKeyUnknown => fault,
                _ => invalid(),
            })?;
        let pass =
            Value::parse(&plaintext).and_then(|value| Self::from_json(&value)).map_err(|_| invalid())?;
        if pass.account == account { Ok(pass) } else { Err(invalid()) }
    }

    /// Checks that the pass has not expired: it is good up to and including its last second.
    ///
    /// # Errors
    /// `pass_expired`.
    pub fn check(&self, now: UnixTime) -> Result<()> {
        if now <= self.expires_at {
            return Ok(());
        }
        let ago = in_words(now.since(self.expires_at));
        Err(Error::new(Code::PassExpired).got(format!("one that expired {ago} ago")))
    }

    /// Returns the pass as JSON.
    pub fn to_json(&self) -> Object {
        let mut out = Object::new();
        out.set("account", self.account.as_str());
        out.set("campaignId", self.campaign.as_str());
        out.set("subject", self.subject.as_str());
        out.set("technique", self.technique.as_str());
        out.set_some("limit", self.limit.map(Limit::to_json));
        out.set_some("gift", self.gift.clone());
        out.set_some("custom", self.custom.clone());
        out.set("locked", self.locked.clone());
        // When the token was signed says which of two limits the customer stated last.
        for (name, value) in self.provenance.to_json().iter() {
            out.set(name, value.clone());
        }
        out.set_some("profile", self.profile_pending.then_some("pending"));
        out.set("issuedAt", self.issued_at.0);
        out.set("expiresAt", self.expires_at.0);
        out.set_some("preview", self.preview.as_ref().map(Preview::to_json));
        out
    }

    /// Reads what [`Pass::to_json`] wrote.
    ///
    /// # Errors
    /// `settings_invalid` with the place of what is not a pass.
    pub fn from_json(value: &Value) -> Result<Self> {
        let members = Members::any(value, "")?;
        let text = |name| {
            members.required(name, "a string")?;
            Ok(String::from(members.text(name)?.unwrap_or_default()))
        };
        let time = |name| {
            members.required(name, "a time")?;
            Ok(UnixTime(members.whole(name, 0..=i64::MAX)?.unwrap_or_default()))
        };
        let object = |name| match members.get(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(object.clone())),
            Some(other) => Err(invalid(&members.place(name), "an object", other)),
        };
        let technique = members.choice("technique", &Technique::NAMES)?;
        Ok(Self {
            account: text("account")?,
            campaign: text("campaignId")?,
            subject: text("subject")?,
            technique: technique.ok_or_else(|| invalid("/technique", "a technique", &Value::Null))?,
            limit: members.get("limit").map(|limit| Limit::parse(limit, "/limit")).transpose()?,
            gift: object("gift")?,
            custom: object("custom")?,
            locked: object("locked")?.unwrap_or_default(),
            provenance: Provenance::read(&members)?,
            profile_pending: members.choice("profile", &[("pending", true)])?.unwrap_or_default(),
            issued_at: time("issuedAt")?,
            expires_at: time("expiresAt")?,
            preview: Preview::read(&members)?,
        })
    }
}

// A pass names a person.
impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pass({} …)", self.technique.as_str())
    }
}
