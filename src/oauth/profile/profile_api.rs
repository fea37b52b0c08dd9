//! The profile from the customer's own API, which is asked with the access token.

use super::{
    access_token,
    fetched::{Profile, bearer, signed},
    userinfo,
};
use crate::{
    Code, Error, Result,
    account::{SecretPurpose, Secrets},
    input::Input,
    json::{Object, Value},
    oauth::{
        account::StoredAccount,
        host::{Played, Replay, RequestPurpose, Response},
        provider::{ProviderKeys, Server},
        token::check_subject,
    },
};
use alloc::{format, string::String, vec::Vec};

const PLACE: &str = "profileApi";

/// The customer's own API, and the headers that it wants.
pub struct ProfileApi<'a> {
    settings: &'a Object,
    headers: Vec<(String, String)>,
    is_late: bool,
}

impl<'a> ProfileApi<'a> {
    /// Finds the profile API of an account or of its campaign, with the secrets of its headers in place.
    ///
    /// # Errors
    /// `settings_invalid` where there is none, `secret_unknown`, `secret_purpose`.
    pub fn of(input: Input<'a>, account: StoredAccount<'a>) -> Result<Self> {
        let settings = account.source("profileApi").and_then(Value::as_object);
        let missing = || Error::new(Code::SettingsInvalid).at("/profileApi").got("nothing");
        let settings = settings.ok_or_else(missing)?;
        let nothing = Object::new();
        let secrets = input.secrets()?.unwrap_or(Secrets(&nothing));
        let mut headers = Vec::new();
        let wanted = settings.get("headers").and_then(Value::as_object);
        for (name, value) in wanted.into_iter().flat_map(Object::iter) {
            let value = match value.as_str() {
                Some(text) => text,
                None => {
                    secrets.resolve(value, SecretPurpose::Profile, &format!("/profileApi/headers/{name}"))?
                }
            };
            headers.push((name.into(), value.into()));
        }
        Ok(Self { settings, headers, is_late: false })
    }

    /// Asks it after the sign-in, when the access token may have expired: its refusal is then the participant's to mend, as a
    /// participant can bring it about by waiting.
    #[must_use]
    pub fn late(self) -> Self {
        Self { is_late: true, ..self }
    }

    /// Fetches the profile. The document sets the form of the answer: the profile as JSON, the profile as a token signed by
    /// the identity provider, or an access token for the profile.
    ///
    /// # Errors
    /// `profile_unavailable`, `profile_refused`, `profile_not_object`, `profile_subject_missing`, the `response_*` codes, and those of
    /// the access token and userinfo.
    pub fn profile(
        &self,
        access_token: &str,
        server: &Server<'_>,
        keys: &mut ProviderKeys,
        replay: &mut Replay,
    ) -> Played<Profile> {
        let setting = |name: &str| self.settings.get(name).and_then(Value::as_str);
        let missing =
            || Error::new(Code::SettingsInvalid).at("/profileApi/url").expected("a URL").got("nothing");
        let url = setting("url").ok_or_else(missing)?;
        let signs = setting("answer") == Some("jwt");
        let accept = if signs { "application/jwt" } else { "application/json" };
        let mut request = bearer(RequestPurpose::Profile, url, access_token, accept);
        request.headers.extend(self.headers.iter().cloned());
        let response = Response::of(replay.ask(request)?, RequestPurpose::Profile, PLACE)?;
        if self.is_late && (400..500).contains(&response.status) {
            response.good(Code::ProfileRefused, PLACE)?;
        }
        let whole = if signs {
            response.good(Code::ProfileUnavailable, PLACE)?;
            signed(&response.body, (Code::ProfileInvalid, PLACE), server, keys, replay)?
        } else {
            response.json(Code::ProfileUnavailable, PLACE)?
        };
        if setting("answer") == Some("access_token") {
            return from_given_token(&whole, server, keys, replay);
        }
        let whole = Value::from(whole);
        let pointer = setting("object").unwrap_or_default();
        let data = whole.pointer(pointer).and_then(Value::as_object).cloned();
        let data = data.ok_or_else(|| Error::new(Code::ProfileNotObject).at(format!("{PLACE}{pointer}")))?;
        let subject = setting("subject").map(|pointer| subject_at(&whole, pointer)).transpose()?;
        Ok(Profile { subject, data })
    }
}

/// A token in the answer is used like one of the token endpoint: a signed one is the profile, an opaque one opens
/// the userinfo endpoint.
fn from_given_token(
    whole: &Object,
    server: &Server<'_>,
    keys: &mut ProviderKeys,
    replay: &mut Replay,
) -> Played<Profile> {
    let wrong = |got: &str| {
        let error = Error::new(Code::ProfileInvalid).at("profileApi/access_token");
        error.expected("printable characters").got(got)
    };
    let value = whole.get("access_token");
    let token = value.and_then(Value::as_str);
    let token = token.ok_or_else(|| wrong(value.map_or("nothing", Value::kind)))?;
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(wrong("a string with other characters").into());
    }
    if token.split('.').count() == 3 {
        access_token::profile(token, server, keys, replay)
    } else {
        userinfo::profile(token, server, keys, replay)
    }
}

/// An id is often a number in an API; it names the same person as its digits do.
fn subject_at(whole: &Value, pointer: &str) -> Result<String> {
    let text = match whole.pointer(pointer) {
        Some(Value::String(text)) => Some(text.as_str()),
        Some(Value::Number(number)) if number.as_i64().is_some() => Some(number.as_text()),
        _ => None,
    };
    let missing = || Error::new(Code::ProfileSubjectMissing).at(format!("{PLACE}{pointer}"));
    text.and_then(check_subject).map(String::from).ok_or_else(missing)
}
