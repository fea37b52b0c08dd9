//! The profile from the userinfo endpoint (OpenID Connect Core section 5.3), as JSON or as a signed token.

use super::{
    claims::{Claims, check_subject, policy, refused},
    profile::{Profile, bearer},
    provider::Provider,
    provider_keys::ProviderKeys,
    replay::{Pause, Played, Replay},
    response::Response,
};
use crate::{
    Code, Error, Result,
    account::OAuth,
    claims::standard::Expiry,
    jose::compact::Compact,
    json::{Object, Value},
    operation::Purpose,
    time::UnixTime,
};

const PLACE: &str = "userinfo_endpoint";

/// Asks for the profile and reads it.
///
/// # Errors
/// `userinfo_failed`, the `response_*` codes, and those of the key set.
pub fn profile(
    access_token: &str,
    settings: &OAuth,
    provider: &Provider,
    now: UnixTime,
    keys: &mut ProviderKeys,
    replay: &mut Replay,
) -> Played<Profile> {
    let url = provider.endpoint("userinfo")?;
    let request = bearer(Purpose::Userinfo, url, access_token, "application/json, application/jwt");
    let response = Response::of(replay.ask(request)?, PLACE)?;
    let data = if response.status == 200 && response.media_type == "application/jwt" {
        signed(&response.body, settings, provider, now, keys, replay)?
    } else {
        response.json(Code::UserinfoFailed, PLACE)?
    };
    Ok(Profile { subject: subject(&data)?, data })
}

fn signed(
    text: &str,
    settings: &OAuth,
    provider: &Provider,
    now: UnixTime,
    keys: &mut ProviderKeys,
    replay: &mut Replay,
) -> Played<Object> {
    let failed = |error: Error| refused(Code::UserinfoFailed, PLACE, &error);
    let token = Compact::parse(text.trim_end()).map_err(failed)?;
    let verified = keys.verify(&token, provider, replay).map_err(|pause| match pause {
        Pause::Refuse(error) => Pause::Refuse(failed(error)),
        ask @ Pause::Ask(_) => ask,
    })?;
    // A signed answer should name issuer and audience (section 5.3.2); where it does, they must be right.
    let named = Value::parse_object(verified.payload()).map_err(failed)?;
    let issuer = named.get("iss").map(|_| settings.issuer.as_str());
    let audience = named.get("aud").map(|_| settings.client_id.as_str());
    let policy = policy(issuer, audience, Expiry::Optional);
    let claims = Claims::check(verified, &policy, now, Code::UserinfoFailed, PLACE)?;
    Ok(claims.into_members())
}

/// The subject, which a server that speaks OpenID always gives; whether it must be there, the sign-in decides.
fn subject(data: &Object) -> Result<Option<alloc::string::String>> {
    let Some(value) = data.get("sub") else { return Ok(None) };
    let wrong = |got: &str| {
        Error::new(Code::UserinfoFailed).at("userinfo_endpoint/sub").expected("a string").got(got)
    };
    match value {
        Value::String(subject) => {
            check_subject(subject).map(|known| Some(known.into())).ok_or_else(|| wrong("an unusable name"))
        }
        other => Err(wrong(other.kind())),
    }
}
