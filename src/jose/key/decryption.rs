//! A configured decryption key: its material, and the one pair of algorithms that it serves.

use super::{
    jwk,
    private::PrivateKey,
    settings::{self, Given, KeyStatus},
    verification::Key,
};
use crate::{
    Code, Error, Result, bounds,
    jose::algorithm::{self, Content, Management, curve::Point, key_management::Scheme, material::Material},
    json::{Object, Value, members::Members},
    secret::Secret,
};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// A configured decryption key with the one algorithm pair that it serves.
#[derive(Clone, Debug)]
pub struct DecryptKey {
    pub(in crate::jose) material: Recipient,
    pub(in crate::jose) management: Management,
    pub(in crate::jose) content: Content,
    status: KeyStatus,
    place: String,
}

/// The key material that decrypts.
#[derive(Clone, Debug)]
pub(in crate::jose) enum Recipient {
    Secret(Secret),
    Private(PrivateKey),
}

impl DecryptKey {
    /// Reads one decryption key: `{ key, encoding?, alg, enc }`. `place` leads every fault.
    ///
    /// # Errors
    /// `settings_invalid`, `settings_unknown`, `alg_refused`, `key_size`, and those of the key.
    pub fn from_settings(value: &Value, place: &str) -> Result<Self> {
        let members = Members::of(value, place, &["key", "encoding", "alg", "enc", "id", "status"])?;
        let (management, content) = algorithms(&members)?;
        let material = if management.is_symmetric() {
            Recipient::Secret(secret(&members, management, content, "decrypt")?)
        } else {
            Recipient::Private(private_key(&members, management)?)
        };
        Ok(Self {
            material,
            management,
            content,
            status: settings::status(&members)?,
            place: place.to_owned(),
        })
    }

    /// Reads one decryption key or an array of them.
    ///
    /// # Errors
    /// `keys_missing` for none, `settings_invalid` for more than 8, and those of each key.
    pub fn list_from_settings(value: &Value, place: &str) -> Result<Vec<Self>> {
        settings::list(value, place, bounds::KEY_SOURCES, Self::from_settings)
    }

    /// Sets the place in the settings.
    pub(crate) fn placed(self, place: String) -> Self {
        Self { place, ..self }
    }

    /// Returns the place in the settings.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns where the key stands in its rotation; a revoked key decrypts nothing.
    pub(crate) const fn status(&self) -> KeyStatus {
        self.status
    }

    /// Whether a verification key is made of the same: one key, one use (RFC 8725 section 3.1).
    pub(in crate::jose) fn is_also(&self, key: &Key) -> bool {
        match (&self.material, key.material()) {
            (Recipient::Secret(ours), Material::Secret(theirs)) => ours == theirs,
            (Recipient::Private(PrivateKey::Ec(ours)), Material::Ec(theirs)) => {
                ours.point() == theirs.point()
            }
            (Recipient::Private(PrivateKey::Rsa(ours)), Material::Rsa(theirs)) => {
                ours.public().modulus() == theirs.modulus()
            }
            _ => false,
        }
    }

    /// Returns the public half as a JWK; a shared secret has none.
    #[cfg(feature = "interop")]
    pub(in crate::jose) fn public_jwk(&self) -> Option<Object> {
        match &self.material {
            Recipient::Secret(_) => None,
            Recipient::Private(PrivateKey::Ec(key)) => Some(key.point().to_jwk()),
            Recipient::Private(PrivateKey::Rsa(key)) => Some(key.public().to_jwk()),
        }
    }

    /// Whether a sender's ephemeral key lies on the curve of this one.
    pub(in crate::jose) fn shares_curve(&self, epk: &Point) -> bool {
        matches!(&self.material, Recipient::Private(PrivateKey::Ec(key)) if key.point().curve() == epk.curve())
    }
}

/// Reads `alg` and `enc`.
pub(in crate::jose) fn algorithms(members: &Members<'_>) -> Result<(Management, Content)> {
    if let Some(name) = members.text("alg")?.filter(|name| algorithm::is_refused(name)) {
        return Err(Error::new(Code::AlgRefused).at(members.place("alg")).got(name));
    }
    let management = settings::row(members, "alg", Management::ALL, Management::name)?;
    Ok((management, settings::row(members, "enc", Content::ALL, Content::name)?))
}

/// The shared secret for a pair of algorithms, of its exact length.
pub(in crate::jose) fn secret(
    members: &Members<'_>,
    management: Management,
    content: Content,
    operation: &str,
) -> Result<Secret> {
    let secret = match settings::key(members)? {
        Given::Text(text) => settings::secret_of_text(members, text)?,
        Given::Jwk(jwk) => secret_of_jwk(jwk, management, content, operation)
            .map_err(|error| error.within(&members.place("key")))?,
    };
    let (bytes, name) = match management.scheme() {
        Scheme::Wrap(wrap) => (wrap.key_bytes, management.name()),
        Scheme::GcmWrap(cipher) => (cipher.key_bytes, management.name()),
        _ => (content.key_bytes(), content.name()),
    };
    if secret.len() != bytes {
        return Err(Error::new(Code::KeySize)
            .at(members.place("key"))
            .expected(format!("{bytes} bytes for {name}"))
            .got(format!("{} bytes", secret.len())));
    }
    Ok(secret)
}

fn private_key(members: &Members<'_>, management: Management) -> Result<PrivateKey> {
    if members.get("encoding").is_some() {
        let fault = Error::new(Code::SettingsInvalid).at(members.place("encoding"));
        return Err(fault.expected("no encoding, because a private key is a PEM key or a JWK"));
    }
    let read = || {
        let key = match settings::key(members)? {
            Given::Text(text) => PrivateKey::from_pem(text)?,
            Given::Jwk(jwk) => {
                check_purpose(
                    jwk,
                    &[management.name()],
                    &["deriveKey", "deriveBits", "decrypt", "unwrapKey"],
                )?;
                PrivateKey::from_jwk(jwk)?
            }
        };
        let fits = matches!(
            (management.scheme(), &key),
            (Scheme::Agree(_), PrivateKey::Ec(_)) | (Scheme::Oaep(_), PrivateKey::Rsa(_))
        );
        let wrong = || {
            Error::new(Code::KeyWrongType)
                .expected(format!("{} for {}", management.key_in_words(), management.name()))
                .got(key.kind().as_str())
        };
        if fits { Ok(key) } else { Err(wrong()) }
    };
    read().map_err(|error| match error.detail().and_then(|detail| detail.at.as_deref()) {
        Some(place) if place.starts_with(members.place("key").as_str()) => error,
        _ => error.within(&members.place("key")),
    })
}

/// The secret of a JWK that does not say it is for something else (RFC 7517 section 4).
fn secret_of_jwk(jwk: &Object, management: Management, content: Content, operation: &str) -> Result<Secret> {
    // With dir, `alg` names the content encryption the key is for (RFC 7520 section 5.6), or dir itself.
    let direct = matches!(management.scheme(), Scheme::Direct);
    let names = [management.name(), content.name()];
    let names = if direct { &names[..] } else { &names[..1] };
    let wrapping = if operation == "decrypt" { "unwrapKey" } else { "wrapKey" };
    let operations = if direct { &[operation][..] } else { &[wrapping, operation][..] };
    check_purpose(jwk, names, operations)?;
    settings::secret_of_jwk(jwk)
}

/// Checks `use`, `key_ops` and `alg` of a JWK (RFC 7517 section 4).
pub(in crate::jose) fn check_purpose(jwk: &Object, names: &[&str], operations: &[&str]) -> Result<()> {
    jwk::check_purpose(jwk, "enc", operations)?;
    if jwk.get("alg").is_some_and(|alg| !alg.as_str().is_some_and(|alg| names.contains(&alg))) {
        return Err(Error::new(Code::KeyUse).at("/alg").expected(names.join(" or ")));
    }
    Ok(())
}
