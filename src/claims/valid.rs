//! Claims that may be acted on: those of a token whose signature and standard claims are good.

#[cfg(feature = "serde")]
use crate::{Code, Error, Result};
use crate::{error::Remark, json::Object, time::UnixTime};
use alloc::{string::String, vec::Vec};
use core::fmt;

/// The claims of a token whose signature and standard claims are good.
#[derive(Clone)]
pub struct ValidClaims {
    pub(super) claims: Object,
    pub(super) text: String,
    pub(super) expires_at: Option<UnixTime>,
    pub(super) issued_at: Option<UnixTime>,
    pub(super) remarks: Vec<Remark>,
    pub(super) source: usize,
}

impl ValidClaims {
    /// Returns every claim.
    pub const fn claims(&self) -> &Object {
        &self.claims
    }

    /// Returns the claims exactly as they were signed, as JSON text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads the claims as a type of the caller's own.
    ///
    /// ```
    /// use handstamp::{jose::{Signature, jws, key::Key}, json::Object, secure_token::{Settings, verify}, time::UnixTime};
    /// #[derive(serde::Deserialize)]
    /// struct Visitor { sub: String, tier: Option<u8> }
    ///
    /// let key = Key::from_secret(b"32 bytes, known to the two sides", Signature::HS256, false)?;
    /// let token = jws::sign_hmac(&Object::new(), br#"{ "sub": "1234", "tier": 2, "exp": 1800000300 }"#, &key)?;
    /// let settings = Settings::builder().verify(key).build()?;
    /// let (_, claims) = verify(&settings, &token, UnixTime(1_800_000_000))?;
    /// let visitor: Visitor = claims.read()?;
    /// assert_eq!((visitor.sub.as_str(), visitor.tier), ("1234", Some(2)));
    /// # Ok::<(), handstamp::Error>(())
    /// ```
    ///
    /// # Errors
    /// `claim_type` where the claims do not fit the type; no value is shown.
    #[cfg(feature = "serde")]
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        let unfit = |fault: serde_json::Error| {
            let got = told!("a value that does not fit, at character {}", fault.column());
            Error::new(Code::ClaimType).expected(core::any::type_name::<T>()).got(got)
        };
        serde_json::from_str(&self.text).map_err(unfit)
    }

    /// Returns when the token expires, if it does.
    pub const fn expires_at(&self) -> Option<UnixTime> {
        self.expires_at
    }

    /// Returns the warnings.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// Returns which of the sources of verification keys vouched for them.
    pub const fn source(&self) -> usize {
        self.source
    }
}

/// The claims of a token whose signature and standard claims are good, as JSON text.
#[non_exhaustive]
pub struct ValidText {
    /// The claims exactly as they were signed.
    pub text: String,
    /// The warnings.
    pub remarks: Vec<Remark>,
    /// Which of the sources of verification keys vouched for them.
    pub source: usize,
}

// Claims are personal data.
impl fmt::Debug for ValidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ValidText({} bytes)", self.text.len())
    }
}

impl fmt::Debug for ValidClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ValidClaims({} members)", self.claims.len())
    }
}

/// How a text differs from the expected one, without showing it.
pub(super) fn difference(accepted: &[String], got: &str) -> String {
    let near = accepted.iter().find_map(|expected| near_miss(expected, got));
    near.unwrap_or_else(|| match got {
        _ if cfg!(not(feature = "whole")) => String::new(),
        "" => "an empty string".into(),
        other => told!("a different string of {}", crate::error::characters_of(other)),
    })
}

/// Whether a text stands in another one as a whole word, such as an ID in a URL.
fn is_within(part: &str, whole: &str) -> bool {
    let is_edge = |text: &str, at: fn(&str) -> Option<char>| !at(text).is_some_and(char::is_alphanumeric);
    whole.split_once(part).is_some_and(|(before, after)| {
        is_edge(before, |text| text.chars().next_back()) && is_edge(after, |text| text.chars().next())
    })
}

/// How `got` differs, where it is nearly what is expected.
fn near_miss(expected: &str, got: &str) -> Option<String> {
    let scheme = |text: &str| if text.starts_with("http://") { "http" } else { "https" };
    let rest = |text: &str| text.split_once("://").map(|(_, rest)| String::from(rest.trim_end_matches('/')));
    let slashless = |text: &str| String::from(text.trim_end_matches('/'));
    if cfg!(not(feature = "whole")) {
        return None;
    }
    Some(if got.trim() == expected.trim() {
        "the same string with different white space around it".into()
    } else if scheme(got) != scheme(expected) && rest(got).is_some() && rest(got) == rest(expected) {
        told!("the same URL with {}", scheme(got))
    } else if got.strip_suffix(".0") == Some(expected) {
        "the same number with .0 at its end".into()
    } else if slashless(got) == slashless(expected) {
        "the same string with or without a slash at the end".into()
    } else if got.eq_ignore_ascii_case(expected) {
        "the same string with different upper and lower case".into()
    } else if is_within(expected, got) {
        "the same string with more around it".into()
    } else if is_within(got, expected) {
        "a part of it".into()
    } else {
        return None;
    })
}
