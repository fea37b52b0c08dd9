//! Seals what must come back unchanged and unread: the state of a sign-in, the pass, wrapped secrets, documents, flow data.
//!
//! A sealed text is `version.kid.salt.ciphertext`, the last two in base64url. Key and nonce come from the ring
//! key by HKDF-SHA-256 (RFC 5869) with the salt and `purpose|version|environment`, so that no nonce is ever
//! used twice with one key as long as salts are random, and a value of one environment or purpose is noise in
//! another. The content is AES-256-GCM (NIST SP 800-38D) bound to `purpose|version|kid|account`.

use crate::{
    Code, Error, Result,
    jose::base64url,
    json::{
        Value,
        members::{Members, invalid},
    },
    secret::Secret,
};
use aes_gcm::{
    Aes256Gcm,
    aead::{Aead, KeyInit, Payload},
};
use alloc::{format, string::String, vec::Vec};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The version of the text form; it also enters key and binding.
const VERSION: &str = "1";
const KEY_BYTES: usize = 32;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
/// Longest kid of a ring key, so that a sealed state stays short.
const KID_CHARACTERS: usize = 32;
/// Most keys of a ring: far more than rotation needs.
const RING_KEYS: usize = 32;

/// The purpose of a sealed value. A value of one purpose is refused for every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A version of an account's document at rest.
    Document,
    /// Data that a sign-in needs between two requests.
    Flow,
    /// The proof of an admission.
    Pass,
    /// A secret of an account at rest.
    Secret,
    /// The state that travels to the login page. Its account is not known before it is open, so it stands
    /// inside, and the binding says `*` whatever account is given.
    State,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [Self::Document, Self::Flow, Self::Pass, Self::Secret, Self::State];

    /// Returns the name, as it enters key and binding.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Flow => "flow",
            Self::Pass => "pass",
            Self::Secret => "secret",
            Self::State => "state",
        }
    }

    /// Returns the purpose of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }
}

/// Where a ring key stands in its life. All of them open; the active one seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RingStatus {
    Active,
    Next,
    Retiring,
}

/// The sealing keys of one environment.
#[derive(Clone, Debug)]
pub struct Ring {
    environment: String,
    keys: Vec<RingKey>,
    active: usize,
}

#[derive(Clone, Debug)]
struct RingKey {
    kid: String,
    key: Secret,
}

impl Ring {
    /// Reads `{ "environment": "…", "keys": [{ "kid", "key": <base64url of 32 bytes>, "status": "active" |
    /// "next" | "retiring", "since"? }] }`. Exactly one key is active; `since` notes for those who rotate when the key
    /// came to its status, seconds since 1970.
    ///
    /// # Errors
    /// `settings_invalid` or `settings_unknown` with the place of the fault.
    pub fn parse(value: &Value) -> Result<Self> {
        let members = Members::of(value, "", &["environment", "keys"])?;
        members.required("environment", "the name of the environment")?;
        let environment = members.text("environment")?.unwrap_or_default();
        let list = members.required("keys", "an array of keys")?;
        let elements = list.as_array().ok_or_else(|| invalid("/keys", "an array of keys", list))?;
        if elements.len() > RING_KEYS {
            let got = format!("{} keys", elements.len());
            return Err(fault("/keys", &format!("at most {RING_KEYS} keys"), &got));
        }
        let mut keys: Vec<RingKey> = Vec::new();
        let mut active = None;
        for (index, element) in elements.iter().enumerate() {
            let place = format!("/keys/{index}");
            let (key, status) = RingKey::parse(element, &place)?;
            if keys.iter().any(|known| known.kid == key.kid) {
                return Err(fault(
                    &format!("{place}/kid"),
                    "a kid that no other key has",
                    "the kid of another key",
                ));
            }
            if status == RingStatus::Active && active.replace(index).is_some() {
                return Err(fault(&format!("{place}/status"), "exactly one active key", "a second one"));
            }
            keys.push(key);
        }
        let active = active.ok_or_else(|| fault("/keys", "exactly one active key", "none"))?;
        Ok(Self { environment: environment.into(), keys, active })
    }
}

impl RingKey {
    fn parse(value: &Value, place: &str) -> Result<(Self, RingStatus)> {
        let members = Members::of(value, place, &["kid", "key", "status", "since"])?;
        members.required("kid", "a name for the key")?;
        let kid = members.text("kid")?.unwrap_or_default();
        if kid.len() > KID_CHARACTERS
            || !kid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        {
            let expected = format!("1 to {KID_CHARACTERS} letters, digits, - or _");
            return Err(fault(&members.place("kid"), &expected, &crate::error::shown(kid)));
        }
        let what = format!("base64url of {KEY_BYTES} random bytes");
        members.required("key", &what)?;
        let text = members.text("key")?.unwrap_or_default();
        let bytes = Zeroizing::new(
            base64url::decode(text)
                .map_err(|_| fault(&members.place("key"), &what, "a string that is not valid base64url"))?,
        );
        if bytes.len() != KEY_BYTES {
            return Err(fault(&members.place("key"), &what, &format!("{} bytes", bytes.len())));
        }
        members.required("status", "active, next or retiring")?;
        let words =
            [("active", RingStatus::Active), ("next", RingStatus::Next), ("retiring", RingStatus::Retiring)];
        let status = members.choice("status", &words)?.unwrap_or(RingStatus::Retiring);
        if let Some(since) = members.get("since").filter(|since| since.as_i64().is_none_or(|at| at < 0)) {
            return Err(invalid(&members.place("since"), "seconds since 1970", since));
        }
        Ok((Self { kid: kid.into(), key: Secret::new(bytes.as_slice()) }, status))
    }
}

impl Ring {
    /// Returns the secrets that belong to a name, each under one key of the ring, that of the active key first: HKDF is a
    /// keyed function of it, so that nobody without the ring can make one.
    pub(crate) fn secrets_of<'a>(
        &'a self,
        purpose: &str,
        name: &str,
    ) -> impl Iterator<Item = [u8; KEY_BYTES]> + 'a {
        let info = format!("{purpose}|{VERSION}|{}|{name}", self.environment);
        let active = self.keys.get(self.active).into_iter();
        active.chain(&self.keys).filter_map(move |key| {
            let mut secret = [0; KEY_BYTES];
            Hkdf::<Sha256>::new(None, key.key.expose()).expand(info.as_bytes(), &mut secret).ok()?;
            Some(secret)
        })
    }
}

fn fault(place: &str, expected: &str, got: &str) -> Error {
    Error::new(Code::SettingsInvalid).at(place).expected(expected).got(got)
}

/// Seals `plaintext` for one purpose and account with the ring's active key. The salt must be random.
///
/// ```
/// use handstamp::{Code, json::Value, seal::{Purpose, Ring, open, seal}};
/// let ring = br#"{ "environment": "dev", "keys": [
///     { "kid": "k1", "key": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE", "status": "active" }] }"#;
/// let ring = Ring::parse(&Value::parse(ring).unwrap()).unwrap();
/// let text = seal(Purpose::Secret, &ring, "acme", b"a client secret", [7; 16]).unwrap();
/// assert_eq!(open(Purpose::Secret, &ring, "acme", &text).unwrap(), b"a client secret");
/// assert_eq!(open(Purpose::Secret, &ring, "other", &text).unwrap_err().code(), Code::SealInvalid);
/// ```
///
/// # Errors
/// `internal`, should the cipher refuse, as it does above 64 GiB.
pub fn seal(
    purpose: Purpose,
    ring: &Ring,
    account: &str,
    plaintext: &[u8],
    salt: [u8; SALT_BYTES],
) -> Result<String> {
    let broken = || Error::new(Code::Internal).at("seal");
    let key = ring.keys.get(ring.active).ok_or_else(broken)?;
    let (cipher, nonce) = derive(purpose, ring, key, &salt).ok_or_else(broken)?;
    let binding = binding(purpose, &key.kid, account);
    let payload = Payload { msg: plaintext, aad: binding.as_bytes() };
    let ciphertext = cipher.encrypt(&nonce.into(), payload).map_err(|_| broken())?;
    Ok(format!("{VERSION}.{}.{}.{}", key.kid, base64url::encode(&salt), base64url::encode(&ciphertext)))
}

/// Opens what [`seal`] made with the same purpose, ring and account.
///
/// # Errors
/// `seal_key_unknown` when the text names a key that the ring does not hold; `seal_invalid`, without any
/// further detail, for everything else that is not exactly a sealed text.
pub fn open(purpose: Purpose, ring: &Ring, account: &str, text: &str) -> Result<Vec<u8>> {
    let refused = || Error::new(Code::SealInvalid);
    let mut parts = text.split('.');
    let (Some(VERSION), Some(kid), Some(salt), Some(ciphertext), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(refused());
    };
    let salt = base64url::decode(salt).ok().and_then(|bytes| <[u8; SALT_BYTES]>::try_from(bytes).ok());
    let salt = salt.ok_or_else(refused)?;
    let ciphertext = base64url::decode(ciphertext).map_err(|_| refused())?;
    let key = ring.keys.iter().find(|key| key.kid == kid).ok_or_else(|| Error::new(Code::SealKeyUnknown))?;
    let (cipher, nonce) = derive(purpose, ring, key, &salt).ok_or_else(refused)?;
    let binding = binding(purpose, &key.kid, account);
    let payload = Payload { msg: &ciphertext, aad: binding.as_bytes() };
    cipher.decrypt(&nonce.into(), payload).map_err(|_| refused())
}

/// Key and nonce of one sealed text.
fn derive(
    purpose: Purpose,
    ring: &Ring,
    key: &RingKey,
    salt: &[u8; SALT_BYTES],
) -> Option<(Aes256Gcm, [u8; NONCE_BYTES])> {
    let info = format!("{}|{VERSION}|{}", purpose.as_str(), ring.environment);
    let mut output = Zeroizing::new([0_u8; KEY_BYTES + NONCE_BYTES]);
    Hkdf::<Sha256>::new(Some(salt), key.key.expose()).expand(info.as_bytes(), output.as_mut_slice()).ok()?;
    let (key, nonce) = output.split_at_checked(KEY_BYTES)?;
    Some((Aes256Gcm::new_from_slice(key).ok()?, nonce.try_into().ok()?))
}

/// Returns the data that a sealed string is bound to. Only the last part may hold any character, so no two bindings are
/// alike.
fn binding(purpose: Purpose, kid: &str, account: &str) -> String {
    let account = if purpose == Purpose::State { "*" } else { account };
    format!("{}|{VERSION}|{kid}|{account}", purpose.as_str())
}
