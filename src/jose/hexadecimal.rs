//! Hexadecimal (RFC 4648 section 8), in which people keep secrets: text in, bytes out.

use alloc::vec::Vec;

/// Decodes hexadecimal digits, in either case.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_chunks::<2>();
    if rest.is_empty() { pairs.iter().map(|[high, low]| byte(*high, *low)).collect() } else { None }
}

/// Returns the byte of two digits.
pub(crate) fn byte(high: u8, low: u8) -> Option<u8> {
    let digit = |letter: u8| char::from(letter).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some((digit(high)? << 4) | digit(low)?)
}
