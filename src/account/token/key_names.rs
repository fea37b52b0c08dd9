//! The names of a document's keys, independent of their spelling: a key's thumbprint (RFC 7638), a key set's URL. By
//! these names a key is found again in another version of the document, and in another account.

use super::token_settings::{KEY_LISTS, resolve_key};
use crate::{
    account::keys::{SecretPurpose, Secrets, is_shared},
    jose::{base64url, key::KeySource},
    json::{Object, Value},
};
use alloc::{format, string::String, vec::Vec};
use sha2::{Digest, Sha256};

/// One entry of `secureToken/verify` or `secureToken/decrypt`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyName {
    /// `verify` or `decrypt`.
    pub list: &'static str,
    /// Its place in the list.
    pub index: usize,
    /// Whether the document revokes it.
    pub is_revoked: bool,
    /// Whether its keys are secrets, which the makers of tokens share with us.
    pub is_shared: bool,
    /// The names of its keys; none where the secret that it refers to is not there.
    pub names: Vec<String>,
}

impl KeyName {
    /// Returns the entry as JSON: `{ list, index, revoked, shared, names }`.
    pub fn to_json(&self) -> Value {
        let mut out = Object::new();
        out.set("list", self.list);
        out.set_some("index", i64::try_from(self.index).ok());
        out.set("revoked", self.is_revoked);
        out.set("shared", self.is_shared);
        out.set("names", self.names.clone());
        out.into()
    }
}

/// The names of all keys of a document's `secureToken`, revoked ones too.
pub(in crate::account) fn of(settings: &Object, secrets: &Secrets<'_>) -> Vec<KeyName> {
    let mut out = Vec::new();
    for purpose in KEY_LISTS {
        let list = purpose.as_str();
        let entries = settings.get(list).and_then(Value::as_array).unwrap_or_default();
        for (index, entry) in
            entries.iter().enumerate().filter_map(|(i, entry)| Some((i, entry.as_object()?)))
        {
            let is_revoked = entry.get("status").and_then(Value::as_str) == Some("revoked");
            let key = resolve_key(entry, purpose, "", secrets).ok();
            let is_shared = purpose == SecretPurpose::Decrypt || key.as_ref().is_some_and(is_shared);
            let names = key.map(|key| names(purpose, &key)).unwrap_or_default();
            out.push(KeyName { list, index, is_revoked, is_shared, names });
        }
    }
    out
}

fn names(purpose: SecretPurpose, key: &Object) -> Vec<String> {
    if purpose != SecretPurpose::Verify {
        let material = [key.get("key"), key.get("keys")].into_iter().flatten().map(Value::to_text);
        return material.map(|text| format!("sha256:{}", base64url::encode(&Sha256::digest(text)))).collect();
    }
    KeySource::from_settings(&key.clone().into(), "", true).map(|source| source.names()).unwrap_or_default()
}
