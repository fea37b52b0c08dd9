//! Errors. `errors.json` is the one catalogue; the enums here are made from it.
//!
//! An [`Error`] is a [`Code`] and, where it helps and gives nothing away, the place, the expected and the actual value:
//! lengths, types, names, times, short values of settings. Never a token, a secret or a claim's value.

use alloc::{boxed::Box, string::String};
use core::fmt;

/// Formats the words for an expected or actual value. The small module has no words and formats nothing.
macro_rules! told {
    ($($part:tt)*) => {
        if cfg!(feature = "whole") { alloc::format!($($part)*) } else { alloc::string::String::new() }
    };
}

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads a code by its stable name; a name that is not in the catalogue is refused with `settings_invalid`.
///
/// ```
/// use handstamp::Code;
/// assert_eq!("token_expired".parse(), Ok(Code::TokenExpired));
/// assert_eq!(Code::TokenExpired.to_string(), "token_expired");
/// assert!("expired".parse::<Code>().is_err());
/// ```
impl core::str::FromStr for Code {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().copied().find(|code| code.as_str() == name);
        found.ok_or_else(|| Error::new(Self::SettingsInvalid).expected("the name of a code").got(shown(name)))
    }
}

/// The owner of a fix in what is published.
const ISSUER: &str = "issuer";

/// The result of every stage.
pub type Result<T> = core::result::Result<T, Error>;

/// A refusal: a stable code, and what is known about it.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    code: Code,
    detail: Option<Box<Detail>>,
}

/// Where and what, in a form that is safe to show to the owner of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detail {
    /// The place: a JSON Pointer, or a part of the token such as `header` or `signature`.
    pub at: Option<String>,
    /// The expected value, in words.
    pub expected: Option<String>,
    /// The value found, as a type, a length, a time, a name of the standard or a short setting.
    pub got: Option<String>,
    /// The owner of the fix, where the catalogue names another.
    pub fix: Option<&'static str>,
}

impl Error {
    /// Creates a refusal without further detail.
    pub const fn new(code: Code) -> Self {
        Self { code, detail: None }
    }

    /// Sets the place: a JSON Pointer or a part of the token.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.detail.get_or_insert_default().at = Some(place.into());
        self
    }

    /// Puts `prefix` before the place, as an inner stage's place is relative to what it was given.
    #[must_use]
    pub fn within(mut self, prefix: &str) -> Self {
        let detail = self.detail.get_or_insert_default();
        detail.at = Some(match detail.at.take() {
            Some(place) => [prefix, &place].concat(),
            None => prefix.into(),
        });
        self
    }

    /// Sets the expected value, if the feature `whole` is on.
    #[must_use]
    pub fn expected(mut self, what: impl Into<String>) -> Self {
        if cfg!(feature = "whole") {
            self.detail.get_or_insert_default().expected = Some(what.into());
        }
        self
    }

    /// Sets the value found, if the feature `whole` is on; never a value that could be personal or secret.
    #[must_use]
    pub fn got(mut self, what: impl Into<String>) -> Self {
        if cfg!(feature = "whole") {
            self.detail.get_or_insert_default().got = Some(what.into());
        }
        self
    }

    /// Lays a fault of what the issuer publishes to the issuer, whatever the catalogue says of the same fault in settings.
    #[must_use]
    pub(crate) fn of_issuer(mut self) -> Self {
        // The small module knows no owner of a code: its JavaScript does.
        if cfg!(not(feature = "whole")) || self.code.fix() != ISSUER {
            self.detail.get_or_insert_default().fix = Some(ISSUER);
        }
        self
    }

    /// Returns who can fix it: issuer, settings, service or participant.
    pub fn fix(&self) -> &'static str {
        self.detail().and_then(|detail| detail.fix).unwrap_or(self.code.fix())
    }

    /// Returns the stable code.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Returns where and what, if it is known.
    pub fn detail(&self) -> Option<&Detail> {
        self.detail.as_deref()
    }

    /// Returns the reason that a visitor may see.
    pub const fn public(&self) -> Public {
        self.code.public()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.says())?;
        if let Some(detail) = self.detail() {
            if let Some(place) = &detail.at {
                write!(f, " At {place}.")?;
            }
            if let Some(what) = &detail.expected {
                write!(f, " Expected {what}.")?;
            }
            if let Some(what) = &detail.got {
                write!(f, " Got {what}.")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.code.as_str())
    }
}

impl core::error::Error for Error {}

/// A number of characters in words.
pub(crate) fn characters(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    told!("{count} character{plural}")
}

/// How long a text is, in words.
pub(crate) fn characters_of(text: &str) -> String {
    if cfg!(feature = "whole") { characters(text.chars().count()) } else { String::new() }
}

/// Longest value of a setting that an error shows, characters: shorter than any usable secret in any encoding.
const SHOWN_CHARACTERS: usize = 20;

/// Quotes the value of a setting. One that could be a misplaced secret, by its length, is described by its length.
pub(crate) fn shown(value: &str) -> String {
    let is_short = || value.chars().nth(SHOWN_CHARACTERS).is_none();
    if cfg!(not(feature = "whole")) {
        String::new()
    } else if is_short() && !value.chars().any(char::is_control) {
        told!("\"{value}\"")
    } else {
        told!("a string of {}", characters_of(value))
    }
}

/// Something accepted with a remark: a [`Warning`] and the place it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remark {
    /// Which remark.
    pub warning: Warning,
    /// The place it is about, where there is one.
    pub at: Option<String>,
    /// The name that was probably meant, where it is about a name.
    pub expected: Option<String>,
}

impl Remark {
    /// A remark about one place.
    pub fn at(warning: Warning, place: impl Into<String>) -> Self {
        Self { warning, at: Some(place.into()), expected: None }
    }

    /// A remark about a name that was probably meant to be another.
    pub fn meaning(warning: Warning, place: impl Into<String>, meant: &str) -> Self {
        Self { expected: Some(told!("\"{meant}\"")), ..Self::at(warning, place) }
    }
}
