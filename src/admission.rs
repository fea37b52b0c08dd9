//! Where both techniques meet: the answer to "may this person play, and what do we know of them".

use crate::{
    Code, Error, Result, Warning,
    error::Remark,
    json::{
        Object, Value,
        members::{Members, invalid},
    },
    participation::{Decision, Limit, Reason},
    profile::prefill::Prefill,
    secret::Secret,
    time::UnixTime,
};
use alloc::{format, string::String, vec::Vec};
use core::fmt;

/// The decision whether a person may take part, and their data.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Admission {
    /// The participant's id at the customer (`sub`).
    pub subject: String,
    /// The campaign.
    pub campaign_id: String,
    /// When what was signed expires, if it does.
    pub expires_at: Option<UnixTime>,
    /// Whether the participant may play.
    pub decision: Decision,
    /// The limit that was set.
    pub limit: Option<Limit>,
    /// The prefilled form.
    pub prefill: Prefill,
    /// The `gift` claim, as it came.
    pub gift: Option<Object>,
    /// The `custom` claim, as it came.
    pub custom: Option<Object>,
    /// An access token for the profile API, where the token itself carries no data.
    pub needs_profile: Option<Secret>,
    /// True if the profile locks fields or sets a limit: nothing may be recorded without it.
    pub profile_binds: bool,
    /// The warnings.
    pub warnings: Vec<Remark>,
    /// The provenance of the admission.
    pub provenance: Provenance,
}

/// The provenance of an admission: facts for the pass and the record, not for the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provenance {
    /// The issuer, in whose namespace the subject is unique; empty where the token names none.
    pub namespace: String,
    /// The id of this token or sign-in: base64url of the SHA-256 of a token's signing input, or the flow id.
    pub pid: String,
    /// The token's own id (`jti`).
    pub jti: Option<String>,
    /// Which key source vouched for the token, by its place in `verify`.
    pub source: Option<usize>,
    /// The names of the key that vouched for the token ([`KeySource::names_of`](crate::jose::key::KeySource::names_of)):
    /// what a revocation is looked up by.
    pub key_names: Vec<String>,
    /// When the token was signed (`iat`), by its signer's clock.
    pub signed_at: Option<UnixTime>,
}

impl Admission {
    /// The access token for the profile API, where the profile must be fetched.
    pub fn access_token(&self) -> Option<&str> {
        core::str::from_utf8(self.needs_profile.as_ref()?.expose()).ok()
    }

    /// Returns the admission as JSON, for the host. It contains `needsProfile.accessToken`: remove it before you show,
    /// store or log the admission.
    pub fn to_json(&self) -> Object {
        let mut out = Object::new();
        out.set("subject", self.subject.as_str());
        out.set("campaignId", self.campaign_id.as_str());
        out.set("expiresAt", self.expires_at.map_or(Value::Null, |time| time.0.into()));
        for (name, value) in self.decision.to_json().iter() {
            out.set(name, value.clone());
        }
        out.set_some("limit", self.limit.map(Limit::to_json));
        out.set("prefill", self.prefill.to_json());
        out.set_some("gift", self.gift.clone());
        out.set_some("custom", self.custom.clone());
        out.set_some(
            "needsProfile",
            self.access_token().map(|token| {
                let mut needs = Object::new();
                needs.set("accessToken", token);
                needs
            }),
        );
        out.set_some("profileBinds", self.profile_binds.then_some(true));
        out.set("warnings", self.warnings.iter().map(remark_to_json).collect::<Vec<_>>());
        out
    }

    /// Reads what [`Admission::to_json`] wrote, so that a host can carry an admission over its own requests.
    ///
    /// # Errors
    /// `settings_invalid` with the place of what is not an admission.
    pub fn from_json(value: &Value, provenance: Provenance) -> Result<Self> {
        let members = Members::any(value, "")?;
        let text = |name| {
            members.required(name, "a string")?;
            Ok(String::from(members.text(name)?.unwrap_or_default()))
        };
        let object = |name| match members.get(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(object.clone())),
            Some(other) => Err(invalid(&members.place(name), "an object", other)),
        };
        members.required("decision", "a decision")?;
        let reasons = Reason::ALL.map(|reason| (reason.as_str(), reason));
        let reason = members.choice("reason", &reasons)?;
        let decisions = [
            ("allowed", Some(Decision::Allowed)),
            ("limit_unchecked", Some(Decision::LimitUnchecked)),
            ("refused", reason.map(Decision::Refused)),
        ];
        let decision = members.choice("decision", &decisions)?.flatten();
        let limit = members.get("limit").map(|limit| Limit::parse(limit, "/limit")).transpose()?;
        let needs = members.get("needsProfile").map(|needs| {
            let token = Members::of(needs, "/needsProfile", &["accessToken"])?.text("accessToken")?;
            token
                .map(|token| Secret::new(token.as_bytes()))
                .ok_or_else(|| invalid("/needsProfile", "an access token", needs))
        });
        let remarks = members.get("warnings").and_then(Value::as_array).unwrap_or_default();
        Ok(Self {
            subject: text("subject")?,
            campaign_id: text("campaignId")?,
            expires_at: members.whole("expiresAt", 0..=i64::MAX)?.map(UnixTime),
            decision: decision.ok_or_else(|| {
                Error::new(Code::SettingsInvalid).at("/reason").expected("the code of a refusal")
            })?,
            limit,
            prefill: Prefill::from_json(members.required("prefill", "an object")?, "/prefill")?,
            gift: object("gift")?,
            custom: object("custom")?,
            needs_profile: needs.transpose()?,
            profile_binds: members.flag("profileBinds")?,
            warnings: remarks.iter().map(remark_from_json).collect::<Result<_>>()?,
            provenance,
        })
    }
}

impl Provenance {
    /// `{ namespace, pid, jti?, source?, keyNames?, signedAt? }`.
    pub fn to_json(&self) -> Object {
        let mut out = Object::new();
        out.set("namespace", self.namespace.as_str());
        out.set("pid", self.pid.as_str());
        out.set_some("jti", self.jti.as_deref());
        out.set_some("source", self.source.and_then(|place| i64::try_from(place).ok()));
        out.set_some("keyNames", (!self.key_names.is_empty()).then(|| self.key_names.clone()));
        out.set_some("signedAt", self.signed_at.map(|time| time.0));
        out
    }

    /// Reads what [`Provenance::to_json`] wrote.
    ///
    /// # Errors
    /// `settings_invalid` when it is something else.
    pub fn from_json(value: &Value, place: &str) -> Result<Self> {
        Self::read(&Members::of(
            value,
            place,
            &["namespace", "pid", "jti", "source", "keyNames", "signedAt"],
        )?)
    }

    /// Reads it from among the members of something larger.
    pub(crate) fn read(members: &Members<'_>) -> Result<Self> {
        let namespace = members.get("namespace").and_then(Value::as_str).unwrap_or_default();
        members.required("pid", "the id of a token or sign-in")?;
        Ok(Self {
            namespace: namespace.into(),
            pid: members.text("pid")?.unwrap_or_default().into(),
            jti: members.text("jti")?.map(String::from),
            source: members.whole("source", 0..=i64::MAX)?.and_then(|place| usize::try_from(place).ok()),
            key_names: members.texts("keyNames")?,
            signed_at: members.whole("signedAt", i64::MIN..=i64::MAX)?.map(UnixTime),
        })
    }
}

/// Returns `{ code, message, at?, expected? }`.
pub(crate) fn remark_to_json(remark: &Remark) -> Object {
    let mut message = String::from(remark.warning.says());
    for (word, what) in [("At", &remark.at), ("Expected", &remark.expected)] {
        if let Some(what) = what {
            message.push_str(&format!(" {word} {what}."));
        }
    }
    let mut out = Object::new();
    out.set("code", remark.warning.as_str());
    out.set("message", message);
    out.set_some("at", remark.at.as_deref());
    out.set_some("expected", remark.expected.as_deref());
    out
}

fn remark_from_json(value: &Value) -> Result<Remark> {
    let members = Members::any(value, "/warnings")?;
    let words: Vec<(&str, Warning)> =
        Warning::ALL.iter().map(|warning| (warning.as_str(), *warning)).collect();
    members.required("code", "the code of a warning")?;
    match members.choice("code", &words)? {
        Some(warning) => {
            let text = |name| members.text(name).map(|text| text.map(String::from));
            Ok(Remark { warning, at: text("at")?, expected: text("expected")? })
        }
        None => Err(invalid("/warnings", "warnings", value)),
    }
}

// Who it is about and what is known of them stay out of every log.
impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Admission({} …)", self.decision.as_str())
    }
}
