//! Encrypted tokens. Decryption proves nothing about the sender: what comes out must be verified. Every failure
//! is the one `decryption_failed`, whatever failed.

use super::{
    algorithm::{self, Content, Management},
    base64url,
    compact::{Compact, Form},
    content,
    header::{Algorithm, Header},
    setting::{self, Given, Status},
};
use crate::{
    Code, Error, Result, bounds,
    json::{Object, Value},
    members::Members,
    secret::Secret,
};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// A configured decryption key with the one algorithm pair that it serves.
#[derive(Clone, Debug)]
pub struct DecryptKey {
    secret: Secret,
    management: Management,
    content: Content,
    status: Status,
    place: String,
}

impl DecryptKey {
    /// Reads one decryption key: `{ key, encoding?, alg, enc }`. `place` leads every fault.
    ///
    /// # Errors
    /// `settings_invalid`, `settings_unknown`, `alg_refused`, `sync_unsupported`, `key_size`, and those of the key.
    pub fn from_settings(value: &Value, place: &str) -> Result<Self> {
        let members = Members::of(value, place, &["key", "encoding", "alg", "enc", "id", "status"])?;
        if let Some(name) = members.text("alg")?.filter(|name| algorithm::is_refused(name)) {
            return Err(Error::new(Code::AlgRefused).at(members.place("alg")).got(name));
        }
        let management =
            setting::row(&members, "alg", Management::ALL, Management::name, Management::is_computed)?;
        let content = setting::row(&members, "enc", Content::ALL, Content::name, Content::is_computed)?;
        let secret = match setting::key(&members)? {
            Given::Text(text) => setting::secret_of_text(&members, text)?,
            Given::Jwk(jwk) => secret_of_jwk(jwk, management, content)
                .map_err(|error| error.within(&members.place("key")))?,
        };
        if secret.len() != content.key_bytes() {
            return Err(Error::new(Code::KeySize)
                .at(members.place("key"))
                .expected(format!("{} bytes for {}", content.key_bytes(), content.name()))
                .got(format!("{} bytes", secret.len())));
        }
        Ok(Self { secret, management, content, status: setting::status(&members)?, place: place.to_owned() })
    }

    /// Reads one decryption key or an array of them.
    ///
    /// # Errors
    /// `keys_missing` for none, `settings_invalid` for more than 8, and those of each key.
    pub fn list_from_settings(value: &Value, place: &str) -> Result<Vec<Self>> {
        setting::list(value, place, bounds::KEY_SOURCES, Self::from_settings)
    }

    /// The place in the settings.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Where the key stands in its rotation; a revoked key decrypts nothing.
    pub const fn status(&self) -> Status {
        self.status
    }

    pub(super) const fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// A header and what was inside; not yet verified.
#[derive(Clone)]
pub struct Decrypted {
    /// The protected header.
    pub header: Header,
    /// What was inside.
    pub plaintext: Vec<u8>,
}

/// Decrypts a token with the first key that can.
///
/// ```
/// use handstamp::{jose::{compact::Compact, jwe::{self, DecryptKey}}, json::Value};
/// let setting = br#"{ "key": "a decryption key of 32 bytes, ok", "encoding": "utf8", "alg": "dir", "enc": "A256GCM" }"#;
/// let key = DecryptKey::from_settings(&Value::parse(setting)?, "/decrypt")?;
/// let token = jwe::encrypt_dir(b"hello", &key, [7; 12], None, None)?; // An IV is used once only.
/// assert_eq!(jwe::decrypt(&Compact::parse(&token)?, &[key])?.plaintext, b"hello");
/// # Ok::<(), handstamp::Error>(())
/// ```
///
/// # Errors
/// `encryption_unexpected` without any key, `alg_not_allowed` and `enc_not_allowed` if no key serves the header's
/// pair, `decryption_failed` for everything else.
pub fn decrypt(token: &Compact<'_>, keys: &[DecryptKey]) -> Result<Decrypted> {
    let (
        Algorithm::Encryption(management, content),
        Form::Jwe { additional_data, encrypted_key, iv, ciphertext, tag },
    ) = (token.header.algorithm(), &token.form)
    else {
        return Err(Error::new(Code::TokenSegments).expected("5 parts (JWE)").got("3 parts"));
    };
    let usable = || keys.iter().filter(|key| key.status != Status::Revoked);
    let names = |name: fn(&DecryptKey) -> &'static str| {
        let mut names: Vec<_> = usable().map(name).collect();
        names.dedup();
        names.join(" or ")
    };
    if usable().next().is_none() {
        return Err(Error::new(Code::EncryptionUnexpected));
    }
    if !usable().any(|key| key.management == management) {
        let expected = names(|key| key.management.name());
        return Err(Error::new(Code::AlgNotAllowed)
            .at("header/alg")
            .expected(expected)
            .got(management.name()));
    }
    if !usable().any(|key| key.management == management && key.content == content) {
        let expected = names(|key| key.content.name());
        return Err(Error::new(Code::EncNotAllowed).at("header/enc").expected(expected).got(content.name()));
    }
    let open = |key: &DecryptKey| {
        let content_key = key.management.unwrap_key(&key.secret, encrypted_key)?;
        (content.cipher()?.open)(&content_key, iv, additional_data.as_bytes(), ciphertext, tag)
    };
    usable()
        .filter(|key| key.management == management && key.content == content)
        .find_map(open)
        .map(|plaintext| Decrypted { header: token.header.clone(), plaintext })
        .ok_or_else(|| Error::new(Code::DecryptionFailed))
}

/// Encrypts with the shared secret itself (`dir`). The IV must never repeat under one key.
///
/// # Errors
/// `alg_not_allowed` for a key of another management algorithm.
pub fn encrypt_dir(
    plaintext: &[u8],
    key: &DecryptKey,
    iv: [u8; content::IV_BYTES],
    kid: Option<&str>,
    cty: Option<&str>,
) -> Result<String> {
    let not_dir =
        || Error::new(Code::AlgNotAllowed).expected(Management::DIR.name()).got(key.management.name());
    if key.management != Management::DIR {
        return Err(not_dir());
    }
    let mut header = Object::new();
    header.set("alg", key.management.name());
    header.set("enc", key.content.name());
    header.set_some("kid", kid);
    header.set_some("cty", cty);
    let header = base64url::encode(Value::from(header).to_text().as_bytes());
    let cipher = key.content.cipher().ok_or_else(not_dir)?;
    let sealed = (cipher.seal)(&key.secret, &iv, header.as_bytes(), plaintext).ok_or_else(not_dir)?;
    let (ciphertext, tag) = sealed.split_last_chunk::<{ content::TAG_BYTES }>().ok_or_else(not_dir)?;
    let encode = base64url::encode;
    Ok(format!("{header}..{}.{}.{}", encode(&iv), encode(ciphertext), encode(tag)))
}

/// The secret of a JWK that does not say it is for something else (RFC 7517 section 4).
fn secret_of_jwk(jwk: &Object, management: Management, content: Content) -> Result<Secret> {
    let refuse = |place: &str, expected: &str| Err(Error::new(Code::KeyUse).at(place).expected(expected));
    if jwk.get("use").is_some_and(|purpose| purpose.as_str() != Some("enc")) {
        return refuse("/use", "enc");
    }
    let decrypts = |operation: &Value| operation.as_str() == Some("decrypt");
    if jwk
        .get("key_ops")
        .is_some_and(|operations| !operations.as_array().is_some_and(|all| all.iter().any(decrypts)))
    {
        return refuse("/key_ops", "decrypt among them");
    }
    // With dir, `alg` names the content encryption the key is for (RFC 7520 section 5.6), or dir itself.
    let names = [management.name(), content.name()];
    if jwk.get("alg").is_some_and(|alg| !alg.as_str().is_some_and(|alg| names.contains(&alg))) {
        return refuse("/alg", &names.join(" or "));
    }
    setting::secret_of_jwk(jwk)
}
