//! Signatures in another form: the text of their bytes in place of the bytes, or two numbers without their zeros. Read
//! only to say that this is what is wrong.

use crate::jose::{base64url, hexadecimal};
use alloc::{string::String, vec::Vec};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Another reading of a signature, and how it came about in words.
pub(super) struct TextForm {
    pub(super) words: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// The readings of a signature as text, where one has the right length: the length alone says so. `in_der` reads one that is
/// in DER besides.
pub(super) fn as_text(
    signature: &[u8],
    expected: usize,
    in_der: impl Fn(&[u8]) -> Option<Vec<u8>>,
) -> Option<TextForm> {
    // What stands in the token, and what that decodes to.
    let part = base64url::encode(signature);
    let readings = [
        ("in hexadecimal, then in base64url", hexadecimal::decode(signature)),
        ("in base64, then in base64url", base64url::decode_standard(signature)),
        ("in base64url twice", base64url::decode_secret(signature)),
        ("in hexadecimal", hexadecimal::decode(part.as_bytes())),
    ];
    let right = |(words, bytes): (&'static str, Option<Vec<u8>>)| {
        let bytes = bytes?;
        let bytes = if bytes.len() == expected { Some(bytes) } else { in_der(&bytes) };
        bytes.map(|bytes| TextForm { words, bytes })
    };
    readings.into_iter().find_map(right)
}

/// The bytes of an RSA signature from the last to the first, as Windows computes it.
pub(super) fn backwards(signature: &[u8]) -> Vec<u8> {
    signature.iter().rev().copied().collect()
}

/// The texts that programs sign by mistake in place of the signing input, and what each is in words.
pub(super) fn texts(input: &[u8], hash_bytes: usize) -> Vec<(&'static str, Vec<u8>)> {
    let mut parts = input.split(|byte| *byte == b'.');
    let [header, claims] = [parts.next(), parts.next()].map(Option::unwrap_or_default);
    let decoded = |part: &[u8]| core::str::from_utf8(part).ok().and_then(|part| base64url::decode(part).ok());
    let (Some(header_json), Some(claims_json)) = (decoded(header), decoded(claims)) else {
        return Vec::new();
    };
    let digest = match hash_bytes {
        32 => Sha256::digest(input).to_vec(),
        48 => Sha384::digest(input).to_vec(),
        _ => Sha512::digest(input).to_vec(),
    };
    Vec::from([
        ("the hash of the text, so that it is hashed twice", digest),
        ("the claims alone, as JSON", claims_json.clone()),
        ("the claims alone", claims.to_vec()),
        ("header and claims before they were encoded", [&header_json[..], b".", &claims_json].concat()),
        ("header and claims without the dot between them", [header, claims].concat()),
    ])
}

/// The orders in which r and s are written by mistake: the halves changed round, or the bytes of each.
pub(super) fn turned(signature: &[u8]) -> [TextForm; 2] {
    let (r, s) = signature.split_at(signature.len() / 2);
    [
        TextForm { words: "with s before r", bytes: [s, r].concat() },
        TextForm {
            words: "with r and s in little-endian order",
            bytes: [backwards(r), backwards(s)].concat(),
        },
    ]
}

/// The signatures that r and s may be halves of, where some of their leading zeros are missing: at most four.
pub(super) fn padded(signature: &[u8], expected: usize) -> Vec<Vec<u8>> {
    let half = expected / 2;
    // A zero before each, as DER has it before a number whose first bit is set.
    if let Some((r, s)) = signature.split_at_checked(half.saturating_add(1))
        && let ([0, r @ ..], [0, s @ ..]) = (r, s)
        && r.len() == s.len()
    {
        return Vec::from([[r, s].concat()]);
    }
    let missing = expected.saturating_sub(signature.len());
    if missing == 0 || missing > 3 {
        return Vec::new();
    }
    let of = |zeros_of_r: usize| {
        let (r, s) = signature.split_at_checked(half.saturating_sub(zeros_of_r))?;
        let filled = |number: &[u8]| {
            let mut out = alloc::vec![0; half.saturating_sub(number.len())];
            out.extend_from_slice(number);
            out
        };
        (s.len() <= half).then(|| [filled(r), filled(s)].concat())
    };
    (0..=missing).filter_map(of).collect()
}

/// Returns the maker that the length of a signature names.
pub(super) fn maker_of(kind: &str, bytes: usize) -> Option<String> {
    match (kind, bytes) {
        ("RSA", 128 | 256 | 384 | 512) => {
            Some(alloc::format!("that of an RSA key of {} bits", bytes.saturating_mul(8)))
        }
        ("EC", 64) => Some("that of a P-256 key".into()),
        ("EC", 96) => Some("that of a P-384 key".into()),
        ("EC", 132) => Some("that of a P-521 key".into()),
        ("HMAC", 32 | 48 | 64) => Some(alloc::format!("that of HS{}", bytes.saturating_mul(8))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_signature_is_read_where_its_length_fits() {
        let words =
            |signature: &[u8], expected| as_text(signature, expected, |_| None).map(|reading| reading.words);
        assert_eq!(words(b"0a0b0c0d", 4), Some("in hexadecimal, then in base64url"));
        assert_eq!(words(b"+/+/+/8=", 5), Some("in base64, then in base64url"));
        assert_eq!(words(b"-_-_-_8", 5), Some("in base64url twice"));
        assert_eq!(words(&base64url::decode("0a0b0c0d").unwrap_or_default(), 4), Some("in hexadecimal"));
        assert_eq!(words(b"0a0b0c0d", 5), None);
        assert_eq!(words(&[7; 8], 4), None);
    }

    #[test]
    fn the_texts_of_a_signing_input_are_those_that_programs_sign() {
        let texts = texts(b"e30.e30", 32);
        let of = |place: usize| texts.get(place).map(|(_, text)| text.as_slice());
        assert_eq!(of(0), Some(&Sha256::digest(b"e30.e30")[..]));
        assert_eq!(
            [of(1), of(2), of(3), of(4)],
            [Some(&b"{}"[..]), Some(b"e30"), Some(b"{}.{}"), Some(b"e30e30")]
        );
        assert!(super::texts(b"e30.e3", 64).is_empty() && super::texts(b"e30", 64).len() == 5);
    }

    #[test]
    fn halves_are_filled_with_zeros_wherever_they_may_be_missing() {
        assert_eq!(padded(&[1, 2, 3], 4), [[1, 2, 0, 3], [0, 1, 2, 3]]);
        assert_eq!(padded(&[1, 2], 4), [[1, 2, 0, 0], [0, 1, 0, 2], [0, 0, 1, 2]]);
        assert_eq!(padded(&[0, 1, 2, 0, 3, 4], 4), [[1, 2, 3, 4]]);
        assert!(padded(&[1, 2, 3, 4], 4).is_empty() && padded(&[1; 60], 64).is_empty());
    }
}
