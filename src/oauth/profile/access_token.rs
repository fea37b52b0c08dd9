//! The profile directly from the access token, where that is a JWT (RFC 9068). To a client an access token is
//! opaque by rights, so nothing in it counts before signature, issuer and times are checked.

use super::fetched::Profile;
use crate::{
    Code, Error,
    claims::standard::Expiry,
    oauth::{
        host::{Played, Replay},
        provider::{ProviderKeys, Server},
        token::{Claims, decryption, policy, refused},
    },
};
use alloc::format;

const PLACE: &str = "access_token";
/// The types of an access token (RFC 9068 section 2.1), and the one of older servers.
const TYPES: [&str; 3] = ["at+jwt", "application/at+jwt", "jwt"];

/// Reads the profile of a JWT access token.
///
/// # Errors
/// `access_token_opaque` for anything but three parts, `access_token_invalid` with the claim, and those of the
/// key set.
pub fn profile(
    text: &str,
    server: &Server<'_>,
    keys: &mut ProviderKeys,
    replay: &mut Replay,
) -> Played<Profile> {
    let parts = text.split('.').count();
    if parts != 3 {
        let got = if parts == 5 { "an encrypted token" } else { "an opaque token" };
        return Err(Error::new(Code::AccessTokenOpaque).expected("three parts (JWS)").got(got).into());
    }
    let invalid = |error: Error| refused(Code::AccessTokenInvalid, PLACE, &error);
    let token = decryption::parse(text).map_err(invalid)?;
    let typ = token.header.typ().unwrap_or("JWT").to_ascii_lowercase();
    if !TYPES.contains(&typ.as_str()) {
        let error = Error::new(Code::AccessTokenInvalid).at(format!("{PLACE}/header/typ"));
        return Err(error.expected("at+jwt or JWT").got("a different type").into());
    }
    let verified = keys.verify(&token, server.provider, replay).map_err(|pause| pause.refused(invalid))?;
    let Server { settings, now, .. } = *server;
    let policy = policy(Some(&settings.issuer), settings.audience.as_deref(), Expiry::Required, settings);
    let claims = Claims::check(verified, &policy, now, Code::AccessTokenInvalid, PLACE)?;
    let subject = claims.subject()?;
    Ok(Profile { subject: Some(subject), data: claims.into_members() })
}
