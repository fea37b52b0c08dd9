//! The ways into the reader: a whole text, an object, a few members of one, or one that may be large.

use super::{
    Object, Value,
    reader::{MANY, Reader},
};
use crate::{Code, Error, Result, bounds};
use alloc::{string::String, vec::Vec};
use core::str::Utf8Error;

impl Value {
    /// Reads a whole JSON text.
    ///
    /// ```
    /// use handstamp::{Code, json::Value};
    /// let claims = Value::parse(br#"{ "limit": { "nb": 3 } }"#)?;
    /// assert_eq!(claims.pointer("/limit/nb").and_then(Value::as_i64), Some(3));
    /// assert_eq!(Value::parse(br#"{ "sub": "a", "sub": "b" }"#).unwrap_err().code(), Code::JsonDuplicateMember);
    /// # Ok::<(), handstamp::Error>(())
    /// ```
    ///
    /// # Errors
    /// The `json_*` codes, with the byte position where reading stopped.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        Self::read(bytes, None, bounds::JSON_MEMBERS)
    }

    /// Reads a whole JSON text as [`Value::parse`] does, but keeps only these members of the object that it is: for who
    /// passes the text on and looks at little of it.
    ///
    /// # Errors
    /// As [`Value::parse_object`].
    pub(crate) fn parse_members(text: &str, names: &[&str]) -> Result<Object> {
        Self::read_text(text, Some(names), bounds::JSON_MEMBERS).and_then(Self::into_object)
    }

    /// Returns the text that bytes are, for who reads it by [`Value::parse_members`].
    ///
    /// # Errors
    /// `json_not_utf8`.
    pub(crate) fn text(bytes: Vec<u8>) -> Result<String> {
        String::from_utf8(bytes).map_err(|fault| not_utf8(fault.utf8_error()))
    }

    /// Reads an object of a server about a person: groups and the like may be many, where nobody maps them, and a name may have
    /// been cut in the middle of an emoji. The server's answer is capped as a whole, and its depth.
    ///
    /// # Errors
    /// As [`Value::parse_object`], but for the number of members.
    pub(crate) fn parse_large(bytes: &[u8]) -> Result<Object> {
        Self::read(bytes, None, MANY).and_then(Self::into_object)
    }

    fn read(bytes: &[u8], wanted: Option<&[&str]>, most: usize) -> Result<Self> {
        // No JSON has a zero among its first two bytes but in UTF-16.
        if matches!(bytes, [0, _, ..] | [_, 0, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
            return Err(Error::new(Code::JsonNotUtf8).got("UTF-16"));
        }
        Self::read_text(core::str::from_utf8(bytes).map_err(not_utf8)?, wanted, most)
    }

    fn read_text(text: &str, wanted: Option<&[&str]>, most: usize) -> Result<Self> {
        if text.starts_with('\u{feff}') {
            return Err(Error::new(Code::JsonNotUtf8).got("a byte order mark"));
        }
        Reader::new(text, wanted, most).whole()
    }

    /// Reads a whole JSON text that must be an object.
    ///
    /// # Errors
    /// As [`Value::parse`], and `json_not_object`.
    pub fn parse_object(bytes: &[u8]) -> Result<Object> {
        Self::parse(bytes).and_then(Self::into_object)
    }

    fn into_object(self) -> Result<Object> {
        match self {
            Self::Object(object) => Ok(object),
            other => Err(Error::new(Code::JsonNotObject).expected("an object").got(other.kind())),
        }
    }
}

fn not_utf8(fault: Utf8Error) -> Error {
    Error::new(Code::JsonNotUtf8).got(told!("an invalid byte at position {}", fault.valid_up_to()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_emoji_of_a_server_is_read_and_that_of_a_token_is_not() {
        for (text, read) in [
            (r#"{"a":"Ada \ud83d"}"#, "Ada \u{fffd}"),
            (r#"{"a":"\ud83d\u0041\ude00"}"#, "\u{fffd}A\u{fffd}"),
            (r#"{"a":"\ud83d\ud83d\ude00"}"#, "\u{fffd}\u{1f600}"),
        ] {
            let large = Value::parse_large(text.as_bytes()).ok();
            assert_eq!(large.as_ref().and_then(|object| object.get("a")?.as_str()), Some(read));
            assert_eq!(Value::parse(text.as_bytes()).map_err(|fault| fault.code()), Err(Code::JsonSyntax));
        }
    }
}
