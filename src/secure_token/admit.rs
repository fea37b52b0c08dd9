//! The admission of a token: what it says, checked and brought into a form.

use super::{admit_options::AdmitOptions, settings::Settings, verify::opening};
use crate::{
    Code, Error, Result, Warning,
    admission::{Admission, Provenance},
    claims::{campaign, misspelt, standard},
    error::Remark,
    jose::{
        base64url,
        host::{Host, here},
    },
    json::Value,
    participation::{self, Decision},
    profile::{fields::Fields, mapping::Mapping, prefill::Prefill},
};
use alloc::string::String;
use sha2::{Digest, Sha256};

/// Admits the bearer of a token to a campaign, or says why not.
///
/// A refusal by the limit is an admission with a decision, not an error: the page still shows what is known.
/// Where the token carries no data of its own but an access token, and the participant may play, the admission
/// asks for the profile ([`Admission::needs_profile`], [`complete`]).
///
/// ```
/// use handstamp::{Code, jose::{Signature, jws, key::Key}, json::Object, secure_token::{self, AdmitOptions}, time::UnixTime};
/// let settings = secure_token::Settings::parse(br#"{ "verify": {
///     "method": "symmetricKey", "key": "32 bytes, known to the two sides", "encoding": "utf8", "alg": "HS256" } }"#);
/// let key = Key::from_secret(b"32 bytes, known to the two sides", Signature::HS256, false).unwrap();
/// let claims = br#"{ "sub": "1234", "campaignId": "100001", "exp": 1800000300, "form": { "firstname": "An" } }"#;
/// let token = jws::sign_hmac(&Object::new(), claims, &key).unwrap();
///
/// let (settings, now) = (settings.unwrap(), UnixTime(1_800_000_000));
/// let admission = secure_token::admit(&settings, &token, &AdmitOptions::new("100001", now)).unwrap();
/// assert_eq!(admission.subject, "1234");
/// let refusal = secure_token::admit(&settings, &token, &AdmitOptions::new("100002", now)).unwrap_err();
/// assert_eq!(refusal.code(), Code::CampaignMismatch);
/// ```
///
/// # Errors
/// Those of [`verify`](super::verify), [`campaign::read`], and `access_token_in_clear`.
pub fn admit(settings: &Settings, token: &str, options: &AdmitOptions<'_>) -> Result<Admission> {
    here(admitting(settings, token, options, &Host::none()))
}

/// Works as [`admit`], by the module or by the host.
///
/// # Errors
/// As `admit`, and `needs_webcrypto` where neither can.
pub async fn admitting(
    settings: &Settings,
    token: &str,
    options: &AdmitOptions<'_>,
    host: &Host,
) -> Result<Admission> {
    let opened = opening(settings, token, host).await?;
    let pid = token_id(opened.verified.signing_input());
    let source = opened.verified.source();
    let held = settings.sources().get(source);
    let key_names = held.map(|source| source.names_of(opened.verified.key())).unwrap_or_default();
    let valid = standard::check(opened.verified, &settings.policy, options.now)?;
    let claims = campaign::read(valid, options.campaign_id)?;
    let may_carry = opened.encrypted || settings.access_token_in_clear;
    let access_token = campaign::access_token(&claims.claims, &settings.access_token, may_carry)?;

    let decision = participation::decide(claims.limit.as_ref(), options.participations);
    let mut warnings = claims.remarks.clone();
    warnings.extend(misspelt::claims(&claims.claims, |name| settings.reads(name)));
    warnings.extend(misspelt::of_limit(&claims.claims));
    if decision == Decision::LimitUnchecked {
        warnings.push(Remark::at(Warning::LimitUnchecked, "/limit"));
    }
    let fetch = !claims.has_data() && decision.reason().is_none();
    let hides = options.fields.is_some_and(Fields::hides_any);
    Ok(Admission {
        prefill: prefill(&claims, &settings.mapping, options.fields),
        profile_binds: fetch
            && access_token.is_some()
            && (hides || settings.mapping.locks_any() || !settings.profile_limit.is_empty()),
        needs_profile: access_token.filter(|_| fetch),
        subject: claims.subject,
        campaign_id: claims.campaign_id,
        expires_at: claims.expires_at,
        decision,
        limit: claims.limit,
        gift: claims.gift,
        custom: claims.custom,
        warnings,
        provenance: Provenance {
            namespace: claims.issuer,
            pid,
            jti: claims.jti,
            source: Some(source),
            key_names,
            signed_at: claims.issued_at,
        },
    })
}

/// Completes an admission with the profile that was fetched for it. Values of the token are kept; the profile fills the
/// rest, by the mapping or, without one, by the names of its members. Where both state a limit, the stricter one counts.
///
/// # Errors
/// `profile_not_object`, and `profile_invalid` for a limit that is not valid.
pub fn complete(
    mut admission: Admission,
    profile: &Value,
    settings: &Settings,
    fields: Option<&Fields>,
) -> Result<Admission> {
    let Some(profile) = profile.as_object() else {
        return Err(Error::new(Code::ProfileNotObject).expected("an object").got(profile.kind()));
    };
    settings.mapping.apply_to_profile(profile, fields, &mut admission.prefill);
    settings.mapping.lock(fields, &mut admission.prefill);
    if let Some(limit) = settings.profile_limit.find(profile, Code::ProfileInvalid)? {
        admission.limit = Some(admission.limit.map_or(limit, |stated| stated.stricter(limit)));
        admission.decision = participation::decide(admission.limit.as_ref(), None);
    }
    admission.needs_profile = None;
    Ok(admission)
}

/// The form of a token: `form`, then `optin`, then `profile`, then what the mapping finds among the claims.
pub(crate) fn prefill(
    claims: &campaign::CampaignClaims,
    mapping: &Mapping,
    fields: Option<&Fields>,
) -> Prefill {
    let mut prefill = Prefill::default();
    if let Some(form) = &claims.form {
        prefill.add_form(form, fields);
    }
    if let Some(optin) = &claims.optin {
        prefill.add_optin(optin, fields);
    }
    if let Some(profile) = &claims.profile {
        prefill.add_unmapped(profile, fields);
    }
    mapping.apply(&claims.claims, fields, &mut prefill);
    mapping.lock(fields, &mut prefill);
    prefill
}

/// The id of a token: the same for every copy of it, however it was encrypted.
fn token_id(signing_input: &str) -> String {
    base64url::encode(&Sha256::digest(signing_input))
}
