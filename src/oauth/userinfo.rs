//! The profile from the userinfo endpoint (OpenID Connect Core section 5.3), as JSON or as a signed token.

use super::{
    claims::check_subject,
    profile::{self, Profile, bearer},
    provider::Server,
    provider_keys::ProviderKeys,
    replay::{Played, Replay},
    response::Response,
    step::RequestPurpose,
};
use crate::{
    Code, Error, Result,
    json::{Object, Value},
};
use alloc::string::String;

const PLACE: &str = "userinfo_endpoint";

/// Asks for the profile and reads it.
///
/// # Errors
/// `userinfo_failed`, the `response_*` codes, and those of the key set.
pub fn profile(
    access_token: &str,
    server: &Server<'_>,
    keys: &mut ProviderKeys,
    replay: &mut Replay,
) -> Played<Profile> {
    let url = server.provider.endpoint("userinfo")?;
    let mut request =
        bearer(RequestPurpose::Userinfo, url, access_token, "application/json, application/jwt");
    // The token stays in its header, where every server looks for it; the body of a POST is empty.
    request.method = server.settings.userinfo_method;
    let response = Response::of(replay.ask(request)?, RequestPurpose::Userinfo, PLACE)?;
    let data = if response.status == 200 && response.media_type == "application/jwt" {
        profile::signed(&response.body, (Code::UserinfoFailed, PLACE), server, keys, replay)?
    } else {
        response.json(Code::UserinfoFailed, PLACE)?
    };
    Ok(Profile { subject: subject(&data)?, data })
}

/// The subject, which a server that speaks OpenID always gives; whether it must be there, the sign-in decides.
fn subject(data: &Object) -> Result<Option<String>> {
    let Some(value) = data.get("sub") else { return Ok(None) };
    let wrong = |got: &str| {
        Error::new(Code::UserinfoFailed).at("userinfo_endpoint/sub").expected("a string").got(got)
    };
    match value {
        Value::String(subject) => check_subject(subject)
            .map(|known| Some(known.into()))
            .ok_or_else(|| wrong("a string that is empty, too long or has control characters")),
        other => Err(wrong(other.kind())),
    }
}
