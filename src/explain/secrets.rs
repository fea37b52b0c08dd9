//! Common mistakes with a shared secret: the string is used instead of its bytes or the reverse, or the line break at
//! the end of a file is included.

use crate::{
    Clue,
    jose::{base64url, hexadecimal},
    secret::Secret,
};
use alloc::{format, string::String, vec::Vec};

/// Another reading of a secret, and how it came about in words.
pub(super) struct Reading {
    pub(super) clue: Clue,
    pub(super) words: &'static str,
    pub(super) secret: Secret,
}

/// The other readings of a configured secret, the likeliest first. At most 12.
pub(super) fn readings(configured: &[u8]) -> Vec<Reading> {
    let mut found: Vec<Reading> = Vec::new();
    let mut add = |clue, words, bytes: Option<Vec<u8>>| {
        let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty() && bytes != configured) else { return };
        let secret = Secret::new(bytes);
        if !found.iter().any(|other| other.secret == secret) {
            found.push(Reading { clue, words, secret });
        }
    };
    let trimmed = configured.trim_ascii_end();
    let with = |end: &[u8]| Some([configured, end].concat());
    add(Clue::SecretEncoding, "decoded as base64", base64url::decode_standard(trimmed));
    add(Clue::SecretEncoding, "decoded as base64url", base64url::decode_secret(trimmed));
    add(Clue::SecretEncoding, "decoded as hexadecimal", hexadecimal::decode(trimmed));
    add(Clue::SecretWhiteSpace, "with a line break at the end", with(b"\n"));
    add(Clue::SecretWhiteSpace, "without the white space at its end", Some(trimmed.to_vec()));
    add(Clue::SecretEncoding, "as its base64 string", Some(base64(configured).into_bytes()));
    add(Clue::SecretEncoding, "as its base64url string", Some(base64url::encode(configured).into_bytes()));
    let hex = |upper: bool| {
        let digits =
            configured.iter().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") });
        Some(digits.collect::<String>().into_bytes())
    };
    add(Clue::SecretEncoding, "as its hexadecimal string", hex(false));
    add(Clue::SecretEncoding, "as its hexadecimal string in upper case", hex(true));
    let unpadded = base64(configured).replace('=', "").into_bytes();
    add(Clue::SecretEncoding, "as its base64 string without padding", Some(unpadded));
    add(Clue::SecretWhiteSpace, "with a Windows line break at the end", with(b"\r\n"));
    add(Clue::SecretWhiteSpace, "with a space at the end", with(b" "));
    found
}

/// Standard base64 with padding.
fn base64(bytes: &[u8]) -> String {
    let mut text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(configured: &[u8], meant: &[u8]) -> Option<&'static str> {
        let meant = Secret::new(meant);
        readings(configured).into_iter().find(|reading| reading.secret == meant).map(|reading| reading.words)
    }

    #[test]
    fn a_text_is_read_as_bytes_and_bytes_as_a_text() {
        assert_eq!(words(b"c2VjcmV0IQ==", b"secret!"), Some("decoded as base64"));
        assert_eq!(words(b"c2VjcmV0IQ==\n", b"secret!"), Some("decoded as base64"));
        assert_eq!(words(b"-_8", &[0xfb, 0xff]), Some("decoded as base64url"));
        assert_eq!(words(b"736563726574", b"secret"), Some("decoded as hexadecimal"));
        assert_eq!(words(b"secret!", b"c2VjcmV0IQ=="), Some("as its base64 string"));
        assert_eq!(words(b"secret!", b"c2VjcmV0IQ"), Some("as its base64url string"));
        assert_eq!(words(&[0xfb, 0xff], b"+/8"), Some("as its base64 string without padding"));
        assert_eq!(words(&[0xfb, 0x0f], b"fb0f"), Some("as its hexadecimal string"));
        assert_eq!(words(&[0xfb, 0x0f], b"FB0F"), Some("as its hexadecimal string in upper case"));
    }

    #[test]
    fn the_end_of_a_line_is_put_on_and_taken_off() {
        assert_eq!(words(b"secret!", b"secret!\n"), Some("with a line break at the end"));
        assert_eq!(words(b"secret!", b"secret!\r\n"), Some("with a Windows line break at the end"));
        assert_eq!(words(b"secret!\n", b"secret!"), Some("without the white space at its end"));
        assert_eq!(words(b"secret!", b"secret!"), None, "the configured secret itself is no other reading");
        for configured in [&b""[..], b"\n", b"aaaa", &[0; 64]] {
            assert!(readings(configured).len() <= 12);
        }
    }
}
