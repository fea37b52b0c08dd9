//! Which refused tokens make newer keys worth a look.

use super::settings::Settings;
use crate::{
    Code, Result,
    claims::{campaign, standard},
    jose::{host::Host, nested},
    json::Value,
    time::UnixTime,
};

/// Checks whether every check except the signature would pass. Use it to decide on fetching newer keys, because a
/// server may have replaced a key under its name; it authenticates nothing.
///
/// # Errors
/// `sync_unsupported` or `needs_webcrypto` where the token's encryption is for the host.
pub fn would_pass(
    settings: &Settings,
    token: &str,
    campaign_id: Option<&str>,
    now: UnixTime,
    host: &mut Host,
) -> Result<bool> {
    let (header, payload) = match nested::unproven(token, &settings.decrypt, settings.encryption, host) {
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
