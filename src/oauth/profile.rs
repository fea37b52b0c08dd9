//! The profile of who signed in, wherever it comes from, and the request with the access token that asks for it.

use super::{
    claims::check_subject,
    replay::{Played, Replay},
    response::Response,
};
use crate::{
    Code, Error, Result,
    json::{Object, Value},
    operation::{Purpose, Request},
};
use alloc::{format, string::String};

const PLACE: &str = "profileApi";

/// What is known of a person. Not printable.
pub struct Profile {
    /// Whom it is about, where it says so.
    pub subject: Option<String>,
    /// The data to map.
    pub data: Object,
}

/// A request with an access token (RFC 6750 section 2.1).
pub fn bearer(purpose: Purpose, url: &str, access_token: &str, accept: &str) -> Request {
    let mut request = Request::get(purpose, url);
    request.headers =
        alloc::vec![("accept", accept.into()), ("authorization", format!("Bearer {access_token}"))];
    request
}

/// Asks the customer's own API for the profile.
///
/// # Errors
/// `profile_unavailable`, `profile_not_object`, `profile_subject_missing`, and the `response_*` codes.
pub fn from_api(access_token: &str, api: &Object, replay: &mut Replay) -> Played<Profile> {
    let setting = |name: &str| api.get(name).and_then(Value::as_str);
    let missing =
        || Error::new(Code::SettingsInvalid).at("/profileApi/url").expected("an address").got("nothing");
    let request =
        bearer(Purpose::Profile, setting("url").ok_or_else(missing)?, access_token, "application/json");
    let response = Response::of(replay.ask(request)?, PLACE)?;
    let whole = Value::from(response.json(Code::ProfileUnavailable, PLACE)?);
    let pointer = setting("object").unwrap_or_default();
    let data = whole.pointer(pointer).and_then(Value::as_object).cloned();
    let data = data.ok_or_else(|| Error::new(Code::ProfileNotObject).at(format!("{PLACE}{pointer}")))?;
    let subject = setting("subject").map(|pointer| subject_at(&whole, pointer)).transpose()?;
    Ok(Profile { subject, data })
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
