//! Names and values in a query or a form body (`application/x-www-form-urlencoded`). The output is also valid in a URI
//! query: a space is `%20`, never `+` (RFC 3986), which every form decoder reads alike.

use crate::{Code, Error, Result};
use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;

/// Longest query that is read, bytes: code, state and issuer at their longest, and a little.
const QUERY_BYTES: usize = 16 * 1024;
/// Most parameters that are read.
const PARAMETERS: usize = 64;

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

/// The parameters of a query that came back to us, in the order written.
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a query, with or without its question mark.
    ///
    /// # Errors
    /// `query_invalid` for a text that is too long or not decodable.
    pub fn parse(query: &str) -> Result<Self> {
        let refused = |got: &str| Error::new(Code::QueryInvalid).at("query").got(got);
        if query.len() > QUERY_BYTES {
            return Err(refused("more than 16 KiB"));
        }
        let query = query.strip_prefix('?').unwrap_or(query);
        let mut out = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if out.len() >= PARAMETERS {
                return Err(refused("more than 64 parameters"));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = decode(name).zip(decode(value));
            out.push(decoded.ok_or_else(|| refused("an escape that is not UTF-8"))?);
        }
        Ok(Self(out))
    }

    /// Returns the value of a parameter that stands there once.
    ///
    /// # Errors
    /// `state_duplicate` if it stands there more often (RFC 6749 section 3.1).
    pub fn once(&self, name: &str) -> Result<Option<&str>> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(Error::new(Code::StateDuplicate).at(name)),
        }
    }
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit =
                    || char::from(bytes.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                (digit()? << 4) | digit()?
            }
            plain => plain,
        });
    }
    String::from_utf8(out).ok()
}
