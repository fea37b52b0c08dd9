//! Where a value stands in claims or in a profile: a JSON Pointer, or the name of a top-level member.

use crate::{
    Code, Error, Result,
    json::{Object, Value},
};
use alloc::string::String;

/// A place in an object. Text that starts with `/` is a JSON Pointer (RFC 6901); any other is the name of a
/// top-level member, dots and colons and all, as in `https://acme.example/email`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(String);

impl Source {
    /// Reads the text of a source.
    ///
    /// # Errors
    /// `settings_invalid` for an empty string, or a pointer with a `~` that is neither `~0` nor `~1`.
    pub fn parse(text: &str, place: &str) -> Result<Self> {
        let fault = |got| {
            let expected = "the name of a member, or a JSON Pointer such as /address/locality";
            Error::new(Code::SettingsInvalid).at(place).expected(expected).got(got)
        };
        if text.is_empty() {
            return Err(fault("an empty string"));
        }
        let escapes = || text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        if text.starts_with('/') && !escapes() {
            return Err(fault("a pointer with a ~ that is neither ~0 nor ~1"));
        }
        Ok(Self(text.into()))
    }

    /// Returns the value at this place, if there is one.
    pub fn find<'a>(&self, object: &'a Object) -> Option<&'a Value> {
        let Some(pointer) = self.0.strip_prefix('/') else { return object.get(&self.0) };
        let (name, rest) = match pointer.find('/') {
            Some(slash) => pointer.split_at_checked(slash)?,
            None => (pointer, ""),
        };
        object.get(&name.replace("~1", "/").replace("~0", "~"))?.pointer(rest)
    }

    /// Returns the name of the top-level member that the value stands in.
    pub(crate) fn claim(&self) -> String {
        let Some(pointer) = self.0.strip_prefix('/') else { return self.0.clone() };
        pointer.split('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~")
    }

    /// Returns the place as a JSON Pointer, for error texts.
    pub fn pointer(&self) -> String {
        if self.0.starts_with('/') { self.0.clone() } else { crate::json::members::pointer("", &self.0) }
    }
}
