//! The input of a stage, read strictly: a host's mistake is named, not guessed around.

use crate::{
    Code, Error, Result,
    json::{Object, Value},
    time::UnixTime,
};
use alloc::format;

/// The members of a stage's input.
#[derive(Clone, Copy)]
pub struct Input<'a>(pub &'a Object);

impl<'a> Input<'a> {
    /// Returns a member that is there; `null` is the same as absent.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| **value != Value::Null)
    }

    /// Returns a member that must be there.
    ///
    /// # Errors
    /// `settings_invalid`.
    pub fn required(&self, name: &str) -> Result<&'a Value> {
        self.get(name).ok_or_else(|| Error::new(Code::SettingsInvalid).at(format!("/{name}")).got("nothing"))
    }

    /// Returns a string, if it is there.
    ///
    /// # Errors
    /// `settings_invalid` for anything but a text.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let wrong = || {
            Error::new(Code::SettingsInvalid).at(format!("/{name}")).expected("a string").got(value.kind())
        };
        value.as_str().map(Some).ok_or_else(wrong)
    }

    /// Returns a string that must be there.
    ///
    /// # Errors
    /// `settings_invalid`.
    pub fn required_text(&self, name: &str) -> Result<&'a str> {
        self.required(name)?;
        Ok(self.text(name)?.unwrap_or_default())
    }

    /// Returns a flag; false if it is absent.
    ///
    /// # Errors
    /// `settings_invalid`.
    pub fn flag(&self, name: &str) -> Result<bool> {
        let Some(value) = self.get(name) else { return Ok(false) };
        let wrong = || {
            Error::new(Code::SettingsInvalid)
                .at(format!("/{name}"))
                .expected("true or false")
                .got(value.kind())
        };
        value.as_bool().ok_or_else(wrong)
    }

    /// Returns the time of the call, in seconds.
    ///
    /// # Errors
    /// `settings_invalid`.
    pub fn now(&self) -> Result<UnixTime> {
        UnixTime::from_claim(self.required("now")?, "/now")
            .map_err(|_| Error::new(Code::SettingsInvalid).at("/now").expected("seconds since 1970"))
    }

    /// Returns a time in seconds, if it is there.
    ///
    /// # Errors
    /// `settings_invalid`.
    pub fn time(&self, name: &str) -> Result<Option<UnixTime>> {
        let place = format!("/{name}");
        let time = self.get(name).map(|value| UnixTime::from_claim(value, &place)).transpose();
        time.map_err(|_| Error::new(Code::SettingsInvalid).at(place).expected("seconds since 1970"))
    }
}
