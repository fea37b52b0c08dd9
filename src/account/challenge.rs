//! The `challenge` member of a document: the check that a visitor of an open campaign is a person (Cloudflare Turnstile).

use super::{
    keys::{read_secret_reference, secret_reference},
    reading::{Faults, MemberReader},
};
use crate::json::{Object, Value};

/// Reads `{ siteKey, secret }`: the public key that the campaign page shows the widget with, and the secret with which
/// its answer is checked.
pub fn read(value: &Value, path: &str, faults: &Faults) -> Option<Object> {
    let challenge = MemberReader::open(value, path, &["siteKey", "secret"], faults)?;
    let mut out = Object::new();
    out.set_some("siteKey", challenge.required_text("siteKey", 100));
    let reference = challenge.required("secret");
    let secret = reference.and_then(|value| read_secret_reference(value, &challenge.path("secret"), faults));
    out.set_some("secret", secret.map(|name| secret_reference(&name)));
    Some(out)
}
