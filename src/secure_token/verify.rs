//! The verification of a token: encryption, signature and standard claims, whatever campaign it is for.

use super::settings::Settings;
use crate::{
    Result,
    claims::{ValidClaims, ValidText, standard},
    jose::{
        header::Header,
        host::{Host, here},
        nested::{self, Opened},
    },
    time::UnixTime,
};

/// Verifies a token: encryption, signature and standard claims only.
///
/// # Errors
/// Those of [`nested::open`] and [`standard::check`].
pub fn verify(settings: &Settings, token: &str, now: UnixTime) -> Result<(Header, ValidClaims)> {
    let opened = here(opening(settings, token, &Host::none()))?;
    let header = opened.verified.header().clone();
    Ok((header, standard::check(opened.verified, &settings.policy, now)?))
}

/// Opens a token as far as its signature, by the module or by the host: the first half of [`verify`].
///
/// # Errors
/// Those of [`nested::open`], and `needs_webcrypto` where neither can.
pub async fn opening(settings: &Settings, token: &str, host: &Host) -> Result<Opened> {
    nested::opening(token, &settings.decrypt, settings.encryption, &settings.verify, host).await
}

/// Checks the claims of a token whose signature is verified, for a caller that passes them on as text.
///
/// # Errors
/// Those of [`standard::check`].
#[inline(never)]
pub fn verify_opened(settings: &Settings, opened: Opened, now: UnixTime) -> Result<(Header, ValidText)> {
    let header = opened.verified.header().clone();
    Ok((header, standard::check_text(opened.verified, &settings.policy, now)?))
}
