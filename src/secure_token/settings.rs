//! The settings of the secure token: keys, encryption, what is asked of the claims, where the data goes.

use crate::{
    Code, Error, Result, bounds,
    claims::standard::{Expiry, Policy},
    error::Remark,
    jose::{
        key::{DecryptKey, KeySource, KeyStatus},
        nested::{self, Encryption},
    },
    json::{Object, Value, members::Members},
    profile::{mapping::Mapping, source::Source},
    profile_limit::ProfileLimit,
};
use alloc::{string::String, vec::Vec};

/// The names of the settings; an account document knows the same.
pub(crate) const MEMBERS: [&str; 14] = [
    "verify",
    "decrypt",
    "encryption",
    "issuer",
    "audience",
    "typ",
    "expiry",
    "leewaySeconds",
    "maxLifetimeSeconds",
    "accessToken",
    "accessTokenInClear",
    "allowShortSecret",
    "mapping",
    "profileLimit",
];

/// Those without which less is checked: none of them may be `null`.
const CHECKS: [&str; 6] = ["decrypt", "encryption", "issuer", "audience", "typ", "maxLifetimeSeconds"];

/// Settings that were read and are consistent; keys are prepared.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(crate) verify: Vec<KeySource>,
    pub(crate) decrypt: Vec<DecryptKey>,
    pub(crate) encryption: Encryption,
    pub(crate) policy: Policy,
    pub(crate) access_token: Source,
    pub(crate) access_token_in_clear: bool,
    pub(crate) mapping: Mapping,
    pub(crate) profile_limit: ProfileLimit,
}

impl Settings {
    /// Reads the settings from JSON text.
    ///
    /// ```
    /// use handstamp::{Code, secure_token::Settings};
    /// let fault = Settings::parse(br#"{ "verfy": {} }"#).unwrap_err();
    /// assert_eq!(fault.code(), Code::SettingsUnknown);
    /// assert_eq!(fault.detail().unwrap().at.as_deref(), Some("/verfy"));
    /// ```
    ///
    /// # Errors
    /// `settings_unknown`, `settings_invalid`, `keys_missing`, `key_shared`, and those of each key; each with
    /// the JSON Pointer of the setting.
    pub fn parse(text: &[u8]) -> Result<Self> {
        Self::from_value(&json(text)?)
    }

    /// Reads the settings from a value.
    ///
    /// # Errors
    /// As [`Settings::parse`].
    pub(crate) fn from_value(value: &Value) -> Result<Self> {
        let members = Members::of(value, "", &MEMBERS)?;
        let verify = sources(&members)?;
        let decrypt = match members.get("decrypt") {
            Some(keys) => decryption(keys, &verify)?,
            None => Vec::new(),
        };
        let words = [Encryption::Off, Encryption::Accept, Encryption::Require].map(|way| (way.name(), way));
        let encryption = Self::encryption(members.choice("encryption", &words)?, &decrypt)?;
        let mapping = members.get("mapping").map(mapping);
        let limit = members.get("profileLimit").map(profile_limit);
        let access_token = members.text("accessToken")?.unwrap_or("access_token");
        Ok(Self {
            verify,
            decrypt,
            encryption,
            policy: policy(&members)?,
            access_token: Source::parse(access_token, "/accessToken")?,
            access_token_in_clear: members.flag("accessTokenInClear")?,
            mapping: mapping.transpose()?.unwrap_or_default(),
            profile_limit: limit.transpose()?.unwrap_or_default(),
        })
    }

    /// Decides whether tokens come encrypted: they must, where there is a key for them and nothing else is said.
    pub(super) fn encryption(given: Option<Encryption>, decrypt: &[DecryptKey]) -> Result<Encryption> {
        let by_default = if decrypt.is_empty() { Encryption::Off } else { Encryption::Require };
        let encryption = given.unwrap_or(by_default);
        if encryption != Encryption::Off && decrypt.is_empty() {
            let fault = Error::new(Code::SettingsInvalid)
                .at("/encryption")
                .expected("\"off\", or a key in `decrypt`");
            return Err(fault.got(told!("\"{}\", but `decrypt` has no key", encryption.name())));
        }
        Ok(encryption)
    }

    /// Refuses one key in two roles.
    pub(super) fn with_separate_keys(self) -> Result<Self> {
        nested::check_keys(&self.decrypt, &self.verify)?;
        Ok(self)
    }

    /// Returns the sources of verification keys, in the order of the settings.
    pub fn sources(&self) -> &[KeySource] {
        &self.verify
    }

    /// Checks whether a claim is one that these settings read, beside those that are always read.
    pub(crate) fn reads(&self, claim: &str) -> bool {
        let of_mapping = self.mapping.sources();
        of_mapping.chain([&self.access_token]).any(|source| source.claim() == claim)
    }

    /// Returns the mapping of a profile to the form.
    pub const fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Takes the text of a key set that was fetched for the source of that index.
    ///
    /// # Errors
    /// As [`KeySource::install`]; `settings_invalid` where there is no such source.
    pub fn install(&mut self, index: usize, text: &[u8]) -> Result<Vec<Remark>> {
        let missing = || Error::new(Code::SettingsInvalid).at("/verify").expected("the index of an entry");
        self.verify.get_mut(index).ok_or_else(missing)?.install(text)
    }

    /// Lets go of the key set that was installed for the source of that index.
    pub fn forget(&mut self, index: usize) {
        if let Some(source) = self.verify.get_mut(index) {
            source.forget();
        }
    }
}

/// Settings as JSON text.
pub(super) fn json(text: &[u8]) -> Result<Value> {
    Value::parse(text).map_err(|fault| {
        let got = fault.detail().and_then(|detail| detail.got.as_deref()).unwrap_or_default();
        Error::new(Code::SettingsInvalid).at("").expected("JSON").got(got)
    })
}

/// The sources of verification keys, of which one at least is not revoked.
pub(super) fn sources(members: &Members<'_>) -> Result<Vec<KeySource>> {
    members.check_values(&CHECKS)?;
    let allow_short = members.flag("allowShortSecret")?;
    let none = || Error::new(Code::KeysMissing).at("/verify");
    let verify = members.get("verify").ok_or_else(none)?;
    let verify = KeySource::list_from_settings(verify, "/verify", allow_short)?;
    if verify.iter().all(|source| source.status() == KeyStatus::Revoked) {
        return Err(none().got("only revoked keys"));
    }
    Ok(verify)
}

/// The keys to decrypt with, none of which verifies as well.
#[inline(never)] // Hosts compile a function when it is first called, and most settings have none.
fn decryption(keys: &Value, verify: &[KeySource]) -> Result<Vec<DecryptKey>> {
    let keys = DecryptKey::list_from_settings(&without_nulls(keys), "/decrypt")?;
    nested::check_keys(&keys, verify)?;
    Ok(keys)
}

#[inline(never)] // As above.
fn mapping(value: &Value) -> Result<Mapping> {
    Mapping::parse(value, "/mapping")
}

#[inline(never)] // As above.
fn profile_limit(value: &Value) -> Result<ProfileLimit> {
    ProfileLimit::parse(value, "/profileLimit")
}

/// Reads the policy for the standard claims.
pub(super) fn policy(members: &Members<'_>) -> Result<Policy> {
    let words = [("required", Expiry::Required), ("optional", Expiry::Optional)];
    let leeway = members.whole("leewaySeconds", 0..=i64::from(bounds::LEEWAY_SECONDS_MAX))?;
    Ok(Policy {
        expiry: members.choice("expiry", &words)?.unwrap_or_default(),
        leeway: leeway.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(bounds::LEEWAY_SECONDS),
        ahead: None,
        issuer: members.accepted("issuer", bounds::ACCEPTED_VALUES)?,
        audience: members.accepted("audience", bounds::ACCEPTED_VALUES)?,
        typ: members.text("typ")?.map(String::from),
        max_lifetime: members.whole("maxLifetimeSeconds", 1..=i64::MAX)?,
    })
}

/// One entry or several, without the members that are `null`: they count as absent here as everywhere.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(without_nulls).collect::<Vec<_>>().into(),
        Value::Object(object) => {
            let mut out = Object::new();
            for (name, value) in object.iter().filter(|(_, value)| **value != Value::Null) {
                out.set(name, value.clone());
            }
            out.into()
        }
        other => other.clone(),
    }
}

/// Settings as a part of a program's own configuration, in any format; a fault names its place.
///
/// ```
/// use handstamp::secure_token::Settings;
/// #[derive(serde::Deserialize, Debug)]
/// struct Configuration { port: u16, tokens: Settings }
///
/// let good = r#"{ "port": 8080, "tokens": { "verify": {
///     "method": "symmetricKey", "alg": "HS256", "encoding": "utf8", "key": "32 bytes, known to the two sides" } } }"#;
/// assert_eq!(serde_json::from_str::<Configuration>(good).unwrap().port, 8080);
/// let bad = serde_json::from_str::<Configuration>(r#"{ "port": 8080, "tokens": { "verfy": {} } }"#).unwrap_err();
/// assert!(bad.to_string().contains("/verfy"), "{bad}");
/// ```
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Settings {
    fn deserialize<D: serde::Deserializer<'de>>(given: D) -> core::result::Result<Self, D::Error> {
        let value = Value::deserialize(given)?;
        Self::from_value(&value).map_err(serde::de::Error::custom)
    }
}
