//! Settings from typed parts: keys, a policy and a mapping in, the same checked settings out as from JSON.

use super::settings::Settings;
use crate::{
    Code, Error, Result, bounds,
    claims::standard::Policy,
    jose::{
        key::{DecryptKey, KeySource},
        nested::Encryption,
    },
    json::members::element,
    profile::{mapping::Mapping, source::Source},
    profile_limit::ProfileLimit,
};
use alloc::{string::String, vec::Vec};

/// The parts of settings. The names are those of the JSON settings.
#[derive(Clone, Debug, Default)]
pub struct SettingsBuilder {
    verify: Vec<KeySource>,
    decrypt: Vec<DecryptKey>,
    encryption: Option<Encryption>,
    policy: Policy,
    access_token: Option<String>,
    access_token_in_clear: bool,
    mapping: Mapping,
}

impl Settings {
    /// Starts settings from typed parts, without JSON.
    ///
    /// ```
    /// use handstamp::{claims::standard::Policy, jose::{Signature, key::Key}, secure_token::Settings};
    /// let key = Key::from_secret(b"32 bytes, known to the two sides", Signature::HS256, false)?;
    /// let policy = Policy { issuer: vec!["com.customer".into()], ..Policy::default() };
    /// let settings = Settings::builder().verify(key).policy(policy).build()?;
    /// assert_eq!(settings.sources().len(), 1);
    /// # Ok::<(), handstamp::Error>(())
    /// ```
    pub fn builder() -> SettingsBuilder {
        SettingsBuilder::default()
    }
}

impl SettingsBuilder {
    /// Adds a source of verification keys; a [`Key`](crate::jose::key::Key) or a [`KeySet`](crate::jose::key::KeySet) is one.
    #[must_use]
    pub fn verify(mut self, source: impl Into<KeySource>) -> Self {
        let place = element("/verify", self.verify.len());
        self.verify.push(source.into().placed(place));
        self
    }

    /// Adds a decryption key; tokens must then come encrypted, unless [`encryption`](Self::encryption) says otherwise.
    #[must_use]
    pub fn decrypt(mut self, key: DecryptKey) -> Self {
        let place = element("/decrypt", self.decrypt.len());
        self.decrypt.push(key.placed(place));
        self
    }

    /// Sets whether tokens come encrypted.
    #[must_use]
    pub const fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Sets the required values of the standard claims.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the claim that holds the access token, by its name or JSON Pointer; default: `access_token`.
    #[must_use]
    pub fn access_token(mut self, source: impl Into<String>) -> Self {
        self.access_token = Some(source.into());
        self
    }

    /// Accepts an access token in a token that is not encrypted.
    #[must_use]
    pub const fn access_token_in_clear(mut self) -> Self {
        self.access_token_in_clear = true;
        self
    }

    /// Sets the mapping of a profile to the form.
    #[must_use]
    pub fn mapping(mut self, mapping: Mapping) -> Self {
        self.mapping = mapping;
        self
    }

    /// Returns the settings.
    ///
    /// # Errors
    /// As [`Settings::parse`], with the place that the part has in the JSON settings.
    pub fn build(self) -> Result<Settings> {
        if self.verify.is_empty() {
            return Err(Error::new(Code::KeysMissing).at("/verify"));
        }
        for (place, keys) in [("/verify", self.verify.len()), ("/decrypt", self.decrypt.len())] {
            if keys > bounds::KEY_SOURCES {
                let fault = Error::new(Code::SettingsInvalid).at(place);
                return Err(fault.expected(told!("at most {}", bounds::KEY_SOURCES)).got(told!("{keys}")));
            }
        }
        Settings {
            encryption: Settings::encryption(self.encryption, &self.decrypt)?,
            access_token: Source::parse(
                self.access_token.as_deref().unwrap_or("access_token"),
                "/accessToken",
            )?,
            verify: self.verify,
            decrypt: self.decrypt,
            policy: self.policy,
            access_token_in_clear: self.access_token_in_clear,
            mapping: self.mapping,
            profile_limit: ProfileLimit::default(),
        }
        .with_separate_keys()
    }
}
