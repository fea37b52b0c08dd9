//! The `webhook` member of a document: where each recorded participation is sent to, and with which secret it is signed.

use super::{
    keys::{WEBHOOK, read_secret_reference, secret_reference},
    reading::{Faults, MemberReader},
};
use crate::json::{Object, Value};

/// Reads `{ url, secret, authorization?, warnings? }`: the secret that signs each message, where the receiver wants one the
/// secret that holds the value of the header `authorization`, and whether it gets warnings about keys too.
pub fn read(value: &Value, path: &str, development: bool, faults: &Faults) -> Option<Object> {
    let webhook = MemberReader::open(value, path, &["url", "secret", "authorization", "warnings"], faults)?;
    let mut out = Object::new();
    if let Some(url) = webhook.required_text("url", 2048) {
        if let Err(sentence) = crate::url::check_url(url, development) {
            webhook.invalid("url", alloc::format!("`url` is not a valid URL. {sentence}"));
        }
        out.set("url", url);
    }
    // A receiver that cannot tell our messages from anybody's is of no use to anyone.
    let _ = webhook.required("secret");
    for name in WEBHOOK {
        let reference = webhook.get(name);
        let secret = reference.and_then(|value| read_secret_reference(value, &webhook.path(name), faults));
        out.set_some(name, secret.map(|name| secret_reference(&name)));
    }
    // A receiver of the release before takes every message for a participation, so that it asks for others first.
    out.set_some("warnings", webhook.flag("warnings").filter(|wanted| *wanted));
    Some(out)
}
