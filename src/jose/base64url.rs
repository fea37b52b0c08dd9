//! Base64url without padding (RFC 4648 section 5, RFC 7515 section 2), strictly: one text for one value. An error says
//! why and where, because a token that was damaged on its way is the most common fault.

use crate::{Code, Error, Result};
use alloc::{string::String, vec::Vec};

const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const OUTSIDE: u8 = 0xff;
static URL_VALUES: [u8; 256] = values(URL);
static STANDARD_VALUES: [u8; 256] = values(STANDARD);

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::cast_possible_truncation)] // At compile time.
const fn values(alphabet: &[u8; 64]) -> [u8; 256] {
    let mut table = [OUTSIDE; 256];
    let mut value = 0;
    while value < 64 {
        table[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    table
}

/// Encodes bytes as base64url without padding.
///
/// ```
/// assert_eq!(handstamp::jose::base64url::encode(&[0xfb, 0xff]), "-_8");
/// ```
pub fn encode(bytes: &[u8]) -> String {
    let symbol = |bits: u32| URL.get((bits & 63) as usize).copied().unwrap_or_default();
    let symbols = |bits: u32| [18, 12, 6, 0].map(|shift| symbol(bits >> shift));
    let (groups, rest) = bytes.as_chunks::<3>();
    let mut out = alloc::vec![0; groups.len().saturating_mul(4)];
    for ([a, b, c], text) in groups.iter().zip(out.as_chunks_mut::<4>().0) {
        *text = symbols(u32::from_be_bytes([0, *a, *b, *c]));
    }
    // One byte makes two symbols, two make three.
    match *rest {
        [a] => {
            let [first, second, ..] = symbols(u32::from_be_bytes([0, a, 0, 0]));
            out.extend_from_slice(&[first, second]);
        }
        [a, b] => {
            let [first, second, third, _] = symbols(u32::from_be_bytes([0, a, b, 0]));
            out.extend_from_slice(&[first, second, third]);
        }
        _ => {}
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Decodes base64url without padding.
///
/// ```
/// use handstamp::{Code, jose::base64url};
/// assert_eq!(base64url::decode("-_8").unwrap(), [0xfb, 0xff]);
/// assert_eq!(base64url::decode("-_8=").unwrap_err().code(), Code::TokenPadding);
/// ```
///
/// # Errors
/// `token_whitespace`, `token_padding`, `token_characters` with the position of the first such character;
/// `token_trailing_bits` when the length is impossible or unused bits are not zero.
pub fn decode(text: &str) -> Result<Vec<u8>> {
    decode_url(text.as_bytes()).ok_or_else(|| fault(text))
}

/// Decodes standard base64 (RFC 4648 section 4), padded or not, for PEM bodies and secrets.
pub(crate) fn decode_standard(text: &[u8]) -> Option<Vec<u8>> {
    let text = without_padding(text)?;
    decode_rest(text, &STANDARD_VALUES, Vec::with_capacity(text.len()))
}

/// Decodes base64url, padded or not: secrets are configured by people, whose tools pad.
pub(crate) fn decode_secret(text: &[u8]) -> Option<Vec<u8>> {
    decode_url(without_padding(text)?)
}

/// Decodes a string of either alphabet, padded or not, to say what it is.
pub(crate) fn decode_any(text: &[u8]) -> Option<Vec<u8>> {
    decode_standard(text).or_else(|| decode_secret(text))
}

/// Takes off complete padding; incomplete padding is `None`.
fn without_padding(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last.saturating_add(1));
    let padding = text.len().saturating_sub(end);
    if padding > 0 && (padding > 2 || !text.len().is_multiple_of(4)) { None } else { text.get(..end) }
}

fn decode_url(text: &[u8]) -> Option<Vec<u8>> {
    #[allow(unused_mut)] // Only vectors write to it here.
    let mut out = Vec::with_capacity(text.len());
    // Sixteen symbols at a time, where the target has vectors; the others one by one.
    #[cfg(all(feature = "variable-time", target_arch = "wasm32", target_feature = "simd128"))]
    let text = handstamp_jwa::base64url::decode_groups(text, &mut out)?;
    decode_rest(text, &URL_VALUES, out)
}

/// Adds what a text decodes to, its end included.
fn decode_rest(text: &[u8], table: &[u8; 256], mut out: Vec<u8>) -> Option<Vec<u8>> {
    let value = |symbol: u8| u32::from(table.get(usize::from(symbol)).copied().unwrap_or(OUTSIDE));
    let (groups, rest) = text.as_chunks::<4>();
    let before = out.len();
    out.resize(before.saturating_add(groups.len().saturating_mul(3)), 0);
    let mut all = 0;
    for ([a, b, c, d], bytes) in groups.iter().zip(out.get_mut(before..)?.as_chunks_mut::<3>().0) {
        let (a, b, c, d) = (value(*a), value(*b), value(*c), value(*d));
        all |= a | b | c | d;
        [_, bytes[0], bytes[1], bytes[2]] = ((a << 18) | (b << 12) | (c << 6) | d).to_be_bytes();
    }
    if all > 63 {
        return None;
    }
    // The unused low bits of the last symbol must be zero, or several texts would mean the same bytes.
    match *rest {
        [] => {}
        [a, b] => {
            let (a, b) = (value(a), value(b));
            if a | b > 63 || b & 15 != 0 {
                return None;
            }
            let [.., byte, _] = ((a << 10) | (b << 4)).to_be_bytes();
            out.push(byte);
        }
        [a, b, c] => {
            let (a, b, c) = (value(a), value(b), value(c));
            if a | b | c > 63 || c & 3 != 0 {
                return None;
            }
            let [_, first, second, _] = ((a << 18) | (b << 12) | (c << 6)).to_be_bytes();
            out.extend_from_slice(&[first, second]);
        }
        _ => return None,
    }
    Some(out)
}

/// Why a text is not base64url: its first foreign character, or its end.
fn fault(text: &str) -> Error {
    match foreign(text) {
        Some((position, character)) => foreign_fault(text, position, character),
        None if text.len() % 4 == 1 => {
            Error::new(Code::TokenTrailingBits).got(crate::error::characters(text.len()))
        }
        None => Error::new(Code::TokenTrailingBits).got("a last character whose unused bits are not zero"),
    }
}

/// The first character outside the base64url alphabet.
fn foreign(text: &str) -> Option<(usize, char)> {
    text.char_indices()
        .find(|(_, character)| !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_'))
}

/// The refusal of one foreign character of a text.
pub(super) fn foreign_fault(text: &str, position: usize, character: char) -> Error {
    let rest = text.get(position..).unwrap_or_default();
    let (code, what) = match character {
        ' ' => (Code::TokenWhitespace, "a space"),
        '\n' | '\r' => (Code::TokenWhitespace, "a line break"),
        other if other.is_whitespace() => (Code::TokenWhitespace, "white space"),
        '=' if rest.trim_start_matches('=').is_empty() || rest.trim_start_matches('=').starts_with('.') => {
            (Code::TokenPadding, "'='")
        }
        '+' => (Code::TokenCharacters, "'+' of the standard alphabet"),
        '/' => (Code::TokenCharacters, "'/' of the standard alphabet"),
        '%' => (Code::TokenCharacters, "'%' of a percent-encoding"),
        '"' | '\'' => (Code::TokenCharacters, "a quotation mark"),
        other if other.is_ascii_control() => (Code::TokenCharacters, "a control character"),
        other if other.is_ascii() => {
            return Error::new(Code::TokenCharacters).got(told!("'{other}' at position {position}"));
        }
        _ => (Code::TokenCharacters, "a character outside ASCII"),
    };
    Error::new(code).got(told!("{what} at position {position}"))
}
