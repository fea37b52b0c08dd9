//! Common mistakes with a shared secret: the string is used instead of its bytes or the reverse, or the line break at
//! the end of a file is included.

use crate::{
    Clue,
    jose::{base64url, hexadecimal},
    secret::Secret,
};
use alloc::{format, string::String, vec::Vec};
use sha2::{Digest, Sha256};

/// Another reading of a secret, and how it came about in words.
pub(super) struct Reading {
    pub(super) clue: Clue,
    pub(super) words: &'static str,
    pub(super) secret: Secret,
}

/// The other readings of a configured secret, the likeliest first. At most 26.
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
    add(Clue::SecretEncoding, "decoded after its prefix base64:", after_prefix(trimmed));
    add(Clue::SecretEncoding, "decoded by a lenient reader of base64", leniently(trimmed));
    let hash = Sha256::digest(trimmed);
    add(Clue::SecretEncoding, "hashed by SHA-256", Some(hash.to_vec()));
    add(Clue::SecretEncoding, "as the hexadecimal string of its SHA-256", Some(hexadecimal_of(&hash, false)));
    add(Clue::SecretEncoding, "in UTF-16", utf16(configured));
    add(Clue::SecretEncoding, "read from UTF-16", from_utf16(configured));
    add(Clue::SecretWhiteSpace, "with a line break at the end", with(b"\n"));
    add(Clue::SecretWhiteSpace, "without the white space at its end", Some(trimmed.to_vec()));
    add(Clue::SecretEncoding, "as its base64 string", Some(base64(configured).into_bytes()));
    add(Clue::SecretEncoding, "as its base64url string", Some(base64url::encode(configured).into_bytes()));
    let hex = |upper: bool| Some(hexadecimal_of(configured, upper));
    add(Clue::SecretEncoding, "as its hexadecimal string", hex(false));
    add(Clue::SecretEncoding, "as its hexadecimal string in upper case", hex(true));
    let unpadded = base64(configured).replace('=', "").into_bytes();
    add(Clue::SecretEncoding, "as its base64 string without padding", Some(unpadded));
    add(Clue::SecretWhiteSpace, "with a Windows line break at the end", with(b"\r\n"));
    add(Clue::SecretWhiteSpace, "with a space at the end", with(b" "));
    let around = |start: &[u8], end: &[u8]| Some([start, configured, end].concat());
    add(Clue::SecretWhiteSpace, "with a space before it", around(b" ", b""));
    add(Clue::SecretWhiteSpace, "with a tab at the end", with(b"\t"));
    add(Clue::SecretEncoding, "with its quotation marks", around(b"\"", b"\""));
    add(Clue::SecretEncoding, "with its apostrophes", around(b"'", b"'"));
    add(Clue::SecretEncoding, "without its quotation marks", unquoted(trimmed));
    add(Clue::SecretEncoding, "with a byte order mark before it", around(b"\xef\xbb\xbf", b""));
    add(Clue::SecretEncoding, "with its prefix base64:", around(b"base64:", b""));
    let prefixed = format!("base64:{}", base64(configured)).into_bytes();
    add(Clue::SecretEncoding, "as its base64 string with the prefix base64:", Some(prefixed));
    found
}

fn hexadecimal_of(bytes: &[u8], upper: bool) -> Vec<u8> {
    let digits = bytes.iter().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") });
    digits.collect::<String>().into_bytes()
}

/// The bytes between quotation marks or apostrophes, as files of settings have them.
fn unquoted(text: &[u8]) -> Option<Vec<u8>> {
    let between = |mark: &[u8]| text.strip_prefix(mark)?.strip_suffix(mark);
    between(b"\"").or_else(|| between(b"'")).map(<[u8]>::to_vec)
}

/// The bytes of `base64:…`, as Laravel writes keys.
fn after_prefix(text: &[u8]) -> Option<Vec<u8>> {
    base64url::decode_standard(text.strip_prefix(b"base64:")?)
}

/// The bytes that readers make of text that is not base64 throughout: they skip what does not belong there, and the bits
/// that are left over at the end. Nothing of a text that is base64.
fn leniently(text: &[u8]) -> Option<Vec<u8>> {
    let symbol = |byte: &u8| match byte {
        b'+' => Some(b'-'),
        b'/' => Some(b'_'),
        byte if byte.is_ascii_alphanumeric() || b"-_".contains(byte) => Some(*byte),
        _ => None,
    };
    let mut symbols: Vec<u8> = text.iter().take_while(|byte| **byte != b'=').filter_map(symbol).collect();
    // With zeros for the bits that are missing, and without the byte that they make.
    let bytes = symbols.len().saturating_mul(3) / 4;
    while !symbols.len().is_multiple_of(4) {
        symbols.push(b'A');
    }
    let mut out = base64url::decode_secret(&symbols)?;
    out.truncate(bytes);
    Some(out)
}

/// A text in UTF-16, little-endian, as .NET calls Unicode.
fn utf16(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(bytes).ok()?;
    Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
}

/// The UTF-8 of a text that is in UTF-16.
fn from_utf16(bytes: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| u16::from_le_bytes(*pair));
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    let is_text = rest.is_empty() && !text.chars().any(char::is_control);
    is_text.then(|| text.into_bytes())
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
    fn a_text_is_read_as_frameworks_and_lenient_readers_do() {
        assert_eq!(words(b"base64:c2VjcmV0IQ==", b"secret!"), Some("decoded after its prefix base64:"));
        assert_eq!(
            words(b"secret!", b"base64:c2VjcmV0IQ=="),
            Some("as its base64 string with the prefix base64:")
        );
        // Of "c2Vj cmV0!IQ", PHP and Node read the letters.
        assert_eq!(words(b"c2Vj cmV0!IQ", b"secret!"), Some("decoded by a lenient reader of base64"));
        assert_eq!(words(b"c2VjcmV0IS", b"secret!"), Some("decoded by a lenient reader of base64"));
        assert_eq!(
            words(b"c2VjcmV0-IQ==!", b"secret\xf8\x84"),
            Some("decoded by a lenient reader of base64")
        );
        assert_eq!(words(b"key!", b"k\0e\0y\0!\0"), Some("in UTF-16"));
        assert_eq!(words(b"k\0e\0y\0!\0", b"key!"), Some("read from UTF-16"));
        for configured in [&b"base64:c2VjcmV0IQ=="[..], b"c2Vj cmV0!IQ\n", b"k\0e\0y\0\n\0", b"0a0b \n"] {
            assert!(readings(configured).len() <= 24, "{}", readings(configured).len());
        }
    }

    #[test]
    fn the_end_of_a_line_is_put_on_and_taken_off() {
        assert_eq!(words(b"secret!", b"secret!\n"), Some("with a line break at the end"));
        assert_eq!(words(b"secret!", b"secret!\r\n"), Some("with a Windows line break at the end"));
        assert_eq!(words(b"secret!\n", b"secret!"), Some("without the white space at its end"));
        assert_eq!(words(b"secret!", b"\"secret!\""), Some("with its quotation marks"));
        assert_eq!(words(b"'secret!'", b"secret!"), Some("without its quotation marks"));
        assert_eq!(words(b"secret!", b" secret!"), Some("with a space before it"));
        assert_eq!(words(b"secret!", b"\xef\xbb\xbfsecret!"), Some("with a byte order mark before it"));
        assert_eq!(words(b"secret!", b"secret!"), None, "the configured secret itself is no other reading");
        for configured in [&b""[..], b"\n", b"aaaa", &[0; 64]] {
            assert!(readings(configured).len() <= 24);
        }
    }
}
