//! Where verification keys come from: a key set by address or as data, one public key, or one shared secret.

use super::{
    set::KeySet,
    settings::{self, Given, KeyStatus},
    thumbprint::Thumbprint,
    verification::Key,
};
use crate::{
    Code, Error, Result, bounds,
    error::Remark,
    jose::{algorithm::Signature, header::Header},
    json::{
        Value,
        members::{self, Members},
    },
    url::check_key_set,
};
use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};

/// One configured source of verification keys.
#[derive(Clone, Debug)]
pub struct KeySource {
    place: String,
    status: KeyStatus,
    method: Method,
}

#[derive(Clone, Debug)]
enum Method {
    Address {
        url: String,
        algs: Option<Vec<Signature>>,
        keys: Option<KeySet>,
        /// Why the set that was fetched last cannot be used.
        fault: Option<Error>,
    },
    Data(KeySet),
    /// With the text that it was given as, where that is PEM.
    One(Box<Key>, Option<String>),
}

impl KeySource {
    /// Reads one source. `place` is the JSON Pointer of the setting and leads every fault.
    ///
    /// ```
    /// use handstamp::{Code, jose::key::KeySource, json::Value};
    /// let setting = Value::parse(br#"{ "method": "symmetricKey", "alg": "HS256", "key": "too short", "encoding": "utf8" }"#)?;
    /// let error = KeySource::from_settings(&setting, "/verify/0", false).unwrap_err();
    /// assert_eq!(error.code(), Code::KeyTooShort);
    /// assert_eq!(error.detail().unwrap().at.as_deref(), Some("/verify/0/key"));
    /// # Ok::<(), handstamp::Error>(())
    /// ```
    ///
    /// # Errors
    /// `settings_invalid`, `settings_unknown`, and the codes of the key or key set.
    pub fn from_settings(value: &Value, place: &str, allow_short: bool) -> Result<Self> {
        Self::read(value, place, allow_short, Members::of)
    }

    fn read<'a>(
        value: &'a Value,
        place: &'a str,
        allow_short: bool,
        take: fn(&'a Value, &'a str, &[&str]) -> Result<Members<'a>>,
    ) -> Result<Self> {
        type Read = fn(&Members<'_>, bool) -> Result<Method>;
        let words: [(&str, (&[&str], Read)); 3] = [
            ("jwks", (&["method", "keys", "url", "algs", "id", "status"], key_set)),
            ("publicKey", (&["method", "key", "alg", "id", "status"], public_key)),
            ("symmetricKey", (&["method", "key", "encoding", "alg", "id", "status"], shared_secret)),
        ];
        let members = Members::any(value, place)?;
        members.required("method", "jwks, publicKey or symmetricKey")?;
        let method = members.choice("method", &words)?;
        let (known, read) =
            method.ok_or_else(|| Error::new(Code::SettingsInvalid).at(members.place("method")))?;
        let members = take(value, place, known)?;
        members.check_values(&["algs"])?;
        Ok(Self {
            place: place.to_owned(),
            status: settings::status(&members)?,
            method: read(&members, allow_short)?,
        })
    }

    /// Reads one source or an array of them. Members of theirs that are `null` count as absent, whatever
    /// their names are; but for `algs`, without which more algorithms would serve.
    ///
    /// # Errors
    /// `keys_missing` for none, `settings_invalid` for more than 8, and those of each source.
    pub fn list_from_settings(value: &Value, place: &str, allow_short: bool) -> Result<Vec<Self>> {
        let read = |value: &Value, place: &str| Self::read(value, place, allow_short, Members::of_present);
        settings::list(value, place, bounds::KEY_SOURCES, read)
    }

    /// Creates the source of a key set that is to be fetched from a URL, with the algorithms that its keys may serve, or
    /// all.
    ///
    /// # Errors
    /// `settings_invalid` for a URL that is neither https nor http of this machine, or has a user name.
    pub fn fetched_from(url: &str, algs: Option<&[Signature]>) -> Result<Self> {
        check_key_set(url).map_err(|_| url_refused(url).at("/url"))?;
        let algs = algs.map(<[_]>::to_vec);
        Ok(Self::of(Method::Address { url: url.to_owned(), algs, keys: None, fault: None }))
    }

    fn of(method: Method) -> Self {
        Self { place: String::new(), status: KeyStatus::Active, method }
    }

    /// Sets the place in the settings.
    pub(crate) fn placed(self, place: String) -> Self {
        Self { place, ..self }
    }

    /// Returns the place in the settings.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns where the key stands in its rotation; a revoked source finds nothing.
    pub const fn status(&self) -> KeyStatus {
        self.status
    }

    /// Returns the address of a key set that is to be fetched.
    pub fn url(&self) -> Option<&str> {
        if let Method::Address { url, .. } = &self.method { Some(url) } else { None }
    }

    /// Takes the text of the key set that was fetched from [`url`](Self::url), in place of an earlier one.
    ///
    /// # Errors
    /// Those of [`KeySet::fetched`], and the earlier set stays; `settings_invalid` for a source without address.
    pub fn install(&mut self, text: &[u8]) -> Result<Vec<Remark>> {
        let Method::Address { algs, keys, fault, .. } = &mut self.method else {
            let fault = Error::new(Code::SettingsInvalid).at(self.place.as_str());
            return Err(fault.expected("an entry with `url`").got("an entry without it"));
        };
        let (set, remarks) = KeySet::fetched(text, algs.as_deref()).inspect_err(|error| {
            // The small module explains nothing.
            if cfg!(not(feature = "whole")) {
                return;
            }
            *fault = Some(KeySet::why_unusable(text, algs.as_deref()).unwrap_or_else(|| error.clone()));
        })?;
        (*keys, *fault) = (Some(set), None);
        Ok(remarks)
    }

    /// Lets go of the key set that was installed, as it is too old to be believed.
    pub fn forget(&mut self) {
        if let Method::Address { keys, .. } = &mut self.method {
            *keys = None;
        }
    }

    /// Returns the key for a token.
    ///
    /// # Errors
    /// `alg_not_allowed`, `key_set_not_loaded`, and those of [`KeySet::select`].
    pub(crate) fn find(&self, header: &Header) -> Result<&Key> {
        let Some(alg) = header.signature() else {
            return Err(Error::new(Code::AlgNotAllowed).at("header/alg").expected("a signature algorithm"));
        };
        if self.status == KeyStatus::Revoked {
            return Err(Error::new(Code::KeysMissing).at(self.place.as_str()).got("a revoked key"));
        }
        match &self.method {
            // Whether it serves the algorithm, the key itself decides.
            Method::One(key, _) => Ok(key),
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

    /// Names what the settings say of its keys, whatever their spelling: `key:` and the thumbprint of each, or `url:` and
    /// the URL of a set that is fetched.
    pub fn names(&self) -> Vec<String> {
        let keys = self.configured_keys().iter().map(|key| key_name(key.known_by()));
        self.url().into_iter().flat_map(url_names).chain(keys).collect()
    }

    /// Names one key that it holds: a revocation of any of these names is one of the key.
    pub fn names_of(&self, key: Thumbprint) -> Vec<String> {
        core::iter::once(key_name(key)).chain(self.url().into_iter().flat_map(url_names)).collect()
    }

    /// Whether the token's kid plays no part here.
    pub(crate) const fn ignores_kid(&self) -> bool {
        matches!(self.method, Method::One(..))
    }

    /// Every configured key in it, to compare with others.
    pub(crate) fn configured_keys(&self) -> &[Key] {
        if matches!(self.method, Method::Address { .. }) { &[] } else { self.known_keys() }
    }

    /// Every key in it, also of a revoked source: to explain, never to verify.
    pub(crate) fn known_keys(&self) -> &[Key] {
        match &self.method {
            Method::One(key, _) => core::slice::from_ref(&**key),
            Method::Data(keys) | Method::Address { keys: Some(keys), .. } => keys.keys(),
            Method::Address { keys: None, .. } => &[],
        }
    }

    /// Why the set that was fetched last could not be installed.
    pub(crate) const fn install_fault(&self) -> Option<&Error> {
        if let Method::Address { fault: Some(fault), .. } = &self.method { Some(fault) } else { None }
    }

    /// The text of a public key that was given as PEM.
    pub(crate) fn pem(&self) -> Option<&str> {
        if let Method::One(_, Some(text)) = &self.method { Some(text) } else { None }
    }
}

fn key_name(key: Thumbprint) -> String {
    alloc::format!("key:{}", key.to_text())
}

/// The names of a URL: its one spelling, and the spelling that was given, by which an earlier release knew it.
fn url_names(url: &str) -> Vec<String> {
    let normal = crate::url::normal(url);
    let given = (normal != url).then(|| alloc::format!("url:{url}"));
    core::iter::once(alloc::format!("url:{normal}")).chain(given).collect()
}

fn key_set(members: &Members<'_>, allow_short: bool) -> Result<Method> {
    let algs = members.get("algs").map(|algs| read_algs(algs, &members.place("algs"))).transpose()?;
    let fault = |member: &str, expected: &str, got: &str| {
        Err(Error::new(Code::SettingsInvalid).at(members.place(member)).expected(expected).got(got))
    };
    match (members.get("keys"), members.text("url")?) {
        (Some(Value::Object(keys)), None) => {
            let set = KeySet::configured(keys, algs.as_deref(), allow_short);
            set.map(Method::Data).map_err(|error| error.within(&members.place("keys")))
        }
        (Some(other), None) => fault("keys", "a JWK set", other.kind()),
        (None, Some(url)) if check_key_set(url).is_ok() => {
            if algs.as_ref().is_some_and(|algs| algs.iter().any(|alg| alg.is_symmetric())) {
                return fault("algs", "public-key algorithms, because the set is fetched", "HMAC");
            }
            Ok(Method::Address { url: url.to_owned(), algs, keys: None, fault: None })
        }
        (None, Some(url)) => Err(url_refused(url).at(members.place("url"))),
        (Some(_), Some(_)) => fault("url", "either keys or url", "both"),
        (None, None) => fault("keys", "keys or url", "neither"),
    }
}

fn url_refused(url: &str) -> Error {
    Error::new(Code::SettingsInvalid)
        .expected("an https URL, or an http URL of this machine, without a user name")
        .got(crate::error::shown(url))
}

impl From<Key> for KeySource {
    fn from(key: Key) -> Self {
        Self::of(Method::One(Box::new(key), None))
    }
}

impl From<KeySet> for KeySource {
    fn from(keys: KeySet) -> Self {
        Self::of(Method::Data(keys))
    }
}

fn public_key(members: &Members<'_>, _: bool) -> Result<Method> {
    let alg = alg(members)?;
    if alg.is_symmetric() {
        let fault = Error::new(Code::KeyWrongType).at(members.place("alg"));
        return Err(fault.expected("a public-key algorithm").got(alg.name()));
    }
    let given = settings::key(members)?;
    let text = if let Given::Text(text) = given { Some(text.to_owned()) } else { None };
    let key = match given {
        Given::Text(text) => Key::from_pem(text, alg),
        Given::Jwk(jwk) => Key::from_jwk(jwk, Some(alg), false),
    };
    key.map(|key| Method::One(Box::new(key), text)).map_err(|error| error.within(&members.place("key")))
}

fn shared_secret(members: &Members<'_>, allow_short: bool) -> Result<Method> {
    let alg = alg(members)?;
    if !alg.is_symmetric() {
        let fault = Error::new(Code::KeyWrongType).at(members.place("alg"));
        return Err(fault.expected("HS256, HS384 or HS512").got(alg.name()));
    }
    let key = match settings::key(members)? {
        Given::Text(text) => {
            Key::from_secret(settings::secret_of_text(members, text)?.expose(), alg, allow_short)
        }
        Given::Jwk(jwk) => Key::from_jwk(jwk, Some(alg), allow_short),
    };
    key.map(|key| Method::One(Box::new(key), None)).map_err(|error| error.within(&members.place("key")))
}

fn alg(members: &Members<'_>) -> Result<Signature> {
    // A name that the table does not have, but knows.
    let named = members.get("alg").and_then(Value::as_str).and_then(Signature::from_name);
    if let Some(row) = named.filter(|row| row.is_served()) {
        return Ok(row);
    }
    // In words, what is wrong with it: the names that it may be.
    if cfg!(not(feature = "whole")) {
        return Err(Error::new(Code::SettingsInvalid).at(members.place("alg")));
    }
    let rows: Vec<_> = Signature::ALL.iter().copied().filter(|row| row.is_served()).collect();
    settings::row(members, "alg", &rows, Signature::name)
}

fn read_algs(value: &Value, place: &str) -> Result<Vec<Signature>> {
    let names = value.as_array().filter(|names| !names.is_empty());
    let names = names.ok_or_else(|| members::invalid(place, "an array of algorithms", value))?;
    let read = |(index, name): (usize, &Value)| {
        let place = members::element(place, index);
        match name.as_str().and_then(Signature::from_name).filter(|row| row.is_served()) {
            Some(row) => Ok(row),
            None => Err(members::invalid(&place, "the name of a signature algorithm", name)),
        }
    };
    names.iter().enumerate().map(read).collect()
}
