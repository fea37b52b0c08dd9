//! Where verification keys come from: a key set by address or as data, one public key, or one shared secret.

use super::{
    algorithm::Signature,
    header::Header,
    key::Key,
    key_set::KeySet,
    pem,
    setting::{Given, Setting, Status, wrong},
};
use crate::{Code, Error, Result, bounds, error::Remark, json::Value};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// One configured source of verification keys.
#[derive(Clone, Debug)]
pub struct KeySource {
    place: String,
    status: Status,
    method: Method,
}

#[derive(Clone, Debug)]
enum Method {
    Address { url: String, algs: Option<Vec<Signature>>, keys: Option<KeySet> },
    Data(KeySet),
    One(Key),
}

impl KeySource {
    /// Reads one source. `place` is the JSON Pointer of the setting and leads every fault.
    ///
    /// # Errors
    /// `settings_invalid`, `settings_unknown`, and the codes of the key or key set.
    pub fn from_settings(value: &Value, place: &str, allow_short: bool) -> Result<Self> {
        let read = || {
            let method = value.as_object().and_then(|members| members.get("method")).and_then(Value::as_str);
            match method {
                Some("jwks") => {
                    key_set(&Setting::new(value, &["method", "keys", "url", "algs"])?, allow_short)
                }
                Some("publicKey") => public_key(&Setting::new(value, &["method", "key", "alg"])?),
                Some("symmetricKey") => {
                    shared_secret(&Setting::new(value, &["method", "key", "encoding", "alg"])?, allow_short)
                }
                _ if value.as_object().is_none() => Err(wrong("", "an object", value.kind())),
                _ => Err(wrong(
                    "/method",
                    "jwks, publicKey or symmetricKey",
                    if method.is_some() { "another word" } else { "nothing" },
                )),
            }
        };
        let method = read().map_err(|error| error.within(place))?;
        let status = Setting::new(value, &["method", "keys", "url", "algs", "key", "encoding", "alg"])
            .and_then(|setting| setting.status())
            .map_err(|error| error.within(place))?;
        Ok(Self { place: place.to_owned(), status, method })
    }

    /// Reads one source or an array of them.
    ///
    /// # Errors
    /// `keys_missing` for none, `settings_invalid` for more than 8, and those of each source.
    pub fn list_from_settings(value: &Value, place: &str, allow_short: bool) -> Result<Vec<Self>> {
        let Some(sources) = value.as_array() else {
            return Ok(alloc::vec![Self::from_settings(value, place, allow_short)?]);
        };
        if sources.is_empty() {
            return Err(Error::new(Code::KeysMissing).at(place));
        }
        if sources.len() > bounds::KEY_SOURCES {
            let expected = format!("at most {} sources", bounds::KEY_SOURCES);
            return Err(wrong(place, &expected, &format!("{}", sources.len())));
        }
        let read = |(index, source)| Self::from_settings(source, &format!("{place}/{index}"), allow_short);
        sources.iter().enumerate().map(read).collect()
    }

    /// The place in the settings.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Where the key stands in its rotation; a revoked source finds nothing.
    pub const fn status(&self) -> Status {
        self.status
    }

    /// The address of a key set that is to be fetched.
    pub fn url(&self) -> Option<&str> {
        if let Method::Address { url, .. } = &self.method { Some(url) } else { None }
    }

    /// Whether the keys are there: a fetched set must be installed first.
    pub const fn is_loaded(&self) -> bool {
        !matches!(self.method, Method::Address { keys: None, .. })
    }

    /// Takes the text of the key set that was fetched from [`url`](Self::url), in place of an earlier one.
    ///
    /// # Errors
    /// Those of [`KeySet::fetched`], and the earlier set stays; `settings_invalid` for a source without address.
    pub fn install(&mut self, text: &[u8]) -> Result<Vec<Remark>> {
        let Method::Address { algs, keys, .. } = &mut self.method else {
            return Err(wrong(&self.place, "a source with url", "a source without"));
        };
        let (set, remarks) = KeySet::fetched(text, algs.as_deref())?;
        *keys = Some(set);
        Ok(remarks)
    }

    /// The key for a token.
    ///
    /// # Errors
    /// `alg_not_allowed`, `key_set_not_loaded`, and those of [`KeySet::select`].
    pub fn find(&self, header: &Header) -> Result<&Key> {
        let Some(alg) = header.signature() else {
            return Err(Error::new(Code::AlgNotAllowed).at("header/alg").expected("a signature algorithm"));
        };
        if self.status == Status::Revoked {
            return Err(Error::new(Code::KeysMissing).at(self.place.as_str()).got("a revoked key"));
        }
        match &self.method {
            Method::One(key) if key.serves(alg) => Ok(key),
            Method::One(key) => Err(key.not_served(alg)),
            Method::Data(keys) => keys.select(header.kid(), alg),
            Method::Address { algs, keys, .. } => {
                // A fetched set never holds a secret, so there is nothing to fetch for HMAC.
                if alg.is_symmetric() || algs.as_ref().is_some_and(|algs| !algs.contains(&alg)) {
                    return Err(Error::new(Code::AlgNotAllowed).at("header/alg").got(alg.name()));
                }
                let keys =
                    keys.as_ref().ok_or_else(|| Error::new(Code::KeySetNotLoaded).at(self.place.as_str()))?;
                keys.select(header.kid(), alg)
            }
        }
    }

    /// Whether the token's kid plays no part here.
    pub(super) const fn ignores_kid(&self) -> bool {
        matches!(self.method, Method::One(_))
    }

    /// Every shared secret in it, to compare with others.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &crate::secret::Secret> {
        let keys = match &self.method {
            Method::One(key) => core::slice::from_ref(key),
            Method::Data(keys) => keys.keys(),
            Method::Address { .. } => &[],
        };
        keys.iter().filter_map(Key::secret)
    }
}

fn key_set(setting: &Setting<'_>, allow_short: bool) -> Result<Method> {
    let algs = setting.value("algs").map(algs).transpose()?;
    match (setting.value("keys"), setting.text("url")?) {
        (Some(keys), None) => {
            let members = keys.as_object().ok_or_else(|| wrong("/keys", "a JWK set", keys.kind()))?;
            let set = KeySet::configured(members, algs.as_deref(), allow_short);
            set.map(Method::Data).map_err(|error| error.within("/keys"))
        }
        (None, Some(url)) if url.starts_with("https://") || url.starts_with("http://") => {
            if algs.as_ref().is_some_and(|algs| algs.iter().any(|alg| alg.is_symmetric())) {
                return Err(wrong("/algs", "public-key algorithms, as the set is fetched", "HMAC"));
            }
            Ok(Method::Address { url: url.to_owned(), algs, keys: None })
        }
        (None, Some(_)) => Err(wrong("/url", "an https address", "another text")),
        (Some(_), Some(_)) => Err(wrong("/url", "either keys or url", "both")),
        (None, None) => Err(wrong("", "keys or url", "neither")),
    }
}

fn public_key(setting: &Setting<'_>) -> Result<Method> {
    let alg = alg(setting)?;
    if alg.is_symmetric() {
        return Err(Error::new(Code::KeyWrongType)
            .at("/alg")
            .expected("a public-key algorithm")
            .got(alg.name()));
    }
    let key = match setting.key()? {
        Given::Text(text) => Key::from_pem(text, alg),
        Given::Jwk(jwk) => Key::from_jwk(jwk, Some(alg), false),
    };
    key.map(Method::One).map_err(|error| error.within("/key"))
}

fn shared_secret(setting: &Setting<'_>, allow_short: bool) -> Result<Method> {
    let alg = alg(setting)?;
    if !alg.is_symmetric() {
        return Err(Error::new(Code::KeyWrongType)
            .at("/alg")
            .expected("HS256, HS384 or HS512")
            .got(alg.name()));
    }
    let key = match setting.key()? {
        // Looked at before the encoding: a PEM text is the fault to name.
        Given::Text(text) if pem::is_public_key(text.as_bytes()) => {
            Err(Error::new(Code::KeyIsPem).expected("a shared secret").got("a PEM text"))
        }
        Given::Text(text) => Key::from_secret(setting.secret_text(text)?.expose(), alg, allow_short),
        Given::Jwk(jwk) => Key::from_jwk(jwk, Some(alg), allow_short),
    };
    key.map(Method::One).map_err(|error| error.within("/key"))
}

fn alg(setting: &Setting<'_>) -> Result<Signature> {
    named_alg(setting.required("alg", "the algorithm of the key")?).map_err(|error| error.within("/alg"))
}

fn named_alg(name: &str) -> Result<Signature> {
    let row = Signature::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Signature::ALL.iter().map(|row| row.name()).collect();
        Error::new(Code::SettingsInvalid).expected(format!("one of {}", names.join(", "))).got("another name")
    })?;
    if row.is_computed() { Ok(row) } else { Err(Error::new(Code::SyncUnsupported).got(row.name())) }
}

fn algs(value: &Value) -> Result<Vec<Signature>> {
    let names = value.as_array().filter(|names| !names.is_empty());
    let names = names.ok_or_else(|| wrong("/algs", "an array of algorithms", value.kind()))?;
    let read = |(index, name): (usize, &Value)| {
        let name = name.as_str().ok_or_else(|| wrong("", "a string", name.kind()));
        name.and_then(named_alg).map_err(|error| error.within(&format!("/algs/{index}")))
    };
    names.iter().enumerate().map(read).collect()
}
