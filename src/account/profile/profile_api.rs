//! The `profileApi` member of a document: the customer's own API, which says more of a person for an access token.

use crate::{
    account::{
        keys::{is_reference, read_secret_reference, secret_reference},
        reading::{Faults, MemberReader},
    },
    json::{Object, Value},
};
use alloc::{format, string::String, vec::Vec};

/// Most further headers: a gateway asks for one or two.
const HEADERS: usize = 8;
/// Longest value of a header that stands in the document, characters.
const VALUE_CHARACTERS: usize = 512;
/// Headers that are ours or the connection's (RFC 9110).
const RESERVED: [&str; 18] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "expect",
    "host",
    "keep-alive",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];
/// Beginnings of headers that browsers, proxies and the platform set themselves.
const RESERVED_FAMILIES: [&str; 3] = ["cf-", "proxy-", "sec-"];

/// Reads `{ url, answer?, object?, subject?, headers? }`.
pub(in crate::account) fn read(
    value: &Value,
    path: &str,
    development: bool,
    faults: &Faults,
) -> Option<Object> {
    let api = MemberReader::open(value, path, &["url", "answer", "object", "subject", "headers"], faults)?;
    let mut out = Object::new();
    if let Some(url) = api.required_text("url", 2048) {
        if let Err(sentence) = crate::url::check_url(url, development) {
            api.invalid("url", format!("`url` is not a valid URL. {sentence}"));
        }
        out.set("url", url);
    }
    out.set("answer", api.choice("answer", &["json", "jwt", "access_token"]).unwrap_or("json"));
    out.set("object", api.pointer("object").unwrap_or_default());
    out.set_some("subject", api.pointer("subject"));
    out.set_some("headers", headers(&api).filter(|headers| !headers.is_empty()));
    Some(out)
}

/// The further headers: each a string, or the name of a secret that holds its value.
fn headers(api: &MemberReader<'_>) -> Option<Object> {
    let value = api.get("headers")?;
    let headers = MemberReader::open_any(value, &api.path("headers"), api.faults())?;
    let mut out = Object::new();
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in headers.iter() {
        let lower = name.to_ascii_lowercase();
        let is_token = (1..=64).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if !is_token {
            headers.invalid(name, "The name of a header must have 1 to 64 letters, digits or hyphens.");
        } else if RESERVED.contains(&lower.as_str())
            || RESERVED_FAMILIES.iter().any(|family| lower.starts_with(family))
        {
            headers.invalid(name, format!("\"{name}\" is set by the service; remove it."));
        } else if seen.contains(&lower) {
            headers.invalid(
                name,
                format!("\"{name}\" is listed twice: upper and lower case are the same header."),
            );
        } else if is_reference(value) {
            let secret = read_secret_reference(value, &headers.path(name), api.faults());
            out.set_some(name, secret.map(|secret| secret_reference(&secret)));
        } else if let Some(text) = headers.text(name, VALUE_CHARACTERS) {
            if !text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) || text.trim() != text {
                headers.invalid(
                    name,
                    "The value of a header must have printable ASCII characters, without spaces at its ends.",
                );
            }
            out.set(name, text);
        }
        seen.push(lower);
    }
    if seen.len() > HEADERS {
        api.invalid("headers", format!("There are more than {HEADERS} further headers."));
    }
    Some(out)
}
