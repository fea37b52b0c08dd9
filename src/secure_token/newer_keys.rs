//! Which refused tokens make newer keys worth a look.

use super::settings::Settings;
use crate::{
    Code, Result,
    claims::{campaign, standard},
    freshness,
    jose::{host::Host, nested},
    json::Value,
    time::UnixTime,
};

/// A token that was refused, and the code of its refusal.
#[derive(Clone, Copy)]
pub struct Refused<'a> {
    /// The token.
    pub token: &'a str,
    /// The code with which it was refused.
    pub code: Code,
}

/// Returns the event of [`freshness`] that a refusal of this token is, where newer keys may lift it. A doubt is one only
/// for a token against which only its signature stands: for any other, nothing is fetched.
///
/// # Errors
/// `sync_unsupported` or `needs_webcrypto` where the token's encryption is for the host.
pub async fn newer_keys(
    settings: &Settings,
    refused: Refused<'_>,
    campaign_id: Option<&str>,
    now: UnixTime,
    host: &Host,
) -> Result<Option<&'static str>> {
    let event = freshness::event_of(refused.code);
    if event == Some(freshness::DOUBTFUL)
        && !would_pass(settings, refused.token, campaign_id, now, host).await?
    {
        return Ok(None);
    }
    Ok(event)
}

/// Whether only its signature stands against a token: the claims would pass. A server may have replaced a key under
/// its name, so that newer keys are worth a look; of who made the token this says nothing.
///
/// # Errors
/// `sync_unsupported` or `needs_webcrypto` where the token's encryption is for the host.
async fn would_pass(
    settings: &Settings,
    token: &str,
    campaign_id: Option<&str>,
    now: UnixTime,
    host: &Host,
) -> Result<bool> {
    let (header, payload) = match nested::unproven(token, &settings.decrypt, settings.encryption, host).await
    {
        Ok(unproven) => unproven,
        Err(error) if matches!(error.code(), Code::SyncUnsupported | Code::NeedsWebcrypto) => {
            return Err(error);
        }
        Err(_) => return Ok(false),
    };
    let Ok(claims) = Value::parse_object(&payload) else { return Ok(false) };
    let for_us =
        |id| campaign::subject(&claims).is_ok() && campaign::check_campaign(&claims, Some(id)).is_ok();
    Ok(standard::would_pass(&claims, header.typ(), &settings.policy, now) && campaign_id.is_none_or(for_us))
}
