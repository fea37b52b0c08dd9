//! The answer of a server, checked before it is read: reachable, status, media type, size, JSON.

use super::step::{Answer, RequestPurpose};
use crate::{
    Code, Error, Result,
    json::{Object, Value},
    metadata::printable,
};
use alloc::{format, string::String, vec::Vec};

/// An answer that arrived, whatever its status.
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Media type, lower case, without parameters.
    pub media_type: String,
    /// Body.
    pub body: String,
}

impl Response {
    /// Takes an answer that arrived.
    ///
    /// # Errors
    /// `response_timeout`, `response_too_large`, `response_redirected`, `response_failed` or `address_refused`,
    /// at the named place.
    pub fn of(answer: Answer, purpose: RequestPurpose, place: &str) -> Result<Self> {
        let too_large = || {
            let expected = format!("at most {} KiB", purpose.bytes() / 1024);
            Error::new(Code::ResponseTooLarge).at(place).expected(expected)
        };
        match answer {
            // The host read no further, so nobody knows how much there was.
            Answer::Failed(Code::ResponseTooLarge) => Err(too_large()),
            Answer::Failed(code) => Err(Error::new(code).at(place)),
            Answer::Response { status: 300..=399, .. } => Err(Error::new(Code::ResponseRedirected).at(place)),
            Answer::Response { body, .. } if body.len() > purpose.bytes() => {
                Err(too_large().got(format!("{} bytes", body.len())))
            }
            Answer::Response { status, content_type, body } => {
                Ok(Self { status, media_type: content_type, body })
            }
        }
    }

    /// Checks whether the media type says JSON. Pages of HTML that answer 200 are the usual surprise.
    pub fn is_json(&self) -> bool {
        let media_type = self.media_type.as_str();
        media_type == "application/json"
            || media_type == "text/json"
            || (media_type.starts_with("application/") && media_type.ends_with("+json"))
    }

    /// Reads the JSON object, if there is one, whatever the status: some servers refuse with 200. Of an error that it
    /// names (RFC 6749 section 5.2), registered names alone are passed on.
    ///
    /// # Errors
    /// `refused` for an object that names an error.
    pub fn unless_error(&self, refused: Code, place: &str, registered: &[&str]) -> Result<Option<Object>> {
        let body = if self.is_json() { Value::parse_large(self.body.as_bytes()).ok() } else { None };
        let error = body.as_ref().and_then(|body| said(body, "error")).filter(|error| !is_no_error(error));
        let Some(error) = error else { return Ok(body) };
        let name = error.as_str().filter(|name| registered.contains(name));
        Err(Error::new(refused).at(place).got(name.unwrap_or("an error without a registered name")))
    }

    /// Whether it is an answer to what was asked.
    ///
    /// # Errors
    /// `code` for any other status than 200.
    pub fn good(&self, code: Code, place: &str) -> Result<()> {
        let got = || format!("status {}", self.status);
        if self.status == 200 {
            Ok(())
        } else {
            Err(Error::new(code).at(place).expected("status 200").got(got()))
        }
    }

    /// Returns the JSON object of a good answer; anything else is refused with `code`.
    ///
    /// # Errors
    /// `code`, with what was found: a status, a media type, or the JSON fault by name.
    pub fn json(&self, code: Code, place: &str) -> Result<Object> {
        let refused = |expected: &str, got: String| Error::new(code).at(place).expected(expected).got(got);
        self.good(code, place)?;
        if !self.is_json() {
            return Err(refused("application/json", printable(&self.media_type, "no media type")));
        }
        Value::parse_large(self.body.as_bytes()).map_err(|fault| {
            let (code, detail) = (fault.code(), fault.detail());
            match detail.and_then(|detail| Some((detail.expected.as_deref()?, detail.got.as_deref()?))) {
                // A limit says how much is allowed, and where it ended.
                Some((most, got)) if code == Code::JsonTooDeep => {
                    refused(most, format!("{} ({got})", code.as_str()))
                }
                _ => refused("a JSON object", code.as_str().into()),
            }
        })
    }
}

/// Checks for a value by which a server says that nothing is wrong: `"error": false`, as in PHP, or an empty list.
fn is_no_error(value: &Value) -> bool {
    *value == Value::Bool(false)
        || value.as_i64() == Some(0)
        || value.as_array().is_some_and(<[Value]>::is_empty)
        || value.as_object().is_some_and(Object::is_empty)
}

/// Returns a member that says something: `null` and an empty string are what some servers write for nothing.
pub fn said<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| **value != Value::Null && value.as_str() != Some(""))
}

/// Returns a foreign sentence as an account's owner may see it: its first line, cut, without the words that may be a
/// person's name, a number, a credential, a URL or markup.
pub fn sentence(text: &str) -> String {
    let plain = |word: &&str| {
        let is_number = word.len() > 4 && !word.contains(char::is_alphabetic);
        let is_prose = |sign: char| sign.is_alphanumeric() || "-_.,:;!?/()".contains(sign);
        word.len() <= 32 && !is_number && !word.contains("//") && word.chars().all(is_prose)
    };
    let line = text.split(char::is_control).next().unwrap_or_default();
    let words = line.split(' ').filter(|word| !word.is_empty()).take(40);
    let words: Vec<&str> = words.map(|word| Some(word).filter(plain).unwrap_or("…")).collect();
    words.join(" ").chars().take(200).collect()
}
