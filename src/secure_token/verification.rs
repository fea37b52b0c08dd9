//! Verification alone: keys, and what is asked of the standard claims. For who opens no encrypted tokens and has no
//! campaign, and for the small module.

use super::settings::{MEMBERS, json, policy, sources};
use crate::{
    Code, Error, Result,
    claims::{
        ValidText,
        standard::{self, Policy},
    },
    error::Remark,
    freshness,
    jose::{
        compact::{Compact, Form},
        host::{Host, here},
        jws,
        key::KeySource,
    },
    json::{Value, members::Members},
    time::UnixTime,
};
use alloc::vec::Vec;

/// The settings that a verification looks at; keys are prepared.
#[derive(Clone, Debug)]
pub struct Verification {
    sources: Vec<KeySource>,
    policy: Policy,
}

impl Verification {
    /// Reads the settings from JSON text. Their names are those of [`Settings`](super::Settings); what only an admission
    /// looks at is taken and not looked at.
    ///
    /// ```
    /// use handstamp::{Code, secure_token::Verification};
    /// let fault = Verification::parse(br#"{ "verify": [], "decrypt": [] }"#).unwrap_err();
    /// assert_eq!((fault.code(), fault.detail().unwrap().at.as_deref()), (Code::SettingsInvalid, Some("/decrypt")));
    /// ```
    ///
    /// # Errors
    /// As [`Settings::parse`](super::Settings::parse), and `settings_invalid` for what would open encrypted tokens.
    pub fn parse(text: &[u8]) -> Result<Self> {
        let value = json(text)?;
        let members = Members::of(&value, "", &MEMBERS)?;
        if members.get("decrypt").is_some() {
            let fault = Error::new(Code::SettingsInvalid).at("/decrypt");
            return Err(fault.expected("no keys, because `handstamp/verify` does not decrypt").got("keys"));
        }
        members.choice("encryption", &[("off", ())])?;
        Ok(Self { sources: sources(&members)?, policy: policy(&members)? })
    }

    /// Checks signature and standard claims.
    ///
    /// # Errors
    /// Those of [`verify`](super::verify) with settings that have no `decrypt`.
    pub fn verify(&self, token: &str, now: UnixTime) -> Result<ValidText> {
        let compact = Compact::parse(token)?;
        if compact.is_encrypted() {
            return Err(Error::new(Code::EncryptionUnexpected));
        }
        standard::check_text(here(jws::verifying(compact, &self.sources, &Host::none()))?, &self.policy, now)
    }

    /// Returns the event of [`freshness`] that a refusal of this token is, as [`newer_keys`](super::newer_keys()) does.
    pub fn newer_keys(&self, token: &str, code: Code, now: UnixTime) -> Option<&'static str> {
        freshness::event_of(code)
            .filter(|event| *event != freshness::DOUBTFUL || self.would_pass(token, now).unwrap_or(false))
    }

    /// Checks whether only its signature stands against a token.
    fn would_pass(&self, token: &str, now: UnixTime) -> Option<bool> {
        let Compact { header, form: Form::Jws { payload, .. } } = Compact::parse(token).ok()? else {
            return None;
        };
        let claims = Value::parse_object(&payload).ok()?;
        Some(standard::would_pass(&claims, header.typ(), &self.policy, now))
    }

    /// Returns the sources of verification keys, in the order of the settings.
    pub fn sources(&self) -> &[KeySource] {
        &self.sources
    }

    /// Takes the text of a key set that was fetched for the source of that index.
    ///
    /// # Errors
    /// As [`KeySource::install`]; `settings_invalid` where there is no such source.
    pub fn install(&mut self, index: usize, text: &[u8]) -> Result<Vec<Remark>> {
        let missing = || Error::new(Code::SettingsInvalid).at("/verify").expected("the index of an entry");
        self.sources.get_mut(index).ok_or_else(missing)?.install(text)
    }

    /// Lets go of the key set that was installed for the source of that index.
    pub fn forget(&mut self, index: usize) {
        if let Some(source) = self.sources.get_mut(index) {
            source.forget();
        }
    }
}
