//! The compact form (RFC 7515 section 7.1, RFC 7516 section 7.1): a text of three parts is a JWS, one of five a
//! JWE. The text is looked at once, before anything is allocated: length, characters, number of parts.

use super::{
    base64url,
    header::{self, Header},
};
use crate::{Code, Error, Result, bounds, json::scan};
use alloc::vec::Vec;

/// A token taken apart; nothing in it is proven yet.
#[derive(Clone)]
#[non_exhaustive]
pub struct Compact<'a> {
    /// The header, readable and acceptable.
    pub header: Header,
    /// The other parts.
    pub form: Form<'a>,
}

/// The parts after the header, decoded.
#[derive(Clone)]
pub enum Form<'a> {
    /// A signed token.
    Jws {
        /// The signing input: the first two parts as received.
        signing_input: &'a str,
        /// The payload.
        payload: Vec<u8>,
        /// The signature.
        signature: Vec<u8>,
    },
    /// An encrypted token.
    Jwe {
        /// The additional authenticated data: the first part as received.
        additional_data: &'a str,
        /// The wrapped content key.
        encrypted_key: Vec<u8>,
        /// The initialisation vector.
        iv: Vec<u8>,
        /// The ciphertext.
        ciphertext: Vec<u8>,
        /// The authentication tag.
        tag: Vec<u8>,
    },
}

impl<'a> Compact<'a> {
    /// Takes a token apart. In order: presence, length, JSON form, characters, number of parts, header, other parts.
    ///
    /// ```
    /// use handstamp::{Code, jose::Compact};
    /// let error = Compact::parse("eyJhbGciOiJIUzI1NiJ9.e30").err().unwrap();
    /// assert_eq!(error.code(), Code::TokenSegments);
    /// ```
    ///
    /// # Errors
    /// `token_missing`, `token_too_large`, `token_is_json`, `token_whitespace`, `token_characters`,
    /// `token_padding`, `token_segments`, `token_trailing_bits`, and those of [`Header`].
    pub fn parse(text: &'a str) -> Result<Self> {
        Self::parse_within(text, bounds::TOKEN_BYTES)
    }

    /// Works as [`Compact::parse`] with another limit: a token that came from a server's answer is as long as that may be.
    ///
    /// # Errors
    /// As `parse`.
    pub(crate) fn parse_within(text: &'a str, bytes: usize) -> Result<Self> {
        Self::parse_by(text, bytes, Header::from_part)
    }

    /// Works as [`Compact::parse_within`] with another function for [`Header::from_part`].
    ///
    /// # Errors
    /// As `parse`.
    pub(super) fn parse_by(text: &'a str, bytes: usize, header: fn(&str) -> Result<Header>) -> Result<Self> {
        check_whole(text, bytes)?;
        // What decodes has no foreign character, so only a failure needs a look at each.
        let parsed = match scan::dots(text.as_bytes()).saturating_add(1) {
            3 => Self::signed(text, header),
            5 if cfg!(feature = "whole") => Self::encrypted(text),
            5 => Err(Error::new(Code::EncryptionUnexpected)),
            other => Err(Error::new(Code::TokenSegments)
                .expected("3 parts (JWS) or 5 parts (JWE)")
                .got(told!("{other} part{}", if other == 1 { "" } else { "s" }))),
        };
        parsed.map_err(|fault| foreign_character(text).unwrap_or(fault))
    }

    /// Checks whether this is an encrypted token.
    pub const fn is_encrypted(&self) -> bool {
        matches!(self.form, Form::Jwe { .. })
    }

    fn signed(text: &'a str, header: fn(&str) -> Result<Header>) -> Result<Self> {
        // By hand: what `split_once` looks for a character with is larger than all of this.
        let is_dot = |byte: u8| byte == b'.';
        let (first, last) = (text.bytes().position(is_dot), text.bytes().rposition(is_dot));
        let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
        let [after_first, after_last] = [first, last].map(|dot| dot.saturating_add(1));
        let header = header(text.get(..first).unwrap_or_default())?;
        let payload = part("payload", text.get(after_first..last).unwrap_or_default())?;
        let signature = part("signature", text.get(after_last..).unwrap_or_default())?;
        let signing_input = text.get(..last).unwrap_or_default();
        Ok(Self { header, form: Form::Jws { signing_input, payload, signature } })
    }

    fn encrypted(text: &'a str) -> Result<Self> {
        let mut parts = text.split('.');
        let mut next = || parts.next().unwrap_or_default();
        let additional_data = next();
        let header = Header::encrypted(&header::decode(additional_data)?)?;
        let form = Form::Jwe {
            additional_data,
            encrypted_key: part("encrypted_key", next())?,
            iv: part("iv", next())?,
            ciphertext: part("ciphertext", next())?,
            tag: part("tag", next())?,
        };
        Ok(Self { header, form })
    }
}

/// Checks what can be said of the whole text: presence, length, and what it is instead of a token.
fn check_whole(text: &str, bytes: usize) -> Result<()> {
    if text.is_empty() {
        return Err(Error::new(Code::TokenMissing));
    }
    if text.len() > bytes {
        let expected = told!("at most {bytes} bytes");
        return Err(Error::new(Code::TokenTooLarge).expected(expected).got(told!("{} bytes", text.len())));
    }
    if text.trim_start().starts_with('{') {
        return Err(Error::new(Code::TokenIsJson));
    }
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(Error::new(Code::TokenCharacters).got("the prefix Bearer at position 0"));
    }
    Ok(())
}

/// The refusal of the first character that no part can have: whatever else is wrong, this is why.
#[cold]
#[inline(never)]
fn foreign_character(text: &str) -> Option<Error> {
    let foreign =
        |character: char| !character.is_ascii_alphanumeric() && !matches!(character, '.' | '-' | '_');
    let (position, character) = text.char_indices().find(|(_, character)| foreign(*character))?;
    Some(base64url::foreign_fault(text, position, character))
}

fn part(name: &str, text: &str) -> Result<Vec<u8>> {
    base64url::decode(text).map_err(|error| error.at(name))
}
