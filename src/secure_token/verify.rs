//! The verification of a token: encryption, signature and standard claims, whatever campaign it is for.

use super::settings::Settings;
use crate::{
    Result,
    claims::{ValidClaims, ValidText, standard},
    jose::{
        header::Header,
        host::Host,
        nested::{self, Opened},
    },
    time::UnixTime,
};

/// Verifies a token: encryption, signature and standard claims only.
///
/// # Errors
/// Those of [`nested::open`] and [`standard::check`].
pub fn verify(settings: &Settings, token: &str, now: UnixTime) -> Result<(Header, ValidClaims)> {
    verify_by(settings, token, now, &mut Host::none())
}

/// Works as [`verify`], by the module or by the host.
///
/// # Errors
/// As `verify`, and `needs_webcrypto` where neither can.
pub fn verify_by(
    settings: &Settings,
    token: &str,
    now: UnixTime,
    host: &mut Host,
) -> Result<(Header, ValidClaims)> {
    let opened = open_by(settings, token, host)?;
    let header = opened.verified.header().clone();
    Ok((header, standard::check(opened.verified, &settings.policy, now)?))
}

/// Opens a token as far as its signature: the first half of [`verify`].
///
/// # Errors
/// Those of [`nested::open_by`].
pub fn open_by(settings: &Settings, token: &str, host: &mut Host) -> Result<Opened> {
    nested::open_by(token, &settings.decrypt, settings.encryption, &settings.verify, host)
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
