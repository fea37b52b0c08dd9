//! Encryption (RFC 7516 section 5.1). Randomness is an argument: whoever calls gives fresh random bytes, which
//! become the IV, the content key and the ephemeral key, in this order.

use crate::{
    Code, Error, Result,
    jose::{
        algorithm::{
            Content, Management, agreement, content,
            curve::Point,
            key_management::{self, Derivation, Scheme},
            material::Material,
            rsa,
        },
        base64url,
        host::checks,
        key::{
            decryption, pem,
            settings::{self, Given},
        },
    },
    json::{Object, Value, members::Members},
    secret::Secret,
};
use alloc::{format, string::String, vec::Vec};

/// A configured encryption key: a shared secret, or the recipient's public key.
#[derive(Clone, Debug)]
pub struct EncryptKey {
    material: To,
    management: Management,
    content: Content,
}

#[derive(Clone, Debug)]
enum To {
    Secret(Secret),
    Point(Point),
    Rsa(rsa::RsaPublicKey),
}

/// Header parameters besides the algorithms.
#[derive(Clone, Copy, Debug, Default)]
pub struct Labels<'a> {
    /// The name of the key.
    pub kid: Option<&'a str>,
    /// The type of the content.
    pub cty: Option<&'a str>,
}

/// A content key, and the same as the host encrypted it to the recipient (RSA-OAEP).
#[derive(Clone, Copy, Debug)]
pub struct WrappedKey<'a> {
    /// Fresh random bytes, as many as the content encryption takes.
    pub content_key: &'a Secret,
    /// The content key, encrypted to the recipient.
    pub wrapped: &'a [u8],
}

/// A secret that the host agreed with the recipient by an ephemeral key of its own (ECDH-ES).
#[derive(Clone, Copy, Debug)]
pub struct AgreedKey<'a> {
    /// The ephemeral public key, as a JWK.
    pub epk: &'a Value,
    /// The agreed secret, as many bytes as a coordinate of the curve.
    pub shared: &'a Secret,
    /// Fresh random bytes for the content key; empty where the agreed key is the content key (`ECDH-ES`).
    pub content_key: &'a Secret,
}

impl EncryptKey {
    /// Reads `{ key, encoding?, alg, enc }`, where the key is a shared secret, or the recipient's public key as
    /// JWK or PEM.
    ///
    /// # Errors
    /// `settings_invalid`, `settings_unknown`, `alg_refused`, `key_size`, those of the key, and `sync_unsupported`
    /// for what only the host computes.
    pub fn from_settings(value: &Value, place: &str) -> Result<Self> {
        let members = Members::of(value, place, &["key", "encoding", "alg", "enc"])?;
        let (management, content) = decryption::algorithms(&members)?;
        let unsupported =
            || Err(Error::new(Code::SyncUnsupported).at(members.place("alg")).got(management.name()));
        let material = match management.scheme() {
            Scheme::Direct | Scheme::Wrap(_) | Scheme::GcmWrap(_) => {
                To::Secret(decryption::secret(&members, management, content, "encrypt")?)
            }
            Scheme::Oaep(_) => match public_key(&members, management)? {
                Material::Rsa(key) if checks::usual(&key) => To::Rsa(key),
                _ => return unsupported(),
            },
            Scheme::Agree(_) => {
                let Material::Ec(key) = public_key(&members, management)? else { return unsupported() };
                To::Point(key.point().clone())
            }
        };
        Ok(Self { material, management, content })
    }

    /// Returns the operation that the host must perform first: encrypt a content key with an RSA key, or agree with a
    /// key on a curve that is not computed here. `{ algorithm, key, keyBytes, ivBytes, bits? }`; without a content key,
    /// `keyBytes` is 0.
    pub fn handed_over(&self) -> Option<Object> {
        let (mut algorithm, mut out) = (Object::new(), Object::new());
        let mut key_bytes = self.content.key_bytes();
        match (self.management.scheme(), &self.material) {
            (Scheme::Oaep(hash), To::Rsa(key)) => {
                algorithm.set("name", "RSA-OAEP");
                algorithm.set("hash", *hash);
                out.set("key", key.to_jwk());
            }
            (Scheme::Agree(wrap), To::Point(point)) if !agreement::is_computed(point.curve()) => {
                algorithm.set("name", "ECDH");
                algorithm.set("namedCurve", point.curve().name());
                out.set("key", point.to_jwk());
                out.set_some("bits", i64::try_from(point.curve().bytes().saturating_mul(8)).ok());
                key_bytes = if wrap.is_some() { key_bytes } else { 0 };
            }
            _ => return None,
        }
        out.set("algorithm", algorithm);
        out.set_some("keyBytes", i64::try_from(key_bytes).ok());
        out.set_some("ivBytes", i64::try_from(self.content.cipher().iv_bytes).ok());
        Some(out)
    }

    /// Returns how many random bytes one encryption takes.
    pub const fn entropy_bytes(&self) -> usize {
        let iv = self.content.cipher().iv_bytes;
        let rest = match (self.management.scheme(), &self.material) {
            (Scheme::Direct, _) => 0,
            (Scheme::Agree(None), To::Point(point)) => EPHEMERAL_TRIES.saturating_mul(point.curve().bytes()),
            (Scheme::Agree(_), To::Point(point)) => {
                let tries = EPHEMERAL_TRIES.saturating_mul(point.curve().bytes());
                tries.saturating_add(self.content.key_bytes())
            }
            (Scheme::GcmWrap(_), _) => content::IV_BYTES.saturating_add(self.content.key_bytes()),
            _ => self.content.key_bytes(),
        };
        iv.saturating_add(rest)
    }
}

/// Random bytes are not always a number of the curve: on P-256 one time in 2³².
const EPHEMERAL_TRIES: usize = 2;

/// Encrypts. The random bytes must be fresh for each token.
///
/// ```
/// use handstamp::{jose::{Compact, jwe::{self, EncryptKey, Labels}, key::DecryptKey}, json::Value};
/// let setting = br#"{ "key": "a wrapping key of exactly 32 byt", "encoding": "utf8", "alg": "A256KW", "enc": "A128CBC-HS256" }"#;
/// let setting = Value::parse(setting)?;
/// let key = EncryptKey::from_settings(&setting, "/key")?;
/// let entropy = vec![7; key.entropy_bytes()]; // Random in earnest.
/// let token = jwe::encrypt(b"hello", &key, &entropy, Labels::default())?;
/// let key = DecryptKey::from_settings(&setting, "/decrypt")?;
/// assert_eq!(jwe::decrypt(&Compact::parse(&token)?, &[key])?.plaintext, b"hello");
/// # Ok::<(), handstamp::Error>(())
/// ```
///
/// # Errors
/// `settings_invalid` for another number of random bytes than [`EncryptKey::entropy_bytes`].
pub fn encrypt(plaintext: &[u8], key: &EncryptKey, entropy: &[u8], labels: Labels<'_>) -> Result<String> {
    if key.handed_over().is_some() {
        return Err(Error::new(Code::SyncUnsupported).at("header/alg").got(key.management.name()));
    }
    let bytes = key.entropy_bytes();
    let fault = || Error::new(Code::SettingsInvalid).at("entropy").expected(format!("{bytes} random bytes"));
    if entropy.len() != bytes {
        return Err(fault().got(format!("{} bytes", entropy.len())));
    }
    let (iv, rest) = entropy.split_at_checked(key.content.cipher().iv_bytes).ok_or_else(fault)?;
    let mut header = header(key.management, key.content);
    let (content_key, wrapped) = content_key(key, rest, &mut header).ok_or_else(fault)?;
    seal(header, labels, key.content, &content_key, &wrapped, iv, plaintext)
}

/// Encrypts under a content key that the host has wrapped.
///
/// # Errors
/// `alg_not_allowed` for what the host does not wrap, `settings_invalid` for lengths that do not fit.
pub fn encrypt_wrapped(
    plaintext: &[u8],
    key: &EncryptKey,
    by_host: &WrappedKey<'_>,
    iv: &[u8],
    labels: Labels<'_>,
) -> Result<String> {
    if !matches!(key.management.scheme(), Scheme::Oaep(_)) {
        let fault = Error::new(Code::AlgNotAllowed).expected("RSA-OAEP or RSA-OAEP-256");
        return Err(fault.got(key.management.name()));
    }
    let header = header(key.management, key.content);
    seal(header, labels, key.content, by_host.content_key, by_host.wrapped, iv, plaintext)
}

/// Encrypts under what the host has agreed with the recipient, by an ephemeral key of its own that was never used
/// before.
///
/// # Errors
/// `alg_not_allowed` for an algorithm that is not a key agreement, `header_invalid` for an ephemeral key that is not on
/// this curve, `settings_invalid` for lengths that do not fit.
pub fn encrypt_agreed(
    plaintext: &[u8],
    key: &EncryptKey,
    by_host: &AgreedKey<'_>,
    iv: &[u8],
    labels: Labels<'_>,
) -> Result<String> {
    let To::Point(theirs) = &key.material else {
        let fault = Error::new(Code::AlgNotAllowed).expected("ECDH-ES");
        return Err(fault.got(key.management.name()));
    };
    let wrong = || {
        Error::new(Code::SettingsInvalid)
            .at("shared")
            .expected("the shared secret of the key agreement on this curve")
    };
    let ours = key_management::ephemeral(Some(by_host.epk))?;
    if ours.curve() != theirs.curve() || by_host.shared.len() != theirs.curve().bytes() {
        return Err(wrong());
    }
    let mut header = header(key.management, key.content);
    header.set("epk", ours.to_jwk());
    let (content_key, wrapped) =
        agreed_key(key, by_host.shared, by_host.content_key.clone()).ok_or_else(wrong)?;
    seal(header, labels, key.content, &content_key, &wrapped, iv, plaintext)
}

/// The content key and what is sent of it, from what was agreed.
fn agreed_key(key: &EncryptKey, shared: &Secret, fresh: Secret) -> Option<(Secret, Vec<u8>)> {
    let Scheme::Agree(wrap) = key.management.scheme() else { return None };
    let key_bytes = key.content.key_bytes();
    let purpose = Derivation { management: key.management.name(), content: key.content.name(), key_bytes };
    let derived = key_management::derive(wrap.as_ref(), shared, &[], &[], &purpose)?;
    match wrap {
        None => Some((derived, Vec::new())),
        Some(wrap) => {
            let wrapped = (wrap.wrap)(&derived, &fresh).filter(|_| fresh.len() == key_bytes)?;
            Some((fresh, wrapped))
        }
    }
}

/// The content key and what is sent of it; an agreement also says so in the header.
fn content_key(key: &EncryptKey, entropy: &[u8], header: &mut Object) -> Option<(Secret, Vec<u8>)> {
    let (fresh, rest) = match key.management.scheme() {
        Scheme::Direct | Scheme::Agree(None) => (Secret::new([]), entropy),
        _ => {
            let (fresh, rest) = entropy.split_at_checked(key.content.key_bytes())?;
            (Secret::new(fresh), rest)
        }
    };
    match (key.management.scheme(), &key.material) {
        (Scheme::Direct, To::Secret(secret)) => Some((secret.clone(), Vec::new())),
        (Scheme::Wrap(wrap), To::Secret(secret)) => {
            let wrapped = (wrap.wrap)(secret, &fresh)?;
            Some((fresh, wrapped))
        }
        (Scheme::GcmWrap(cipher), To::Secret(secret)) => {
            let mut wrapped = (cipher.seal)(secret, rest, &[], fresh.expose())?;
            let tag = wrapped.split_off(wrapped.len().checked_sub(cipher.tag_bytes)?);
            header.set("iv", base64url::encode(rest));
            header.set("tag", base64url::encode(&tag));
            Some((fresh, wrapped))
        }
        (Scheme::Agree(_), To::Point(theirs)) => {
            let ephemeral = agreement::EcPrivateKey::from_entropy(theirs.curve(), rest)?;
            let shared = ephemeral.agree(theirs)?;
            header.set("epk", ephemeral.point().to_jwk());
            agreed_key(key, &shared, fresh)
        }
        _ => None,
    }
}

fn header(management: Management, content: Content) -> Object {
    let mut header = Object::new();
    header.set("alg", management.name());
    header.set("enc", content.name());
    header
}

fn seal(
    mut header: Object,
    labels: Labels<'_>,
    content: Content,
    content_key: &Secret,
    wrapped: &[u8],
    iv: &[u8],
    plaintext: &[u8],
) -> Result<String> {
    let cipher = content.cipher();
    let fault = || {
        let expected = format!("an IV of {} bytes and a key of {}", cipher.iv_bytes, cipher.key_bytes);
        Error::new(Code::SettingsInvalid).at("iv").expected(expected)
    };
    header.set_some("kid", labels.kid);
    header.set_some("cty", labels.cty);
    let header = base64url::encode(Value::from(header).to_text().as_bytes());
    let sealed = (cipher.seal)(content_key, iv, header.as_bytes(), plaintext).ok_or_else(fault)?;
    let at = sealed.len().checked_sub(cipher.tag_bytes).ok_or_else(fault)?;
    let (ciphertext, tag) = sealed.split_at_checked(at).ok_or_else(fault)?;
    let encode = base64url::encode;
    Ok(format!("{header}.{}.{}.{}.{}", encode(wrapped), encode(iv), encode(ciphertext), encode(tag)))
}

/// The recipient's public key, of the kind that the algorithm takes.
fn public_key(members: &Members<'_>, management: Management) -> Result<Material> {
    let read = || {
        let material = match settings::key(members)? {
            Given::Text(text) => pem::read(text)?,
            Given::Jwk(jwk) => {
                decryption::check_purpose(
                    jwk,
                    &[management.name()],
                    &["deriveKey", "deriveBits", "encrypt", "wrapKey"],
                )?;
                crate::jose::key::jwk::read(jwk)?
            }
        };
        match (management.scheme(), material) {
            (Scheme::Agree(_), key @ Material::Ec(_)) | (Scheme::Oaep(_), key @ Material::Rsa(_)) => Ok(key),
            (_, other) => Err(Error::new(Code::KeyWrongType)
                .expected(format!("{} for {}", management.key_in_words(), management.name()))
                .got(other.kind().as_str())),
        }
    };
    read().map_err(|error| error.within(&members.place("key")))
}
