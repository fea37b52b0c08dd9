//! The places of a document where a secret is named, or where one stands itself: the one list of what a secret of an
//! account can be for. A document enters, as it was sent or in normal form; its places leave.

use crate::json::{Object, Value, members::pointer};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// The members of `webhook` that are references to secrets.
pub(in crate::account) const WEBHOOK: [&str; 2] = ["secret", "authorization"];

/// The use of a secret. It is set when the secret is stored, and the secret resolves for it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretPurpose {
    /// A key that verifies tokens.
    Verify,
    /// A key that decrypts tokens.
    Decrypt,
    /// The client secret or private key at the identity provider.
    Client,
    /// The key that signs webhook messages, or the value of their header `authorization`.
    Webhook,
    /// The secret of the check that a visitor is a person.
    Challenge,
    /// The value of a header that the profile API's gateway asks for.
    Profile,
}

impl SecretPurpose {
    /// Every purpose.
    pub const ALL: [Self; 6] =
        [Self::Verify, Self::Decrypt, Self::Client, Self::Webhook, Self::Challenge, Self::Profile];

    /// Returns the name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Decrypt => "decrypt",
            Self::Client => "client",
            Self::Webhook => "webhook",
            Self::Challenge => "challenge",
            Self::Profile => "profile",
        }
    }
}

/// A place of a document where a secret is named or stands itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecretPlace {
    /// JSON Pointer (RFC 6901) to the reference or to the secret.
    pub path: String,
    /// The use of a secret there.
    pub purpose: SecretPurpose,
    /// The name of the secret; `None` where the secret itself stands in the document.
    pub name: Option<String>,
}

impl SecretPlace {
    /// Lists the places of a document, in its order.
    pub fn of(document: &Value) -> Vec<Self> {
        let mut out = Vec::new();
        for purpose in [SecretPurpose::Verify, SecretPurpose::Decrypt] {
            of_keys(document, format!("/secureToken/{}", purpose.as_str()), purpose, &mut out);
        }
        of_sources(document, "", &mut out);
        let webhook = WEBHOOK.map(|name| (format!("/webhook/{name}"), SecretPurpose::Webhook));
        let challenge = ("/challenge/secret".to_owned(), SecretPurpose::Challenge);
        for (path, purpose) in webhook.into_iter().chain([challenge]) {
            out.extend(document.pointer(&path).map(|value| Self::new(value, path, purpose)));
        }
        let campaigns = document.pointer("/campaigns").and_then(Value::as_object);
        for (id, _) in campaigns.into_iter().flat_map(Object::iter) {
            of_sources(document, &pointer("/campaigns", id), &mut out);
        }
        out
    }

    /// Returns the place as JSON: `{ path, purpose, name? }`.
    pub fn to_json(&self) -> Value {
        let mut out = Object::new();
        out.set("path", self.path.as_str());
        out.set("purpose", self.purpose.as_str());
        out.set_some("name", self.name.as_deref());
        out.into()
    }

    fn new(value: &Value, path: String, purpose: SecretPurpose) -> Self {
        let name = value.pointer("/secret").and_then(Value::as_str).map(ToOwned::to_owned);
        Self { path, purpose, name: name.filter(|_| is_reference(value)) }
    }
}

/// The places of the sources of an account or of a campaign, which stands at `base`.
fn of_sources(document: &Value, base: &str, out: &mut Vec<SecretPlace>) {
    of_keys(document, format!("{base}/oauth/decrypt"), SecretPurpose::Decrypt, out);
    let client = format!("{base}/oauth/clientAuth/secret");
    out.extend(document.pointer(&client).map(|value| SecretPlace::new(value, client, SecretPurpose::Client)));
    let headers = format!("{base}/profileApi/headers");
    let named = document.pointer(&headers).and_then(Value::as_object);
    for (name, value) in named.into_iter().flat_map(Object::iter).filter(|(_, value)| is_reference(value)) {
        out.push(SecretPlace::new(value, pointer(&headers, name), SecretPurpose::Profile));
    }
}

/// The places of a list of keys, or of one that stands alone.
fn of_keys(document: &Value, list: String, purpose: SecretPurpose, out: &mut Vec<SecretPlace>) {
    match document.pointer(&list) {
        Some(Value::Array(entries)) => {
            for (index, entry) in entries.iter().enumerate() {
                out.extend(of_key(entry, &format!("{list}/{index}"), purpose));
            }
        }
        Some(entry) => out.extend(of_key(entry, &list, purpose)),
        None => {}
    }
}

/// The place in one entry of `verify` or `decrypt`, if its key is a secret.
fn of_key(entry: &Value, path: &str, purpose: SecretPurpose) -> Option<SecretPlace> {
    let entry = entry.as_object()?;
    let (member, value) = ["key", "keys"].into_iter().find_map(|name| Some((name, entry.get(name)?)))?;
    let is_secret = is_reference(value) || purpose == SecretPurpose::Decrypt || is_shared(entry);
    is_secret.then(|| SecretPlace::new(value, format!("{path}/{member}"), purpose))
}

/// Checks whether a value is `{ "secret": … }` and not a key.
pub(in crate::account) fn is_reference(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.get("secret").is_some() && object.get("kty").is_none())
}

/// Checks whether the keys of an entry of `verify` are secrets that the customer shares with us.
pub(in crate::account) fn is_shared(entry: &Object) -> bool {
    let listed = entry.get("keys").and_then(|set| set.pointer("/keys")).and_then(Value::as_array);
    entry.get("method").and_then(Value::as_str) == Some("symmetricKey")
        || listed
            .unwrap_or_default()
            .iter()
            .any(|key| key.pointer("/kty").and_then(Value::as_str) == Some("oct"))
}
