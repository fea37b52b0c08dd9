//! Names and values in a query or a form body (`application/x-www-form-urlencoded`). The output is also valid in a URI
//! query: a space is `%20`, never `+` (RFC 3986), which every form decoder reads alike.

use crate::{Code, Error, Result, jose::hexadecimal};
use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;

/// Longest query that is read, bytes: code, state and issuer at their longest, and a little.
const QUERY_BYTES: usize = 16 * 1024;

/// Returns a value as it stands in a query or body: all but the unreserved characters escaped (RFC 3986 section 2.3).
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Returns `name=value&name=value`
pub fn write(parameters: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in parameters {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(&escape(name));
        out.push('=');
        out.push_str(&escape(value));
    }
    out
}

/// The parameters that a callback knows. Every other one is ignored, whatever it holds (RFC 6749 section 4.1.2).
const KNOWN: [&str; 6] = ["state", "code", "iss", "error", "error_description", "response"];

/// The known parameters of a query that came back to us, in the order written; one without a value counts as left out
/// (RFC 6749 section 3.1).
pub struct Parameters(Vec<(&'static str, String)>);

impl Parameters {
    /// Reads a query, with or without its question mark. An escape that is not one stands for itself, and bytes that are
    /// not UTF-8 for the replacement character: the reader of the parameter refuses them, not this one.
    ///
    /// # Errors
    /// `query_invalid` for a text that is too long.
    pub fn parse(query: &str) -> Result<Self> {
        if query.len() > QUERY_BYTES {
            return Err(Error::new(Code::QueryInvalid).at("query").got("more than 16 KiB"));
        }
        let pairs = query.strip_prefix('?').unwrap_or(query).split('&');
        let known = pairs.filter_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let name = KNOWN.into_iter().find(|known| *known == decode(name))?;
            Some((name, decode(value))).filter(|(_, value)| !value.is_empty())
        });
        Ok(Self(known.collect()))
    }

    /// Returns the value of a parameter that stands there once.
    ///
    /// # Errors
    /// `state_duplicate` if it stands there more often (RFC 6749 section 3.1).
    pub fn once(&self, name: &str) -> Result<Option<&str>> {
        let mut values = self.values(name);
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(Error::new(Code::StateDuplicate).at(name)),
        }
    }

    /// Returns the values of a parameter.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// Decodes as a browser does (WHATWG URL, `application/x-www-form-urlencoded` parsing).
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let escaped = match (byte, after) {
            (b'%', [high, low, ..]) => hexadecimal::byte(*high, *low),
            _ => None,
        };
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
        out.push(escaped.unwrap_or(if *byte == b'+' { b' ' } else { *byte }));
    }
    String::from_utf8_lossy(&out).into_owned()
}
