//! The ticket of a sign-in, `sid.secret`: it travels to the campaign in the fragment of a URL. The secret is a keyed hash of
//! the sign-in's id under the ring, so that every delivery of one sign-in leads to the same ticket, and nothing has to be
//! stored to know a ticket of ours from another text.

use super::cookie::SID_CHARACTERS;
use crate::{Code, Error, Result, jose::base64url, seal::Ring};
use alloc::{format, string::String};
use subtle::ConstantTimeEq;

/// Enters the derivation, apart from every purpose of a seal.
const PURPOSE: &str = "ticket";

/// Returns the ticket of a sign-in, under the active key of the ring.
///
/// # Errors
/// `settings_invalid` for a text that is not the id of a sign-in.
pub fn issue_ticket(ring: &Ring, sid: &str) -> Result<String> {
    if sid.len() != SID_CHARACTERS || base64url::decode(sid).is_err() {
        return Err(Error::new(Code::SettingsInvalid).at("/sid").expected("the id of a sign-in"));
    }
    let secret = ring.secrets_of(PURPOSE, sid).next().ok_or_else(|| Error::new(Code::Internal))?;
    Ok(format!("{sid}.{}", base64url::encode(&secret)))
}

/// Returns the id of the sign-in that a ticket belongs to, under any key of the ring.
///
/// # Errors
/// `ticket_unknown` for every other text.
pub fn open_ticket(ring: &Ring, text: &str) -> Result<String> {
    let unknown = || Error::new(Code::TicketUnknown);
    let (sid, given) =
        text.split_once('.').filter(|(sid, _)| sid.len() == SID_CHARACTERS).ok_or_else(unknown)?;
    let given = base64url::decode(given).map_err(|_| unknown())?;
    let mut secrets = ring.secrets_of(PURPOSE, sid);
    if secrets.any(|secret| bool::from(secret.ct_eq(&given))) { Ok(sid.into()) } else { Err(unknown()) }
}
