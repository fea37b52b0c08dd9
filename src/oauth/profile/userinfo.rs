//! The profile from the userinfo endpoint (OpenID Connect Core section 5.3), as JSON or as a signed token.

use super::fetched::{self, Profile, bearer};
use crate::{
    Code, Error, Result,
    json::{Object, Value, members::pointer},
    oauth::{
        host::{Played, Replay, RequestPurpose, Response},
        provider::{ProviderKeys, Server},
        token::check_subject,
    },
};
use alloc::string::String;

const PLACE: &str = "userinfo_endpoint";
/// Errors that the endpoint may name (RFC 6750 section 3.1).
const REGISTERED: [&str; 3] = ["invalid_request", "invalid_token", "insufficient_scope"];

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
        fetched::signed(&response.body, (Code::UserinfoFailed, PLACE), server, keys, replay)?
    } else {
        let data = response.json(Code::UserinfoFailed, PLACE)?;
        // Some servers refuse with status 200. A profile may have a member of that name, but not without its subject.
        if data.get("sub").is_none() {
            response.unless_error(Code::UserinfoFailed, PLACE, &REGISTERED)?;
        }
        data
    };
    Ok(Profile { subject: subject(&data)?, data })
}

/// Returns the place of a profile that is not at the top of the answer, by its subject.
pub fn nested_subject(data: &Object) -> Option<String> {
    let inner = data.iter().find(|(_, value)| value.pointer("/sub").and_then(Value::as_str).is_some());
    inner.map(|(name, _)| pointer("", name)).filter(|place| place.len() <= 64)
}

/// The subject, which a server that speaks OpenID always gives; whether it must be there, the sign-in decides.
fn subject(data: &Object) -> Result<Option<String>> {
    let Some(value) = data.get("sub").filter(|value| **value != Value::Null) else { return Ok(None) };
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
