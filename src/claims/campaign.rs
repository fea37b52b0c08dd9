//! The claims of a campaign token: who, for which campaign, how often, with which data.

use super::{
    standard::{Finding, wrong_type},
    valid::{ValidClaims, difference},
};
use crate::{
    Code, Error, Result, Warning, bounds,
    error::Remark,
    json::{Object, Value},
    participation::Limit,
    profile::source::Source,
    secret::Secret,
    time::UnixTime,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// The claims of a token that is good for one campaign.
#[derive(Clone)]
#[non_exhaustive]
pub struct CampaignClaims {
    /// The participant's id at the customer.
    pub subject: String,
    /// The campaign.
    pub campaign_id: String,
    /// When the token expires, if it does.
    pub expires_at: Option<UnixTime>,
    /// When the token was signed (`iat`).
    pub issued_at: Option<UnixTime>,
    /// The issuer, in whose namespace the subject is unique; empty where the token names none.
    pub issuer: String,
    /// The token's own id.
    pub jti: Option<String>,
    /// How often the participant may play.
    pub limit: Option<Limit>,
    /// The prize.
    pub gift: Option<Object>,
    /// Values for fields of the form.
    pub form: Option<Object>,
    /// Consents given already.
    pub optin: Option<Object>,
    /// Values for fields, by the name that reward programs use; `form` goes before it.
    pub profile: Option<Object>,
    /// The customer's own data.
    pub custom: Option<Object>,
    /// Every claim, for the mapping.
    pub claims: Object,
    /// The warnings.
    pub remarks: Vec<Remark>,
}

impl CampaignClaims {
    /// Checks whether the token itself carries data for the form.
    pub fn has_data(&self) -> bool {
        [&self.form, &self.optin, &self.profile].into_iter().flatten().any(|data| !data.is_empty())
    }
}

/// Reads the claims of a campaign token. In order: `sub`, `campaignId`, `limit`, `gift`, `form`, `optin`,
/// `profile`, `custom`, `jti`. Other claims are left alone.
///
/// # Errors
/// `subject_missing`, `subject_invalid`, `campaign_missing`, `campaign_mismatch`, `limit_empty`,
/// `limit_invalid`, `claim_type`.
pub fn read(valid: ValidClaims, campaign_id: &str) -> Result<CampaignClaims> {
    let ValidClaims { claims, expires_at, issued_at, remarks, .. } = valid;
    Ok(CampaignClaims { expires_at, issued_at, ..assume(claims, campaign_id, remarks)? })
}

/// Reads claims that nobody has signed, as [`read`] does those of a token. For a preview alone, of which nothing is recorded.
///
/// # Errors
/// As `read`.
pub(crate) fn assume(claims: Object, campaign_id: &str, mut remarks: Vec<Remark>) -> Result<CampaignClaims> {
    let subject = subject(&claims)?;
    if let Finding::Remark(remark) = check_campaign(&claims, Some(campaign_id))? {
        remarks.push(remark);
    }
    let limit = limit(&claims)?;
    let mut data = |name| object(&claims, name, &mut remarks);
    let gift = data("gift")?;
    check_gift(gift.as_ref())?;
    let (form, optin, profile, custom) = (data("form")?, data("optin")?, data("profile")?, data("custom")?);
    Ok(CampaignClaims {
        subject,
        campaign_id: campaign_id.into(),
        expires_at: None,
        issued_at: None,
        issuer: claims.get("iss").and_then(Value::as_str).unwrap_or_default().into(),
        jti: token_id(&claims)?,
        limit,
        gift,
        form,
        optin,
        profile,
        custom,
        claims,
        remarks,
    })
}

/// The participant: a string of 1 to 256 characters without control characters.
pub(crate) fn subject(claims: &Object) -> Result<String> {
    let invalid = |got: String| {
        let expected = format!("a string of 1 to {} characters", bounds::SUBJECT_CHARACTERS);
        Error::new(Code::SubjectInvalid).at("/sub").expected(expected).got(got)
    };
    let text = match claims.get("sub") {
        None => {
            return Err(Error::new(Code::SubjectMissing).at("/sub").expected("a string").got("nothing"));
        }
        Some(Value::String(text)) => text,
        Some(other) => return Err(invalid(other.kind().into())),
    };
    let length = text.chars().count();
    if length == 0 || length > bounds::SUBJECT_CHARACTERS {
        return Err(invalid(crate::error::characters(length)));
    }
    if text.chars().any(char::is_control) {
        return Err(invalid("a control character".into()));
    }
    Ok(text.clone())
}

/// Whether the token is for this campaign, where there is one to compare with. Ids are compared as texts: no
/// length, no leading zero is special.
pub(crate) fn check_campaign(claims: &Object, campaign_id: Option<&str>) -> Result<Finding> {
    let missing = |got: &str| {
        Err(Error::new(Code::CampaignMissing).at("/campaignId").expected("the campaign ID").got(got))
    };
    let (id, finding) = match claims.get("campaignId") {
        None => return missing("nothing"),
        Some(Value::String(id)) if id.is_empty() => return missing("an empty string"),
        Some(Value::String(id)) => (id.as_str(), Finding::Good),
        Some(Value::Number(id)) => {
            (id.as_text(), Finding::Remark(Remark::at(Warning::CampaignIdNumber, "/campaignId")))
        }
        Some(other) => return Err(wrong_type("/campaignId", "a string", other)),
    };
    let Some(campaign_id) = campaign_id.filter(|campaign_id| *campaign_id != id) else { return Ok(finding) };
    let expected = told!("{}, the campaign opened", crate::error::shown(campaign_id));
    let got = difference(&[campaign_id.into()], id);
    Err(Error::new(Code::CampaignMismatch).at("/campaignId").expected(expected).got(got))
}

/// The limit. An absent one sets no limit; `null` is refused, because it may have been meant as a limit.
pub(crate) fn limit(claims: &Object) -> Result<Option<Limit>> {
    claims.get("limit").map(|limit| Limit::parse(limit, "/limit")).transpose()
}

/// A claim that holds data: an object, or nothing. `null` says that there is none; PHP's `[]` is its empty
/// object.
pub(crate) fn object(claims: &Object, name: &str, remarks: &mut Vec<Remark>) -> Result<Option<Object>> {
    let place = || format!("/{name}");
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object.clone())),
        Some(Value::Array(elements)) if elements.is_empty() => {
            remarks.push(Remark::at(Warning::EmptyArray, place()));
            Ok(Some(Object::new()))
        }
        Some(other) => Err(wrong_type(&place(), "an object", other)),
    }
}

/// The prize: a text and whether it can be won. Other members pass untouched.
pub(crate) fn check_gift(gift: Option<&Object>) -> Result<()> {
    let Some(gift) = gift else { return Ok(()) };
    if let Some(other) = gift.get("label").filter(|label| label.as_str().is_none()) {
        return Err(wrong_type("/gift/label", "a string", other));
    }
    match gift.get("cw").filter(|cw| cw.as_bool().is_none()) {
        Some(other) => Err(wrong_type("/gift/cw", "true or false", other)),
        None => Ok(()),
    }
}

/// The token's own id, where it has one.
pub(crate) fn token_id(claims: &Object) -> Result<Option<String>> {
    match claims.get("jti") {
        None => Ok(None),
        Some(Value::String(jti)) if !jti.is_empty() => Ok(Some(jti.clone())),
        Some(Value::String(_)) => {
            Err(Error::new(Code::ClaimType).at("/jti").expected("a string").got("an empty string"))
        }
        Some(other) => Err(wrong_type("/jti", "a string", other)),
    }
}

/// The access token for the profile API, where the settings say it stands. It will be sent in a header, so it is
/// visible ASCII without spaces (RFC 6750 section 2.1).
///
/// # Errors
/// `claim_type` for anything else, `access_token_in_clear` in a readable token unless that is allowed.
pub(crate) fn access_token(claims: &Object, source: &Source, may_stand_here: bool) -> Result<Option<Secret>> {
    let value = match source.find(claims) {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value,
    };
    let place = source.pointer();
    let fault =
        |got: String| Error::new(Code::ClaimType).at(place.as_str()).expected("an access token").got(got);
    let text = value.as_str().ok_or_else(|| fault(value.kind().to_string()))?;
    if text.is_empty() {
        return Err(fault("an empty string".into()));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(fault("a character that no header may carry".into()));
    }
    if !may_stand_here {
        return Err(Error::new(Code::AccessTokenInClear).at(place));
    }
    Ok(Some(Secret::new(text.as_bytes())))
}

// Claims are personal data.
impl fmt::Debug for CampaignClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CampaignClaims({} members)", self.claims.len())
    }
}
