//! From a stored document to settings that can be used: secrets in place, revoked keys gone, except those that a set may
//! still have.

use super::report_only;
use crate::{
    Code, Error, Result,
    account::keys::{SecretPurpose, Secrets, is_reference},
    jose::key::KeySource,
    json::{Object, Value},
};
use alloc::{format, string::ToString, vec::Vec};

/// The members that hold keys, by the purpose of their secrets.
pub(in crate::account) const KEY_LISTS: [SecretPurpose; 2] = [SecretPurpose::Verify, SecretPurpose::Decrypt];

/// The settings as the secure token stage reads them: secrets and mapping in place, rotation marks off, revoked keys gone but for those
/// that a set may still have.
///
/// # Errors
/// `secret_unknown` for a reference without a secret, `secret_purpose` for a secret that is stored for another purpose,
/// `keys_missing` if every key is revoked.
pub fn resolve(
    settings: &Object,
    of_campaign: Option<&Value>,
    of_account: Option<&Value>,
    secrets: &Secrets<'_>,
) -> Result<Value> {
    let mut out = settings.clone();
    // Every demand is enforced where these settings are used; who reports only takes it off the list first.
    out.remove(report_only::MEMBER);
    for purpose in KEY_LISTS {
        let name = purpose.as_str();
        let (mut keys, mut revoked) = (Vec::new(), Vec::new());
        for (index, entry) in
            settings.get(name).and_then(Value::as_array).unwrap_or_default().iter().enumerate()
        {
            let Some(entry) = entry.as_object() else { continue };
            let key = resolve_key(entry, purpose, &format!("/secureToken/{name}/{index}"), secrets);
            if entry.get("status").and_then(Value::as_str) == Some("revoked") {
                revoked.extend(key.ok().filter(|_| purpose == SecretPurpose::Verify).and_then(revocation));
            } else {
                keys.push(Value::from(key?));
            }
        }
        if keys.is_empty() && settings.get(name).is_some() {
            return Err(Error::new(Code::KeysMissing)
                .at(format!("/secureToken/{name}"))
                .got("only revoked keys"));
        }
        keys.append(&mut revoked);
        if !keys.is_empty() {
            out.set(name, keys);
        }
    }
    // The nearest to what is asked: the campaign's mapping, the token's own, the account's.
    if let Some(mapping) = of_campaign.or(settings.get("mapping")).or(of_account) {
        out.set("mapping", mapping.clone());
    }
    Ok(out.into())
}

/// A revoked source as a revocation of its keys; nothing where it has none of its own, or they cannot be read any more.
fn revocation(mut key: Object) -> Option<Value> {
    let source = KeySource::from_settings(&key.clone().into(), "", false).ok()?;
    key.set("status", "revoked");
    source.url().is_none().then(|| key.into())
}

/// One key with its secret in place and without the marks of the rotation.
///
/// # Errors
/// `secret_unknown` or `secret_purpose`, with the place below `place`.
pub fn resolve_key(
    entry: &Object,
    purpose: SecretPurpose,
    place: &str,
    secrets: &Secrets<'_>,
) -> Result<Object> {
    let mut key = entry.clone();
    key.remove("id");
    key.remove("status");
    for member in ["key", "keys"] {
        if let Some(reference) = key.get(member).filter(|value| is_reference(value)) {
            let secret = secrets.resolve(reference, purpose, &format!("{place}/{member}"))?;
            key.set(member, secret_value(secret));
        }
    }
    Ok(key)
}

/// A secret that holds a JWK or a JWK set stands for that object; any other is the key's text.
fn secret_value(secret: &str) -> Value {
    match Value::parse_object(secret.as_bytes()) {
        Ok(object) if object.get("kty").is_some() || object.get("keys").is_some() => object.into(),
        _ => Value::from(secret.to_string()),
    }
}
