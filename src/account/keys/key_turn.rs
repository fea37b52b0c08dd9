//! A turn of the keys in a document's `secureToken`: the document as it was sent and a step enter; the list after the step
//! leaves, with the status of each key and the step that comes next, or the reason for which the step is not taken.

use super::secret_places::is_reference;
use crate::{
    Result, bounds,
    jose::algorithm::{Content, Management, Signature},
    json::{
        Object, Value,
        members::{Members, invalid},
    },
    rotation::{self, RotationStep, Untimely, Waits},
    time::UnixTime,
};
use alloc::{format, string::String, vec::Vec};

/// The material of a new key, by the kind of the key whose place it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// So many random bytes, which both sides share.
    Secret(usize),
    /// A private key of ours, whose public half the customer gets.
    KeyPair,
    /// The public key that the customer has made.
    PublicKey,
    /// The key set that the customer has made.
    KeySet,
    /// Nothing: the customer publishes the key at the URL of the set.
    Published,
}

impl Need {
    /// Finds the need of an entry of `verify` or `decrypt`; `None` if its algorithm is not known.
    pub fn of(entry: &Value) -> Option<Self> {
        let text = |name: &str| entry.pointer(name).and_then(Value::as_str);
        Some(match text("/method") {
            Some("jwks") if entry.pointer("/url").is_some() => Self::Published,
            Some("jwks") => Self::KeySet,
            Some("publicKey") => Self::PublicKey,
            _ => {
                let alg = text("/alg")?;
                let is_pair = Management::from_name(alg).is_some_and(|row| !row.is_symmetric());
                if is_pair { Self::KeyPair } else { Self::Secret(secret_bytes(alg, text("/enc"))?) }
            }
        })
    }

    /// Returns the name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret(_) => "secret",
            Self::KeyPair => "key_pair",
            Self::PublicKey => "public_key",
            Self::KeySet => "key_set",
            Self::Published => "published",
        }
    }
}

/// Returns the length of a shared secret for an algorithm, bytes; `None` for one that takes none. Where the secret is the
/// content key itself, `enc` decides.
pub fn secret_bytes(alg: &str, enc: Option<&str>) -> Option<usize> {
    if let Some(row) = Signature::from_name(alg) {
        return row.is_symmetric().then_some(row.hash_bytes());
    }
    let row = Management::from_name(alg).filter(|row| row.is_symmetric())?;
    // The others are named after the bits of their key: A256KW, A128GCMKW.
    let bits = row.name().get(1..4).and_then(|digits| digits.parse::<usize>().ok());
    bits.map_or_else(|| Content::from_name(enc?).map(Content::key_bytes), |bits| Some(bits / 8))
}

/// Returns the entry that takes the place of another: the same settings, with its own id and material.
pub fn successor(entry: &Value, id: &str, material: Value) -> Value {
    let Value::Object(mut fresh) = entry.clone() else { return Value::Null };
    for member in ["status", "since", "encoding"] {
        fresh.remove(member);
    }
    fresh.set("id", id);
    let need = Need::of(entry);
    if matches!(need, Some(Need::Secret(_))) {
        fresh.set("encoding", "base64url");
    }
    fresh.set(if need == Some(Need::KeySet) { "keys" } else { "key" }, material);
    fresh.into()
}

/// Returns the name of the secret that comes after another: the part before its last dot, and the id of the new key.
pub fn successor_name(before: &str, id: &str) -> String {
    format!("{}.{id}", before.rsplit_once('.').map_or(before, |(stem, _)| stem))
}

/// Returns how long the keys of a document wait: its spread is that of a document, and tokens live as long as it says.
pub fn waits(secure_token: &Value, waited: bool) -> Waits {
    let number = |name: &str| secure_token.pointer(name).and_then(Value::as_i64);
    let leeway = number("/leewaySeconds").unwrap_or(i64::from(bounds::LEEWAY_SECONDS));
    let outlive = number("/maxLifetimeSeconds").map(|most| most.saturating_add(leeway));
    Waits { spread: bounds::DOCUMENT_SPREAD_SECONDS, outlive, waited }
}

/// Takes a step, or says where the keys stand. Reads `{ list, step?, key?, id?, material?, waited?, now }`: `key` is the name
/// of the key that is replaced or revoked, `material` the reference, the key or the key set of a new one.
///
/// Returns `{ keys, rows, next: { step, from? } }`, each row as `{ name, status, since?, until?, need? }`. The step `add` also
/// returns `need: { kind, bytes?, alg?, enc?, secret }`; without `material` it is only judged. The step `drop` returns `gone`.
///
/// # Errors
/// `rotation_early` and `rotation_order` with the obstacle, `settings_invalid` for a request that is none.
pub fn turn(document: &Value, request: &Value) -> Result<Object> {
    let asked = Members::of(request, "", &["list", "step", "key", "id", "material", "waited", "now"])?;
    let list = asked.text("list")?.filter(|list| ["verify", "decrypt"].contains(list));
    let list = list.ok_or_else(|| invalid("/list", "verify or decrypt", &Value::Null))?;
    let now = asked.whole("now", 0..=i64::MAX)?.map(UnixTime);
    let now = now.ok_or_else(|| invalid("/now", "a time", &Value::Null))?;
    let named = asked.text("key")?;
    let settings = document.pointer("/secureToken").unwrap_or(&Value::Null);
    let waited = asked.get("waited").and_then(Value::as_bool) == Some(true);
    let waits = waits(settings, waited);
    let mut keys = match settings.pointer(&format!("/{list}")) {
        Some(Value::Array(keys)) => keys.clone(),
        Some(single) => Vec::from([single.clone()]),
        None => Vec::new(),
    };
    let mut out = Object::new();
    let step = asked.text("step")?;
    match step.map(|name| RotationStep::ALL.into_iter().find(|step| step.as_str() == name)) {
        None => {}
        Some(Some(RotationStep::Add)) => {
            rotation::add(&mut keys, None, now).map_err(Untimely::into_error)?;
            let index = rotation::replaced(&keys, named).map_err(Untimely::into_error)?;
            let model = keys.get(index).cloned().unwrap_or(Value::Null);
            let need = needed(&model).map_err(Untimely::into_error)?;
            let id = asked.text("id")?.unwrap_or_default();
            let before = model.pointer("/key/secret").and_then(Value::as_str).unwrap_or(list);
            out.set("need", told(&model, need, &successor_name(before, id)));
            if let Some(material) = asked.get("material") {
                rotation::add(&mut keys, Some(successor(&model, id, material.clone())), now)
                    .map_err(Untimely::into_error)?;
            }
        }
        Some(Some(RotationStep::Activate)) => {
            rotation::activate(&mut keys, named, waits, now).map_err(Untimely::into_error)?
        }
        Some(Some(RotationStep::Drop)) => {
            out.set("gone", rotation::drop_old(&mut keys, waits, now).map_err(Untimely::into_error)?)
        }
        Some(Some(RotationStep::Revoke)) => {
            rotation::revoke(&mut keys, named.unwrap_or_default(), now).map_err(Untimely::into_error)?
        }
        Some(None) => return Err(invalid("/step", "add, activate, drop or revoke", &Value::Null)),
    }
    let (next, from) = rotation::coming(&keys, waits);
    let mut coming = Object::new();
    coming.set("step", next.as_str());
    coming.set_some("from", from);
    out.set(
        "rows",
        keys.iter().enumerate().map(|(index, key)| row(key, index, waits).into()).collect::<Vec<Value>>(),
    );
    out.set("keys", keys);
    out.set("next", coming);
    Ok(out)
}

/// The need of a key's successor, or why there is none to be made here.
///
/// # Errors
/// `published_elsewhere`, and `alg_unknown` for an entry whose algorithm is not known.
pub fn needed(entry: &Value) -> core::result::Result<Need, Untimely> {
    match Need::of(entry) {
        Some(Need::Published) => {
            let says = "The customer publishes these keys: a new one is added to the set at its URL, and is found there.";
            Err(Untimely::new("published_elsewhere", says))
        }
        Some(need) => Ok(need),
        None => {
            Err(Untimely::new("alg_unknown", "The key has no algorithm for which a new one can be made."))
        }
    }
}

fn told(entry: &Value, need: Need, secret: &str) -> Object {
    let mut out = Object::new();
    out.set("kind", need.as_str());
    if let Need::Secret(bytes) = need {
        out.set_some("bytes", i64::try_from(bytes).ok());
    }
    for name in ["alg", "enc"] {
        out.set_some(name, entry.pointer(&format!("/{name}")).and_then(Value::as_str));
    }
    // A secret that stands in the document itself, in development, makes way for one that is stored.
    let is_stored =
        matches!(need, Need::Secret(_) | Need::KeyPair) || entry.pointer("/keys").is_some_and(is_reference);
    out.set_some("secret", is_stored.then_some(secret));
    out
}

fn row(key: &Value, index: usize, waits: Waits) -> Object {
    let mut out = Object::new();
    out.set("name", rotation::name_of(key, index));
    out.set("status", rotation::status_of(key));
    out.set_some("since", rotation::since_of(key));
    out.set_some("until", rotation::droppable(key, index, waits).and_then(core::result::Result::ok));
    out.set_some("need", Need::of(key).map(Need::as_str));
    out
}
